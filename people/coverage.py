"""How well each country is covered: the languages one has to expect there, and how many colleagues have them.

Only facts that the reader may read are counted. Any test counts, and none: the number is that of the question to the
directory that each language leads to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from people import ilr, mapping, regions, spoken
from people.mapping import Spot
from people.models import Post, Region
from people.names import fold
from people.scarcity import NONE, Tally, Wanted, bureaus_of_country, few, larger_of
from people.spoken import Tongue

NOBODY, ONE, FEW, ENOUGH = "nobody", "one", "few", "enough"


@dataclass(frozen=True)
class Expected:
    """A language that one has to expect in a country, how many have it at the level, and the question for them.

    `larger`: the language that it is part of, if that is not expected itself; `unsaid` recorded no more than that one.
    """

    tongue: Tongue
    number: int
    url: str
    larger: Tongue | None = None
    unsaid: int = 0


@dataclass(frozen=True)
class Land:
    """A country with its languages, scarcest first; `spot` is where it lies if the map has no outline of it."""

    region: Region
    expected: tuple[Expected, ...]
    spot: Spot | None = None

    @property
    def code(self) -> str:
        return self.region.code

    @property
    def scarcest(self) -> Expected:
        """The language that fewest have."""
        return self.expected[0]

    @property
    def shade(self) -> str:
        """By how many have the scarcest language."""
        number = self.scarcest.number
        return (NOBODY, ONE)[number] if number < 2 else FEW if number <= few() else ENOUGH


@dataclass(frozen=True)
class World:
    """All countries where languages are to be expected."""

    lands: list[Land]
    width: int = mapping.WIDTH
    height: int = mapping.HEIGHT

    @cached_property
    def outlines(self) -> list[tuple[str, Land | None]]:
        """The countries that are drawn, with what is known of their languages."""
        known = {land.code: land for land in self.lands}
        return [(code, known.get(code)) for code in mapping.outlined()]

    @cached_property
    def spots(self) -> list[Land]:
        """The countries that are circles."""
        return [land for land in self.lands if land.spot]

    @cached_property
    def key(self) -> Mapping[str, int]:
        """How many countries there are of each shade."""
        return Counter(land.shade for land in self.lands)


def world(wanted: Wanted, counted: Mapping[str, Tally]) -> World:
    """The countries, those whose scarcest language fewest have first. `counted`: by `tallies`. One query."""
    spots = _spots()
    countries = (one for one in regions.atlas().by_code.values() if one.kind == Region.Kind.COUNTRY)
    lands = [
        Land(country, expected, None if country.code in mapping.outlined() else spots.get(country.pk))
        for country in countries
        if not wanted.bureau or wanted.bureau in bureaus_of_country(country.pk)
        if (expected := tuple(_expected(country, counted, wanted)))
    ]
    return World(sorted(lands, key=lambda land: (land.scarcest.number, fold(str(land.region)))))


def _expected(country: Region, counted: Mapping[str, Tally], wanted: Wanted) -> Iterator[Expected]:
    levels = [("speaks", ilr.label(wanted.speaks)), ("reads", ilr.label(wanted.reads))]
    main = spoken.main_of(country.code)
    for tongue in sorted(main, key=lambda one: counted.get(one.code, NONE).able):
        question = urlencode([("lang", tongue.code), *levels])
        larger, numbers = larger_of(tongue.code, counted)
        yield Expected(
            tongue,
            counted.get(tongue.code, NONE).able,
            f"{reverse('people:directory')}?{question}",
            larger if larger not in main else None,
            numbers.able_unsaid,
        )


def _spots() -> dict[int, Spot]:
    """Where our open posts are, by the key of the country."""
    places = Post.objects.filter(closed=None).order_by("-pk").values_list("country", "lat", "lon")
    return {
        country: mapping.spot(lat, lon)
        for country, lat, lon in places
        if country is not None and lat is not None and lon is not None
    }
