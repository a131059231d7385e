"""Editing where a section stands: what the page carries for it, names while typing, and two windows on one section."""

import datetime as dt
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from people import lookup, suggestions
from people.models import Assignment, Expertise, Language, LanguageSkill, Post, Region
from people.names import fold
from tests.factories import OfficeFactory
from tests.people.conftest import opened, person, served, skilled, speaks

pytestmark = pytest.mark.django_db
LANGUAGES = "/people/noelle/edit/languages/"


@pytest.fixture
def client(me, client_for):
    return client_for(me.user)


def levels(profile) -> dict[str, tuple[str, str]]:
    return {skill.language_id: (skill.levels, skill.audience) for skill in profile.language_skills.all()}


# --- the page ----------------------------------------------------------------------------------------------------


def test_each_section_of_ones_own_profile_has_a_pen_and_a_form_of_its_id(client, me, browse):
    page = client.get("/people/noelle/").content.decode()
    for section in ("about", "contact", "available", "languages", "regions", "skills", "posts", "education"):
        assert f'<section id="{section}"' in page
        assert f'hx-get="/people/noelle/edit/{section}/" hx-select="#{section}"' in page
        assert f'<section id="{section}"' in client.get(f"/people/noelle/edit/{section}/").content.decode()
    theirs = browse("/people/noelle/")
    assert "/edit/" not in theirs
    assert "htmx" not in theirs


def test_levels_are_chosen_by_their_meaning_and_say_the_european_level(client):
    page = unescape(client.get(LANGUAGES).content.decode())
    assert "3 – works in it: meetings, and discussion of most subjects (C1)" in page
    assert "2+ – more than 2, not always 3 (B2)" in page
    assert "3 – newspapers, reports and official letters, at normal speed (C1)" in page


def test_no_page_carries_a_list_of_all_names(client):
    for section in ("about", "contact", "languages", "regions", "skills", "posts", "education"):
        assert "<datalist" not in client.get(f"/people/noelle/edit/{section}/").content.decode()


def test_how_we_know(client, me):
    for source, day, kept in [
        ("manager", "", ("manager", None)),
        ("tested", "", ("tested", None)),
        ("self", "2024-05-06", ("tested", dt.date(2024, 5, 6))),
    ]:
        me.language_skills.all().delete()
        sent = opened(client, LANGUAGES)
        line = {"language": "Dari", "speaking": "6", "reading": "5", "source": source, "tested_on": day}
        sent |= {f"languages-0-{name}": value for name, value in line.items()}
        assert client.post(LANGUAGES, sent).status_code == 302
        skill = me.language_skills.get()
        assert (skill.source, skill.tested_on) == kept
    sent |= {"languages-0-source": "manager"}
    assert "This is the day of a test." in client.post(LANGUAGES, sent).content.decode()


def test_a_mistyped_name_is_answered_with_what_may_have_been_meant(client):
    sent = opened(client, LANGUAGES) | {"languages-0-language": "Pasto", "languages-0-speaking": "6"}
    page = unescape(client.post(LANGUAGES, sent).content.decode())
    assert "We know no language called “Pasto”" in page
    assert "Did you mean Pashto" in page


def test_why_to_add_languages_names_those_of_where_one_serves(client):
    page = client.get("/people/noelle/").content.decode()
    assert re.search(r"Where you are, people speak [^:]*Pashto", page)


# --- names while typing ----------------------------------------------------------------------------------------------


