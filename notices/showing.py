"""Notices as a reader sees them: by day and by what they are about, with names as they are now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils import timezone

from notices import subjects, wording
from notices.subjects import Quoted, Shown

if TYPE_CHECKING:
    from notices.models import Notice


@dataclass(frozen=True)
class Line:
    """One notice: what happened, what was said, where it leads, and what changed."""

    notice: Notice
    sentence: str
    said: str
    url: str
    quoted: list[Quoted] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """What happened to one subject on one day, the newest first."""

    subject: Shown
    lines: list[Line]

    @property
    def unseen(self) -> bool:
        """Whether any of it is new."""
        return any(line.notice.seen_at is None for line in self.lines)


@dataclass(frozen=True)
class Day:
    """One day's notices."""

    day: date
    groups: list[Group]


def titles(notices: Iterable[Notice]) -> dict[tuple[str, int], Shown]:
    """What the subjects of these notices are called now: a query or two for each kind of subject."""
    pks: dict[str, set[int]] = {}
    for notice in notices:
        pks.setdefault(notice.event.subject_kind, set()).add(notice.event.subject_pk)
    known = {kind: subject for kind in pks if (subject := subjects.subject(kind))}
    return {
        (kind, pk): shown for kind, subject in known.items() for pk, shown in subject.shown(pks[kind]).items()
    }


def quotations(notices: Collection[Notice], *, in_list: bool = False) -> dict[int, list[Quoted]]:
    """What changed, by the primary key of the notice; for a list only where that is cheap."""
    by_kind: dict[str, list[Notice]] = {}
    for notice in notices:
        by_kind.setdefault(notice.event.subject_kind, []).append(notice)
    found: dict[int, list[Quoted]] = {}
    for kind, some in by_kind.items():
        subject = subjects.subject(kind)
        if subject and (subject.quotes_in_lists or not in_list):
            found |= subject.quoted(some)
    return found


def grouped(
    notices: Collection[Notice],
    quoted: dict[int, list[Quoted]] | None = None,
    names: dict[tuple[str, int], Shown] | None = None,
) -> list[Group]:
    """One group for each page with its talk, in the order of each one's first notice here.

    `names`: the titles of their subjects, where somebody asked for them already.
    """
    names = titles(notices) if names is None else names
    lines: dict[tuple[str, str], list[Line]] = {}
    heads: dict[tuple[str, str], Shown] = {}
    for notice in notices:
        if shown := names.get((notice.event.subject_kind, notice.event.subject_pk)):
            key = (shown.title, shown.language)
            lines.setdefault(key, []).append(line_of(notice, shown, (quoted or {}).get(notice.pk, [])))
            # A thread has the title of its page, below whose address its own is. What is gone may have none.
            heads[key] = min(heads.get(key, shown), shown, key=lambda one: (not one.url, len(one.url)))
    return [Group(heads[key], found) for key, found in lines.items()]


def line_of(notice: Notice, shown: Shown, quoted: list[Quoted]) -> Line:
    """One notice in words."""
    words = notice.event.words
    said = str(words.get("text") or words.get("summary") or "")
    subject = subjects.subject(notice.event.subject_kind)
    url = subject.address(notice.event, shown) if subject else shown.url
    return Line(notice, wording.sentence(notice), said, url, quoted)


def by_day(notices: Collection[Notice]) -> Iterator[Day]:
    """Notices, which are in the order of time, by day and subject."""
    quoted, names = quotations(notices, in_list=True), titles(notices)
    for day, some in groupby(notices, key=lambda notice: timezone.localtime(notice.created).date()):
        yield Day(day, grouped(list(some), quoted, names))
