"""Questions about threads and comments. Who may read what is talked about may read the talk."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from discussion.subjects import subjects

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from discussion.models import Comment, Thread
    from people.models import User

NOTHING = Q(pk=None)


class ThreadQuerySet(QuerySet["Thread"]):
    """Threads; every reader's door begins with `readable_by` or with a thing they may read."""

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Keep the talk about what this user may read."""
        # Asked of the thing of each thread, where `in` might first gather all that somebody may read.
        parts = (
            Q(Exists(one.readable_by(user).filter(pk=OuterRef("subject_pk"))), subject_kind=one.kind)
            for one in subjects()
        )
        return self.filter(reduce(or_, parts, NOTHING))

    def living(self) -> Self:
        """Keep the talk about what exists for anybody."""
        parts = (Q(subject_kind=one.kind, subject_pk__in=one.living()) for one in subjects())
        return self.filter(reduce(or_, parts, NOTHING))

    def on(self, kind: str, *pks: int) -> Self:
        """Keep the talk about these things."""
        return self.filter(subject_kind=kind, subject_pk__in=pks)

    def open(self) -> Self:
        """Keep what is not resolved."""
        return self.filter(resolved_at=None).order_by("-active", "-pk")

    def resolved(self) -> Self:
        """Keep what is resolved, the latest first."""
        return self.exclude(resolved_at=None).order_by("-resolved_at", "-pk")

    def for_lists(self) -> Self:
        """Bring along what a list of threads shows, and how many comments each has."""
        comments = self.model.comments.rel.related_model._default_manager.filter(
            thread=OuterRef("pk")
        ).order_by()
        size = comments.values("thread").annotate(n=Count("pk")).values("n")
        people = self.select_related("author__profile", "resolved_by__profile")
        return people.with_hidden_at().annotate(size=Coalesce(Subquery(size), 0))

    def with_hidden_at(self) -> Self:
        """Bring along when a thread's first comment was hidden: its title and passage are shown to nobody then."""
        comments = self.model.comments.rel.related_model._default_manager.filter(thread=OuterRef("pk"))
        return self.annotate(hidden_at=Subquery(comments.order_by("pk").values("hidden_at")[:1]))


class CommentQuerySet(QuerySet["Comment"]):
    """Comments, the oldest first."""

    def for_reading(self) -> Self:
        """Bring along who wrote and whom they answer, in the same query."""
        return self.select_related("author__profile", "parent__author__profile", "thread")

    def shown(self) -> Self:
        """Keep those whose words are there to be read."""
        return self.filter(withdrawn_at=None, hidden_at=None)

    def ends_of(self, threads: Collection[int], last: int) -> Self:
        """Keep the first and the `last` newest comments of each of these threads."""
        numbered = self.filter(thread__in=threads).annotate(
            back=Window(RowNumber(), partition_by=F("thread"), order_by=F("pk").desc()),
            ahead=Window(RowNumber(), partition_by=F("thread"), order_by=F("pk").asc()),
        )
        return numbered.filter(Q(back__lte=last) | Q(ahead=1))
