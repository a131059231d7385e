"""What else languages and places are called by those who ask for them, besides the names in their tables.

It is looked up and not kept in the tables, so that sites which were set up before know it, too: the everyday names of
people/data ("te reo", "Gulf"), those in the other languages of the interface, and for a group of countries the same
with a word such as "states" behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from people import translated
from people.data import city_names, table
from people.models import Post, Region

# What may stand behind the name of a group of countries: "Mercosur country", "Indian Ocean island states".
OF_GROUPS = ("country", "countries", "state", "states", "nations", "member states", "region")


def language(code: str, tag: str) -> Iterator[str]:
    """Names of a language, by its ISO 639-3 code and its BCP 47 tag."""
    yield from table("languages")["also"].get(code, ())
    yield from translated.language(tag)


def region(row: Region) -> Iterator[str]:
    """Names of a country or region, and what its people are called."""
    yield from (also := table("regions")["also"].get(row.code, ()))
    yield from translated.region(row)
    if row.kind not in (Region.Kind.COUNTRY, Region.Kind.WORLD):
        for name in (row.name, *row.other_names, *also):
            bare = name.removeprefix("the ").removeprefix("The ")
            yield from (f"{bare} {word}" for word in OF_GROUPS)


def post(row: Post) -> Iterator[str]:
    """Other names of the city that a post is in."""
    yield from row.other_names
    yield from city_names(row.city)
    yield from translated.city(row.city)
