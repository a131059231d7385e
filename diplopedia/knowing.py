"""Who knows about an article's subject, and why one may think so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diplopedia.models import Article, Edit
from people import ilr, photos, regions, spoken
from people.display_names import city_name
from people.models import Assignment, Expertise, LanguageSkill, Profile, Region

if TYPE_CHECKING:
    from people.models import User

SHOWN = 5
LARGE = 30  # places in a region: half the ministry has been somewhere in a larger one
AROUND = {Region.Kind.NAMED, Region.Kind.BUREAU}
AROUND_COUNTS_LESS = (
    6  # in quarters of a step of depth: deep around is less than working knowledge of the place
)
RANKS = ilr.HIGHEST + 1
UNKNOWN, STILL = dt.date.min, dt.date.max
NAMED = (
    "preferred_name", "title", "user__username", "user__first_name", "user__last_name", "office__name",
    "post__city", "post__kind", "post__country__name",
    "photo_key", "photo_audience", "historical", "left_at", "user__is_active",
)  # fmt: skip
BEST_FIRST = (
    "-is_contact", "-is_verifier", "-knows_weight", F("served_until").desc(nulls_last=True), "-speaks_ranks", "-wrote",
    "sort_key",
)  # fmt: skip


class Reason(NamedTuple):
    """Why a colleague is listed; `matched` where the article's own subject is meant."""

    text: str
    matched: bool


@dataclass(frozen=True)
class Knower:
    """A colleague with the reasons why they know."""

    person: Profile
    reasons: list[Reason]
    photo: str

    @property
    def where(self) -> str:
        """Their job and place now."""
        place = self.person.post or self.person.office
        return ", ".join(str(part) for part in (self.person.title, place) if part)


@dataclass(frozen=True)
class Ground:
    """What an article's regions mean: keys of regions and countries, codes of languages.

    `own` are the regions of the article, `within` these and all that lies in them, `wider` the bureaux' and named
    regions around them. A continent is only itself, and the world is no ground: too many know something of them.
    """

    own: frozenset[int]
    within: frozenset[int]
    wider: frozenset[int]
    languages: frozenset[str]


def ground_of(slugs: Collection[str]) -> Ground:
    """Read regions as regions: the Horn of Africa is Ethiopia, too, and what is spoken there."""
    atlas = regions.atlas()
    named = {key: region for key, region in atlas.by_pk.items() if region.slug in slugs}
    own = frozenset(key for key, region in named.items() if region.kind != Region.Kind.WORLD)
    within = own.union(*(below for key in own if len(below := regions.descendants(key)) <= LARGE))
    above = frozenset[int]().union(*(regions.ancestors(key) for key in own)) - within
    wider = frozenset(key for key in above if atlas.by_pk[key].kind in AROUND)
    return Ground(own, within, wider, spoken.telling_of(atlas.by_pk[key].code for key in within))


def people_who_know(article: Article, reader: User, filed_under: Collection[str]) -> list[Knower]:
    """Return colleagues to ask about an article: contacts, who verified it, who knows or served in its regions or
    speaks their languages, who wrote it. `filed_under`: the slugs of its regions.

    Only facts shared with this reader count or are named, so that the answer is the same for all who hold the
    same offices. One query, whatever the number of colleagues.
    """
    ground = ground_of(filed_under)
    people = Profile.objects.directory().with_place().only(*NAMED)
    known = people.annotate(**what_they_know(article, reader, ground))
    best = known.filter(pk__in=candidates(article, reader, ground)).order_by(*BEST_FIRST)[:SHOWN]
    return [Knower(profile, reasons(profile), photos.shared_url(profile, reader)) for profile in best]


def what_they_know(article: Article, reader: User, ground: Ground) -> dict[str, Any]:
    """Return what makes each profile one to ask, as annotations that `reasons` puts into words."""
    contacts = article.contacts.through.objects.filter(article=article, profile=OuterRef("pk"))
    served = served_in(ground, reader).filter(profile=OuterRef("pk")).order_by("-until", "-started")
    expertise = knowing(ground, reader).filter(profile=OuterRef("pk")).order_by("-weight")
    speaking = speaking_of(ground, reader).filter(profile=OuterRef("pk")).order_by("-ranks")
    return {
        "wrote": written(article),
        "is_contact": Exists(contacts),
        "is_verifier": Exists(verifying(article).filter(kept=OuterRef("pk"))),
        "served_at": Subquery(served.values("where")[:1]),
        "served_from": Subquery(served.values("started")[:1]),
        "served_until": Subquery(served.values("until")[:1]),
        "knows_region": Subquery(expertise.values("region__slug")[:1]),
        "knows_weight": Coalesce(Subquery(expertise.values("weight")[:1]), 0),
        "speaks_language": Subquery(speaking.values("language")[:1]),
        "speaks_ranks": Coalesce(Subquery(speaking.values("ranks")[:1]), 0),
    }


