"""The page of rare languages, by what the ministry sets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.settings import environment
from people import mapping
from people.models import Post, Region
from people.models.facts import years_after
from tests.people.conftest import person, speaks

PAGE = "/people/languages/"
TODAY = dt.date(2026, 11, 22)
Browse = Callable[..., str]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *of: TODAY)


def table(page: str) -> str:
    """The languages that are rare."""
    rows = BeautifulSoup(page, "html.parser").select("table.rare:not(section *) tbody")
    return " ".join(row.decode_contents() for row in rows)


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
    ("speaking", "reading", "about"), [("3", "3", "C1"), ("3", "4", "C1 / C2"), ("0", "2", "– / B1")]
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


def test_what_is_hidden_is_at_no_risk_and_on_no_map(db, browse: Browse):
    before = country(browse(PAGE), "Somalia")
    passed("Ada Hidden", "som", "2025-03-01", audience="me")
    page = browse(PAGE)
    assert "Somali" not in table(page) + risk(page)
    assert country(page, "Somalia") == before == "Somali 0"


@pytest.mark.parametrize("asked", ["", "?speaks=5&reads=5", "?recent=1&tested=1&where=bureau-af"])
def test_as_many_queries_with_many_languages_as_with_few(nairobi, browse: Browse, asked):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browse(f"{PAGE}{asked}")
        return sum("session" not in one["sql"] and "SAVEPOINT" not in one["sql"] for one in captured)

    passed("Ada Valid", "orm", "2025-03-01")  # a larger language, whose parts are counted
    browse(PAGE)
    before = queries()
    for number, code in enumerate(("gaz", "amh", "tir", "som")):
        passed(f"Poly Glot{number}", code, "2025-03-01")
    assert queries() == before <= 11


# -- larger languages and their parts -------------------------------------------------------------------------------


def line(page: str, language: str) -> str:
    """The line of a rare language, on one line, without its name; empty where it is not rare."""
    for row in BeautifulSoup(page, "html.parser").select("table.rare:not(section *) tbody tr:not(.grp)"):
        name = row.select_one(".lname")
        if name and name.get_text() == language:
            return " ".join(" ".join(cell.get_text(" ").split()) for cell in row.select("td"))
    return ""


def test_whoever_speaks_mandarin_speaks_chinese(db, browse: Browse):
    speaks(person("Ada Begins"), "zho", "1", "1")
    ben = person("Ben Both")
    speaks(ben, "cmn", "4")
    speaks(ben, "yue", "3")
    speaks(person("Cleo Cantonese"), "yue", "2", "2")
    page = browse(PAGE)
    assert line(page, "Chinese") == "Ben Both 4/3 Mandarin · nearest Cleo Cantonese 2/2 Cantonese · +1"
    assert line(page, "Mandarin") == "Ben Both 4/3 Nobody"
    assert "2 languages are recorded by 3 colleagues" in " ".join(page.split())
    for number in range(3):
        speaks(person(f"Poly Glot{number}"), "cmn", "3")
    page = browse(PAGE)
    assert line(page, "Chinese") == line(page, "Mandarin") == ""
    assert line(page, "Cantonese").startswith("Ben Both 3/3")


def test_the_nearest_of_a_larger_language_is_none_who_has_a_part_of_it(db, browse: Browse):
    for number in range(2):
        both = person(f"Able Both{number}")
        speaks(both, "cmn", "4")
        speaks(both, "zho", "2+", "2+")
    speaks(person("Zoe Near"), "zho", "2", "2")
    assert line(browse(PAGE), "Chinese").endswith("nearest Zoe Near 2/2")


def test_who_did_not_say_which_part_is_told_and_not_counted(db, settings, browse: Browse):
    settings.RARE_LANGUAGE_AT_MOST = 1
    speaks(person("Ada Persian"), "fas", "4")
    speaks(person("Ben Persian"), "fas", "4", audience="me")
    both = person("Cleo Both")
    speaks(both, "fas", "4")
    speaks(both, "pes", "4")
    speaks(person("Dora Begins"), "prs", "1", "1")
    page = browse(PAGE)
    assert line(page, "Persian") == ""
    assert line(page, "Dari") == "Nobody 1 has Persian, not said which nearest Dora Begins 1/1"
    assert line(page, "Iranian Persian") == "Cleo Both 4/3 1 has Persian, not said which Nobody"
    assert "not said" not in line(browse(f"{PAGE}?tested=1"), "Dari")


def test_the_risk_of_a_larger_language_is_that_of_its_parts(db, browse: Browse):
    passed("Ada Valid", "cmn", "2025-03-01")
    speaks(person("Ben Begins"), "zho", "1", "1")
    page = browse(PAGE)
    assert "Mandarin one colleague Ada Valid 3/3 until March 2030 None" in risk(page)
    assert "Chinese" not in risk(page)
    assert "East Asia and Pacific 1 0 0" in section(page, "By region")
    passed("Cleo Soon", "zho", "2022-01-10")
    assert "Chinese Cleo Soon 3/3 until January 2027 Ada Valid 3/3 Mandarin until March 2030 1 of 2" in risk(
        browse(PAGE)
    )


def test_one_whose_other_test_lasts_does_not_lapse(db, browse: Browse):
    ada = person("Ada Both")
    for code, day in (("zho", "2025-03-01"), ("yue", "2022-01-10")):
        speaks(ada, code, "3", source="tested", tested_on=dt.date.fromisoformat(day))
    assert "Chinese one colleague Ada Both 3/3 until March 2030 None" in risk(browse(PAGE))


def test_a_part_that_is_of_no_country_is_of_those_of_the_larger(nairobi, browse: Browse):
    speaks(person("Ada Halh"), "khk", "3")
    assert line(browse(f"{PAGE}?where=bureau-eap"), "Halh Mongolian")


def test_a_sibling_is_not_recorded(db, browse: Browse):
    amman = Region.objects.get(code="jor")
    Post.objects.create(city="Amman", slug="amman", country=amman)
    speaks(person("Ada Cairo"), "arz", "3")
    assert "Levantine Arabic Amman" in section(browse(PAGE), "Nobody has recorded")
    speaks(person("Ben Arabic"), "ara", "3")
    assert "Levantine Arabic" not in section(browse(PAGE), "Nobody has recorded")


# -- on paper -----------------------------------------------------------------------------------------------------


def test_paper_has_all_lines_and_says_what_is_asked(db, browse: Browse):
    ada = person("Ada Polyglot")
    for code in "amh tir som khm lao mya tha vie ben".split():
        speaks(ada, code, "3")
    page = browse(f"{PAGE}?where=bureau-eap&recent=1")
    assert "East Asia and Pacific · Only tests that still count" in page
    rest = BeautifulSoup(browse(PAGE), "html.parser").select("tr.rest .lname")
    assert [one.get_text() for one in rest] == ["Vietnamese"]
    assert not BeautifulSoup(browse(f"{PAGE}?all=1"), "html.parser").select("tr.rest")


# -- the map ------------------------------------------------------------------------------------------------------


def country(page: str, name: str) -> str:
    """The line of a country in the table of the map, without its name."""
    rows = BeautifulSoup(page, "html.parser").select("#map tr")
    lines = (" ".join(row.get_text(" ").split()) for row in rows)
    return next((line.removeprefix(name).strip() for line in lines if line.startswith(f"{name} ")), "")


def shaded(page: str, code: str) -> tuple[str, str]:
    """The shade of a country on the map, and the question that it leads to."""
    drawn = BeautifulSoup(page, "html.parser").select_one(f'#map use[href$="#{code}"]').parent
    return " ".join(drawn.get("class", [])), drawn.get("href", "")


def test_a_country_by_its_scarcest_language_leads_to_the_question_for_it(db, browse: Browse):
    for number in range(4):
        speaks(person(f"Poly Glot{number}"), "prs", "3")
    speaks(person("Ada Pashto"), "pus", "3")
    page = browse(PAGE)
    assert country(page, "Afghanistan").startswith("Pashto 1 , ")
    shade, question = shaded(page, "afg")
    assert (shade, question) == ("one", "/people/?lang=pus&speaks=3&reads=3")
    assert "1 colleague" in browse(question)
    assert shaded(browse(f"{PAGE}?speaks=4"), "afg")[0] == "nobody"
    assert shaded(page, "som")[0] == "nobody"
    assert shaded(browse(f"{PAGE}?where=bureau-af"), "afg") == ("", "")


def test_a_larger_language_counts_each_of_its_speakers_once(db, browse: Browse):
    ada = person("Ada Persian")
    speaks(ada, "pes", "4")
    speaks(ada, "prs", "4")
    speaks(person("Ben Persian"), "fas", "4")
    line = country(browse(PAGE), "Iran")
    assert "Persian 2" in line
    assert "2 colleagues" in browse("/people/?lang=fas&speaks=3&reads=3")


def test_a_small_state_is_a_circle_where_we_have_a_post(db, browse: Browse):
    def circles() -> int:
        return len(BeautifulSoup(browse(PAGE), "html.parser").select("#map a circle"))

    assert circles() == 0
    samoa = Region.objects.get(code="wsm")
    Post.objects.create(city="Apia", slug="apia", country=samoa, lat=-13.83, lon=-171.77)
    assert circles() == 1


def test_the_map_is_as_drawn_from_the_published_outlines():
    outlines = Path(finders.find("diplopedia/vendor/countries-110m.json")).read_text(encoding="utf-8")
    drawn = mapping.paths(json.loads(outlines))
    world = Path(finders.find("diplopedia/world.svg")).read_text(encoding="utf-8")
    assert world == mapping.drawing(drawn)
    assert mapping.outlined() == tuple(drawn)


def test_where_places_lie_on_the_map():
    assert mapping.spot(0, mapping.CENTRE).x == 500
    assert mapping.spot(65, 170).x < mapping.spot(65, -170).x  # Chukotka is one
    assert mapping.spot(65, -168).x < 200
    assert mapping.spot(34.5, 69.2).x > mapping.spot(51.5, -0.1).x
    assert mapping.spot(51.5, -0.1).y < mapping.spot(34.5, 69.2).y
