"""Texts that an older release rendered, rendered as this one does. No edit: nobody wrote anything."""

from __future__ import annotations

from django.db import transaction

from diplopedia.actions.saving import link
from diplopedia.models import Article
from search import outbox

DERIVED = ("html", "lead", "contents", "render_version")


@transaction.atomic
def render_again(article: Article) -> None:
    """Render an article's text anew, with its links and its entry in the search.

    Raises TextTooLarge or TextTooDeep where this release has tighter limits; then it stays as it was.
    """
    article.lock()
    article.refresh_from_db()
    links = article.write(article.title, article.body)
    Article.objects.filter(pk=article.pk).update(**{name: getattr(article, name) for name in DERIVED})
    link(article, links)
    outbox.enqueue("article", article.pk)
