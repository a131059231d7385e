"""What can be reported. Apps register their kinds of things; a report is only for who may read the thing itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from discussion.models import Comment
    from people.models import User


@dataclass(frozen=True)
class Matter:
    """One thing that is or may be reported, as it is now.

    `text` is plain; `author` wrote it, if one person did. `about` is what its talk page is about; `comment` is the
    thing itself, where it is a comment, which a moderator can hide; `heading` and `quote` are the title and the passage
    of the thread that it begins.
    """

    pk: int
    title: str
    url: str
    about: tuple[str, int]
    author: User | None = None
    text: str = ""
    language: str = ""
    comment: Comment | None = None
    heading: str = ""
    quote: str = ""


class Reportable(Protocol):
    """One kind of things that can be reported."""

    kind: str

    @property
    def label(self) -> str | Promise:
        """What such a thing is called."""

    def readable_by(self, user: User | AnonymousUser) -> QuerySet[Any, Any]:
        """The primary keys of those that this user may read now."""

    def matters(self, pks: Collection[int]) -> dict[int, Matter]:
        """What is shown of those that exist."""


_reportables: dict[str, Reportable] = {}


def register(reportable: Reportable) -> Reportable:
    """Make a kind of things known; registering the same kind again replaces it."""
    _reportables[reportable.kind] = reportable
    return reportable


def reportables() -> Collection[Reportable]:
    """All kinds of things that can be reported."""
    return _reportables.values()


def reportable(kind: str) -> Reportable | None:
    """One kind, or None."""
    return _reportables.get(kind)


def matter(kind: str, pk: int, user: User) -> Matter | None:
    """Return a thing as this user may report it; None where there is none as far as they may know."""
    known = reportable(kind)
    if known is None or not known.readable_by(user).filter(pk=pk).exists():
        return None
    return known.matters([pk]).get(pk)
