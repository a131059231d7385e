"""What the wiki holds of an office or a post.

The wiki stands above this app: it registers what knows when it starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from people.models import Office, Post, User


@dataclass(frozen=True)
class Page:
    """A page of the wiki in a list: its title, the language of that, its address, and whether its review is due."""

    title: str
    language: str
    url: str
    due: bool = False


@dataclass(frozen=True)
class Held:
    """The first of some pages, how many there are, how many of them are due for review, and where all are.

    `left` are those whose contact or office has left, listed at `left_url`.
    """

    pages: Sequence[Page] = ()
    total: int = 0
    due: int = 0
    url: str = ""
    left: int = 0
    left_url: str = ""


class Wiki(Protocol):
    """What knows the pages. It returns only what the reader may read."""

    def of_office(self, office: Office, reader: User, /) -> Held:
        """The pages that an office, or one under it, answers for: those due for review first."""

    def about_post(self, post: Post, reader: User, /) -> tuple[Sequence[Page], Sequence[Page]]:
        """Pages about a post, and other pages of the country it is in: the first few of each."""


class NoWiki:
    """Nothing is known of any page."""

    def of_office(self, _office: Office, _reader: User) -> Held:
        return Held()

    def about_post(self, _post: Post, _reader: User) -> tuple[Sequence[Page], Sequence[Page]]:
        return (), ()


_known: list[Wiki] = [NoWiki()]


def register(wiki: Wiki) -> None:
    """From now on, this one is asked."""
    _known[0] = wiki


def wiki() -> Wiki:
    """What is asked about pages."""
    return _known[0]
