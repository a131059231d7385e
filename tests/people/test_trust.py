"""Colleagues confirm each other's facts by name, suggest corrections, and are told apart from namesakes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import Correction, Endorsement, Fact, Profile, User
from people.trusting import MOST_WAITING, Confirmed, claimed, endorse
from people.views.editing import SECTIONS
from tests.people.conftest import knows, person, skilled, speaks
from tests.visitor import fields_of, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def farida(legal):
    return person("Farida Łukasik", "farida", office=legal)


@pytest.fixture
def rosa():
    return person("Rosa Çelik").user


@pytest.fixture
def dari(farida):
    return speaks(farida, "prs", "3")


def confirm(client: Client, fact: Fact | str, **more: object):
    """Press the button of a fact as it is shown; what is no fact is sent as it stands."""
    fact = Confirmed(fact).word if isinstance(fact, Fact) else fact
    return client.post("/people/farida/endorse/", {"fact": fact, **more})


def shown(client: Client) -> str:
    return words(client.get("/people/farida/"))


# --- confirming ----------------------------------------------------------------------------------------------------


def test_colleagues_confirm_languages_regions_and_skills_by_name_and_take_it_back(
    farida, dari, rosa, client_for
):
    client = client_for(rosa)
    facts = {
        dari: "Dari 3/3",
        knows(farida, "afg"): "Afghanistan: In depth",
        skilled(farida, "treaty law"): "treaty law",
    }
    for fact, said in facts.items():
        response = client.post("/people/farida/endorse/", {"fact": Confirmed(fact).word}, follow=True)
        assert f"Confirmed, with your name: {said}." in words(response)
    confirm(client, dari)  # a second click
    assert Endorsement.objects.count() == 3
    page = shown(client_for(person("Somebody Else").user))
    assert page.count("Confirmed by Rosa Çelik") == 2  # beside the language and the region
    assert all(f"{said} Rosa Çelik" in page for said in facts.values())  # and all in the list
    client.post("/people/farida/endorse/withdraw/", {"endorsement": Endorsement.objects.first().pk})
    assert Endorsement.objects.count() == 2


def test_each_fact_is_offered_once_to_confirm(farida, dari, rosa, client_for):
    knows(farida, "afg")
    page = soup(client_for(rosa).get("/people/farida/"))
    offered = [button["value"] for button in page.select("button[name=fact]")]
    assert len(offered) == len(set(offered)) == 2


def test_nobody_confirms_their_own_facts(farida, dari, client_for):
    assert confirm(client_for(farida.user), dari).status_code == 403
    assert not Endorsement.objects.exists()
    Endorsement.objects.create(author=farida.user, language_skill=dari, claim="prs 6/6")
    assert "Confirmed by" not in shown(client_for(person("Somebody Else").user))


def test_nobody_confirms_in_anothers_name(farida, dari, rosa, client_for):
    other = person("Somebody Else").user
    confirm(client_for(rosa), dari, author=other.pk, author_id=other.pk, claim="prs 10/10")
    given = Endorsement.objects.get()
    assert (given.author, given.claim) == (rosa, "prs 6/6")


def test_nobody_takes_back_what_another_confirmed_but_the_person(farida, dari, rosa, client_for):
    confirm(client_for(rosa), dari)
    asked = {"endorsement": Endorsement.objects.get().pk}
    other = person("Somebody Else")
    taking = "/people/farida/endorse/withdraw/"
    assert client_for(other.user).post(taking, asked).status_code == 404
    own = f"/people/{other.user.username}/endorse/withdraw/"
    assert client_for(other.user).post(own, asked).status_code == 404
    assert client_for(farida.user).post(taking, asked).status_code == 302
    assert not Endorsement.objects.exists()


@pytest.mark.parametrize("audience", ["me", "office"])
def test_a_hidden_fact_is_as_if_it_were_not_there(farida, dari, rosa, client_for, audience):
    fact = f"language-{dari.pk}"
    confirm(client_for(rosa), dari)
    dari.audience = audience
    dari.save()
    stranger = client_for(person("Somebody Else").user)
    for asked in (fact, "language-999", "language-x", "tongue-1", "language-" + "9" * 30, ""):
        assert confirm(stranger, asked).status_code == 404
    page = shown(stranger)
    assert "Rosa Çelik" not in page
    assert "What colleagues confirm" in page  # corrections stand there
    assert "Dari" not in page
    assert "Confirmed by Rosa Çelik" in shown(client_for(farida.user))


@pytest.mark.parametrize("change", [{"language_id": "fra"}, {"speaking": 8}, {"reading": 2}])
def test_a_fact_that_says_something_else_now_is_not_confirmed(farida, dari, rosa, client_for, change):
    client = client_for(rosa)
    confirm(client, dari)
    for name, value in change.items():
        setattr(dari, name, value)
    dari.save()
    assert "Confirmed by" not in shown(client)
    confirm(client, dari)
    assert "Confirmed by" in shown(client)


def test_nobody_confirms_what_they_never_saw(farida, dari, rosa, client_for):
    client = client_for(rosa)
    button = Confirmed(dari).word
    assert f'value="{button}"' in client.get("/people/farida/").content.decode()
    dari.speaking = dari.reading = 10
    dari.save()
    for seen in (button, f"language-{dari.pk}"):
        answer = client.post("/people/farida/endorse/", {"fact": seen}, follow=True)
        assert "Not confirmed, as it was changed meanwhile. It says now: Dari 5/5." in words(answer)
    assert not Endorsement.objects.exists()
    confirm(client, dari)
    assert Endorsement.objects.get().claim == "prs 10/10"


def test_the_wish_to_learn_is_not_confirmed(farida, rosa, client_for):
    skill = skilled(farida, "tango")
    confirm(client_for(rosa), skill)
    skill.learn = True
    skill.save()
    assert confirm(client_for(rosa), f"skill-{skill.pk}").status_code == 404
    assert "Confirmed by" not in shown(client_for(rosa))


def test_the_word_of_leavers_stays_and_that_of_closed_accounts_goes(farida, dari, rosa, client_for, reader):
    confirm(client_for(rosa), dari)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert "Confirmed by" not in shown(client_for(reader))
    Profile.objects.filter(user=rosa).update(left_at=dt.date(2026, 1, 1))
    assert "Confirmed by Rosa Çelik" in shown(client_for(reader))


def test_facts_of_those_who_left_are_not_confirmed(farida, dari, rosa, client_for):
    Profile.objects.filter(pk=farida.pk).update(left_at=dt.date(2026, 1, 1))
    assert confirm(client_for(rosa), dari).status_code == 404
    assert "Suggest a correction" not in shown(client_for(rosa))


def test_many_who_confirm_cost_no_query_more(farida, dari, reader, client_for, django_assert_max_num_queries):
    client = client_for(reader)
    others = [dari, knows(farida, "afg"), skilled(farida, "treaty law")]
    endorse(person("First One").user, dari)
    client.get("/people/farida/")
    with django_assert_max_num_queries(12) as few:
        client.get("/people/farida/")
    for number in range(4):
        author = person(f"Witness Number{number}").user
        for fact in others:
            endorse(author, fact)
    with django_assert_max_num_queries(len(few)):
        page = words(client.get("/people/farida/"))
    assert "Confirmed by First One, Witness Number0 and 3 others" in page


# --- corrections ---------------------------------------------------------------------------------------------------


def suggest(client: Client, text: str = "You left Kabul in 2021.", section: str = "posts"):
    return client.post("/people/farida/correct/", {"section": section, "text": text})


def answer(client: Client, accepted: str, said: str = "", **more: object):
    pk = Correction.objects.latest("pk").pk
    asked = {"correction": pk, "accepted": accepted, "answer": said, **more}
    return client.post("/people/farida/corrections/", asked, follow=True)


def test_a_correction_is_read_by_its_author_and_the_person_alone(farida, rosa, client_for, admin_user):
    author, own = client_for(rosa), client_for(farida.user)
    assert suggest(author).status_code == 302
    assert "You left Kabul" in words(author.get("/people/farida/correct/"))
    assert "A colleague suggests a correction" in shown(own)
    assert "You left Kabul" in words(own.get("/people/farida/corrections/"))
    for other in (person("Somebody Else").user, admin_user):
        client = client_for(other)
        assert client.get("/people/farida/corrections/").status_code == 403
        assert answer(client, "yes").status_code == 403
        assert "You left Kabul" not in words(client.get("/people/farida/correct/"))
        assert "suggests a correction" not in shown(client)
    assert author.get("/people/farida/corrections/").status_code == 403


def test_a_suggestion_is_accepted_when_the_change_is_saved(farida, rosa, client_for):
    author, own = client_for(rosa), client_for(farida.user)
    here, told = "/people/farida/edit/contact/", "/people/farida/correct/"
    suggest(author, "Kabul has half an hour more.", "contact")
    page = answer(own, "yes", "Quite so.")
    assert page.redirect_chain[-1][0].startswith(f"{here}?")
    assert "Rosa Çelik suggested: Kabul has half an hour more." in words(page)
    assert "Waits for an answer" in words(author.get(told))  # as nothing is changed yet
    assert fields_of(own.get("/people/farida/corrections/"))["answer"] == "Quite so."
    sent = fields_of(page, "form[data-guard]") | {"timezone": "Asia/Kabool"}
    refused = own.post(here, sent)
    assert refused.status_code == 422
    assert "Waits for an answer" in words(author.get(told))
    sent = fields_of(refused, "form[data-guard]") | {"timezone": "Asia/Kabul"}
    assert own.post(here, sent).status_code == 302
    assert "Accepted: Quite so." in words(author.get(told))
    assert own.post(here, sent).status_code == 302  # in another window
    assert Correction.objects.get().accepted


def test_only_the_person_accepts_and_only_where_it_is_changed(farida, rosa, client_for, admin_user):
    suggest(client_for(rosa), "Kabul has half an hour more.", "contact")
    pk = Correction.objects.get().pk
    own, help_ = client_for(farida.user), client_for(admin_user)
    for client, section in ((own, "about"), (help_, "contact")):
        page = client.get(f"/people/farida/edit/{section}/?correction={pk}")
        assert "half an hour" not in words(page)
        sent = fields_of(page, "form[data-guard]") | {"correction": str(pk)}
        assert client.post(f"/people/farida/edit/{section}/", sent).status_code == 302
    assert Correction.objects.waiting().exists()


def test_an_answer_that_is_refused_stays_as_it_was_typed(farida, rosa, client_for):
    author, own = client_for(rosa), client_for(farida.user)
    for text in ("You left.", "You came."):
        suggest(author, text)
    page = soup(answer(own, "no", "n" * 501))
    fields = page.select("input[name=answer]")
    assert sorted(field["value"] for field in fields) == ["", "n" * 501]
    for control in page.select("main form [name=answer], main form button"):
        about = " ".join(page.find(id=name).get_text(" ") for name in control["aria-describedby"].split())
        assert "Posts" in about
        assert "Rosa Çelik" in about


def test_declining_needs_a_reason(farida, rosa, client_for):
    author, own = client_for(rosa), client_for(farida.user)
    suggest(author, "You speak no Dari.", "languages")
    refused = answer(own, "no")
    assert refused.status_code == 422
    assert "Say in a few words why" in words(refused)
    answer(own, "no", "I do, since 2019.")
    assert "Declined: I do, since 2019." in words(author.get("/people/farida/correct/"))
    assert answer(own, "yes").status_code == 404  # answered already


def test_every_section_of_a_profile_can_be_corrected():
    assert {slug: section.title for slug, section in SECTIONS.items()} == dict(Correction.Section.choices)


def test_nobody_answers_for_another_or_forges_an_author(farida, rosa, client_for):
    other = person("Somebody Else")
    suggest(client_for(rosa))
    pk = Correction.objects.get().pk
    theirs = f"/people/{other.user.username}/corrections/"
    assert client_for(other.user).post(theirs, {"correction": pk, "accepted": "yes"}).status_code == 404
    asked = {"section": "about", "text": "x", "author": other.user.pk, "profile": other.pk, "accepted": "yes"}
    client_for(rosa).post("/people/farida/correct/", asked)
    said = Correction.objects.latest("pk")
    assert (said.author, said.profile, said.accepted) == (rosa, farida, None)


def test_a_correction_says_something_and_not_too_often(farida, rosa, client_for):
    client = client_for(rosa)
    assert suggest(client, " ").status_code == 422
    assert suggest(client, "x" * 1001).status_code == 422
    answers = [suggest(client, f"Thing {number}").status_code for number in range(MOST_WAITING + 1)]
    assert answers == [302] * MOST_WAITING + [403]
    own = client_for(farida.user)
    assert own.get("/people/farida/correct/")["Location"] == "/people/farida/edit/"


# --- namesakes -----------------------------------------------------------------------------------------------------


def test_a_profile_names_those_of_the_same_name(farida, legal, kabul, browse):
    other = person("Farida ŁUKASIK", title="Attaché", post=kabul)
    person("Farida Kowalska")
    assert "Not to be taken for" in browse("/people/farida/")
    assert f'href="/people/{other.user.username}/">Farida ŁUKASIK</a> (Attaché, Embassy Kabul)' in browse(
        "/people/farida/"
    )
    Profile.objects.filter(pk=other.pk).update(left_at=dt.date(2026, 1, 1))
    assert "Not to be taken for" not in browse("/people/farida/")


def test_namesakes_cost_no_query_more(farida, reader, client_for, django_assert_num_queries):
    client = client_for(reader)
    client.get("/people/farida/")
    with CaptureQueriesContext(connection) as alone:
        client.get("/people/farida/")
    for _ in range(4):
        person("Farida Łukasik")
    with django_assert_num_queries(len(alone)):
        page = client.get("/people/farida/").content.decode()
    assert page.count(">Farida Łukasik</a> (") == 3


def test_who_has_no_name_yet_has_no_namesake(farida, browse):
    person("Rosa Çelik")
    Profile.objects.update(name_key="")
    assert "Not to be taken for" not in browse("/people/farida/")


def test_a_fact_of_another_person_is_not_on_this_profile(farida, dari, rosa):
    assert claimed(rosa.profile, "language", dari.pk, rosa) is None
    assert claimed(farida, "language", dari.pk, rosa) == dari
