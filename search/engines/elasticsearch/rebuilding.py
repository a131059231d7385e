"""Rebuilding: a new index is filled beside the one in use, while whoever writes writes to both.

The one that fills it shows every few seconds that it lives. What a killed one left is removed by the next: nobody's
clock is asked, only whether the sign still changes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from search.engines import SearchBusy, SearchUnavailable
from search.engines.elasticsearch.indexes import Index, Indexes
from search.engines.elasticsearch.writing import IndexWriter
from search.entries import Entry, Key

log = logging.getLogger(__name__)

BEAT = 2.0
DEAD_AFTER = 3 * BEAT


class IndexRebuild:
    """Fills a new index."""

    def __init__(self, indexes: Indexes, name: str) -> None:
        self.indexes = indexes
        self.name = name
        self.swapped = False
        seen = [index for index in indexes.look() if index.name == name]
        self.writer = IndexWriter(indexes, seen, indexes.filling)

    def put(self, entries: Collection[Entry], *, force: bool = False) -> int:
        """Add entries, but for those that somebody wrote in a newer version meanwhile."""
        count = self.writer.put(entries, force=force)
        self.writer.written.clear()
        return count

    def remove(self, keys: Mapping[Key, int], *, force: bool = False) -> None:
        """Remove entries."""
        self.writer.remove(keys, force=force)
        self.writer.written.clear()

    @contextmanager
    def swapping(self, wait: float = 30.0) -> Iterator[None]:
        """Take the last changes and put the new index in use. Nobody need be shut out: all write to both."""
        yield
        self.indexes.refresh(self.name)
        self.indexes.swap(self.name)
        self.swapped = True


@contextmanager
def rebuilding(indexes: Indexes) -> Iterator[IndexRebuild]:
    """Fill a new index beside the one in use; it is discarded unless it was swapped in. Raises SearchBusy."""
    clear(indexes)
    name = indexes.create()
    try:
        with beating(indexes, name):
            alone(indexes, name)
            rebuild = IndexRebuild(indexes, name)
            yield rebuild
    finally:
        tidy(indexes, name)


def clear(indexes: Indexes) -> None:
    """Remove what killed rebuilds left. Raises SearchBusy if one is alive, SearchUnavailable if names are foreign."""
    indexes.check_version()
    indexes.refuse_foreign(indexes.look())
    left = filling(indexes)
    if left:
        time.sleep(DEAD_AFTER)
        beats = {index.name: index.meta.get("beat") for index in left}
        left = [index for index in filling(indexes) if index.name in beats]
        if any(index.meta.get("beat") != beats[index.name] for index in left):
            raise SearchBusy(f"Another rebuild is filling {left[0].name}. Wait for its end.")
        indexes.remove(*(index.name for index in left))


def filling(indexes: Indexes) -> list[Index]:
    """The indexes that are being filled, or were when their rebuild was killed."""
    return [index for index in indexes.look() if indexes.filling in index.aliases]


def alone(indexes: Indexes, name: str) -> None:
    """Raise SearchBusy if another rebuild began in the same moment."""
    others = [index.name for index in filling(indexes) if index.name != name]
    if others:
        raise SearchBusy(f"Another rebuild is filling {others[0]}. Wait for its end.")


@contextmanager
def beating(indexes: Indexes, name: str) -> Iterator[None]:
    """Show in a thread that the one who fills the index lives."""
    ended = threading.Event()

    def beat() -> None:
        number = 0
        while not ended.wait(BEAT):
            number += 1
            try:
                indexes.beat(name, number)
            except SearchUnavailable as error:
                log.warning("The index being filled cannot be marked: %s", error)

    thread = threading.Thread(target=beat, name="rebuild-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def tidy(indexes: Indexes, name: str) -> None:
    """Remove the index unless it is in use, and others that nobody uses; else the next rebuild does."""
    try:
        left = [index for index in indexes.look(name) if indexes.read not in index.aliases]
        indexes.remove(*(index.name for index in left))
        indexes.sweep()
    except SearchUnavailable as error:
        log.warning("Indexes that nobody uses were not removed: %s", error)