def names(client, of: str, text: str) -> list[str]:
    answer = client.get("/people/me/suggest/", {"of": of, "q": text})
    assert answer.status_code == 200
    return [item["title"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("of", "text", "first"),
    [
        ("languages", "pash", "Pashto"),
        ("languages", "PUSHTO", "Pashto"),
        ("languages", "پښ", "Pashto"),
        ("languages", "pachto", "Pashto"),
        ("languages", "Brazilian", "Portuguese"),
        ("regions", "Éthiopie", "Ethiopia"),
        ("regions", "afgh", "Afghanistan"),
        ("posts", "kabo", "Kabul, Afghanistan (Embassy)"),
        ("open_posts", "kabul", "Kabul, Afghanistan (Embassy)"),
        ("zones", "nairobi", "Africa/Nairobi"),
    ],
)
def test_names_are_suggested_by_any_of_them(client, of, text, first):
    assert names(client, of, text)[0] == first


def test_what_most_colleagues_say_comes_first_of_what_fits_alike(client):
    cache.clear()  # it is counted once an hour
    assert names(client, "languages", "ch")[0] == "Chinese"  # the most countries
    for name in ("One", "Two"):
        speaks(person(f"{name} Polish"), "pol", "3")
        skilled(person(f"{name} Writer"), "reporting on trade")
    speaks(person("Three Pontic"), "pnt", "3")
    skilled(person("Three Writer"), "reporting")
    for name in ("Four", "Five", "Six"):
        speaks(person(f"{name} Secret"), "pon", "3", audience="me")
    cache.clear()
    assert names(client, "languages", "po")[:2] == ["Polish", "Pontic"]
    assert names(client, "skills", "repor") == ["reporting on trade", "reporting"]
    assert names(client, "skills", "reporting") == ["reporting", "reporting on trade"]


def test_few_names_are_suggested_and_none_for_nothing(client, legal):
    assert len(names(client, "languages", "a")) == 8
    assert names(client, "languages", "  ") == []
    assert names(client, "secrets", "a") == []
    assert names(client, "offices", "leg") == ["Legal Directorate"]


def test_a_closed_post_is_suggested_for_former_jobs_alone(client, kabul):
    kabul.closed = 2021
    kabul.save()
    assert names(client, "open_posts", "kabul") == []
    assert names(client, "posts", "kabul") != []


def test_words_that_somebody_keeps_to_themselves_are_no_suggestion(client):
    skilled(person("Other One"), "secret hobby", audience="me")
    skilled(person("Third One"), "second hobby")
    assert names(client, "skills", "hobby") == ["second hobby"]


@pytest.mark.parametrize("code", ["fvr", "pnb", "ory"])
def test_a_language_that_is_called_like_another_stays_what_it_is(client, me, code):
    speaks(me, code, "2", "2")
    assert (
        client.post(LANGUAGES, opened(client, LANGUAGES) | {"languages-0-speaking": "6"}).status_code == 302
    )
    assert levels(me) == {code: ("3/2", "all")}


def test_what_is_typed_comes_back_as_it_was_typed(client):
    sent = opened(client, LANGUAGES) | {"languages-0-language": "mon"}
    assert 'value="mon"' in client.post(LANGUAGES, sent).content.decode()


def test_places_that_are_called_like_others_stay_what_they_are(client, me, kabul):
    kabul_before = Post.objects.create(city="Kabul", slug="kabul-old", country=kabul.country, closed=1990)
    _first, second = OfficeFactory.create_batch(2, name="Front Office")
    africa = Region.objects.get(code="m49-002")
    Expertise.objects.create(profile=me, region=africa, depth=2)
    served(me, kabul_before, 1980, 1985)
    Assignment.objects.create(profile=me, office=second, started=dt.date(1970, 1, 1))
    for section, typed in {"regions": {"regions-0-note": "x"}, "posts": {"posts-0-title": "Consul"}}.items():
        address = f"/people/noelle/edit/{section}/"
        assert client.post(address, opened(client, address) | typed).status_code == 302
    assert me.expertise.get().region == africa
    jobs = me.assignments.values_list("title", "post__slug", "office")
    assert list(jobs) == [("Consul", "kabul-old", None), ("", None, second.pk)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_language_and_region_has_a_name_of_its_own_to_choose(language):
    with translation.override(language):
        assert chosen("languages", lookup.languages()) == {*Language.objects.values_list("pk", flat=True)}
        assert chosen("regions", lookup.places()) == {*Region.objects.all()}


def chosen(of: str, known: lookup.Named) -> set:
    """What is found when each of the offered names is chosen."""
    meant = lookup.by_name(known)
    return {meant[fold(one.title)] for one in suggestions.OPEN[of]()}


def test_names_that_several_have_are_told_apart(client, legal):
    above = OfficeFactory.create(name="Africa Bureau", acronym="AF")
    fronts = [OfficeFactory.create(name="Front Office", parent=parent) for parent in (legal, above)]
    titles = names(client, "offices", "front")
    assert [lookup.office(title) for title in titles] == fronts
    assert "Front Office (AF)" in titles
    afghan = Region.objects.get(code="afg")
    closed = Post.objects.create(city="Kabul", slug="kabul-old", country=afghan, closed=1990)
    assert [lookup.post(title) for title in names(client, "posts", "kabul")][-1] == closed


# --- two windows ------------------------------------------------------------------------------------------------------


def test_what_another_window_saved_stays_where_this_one_changed_nothing(client, me):
    speaks(me, "pus", "3", "3")
    speaks(me, "deu", "2", "2")
    first, second = opened(client, LANGUAGES), opened(client, LANGUAGES)
    assert client.post(LANGUAGES, first | {"languages-0-speaking": "10"}).status_code == 302
    assert client.post(LANGUAGES, second | {"languages-1-audience": "me"}).status_code == 302
    assert levels(me) == {"pus": ("5/3", "all"), "deu": ("2/2", "me")}


def test_what_both_windows_changed_is_asked_again_before_it_is_written(client, me):
    speaks(me, "pus", "3", "3")
    first, second = opened(client, LANGUAGES), opened(client, LANGUAGES)
    client.post(LANGUAGES, first | {"languages-0-speaking": "10"})
    refused = client.post(LANGUAGES, second | {"languages-0-speaking": "8"})
    page = unescape(refused.content.decode())
    assert refused.status_code == 422
    assert "Another window has changed this to “5 – like somebody who grew up" in page
    assert 'value="8" selected' in page  # what was typed is kept
    assert levels(me) == {"pus": ("5/3", "all")}
    again = re.search(r'name="opened" value="([^"]*)"', refused.content.decode())
    assert again is not None
    sent = second | {"languages-0-speaking": "8", "opened": unescape(again[1])}
    assert client.post(LANGUAGES, sent).status_code == 302
    assert levels(me) == {"pus": ("4/3", "all")}


def test_a_line_that_another_window_removed(client, me):
    speaks(me, "pus", "3", "3")
    untouched, changed, sent = (opened(client, LANGUAGES) for _ in range(3))
    client.post(LANGUAGES, sent | {"languages-0-DELETE": "on"})
    assert client.post(LANGUAGES, untouched).status_code == 302
    assert levels(me) == {}
    assert client.post(LANGUAGES, changed | {"languages-0-speaking": "8"}).status_code == 302
    assert levels(me) == {"pus": ("4/3", "all")}


def test_a_line_that_another_window_changed_is_not_removed_unseen(client, me):
    speaks(me, "pus", "3", "3")
    first, second = opened(client, LANGUAGES), opened(client, LANGUAGES)
    client.post(LANGUAGES, first | {"languages-0-speaking": "10"})
    refused = client.post(LANGUAGES, second | {"languages-0-DELETE": "on"})
    page = refused.content.decode()
    assert "Save again to remove it all the same" in page
    assert "data-focus" in page
    assert LanguageSkill.objects.filter(profile=me).exists()


def test_two_windows_on_the_text_about_oneself(client, me):
    address = "/people/noelle/edit/about/"
    first, second = opened(client, address), opened(client, address)
    assert client.post(address, first | {"title": "Consul", "about": "One\r\ntwo"}).status_code == 302
    assert client.post(address, second | {"other_names": "Noelle"}).status_code == 302
    me.refresh_from_db()
    assert (me.title, me.about.split(), me.other_names) == ("Consul", ["One", "two"], ["Noelle"])
    assert client.post(address, second | {"title": "Ambassador"}).status_code == 422


def test_a_text_of_several_lines_that_a_window_left_alone_is_no_conflict(client, me):
    address = "/people/noelle/edit/about/"
    client.post(address, opened(client, address) | {"about": "One.\r\nTwo."})
    first, second = opened(client, address), opened(client, address)
    as_browsers_send = {"about": "One.\r\nTwo."}
    new = {"about": "New text\r\nof two lines."}
    assert client.post(address, second | new).status_code == 302
    assert client.post(address, first | as_browsers_send | {"title": "Consul"}).status_code == 302
    me.refresh_from_db()
    assert (me.title, me.about.splitlines()) == ("Consul", ["New text", "of two lines."])


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("posts", {"title": "Consul", "post": "Kaboul", "started": "2020-01-01"}),
        ("languages", {"language": "pachto", "speaking": "6", "reading": "6", "tested_on": "2024-05-06"}),
        ("regions", {"region": "Burma", "depth": "2"}),
        ("skills", {"skill": "Treaty  law", "level": "2", "ask": "on"}),
    ],
)
def test_what_is_sent_twice_is_there_once(client, me, section, line):
    address = f"/people/noelle/edit/{section}/"
    sent = opened(client, address) | {f"{section}-0-{name}": text for name, text in line.items()}
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    facts = {
        "posts": me.assignments,
        "languages": me.language_skills,
        "regions": me.expertise,
        "skills": me.skills,
    }
    assert facts[section].count() == 1


