import re
from datetime import date
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people import finding, ilr
from people.models import Post, Profile, Region
from people.models.audience import Audience
from tests.factories import OfficeFactory
from tests.people.conftest import knows, person, served, skilled, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry(kabul, nairobi, legal, reader):
    farida = person("Farida Łukasik", title="Vice Consul", post=kabul, available_interpreting=True)
    speaks(farida, "pus", "5", "5")
    served(farida, kabul, 2022, title="Vice Consul")
    noelle = person("Noëlle Laurent", office=legal)
    speaks(noelle, "pus", "3", "3")
    speaks(noelle, "cmn", "4", "2")
    served(noelle, kabul, 2015, 2019, title="Second Secretary")
    skilled(noelle, "treaty law")
    marek = person("Marek Ångström", available_questions=True)
    speaks(marek, "pus", "1+", "0")
    served(marek, kabul, 2019, 2022)
    knows(marek, "ken")
    giorgi = person("Giorgi Castellanos")
    speaks(giorgi, "pus", "3", "2+")
    served(giorgi, nairobi, 2020)
    return {"farida": farida, "noelle": noelle, "marek": marek, "giorgi": giorgi}


def heading(page: str) -> str:
    return re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[0].strip()


def listed(page: str) -> list[str]:
    table = page.split("</table>")[0]
    return re.findall(r'class="pname" href="[^"]*">([^<]*)<', table)


@pytest.mark.parametrize(
    ("asked", "says", "people"),
    [
        (
            "lang=Pashto&speaks=3&served=Kabul",
            "2 colleagues speak Pashto (3 or better) and served in Kabul",
            ["Farida Łukasik", "Noëlle Laurent"],
        ),
        (
            "lang=pushto",
            "4 colleagues speak Pashto",
            ["Farida Łukasik", "Noëlle Laurent", "Giorgi Castellanos", "Marek Ångström"],
        ),
        ("lang=Chinese", "1 colleague speaks Chinese", ["Noëlle Laurent"]),
        (
            "lang=pus&lang=zho&speaks=3&speaks=4",
            "1 colleague speaks Pashto (3 or better) and speaks Chinese (4 or better)",
            ["Noëlle Laurent"],
        ),
        (
            "lang=pus&reads=3",
            "2 colleagues read Pashto (3 or better)",
            ["Farida Łukasik", "Noëlle Laurent"],
        ),
        ("served=Kabul&now=1", "1 colleague is in Kabul now", ["Farida Łukasik"]),
        (
            "served=Afghanistan",
            "3 colleagues served in Afghanistan",
            ["Farida Łukasik", "Marek Ångström", "Noëlle Laurent"],
        ),
        ("served=horn+of+africa", "Nobody served in the Horn of Africa", []),
        ("served=eastern+africa", "1 colleague served in Eastern Africa", ["Giorgi Castellanos"]),
        ("region=africa", "1 colleague knows Africa", ["Marek Ångström"]),
        ("office=LEG", "1 colleague works in Legal Directorate", ["Noëlle Laurent"]),
        ("skill=treaty+law", "1 colleague knows about treaty law", ["Noëlle Laurent"]),
        ("available=interpreting", "1 colleague is available for interpreting", ["Farida Łukasik"]),
        ("name=lukasik", "1 colleague has “lukasik” in the name", ["Farida Łukasik"]),
        ("letter=L", "2 colleagues stand under L", ["Noëlle Laurent", "Farida Łukasik"]),
    ],
)
def test_what_was_asked_is_answered_in_a_sentence(ministry, browse, asked, says, people):
    page = browse(f"/people/?{asked}")
    assert heading(page) == says
    assert listed(page) == people


def test_each_thing_asked_is_a_column(ministry, browse):
    page = browse("/people/?lang=Pashto&served=Kabul")
    columns = re.findall(r'<th scope="col">([^<]*)</th>', page)
    assert columns == ["Colleague", "Pashto", "Kabul", "Also worth knowing"]
    assert "5/5" in page
    assert "2015–2019" in page


def test_the_language_inside_a_larger_one_is_named(ministry, browse):
    assert "Mandarin self-assessed" in browse("/people/?lang=Chinese")


def test_the_number_of_a_choice_is_that_of_its_answer(ministry, browse):
    def choices(page: str) -> dict[str, str]:
        boxes = BeautifulSoup(page, "html.parser").select('input[name="lang"][type="checkbox"]')
        return {box["value"]: box.parent.select_one(".num").get_text() for box in boxes}

    page = browse("/people/?served=Kabul")
    assert choices(page)["cmn"] == "1"
    assert "zho" not in choices(page)  # nobody recorded no more than that
    speaks(ministry["noelle"], "zho", "3")
    speaks(ministry["marek"], "zho", "3")
    speaks(ministry["farida"], "yue", "3")
    assert choices(browse("/people/?served=Kabul"))["zho"] == "3"
    assert heading(browse("/people/?served=Kabul&lang=zho")).startswith("3 colleagues")


