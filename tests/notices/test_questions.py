"""Watched questions to the directory: whom they find is told once, as far as their reader may know why."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.http import QueryDict
from django.utils import timezone

from notices import actions, looking, mailing, questions
from notices.models import Letter, Notice, SearchMatch, Watch
from people import finding, left_over
from people.models import LanguageSkill, Post, Profile, Region, User
from people.models.facts import Audience
from search import dictionary, outbox
from search.engines import SearchUnavailable
from tests.factories import OfficeFactory
from tests.notices.hours import look_again as look
from tests.people.conftest import person, served, skilled, speaks
from tests.visitor import Visitor, fields_of

pytestmark = pytest.mark.django_db
DARI = "lang=prs&reads=3&speaks=3"
NEW = "New for your question: Colleagues who speak Dari (3/3 or better)"
BUTTON = "form[action='/notices/watch/']"


@pytest.fixture
def kabul() -> Post:
    dictionary.forget()
    return Post.objects.create(city="Kabul", slug="kabul", country=Region.objects.get(code="afg"))


@pytest.fixture
def watched(samuel: User) -> Watch:
    """Samuel's question for Dari, which has been asked once."""
    watch = actions.watch(samuel, "question", DARI)
    look()
    return watch


def told() -> list[int]:
    """The profiles that were told of, in turn."""
    return list(
        Notice.objects.filter(kind="question").order_by("pk").values_list("event__subject_pk", flat=True)
    )


def tell_of(name: str = "Dora Dari") -> LanguageSkill:
    """A colleague's Dari, which Samuel is told of."""
    skill = speaks(person(name), "prs", "3")
    assert look() == 1
    return skill


# --- watching ------------------------------------------------------------------------------------------------------


def test_a_question_is_watched_with_the_button_under_its_answer(reader, samuel):
    page = reader.opens("/people/", lang="Dari", speaks="3", reads="3")
    reader.sends("/notices/watch/", fields_of(page, BUTTON))
    assert Watch.objects.get(user=samuel, kind="question").key == DARI
    seen = reader.sees("/notices/watching/")
    assert "Questions to the directory" in seen
    assert "Colleagues who speak Dari (3/3 or better)" in seen
    assert "Stop watching" in reader.sees("/people/", q="speaks:prs>=3 reads:prs>=3")
    reader.sends("/notices/watch/", fields_of(reader.opens("/notices/watching/"), BUTTON))
    assert not Watch.objects.kept().filter(kind="question").exists()


@pytest.mark.parametrize("asked", ["", "letter=d", "who=records&lang=Dari", "lang=nonsense"])
def test_what_asks_for_nobody_in_particular_is_not_watched(reader, asked):
    assert "/notices/watch/" not in reader.opens(f"/people/?{asked}").content.decode()
    response = reader.sends("/notices/watch/", kind="question", key="letter=d", on="1")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "who speaks Dari at 3/3 and served in Kabul?"},
        {"q": "Pashto at 3 or reads Dari at 2, served in Kabul"},
        {"q": "Dari zither"},
        {"q": "speaks:pus>=3,prs>=2 -post:kabul"},
        {"q": "water law -speaks:prs at:kabul knows:afg"},
        {"served": "Kabul 2015-2019", "office": "legal", "available": "tdy", "name": "Ana"},
        {"served": "Afghanistan", "now": "Kabul", "region": "afg>=2", "skill": "water law>=2"},
        {"lang": ["Dari", "Pashto", "Tajik"], "speaks": ["2", "", "3"], "join": ["and", "or", "and"]},
        {"q": "zither OR lute", "plain": "1"},
    ],
)
def test_the_address_of_a_question_asks_the_same_when_it_is_read_again(asked, kabul, samuel):
    OfficeFactory.create(name="Legal", slug="legal")
    skilled(person("Wes Water"), "water law")
    dictionary.forget()
    question = finding.asked(QueryDict(urlencode(asked, doseq=True)), samuel)
    again = questions.asked(question.address, samuel)
    assert question.narrows
    assert again.address == question.address
    assert {one.chip for one in again.conditions} == {one.chip for one in question.conditions}


# --- what is told --------------------------------------------------------------------------------------------------


def test_who_comes_to_meet_it_is_told_once(watched, samuel):
    skill = speaks(person("Dora Dari"), "prs", "2")
    assert look() == 0
    LanguageSkill.objects.filter(pk=skill.pk).update(speaking=6)
    assert look() == 1
    LanguageSkill.objects.filter(pk=skill.pk).update(speaking=4)
    look()
    LanguageSkill.objects.filter(pk=skill.pk).update(speaking=6)
    assert look() == 0
    assert told() == [skill.profile_id]
    assert NEW in Visitor(samuel).sees("/notices/")


def test_who_met_it_when_it_was_watched_is_not_new(samuel):
    speaks(person("Dora Dari"), "prs", "3")
    actions.watch(samuel, "question", DARI)
    assert look() == 0
    assert SearchMatch.objects.get().told_at is None


