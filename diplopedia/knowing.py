"""Who knows about an article's subject, and why one may think so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diplopedia.models import Article, Edit
from people.models import Assignment, Expertise, Profile

if TYPE_CHECKING:
    from people.models import User

SHOWN = 5
NAMED = (
    "preferred_name", "title", "user__username", "user__first_name", "user__last_name", "office__name",
    "post__city", "post__kind", "post__country__name",
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

    @property
    def where(self) -> str:
        """Their job and place now."""
        place = self.person.post or self.person.office
        return ", ".join(str(part) for part in (self.person.title, place) if part)


def people_who_know(article: Article, reader: User) -> list[Knower]:
    """Return colleagues to ask about an article: contacts, who verified and wrote it, who served there.

    Only facts shared with this reader count or are named, so that the answer is the same for all who hold the
    same offices. One query, whatever the number of colleagues.
    """
    here = article.regions.through.objects.filter(article=article).values("region")
    contacts = article.contacts.through.objects.filter(article=article)
    served = (
        Assignment.objects.shared_with(reader)
        .filter(profile=OuterRef("pk"), post__country__in=here)
        .order_by(F("ended").desc(nulls_first=True), "-started")
    )
    expertise = (
        Expertise.objects.shared_with(reader)
        .filter(profile=OuterRef("pk"), region__in=here)
        .order_by("-depth")
    )
    profiles = (
        Profile.objects.directory()
        .with_place()
        .only(*NAMED)
        .annotate(
            wrote=written(article),
            is_contact=Exists(contacts.filter(profile=OuterRef("pk"))),
            served_city=Subquery(served.values("post__city")[:1]),
            served_from=Subquery(served.values("started")[:1]),
            served_until=Subquery(served.values("ended")[:1]),
            knows_region=Subquery(expertise.values("region__name")[:1]),
            knows_depth=Coalesce(Subquery(expertise.values("depth")[:1]), 0),
        )
        .filter(pk__in=candidates(article, reader, here))
        .order_by(
            "-is_contact", "-knows_depth", F("served_until").desc(nulls_first=True), "-wrote", "sort_key"
        )
    )
    return [Knower(profile, reasons(profile, article)) for profile in profiles[:SHOWN]]


def candidates(article: Article, reader: User, here: QuerySet) -> QuerySet:
    """The keys of all who have any reason at all. A union answers each part from its index; alternatives in one
    condition made PostgreSQL look at every colleague there is.
    """
    contacts = article.contacts.through.objects.filter(article=article).values("profile")
    writers = Profile.objects.filter(user__in=Edit.objects.written().filter(article=article).values("author"))
    served = Assignment.objects.shared_with(reader).filter(post__country__in=here).values("profile")
    knowing = Expertise.objects.shared_with(reader).filter(region__in=here).values("profile")
    return contacts.order_by().union(writers.order_by().values("pk"), served.order_by(), knowing.order_by())


def written(article: Article) -> Coalesce:
    """The number of edits by each profile's person, as an annotation."""
    edits = Edit.objects.written().filter(article=article, author=OuterRef("user"))
    return Coalesce(count_of(edits, "author"), 0)


def count_of(rows: QuerySet, by: str) -> Subquery:
    """The number of rows, as a subquery."""
    return Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n"))


def reasons(profile: Any, article: Article) -> list[Reason]:
    """Say in words why this colleague, as annotated by `people_who_know`, is listed."""
    said = []
    if profile.is_contact:
        said.append(Reason(_("contact for this page"), True))
    if profile.user_id == article.verified_by_id:
        said.append(Reason(_("verified it"), True))
    if profile.served_city:
        said.append(Reason(place_and_years(profile), True))
    if profile.knows_region:
        said.append(Reason(_("knows %s") % profile.knows_region, True))
    if profile.wrote:
        said.append(
            Reason(
                ngettext("%d edit of this page", "%d edits of this page", profile.wrote) % profile.wrote,
                False,
            )
        )
    return said


def place_and_years(profile: Any) -> str:
    """Return “Kabul since 2022” or “Kabul 2019–2023”."""
    city, start, end = profile.served_city, profile.served_from, profile.served_until
    if end is None:
        return _("%(city)s since %(year)s") % {"city": city, "year": start.year if start else "?"}
    return f"{city} {start.year if start else ''}–{end.year}"