def test_who_recorded_a_larger_language_comes_near(ministry, browse):
    speaks(person("Ada Chinese"), "zho", "4")
    speaks(person("Ben Chinese"), "zho", "2")
    page = browse("/people/?lang=cmn&speaks=3")
    assert listed(page) == ["Noëlle Laurent"]
    near = page.split("Near matches")[1]
    assert "Chinese 4/3, not said whether Mandarin" in near
    speaks(person("Aaron Begins"), "cmn", "1")
    near = browse("/people/?lang=cmn&speaks=3").split("Near matches")[1]
    assert near.index("Ada Chinese") < near.index("Aaron Begins")
    assert "Ben Chinese" not in near
    page = browse("/people/?lang=yue")
    assert heading(page) == "Nobody speaks Cantonese"
    assert "“Speaks Chinese” instead" in page
    assert "Ben Chinese" in page.split("Near matches")[1]
    assert "Near matches" not in browse("/people/?lang=zho&speaks=5")


def test_near_matches_say_what_they_lack(ministry, browse):
    near = browse("/people/?lang=Pashto&speaks=3&served=Kabul").split("Near matches")[1]
    assert "Pashto 1+/0 only" in near
    assert "Never posted to Kabul" in near


def test_when_nobody_fits_the_page_says_what_would_help(ministry, browse):
    page = browse("/people/?lang=Pashto&speaks=5&served=Nairobi")
    assert heading(page) == "Nobody speaks Pashto (5 or better) and served in Nairobi"
    assert "Without “Served in Nairobi, now or ever”" in page
    assert "Without “Speaks Pashto, 5 or better”" in page


def test_each_condition_can_be_taken_away(ministry, browse):
    page = browse("/people/?lang=Pashto&speaks=3&served=Kabul")
    address = re.findall(r'class="chip" href="([^"]*)"', page)[0].replace("&amp;", "&")
    assert heading(browse(f"/people/{address}")) == "3 colleagues served in Kabul"


@pytest.mark.parametrize(
    "asked",
    [
        "page=abc",
        "page=-3",
        "page=99999999999999999999",
        "speaks=9",
        "lang=martian",
        "served=%F0%9F%98%80",
        "office=none",
        "skill=none",
        "available=moon",
        "letter=%25",
        "who=x",
        "name=%27",
        "lang=" + "x" * 5000,
    ],
)
def test_nonsense_never_fails(ministry, browse, asked):
    browse(f"/people/?{asked}")


def test_what_is_not_understood_is_said(ministry, browse):
    assert "We know no language called “martian”." in browse("/people/?lang=martian")
    assert "We know nothing called “atlantis” here." in browse("/people/?served=atlantis")


def test_leavers_closed_accounts_and_historical_people_are_not_offered(ministry, browse, kabul):
    left = person("Lea Leaver", left_at="2024-01-01")
    closed = person("Cleo Closed")
    closed.user.is_active = False
    closed.user.save()
    past = person("Horace Historical", historical=True, born=1850, died=1914)
    for profile in (left, closed, past):
        speaks(profile, "pus", "5", "5")
        served(profile, kabul, 2020)
    page = browse("/people/?lang=Pashto")
    assert heading(page) == "4 colleagues speak Pashto"
    assert not {"Lea Leaver", "Cleo Closed", "Horace Historical"} & set(listed(page))
    records = browse("/people/?who=records")
    assert listed(records) == ["Horace Historical"]
    assert heading(browse("/people/?who=records&lang=tir")) == "No historical record speaks Tigrinya"


def test_counts_of_choices(ministry, browse):
    page = browse("/people/")
    assert re.search(r'value="kabul">\s*Kabul<span class="num">3</span>', page)
    assert re.search(r'value="questions">\s*Questions<span class="num">1</span>', page)


def test_an_office_includes_those_under_it(ministry, browse, legal):
    person("Tia Treaty", office=OfficeFactory.create(name="Treaties", slug="treaties", parent=legal))
    assert heading(browse("/people/?office=legal")) == "2 colleagues work in Legal Directorate"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.integers(0, 10), high=st.integers(0, 10))
def test_raising_a_level_never_adds_people(ministry, rf, reader, low, high):
    low, high = sorted((low, high))

    def found(level: int) -> set[int]:
        request = rf.get("/people/", {"lang": "pus", "speaks": ilr.label(level)})
        return set(finding.matching(finding.asked(request.GET, reader), reader).values_list("pk", flat=True))

    assert found(high) <= found(low)


