"""Keeping the index and the database alike: rebuild without downtime, compare, repair."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from search import outbox
from search.engines import Rebuild, SearchUnavailable, Stored, engine
from search.entries import Entry, Key
from search.models import Mark, Outbox
from search.sources import Failed, Searchable, in_batches, source, sources

log = logging.getLogger(__name__)

LONGEST_TRANSACTION = timedelta(minutes=10)
SWAP_WAIT = 60.0

Progress = Callable[[int], object]


class Failure(NamedTuple):
    """A row whose entry could not be made, and why."""

    key: Key
    error: str


# -- rebuild ------------------------------------------------------------------------------------------------------


@dataclass
class Rebuilt:
    """What a rebuild did: entries by kind, changes replayed, and rows that could not be read."""

    counts: Counter[str] = field(default_factory=Counter)
    replayed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def failed(self, kind: str) -> Failed:
        """Notes rows of a kind that could not be read."""
        return lambda pk, error: self.failures.append(
            Failure(Key(kind, pk), f"{type(error).__name__}: {error}")
        )


def rebuild(progress: Progress = lambda _n: None) -> Rebuilt:
    """Fill a new index beside the one in use, replay what changed meanwhile, and swap. Raises SearchUnavailable.

    Whatever happens before the swap, the index in use stays as it was.
    """
    done = Rebuilt()
    since = _oldest_open()
    covered = _changes(since)
    with engine().rebuild() as new:
        for known in sources():
            _fill(new, known, done, progress)
        done.replayed += _replay(new, covered, since, done)
        with new.swapping(wait=SWAP_WAIT):
            done.replayed += _replay(new, covered, since, done)
    _settle(covered, done)
    return done


def _oldest_open() -> int:
    """No change that is committed from now on has a version below this, even where the clock is put back."""
    recently = int((datetime.now(UTC) - LONGEST_TRANSACTION).timestamp() * 1_000_000)
    return min(recently, Outbox.objects.newest())


def _changes(since: int) -> dict[Key, int]:
    """The versions of all changes, applied or waiting, that may not be older than the rebuild."""
    rows = Outbox.objects.changed_since(since).values_list("kind", "object_id", "version")
    return {Key(kind, pk): version for kind, pk, version in rows.iterator()}


def _fill(new: Rebuild, known: Searchable[Any], done: Rebuilt, progress: Progress) -> None:
    for batch in in_batches(known.entries(failed=done.failed(known.kind))):
        versions = Outbox.objects.versions(entry.key for entry in batch)
        done.counts[known.kind] += _put(new, outbox.stamped(batch, versions), done)
        progress(len(batch))


def _put(new: Rebuild, batch: list[Entry], done: Rebuilt) -> int:
    """Put a batch of entries with their versions; when something in it cannot be written, put the rest one by one."""
    try:
        return new.put(batch)
    except SearchUnavailable:
        raise
    except Exception as error:
        if len(batch) == 1:
            log.exception("Cannot index %s", batch[0].key)
            done.failures.append(Failure(batch[0].key, f"{type(error).__name__}: {error}"))
            return 0
        return sum(_put(new, [entry], done) for entry in batch)


def _replay(new: Rebuild, covered: dict[Key, int], since: int, done: Rebuilt) -> int:
    """Read again, and write, all that changed since `covered` was noted; returns how many things."""
    now = _changes(since)
    changed = [key for key, version in now.items() if covered.get(key) != version]
    for kind in {key.kind for key in changed}:
        known = source(kind)
        for batch in in_batches([key.pk for key in changed if key.kind == kind]):
            found = list(known.entries(batch, failed=done.failed(kind))) if known else []
            new.remove({Key(kind, pk): now[Key(kind, pk)] for pk in batch})
            _put(new, outbox.stamped(found, now), done)
    covered.update({key: now[key] for key in changed})
    return len(changed)


def _settle(covered: dict[Key, int], done: Rebuilt) -> None:
    """What the new index holds is applied; what could not be read waits, visibly."""
    Mark.renew()  # whatever was loaded past the outbox is in the new index, too
    failed = {failure.key for failure in done.failures}
    for batch in in_batches(key for key in covered if key not in failed):
        for kind in {key.kind for key in batch}:
            rows = Outbox.objects.waiting().filter(
                kind=kind, object_id__in=[k.pk for k in batch if k.kind == kind]
            )
            outbox.settle(row for row in rows if covered[row.key] == row.version)
    for failure in done.failures:
        outbox.enqueue(failure.key.kind, failure.key.pk)
    Outbox.objects.exclude(applied_at=None).filter(
        applied_at__lt=datetime.now(UTC) - timedelta(days=7)
    ).delete()
    outbox.drain_quietly()


# -- verify -------------------------------------------------------------------------------------------------------


@dataclass
class Comparison:
    """How the index differs from the database, by kind."""

    expected: Counter[str] = field(default_factory=Counter)
    indexed: Counter[str] = field(default_factory=Counter)
    missing: list[Key] = field(default_factory=list)
    ghosts: list[Key] = field(default_factory=list)
    stale: list[Key] = field(default_factory=list)
    readers: list[Key] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def different(self) -> list[Key]:
        """All keys that differ, each once."""
        return [*self.missing, *self.ghosts, *self.stale, *self.readers]


def verify(progress: Progress = lambda _n: None) -> Comparison:
    """Compare every searchable row with what the engine holds. Raises SearchUnavailable."""
    outbox.drain_quietly()
    found = Comparison()
    stored: dict[Key, Stored] = {}
    for item in engine().stored():
        found.indexed[item.key.kind] += 1
        stored[item.key] = item
    for known in sources():
        _compare(known, stored, found, progress)
    found.ghosts = sorted(stored)
    return found


def _compare(
    known: Searchable[Any], stored: dict[Key, Stored], found: Comparison, progress: Progress
) -> None:
    """Note how one source differs; what it accounts for is taken out of `stored`."""

    def failed(pk: int, error: Exception) -> None:
        stored.pop(Key(known.kind, pk), None)
        found.failures.append(Failure(Key(known.kind, pk), f"{type(error).__name__}: {error}"))

    for entry in known.entries(failed=failed):
        found.expected[known.kind] += 1
        item = stored.pop(entry.key, None)
        if item is None:
            found.missing.append(entry.key)
        elif item.readers != entry.readers:
            found.readers.append(entry.key)
        elif item.digest != entry.digest:
            found.stale.append(entry.key)
        progress(1)


def repair(found: Comparison) -> int:
    """Write anew, and remove, whatever differs; returns how many things. Raises SearchUnavailable."""
    different = found.different
    for batch in in_batches(different):
        versions = Outbox.objects.versions(batch)
        with engine().writing(wait=SWAP_WAIT) as writer:
            for kind in {key.kind for key in batch}:
                pks = [key.pk for key in batch if key.kind == kind]
                known = source(kind)
                writer.remove(
                    {Key(kind, pk): versions.get(Key(kind, pk), outbox.FIRST) for pk in pks}, force=True
                )
                writer.put(outbox.stamped(known.entries(pks) if known else (), versions), force=True)
    return len(different)
