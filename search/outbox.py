"""From a change in the database to the engine, without losing one and without holding up who saves.

    outbox.enqueue("article", article.pk)      # in the transaction of the change

With `SEARCH_DRAIN=commit` the rows are drained right after the commit where the engine is free; otherwise by whoever
holds it, or by the next search. With `SEARCH_DRAIN=worker` they wait for `manage.py index_worker`. A failure is never
raised to the one who saves, and an engine that is away or slow never holds him up.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import replace
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from search import leases
from search.background import Background
from search.engines import SearchUnavailable, Writer, engine
from search.entries import Entry, Key
from search.models import Mark, Outbox
from search.sources import source

log = logging.getLogger(__name__)

BATCH = 200
PENDING_BOUND = 2_000
FIRST = 1
TABLE = Outbox._meta.db_table
# One statement, so that a version grows whatever the clock says and whoever else notes a change of the same thing.
ENQUEUE = f"""
    INSERT INTO {TABLE} AS known (kind, object_id, operation, version, tries, error, created)
    VALUES (%s, %s, %s, COALESCE((SELECT MAX(version) FROM {TABLE} WHERE version > %s), %s), 0, '', %s)
    ON CONFLICT (kind, object_id) DO UPDATE SET
        operation = excluded.operation,
        version = CASE WHEN excluded.version > known.version THEN excluded.version ELSE known.version + 1 END,
        created = CASE WHEN known.applied_at IS NULL THEN known.created ELSE excluded.created END,
        tries = 0, error = '', not_before = NULL, set_aside_at = NULL, applied_at = NULL
"""  # noqa: S608 - the names of our own tables
# Asked at every view of an article, where making it from querysets would take longer than all the rest.
FRESHNESS = f"""
    SELECT word, EXISTS (SELECT 1 FROM {TABLE} WHERE applied_at IS NULL AND tries = 0)
    FROM {Mark._meta.db_table} WHERE id = %s
"""  # noqa: S608 - the names of our own tables
COMMIT = "commit"
_held: ContextVar[bool] = ContextVar("outbox_held", default=False)


class Batch(NamedTuple):
    """How many rows were taken up, and how many of them were applied."""

    taken: int
    applied: int


def enqueue(kind: str, *pks: int, removed: bool = False) -> None:
    """Note that things changed, in the transaction of the change.

    Removal need not be told apart: what is no longer in its source's queryset is removed.
    """
    operation = Outbox.Operation.REMOVE if removed else Outbox.Operation.PUT
    clock = time.time_ns() // 1_000
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = [(kind, pk, operation.value, clock, clock, now) for pk in sorted(set(pks))]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(ENQUEUE, rows)
    if settings.SEARCH_DRAIN == COMMIT and not _held.get():
        transaction.on_commit(drain_soon, robust=True)


@contextmanager
def held() -> Iterator[None]:
    """Enqueue without draining, for bulk work; drain or rebuild afterwards."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


def drain_soon() -> None:
    """Drain without holding up the caller: at once in the embedded engine, beside him in one that is a server."""
    if engine().embedded:
        drain_quietly()
    else:
        _background.ask()


def drain_quietly() -> bool:
    """Drain without waiting for a busy engine and without raising; says whether the engine could be written."""
    try:
        drain(wait=0.0)
    except (SearchUnavailable, DatabaseError) as error:
        log.warning("Search is behind: %s. The changes wait in the outbox.", error)
        return False
    return True


_background = Background(drain_quietly)


def drain(wait: float = 0.0) -> int:
    """Apply all due changes; returns how many. Waits up to `wait` seconds for the engine's lock.

    Raises SearchUnavailable when the engine cannot be written. Somebody who finds another one at it may leave: that
    one looks again after letting go.
    """
    applied = 0
    while Outbox.objects.due().exists():
        with _right() as mine:
            if not mine:
                break
            applied += _apply(wait)
    return applied