def test_who_comes_to_meet_it_right_after_it_was_watched_is_new(reader):
    known = speaks(person("Dora Dari"), "prs", "3").profile
    page = reader.opens("/people/", lang="Dari", speaks="3", reads="3")
    reader.sends("/notices/watch/", fields_of(page, BUTTON))
    assert [match.row for match in SearchMatch.objects.all()] == [known.pk]
    soon = speaks(person("Dan Dari"), "prs", "3").profile
    assert look() == 1
    assert told() == [soon.pk]


def test_a_question_that_cannot_be_asked_at_once_is_watched_all_the_same(reader, samuel, monkeypatch):
    def away(*_args: object, **_known: object) -> None:
        raise SearchUnavailable("gone for tea")

    monkeypatch.setattr(questions, "keys", away)
    assert reader.sends("/notices/watch/", kind="question", key=DARI, on="1").status_code == 302
    monkeypatch.undo()
    assert Watch.objects.get(user=samuel, kind="question").looked_at is None
    speaks(person("Dora Dari"), "prs", "3")
    assert look() == 0  # nobody can say any more what was there


def test_a_question_that_finds_many_is_looked_at_by_the_next_run(reader, samuel, monkeypatch):
    monkeypatch.setattr(looking, "BATCH", 1)
    speaks(person("Dora Dari"), "prs", "3")
    reader.sends("/notices/watch/", kind="question", key=DARI, on="1")
    assert not SearchMatch.objects.exists()
    assert look() == 0
    assert SearchMatch.objects.count() == 1


def test_nobody_is_told_of_oneself(watched, samuel):
    speaks(samuel.profile, "prs", "3")
    assert look() == 0


def test_what_nobody_knows_any_more_does_not_widen_the_question(samuel, kabul):
    skill = skilled(person("Wes Water"), "water law")
    actions.watch(samuel, "question", "lang=prs&reads=0&skill=water-law&speaks=0")
    look()
    skill.audience = Audience.ME
    skill.save()
    speaks(person("Dora Dari"), "prs", "3")
    assert look() == 0
    assert "We know nothing called “water-law” here." in Visitor(samuel).sees("/notices/watching/")


def test_whoever_left_is_not_told_of(watched, samuel):
    skill = tell_of()
    gone = speaks(person("Gil Gone"), "prs", "3")
    Profile.objects.filter(pk__in=[skill.profile_id, gone.profile_id]).update(left_at=timezone.localdate())
    assert look() == 0
    seen = Visitor(samuel).sees("/notices/")
    assert "Dora Dari" not in seen
    assert "Gil Gone" not in seen


# --- what is hidden ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", [Audience.ME, Audience.OFFICE])
def test_a_hidden_fact_is_not_told(watched, audience):
    speaks(person("Dora Dari", office=OfficeFactory.create()), "prs", "3", audience=audience)
    assert look() == 0


def test_a_hidden_fact_does_not_keep_anybody_from_being_told(samuel, kabul):
    actions.watch(samuel, "question", "also=-post%3Akabul&lang=prs&reads=0&speaks=0")
    look()
    dora = person("Dora Dari")
    served(dora, kabul, 2010, 2012, audience=Audience.ME)
    speaks(dora, "prs", "3")
    assert look() == 1


def test_a_fact_that_is_hidden_later_is_in_no_list_and_no_letter(watched, samuel):
    skill = tell_of()
    still_there = tell_of("Ute Usbeck").profile.name
    skill.audience = Audience.ME
    skill.save()
    seen = Visitor(samuel).sees("/notices/")
    assert still_there in seen
    assert "Dora Dari" not in seen
    send()
    (letter,) = mail.outbox
    assert still_there in letter.body
    assert "Dora Dari" not in letter.body


def test_the_letter_says_for_which_question_and_how_to_stop_it(watched):
    tell_of()
    send()
    (letter,) = mail.outbox
    assert NEW in letter.body
    assert "Stop watching “Colleagues who speak Dari (3/3 or better)”" in letter.body


def send() -> mailing.Sent:
    """Send what is due, as if two days had passed."""
    Notice.objects.update(created=timezone.now() - timedelta(days=2))
    mailing.write_letters()
    return mailing.send_letters()


# --- words, which the search looks for ------------------------------------------------------------------------------


@pytest.mark.usefixtures("index")
def test_words_wait_for_the_search(samuel, monkeypatch):
    actions.watch(samuel, "question", "plain=1&q=zither")
    look()
    player = person("Zoe Zander", about="Plays the zither.")

    def down(*_args: object, **_known: object) -> None:
        raise SearchUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(left_over.actions, "exactly", down)
        person("Zither Smith")
        assert look() == 0
    outbox.drain()
    Watch.objects.update(not_before=timezone.now())
    assert look() == 2
    with monkeypatch.context() as patch:
        patch.setattr(left_over.actions, "exactly", down)
        assert player.name not in Visitor(samuel).sees("/notices/")
    assert player.name in Visitor(samuel).sees("/notices/")
    assert not Letter.objects.exists()
