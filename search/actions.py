"""Finding and suggesting for a person: engine, outbox and database together.

The engine filters by principals. What it may not yet know of (waiting in the outbox) is left out of every answer, and
each hit is asked of the database again before anybody sees its title.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from search import outbox
from search.deadlines import Deadline
from search.engines import SearchUnavailable, engine
from search.entries import Key
from search.grammar import read, write
from search.query import Query
from search.results import Hit, LazyHits, Results, Suggestion
from search.sources import source, sources
from search.synonyms import with_synonyms
from search.widening import wider

log = logging.getLogger(__name__)
Shown = TypeVar("Shown", Hit, Suggestion)


def principals(user: Any) -> frozenset[str]:
    """The principals of a reader; none for somebody who is not signed in."""
    return frozenset(getattr(user, "principals", ()))


def find(query: Query, user: Any, deadline: Deadline | None = None) -> Results:
    """Answer a query for a reader, who waits until `deadline`: SEARCH_TIMEOUT from now, if none is told.

    Raises SearchUnavailable; `fall_back` answers then.
    """
    deadline = deadline or Deadline.of_a_reader()
    pending = _pending()
    asked = _asked(query, user)
    results = engine().search(asked, pending, deadline)
    if (results.similar or not results.total) and deadline.allows_more:
        results = _meant(asked, results, pending, deadline)
    if not results.total:
        results = _wider(asked, results, pending, deadline)
    hits = tuple(readable(results.hits, user))
    gone = len(results.hits) - len(hits)
    if gone:
        log.warning(
            "%d hits were withheld: the index is behind. Look at search_status and verify_search.", gone
        )
    return replace(results, hits=hits, total=results.total - gone) if gone else results


def exactly(query: Query, user: Any, most: int) -> Results:
    """All that meets a query, best first, at most so many: in one request, and nothing wider when there is nothing.

    For who goes on asking of what was found, such as the directory. Where the results are `similar`, nothing was
    found, and they have words spelled like those asked for. Raises SearchUnavailable.
    """
    found = engine().search(_whole(query, user, most), _pending(), Deadline.of_a_reader())
    return _readable_of([found], user)[0]


def exactly_each(queries: Iterable[Query], user: Any, most: int) -> list[Results]:
    """All that meets each of some queries as they are spelled, in one request. Raises SearchUnavailable."""
    asked = [_whole(query, user, most) for query in queries]
    return _readable_of(engine().search_each(asked, _pending(), Deadline.of_a_reader()), user)


def _whole(query: Query, user: Any, most: int) -> Query:
    return _asked(query.matching(page=1, size=most, facets=()), user)


def _readable_of(found: Sequence[Results], user: Any) -> list[Results]:
    """These results with what the reader may read; no hit is made for that."""
    allowed = _allowed({key for one in found for key in one.keys}, user)
    return [
        replace(one, hits=LazyHits({key: make for key, make in one.makers.items() if key in allowed}))
        for one in found
    ]


def keys(
    query: Query, user: Any, most: int, but: Iterable[Key] = (), deadline: Deadline | None = None
) -> list[Key]:
    """What really meets a query, the newest first, at most so many, without those that are known.

    Nothing wider and no other spelling counts, as who asks remembers the answer. Raises SearchUnavailable.
    """
    newest = query.matching(page=1, size=most, sort="newest", facets=())
    left_out = (*_pending(), *but)
    found = engine().search(_asked(newest, user), left_out, deadline or Deadline.of_a_reader())
    allowed = _allowed(found.keys, user)
    return [] if found.similar else [key for key in found.keys if key in allowed]


def meeting(query: Query, some: Collection[Key], user: Any, deadline: Deadline) -> set[Key]:
    """Those of some things that meet a query, for a reader, at this moment. Raises SearchUnavailable."""
    return set(keys(query.matching(among=tuple(some)), user, len(some), deadline=deadline)) if some else set()


def suggest(text: str, user: Any, size: int = 8, kinds: Collection[str] = ()) -> list[Suggestion]:
    """Titles and names that begin as typed, for a reader; from the database when the engine is down."""
    deadline = Deadline.of_a_reader()
    try:
        found = engine().suggest(text, principals(user), size, kinds, _pending(), deadline)
    except SearchUnavailable as error:
        log.warning("Suggestions come from the database: %s", error)
        hits = (
            hit
            for known in sources()
            if not kinds or known.kind in kinds
            for hit in known.fallback(text, user, size)
        )
        return [Suggestion(hit.kind, hit.pk, hit.url, hit.title, hit.role) for hit in hits][:size]
    return readable(found, user)


def fall_back(query: Query, user: Any) -> Results:
    """Titles and names from the database, with the reader's permissions, for when the engine is down."""
    wanted = query.selected("kind")
    text = " ".join(word.text for word in query.words)
    hits = [
        hit
        for known in sources()
        if text and (not wanted or known.kind in wanted)
        for hit in known.fallback(text, user, query.size)
    ]
    note = _("The search is being repaired. These are pages and people whose title or name has your words.")
    return Results(hits=tuple(hits), total=len(hits), notes=(note, *query.notes))