def _right() -> AbstractContextManager[object]:
    """The right to drain. The embedded engine has a lock of its own, which costs no question to the database."""
    if settings.SEARCH_DRAIN == COMMIT and engine().embedded:
        return nullcontext(True)
    return leases.holding()


def _apply(wait: float) -> int:
    """Apply batch after batch; returns the number of changes applied."""
    applied, batch = 0, Batch(BATCH, 0)
    while batch.taken == BATCH:
        batch = apply_batch(wait)
        applied += batch.applied
    return applied


def apply_batch(wait: float = 0.0) -> Batch:
    """Apply the oldest due changes, for one who has the right to. Raises SearchUnavailable: then no row was tried."""
    with engine().writing(wait=wait) as writer:
        rows = list(Outbox.objects.due()[:BATCH])
        done = _write_all(writer, rows)
    return Batch(len(rows), settle(done) if done else 0)


def pending() -> tuple[Key, ...] | None:
    """Things the engine may know wrongly, to be left out of every answer; None when they are too many."""
    rows = list(Outbox.objects.waiting().values_list("kind", "object_id")[: PENDING_BOUND + 1])
    return None if len(rows) > PENDING_BOUND else tuple(Key(*row) for row in rows)


def freshness() -> str | None:
    """A word that stays the same until something changes that the outbox is told of; None while a change is unseen.

    What was made from the database after asking may be kept under the word, and shown to whoever is given the
    same word later. One query, so that word and outbox are of one moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(FRESHNESS, [Mark.ONLY])
        word, behind = cursor.fetchone() or ("", True)
    return None if behind else word


def _write_all(writer: Writer, rows: list[Outbox]) -> list[Outbox]:
    """Write rows of any kinds; returns those written. Rows that cannot be read are noted and left."""
    by_kind: dict[str, list[Outbox]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    return [done for kind, group in by_kind.items() for done in _write(writer, kind, group)]


def _write(writer: Writer, kind: str, rows: list[Outbox]) -> list[Outbox]:
    """Write the present state of rows of one kind; a poisonous row does not hold up the others."""
    try:
        found = {entry.pk: entry for entry in _entries(kind, [row.object_id for row in rows])}
        _put(writer, rows, found)
    except (SearchUnavailable, OperationalError, InterfaceError):
        raise  # no row's own fault
    except Exception as error:
        if len(rows) == 1:
            log.exception("Cannot index %s", rows[0].key)
            rows[0].failed(error)
            return []
        middle = len(rows) // 2
        return [*_write(writer, kind, rows[:middle]), *_write(writer, kind, rows[middle:])]
    return rows


def _put(writer: Writer, rows: list[Outbox], found: dict[int, Entry]) -> None:
    writer.remove({row.key: row.version for row in rows if row.object_id not in found})
    writer.put(stamped(found.values(), {row.key: row.version for row in rows}))


def stamped(entries: Iterable[Entry], versions: Mapping[Key, int]) -> list[Entry]:
    """Entries with the versions of their changes; those of things that never changed have the first."""
    return [replace(entry, version=versions.get(entry.key, FIRST)) for entry in entries]


def _entries(kind: str, pks: list[int]) -> Iterable[Entry]:
    registered = source(kind)
    return () if registered is None else registered.entries(pks)


def settle(rows: Iterable[Outbox]) -> int:
    """Note rows as applied, but for those that changed again meanwhile; returns how many. Takes a new mark."""
    handed = {row.pk: row.version for row in rows}
    with transaction.atomic():
        Mark.renew()
        # Who holds a row is changing it just now, so it is not settled; nobody waits for anybody, in whatever order.
        now = Outbox.objects.filter(pk__in=handed).select_for_update(skip_locked=True)
        same = [pk for pk, version in now.values_list("pk", "version") if handed[pk] == version]
        return Outbox.objects.filter(pk__in=same).update(
            applied_at=timezone.now(), error="", tries=0, set_aside_at=None
        )
