"""Rare languages: those that few colleagues speak and read well enough, and where they sit.

Only facts that the reader may read are counted: a number never tells of a hidden one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from people import ilr, regions
from people.models import Language, LanguageSkill, Profile, Region, User
from people.models.facts import FactQuerySet, years_after
from people.names import fold


@dataclass(frozen=True)
class Wanted:
    """From which level colleagues count, where the language is spoken, and which tests."""

    speaks: int
    reads: int
    bureau: str = ""
    recent: bool = False
    tested_only: bool = False

    @property
    def address(self) -> str:
        """The query string that asks the same."""
        pairs = {"speaks": ilr.label(self.speaks), "reads": ilr.label(self.reads), "where": self.bureau}
        ticked = {"recent": self.recent, "tested": self.tested_only}
        return urlencode(pairs | {name: 1 for name, is_ticked in ticked.items() if is_ticked})

    @property
    def levels(self) -> str:
        """The two levels as people write them: "3/3"."""
        return f"{ilr.label(self.speaks)}/{ilr.label(self.reads)}"


@dataclass(frozen=True)
class Tally:
    """How many colleagues have a language: of those at the level, all, those that count and those with a test that
    counts today; of these tests, the ones that lapse soon. `recorded`: at any level, of those that count.
    """

    able: int
    recorded: int
    number: int
    tested: int
    lapsing: int


@dataclass
class Holding:
    """One language: who has it at the level, and who comes near: the nearest and how many others."""

    language: Language
    number: int
    recorded: int
    enough: list[LanguageSkill] = field(default_factory=list)
    nearest: LanguageSkill | None = None

    @property
    def is_single(self) -> bool:
        """It hangs on one colleague."""
        return self.number == 1

    @property
    def more_below(self) -> int:
        """How many others are below the level."""
        return max(self.recorded - self.number - 1, 0)

    @property
    def countries(self) -> str:
        """The countries where it is spoken, most speakers first."""
        known = regions.atlas().by_code
        return ", ".join(str(known[code]) for code in self.language.countries if code in known)


@dataclass
class Group:
    """The languages that equally few colleagues have."""

    number: int
    holdings: list[Holding]


@dataclass(frozen=True)
class Area:
    """A bureau's region and how many rare languages are spoken there."""

    bureau: Region
    count: int


def few() -> int:
    """The most colleagues a rare language has."""
    return int(settings.RARE_LANGUAGE_AT_MOST)


def valid_since() -> dt.date:
    """The first day of tests that count today."""
    years = settings.LANGUAGE_TEST_YEARS
    return years_after(timezone.localdate(), -years) if years else dt.date.min


def soon() -> dt.date:
    """Tests that do not count on this day any more lapse soon: a year from now."""
    return years_after(timezone.localdate(), 1)


def _lapse_before() -> dt.date:
    """Tests before this day do not count in a year any more."""
    years = settings.LANGUAGE_TEST_YEARS
    return years_after(soon(), -years) if years else dt.date.min


def recorded_at_all(reader: User) -> FactQuerySet[LanguageSkill]:
    """The language skills of colleagues that this reader may read, with any test or none."""
    return LanguageSkill.objects.readable_by(reader).filter(profile__in=Profile.objects.directory())


def recorded(reader: User, wanted: Wanted) -> FactQuerySet[LanguageSkill]:
    """The language skills of colleagues that this reader may read and that count."""
    return recorded_at_all(reader).filter(_that_count(wanted))


def _that_count(wanted: Wanted) -> Q:
    tested = Q(source=LanguageSkill.Source.TESTED) if wanted.tested_only else Q()
    return tested & Q(tested_on__gte=valid_since()) if wanted.recent else tested


def tallies(reader: User, wanted: Wanted) -> dict[str, Tally]:
    """The numbers of each recorded language, by its code. One query: each reads all that colleagues recorded."""
    enough, that_count = at_level(wanted), _that_count(wanted)
    tested = that_count & enough & Q(tested_on__gte=valid_since())
    numbers = (
        recorded_at_all(reader)
        .order_by()
        .values_list("language")
        .annotate(
            able=Count("pk", filter=enough),
            recorded=Count("pk", filter=that_count),
            number=Count("pk", filter=that_count & enough),
            tested=Count("pk", filter=tested),
            lapsing=Count("pk", filter=tested & Q(tested_on__lt=_lapse_before())),
        )
    )
    return {code: Tally(*counted) for code, *counted in numbers}


def rare(reader: User, wanted: Wanted, counted: Mapping[str, Tally]) -> tuple[list[Group], list[Area]]:
    """Rare languages by number of colleagues, fewest first; and where they are spoken, counted before narrowing.

    `counted`: by `tallies`. Three queries, and of the people only those who are named.
    """
    skills, enough = recorded(reader, wanted), at_level(wanted)
    numbers = {
        code: (tally.number, tally.recorded)
        for code, tally in counted.items()
        if tally.recorded and tally.number <= few()
    }
    languages = list(Language.objects.filter(code__in=numbers))
    areas = _areas(languages)
    shown = [one for one in languages if not wanted.bureau or wanted.bureau in bureaus_of(one)]
    holdings = {one.code: Holding(one, *numbers[one.code]) for one in shown}
    _fill(holdings, skills.filter(language__in=holdings), enough)
    return _grouped(holdings.values()), areas


def at_level(wanted: Wanted) -> Q:
    """Skills at the level."""
    return Q(speaking__gte=wanted.speaks, reading__gte=wanted.reads)


def _fill(holdings: dict[str, Holding], skills: FactQuerySet[LanguageSkill], enough: Q) -> None:
    """Name those who have each language at the level, and of the others the one who comes nearest."""
    best = (F("speaking") + F("reading")).desc(), "profile__sort_key", "pk"
    nearest = Window(RowNumber(), partition_by="language", order_by=best)
    below = skills.exclude(enough).order_by().annotate(place=nearest).filter(place=1)
    related = ("profile__user", "profile__office", "profile__post")
    for skill in skills.filter(enough).order_by(*best).select_related(*related):
        holdings[skill.language_id].enough.append(skill)
    for skill in below.select_related(*related):
        holdings[skill.language_id].nearest = skill


def _grouped(holdings: Iterable[Holding]) -> list[Group]:
    by_number: dict[int, list[Holding]] = defaultdict(list)
    for holding in holdings:
        by_number[holding.number].append(holding)
    return [
        Group(number, sorted(by_number[number], key=lambda holding: fold(str(holding.language))))
        for number in sorted(by_number)
    ]


def bureaus_of(language: Language) -> set[str]:
    """Addresses of the bureaux in whose region the language is spoken."""
    known = regions.atlas().by_code
    here = (known[code].pk for code in language.countries if code in known)
    return {slug for country in here for slug in bureaus_of_country(country)}


def bureaus_of_country(country: int) -> set[str]:
    """Addresses of the bureaux in whose region a country is, by its key."""
    around = (regions.atlas().by_pk[pk] for pk in regions.ancestors(country))
    return {one.slug for one in around if one.kind == Region.Kind.BUREAU}


def _areas(languages: Iterable[Language]) -> list[Area]:
    counts: dict[str, int] = defaultdict(int)
    for language in languages:
        for slug in bureaus_of(language):
            counts[slug] += 1
    bureaus = [one for one in regions.atlas().by_pk.values() if one.slug in counts]
    return [Area(one, counts[one.slug]) for one in sorted(bureaus, key=lambda one: fold(str(one)))]
