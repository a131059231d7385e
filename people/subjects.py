"""The places and topics of a search, as what pages by the people it finds would be about."""

from __future__ import annotations

from collections.abc import Iterable

from people import regions
from people.conditions.asked import together
from people.conditions.places import on_region
from people.evidence import Subject
from people.models import Post
from search.dictionary import dictionary
from search.grammar import Filter

PLACES = frozenset({"post", "now", "at", "region", "knows"})


def of(filters: Iterable[Filter]) -> list[Subject]:
    """The subject of each filter that asks for a place or a topic. One query where a post is among them."""
    filters = [one for one in filters if one.field in PLACES or one.field == "skill"]
    countries = _countries(code for one in filters if one.field in PLACES for code in one.codes)
    found = (together(_subject(one.field, code, countries) for code in one.codes) for one in filters)
    return [subject for subject in found if subject]


def _countries(codes: Iterable[str]) -> dict[str, int | None]:
    """The keys of regions and of the countries of posts, by address."""
    known = regions.atlas().by_slug
    asked = set(codes)
    found: dict[str, int | None] = {code: known[code].pk for code in asked if code in known}
    if posts := asked - found.keys():
        found |= dict(Post.objects.filter(slug__in=posts).values_list("slug", "country"))
    return found


def _subject(field: str, code: str, countries: dict[str, int | None]) -> Subject | None:
    if field in PLACES:
        return on_region(countries.get(code))
    name = dictionary().label(field, code)
    return Subject(name, topics=(name,))
