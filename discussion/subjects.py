"""What is talked about. Apps above this one register their kinds of things; who may read a thing may read its talk.

subjects.register(ArticleTalk())
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from discussion.wording import Sections

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model, QuerySet

    from people.models import User


@dataclass(frozen=True)
class About:
    """One thing that is talked about, as threads show it and the search knows it.

    `talk_url` is where its threads are; `readers` are principals, never none.
    """

    pk: int
    title: str
    url: str
    talk_url: str
    language: str
    readers: frozenset[str]
    restriction: str = ""


@dataclass(frozen=True)
class Place:
    """One thing on whose talk page a reader is, who may read it.

    `number` is its newest revision, 0 without any, and `html` its text now: both for quoted passages. `head` is the
    template of the page's head, which `context` is for.
    """

    kind: str
    pk: int
    title: str
    language: str
    url: str
    talk_url: str
    number: int
    html: str
    head: str
    context: Mapping[str, Any] = field(default_factory=dict)
    revision_url: Callable[[int], str] = str

    @cached_property
    def sections(self) -> Sections:
        """Its text as passages are looked for in it: made once, where a thread has a passage."""
        return Sections(self.html)


class Subject(Protocol):
    """One kind of things that are talked about. `related` says which of them have other readers when a row changes."""

    kind: str
    related: Mapping[type[Model] | str, Callable[[Any], Iterable[int]]]

    def living(self) -> QuerySet[Any, Any]:
        """The primary keys of all that exist for anybody."""

    def readable_by(self, user: User | AnonymousUser) -> QuerySet[Any, Any]:
        """The primary keys of those that this user may read now."""

    def about(self, pks: Collection[int]) -> dict[int, About]:
        """What threads and the search say of those that exist."""


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Make a kind of things known; registering the same kind again replaces it."""
    _subjects[subject.kind] = subject
    return subject


def subjects() -> Collection[Subject]:
    """All kinds of things that are talked about."""
    return _subjects.values()


def subject(kind: str) -> Subject:
    """One kind. Raises KeyError where nobody registered it."""
    return _subjects[kind]
