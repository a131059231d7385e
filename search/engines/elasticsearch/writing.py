"""Writing: in bulk, item by item retried, each entry in its version, to the index in use and to one being filled.

Several processes may write at once, since the server keeps the entry with the higher version. After a block has
written, the names are looked up again: if an index was put in use or began to be filled meanwhile, all is written to
it too. So whatever is committed when a rebuild starts is read by the rebuild, and whatever comes later reaches both.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError

from search.engines import IndexMissing, SearchBusy
from search.engines.elasticsearch.client import BLOCKED, REBUILD, Swapped, reason_of, refusal, telling
from search.engines.elasticsearch.documents import source, text_language
from search.engines.elasticsearch.indexes import Index, Indexes
from search.entries import Entry, Key

MOST_BYTES = 5_000_000
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
AGAIN = frozenset({429, 500, 502, 503, 504})
MALFORMED = frozenset({400, 413})
CONFLICT = 409


class Refused(ValueError):
    """Entries that the server does not take as they are. All others of the same call are written."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)
        name, reason = next(iter(self.reasons.items()))
        others = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
        super().__init__(f"Elasticsearch does not take {name}{others}: {reason}")


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as the bulk interface wants it."""

    key: str
    action: str
    version: int
    body: bytes = b""
    language: str = ""
    force: bool = False

    def lines(self) -> list[bytes]:
        """The lines of a bulk request. A forced change has no version: the server then asks for none."""
        about: dict[str, Any] = {"_id": self.key}
        if not self.force:
            about |= {"version": self.version, "version_type": "external_gte"}
        return [json.dumps({self.action: about}).encode(), *([self.body] if self.action == "index" else [])]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.body) + 100


@dataclass
class Outcome:
    """What became of some changes: those in force, those refused and why, those to be tried again and why."""

    done: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    again: dict[str, tuple[int, tuple[str, str]]] = field(default_factory=dict)


@dataclass
class Target:
    """A name to write to, and what is known of the index behind it."""

    indexes: Indexes
    alias: str
    index: str
    languages: set[str] = field(default_factory=set)

    def write(self, changes: Collection[Change]) -> set[str]:
        """Write changes; returns the keys of those that were not too old. Raises Refused, and SearchUnavailable."""
        missing = {change.language for change in changes if change.language} - self.languages
        if missing:
            self.indexes.teach(self.alias, missing)
            self.languages |= missing
        outcome = Outcome()
        for part in portions(changes):
            self._insist(part, outcome)
        if outcome.refused:
            raise Refused(outcome.refused)
        return outcome.done

    def _insist(self, changes: list[Change], outcome: Outcome) -> None:
        """Write a portion; what the server has no time for is tried again, at growing pauses."""
        for pause in (*PAUSES, None):
            outcome.again.clear()
            self._send(changes, outcome)
            changes = [change for change in changes if change.key in outcome.again]
            if not changes:
                return
            if pause is None:
                raise refusal(*outcome.again[changes[0].key], self.indexes.where)
            time.sleep(pause)

    def _send(self, changes: list[Change], outcome: Outcome) -> None:
        """Send changes once."""
        operations: list[Any] = [line for change in changes for line in change.lines()]
        try:
            with telling(self.indexes.where, but=ApiError):
                answer = self.indexes.server.writing.bulk(
                    index=self.alias,
                    operations=operations,
                    require_alias=True,
                    filter_path=["items.*.status", "items.*.error"],
                )
        except ApiError as error:
            self._failed(changes, error, outcome)
            return
        for change, item in zip(changes, answer["items"], strict=True):
            self._note(change, item[change.action], outcome)

    def _failed(self, changes: list[Change], error: ApiError, outcome: Outcome) -> None:
        """Note what became of a request that failed as a whole; one taken for malformed is sent again in halves."""
        if error.status_code in MALFORMED and len(changes) > 1:
            middle = len(changes) // 2
            self._send(changes[:middle], outcome)
            self._send(changes[middle:], outcome)
            return
        for change in changes:
            self._note(change, {"status": error.status_code, "error": error.body}, outcome)

    def _note(self, change: Change, result: Mapping[str, Any], outcome: Outcome) -> None:
        """Note what became of one change. A removal of what is not there is none. Raises SearchUnavailable."""
        status, reason = result["status"], reason_of(result)
        if "error" not in result:
            outcome.done.add(change.key)
        elif status in AGAIN and reason[0] != BLOCKED:
            outcome.again[change.key] = (status, reason)
        elif status in (401, 403, 404, 429):
            raise refusal(status, reason, self.indexes.where)
        elif status != CONFLICT:
            outcome.refused[change.key] = ": ".join(reason)


def portions(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Cut changes into requests of a bearable size."""
    part: list[Change] = []
    size = 0
    for change in changes:
        if part and size + change.size > MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(change)
        size += change.size
    if part:
        yield part


