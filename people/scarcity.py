"""Rare languages: those that few colleagues speak and read well enough, and where they sit.

Only facts that the reader may read are counted: a number never tells of a hidden one. Whoever speaks Mandarin speaks
Chinese, and counts once for each. Whoever recorded only Persian may speak Dari or not: that is said, and not counted.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from people import ilr, regions, speakers, spoken
from people.models import Language, LanguageSkill, Profile, Region, User
from people.models.facts import FactQuerySet, years_after
from people.names import fold
from people.spoken import Tongue

NAMED = ("language", "profile__user", "profile__office", "profile__post")  # what to say whose skill it is
Line = TypeVar("Line")


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
    """How many colleagues have a language, or a part of it: of those at the level, all, those that count and those with
    a test that counts today; of these, the ones whose test lapses soon. `recorded`: at any level, of those that count.

    `named`: the recorded ones whose profile has the language by this very name; `at_all`: some profile has. Of those at
    the level, how many did not say which part of it they speak: `able_unsaid` of all, `unsaid` of those that count.
    """

    able: int = 0
    recorded: int = 0
    number: int = 0
    tested: int = 0
    lapsing: int = 0
    named: int = 0
    at_all: bool = False
    able_unsaid: int = 0
    unsaid: int = 0


NONE = Tally()


@dataclass
class Holding:
    """One language: who has it at the level, and who comes near: the nearest and how many others.

    `larger`: the language that it is part of, where `unsaid` others recorded no more than that one at the level.
    """

    language: Language
    number: int
    recorded: int
    larger: Tongue | None = None
    unsaid: int = 0
    enough: list[LanguageSkill] = field(default_factory=list)
    nearest: LanguageSkill | None = None

    @property
    def names(self) -> set[int]:
        """The keys of the profiles of who has it at the level."""
        return {skill.profile_id for skill in self.enough}

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
    return LanguageSkill.objects.readable_by(reader).filter(profile__in=Profile.objects.directory_whole())


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
    part = Q(language__macrolanguage__isnull=False)
    counted = {
        "able": enough,
        "recorded": that_count,
        "number": that_count & enough,
        "tested": tested,
        "lasting": tested & Q(tested_on__gte=_lapse_before()),
        "able_said": enough & part,
        "said": that_count & enough & part,
    }
    apart, together = speakers.numbers(recorded_at_all(reader), counted)
    return {
        code: _tally(together.get(code) or apart[code], apart.get(code))
        for code in apart.keys() | together.keys()
    }


def _tally(counted: Mapping[str, int], apart: Mapping[str, int] | None) -> Tally:
    return Tally(
        able=counted["able"],
        recorded=counted["recorded"],
        number=counted["number"],
        tested=counted["tested"],
        lapsing=counted["tested"] - counted["lasting"],
        named=apart["recorded"] if apart else 0,
        at_all=apart is not None,
        able_unsaid=counted["able"] - counted["able_said"],
        unsaid=counted["number"] - counted["said"],
    )


def number_of_languages(counted: Mapping[str, Tally]) -> int:
    """How many languages colleagues recorded; a larger one is none besides its parts."""
    named = {code for code, tally in counted.items() if tally.named}
    return sum(named.isdisjoint(spoken.parts_of(code)) for code in named)


def larger_of(code: str, counted: Mapping[str, Tally]) -> tuple[Tongue | None, Tally]:
    """The language that one is part of, if it is of any, and the numbers of that."""
    known = spoken.tongues().by_code
    larger = known.get(known[code].larger) if code in known else None
    return larger, counted.get(larger.code, NONE) if larger else NONE


def rare(reader: User, wanted: Wanted, counted: Mapping[str, Tally]) -> tuple[list[Group], list[Area]]:
    """Rare languages by number of colleagues, fewest first; and where they are spoken, counted before narrowing.

    `counted`: by `tallies`. Three queries, and of the people only those who are named.
    """
    scarce = [code for code, tally in counted.items() if tally.named and tally.number <= few()]
    languages = list(Language.objects.filter(code__in=scarce))
    areas = _areas(languages)
    shown = [one for one in languages if not wanted.bureau or wanted.bureau in bureaus_of(one.code)]
    holdings = {one.code: _holding(one, counted) for one in shown}
    _fill(holdings, recorded(reader, wanted), at_level(wanted))
    return _grouped(holdings.values()), areas


def _holding(language: Language, counted: Mapping[str, Tally]) -> Holding:
    tally, (larger, numbers) = counted[language.code], larger_of(language.code, counted)
    return Holding(language, tally.number, tally.recorded, larger, numbers.unsaid)


def at_level(wanted: Wanted) -> Q:
    """Skills at the level."""
    return Q(speaking__gte=wanted.speaks, reading__gte=wanted.reads)


def _fill(holdings: dict[str, Holding], skills: FactQuerySet[LanguageSkill], enough: Q) -> None:
    """Name those who have each language at the level, and of the others the one who comes nearest."""
    inside = [part for code in holdings for part in spoken.parts_of(code)]
    skills = skills.filter(language__in={*holdings, *inside})
    best = (F("speaking") + F("reading")).desc(), "profile__sort_key", "pk"
    place = Window(RowNumber(), partition_by="language", order_by=best)
    # Of those who are below the level in a part, some have it in another: no more than make the larger one rare.
    some = Q(place=1) | Q(place__lte=few() + 1, language__in=spoken.tongues().related)
    below = skills.exclude(enough).order_by().annotate(place=place).filter(some)
    for skill, holding in held(holdings, skills.filter(enough).order_by(*best).select_related(*NAMED)):
        if skill.profile_id not in holding.names:
            holding.enough.append(skill)
    for skill, holding in held(holdings, below.order_by(*best).select_related(*NAMED)):
        if holding.nearest is None and skill.profile_id not in holding.names:
            holding.nearest = skill


def held(lines: Mapping[str, Line], skills: Iterable[LanguageSkill]) -> Iterator[tuple[LanguageSkill, Line]]:
    """Each skill with the lines that it belongs to, which are by code: of its language, and of what that is part of."""
    for skill in skills:
        for code in (skill.language_id, skill.language.macrolanguage_id):
            if code and code in lines:
                yield skill, lines[code]


def _grouped(holdings: Iterable[Holding]) -> list[Group]:
    by_number: dict[int, list[Holding]] = defaultdict(list)
    for holding in holdings:
        by_number[holding.number].append(holding)
    return [
        Group(number, sorted(by_number[number], key=lambda holding: fold(str(holding.language))))
        for number in sorted(by_number)
    ]


def bureaus_of(language: str) -> set[str]:
    """Addresses of the bureaux in whose region a language is spoken, by its code."""
    known = regions.atlas().by_code
    here = (known[code].pk for code in spoken.countries_of(language) if code in known)
    return {slug for country in here for slug in bureaus_of_country(country)}


def bureaus_of_country(country: int) -> set[str]:
    """Addresses of the bureaux in whose region a country is, by its key."""
    around = (regions.atlas().by_pk[pk] for pk in regions.ancestors(country))
    return {one.slug for one in around if one.kind == Region.Kind.BUREAU}


def _areas(languages: Iterable[Language]) -> list[Area]:
    counts: dict[str, int] = defaultdict(int)
    for language in languages:
        for slug in bureaus_of(language.code):
            counts[slug] += 1
    bureaus = [one for one in regions.atlas().by_pk.values() if one.slug in counts]
    return [Area(one, counts[one.slug]) for one in sorted(bureaus, key=lambda one: fold(str(one)))]
