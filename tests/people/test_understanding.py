"""What colleagues mean who ask in few words: who is found for it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from people import finding
from people.models import User
from search import dictionary
from search.query import Query
from tests.people.conftest import knows, person, served, skilled, speaks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_dictionary")]


@pytest.fixture
def ask(reader: User, index) -> Callable[[str], list[str]]:
    """The names of those whom a line finds, in order."""

    def names(text: str) -> list[str]:
        question = finding.asked(QueryDict(urlencode({"q": text})), reader)
        return [profile.name for profile in finding.matching(question, reader)]

    index()
    return names


def test_who_knows_what_a_country_is_part_of_knows_it_less(nairobi, ask):
    served(person("Farida Łukasik"), nairobi, 2015, 2018)
    knows(person("Giorgi Castellanos"), "great-lakes-africa", 3)
    knows(person("Marek Ångström"), "ken", 3)
    knows(person("Noëlle Laurent"), "tza", 2)
    assert ask("Kenya expert") == ["Marek Ångström", "Giorgi Castellanos", "Farida Łukasik"]


def test_what_is_read_in_a_language_need_not_stand_on_a_profile(ask, index):
    speaks(person("Farida Łukasik", about="Drew up a contract."), "ell", "1", "1")
    speaks(person("Giorgi Castellanos"), "ell", "3", "3")
    index()
    assert ask("can sb read a contract in Greek") == ["Giorgi Castellanos", "Farida Łukasik"]
    assert ask("who knows Greek") == ["Giorgi Castellanos", "Farida Łukasik"]


def test_a_skill_beside_a_region_asks_for_knowledge_of_both(ask, nairobi):
    farida, giorgi = person("Farida Łukasik"), person("Giorgi Castellanos", post=nairobi)
    for profile in (farida, giorgi):
        skilled(profile, "water law", 3)
    knows(farida, "horn-of-africa", 1)
    assert ask("water law, horn of africa") == ["Farida Łukasik"]
    assert ask("water law specialist in Kenya") == ["Giorgi Castellanos"]


def test_who_leads_an_office_comes_first_in_it(ask, legal, nairobi):
    person("Ada Ambassador", title="Ambassador", office=legal, post=nairobi)
    person("Bea Officer", title="Legal Officer", office=legal)
    person("Cyd Section", title="Head of Section", office=legal)
    person("Dov Director", title="Director", office=legal)
    dictionary.forget()
    assert ask("who is the head of legal") == ["Dov Director", "Cyd Section", "Ada Ambassador", "Bea Officer"]


@pytest.mark.parametrize("text", ["native Greek speaker", "Greek, mother tongue", "Greek native speaker 5/5"])
def test_native_is_the_highest_level(text, ask):
    speaks(person("Farida Łukasik"), "ell", "5", "5")
    speaks(person("Giorgi Castellanos"), "ell", "4+", "5")
    assert ask(text) == ["Farida Łukasik"]


def test_a_group_of_countries_is_any_of_them(ask, nairobi, kabul):
    person("Farida Łukasik", post=nairobi)
    person("Giorgi Castellanos", post=kabul)
    assert ask("served in IGAD") == ["Farida Łukasik"]
    assert ask("SAARC countries: who has been posted there") == ["Giorgi Castellanos"]


def test_two_countries_of_one_name_are_both(reader):
    countries = Query.parse("who served in Congo", dictionary=dictionary.dictionary()).selected("post")
    assert sorted(countries) == ["democratic-republic-of-the-congo", "republic-of-the-congo"]


@pytest.mark.parametrize("text", ["who served in Nairobbi", "who was in Niarobi", "posted in nairoby"])
def test_a_place_with_a_slip_in_it_is_the_place(text, ask, nairobi, kabul):
    person("Farida Łukasik", post=nairobi)
    person("Giorgi Castellanos", post=kabul)
    dictionary.forget()
    assert ask(text) == ["Farida Łukasik"]
    assert ask("who served in Bujumbura") == []


def test_a_language_with_a_slip_in_it_is_asked_for_where_no_profile_has_the_word(ask, nairobi, index):
    speaks(person("Farida Łukasik", post=nairobi), "kaz", "2", "2")
    speaks(person("Giorgi Castellanos"), "kaz", "5", "5")
    dictionary.forget()
    assert ask("kazahk") == ["Giorgi Castellanos", "Farida Łukasik"]
    assert ask("kazahk nairobi") == ["Farida Łukasik"]
    person("Marek Kazahk")
    index()
    assert ask("kazahk") == ["Marek Kazahk"]


def test_who_is_ready_for_something_is_asked_for_in_words(ask):
    skilled(person("Farida Łukasik", available_mentoring=True), "negotiation training", 2)
    skilled(person("Giorgi Castellanos"), "negotiation training", 3)
    person("Marek Ångström", available_tdy=True)
    dictionary.forget()
    assert ask("someone to mentor me on negotiation") == ["Farida Łukasik"]
    assert ask("who is free for TDY") == ["Marek Ångström"]
    assert ask("negotiation people") == ["Giorgi Castellanos", "Farida Łukasik"]


def test_a_nickname_and_a_surname_with_a_slip_are_a_name(ask, index):
    person("Tobias Wendland")
    index()
    assert ask("tobi wendlandt") == ["Tobias Wendland"]


def test_who_mentions_a_language_that_nobody_has_does_not_speak_it(ask, reader, index):
    person("Maëlys Kervadec", about="Breton fiddle, left-handed.")
    index()
    assert ask("who speaks Breton") == []
    assert str(finding.asked(QueryDict("q=who speaks Breton"), reader).conditions[0].params[0][1]) == "bre"
    speaks(person("Amma Asante"), "aka", "4")
    assert ask("who speaks Twi") == ["Amma Asante"]


@pytest.mark.parametrize(
    "text",
    [
        "formerly in Kabul", "used to be in Kabul", "everyone who has left Kabul", "no longer in Kabul or Herat",
        "qui n’est plus à Kaboul", "anyone ex-Kabul", "was in Kabul and is now in Nairobi",
        "in Nairobi now and was in Kabul", "now in Nairobi, previously in Kabul",
    ],
)  # fmt: skip
def test_who_was_in_a_place_and_is_not_there_any_more(text, ask, kabul, nairobi):
    served(person("Farida Łukasik", post=nairobi), kabul, 2015, 2018)
    person("Giorgi Castellanos", post=kabul)
    served(person("Marek Ångström", post=kabul), kabul, 2011, 2013)
    person("Noëlle Laurent", post=nairobi)
    dictionary.forget()
    assert ask(text) == ["Farida Łukasik"]


@pytest.mark.parametrize(
    "text",
    [
        "Greek speakers outside Kabul and Nairobi", "speaks Greek but not in Kabul or Nairobi",
        "qui parle grec, sauf ceux qui sont à Kaboul et Nairobi",
    ],
)  # fmt: skip
def test_several_places_are_left_out_together(text, ask, kabul, nairobi):
    for name, where in (
        ("Farida Łukasik", {}),
        ("Giorgi Castellanos", {"post": kabul}),
        ("Bo", {"post": nairobi}),
    ):
        speaks(person(name, **where), "ell", "3")
    dictionary.forget()
    assert ask(text) == ["Farida Łukasik"]


@pytest.mark.parametrize(
    "text",
    ["Greek speakers except native speakers", "non-native Greek speakers", "qui parle grec, non natif"],
)
def test_who_is_no_native_speaker_cannot_be_asked_for_and_is_told_so(text, ask, reader):
    speaks(person("Farida Łukasik"), "ell", "5", "5")
    speaks(person("Giorgi Castellanos"), "ell", "3")
    assert ask(text) == ["Farida Łukasik", "Giorgi Castellanos"]
    assert "only be asked for as the least" in str(
        finding.asked(QueryDict(urlencode({"q": text})), reader).notes
    )


@pytest.mark.parametrize("text", ["farsy", "portugese"])
def test_a_slip_is_a_language_where_others_share_its_name_or_its_people_do(text, ask):
    for number, code in enumerate(("pes", "fas", "por")):
        speaks(person(f"Speaker {number}"), code, "3")
    assert len(ask(text)) == (2 if text == "farsy" else 1)


def test_those_ready_to_mentor_are_asked_for_what_they_know(ask):
    skilled(person("Farida Łukasik", available_mentoring=True), "negotiation training", 2)
    person("Marek Ångström", available_mentoring=True)
    dictionary.forget()
    assert ask("mentors for negotiation") == ["Farida Łukasik"]


def test_a_rank_is_called_by_its_name_and_not_by_all_its_titles(ask, reader, kabul):
    person("Farida Łukasik", title="Ambassador", post=kabul)
    dictionary.forget()
    assert ask("head of mission Kabul") == ["Farida Łukasik"]
    question = finding.asked(QueryDict("q=head of mission Kabul"), reader)
    assert "“head of mission”" in [condition.chip for condition in question.conditions]


def test_what_would_help_names_words_in_one_pair_of_quotation_marks(index, browse, kabul, nairobi):
    person("Farida Łukasik", title="Ambassador", post=kabul)
    person("Giorgi Castellanos", post=nairobi)
    dictionary.forget()
    index()
    assert ">Without “head of mission”</a>" in browse("/people/?q=head of mission Nairobi")
