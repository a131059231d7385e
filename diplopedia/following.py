"""What somebody watches, as a condition on edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast

from diplopedia.models import Article, TaggedArticle
from notices.models import Watch
from people import regions
from people.models import Office

if TYPE_CHECKING:
    from people.models import User


def watched_by(user: User) -> Q:
    """The edits of pages that somebody watches, themselves or by topic, place or office, and those by colleagues.

    Two queries are asked here, however much is watched; the rest is part of the query that uses the condition.
    """
    watches = Watch.objects.kept().filter(user=user)
    by_topic = TaggedArticle.objects.filter(tag__in=keys(watches, Watch.Kind.TAG))
    chosen = watches.filter(kind=Watch.Kind.REGION).values_list("key", flat=True)
    places = {place for region in chosen for place in regions.with_descendants(int(region))}
    in_places = Article.regions.through.objects.filter(region__in=places)
    offices = Q(pk__in=[])
    for path in Office.objects.filter(pk__in=keys(watches, Watch.Kind.OFFICE)).values_list("path", flat=True):
        offices |= Q(article__office__path__startswith=path)
    return (
        Q(article__in=keys(watches, Watch.Kind.ARTICLE))
        | Q(article__in=by_topic.values("content_object"))
        | Q(article__in=in_places.values("article"))
        | Q(author__in=keys(watches, Watch.Kind.PERSON))
        | offices
    )


def keys(watches: QuerySet[Watch], kind: str) -> QuerySet[Any, Any]:
    """The primary keys that watches of a kind name."""
    return (
        watches.filter(kind=kind).order_by().annotate(number=Cast("key", BigIntegerField())).values("number")
    )
