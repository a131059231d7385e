"""Case studies are browsed by place, period, theme and effect; what is near comes next."""

from __future__ import annotations

import pytest

from people.models import Region
from tests.factories import keep_to, write
from tests.visitor import soup

pytestmark = pytest.mark.django_db


def case(title: str, period: str = "", effect: str = "None measured", place: str = "", **more):
    regions = (
        frozenset(Region.objects.filter(slug=place).values_list("pk", flat=True)) if place else frozenset()
    )
    facts = {"period": period, "effect": effect}
    return write(title, f"About {title}.", kind="case-study", facts=facts, regions=regions, **more)


def shown(reader, **query: object) -> list[str]:
    page = soup(reader.opens("/wiki/case-studies/", **query))
    return [heading.get_text(strip=True) for heading in page.select(".hits h3")]


def next_ones(reader, **query: object) -> dict[str, str]:
    page = soup(reader.opens("/wiki/case-studies/", **query))
    return {
        row.a.get_text(strip=True): row.small.get_text(strip=True) for row in page.select("section .plain li")
    }


def test_a_period_belongs_to_every_decade_that_it_touches(reader):
    case("Airlift", "26 June 1948 to 12 May 1949")
    case("Wiki", "September 2006 to July 2025")
    case("Undated", "some time ago, about 300 people")
    assert shown(reader, period="1940") == ["Airlift"]
    assert [shown(reader, period=str(year)) for year in (2000, 2010, 2020)] == [["Wiki"]] * 3
    assert shown(reader, period="1950") == []
    assert shown(reader, period=["1940", "2010"]) == ["Airlift", "Wiki"]
    assert shown(reader) == ["Airlift", "Undated", "Wiki"]


def test_conditions_of_several_facets_narrow_together(reader):
    case("Measured", "2010", "13 per cent", "estonia", tags=frozenset({"visas"}))
    case("Unmeasured", "2010", "None measured", "estonia", tags=frozenset({"visas"}))
    asked = {"country": "estonia", "period": "2010", "theme": "visas", "effect": "measured"}
    assert shown(reader, **asked) == ["Measured"]


def test_what_shares_most_with_the_cases_shown_is_read_next(reader, member):
    case("First", "2010", place="estonia", tags=frozenset({"visas", "wikis"}))
    case("Nearest", "1990", place="estonia", tags=frozenset({"visas"}))
    case("Near", "1990", tags=frozenset({"wikis"}))
    case("Far", "1990", tags=frozenset({"fish"}))
    secret = case("Secret", "1990", place="estonia", tags=frozenset({"visas"}), author=member)
    keep_to(secret, *member.groups.all(), by=member)
    found = next_ones(reader, period="2010")
    assert list(found) == ["Nearest", "Near"]
    assert found["Near"] == "wikis"
    assert "Estonia" in found["Nearest"]
    assert next_ones(reader) == {}
