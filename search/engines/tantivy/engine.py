"""The embedded engine: searches, suggests, and hands out the right to write."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import tantivy
from django.core.exceptions import ImproperlyConfigured

from search import weights
from search.analysis import prepare
from search.deadlines import Deadline
from search.engines import IndexMissing, SearchUnavailable, Status, Stored, showing
from search.engines.indexing import SEPARATOR
from search.engines.tantivy.clauses import MUST, Builder, flat
from search.engines.tantivy.counting import facets
from search.engines.tantivy.folder import REBUILD, Folder, telling
from search.engines.tantivy.spelling import Vocabulary, spellings
from search.engines.tantivy.writing import IndexRebuild, IndexWriter, open_index, rebuilding, writing
from search.engines.words import exact
from search.entries import Key
from search.query import Query
from search.results import LazyHits, Results, Suggestion

FEW = 3
SPARE = 20


class Found(NamedTuple):
    """The hits of a page, each with its score, and the number of all."""

    total: int
    hits: list[tuple[Any, tantivy.DocAddress]]


@dataclass(frozen=True, slots=True)
class Opened:
    """One state of the index, as this process sees it."""

    process: int
    mark: tuple[str, int, int]
    index: tantivy.Index
    searcher: tantivy.Searcher
    vocabulary: Vocabulary
    languages: tuple[str, ...]


def connect(url: str) -> TantivyEngine:
    """The engine in the folder that a `tantivy:///folder` address names."""
    parts = urlsplit(url)
    if parts.netloc or len(parts.path) < 2:
        raise ImproperlyConfigured(
            f"SEARCH_URL is {url!r}. Write tantivy:// and then the whole path of a folder."
        )
    return TantivyEngine(Path("/", unquote(parts.path).lstrip("/")))


class TantivyEngine:
    """See `search.engines.Engine`."""

    embedded = True

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path)
        self._opened: Opened | None = None
        self._lock = threading.Lock()

    # -- reading --------------------------------------------------------------------------------------------------

    def search(
        self, query: Query, pending: Collection[Key] = (), deadline: Deadline | None = None
    ) -> Results:
        """Answer a query. Nothing here waits, so there is nothing to be cut short."""
        started = time.perf_counter()
        with telling():
            results = self._search(query, pending)
        return replace(results, took=(time.perf_counter() - started) * 1_000)

    def search_each(
        self, queries: Sequence[Query], pending: Collection[Key] = (), deadline: Deadline | None = None
    ) -> list[Results]:
        """Answer several queries; no other spellings are looked for."""
        with telling():
            opened = self._open()
            return [self._as_spelled(opened, query, pending) for query in queries]

    def _as_spelled(self, opened: Opened, query: Query, pending: Collection[Key]) -> Results:
        builder = self._builder(opened, query.principals)
        found = _top(opened.searcher, builder.query(query, pending), query)
        return self._results(builder, query, pending, found)

    def _search(self, query: Query, pending: Collection[Key]) -> Results:
        opened = self._open()
        builder = self._builder(opened, query.principals)
        main = builder.query(query, pending)
        found = _top(opened.searcher, main, query)
        suggestion, similar = "", False
        if found.total <= FEW and query.words:
            builder.spelling = spellings(builder, opened.vocabulary, showing.spellable(query))
            suggestion = showing.respelled(query, builder.spelling)
            if not found.total and builder.spelling:
                main = builder.query(query, pending)
                found = _top(opened.searcher, main, query)
                similar = bool(found.total)
        results = self._results(builder, query, pending, found)
        return replace(results, suggestion=suggestion, similar=similar)

    def _results(self, builder: Builder, query: Query, pending: Collection[Key], found: Found) -> Results:
        return Results(
            hits=self._hits(builder, query, found),
            total=found.total,
            facets=facets(builder, query, pending) if query.facets and query.principals else (),
            notes=query.notes,
        )

    def _hits(self, builder: Builder, query: Query, top: Found) -> LazyHits:
        found = ((shown_at(builder.searcher, address), score) for score, address in top.hits)
        return showing.hits(found, query, builder.spelling, builder.languages)

    def suggest(
        self,
        text: str,
        principals: frozenset[str],
        size: int = 8,
        kinds: Collection[str] = (),
        pending: Collection[Key] = (),
        deadline: Deadline | None = None,
    ) -> list[Suggestion]:
        """Titles and names with words that begin as typed."""
        words = exact(prepare(text)[:100])[:8]
        if not words or not principals:
            return []
        with telling():
            opened = self._open()
            builder = self._builder(opened, principals)
            clause = _suggesting(builder, words, kinds, pending)
            found = opened.searcher.search(clause, size, count=False, weight_by_field="weight")
            shown = [shown_at(opened.searcher, address) for _score, address in found.hits]
            return [showing.suggestion(each, words) for each in shown]

    def stored(self) -> Iterator[Stored]:
        """All entries as the index knows them."""
        with telling():
            searcher = self._open().searcher
            everything = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1), count=False)
            for _score, address in everything.hits:
                doc = searcher.doc(address)
                yield Stored(
                    Key.read(doc["key"][0]), doc["version"][0], doc["digest"][0], frozenset(doc["readers"])
                )

    def status(self) -> Status:
        """The state of the index."""
        with telling():
            opened = self._open()
            written = datetime.fromtimestamp(opened.mark[1] / 1e9, UTC)
            return Status(
                engine=f"tantivy {version('tantivy')}",
                place=str(self.folder.current()),
                entries=opened.searcher.num_docs,
                size=self.folder.size(),
                written=written.isoformat(timespec="seconds"),
            )

    def check(self) -> None:
        """Open the index, where that was not done yet. A broken one lies on our own disk: building it anew cures it."""
        try:
            with telling():
                self._open()
        except IndexMissing:
            raise
        except SearchUnavailable as error:
            raise IndexMissing(f"{error} {REBUILD}") from error

    def _builder(self, opened: Opened, principals: frozenset[str]) -> Builder:
        return Builder(opened.index.schema, opened.searcher, principals, opened.languages)

    # -- writing --------------------------------------------------------------------------------------------------

    def writing(self, wait: float = 0.0) -> AbstractContextManager[IndexWriter]:
        """The right to write, for one block."""
        return writing(self.folder, wait)

    def rebuild(self) -> AbstractContextManager[IndexRebuild]:
        """Begin a new index beside the one in use."""
        return rebuilding(self.folder)

    # -- which state of the index ---------------------------------------------------------------------------------

    def _open(self) -> Opened:
        """The newest state. Opened after a fork, never before; looked at anew when its meta file has changed."""
        try:
            return self._newest()
        except FileNotFoundError:
            return self._newest()  # swapped away between reading the pointer and opening

    def _newest(self) -> Opened:
        path = self.folder.current()
        meta = (path / "meta.json").stat()
        mark = (path.name, meta.st_mtime_ns, meta.st_ino)
        with self._lock:
            opened = self._opened
            if opened is None or opened.process != os.getpid() or opened.mark != mark:
                same = opened is not None and opened.process == os.getpid() and opened.mark[0] == mark[0]
                index = opened.index if opened and same else open_index(path)
                self._opened = opened = _opened(index, mark)
            return opened


def _opened(index: tantivy.Index, mark: tuple[str, int, int]) -> Opened:
    index.reload()
    searcher = index.searcher()
    prefix = f"language{SEPARATOR}all{SEPARATOR}"
    found = tuple(term.removeprefix(prefix) for term, _n in searcher.terms_with_prefix("is", prefix))
    languages = ("en", *(language for language in found if language != "en"))
    return Opened(os.getpid(), mark, index, searcher, Vocabulary(searcher), languages)


def shown_at(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    """What is kept of an entry to show it."""
    shown: dict[str, Any] = json.loads(searcher.doc(address)["shown"][0])
    return shown


def _top(searcher: tantivy.Searcher, clause: tantivy.Query, query: Query) -> Found:
    """The hits of one page, in the order asked for, and their whole number."""
    if query.sort == "newest":
        found: Any = searcher.search(clause, query.size, order_by_field="newest", offset=query.offset)
        return Found(found.count, found.hits)
    if query.sort == "title":
        order = tantivy.Order.Asc
        found = searcher.search(
            clause, query.size, order_by_field="sort_title", offset=query.offset, order=order
        )
        return Found(found.count, found.hits)
    if not query.words:
        clause = tantivy.Query.boolean_query([(MUST, clause), (MUST, flat(tantivy.Query.all_query(), 1.0))])
    return _best(searcher, clause, query)


def _best(searcher: tantivy.Searcher, clause: tantivy.Query, query: Query) -> Found:
    """The hits by score, equals by their place: a few beyond the page are fetched to see all of a group of equals."""
    found: Any = searcher.search(clause, query.offset + query.size + SPARE, weight_by_field="weight")
    places: list[Any] = searcher.fast_field_values("place", [address for _score, address in found.hits])
    ordered = sorted(zip(found.hits, places, strict=True), key=lambda each: (-each[0][0], -each[1]))
    return Found(found.count, [hit for hit, _place in ordered[query.offset : query.offset + query.size]])


def _suggesting(
    builder: Builder, words: list[str], kinds: Collection[str], pending: Collection[Key]
) -> tantivy.Query:
    """All words begin as typed; first words and whole titles come first."""
    clauses = [(MUST, flat(builder.term("starts", word), 1.0)) for word in words]
    clauses += [(MUST, builder.access()), *builder.excluded(pending)]
    if kinds:
        tokens = [SEPARATOR.join(("kind", "all", kind)) for kind in kinds]
        clauses.append((MUST, flat(builder.has_any(tokens))))
    first = flat(builder.term("starts", f"^{words[0]}"), weights.SUGGEST_FIRST)
    whole = flat(builder.term("whole", " ".join(words)), weights.SUGGEST_WHOLE)
    clauses += [(tantivy.Occur.Should, first), (tantivy.Occur.Should, whole)]
    return tantivy.Query.boolean_query(clauses)
