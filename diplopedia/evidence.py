"""What the wiki knows of a colleague: pages they wrote, verified, or answer for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diplopedia.models import Article, Edit
from people import evidence
from people.evidence import Evidence
from people.models import Profile

if TYPE_CHECKING:
    from people.models import User

SHOWN = 12


def pages_of(profile: Profile, reader: User) -> list[Evidence]:
    """Return the readable pages that a person wrote most of, verified or is a contact of, in one query."""
    readable = Article.objects.readable_by(reader)
    accounts = Profile.objects.accounts_of(profile)
    edits = Edit.objects.written().filter(author__in=accounts).order_by()
    wrote = edits.values("article").annotate(n=Count("pk"))
    answered = Article.contacts.through.objects.filter(profile=profile)
    verified = readable.filter(verified_by__in=accounts).order_by("title_key").values("pk")
    # Only the first of each are counted and put in order, however many there are.
    most = wrote.filter(readable.has("article")).order_by("-n", "-article").values("article")
    first = [Article.objects.filter(pk__in=some[:SHOWN]).order_by().values("pk") for some in (most, verified)]
    pages = (
        readable.filter(pk__in=answered.values("article").union(*first))
        .annotate(
            wrote=Coalesce(Subquery(wrote.filter(article=OuterRef("pk")).values("n")), 0),
            of=F("latest_edit__number"),
            answers=Exists(answered.filter(article=OuterRef("pk"))),
            checked=Case(When(verified_by__in=accounts, then=True), default=False),
        )
        .order_by("-answers", "-wrote", "title_key")
    )
    rows = pages.values_list("title", "wiki_slug", "wrote", "of", "checked", "answers")[:SHOWN]
    return [line(*row) for row in rows]


def line(title: str, slug: str, wrote: int, of: int, checked: bool, answers: bool) -> Evidence:
    """Return one page with why it counts."""
    why = []
    if answers:
        why.append(_("Contact for this page"))
    if checked:
        why.append(_("Verified it"))
    if wrote:
        why.append(
            ngettext("%(n)d of %(of)d revision", "%(n)d of %(of)d revisions", of) % {"n": wrote, "of": of}
        )
    kind = "contact" if answers else "wrote" if wrote else "verified"
    return Evidence(title, Article(wiki_slug=slug).get_absolute_url(), wrote, kind, note=". ".join(why))


def connect() -> None:
    """Let profiles ask the wiki."""
    evidence.register(pages_of)
