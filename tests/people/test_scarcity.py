"""The page of rare languages, by what the ministry sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.settings import environment
from people.models.facts import years_after
from tests.people.conftest import person, speaks

PAGE = "/people/languages/"
TODAY = dt.date(2026, 11, 22)
Browse = Callable[..., str]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *of: TODAY)


def table(page: str) -> str:
    return page.split("<tbody>", 1)[-1].split("</tbody>")[0]


# -- what the ministry sets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("years", "old"), [(5, True), (7, False), (0, False)])
def test_a_test_counts_for_as_long_as_the_ministry_says(db, settings, browse: Browse, years, old):
    settings.LANGUAGE_TEST_YEARS = years
    skill = speaks(person("Ada Tested"), "som", "3", source="tested", tested_on=dt.date(2021, 11, 21))
    assert skill.test_is_old is old
    assert ("Ada Tested" in table(browse(f"{PAGE}?recent=1"))) is not old
    assert ("Tested 2021, expired" in browse(skill.profile.get_absolute_url())) is old


def test_a_test_counts_on_its_last_day(db, browse: Browse):
    skill = speaks(person("Ada Tested"), "som", "3", source="tested", tested_on=dt.date(2021, 11, 22))
    assert not skill.test_is_old
    assert "Ada Tested" in browse(f"{PAGE}?recent=1")


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [("2024-02-29", 5, "2029-02-28"), ("2024-02-29", 4, "2028-02-29"), ("2026-11-22", -5, "2021-11-22")],
)
def test_the_same_day_in_other_years(day, years, then):
    assert years_after(dt.date.fromisoformat(day), years) == dt.date.fromisoformat(then)


def test_the_levels_and_the_number_that_make_a_language_rare(db, settings, browse: Browse):
    for name in ("Ada One", "Ben Two", "Cleo Three"):
        speaks(person(name), "som", "2+", "2")
    assert "nobody at 3/3 or better" in browse(PAGE)
    settings.RARE_LANGUAGE_LEVEL = "2+/2"
    assert "Somali" not in table(browse(PAGE))
    settings.RARE_LANGUAGE_AT_MOST = 3
    assert "Somali" in table(browse(PAGE))
    assert "nobody at 3/3 or better" in browse(f"{PAGE}?speaks=3&reads=3")


@pytest.mark.parametrize("wrong", ["3", "3/6", "three/3", "3/3/3"])
def test_levels_that_are_none_are_refused_at_start(monkeypatch, wrong):
    monkeypatch.setenv("RARE_LANGUAGE_LEVEL", wrong)
    with pytest.raises(ImproperlyConfigured, match="For example: RARE_LANGUAGE_LEVEL=3/3"):
        environment.levels("RARE_LANGUAGE_LEVEL", "3/3")


@pytest.mark.parametrize(
    ("speaking", "reading", "about"), [("3", "3", "B2"), ("3", "4", "B2 / C1"), ("0", "2", "– / A2–B1")]
)
def test_about_the_european_levels_of_speaking_and_reading(db, speaking, reading, about):
    assert speaks(person("Ada Tested"), "som", speaking, reading).cefr == about


# -- what is about to lack ----------------------------------------------------------------------------------------


def passed(name: str, code: str, day: str, **more) -> None:
    speaks(person(name), code, "3", source="tested", tested_on=dt.date.fromisoformat(day), **more)


def section(page: str, title: str) -> str:
    """The words of a section, on one line."""
    found = [one for one in BeautifulSoup(page, "html.parser").select("section") if one.h2]
    texts = {one.h2.get_text(): " ".join(one.get_text(" ").split()) for one in found}
    return texts.get(title, "")


def risk(page: str) -> str:
    return section(page, "Hang on one colleague, or soon will")


def test_a_language_that_hangs_on_one_valid_test(db, browse: Browse):
    passed("Ada Valid", "som", "2025-03-01")
    passed("Ben Lapsed", "som", "2019-03-01")
    speaks(person("Cleo Says"), "som", "4")
    assert "Somali one colleague Ada Valid 3/3 until March 2030 None" in risk(browse(PAGE))
    passed("Dora Valid", "som", "2025-03-01")
    assert "Somali" not in risk(browse(PAGE))


def test_tests_that_lapse_within_a_year_where_few_are_left(db, settings, browse: Browse):
    settings.RARE_LANGUAGE_AT_MOST = 1
    passed("Ada Soon", "som", "2022-01-10")
    passed("Ben Soon", "som", "2022-11-21")
    passed("Cleo Later", "som", "2022-11-22")
    for name in ("Dora Soon", "Eli Later", "Fay Later"):
        passed(name, "khm", "2022-01-10" if "Soon" in name else "2025-01-10")
    shown = risk(browse(PAGE))
    assert "Ada Soon 3/3 until January 2027" in shown
    assert "2 of 3" in shown
    assert "Khmer" not in shown
    settings.LANGUAGE_TEST_YEARS = 0
    assert "Somali" not in risk(browse(PAGE))


def test_languages_of_our_posts_that_nobody_has_recorded(nairobi, kabul, browse: Browse):
    def lacking() -> str:
        return section(browse(PAGE), "Nobody has recorded")

    assert "Swahili Nairobi" in lacking()
    assert "Pashto Kabul" in lacking()
    assert "English" not in lacking()
    speaks(person("Ada Begins"), "swa", "0+")
    speaks(person("Ben Hides"), "pus", "4", audience="me")
    speaks(person("Cleo Dari"), "prs", "3")
    assert "Swahili" not in lacking()
    assert "Pashto Kabul" in lacking()
    assert "Persian" not in lacking()
    kabul.closed = 2021
    kabul.save()
    assert "Pashto" not in lacking()


def test_each_bureau_with_what_it_lacks(nairobi, browse: Browse):
    passed("Ada Valid", "som", "2025-03-01")
    assert "Africa 1 0 1" in section(browse(PAGE), "By region")
    narrowed = browse(f"{PAGE}?where=bureau-eap")
    assert not risk(narrowed)
    assert not section(narrowed, "Nobody has recorded")
    assert "Somali" in risk(browse(f"{PAGE}?where=bureau-af"))


def test_what_is_hidden_is_at_no_risk(db, browse: Browse):
    passed("Ada Hidden", "som", "2025-03-01", audience="me")
    assert "Somali" not in browse(PAGE)


def test_as_many_queries_with_many_languages_as_with_few(nairobi, browse: Browse):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browse(PAGE)
        return sum('FROM "people_language' in one["sql"] or '"people_post"' in one["sql"] for one in captured)

    passed("Ada Valid", "som", "2025-03-01")
    browse(PAGE)
    before = queries()
    for number, code in enumerate(("khm", "amh", "tir", "orm")):
        passed(f"Poly Glot{number}", code, "2025-03-01")
    assert queries() == before == 12
