"""What notices are about. Apps above this one know pages and threads; each registers its kind when it starts.

    class Pages(Subject[Article]):
        kind = "article"
        def readable_by(self, user): return Article.objects.readable_by(user)
        ...
    subjects.register(Pages())

Whether somebody may know of a subject is asked each time that a notice is listed, counted or sent, in the same query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value

if TYPE_CHECKING:
    from notices.models import Event, Notice
    from people.models import User

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Shown:
    """How a subject is called at this moment, where it is, and in which language its title is."""

    title: str
    url: str
    language: str = ""


@dataclass(frozen=True)
class Quoted:
    """One place of a text that changed: what stood there, and what stands there. Either may be empty."""

    old: str = ""
    new: str = ""


class Subject(Generic[Row]):
    """One kind of thing that notices are about."""

    kind: str
    search_kind = ""  # what the search calls such things, where that is another name
    facts_have_readers = False  # what a search finds it by may be hidden from a reader who may know of it
    quotes_in_lists = False  # where quoting is cheap and says what happened, as in talk

    def readable_by(self, user: User) -> QuerySet[Row]:
        """The rows that a user may know of at this moment."""
        raise NotImplementedError

    def shown(self, pks: Collection[int]) -> dict[int, Shown]:
        """What these rows are called now, in one query or two however many they are."""
        raise NotImplementedError

    def watched_as(self, pk: int) -> Iterable[tuple[str, str | int]]:
        """The (kind, key) of watches that an event of this row concerns: a page's own, its topics', its places' …"""
        return [(self.kind, pk)]

    def address(self, event: Event, shown: Shown) -> str:
        """Where a notice of this event leads."""
        return event.url or shown.url

    def quoted(self, notices: Collection[Notice]) -> dict[int, list[Quoted]]:
        """What changed, for e-mails: by primary key of the notice. A few queries, however many they are."""
        return {}


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Make a kind of subject known; registering the same kind again replaces it."""
    _subjects[subject.kind] = subject
    return subject


def subject(kind: str) -> Subject | None:
    """The subject of a kind, or None where its app is gone."""
    return _subjects.get(kind)


def found_as(search_kind: str) -> Subject | None:
    """The kind of subject that the search knows by this name, or None where there are no notices of it."""
    named = (known for known in _subjects.values() if (known.search_kind or known.kind) == search_kind)
    return next(named, None)


def with_hidden_facts() -> list[str]:
    """The kinds of which a reader may know without knowing all that a search finds them by."""
    return [kind for kind, known in _subjects.items() if known.facts_have_readers]


def readable(user: User, kinds: Collection[str] | None = None) -> Q:
    """The condition that an event is about something that a user may know of.

    With `kinds`, only subjects of these are known: what has no other needs no longer question.
    """
    known = Q(pk__in=[])
    for kind, found in _subjects.items():
        if kinds is not None and kind not in kinds:
            continue
        rows = found.readable_by(user).filter(pk=OuterRef("subject_pk")).order_by()
        known |= Q(Exists(rows.values("pk")), subject_kind=kind)
    return known


def known_to(user: User, told: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of these subjects (kind, primary key) that a user may know of at this moment, in one query."""
    pks: dict[str, set[int]] = {}
    for kind, pk in told:
        pks.setdefault(kind, set()).add(pk)
    parts = [
        found.readable_by(user).filter(pk__in=pks[kind]).order_by().values_list(Value(kind), "pk")
        for kind, found in _subjects.items()
        if kind in pks
    ]
    return set(parts[0].union(*parts[1:])) if parts else set()