def served_in(ground: Ground, reader: User) -> QuerySet[Any]:
    """Jobs at posts in the article's countries, or of which only such a country is known; `until` is a day at last."""
    until = Case(
        When(ended__isnull=False, then=F("ended")),
        When(started__isnull=True, then=Value(UNKNOWN)),
        default=Value(STILL),
        output_field=DateField(),
    )
    there = Q(post__country__in=ground.within) | Q(country__in=ground.within)
    return (
        Assignment.objects.shared_with(reader)
        .filter(there)
        .annotate(until=until, where=Coalesce("post__city", "country__name"))
    )


def knowing(ground: Ground, reader: User) -> QuerySet[Any]:
    """Knowledge of the article's regions, of places in them, and of the regions around if it is more than some.

    `weight` is the depth first, then how near: depth in the region itself, in a part of it, around it.
    """
    wider = Q(region__in=ground.wider, depth__gte=Expertise.Depth.WORKING)
    far = Case(
        When(region__in=ground.own, then=0),
        When(region__in=ground.within, then=1),
        default=AROUND_COUNTS_LESS,
    )
    return (
        Expertise.objects.shared_with(reader)
        .filter(Q(region__in=ground.within) | wider)
        .annotate(weight=F("depth") * 4 - far)
    )


def speaking_of(ground: Ground, reader: User) -> QuerySet[Any]:
    """Languages of the article's countries, spoken well enough to ask around in them."""
    return (
        LanguageSkill.objects.shared_with(reader)
        .filter(language__in=ground.languages, speaking__gte=ilr.PROFESSIONAL)
        .annotate(ranks=F("speaking") * RANKS + F("reading"))
    )


def candidates(article: Article, reader: User, ground: Ground) -> QuerySet:
    """The keys of all who have any reason at all. A union answers each part from its index; alternatives in one
    condition made PostgreSQL look at every colleague there is.
    """
    contacts = article.contacts.through.objects.filter(article=article).values("profile")
    edits = Edit.objects.written().filter(article=article)
    arms = [
        today(Profile.objects.filter(user__in=edits.values("author"))).values("kept"),
        verifying(article).values("kept"),
        Assignment.objects.shared_with(reader).filter(post__country__in=ground.within).values("profile"),
        Assignment.objects.shared_with(reader).filter(country__in=ground.within).values("profile"),
        knowing(ground, reader).values("profile"),
        speaking_of(ground, reader).values("profile"),
    ]
    return contacts.order_by().union(*(arm.order_by() for arm in arms))


def today(profiles: QuerySet) -> QuerySet:
    """With `kept`: the profile that each is today, another one where it went into that."""
    return profiles.annotate(kept=Coalesce("merged_into", "pk"))


def verifying(article: Article) -> QuerySet:
    """Who verified an article."""
    return today(Profile.objects.filter(user=article.verified_by_id))


def written(article: Article) -> CombinedExpression:
    """The number of edits by each profile's person, also under an account that went into theirs."""
    edits = Edit.objects.written().filter(article=article)
    own = count_of(edits.filter(author=OuterRef("user")), "author")
    before = edits.filter(author__profile__merged_into=OuterRef("pk"))
    return Coalesce(own, 0) + Coalesce(count_of(before, "author__profile__merged_into"), 0)


def count_of(rows: QuerySet, by: str) -> Subquery:
    """The number of rows, as a subquery."""
    return Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n"))


def reasons(profile: Any) -> list[Reason]:
    """Say in words why this colleague, as annotated by `people_who_know`, is listed."""
    said = []
    if profile.is_contact:
        said.append(Reason(_("contact for this page"), True))
    if profile.is_verifier:
        said.append(Reason(_("verified it"), True))
    if profile.knows_region:
        said.append(Reason(_("knows %s") % regions.name_of(profile.knows_region), True))
    if profile.served_at:
        said.append(Reason(place_and_years(profile), True))
    if profile.speaks_language:
        said.append(Reason(language_and_levels(profile), True))
    if profile.wrote:
        said.append(
            Reason(
                ngettext("%d edit of this page", "%d edits of this page", profile.wrote) % profile.wrote,
                False,
            )
        )
    return said


def place_and_years(profile: Any) -> str:
    """Return “Kabul since 2022” or “Kabul 2019–2023”; “Kabul” where no year is known."""
    place, start, end = city_name(profile.served_at), profile.served_from, profile.served_until
    if end == UNKNOWN:
        return str(place)
    if end == STILL:
        return _("%(city)s since %(year)s") % {"city": place, "year": start.year}
    return f"{place} {start.year if start else ''}–{end.year}"


def language_and_levels(profile: Any) -> str:
    """Return “speaks Somali 3+/3”."""
    levels = "/".join(ilr.label(rank) for rank in divmod(profile.speaks_ranks, RANKS))
    language = spoken.name_of(profile.speaks_language)
    return _("speaks %(language)s %(levels)s") % {"language": language, "levels": levels}
