"""Kinds of article by the key a source gives them, made where the wiki has none of that key."""

from __future__ import annotations

from django.utils.text import slugify

from diplopedia.importing.ledger import Ledger
from diplopedia.models import ArticleTemplate


class Kinds:
    """The kinds of article, by key."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.by_slug = {kind.slug: kind for kind in ArticleTemplate.objects.all()}

    def find(self, name: str) -> ArticleTemplate | None:
        """Return the kind of this key, made if need be; None for no key."""
        slug = slugify(name)[:60].strip("-")
        if slug and slug not in self.by_slug:
            self.by_slug[slug] = self._make(slug)
        return self.by_slug.get(slug)

    def _make(self, slug: str) -> ArticleTemplate:
        words = slug.replace("-", " ").capitalize()
        taken = ArticleTemplate.objects.filter(name__iexact=words).exists()
        name = f"{words} ({slug})" if taken else words
        kind, made = ArticleTemplate.objects.get_or_create(
            slug=slug, defaults={"name": name[:80], "description": "Made by an import.", "order": 200}
        )
        if made:
            self.ledger.enter("kind", slug, kind)
        return kind
