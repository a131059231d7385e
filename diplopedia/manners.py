"""Articles and edits can be reported."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diplopedia.models import Article, Edit
from diplopedia.talk import KIND
from manners import reportables
from manners.reportables import Matter


class Articles:
    """Articles, or passages of them. Nobody alone is their author."""

    kind = "article"
    label = _("Page")

    def readable_by(self, user: Any) -> QuerySet[Any, Any]:
        """The articles that this user may read now."""
        return Article.objects.readable_by(user).values("pk")

    def matters(self, pks: Collection[int]) -> dict[int, Matter]:
        """What is shown of these articles."""
        rows = Article.objects.filter(pk__in=list(pks), deleted_at=None)
        return {
            row.pk: Matter(
                row.pk,
                row.title,
                row.get_absolute_url(),
                (KIND, row.pk),
                text=row.lead,
                language=row.language,
            )
            for row in rows.only("title", "wiki_slug", "lead", "language")
        }


class Edits:
    """Edits, each with its author."""

    kind = "edit"
    label = pgettext_lazy("what is reported", "Edit")

    def readable_by(self, user: Any) -> QuerySet[Any, Any]:
        """The edits of articles that this user may read now."""
        return Edit.objects.filter(Article.objects.readable_by(user).has("article")).values("pk")

    def matters(self, pks: Collection[int]) -> dict[int, Matter]:
        """What is shown of these edits: who made them, and their summaries."""
        rows = Edit.objects.filter(pk__in=list(pks), article__deleted_at=None)
        return {
            row.pk: Matter(
                pk=row.pk,
                title=str(_("%(title)s, revision %(n)d") % {"title": row.article.title, "n": row.number}),
                url=row.get_absolute_url(),
                about=(KIND, row.article_id),
                author=row.author,
                text=row.summary,
                language=row.article.language,
            )
            for row in rows.select_related("article", "author__profile")
        }


def connect() -> None:
    """Let articles and edits be reported."""
    reportables.register(Articles())
    reportables.register(Edits())