def readable(found: Iterable[Shown], user: Any) -> list[Shown]:
    """Those of what was found that the database lets the reader read at this moment."""
    found = list(found)
    allowed = _allowed((Key(item.kind, item.pk) for item in found), user)
    return [item for item in found if Key(item.kind, item.pk) in allowed]


def _allowed(keys: Iterable[Key], user: Any) -> set[Key]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in keys:
        by_kind[kind].append(pk)
    allowed: set[Key] = set()
    for kind, pks in by_kind.items():
        known = source(kind)
        if known is not None:
            allowed |= {Key(kind, pk) for pk in known.readable(pks, user)}
    return allowed


def _meant(asked: Query, found: Results, pending: Collection[Key], deadline: Deadline) -> Results:
    """What is found where a word with a slip is a name: as if the name had been typed."""
    if not asked.names or asked.plain:
        return found
    parts = asked.names.respelled(asked.parts)
    parts = parts if parts != asked.parts else read(found.suggestion).parts
    hints = asked.names.hints(parts)
    if not hints:
        return found
    meant = engine().search(asked.matching(parts=parts, hints=hints), pending, deadline)
    if not meant.total:
        return found
    return replace(meant, suggestion=write(parts), similar=True, took=found.took + meant.took)


def _wider(asked: Query, nothing: Results, pending: Collection[Key], deadline: Deadline) -> Results:
    """What has less than all that was asked for, if anything has, and there is time to ask."""
    for query in wider(asked, nothing.suggestion):
        if not deadline.allows_more:
            break
        found = engine().search(query, pending, deadline)
        if found.total and not found.similar:  # less of it, and spelled otherwise, is something else
            return replace(found, suggestion=nothing.suggestion, took=nothing.took + found.took)
    return nothing


def _asked(query: Query, user: Any) -> Query:
    """The query as a reader asks it, with what its words mean as well."""
    try:
        return with_synonyms(query.matching(principals=principals(user)))
    except DatabaseError as error:
        raise SearchUnavailable(f"The synonyms cannot be read: {error}") from error


def _pending() -> tuple[Key, ...]:
    """Bring the engine up to date, unless that is the worker's part, and name what it may still know wrongly."""
    try:
        waiting = outbox.pending()
        if waiting != () and settings.SEARCH_DRAIN == outbox.COMMIT:
            outbox.drain_soon()
            waiting = outbox.pending()
    except DatabaseError as error:
        raise SearchUnavailable(f"The outbox cannot be read: {error}") from error
    if waiting is None:
        raise SearchUnavailable(
            "Too much has changed since the index was written. The worker brings it up to date (manage.py "
            "index_worker); where none runs, or all was changed at once: manage.py rebuild_search"
        )
    return waiting
