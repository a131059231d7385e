"""How free text on a profile becomes HTML.

The wiki knows Markdown, links and mentions; this app stands below it. The wiki registers its
renderer when it starts; without one, text shows as plain paragraphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.html import linebreaks

if TYPE_CHECKING:
    from people.models import User


class Renderer(Protocol):
    """What the wiki brings."""

    def render(self, text: str, /) -> str:
        """Sanitised HTML to store, the same for every reader; placeholders where links go."""

    def resolve(self, html: str, reader: User, /) -> str:
        """The stored HTML with its placeholders filled for this reader."""


class PlainParagraphs:
    """Escaped text in paragraphs."""

    def render(self, text: str) -> str:
        return linebreaks(text, autoescape=True) if text.strip() else ""

    def resolve(self, html: str, _reader: User) -> str:
        return html


_renderers: list[Renderer] = [PlainParagraphs()]


def register(renderer: Renderer) -> None:
    """From now on, this renderer is used."""
    _renderers[0] = renderer


def render(text: str) -> str:
    """Stored HTML of what a person wrote about themselves."""
    return _renderers[0].render(text)


def resolve(html: str, reader: User) -> str:
    """What this reader sees of it."""
    return _renderers[0].resolve(html, reader)
