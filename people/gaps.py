"""What the ministry is about to lack: tests that lapse, languages that hang on one colleague, and those of our posts
that nobody has recorded.

Only facts that the reader may read are counted, as everywhere: a hidden one is as if it were not there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from people import regions, spoken
from people.models import Language, LanguageSkill, Post, Profile, Region, User
from people.models.facts import years_after
from people.names import fold
from people.scarcity import Wanted, bureaus_of, bureaus_of_country, few, recorded, valid_since
from people.spoken import Tongue


@dataclass
class Standing:
    """A language: who has it at the level by a test that counts today, and how many of these tests lapse soon."""

    language: Language
    lapsing: int
    tested: list[LanguageSkill] = field(default_factory=list)

    @property
    def is_single(self) -> bool:
        """It hangs on one colleague."""
        return len(self.tested) == 1

    def is_in(self, bureau: str) -> bool:
        """It is spoken in the region of a bureau, by its address."""
        return bureau in bureaus_of(self.language)


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


def soon() -> dt.date:
    """Tests that do not count on this day any more lapse soon: a year from now."""
    return years_after(timezone.localdate(), 1)


def at_risk(reader: User, wanted: Wanted) -> list[Standing]:
    """Languages that hang on one test, or will be rare once tests lapse within a year. Three queries at most."""
    tested = recorded(reader, wanted).filter(
        speaking__gte=wanted.speaks, reading__gte=wanted.reads, tested_on__gte=valid_since()
    )
    lapsing = Count("pk", filter=Q(tested_on__lt=_lapse_before()))
    counted = tested.order_by().values("language").annotate(number=Count("pk"), lapsing=lapsing)
    risky = {
        row["language"]: row["lapsing"]
        for row in counted
        if row["number"] == 1 or (row["lapsing"] and row["number"] - row["lapsing"] <= few())
    }
    languages = Language.objects.filter(code__in=risky)
    found = {one.code: Standing(one, risky[one.code]) for one in languages}
    skills = tested.filter(language__in=found).order_by("tested_on", "profile__sort_key")
    for skill in skills.select_related("language", "profile__user", "profile__office", "profile__post"):
        found[skill.language_id].tested.append(skill)
    return sorted(found.values(), key=lambda one: (not one.is_single, fold(str(one.language))))


def _lapse_before() -> dt.date:
    """Tests before this day do not count in a year any more."""
    years = settings.LANGUAGE_TEST_YEARS
    return years_after(soon(), -years) if years else dt.date.min


def unrecorded(reader: User) -> list[Unrecorded]:
    """Languages that many people speak where we have an open post and nobody has recorded. Two queries.

    Whoever records Dari has recorded Persian, of which it is a part, and the other way round.
    """
    known = set(
        LanguageSkill.objects.readable_by(reader)
        .filter(profile__in=Profile.objects.directory())
        .order_by()
        .values_list("language", "language__macrolanguage")
        .distinct()
    )
    codes, larger = {code for code, _ in known}, {above for _, above in known if above}
    found: dict[str, Unrecorded] = {}
    for post in Post.objects.filter(closed=None, country__isnull=False):
        country = regions.atlas().by_pk.get(post.country_id or 0)
        for tongue in spoken.main_of(country.code) if country else ():
            if tongue.code not in codes | larger and tongue.larger not in codes:
                found.setdefault(tongue.code, Unrecorded(tongue)).posts.append(post)
    return sorted(found.values(), key=lambda one: (-len(one.posts), fold(str(one.tongue))))


def by_bureau(standings: Iterable[Standing], lacking: Iterable[Unrecorded]) -> list[Balance]:
    """How the regions of the bureaux stand, by name; none where nothing is at risk."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for standing in standings:
        for slug in bureaus_of(standing.language):
            counts[slug][0 if standing.is_single else 1] += 1
    for gap in lacking:
        for slug in {slug for post in gap.posts for slug in bureaus_around(post)}:
            counts[slug][2] += 1
    bureaus = [one for one in regions.atlas().by_pk.values() if one.slug in counts]
    return [Balance(one, *counts[one.slug]) for one in sorted(bureaus, key=lambda one: fold(str(one)))]


def bureaus_around(post: Post) -> set[str]:
    """Addresses of the bureaux in whose region a post is."""
    return bureaus_of_country(post.country_id or 0)
