"""`manage.py render_articles`: show texts that an older release rendered as this release does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from diplopedia.actions import render_again
from diplopedia.importing.progress import track
from diplopedia.markdown import TextTooDeep, TextTooLarge
from diplopedia.models import Article
from diplopedia.models.articles import RENDER_VERSION


class Command(BaseCommand):
    """Safe to interrupt and to repeat: each article is done by itself, and only once."""

    help = (
        "Render anew what an older release rendered. Run it after an upgrade; a second run has nothing to do."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, one article after the other, and name those that cannot be."""
        older = Article.objects.filter(render_version__lt=RENDER_VERSION).order_by("pk")
        keys = list(older.values_list("pk", flat=True))
        refused = 0
        for pk in track(keys, "Rendering articles", len(keys)):
            article = Article.objects.get(pk=pk)
            try:
                render_again(article)
            except (TextTooDeep, TextTooLarge) as error:
                refused += 1
                self.stderr.write(f"{article.get_absolute_url()} stays as it was: {error}")
        self.stdout.write(f"{len(keys) - refused} articles rendered anew, {refused} left as they were.")
