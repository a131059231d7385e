"""The page of rare languages, by what the ministry sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

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
