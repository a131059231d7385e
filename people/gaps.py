"""What the ministry is about to lack: tests that lapse, languages that hang on one colleague, and those of our posts
that nobody has recorded.

Only facts that the reader may read are counted, as everywhere: a hidden one is as if it were not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from people import regions, spoken
from people.models import Language, LanguageSkill, Post, Region, User
from people.names import fold
from people.scarcity import (
    NAMED,
    Tally,
    Wanted,
    at_level,
    bureaus_of,
    bureaus_of_country,
    few,
    held,
    recorded,
    valid_since,
)
from people.spoken import Tongue


@dataclass
class Standing:
    """A language: who has it at the level by a test that counts today, and how many of these tests lapse soon."""

    code: str
    lapsing: int
    tested: list[LanguageSkill] = field(default_factory=list)

    @property
    def language(self) -> Language | None:
        """The language if a test is of it. Where all are of its parts, these stand for themselves."""
        return next((skill.language for skill in self.tested if skill.language_id == self.code), None)

    @property
    def is_single(self) -> bool:
        """It hangs on one colleague."""
        return len(self.tested) == 1

    def add(self, skill: LanguageSkill) -> None:
        """Put a test, as old as those before or older, at their head: the last one of each person counts."""
        if all(skill.profile_id != other.profile_id for other in self.tested):
            self.tested.insert(0, skill)

    def is_in(self, bureau: str) -> bool:
        """It is spoken in the region of a bureau, by its address."""
        return bureau in bureaus_of(self.code)


@dataclass
class Unrecorded:
    """A language of the people at some of our posts that no colleague has recorded at any level."""

    tongue: Tongue
    posts: list[Post] = field(default_factory=list)

    def is_in(self, bureau: str) -> bool:
        """One of these posts is in the region of a bureau, by its address."""
        return any(bureau in bureaus_around(post) for post in self.posts)


@dataclass(frozen=True)
class Balance:
    """A bureau's region: how many of its languages are at risk, and how many nobody has."""

    bureau: Region
    single: int
    soon: int
    unrecorded: int


def at_risk(reader: User, wanted: Wanted, counted: Mapping[str, Tally]) -> list[Standing]:
    """Languages that hang on one colleague, or will be rare once tests lapse within a year. One query."""
    tested = recorded(reader, wanted).filter(at_level(wanted), tested_on__gte=valid_since())
    found = {
        code: Standing(code, tally.lapsing)
        for code, tally in counted.items()
        if tally.tested == 1 or (tally.lapsing and tally.tested - tally.lapsing <= few())
    }
    inside = [part for code in found for part in spoken.parts_of(code)]
    skills = tested.filter(language__in={*found, *inside}).order_by("-tested_on", "-profile__sort_key")
    for skill, standing in held(found, skills.select_related(*NAMED)):
        standing.add(skill)
    telling = [one for one in found.values() if one.language]
    return sorted(telling, key=lambda one: (not one.is_single, fold(str(one.language))))


def unrecorded(counted: Mapping[str, Tally]) -> list[Unrecorded]:
    """Languages that many people speak where we have an open post and that nobody recorded.

    `counted`: by `tallies`. Whoever records Dari has recorded Persian, of which it is a part, and the other way round.
    One query.
    """
    known = spoken.tongues().by_code
    codes = {code for code, tally in counted.items() if tally.at_all}
    larger = {known[code].larger for code in codes if code in known}
    found: dict[str, Unrecorded] = {}
    for post in Post.objects.filter(closed=None, country__isnull=False):
        country = regions.atlas().by_pk.get(post.country_id or 0)
        for tongue in spoken.main_of(country.code) if country else ():
            if not codes & {tongue.code, tongue.larger} and tongue.code not in larger:
                found.setdefault(tongue.code, Unrecorded(tongue)).posts.append(post)
    return sorted(found.values(), key=lambda one: (-len(one.posts), fold(str(one.tongue))))


def by_bureau(standings: Iterable[Standing], lacking: Iterable[Unrecorded]) -> list[Balance]:
    """How the regions of the bureaux stand, by name; none where nothing is at risk."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for standing in standings:
        for slug in bureaus_of(standing.code):
            counts[slug][0 if standing.is_single else 1] += 1
    for gap in lacking:
        for slug in {slug for post in gap.posts for slug in bureaus_around(post)}:
            counts[slug][2] += 1
    bureaus = [one for one in regions.atlas().by_pk.values() if one.slug in counts]
    return [Balance(one, *counts[one.slug]) for one in sorted(bureaus, key=lambda one: fold(str(one)))]


def bureaus_around(post: Post) -> set[str]:
    """Addresses of the bureaux in whose region a post is."""
    return bureaus_of_country(post.country_id or 0)
