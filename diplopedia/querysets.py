"""Questions about articles and edits. Who may read is answered here, once, for every door."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from people.permissions import ADMINS, ALL, office_ids, principals
from people.records import RowsOnRecord

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.db.models.expressions import Combinable

    from diplopedia.models import Article, Edit, Link
    from people.models import User


def group_ids(held: Iterable[str]) -> list[int]:
    """Return the groups among principals."""
    return sorted(int(name[2:]) for name in held if name.startswith("g:"))


class Standing(NamedTuple):
    """How one reader meets one article: what is asked at every request, and nothing that is shown."""

    article: int
    edit: int | None
    restricted: bool
    protected: bool
    verified_at: datetime | None
    office: int | None
    is_author: bool
    is_contact: bool


class ArticleQuerySet(PageQuerySet["Article"]):
    """Articles; every reader's door begins with `readable_by`."""

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Keep what this user may read: open or shared with one of their groups or offices, and not deleted."""
        return self.held_by(principals(user))

    def held_by(self, held: frozenset[str]) -> Self:
        """Keep the living articles that somebody holding these principals may read."""
        return self.filter(deleted_at=None)._shared_with(held)

    def deleted_for(self, user: User | AnonymousUser) -> Self:
        """Keep the deleted articles that this user might read and edit if they were not deleted."""
        held = principals(user)
        gone = self.exclude(deleted_at=None)._shared_with(held)
        return gone if ADMINS in held else gone.filter(locked=False)

    def shared_with(self, user: User | AnonymousUser) -> Self:
        """Keep what this user may read, and what they might if it were not deleted: to name it, not to show it."""
        return self._shared_with(principals(user))

    def _shared_with(self, held: frozenset[str]) -> Self:
        if ALL not in held:
            return self.none()
        if ADMINS in held:
            return self
        shared: Q | Combinable = Q(restricted=False)
        if groups := group_ids(held):
            kept_to = self.model.groups.through.objects
            shared |= Exists(kept_to.filter(article=OuterRef("pk"), group__in=groups))
        if offices := office_ids(held):
            kept_to = self.model.offices.through.objects
            shared |= Exists(kept_to.filter(article=OuterRef("pk"), office__in=offices))
        return self.filter(shared)

    def has(self, field: str) -> Exists:
        """The condition that the article a row's `field` names is among these: one look-up for each row.

        For few rows among many, where `__in` would first gather every article.
        """
        return Exists(self.filter(pk=OuterRef(field)))

    def standing(self, slug: str, user: User) -> Standing | None:
        """Return how this user meets the article at an address; None where they may not know of one.

        Most articles are open, which their own row says; about the others `held_by` decides.
        """
        held = principals(user)
        contacts = self.model.contacts.through.objects.filter(article=OuterRef("pk"), profile__user=user.pk)
        living = self.filter(wiki_slug=slug, deleted_at=None).order_by().annotate(is_contact=Exists(contacts))
        rows = living.values_list(
            "pk",
            "latest_edit",
            "restricted",
            "locked",
            "verified_at",
            "office",
            "latest_edit__author",
            "is_contact",
        )[:1]
        for row in rows if ALL in held else ():
            standing = Standing(*row)._replace(is_author=row[6] == user.pk)
            if not standing.restricted or self.held_by(held).filter(pk=standing.article).exists():
                return standing
        return None

    def with_page_head(self, reader: User | AnonymousUser) -> Self:
        """Bring along what the head of an article shows and whether this reader is its contact, in the same query."""
        contacts = self.model.contacts.through.objects.filter(article=OuterRef("pk"), profile__user=reader.pk)
        edits = self.model.edits.rel.related_model.objects
        later = edits.filter(
            article=OuterRef("pk"), minor=False, number__gt=OuterRef("verified_edit__number")
        )
        heads = self.with_edits_since_translated().select_related(
            "template",
            "office",
            "latest_edit__author__profile",
            "verified_by__profile",
            "verified_edit",
            "translated_from",
        )
        return heads.annotate(
            is_contact=Exists(contacts),
            edits_since_verified=Coalesce(
                Subquery(later.order_by().values("article").annotate(n=Count("pk")).values("n")), 0
            ),
        )

    def beside(self, article: Article) -> Self:
        """Keep the versions of an article in other languages."""
        others = self.exclude(pk=article.pk)
        return others.filter(language_set=article.language_set) if article.language_set else others.none()

    def with_edits_since_translated(self) -> Self:
        """Count the edits, but minor ones, that the page in another language had since an article said the same."""
        edits = self.model.edits.rel.related_model.objects
        later = edits.filter(
            article=OuterRef("translated_from__article"),
            minor=False,
            number__gt=OuterRef("translated_from__number"),
        )
        count = Subquery(later.order_by().values("article").annotate(n=Count("pk")).values("n"))
        return self.annotate(edits_since_translated=Coalesce(count, 0))

    def for_lists(self) -> Self:
        """Bring along what a row in a list shows, and leave the long texts in the database."""
        return self.select_related("template", "latest_edit__author__profile").defer(
            "body", "html", "contents", "facts"
        )


ArticleManager = PageManager.from_queryset(ArticleQuerySet)


class EditQuerySet(RowsOnRecord, QuerySet["Edit"]):
    """Edits, which are added and read."""

    def written(self) -> Self:
        """Keep what people wrote: neither minor edits nor imports."""
        return self.filter(minor=False).exclude(kind="import")


class LinkQuerySet(QuerySet["Link"]):
    """Links between articles, joined on keys."""

    def to(self, keys: Iterable[str]) -> Self:
        """Keep the links that lead to any of these keys."""
        return self.filter(target_key__in=list(keys))
