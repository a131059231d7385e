"""What colleagues write about themselves is written like articles: Markdown, links and mentions."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from diplopedia.markdown import TextTooDeep, TextTooLarge
from diplopedia.markdown import keys as keys_in
from diplopedia.markdown import render as markdown_of
from diplopedia.markdown import resolve as fill
from diplopedia.resolving import targets
from people import prose

if TYPE_CHECKING:
    from people.models import User

log = logging.getLogger(__name__)


class ArticleProse:
    """The wiki's renderer for profiles."""

    def render(self, text: str) -> str:
        """Return stored HTML; text that cannot be read as Markdown stays plain paragraphs."""
        try:
            return markdown_of(text).html if text.strip() else ""
        except (TextTooDeep, TextTooLarge) as error:
            log.info("A profile's text stays plain: %s", error)
            return prose.PlainParagraphs().render(text)

    def resolve(self, html: str, reader: User) -> str:
        """Return what this reader sees: links to pages and colleagues they may know of."""
        keys = keys_in(html)
        return fill(html, targets(keys, reader) if keys else {})


def connect() -> None:
    """Let profiles use it."""
    prose.register(ArticleProse())
