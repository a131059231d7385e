"""Whether what a watched search found still meets it, for the reader who is told.

Who may know of a page may read all of it. A colleague's facts have readers of their own: that somebody was found for
Dari says that they speak it. So the search is asked again each time that such a notice is shown or sent.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from notices import questions, subjects
from search.actions import meeting
from search.deadlines import Deadline
from search.dictionary import dictionary
from search.engines import SearchUnavailable
from search.entries import Key
from search.query import Query

if TYPE_CHECKING:
    from notices.models import Notice
    from notices.querysets import NoticeQuerySet
    from people.models import User

log = logging.getLogger(__name__)
SEARCH, QUESTION = "search", "question"


def asked(text: str) -> Query:
    """A watched search as it is asked."""
    return Query.parse(text, dictionary=dictionary())


def holding(notices: Collection[Notice], reader: User, deadline: Deadline | None = None) -> list[Notice]:
    """These notices without those that no longer hold. Raises SearchUnavailable where that cannot be asked."""
    gone = {notice.pk for notice in lost(notices, reader, deadline)}
    return [notice for notice in notices if notice.pk not in gone]


def sayable(notices: Collection[Notice], reader: User) -> tuple[list[Notice], bool]:
    """These notices without those that no longer hold; and whether others are held back, as it cannot be asked now."""
    try:
        return holding(notices, reader, Deadline.of_a_reader()), False
    except SearchUnavailable as error:
        log.warning("Colleagues whom searches found are not shown: %s", error)
        return [notice for notice in notices if found_as(notice) is None], True


def lost(notices: Iterable[Notice], reader: User, deadline: Deadline | None = None) -> list[Notice]:
    """Those of these notices whose subject the search no longer finds for this reader: one request a search.

    `deadline`: by when somebody who waits has all answers; without one each search has a time of its own.
    """
    doubtful: dict[tuple[str, str], dict[Key, list[Notice]]] = defaultdict(lambda: defaultdict(list))
    for notice in notices:
        if key := found_as(notice):
            doubtful[notice.kind, str(notice.event.words.get("query", ""))][key].append(notice)
    return [
        notice
        for (kind, text), found in doubtful.items()
        for key in found.keys() - still_met(kind, text, found.keys(), reader, deadline)
        for notice in found[key]
    ]


def still_met(
    kind: str, text: str, some: Collection[Key], reader: User, deadline: Deadline | None
) -> set[Key]:
    """Those of some things that a watched search, or question to the directory, finds at this moment."""
    if kind == QUESTION:
        return questions.meeting(text, some, reader)
    return meeting(asked(text), some, reader, deadline or Deadline.of_a_reader())


def certain(notices: NoticeQuerySet) -> NoticeQuerySet:
    """Those of these notices that hold whatever the search says: those that `found_as` knows no name for."""
    return notices.exclude(kind__in=(SEARCH, QUESTION), event__subject_kind__in=subjects.with_hidden_facts())


def found_as(notice: Notice) -> Key | None:
    """What the search calls the subject, where it may have found it by what this reader may no longer know."""
    found = notice.kind in (SEARCH, QUESTION)
    subject = subjects.subject(notice.event.subject_kind) if found else None
    if subject is None or not subject.facts_have_readers:
        return None
    return Key(subject.search_kind or subject.kind, notice.event.subject_pk)
