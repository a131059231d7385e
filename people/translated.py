"""What languages, places and skills are called in the languages of the interface besides English, to be found by."""

from __future__ import annotations

from collections.abc import Iterator

from people.data import names_in
from people.display_names import names, other_languages
from people.models import Region


def language(tag: str) -> Iterator[str]:
    """Names of a language, by its BCP 47 tag."""
    return (known.languages.get(tag, "") for known in map(names, other_languages()) if known)


def region(row: Region) -> Iterator[str]:
    """Names of a country or region, and what its people are called."""
    for code in other_languages():
        if known := names(code):
            yield from known.of_region(row.code, row.iso2)
        yield from names_in(code).get("demonyms", {}).get(row.iso2, "").split()


def city(name: str) -> Iterator[str]:
    """Names of a city, by its English name."""
    return (other for code in other_languages() for other in names_in(code).get("cities", {}).get(name, ()))


def skill(name: str) -> Iterator[str]:
    """Names of a skill, by its English name in whatever capitals."""
    wanted = name.lower()
    return (other for code in other_languages() for other in names_in(code).get("skills", {}).get(wanted, ()))
