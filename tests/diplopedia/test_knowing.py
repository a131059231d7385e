"""People who know about a page: who is named, in which order, and for which reason."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.actions import verify
from diplopedia.knowing import people_who_know
from diplopedia.models import Article
from people import spoken
from people.models import Assignment, Language, Post, Profile, Region, User
from tests.factories import UserFactory, write
from tests.people.conftest import knows, person, served, speaks
from tests.visitor import soup

pytestmark = pytest.mark.django_db


def region(code: str) -> Region:
    return Region.objects.get(code=code)


def about(*codes: str) -> Article:
    """A page about regions, written by nobody in the directory."""
    author = UserFactory()
    Profile.objects.filter(user=author).update(left_at=dt.date(2020, 1, 1))
    keys = frozenset(region(code).pk for code in codes)
    return write(f"About {'-'.join(codes)}", "Text.", author=author, regions=keys)


@pytest.fixture
def addis(db: None) -> Post:
    return Post.objects.create(city="Addis Ababa", slug="addis-ababa", country=region("eth"))


def said(article: Article, reader: User) -> dict[str, list[str]]:
    """Who is named, in order, and why."""
    article = Article.objects.get(pk=article.pk)
    found = people_who_know(article, reader, {region.slug for region in article.regions.all()})
    return {str(one.person): [reason.text for reason in one.reasons] for one in found}


def test_who_verified_a_page_is_named_without_any_other_reason(reader, rosa):
    page = write("Passports", "Text.", author=UserFactory())
    verify(page, rosa, page.latest_edit)
    row = next(
        li for li in soup(reader.opens(page.get_absolute_url())).select(".knows li") if "Rosa" in li.text
    )
    assert "Verified it" in row.get_text()


def test_a_region_means_the_countries_in_it(rosa, addis):
    served(person("Ada There"), addis, 2019, 2022)
    served(person("Ben Now"), addis, 2023)
    knows(person("Cleo Deep"), "eth")
    knows(person("Dora Whole"), "horn-of-africa")
    assert said(about("horn-of-africa"), rosa) == {
        "Dora Whole": ["knows Horn of Africa"],
        "Cleo Deep": ["knows Ethiopia"],
        "Ben Now": ["Addis Ababa since 2023"],
        "Ada There": ["Addis Ababa 2019–2022"],
    }


def test_who_knows_the_region_around_comes_after_who_knows_the_country(rosa):
    knows(person("Ada Around"), "horn-of-africa", 3)
    knows(person("Ben Little"), "horn-of-africa", 1)
    knows(person("Cleo Working"), "eth", 2)
    knows(person("Dora Some"), "eth", 1)
    knows(person("Eli Continent"), "m49-002", 3)
    assert list(said(about("eth"), rosa)) == ["Cleo Working", "Ada Around", "Dora Some"]


def test_a_page_about_the_world_makes_nobody_known(rosa, addis):
    served(person("Ada There"), addis, 2019)
    assert said(about(Region.objects.get(kind="world").code), rosa) == {}


def test_of_a_continent_only_who_knows_it_itself(rosa, addis):
    served(person("Ada There"), addis, 2019)
    speaks(person("Ben Amharic"), "amh", "4")
    knows(person("Cleo Country"), "eth")
    knows(person("Dora Continent"), "m49-002")
    assert said(about("m49-002"), rosa) == {"Dora Continent": ["knows Africa"]}


def test_who_speaks_what_is_spoken_there_is_named_after_those_who_were_there(rosa, addis):
    speaks(person("Ada Amharic"), "amh", "3+", "2")
    speaks(person("Ben Begins"), "amh", "2+", "3")
    speaks(person("Cleo Khmer"), "khm", "4", "4")
    speaks(person("Dora English"), "eng", "5", "5")
    served(person("Eli There"), addis, 2001, 2003)
    assert said(about("eth"), rosa) == {
        "Eli There": ["Addis Ababa 2001–2003"],
        "Ada Amharic": ["speaks Amharic 3+/2"],
    }


def test_all_reasons_of_one_colleague_stand_together_the_strongest_first(rosa, addis):
    ada = person("Ada Everything")
    served(ada, addis, 2019, 2022)
    knows(ada, "eth")
    speaks(ada, "amh", "3")
    speaks(ada, "tir", "4")
    assert said(about("eth"), rosa)["Ada Everything"] == [
        "knows Ethiopia",
        "Addis Ababa 2019–2022",
        "speaks Tigrinya 4/3",
    ]


def test_a_country_or_a_job_without_years_is_said_as_what_is_known(rosa, addis):
    Assignment.objects.create(
        profile=person("Ada Somewhere"), country=region("eth"), ended=dt.date(1999, 5, 1)
    )
    Assignment.objects.create(profile=person("Ben Once"), post=addis)
    assert said(about("eth"), rosa) == {"Ada Somewhere": ["Ethiopia –1999"], "Ben Once": ["Addis Ababa"]}


def test_who_was_there_long_ago_comes_before_who_only_wrote(rosa, addis):
    page = write("Ethiopia", "Text.", author=rosa, regions=frozenset({region("eth").pk}))
    served(person("Ada There"), addis, 1990, 1993)
    assert list(said(page, UserFactory())) == ["Ada There", "Rosa Çelik"]


@pytest.mark.parametrize("audience", ["me", "office"])
def test_what_is_kept_from_the_reader_is_no_reason(rosa, addis, audience):
    ada = person("Ada Hidden")
    speaks(ada, "amh", "4", audience=audience)
    served(ada, addis, 2019, audience=audience)
    knows(ada, "horn-of-africa", audience=audience)
    page = about("eth", "horn-of-africa")
    assert said(page, rosa) == {}
    assert said(page, ada.user) == {}


def test_a_language_moved_to_another_country_is_asked_there_at_once(rosa):
    speaks(person("Ada Khmer"), "khm", "4")
    page = about("eth")
    assert said(page, rosa) == {}
    khmer = Language.objects.get(code="khm")
    khmer.countries = ["khm", "eth"]
    khmer.save()
    assert said(page, rosa) == {"Ada Khmer": ["speaks Khmer 4/3"]}


def test_one_query_whatever_the_region(rosa, addis):
    page = about("horn-of-africa", "eth")
    said(page, rosa)
    with CaptureQueriesContext(connection) as captured:
        people_who_know(page, rosa, {"horn-of-africa", "ethiopia"})
    assert len(captured) == 1


def test_the_languages_of_a_country_in_the_order_of_their_speakers(db):
    assert [one.name for one in spoken.of_country("dji")][:2] == ["Afar", "Somali"]
    assert "eng" not in spoken.telling_of(["jam"])
    assert spoken.of_country("nowhere") == ()
