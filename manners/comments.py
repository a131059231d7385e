"""Comments can be reported, and hidden."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from discussion.models import Comment, Thread
from discussion.telling import described
from discussion.wording import plain
from manners import reportables
from manners.reportables import Matter


class Comments:
    """Comments, for who may read the thread. Moderators read the words of hidden ones, too, and what their thread is
    called: pages hide the title and the passage with the first comment.
    """

    kind = "comment"
    label = _("Comment")

    def readable_by(self, user: Any) -> QuerySet[Any, Any]:
        """The comments in threads that this user may read."""
        threads = Thread.objects.readable_by(user).filter(pk=OuterRef("thread"))
        return Comment.objects.filter(Exists(threads)).values("pk")

    def matters(self, pks: Collection[int]) -> dict[int, Matter]:
        """Comments with their words, withdrawn ones without."""
        rows = list(Comment.objects.for_reading().filter(pk__in=list(pks)))
        firsts = (
            Comment.objects.filter(thread__in={row.thread_id for row in rows}).order_by().values("thread")
        )
        begun = set(firsts.annotate(first=Min("pk")).values_list("first", flat=True))
        abouts = {thread.pk: about for thread, about in described({row.thread for row in rows})}
        return {
            row.pk: Matter(
                pk=row.pk,
                title=abouts[row.thread_id].title,
                url=f"{abouts[row.thread_id].talk_url}comments/{row.pk}/",
                about=(row.thread.subject_kind, row.thread.subject_pk),
                author=row.author,
                text="" if row.withdrawn_at else plain(row.html),
                language=abouts[row.thread_id].language,
                comment=row,
                heading=row.thread.title if row.pk in begun else "",
                quote=row.thread.quote if row.pk in begun else "",
            )
            for row in rows
            if row.thread_id in abouts
        }


def connect() -> None:
    """Let comments be reported."""
    reportables.register(Comments())
