"""Writing to the index: one writer, one commit for all that waits."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tantivy

from search.engines.tantivy.documents import document
from search.engines.tantivy.folder import Folder, telling
from search.engines.tantivy.schema import build_schema, register_analyzers
from search.entries import Entry, Key

HEAP = 32_000_000
REBUILD_HEAP = 128_000_000


def open_index(path: Path, *, create: bool = False) -> tantivy.Index:
    """Open a generation with its analyzers."""
    index = tantivy.Index(build_schema(), path=str(path)) if create else tantivy.Index.open(str(path))
    register_analyzers(index)
    return index


class IndexWriter:
    """Puts and removes documents of one generation; `commit` makes them visible, `close` gives back the lock."""

    def __init__(
        self, index: tantivy.Index, *, heap: int = HEAP, threads: int = 1, fresh: bool = False
    ) -> None:
        self.index = index
        self.writer = index.writer(heap, threads)
        self.fresh = fresh
        self.changed = False

    def put(self, entries: Collection[Entry], *, force: bool = False) -> int:
        """Add or replace entries, but for those that are stored in a newer version, unless forced."""
        newer = set() if self.fresh or force else self._newer({e.key: e.version for e in entries})
        documents = [(entry.key, document(entry)) for entry in entries if entry.key not in newer]
        for key, doc in documents:
            if not self.fresh:
                self.writer.delete_documents_by_term("key", str(key))
            self.writer.add_document(doc)
        self.changed = self.changed or bool(documents)
        return len(documents)

    def remove(self, keys: Mapping[Key, int], *, force: bool = False) -> None:
        """Remove documents, but for those that are stored in a newer version, unless forced."""
        newer = set() if self.fresh or force else self._newer(keys)
        for key in keys.keys() - newer:
            self.writer.delete_documents_by_term("key", str(key))
        self.changed = self.changed or bool(keys)

    def commit(self) -> None:
        """Write what came so far."""
        if self.changed:
            self.writer.commit()
            self.changed = False

    def close(self) -> None:
        """Wait for merges and give the index's own lock back: the next writer would fail on either."""
        self.writer.wait_merging_threads()

    def _newer(self, versions: Mapping[Key, int]) -> set[Key]:
        """Those of the keys that the last commit holds in a newer version."""
        self.index.reload()
        searcher = self.index.searcher()
        newer = set()
        for key, version in versions.items():
            query = tantivy.Query.term_query(self.index.schema, "key", str(key), "basic")
            addresses = [address for _score, address in searcher.search(query, 1, count=False).hits]
            stored = searcher.fast_field_values("version", addresses)
            if stored and stored[0] is not None and stored[0] > version:
                newer.add(key)
        return newer


@contextmanager
def writing(folder: Folder, wait: float) -> Iterator[IndexWriter]:
    """Hold the lock and a writer of the generation in use; nothing is written if the block fails."""
    with folder.locked("write", wait):
        with telling():
            writer = IndexWriter(open_index(folder.current()))
        try:
            yield writer
            with telling():
                writer.commit()
        except BaseException:
            with telling():
                writer.writer.rollback()
            raise
        finally:
            writer.close()


class IndexRebuild:
    """Fills a new generation."""

    def __init__(self, folder: Folder, path: Path) -> None:
        self.folder = folder
        self.path = path
        self.swapped = False
        self.writer = IndexWriter(open_index(path, create=True), heap=REBUILD_HEAP, threads=1, fresh=True)

    def put(self, entries: Collection[Entry], *, force: bool = False) -> int:
        """Add entries; before `swapping` each comes once."""
        return self.writer.put(entries, force=force)

    def remove(self, keys: Mapping[Key, int], *, force: bool = False) -> None:
        """Remove entries."""
        self.writer.remove(keys, force=force)

    @contextmanager
    def swapping(self, wait: float = 30.0) -> Iterator[None]:
        """Shut out other writers, take the last changes, and put the new generation in use."""
        with telling():
            self.writer.commit()
        self.writer.fresh = False
        with self.folder.locked("write", wait):
            yield
            with telling():
                self.writer.commit()
                self.writer.close()
                self.folder.swap(self.path)
            self.swapped = True


@contextmanager
def rebuilding(folder: Folder) -> Iterator[IndexRebuild]:
    """Fill a new generation beside the one in use; it is discarded unless it was swapped in."""
    with folder.locked("rebuild", 0.0):
        with telling():
            rebuild = IndexRebuild(folder, folder.begin())
        try:
            yield rebuild
        finally:
            if not rebuild.swapped:
                shutil.rmtree(rebuild.path, ignore_errors=True)
