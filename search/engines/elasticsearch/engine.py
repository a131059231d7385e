"""The Elasticsearch engine: searches, suggests, and hands out the right to write."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from elasticsearch.dsl import Q, Search

from search import weights
from search.analysis import prepare
from search.deadlines import Deadline
from search.engines import Status, Stored, showing
from search.engines.elasticsearch import counting, spelling
from search.engines.elasticsearch.clauses import Builder
from search.engines.elasticsearch.client import Server, Swapped, address, telling
from search.engines.elasticsearch.indexes import Indexes
from search.engines.elasticsearch.rebuilding import IndexRebuild, rebuilding
from search.engines.elasticsearch.writing import IndexWriter, writing
from search.engines.indexing import SEPARATOR
from search.engines.words import exact
from search.entries import Key
from search.query import Query
from search.results import LazyHits, Results, Suggestion

STREAMED = 2_000
KEPT = "2m"
LOOKED = 300.0
ORDERS = {
    "best": [{"_score": {"order": "desc"}}, {"place": {"order": "desc"}}],
    "newest": [{"newest": {"order": "desc"}}],
    "title": [{"sort_title": {"order": "asc"}}],
}

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """The index that was last found in use, the languages of its texts, and until when that is taken for true."""

    index: str
    languages: tuple[str, ...]
    until: float


def connect(url: str) -> ElasticsearchEngine:
    """The engine at an address such as `elasticsearch+https://user:password@host:9200/prefix`."""
    return ElasticsearchEngine(Server(address(url)))


class ElasticsearchEngine:
    """See `search.engines.Engine`."""

    embedded = False

    def __init__(self, server: Server) -> None:
        self.server = server
        self.indexes = Indexes(server)
        self._opened: Opened | None = None
        self._writing = threading.Lock()

    # -- reading --------------------------------------------------------------------------------------------------

    def search(
        self, query: Query, pending: Collection[Key] = (), deadline: Deadline | None = None
    ) -> Results:
        """Answer a query: in one request, and in a second one when nothing was found and a word may be misspelled."""
        if not query.principals:
            return Results(notes=query.notes)
        started = time.perf_counter()
        deadline = deadline or Deadline.of_a_reader()
        results = self._search(query, Builder(query.principals, pending), deadline)
        return replace(results, took=(time.perf_counter() - started) * 1_000)

    def search_each(
        self, queries: Sequence[Query], pending: Collection[Key] = (), deadline: Deadline | None = None
    ) -> list[Results]:
        """Answer several queries in one request; no other spellings are asked for."""
        deadline = deadline or Deadline.of_a_reader()
        builders = [Builder(query.principals, pending) for query in queries]
        bodies = [self._body(*each, deadline) for each in zip(builders, queries, strict=True)]
        answers = self._ask(bodies, deadline)
        return [self._results(*each) for each in zip(builders, queries, answers, strict=True)]

    def _search(self, query: Query, builder: Builder, deadline: Deadline) -> Results:
        words = spelling.doubtful(query)
        probes = spelling.probes(builder, words)
        answer, *told = self._ask([self._body(builder, query, deadline), *probes], deadline)
        suggestion = ""
        respell = not answer["hits"]["total"] and deadline.allows_more
        proposed = spelling.proposals(words, told) if respell else {}
        if proposed:
            builder.spelling = proposed
            bodies = [self._body(builder, query, deadline), spelling.checking(builder, proposed)]
            answer, counted = self._ask(bodies, deadline)
            builder.spelling = spelling.readable(proposed, counted)
            suggestion = showing.respelled(query, builder.spelling)
        results = self._results(builder, query, answer)
        return replace(results, suggestion=suggestion, similar=bool(proposed and results.total))

    def _results(self, builder: Builder, query: Query, answer: Answer) -> Results:
        return Results(
            hits=self._hits(builder, query, answer),
            total=answer["hits"]["total"],
            facets=counting.facets(query, answer["aggregations"]) if counting.wanted(query) else (),
            notes=query.notes,
        )

    def _body(self, builder: Builder, query: Query, deadline: Deadline) -> Answer:
        """The search for one page, with its facets."""
        later = counting.chosen(query)
        now = [chosen for chosen in query.filters if chosen not in later]
        search = Search().query(builder.query(query, now, ranked=query.sort == "best"))
        search = search.sort(*ORDERS[query.sort])[query.offset : query.offset + query.size]
        search = search.source(["shown"]).extra(track_total_hits=True, timeout=_timeout(deadline))
        if later:
            search = search.post_filter(Q("bool", filter=[builder.filter(chosen) for chosen in later]))
        for name, counted in counting.aggregations(builder, query).items():
            search.aggs.bucket(name, counted)
        return dict(search.to_dict())

    def _hits(self, builder: Builder, query: Query, answer: Answer) -> LazyHits:
        found = ((hit["_source"]["shown"], hit["_score"] or 0.0) for hit in answer["hits"]["hits"])
        languages = self._opened.languages if self._opened else ("en",)
        return showing.hits(found, query, builder.spelling, languages)

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
        deadline = deadline or Deadline.of_a_reader()
        clause = _suggesting(Builder(principals, pending), words, kinds)
        search = Search().query(clause).sort(*ORDERS["best"])[:size].source(["shown"])
        search = search.extra(track_total_hits=False, timeout=_timeout(deadline))
        answer = self._ask([search.to_dict()], deadline)[0]
        return [showing.suggestion(hit["_source"]["shown"], words) for hit in answer["hits"]["hits"]]

    def _ask(self, bodies: list[Answer], deadline: Deadline) -> list[Answer]:
        """Answers from the index in use, within what is left of the reader's time; asked again if it was swapped."""
        opened = self._opened
        if opened is None or time.monotonic() > opened.until:
            opened = self._open(deadline)
        try:
            answers = self.server.ask(bodies, self.indexes.read, deadline)
        except Swapped:
            opened = self._open(deadline)
            answers = self.server.ask(bodies, self.indexes.read, deadline)
        if any(hit["_index"] != opened.index for hit in answers[0]["hits"]["hits"]):
            self._open(
                deadline
            )  # before anything is shown: another index has taken the name, and it may be anybody's
        return answers

    def _open(self, deadline: Deadline) -> Opened:
        """Look which index is in use, and whether it is ours, before it is first asked."""
        with self.server.breaker.guarding(self.server.where):
            index = self.indexes.current(deadline)
        others = sorted(index.languages - {"en"})
        self._opened = Opened(index.name, ("en", *others), time.monotonic() + LOOKED)
        return self._opened

    # -- writing --------------------------------------------------------------------------------------------------

    def writing(self, wait: float = 0.0) -> AbstractContextManager[IndexWriter]:
        """The right to write, for one block of this process; other processes need not be waited for."""
        return writing(self.indexes, self._writing, wait)

    def rebuild(self) -> AbstractContextManager[IndexRebuild]:
        """Begin a new index beside the one in use."""
        return rebuilding(self.indexes)

    # -- the whole index ------------------------------------------------------------------------------------------

    def stored(self) -> Iterator[Stored]:
        """All entries of one moment, streamed."""
        self.indexes.current()
        client = self.server.writing
        with telling(self.indexes.where):
            moment = client.open_point_in_time(index=self.indexes.read, keep_alive=KEPT)["id"]
        try:
            after: list[Any] | None = None
            while True:
                with telling(self.indexes.where):
                    answer = client.search(
                        pit={"id": moment, "keep_alive": KEPT},
                        size=STREAMED,
                        sort=[{"_shard_doc": "asc"}],
                        search_after=after,
                        source_includes=["version", "digest", "readers"],
                        track_total_hits=False,
                    )
                hits = answer["hits"]["hits"]
                yield from (_stored(hit) for hit in hits)
                if len(hits) < STREAMED:
                    return
                after = hits[-1]["sort"]
        finally:
            with telling(self.indexes.where):
                client.close_point_in_time(id=moment)

    def status(self) -> Status:
        """The state of the index."""
        index = self.indexes.current(Deadline.of_a_reader())
        client = self.server.until(Deadline.of_a_reader())
        with telling(self.indexes.where):
            entries = client.count(index=self.indexes.read)["count"]
            stats = client.indices.stats(
                index=self.indexes.read, metric="store", filter_path="_all.primaries"
            )
        return Status(
            engine=f"elasticsearch {self.indexes.version(Deadline.of_a_reader())}".strip(),
            place=f"{self.server.where}/{index.name}",
            entries=entries,
            size=stats["_all"]["primaries"]["store"]["size_in_bytes"],
            written="",
        )

    def check(self) -> None:
        """Ask whether the server is there, new enough, lets us in, and whether the index is ours."""
        self.indexes.check_version(Deadline.of_a_reader())
        self.indexes.current(Deadline.of_a_reader())


def _timeout(deadline: Deadline) -> str:
    """How long the server works at an answer: a little less than somebody waits for it."""
    return f"{int(deadline.left * 900)}ms"


def _stored(hit: Answer) -> Stored:
    kept = hit["_source"]
    return Stored(Key.read(hit["_id"]), kept["version"], kept["digest"], frozenset(kept["readers"]))


def _suggesting(builder: Builder, words: list[str], kinds: Collection[str]) -> Any:
    """All words begin as typed; first words and whole titles come first."""
    clauses = [builder.flat(Q("term", starts=word), 1.0) for word in words]
    filters = [builder.access()]
    if kinds:
        filters.append(Q("terms", **{"is": [SEPARATOR.join(("kind", "all", kind)) for kind in kinds]}))
    first = builder.flat(Q("term", firsts=words[0]), weights.SUGGEST_FIRST)
    whole = builder.flat(Q("term", whole=" ".join(words)), weights.SUGGEST_WHOLE)
    clause = Q("bool", must=clauses, filter=filters, should=[first, whole])
    standing = {"field": "standing", "missing": 1.0}
    return Q("function_score", query=clause, field_value_factor=standing, boost_mode="multiply")