def test_two_jobs_alike_may_be_added(client, me):
    address = "/people/noelle/edit/posts/"
    for number in (1, 2):
        sent = opened(client, address)
        new = f"posts-{number - 1}"
        line = {"title": "Consul", "post": "Kabul", "started": "2020-01-01"}
        client.post(address, sent | {f"{new}-{name}": text for name, text in line.items()})
        assert me.assignments.count() == number


def test_what_another_window_did_is_said_in_words(client, me):
    address = "/people/noelle/edit/about/"
    client.post(address, opened(client, address) | {"about": "Some", "title": "Consul"})
    first, second = opened(client, address), opened(client, address)
    client.post(address, first | {"about": "long " * 2000, "title": ""})
    page = unescape(client.post(address, second | {"about": "Mine", "title": "Mine"}).content.decode())
    assert "Another window has emptied this." in page
    told = re.search("Another window has changed this to “([^”]*)”", page)
    assert told is not None
    assert len(told[1]) < 130


@pytest.mark.parametrize("words", ["{", "[]", '{"1": 2}', "null"])
def test_a_window_that_says_nonsense_saves_as_ever(client, me, words):
    sent = opened(client, LANGUAGES) | {"opened": words, "languages-0-language": "Dari"}
    assert (
        client.post(LANGUAGES, sent | {"languages-0-speaking": "6", "languages-0-reading": "5"}).status_code
        == 302
    )
    assert me.language_skills.count() == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        {"opened": "[" * 100_000},
        {"opened": '{"a":' * 100_000},
        {"languages-INITIAL_FORMS": "9" * 5000},
        {"languages-" + "9" * 5000 + "-x": "1"},
        {"languages-INITIAL_FORMS": "²"},
    ],
)
def test_nonsense_without_measure_breaks_nothing(client, me, nonsense):
    sent = opened(client, LANGUAGES) | {"languages-0-language": "Dari"} | nonsense
    sent |= {"languages-0-speaking": "6", "languages-0-reading": "5"}
    assert client.post(LANGUAGES, sent).status_code < 500