class IndexWriter:
    """Writes to all indexes that are used, and notes what it wrote."""

    def __init__(self, indexes: Indexes, seen: Iterable[Index], *aliases: str) -> None:
        self.indexes = indexes
        self.aliases = aliases
        self.targets = self._targets(seen)
        self.written: list[Change] = []

    def put(self, entries: Collection[Entry], *, force: bool = False) -> int:
        """Add or replace entries; returns how many were not too old. Raises Refused, naming what is not taken."""
        changes = [
            Change(str(entry.key), "index", entry.version, source(entry), text_language(entry))
            for entry in entries
        ]
        return self._write(changes, force)

    def remove(self, keys: Mapping[Key, int], *, force: bool = False) -> None:
        """Remove entries, but for those that are stored in a newer version."""
        self._write([Change(str(key), "delete", version) for key, version in keys.items()], force)

    def _write(self, changes: list[Change], force: bool) -> int:
        if not changes:
            return 0
        self.written += changes
        try:
            return self._to_all(changes, force)
        except Swapped:  # an index was put in use since these targets were found
            self._catch_up()
            return self._to_all(changes, force)

    def _to_all(self, changes: list[Change], force: bool) -> int:
        done = 0
        for target in self.targets:
            found = target.write(changes)
            if force:
                older = [change for change in changes if change.key not in found]
                found |= target.write([forced(change) for change in older])
            done = done or len(found)
        return done

    def finish(self) -> None:
        """Write to whatever came into use meanwhile, too; then make all of it visible."""
        if not self.written:
            return
        self._catch_up()
        self.indexes.refresh(self.aliases[0])

    def _catch_up(self) -> None:
        """Write all to targets that are new, until there are none."""
        while new := self._new_targets():
            for target in new:
                target.write(self.written)

    def _new_targets(self) -> list[Target]:
        known = {target.index for target in self.targets}
        self.targets = self._targets(self.indexes.look())
        return [target for target in self.targets if target.index not in known]

    def _targets(self, seen: Iterable[Index]) -> list[Target]:
        found = [
            Target(self.indexes, alias, index.name, set(index.languages))
            for alias in self.aliases
            for index in seen
            if alias in index.aliases
        ]
        if not found:
            raise IndexMissing(f"There is nothing to write to at {self.indexes.where}. {REBUILD}")
        return found


def forced(change: Change) -> Change:
    """The change whatever is stored."""
    return Change(change.key, change.action, change.version, change.body, change.language, force=True)


@contextmanager
def writing(indexes: Indexes, lock: threading.Lock, wait: float) -> Iterator[IndexWriter]:
    """Write to the index in use, one block of this process at a time; if the block fails, nothing becomes visible."""
    if not lock.acquire(timeout=wait) if wait > 0 else not lock.acquire(blocking=False):
        raise SearchBusy("Somebody else in this process is writing to Elasticsearch.")
    try:
        seen = indexes.look()
        indexes.used(seen)
        writer = IndexWriter(indexes, seen, indexes.write, indexes.filling)
        yield writer
        writer.finish()
    finally:
        lock.release()