def test_queries_do_not_grow_with_people(ministry, client_for, reader, kabul, django_assert_max_num_queries):
    client = client_for(reader)
    client.get("/people/")
    with django_assert_max_num_queries(12) as few:
        client.get("/people/")
    for number in range(30):
        profile = person(f"Extra Person{number}")
        speaks(profile, "fra", "3")
        served(profile, kabul, 2010, 2012)
        skilled(profile, "treaty law")
    with django_assert_max_num_queries(len(few)):
        client.get("/people/")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plans are SQLite's")
def test_where_each_was_is_asked_of_the_person_and_not_of_all_at_the_post(kabul, browse):
    """SQLite looked through everybody at the post for each one found, by an index of who came there or who left."""
    speaks(served(person("Ada Aaron", post=kabul), kabul, 2010, 2012).profile, "pus", "3")
    with CaptureQueriesContext(connection) as asked:
        browse("/people/?lang=pus&served=kabul")
    [counts] = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("WITH found")]
    with connection.cursor() as cursor:
        plan = [row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {counts}").fetchall()]
    looked_up = [step for step in plan if "people_assignment" in step or step.startswith("SEARCH V0")]
    assert looked_up
    assert all("profile_id=?" in step for step in looked_up), looked_up


def test_asking_more_costs_a_bounded_number_of_queries(
    ministry, client_for, reader, django_assert_max_num_queries
):
    client = client_for(reader)
    client.get("/people/")
    with django_assert_max_num_queries(20):
        client.get("/people/?lang=Pashto&speaks=3&served=Kabul")


@pytest.mark.parametrize(
    ("text", "most"),
    [("Farida", 17), ("lukasik", 17), ("zither", 17), ("lukazik", 20), ("Nobody", 20), ("Farida zither", 20)],
)
def test_names_and_words_take_a_bounded_number_of_queries(
    ministry, client_for, reader, index, text, most, django_assert_max_num_queries
):
    """More where nobody has the words as they were typed: other spellings and fewer of the words are tried."""
    index()
    client = client_for(reader)
    client.get("/people/")
    with django_assert_max_num_queries(most):
        client.get(f"/people/?q={text}")


def test_people_sort_by_letters_without_accents(db):
    for name in ("Ola Ångström", "Ola Zhao", "Ola Łukasik", "Ola Lund"):
        person(name)
    names = [profile.sort_name for profile in Profile.objects.all()]
    assert names == ["Ångström, Ola", "Łukasik, Ola", "Lund, Ola", "Zhao, Ola"]


def test_two_posts_in_one_city_are_said_once(ministry, browse, kabul):
    Post.objects.create(city="Kabul", slug="kabul-2", country=kabul.country)
    page = browse("/people/?q=post:kabul,kabul-2")
    assert heading(page) == "3 colleagues served in Kabul"
    assert "now or ever or" not in page
    assert "Kabul, now there" not in page


def test_a_country_is_not_named_twice_where_no_city_is_known(browse):
    served(person("Cora Country"), None, 2010, 2014, country=Region.objects.get(code="fra"), title="Consul")
    page = browse("/people/?served=France")
    assert listed(page) == ["Cora Country"]
    assert "France, Consul" not in page


def test_who_has_left_is_named_where_nobody_has_the_name(browse, index):
    left = person("Rosalind Mowinckel", left_at=date(2025, 6, 30))
    person("Cora Country", about="Has the desk that was Rosalind’s.")
    index()
    for text in ("Rosalind", "rosalind mowinckel"):
        page = browse(f"/people/?q={text}")
        assert f'<a href="{left.get_absolute_url()}">Rosalind Mowinckel</a> has left' in page
    person("Mowinckel Here")
    for text in ("Rosa", "Mowinckel", "speaks French", ""):
        assert "has left" not in browse(f"/people/?q={text}"), text


def test_an_address_or_a_number_finds_whoever_shows_it(browse):
    cora = person("Cora Country", phone="+995 555 0160")
    person("Hidden Hand", phone="+995 555 0161", phone_audience=Audience.ME)
    for text in (cora.user.email, "+995 555 0160", "9955550160"):
        assert listed(browse(f"/people/?{urlencode({'q': text})}")) == ["Cora Country"], text
    for text in ("+995 555 0161", "555 0160", "nobody@ministry.example"):
        assert listed(browse(f"/people/?{urlencode({'q': text})}")) == [], text


def test_the_keyboard_goes_past_the_filters_to_the_answer(browse):
    page = browse("/people/?q=who speaks Dari")
    before, _skip, after = page.partition('href="#answer"')
    assert "Narrow the results" not in before
    assert after.index("Narrow the results") < after.index('id="answer"')
