"""Which languages are spoken in a country, what most of its people speak first, and of whom they tell something.

The table of languages says where each is spoken; the Unicode CLDR (Babel) says by how many of the people. It is kept in
memory, forgotten when a language is saved in this process, and read again at least once a minute.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock

from babel.core import get_global

from people.display_names import language_name
from people.models import Language
from people.reference import alpha3, iso_code

LOOK_AGAIN = 60.0  # seconds
MANY = 20  # per cent of the people
MAIN = 3  # languages of a country
WRITTEN = {"nob", "nno"}  # standards of one language: to expect that is enough
WIDESPREAD = 40  # countries: a language of more of them tells nothing of one


@dataclass(frozen=True)
class Tongue:
    """A language by its code, its BCP 47 tag and its English name; what it is part of, and the countries it is of.

    `script`: the code of the one that it is written in first of all.
    """

    code: str
    tag: str
    name: str
    larger: str
    countries: tuple[str, ...]
    script: str = ""

    @property
    def is_widespread(self) -> bool:
        """It tells nothing of a country: half the world speaks it."""
        return len(self.countries) > WIDESPREAD

    def __str__(self) -> str:
        """The name in the language of whoever reads."""
        return language_name(self.tag, self.name)


@dataclass(frozen=True)
class Tongues:
    """All languages by code, and those of each country, by its code: "eth"."""

    by_code: Mapping[str, Tongue]
    by_country: Mapping[str, tuple[Tongue, ...]]
    parts: Mapping[str, tuple[str, ...]]
    read_at: float

    @cached_property
    def related(self) -> frozenset[str]:
        """Codes of the larger languages, and of those that are part of one."""
        return frozenset(self.parts).union(*self.parts.values())


_kept: list[Tongues] = []
_lock = Lock()


def of_country(code: str) -> tuple[Tongue, ...]:
    """The languages of a country, what most of its people speak first. At most one query."""
    return tongues().by_country.get(code, ())


def name_of(code: str, otherwise: str = "") -> str:
    """What a language is called where somebody reads, by its code; `otherwise` for an unknown one."""
    tongue = tongues().by_code.get(code)
    return str(tongue) if tongue else otherwise or code


def main_of(code: str) -> tuple[Tongue, ...]:
    """The languages that one has to expect in a country: of many of its people, and not of half the world."""
    shares = _shares().get(code, {})
    return tuple(
        tongue
        for tongue in of_country(code)
        if shares.get(tongue.code, 0.0) >= MANY and not tongue.is_widespread and tongue.code not in WRITTEN
    )[:MAIN]


def telling_of(countries: Iterable[str]) -> frozenset[str]:
    """Codes of the languages that whoever deals with these countries may speak, without those of half the world."""
    return frozenset(
        code
        for country in countries
        for tongue in of_country(country)
        if not tongue.is_widespread
        for code in (tongue.code, *parts_of(tongue.code))
    )


def parts_of(code: str) -> tuple[str, ...]:
    """Codes of the languages that are part of one: Mandarin is of Chinese."""
    return tongues().parts.get(code, ())


def written_in(script: str) -> tuple[str, ...]:
    """Codes of the languages that are written in a script first of all, by its ISO 15924 code."""
    return tuple(code for code, tongue in tongues().by_code.items() if tongue.script == script)


def countries_of(code: str) -> tuple[str, ...]:
    """Codes of the countries where a language is spoken; those of the one it is part of, if nothing tells its own."""
    known = tongues().by_code
    tongue = known.get(code)
    larger = known.get(tongue.larger) if tongue else None
    return (tongue.countries if tongue else ()) or (larger.countries if larger else ())


def tongues() -> Tongues:
    """The table, read again when it may have changed."""
    with _lock:
        if not _kept or time.monotonic() - _kept[0].read_at > LOOK_AGAIN:
            _kept[:] = [_read()]
        return _kept[0]


def forget() -> None:
    """Read the table again at the next question."""
    with _lock:
        _kept.clear()


def _read() -> Tongues:
    known: dict[str, Tongue] = {}
    there: dict[str, list[Tongue]] = defaultdict(list)
    parts: dict[str, list[str]] = defaultdict(list)
    rows = Language.objects.order_by("code").values_list(
        "code", "tag", "name", "macrolanguage", "countries", "scripts"
    )
    for code, tag, name, larger, countries, scripts in rows:
        known[code] = Tongue(code, tag, name, larger or "", tuple(countries), next(iter(scripts), ""))
        for country in countries:
            there[country].append(known[code])
        if larger:
            parts[larger].append(code)
    by_country = {country: tuple(sorted(here, key=_by_share(country))) for country, here in there.items()}
    of_larger = {code: tuple(inside) for code, inside in parts.items()}
    return Tongues(known, by_country, of_larger, time.monotonic())


def _by_share(country: str) -> Callable[[Tongue], float]:
    shares = _shares().get(country, {})
    return lambda tongue: -shares.get(tongue.code, 0.0)


@cache
def _shares() -> dict[str, dict[str, float]]:
    """For each country and language the per cent of the people who speak it."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for territory, languages in get_global("territory_languages").items():
        for tag, facts in languages.items():
            place, code = found[alpha3(territory)], iso_code(tag)
            place[code] = max(facts["population_percent"], place.get(code, 0.0))
    return found