# --- who sees it, and when it holds --------------------------------------------------------------------------------


def test_telephone_and_text_are_for_whom_they_are(client, me, legal, browse, client_for, administrator):
    me.office = legal
    me.phone, me.phone_audience, me.about, me.about_audience = "+93 555", "me", "Plays the zither.", "office"
    me.save()
    page = browse("/people/noelle/")
    assert "555" not in page
    assert "zither" not in page
    assert "555" not in browse("/people/noelle/vcard/")
    assert "555" not in client.get("/people/noelle/vcard/").content.decode()  # it is passed on
    mine = client.get("/people/noelle/").content.decode()
    assert "+93 555" in mine
    assert "Only me" in mine
    beside = person("Beside One", office=legal).user
    assert "zither" in browse("/people/noelle/", user=beside)
    admin = client_for(administrator)
    for section, hidden in {"contact": "555", "about": "zither"}.items():
        address = f"/people/noelle/edit/{section}/"
        assert hidden not in admin.get(address).content.decode()
        assert admin.post(address, opened(admin, address)).status_code == 302
    me.refresh_from_db()
    assert (me.phone, me.phone_audience, me.about) == ("+93 555", "me", "Plays the zither.")


def test_availability_holds_on_its_days(client, me, browse, monkeypatch):
    today = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda *of: today)  # no midnight comes between
    address = "/people/noelle/edit/available/"
    sent = opened(client, address) | {
        "available_questions": "on",
        "questions_until": f"{today:%Y-%m-%d}",
        "available_tdy": "on",
        "tdy_from": "2999-07-01",
        "available_note": "Best in the mornings",
    }
    assert client.post(address, sent).status_code == 302
    page = browse("/people/noelle/")
    assert "Temporary duty, not before" in page
    assert "1 July 2999" in page
    assert "Best in the mornings" in page
    me.refresh_from_db()
    assert me.availability == ["questions"]
    assert "Noëlle" in browse("/people/?available=questions")
    assert "/people/noelle/" not in browse("/people/?available=tdy")
    speaks(me, "pus", "3", "3")
    nearly = browse("/people/?lang=pus&available=tdy")
    assert "Temporary duty: not before 1 July 2999" in nearly


def test_days_belong_to_what_is_ticked_and_are_in_order(client):
    address = "/people/noelle/edit/available/"
    sent = opened(client, address) | {
        "tdy_from": "2030-01-01",
        "available_mentoring": "on",
        "mentoring_from": "2030-01-02",
        "mentoring_until": "2030-01-01",
    }
    page = client.post(address, sent).content.decode()
    assert "Tick this, too, or empty its days." in page
    assert "Mentoring: this is before the first day" in page
