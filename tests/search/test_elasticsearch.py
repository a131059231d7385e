"""The Elasticsearch engine on a real server: the contract, and what is its own: aliases, versions, requests, errors."""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, Transport
from elasticsearch import ApiError, Elasticsearch
from pytest_django.fixtures import Settings

from search.engines import IndexMissing, SearchBusy, SearchUnavailable, Writer, engine_at
from search.engines.elasticsearch import ElasticsearchEngine, client, rebuilding, writing
from search.engines.elasticsearch.client import Breaker, Server, Unreachable, address
from search.engines.elasticsearch.indexes import Indexes
from search.entries import Entry, LanguageFact
from search.query import Query
from tests.search.contract import EngineContract, ask, counts, fill, suggested, synonymous, titles
from tests.search.samples import CORPUS, article, person

__all__ = ["synonymous"]


class Watched(ElasticsearchEngine):
    """An engine that knows whether anybody was given the right to change it."""

    touched = True

    def writing(self, wait: float = 0.0) -> AbstractContextManager[Any]:
        self.touched = True
        return super().writing(wait)

    def rebuild(self) -> AbstractContextManager[Any]:
        self.touched = True
        return super().rebuild()


def emptied(engine: Watched, entries: Collection[Entry] = ()) -> Watched:
    """The engine with these entries and no others."""
    with engine.rebuild() as new, new.swapping():
        new.put(entries)
    return engine


@pytest.fixture(autouse=True)
def patient(settings: Settings) -> None:
    """A machine that runs many tests at once is slow."""
    settings.SEARCH_TIMEOUT = 20.0


@pytest.fixture(scope="module")
def shared(elasticsearch_url: str) -> Iterator[Watched]:
    """One prefix for all tests: making an index takes the server longer than most tests."""
    engine = Watched(Server(address(f"elasticsearch+{elasticsearch_url}/test-{uuid.uuid4().hex[:12]}")))
    yield engine
    engine.indexes.remove(*(index.name for index in engine.indexes.look(f"{engine.indexes.prefix}-*")))
    engine.server.writing.indices.delete_index_template(name=f"{engine.indexes.prefix}-*")


@pytest.fixture
def engine(shared: Watched) -> Watched:
    """An empty index."""
    return emptied(shared)


@pytest.fixture
def filled(shared: Watched) -> Watched:
    """The engine with the sample entries; the one of the test before, if that test only looked at it."""
    if shared.touched:
        emptied(shared, CORPUS)
        shared.touched = False
    return shared


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that go to the server from now on."""
    sent: list[str] = []
    perform = Transport.perform_request

    def counting(self: Transport, method: str, target: str, **more: Any) -> Any:
        sent.append(f"{method} {target.partition('?')[0]}")
        return perform(self, method, target, **more)

    monkeypatch.setattr(Transport, "perform_request", counting)
    return sent


class TestElasticsearch(EngineContract):
    """The engine keeps the contract."""


# -- requests -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "params", "count"),
    [
        ("recognition of governments", "", 1),
        ("", "region=afg&kind=person&tag=visas", 1),
        ("speaks:pus>=3 -tag:visas", "sort=newest", 1),
        ('"travel documents" isla*', "page=3", 1),
        ("recogniton", "", 2),
        ("xqzwvkjh", "", 1),
    ],
)
def test_a_page_is_one_request_and_a_second_only_for_other_spellings(
    filled: Watched, requests: list[str], text: str, params: str, count: int
) -> None:
    ask(filled, "")
    requests.clear()
    ask(filled, text, "o:3", "u:1", params=params)
    assert requests == ["POST /_msearch"] * count


def test_suggestions_are_one_request(filled: Watched, requests: list[str]) -> None:
    filled.suggest("rec", frozenset({"all"}))
    requests.clear()
    filled.suggest("recog", frozenset({"all"}))
    assert requests == ["POST /_msearch"]


def test_the_last_page_that_can_be_asked_for_is_answered(filled: Watched) -> None:
    assert ask(filled, "", params="page=1000", size=100).total == 7


# -- indexes and aliases ------------------------------------------------------------------------------------------


def names(engine: ElasticsearchEngine) -> list[str]:
    """The indexes under the engine's prefix."""
    return [index.name for index in engine.indexes.look(f"{engine.indexes.prefix}-*")]


def test_one_index_stands_behind_both_names_and_no_other_is_left(engine: Watched) -> None:
    before = names(engine)
    emptied(engine)
    [index] = engine.indexes.look()
    assert index.aliases == {engine.indexes.read, engine.indexes.write}
    assert names(engine) == [index.name] != before


def test_the_server_makes_no_field_and_no_index_by_itself(engine: Watched) -> None:
    raw, name = engine.server.writing, engine.indexes.write
    with pytest.raises(ApiError, match="strict_dynamic_mapping"):
        raw.index(index=name, document={"surprise": 1})
    emptied(engine)
    engine.indexes.remove(*names(engine))
    with pytest.raises(IndexMissing, match="rebuild_search"), engine.writing() as writer:
        writer.put([article(1, "Visa")])
    assert names(engine) == []


def lose_and_write(engine: ElasticsearchEngine, writer: Writer) -> None:
    """Write to an index that was removed meanwhile."""
    engine.indexes.remove(*names(engine))
    writer.put([article(1, "Visa")])


def test_an_index_removed_while_somebody_writes_is_not_made_again(engine: Watched) -> None:
    with pytest.raises(IndexMissing), engine.writing() as writer:
        lose_and_write(engine, writer)
    assert names(engine) == []
    with pytest.raises(IndexMissing, match="rebuild_search"):
        ask(engine, "visa")
    with pytest.raises(IndexMissing, match="rebuild_search"):
        engine.check()
    emptied(engine, [article(1, "Visa")])
    assert ask(engine, "visa").total == 1


def test_a_language_that_is_new_gets_its_fields(engine: Watched) -> None:
    fill(engine, [article(1, "Besuche", "Alle Verträge wurden verhandelt", language="de")])
    assert titles(ask(engine, "vertrag verhandelte")) == ["Besuche"]
    fill(engine, [article(2, "Visite", "Les ambassadeurs négociaient", language="xx")])
    assert titles(ask(engine, "negociaient")) == ["Visite"]


@pytest.mark.parametrize("alias", ["read", "write", "itself"])
def test_somebody_elses_index_under_our_name_is_refused_and_left_alone(
    elasticsearch_url: str, alias: str
) -> None:
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    engine = ElasticsearchEngine(Server(address(f"elasticsearch+{elasticsearch_url}/{prefix}")))
    raw = engine.server.writing
    theirs = f"{prefix}-read" if alias == "itself" else f"{prefix}-theirs"
    raw.indices.create(index=theirs, aliases={} if alias == "itself" else {f"{prefix}-{alias}": {}})
    raw.index(index=theirs, document={"title": "Theirs"}, refresh=True)
    try:
        for deed in deeds(engine):
            with pytest.raises(SearchUnavailable, match="not ours"):
                deed()
        assert raw.count(index=theirs)["count"] == 1
        assert names(engine) == [theirs]
    finally:
        engine.indexes.remove(theirs)


def test_an_index_that_takes_our_name_while_we_run_is_not_shown(engine: Watched) -> None:
    fill(engine, [article(1, "Visa")])
    fresh = ElasticsearchEngine(engine.server)
    assert ask(fresh, "").total == 1
    prefix, raw = engine.indexes.prefix, engine.server.writing
    raw.indices.create(
        index=f"{prefix}-theirs",
        mappings={"properties": {"readers": {"type": "keyword"}, "is": {"type": "keyword"}}},
    )
    raw.index(index=f"{prefix}-theirs", document={"readers": "all", "title": "Theirs"}, refresh=True)
    moved = [{"remove": {"index": "*", "alias": engine.indexes.read}},
             {"add": {"index": f"{prefix}-theirs", "alias": engine.indexes.read}}]  # fmt: skip
    raw.indices.update_aliases(actions=moved)
    try:
        with pytest.raises(SearchUnavailable):
            fresh.search(Query(principals=frozenset({"all"}), sort="title"))
    finally:
        engine.indexes.remove(*names(engine))


def deeds(engine: ElasticsearchEngine) -> list[Callable[[], object]]:
    """All that needs the index."""
    return [
        engine.check,
        engine.status,
        lambda: ask(engine, "theirs"),
        lambda: list(engine.stored()),
        lambda: fill(engine, [article(1, "Ours")]),
        lambda: engine.rebuild().__enter__(),
    ]


def test_an_index_of_another_version_of_ours_asks_to_be_built_again(engine: Watched) -> None:
    [index] = engine.indexes.look()
    engine.server.writing.indices.put_mapping(index=index.name, meta={"product": "diplopedia", "format": 0})
    fresh = ElasticsearchEngine(engine.server)
    for deed in (fresh.check, lambda: ask(fresh, "visa"), lambda: fill(fresh, [article(1, "Visa")])):
        with pytest.raises(IndexMissing, match="another version"):
            deed()
    emptied(engine)
    assert ask(fresh, "visa").total == 0


# -- versions and items -------------------------------------------------------------------------------------------


def test_a_removal_is_not_undone_by_an_older_entry_nor_does_it_undo_a_newer(engine: Watched) -> None:
    fill(engine, [article(1, "Kept", version=7), article(2, "Gone", version=5)])
    with engine.writing() as writer:
        writer.remove({article(1, "").key: 6, article(2, "").key: 6})
        assert writer.put([article(2, "Gone", version=5)]) == 0
    assert titles(ask(engine, "")) == ["Kept"]
    with engine.writing() as writer:
        assert writer.put([article(2, "Back", version=6)]) == 1
        writer.remove({article(1, "").key: 1}, force=True)
    assert titles(ask(engine, "")) == ["Back"]


def test_an_entry_that_the_server_refuses_is_named_and_the_others_are_written(engine: Watched) -> None:
    bad = person(9, "Polyglot", languages=tuple(LanguageFact(f"l{n}", "L") for n in range(10_001)))
    with engine.writing() as writer, pytest.raises(writing.Refused, match="person:9") as refused:
        writer.put([article(1, "Visa"), bad, article(2, "Permit")])
    assert set(refused.value.reasons) == {"person:9"}
    assert titles(ask(engine, "", params="sort=title")) == ["Permit", "Visa"]


def test_a_request_that_is_malformed_as_a_whole_is_the_fault_of_one_entry(engine: Watched) -> None:
    entries = [article(pk, f"Note {pk}", version=-5 if pk == 3 else 1) for pk in range(1, 6)]
    with engine.writing() as writer, pytest.raises(writing.Refused, match="article:3"):
        writer.put(entries)
    assert ask(engine, "").total == 4


def test_text_that_is_no_text_is_refused_before_it_is_sent(engine: Watched) -> None:
    with engine.writing() as writer, pytest.raises(UnicodeEncodeError):
        writer.put([article(1, "Half \ud800 a character")])


def meta(status: int) -> ApiResponseMeta:
    """What goes with an answer."""
    return ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9200))


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the server answer that it has no time: for one item, or for the whole request, so many times."""
    bulk = Elasticsearch.bulk
    monkeypatch.setattr(writing, "PAUSES", (0.01, 0.02, 0.04))

    def make(
        times: int, status: int, kind: str = "es_rejected_execution_exception", *, whole: bool = False
    ) -> None:
        left = [times]

        def answering(self: Elasticsearch, **more: Any) -> Any:
            left[0] -= 1
            error = {"type": kind, "reason": "no time"}
            if left[0] < 0:
                return bulk(self, **more)
            if whole:
                raise ApiError(
                    "no time", meta(status), {"error": error} if status == 429 else "<h1>no time</h1>"
                )
            others = more["operations"][2:]
            done = bulk(self, **{**more, "operations": others})["items"] if others else []
            return {"items": [{"index": {"status": status, "error": error}}, *done]}

        monkeypatch.setattr(Elasticsearch, "bulk", answering)

    return make


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("status", [429, 503])
def test_what_the_server_has_no_time_for_is_tried_again(
    engine: Watched, busy: Callable[..., None], status: int, whole: bool
) -> None:
    busy(2, status, whole=whole)
    with engine.writing() as writer:
        assert writer.put([article(1, "Visa"), article(2, "Permit")]) == 2
    assert ask(engine, "").total == 2


def test_a_server_that_never_has_time_or_is_full_is_unavailable(
    engine: Watched, busy: Callable[..., None]
) -> None:
    busy(99, 429)
    with pytest.raises(SearchUnavailable, match="busy"), engine.writing() as writer:
        writer.put([article(1, "Visa"), article(2, "Permit")])
    busy(1, 429, client.BLOCKED)
    with pytest.raises(SearchUnavailable, match="disk"), engine.writing() as writer:
        writer.put([article(1, "Visa"), article(2, "Permit")])


def test_a_read_only_index_is_unavailable_until_it_can_be_written_again(engine: Watched) -> None:
    raw, name = engine.server.writing, engine.indexes.write
    raw.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(SearchUnavailable, match="takes no changes"):
        fill(engine, [article(1, "Visa")])
    raw.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})
    fill(engine, [article(1, "Visa")])
    assert ask(engine, "visa").total == 1


# -- writers and rebuilds -----------------------------------------------------------------------------------------


def test_what_is_written_during_a_rebuild_is_in_the_new_index(engine: Watched) -> None:
    fill(engine, [article(1, "Old"), article(2, "Gone"), article(3, "Same")])
    with engine.rebuild() as new:
        fill(engine, [article(1, "Edited", version=2), article(4, "Added")])
        with engine.writing() as writer:
            writer.remove({article(2, "").key: 2})
        assert titles(ask(engine, "", params="sort=title")) == ["Added", "Edited", "Same"]
        new.put([article(1, "Old"), article(2, "Gone"), article(3, "Same")])
        with new.swapping():
            pass
    assert titles(ask(engine, "", params="sort=title")) == ["Added", "Edited", "Same"]


def test_who_began_to_write_before_a_rebuild_writes_to_both(engine: Watched) -> None:
    with engine.writing() as writer:
        with engine.rebuild() as new:
            writer.put([article(1, "Visa")])
            writer.finish()
            with new.swapping():
                pass
        writer.put([article(2, "Permit")])
    assert titles(ask(engine, "", params="sort=title")) == ["Permit", "Visa"]


def test_a_removal_that_meets_a_swap_reaches_the_new_index(engine: Watched) -> None:
    fill(engine, [article(1, "Visa"), article(2, "Permit")])
    with engine.rebuild() as new:
        new.put([article(1, "Visa"), article(2, "Permit")])
        with engine.writing() as writer:
            with new.swapping():
                pass
            writer.remove({article(1, "").key: 2})
    assert titles(ask(engine, "")) == ["Permit"]
    assert len(names(engine)) == 1


def test_a_search_during_a_swap_is_asked_of_the_new_index(engine: Watched, requests: list[str]) -> None:
    fill(engine, [article(1, "Visa")])
    ask(engine, "visa")
    engine.indexes.remove(*names(engine))
    emptied(engine, [article(1, "Permit")])
    assert titles(ask(engine, "")) == ["Permit"]


def test_what_a_killed_rebuild_left_is_removed_by_the_next(
    engine: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "DEAD_AFTER", 0.05)
    left = engine.indexes.create()
    fill(engine, [article(1, "Visa")])
    emptied(engine, [article(2, "Permit")])
    assert left not in names(engine)
    assert len(names(engine)) == 1


def test_two_rebuilds_do_not_run_at_once(engine: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    beats, beat = threading.Semaphore(0), Indexes.beat

    def noted(indexes: Indexes, name: str, number: int) -> None:
        beat(indexes, name, number)
        beats.release()

    def sleep(_seconds: float) -> None:
        while beats.acquire(blocking=False):
            pass
        for _ in range(2):  # the first may have begun before
            assert beats.acquire(timeout=60)

    monkeypatch.setattr(Indexes, "beat", noted)
    monkeypatch.setattr(rebuilding, "BEAT", 0.05)
    monkeypatch.setattr(rebuilding, "time", SimpleNamespace(sleep=sleep))
    with engine.rebuild() as new:
        with pytest.raises(SearchBusy, match="Another rebuild"), ElasticsearchEngine(engine.server).rebuild():
            pass
        with new.swapping():
            new.put([article(1, "Visa")])
    assert ask(engine, "visa").total == 1


def test_writers_of_several_processes_do_not_wait_for_each_other(engine: Watched) -> None:
    other = ElasticsearchEngine(engine.server)
    with engine.writing() as one, other.writing() as another:
        one.put([article(1, "Newer", version=2)])
        assert another.put([article(1, "Older", version=1), article(2, "Other")]) == 1
    assert titles(ask(engine, "", params="sort=title")) == ["Newer", "Other"]


def test_a_writer_waits_for_another_thread(engine: Watched) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with engine.writing():
            held.set()
            release.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    with pytest.raises(SearchBusy), engine.writing(wait=0.01):
        pass
    release.set()
    with engine.writing(wait=30):
        pass
    thread.join(30)


def test_everything_stored_is_streamed(engine: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.elasticsearch.engine.STREAMED", 10)
    fill(engine, [article(pk, f"Note {pk}") for pk in range(30)])
    assert {stored.key.pk for stored in engine.stored()} == set(range(30))


# -- trouble ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["elasticsearch+http://", "elasticsearch+http://host/x", "elasticsearch+http://host:9200",
            "elasticsearch+http://host:9200/a/b", "elasticsearch+http://host:99999/x"],
)  # fmt: skip
def test_a_wrong_address_says_what_a_right_one_is(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"elasticsearch\+https://"):
        engine_at(url)


def test_an_address_is_read_with_its_user() -> None:
    found = address("elasticsearch+https://ministry:p%40ss@search.example.org:9243/wiki")
    assert found == ("https://search.example.org:9243", "ministry", "p@ss", "wiki")
    with pytest.raises(ImproperlyConfigured) as error:
        address("elasticsearch+https://ministry:secret@search.example.org/wiki")
    assert "secret" not in str(error.value)


def test_a_server_that_is_not_there_is_asked_once_and_then_left_for_a_while() -> None:
    engine = engine_at("elasticsearch+http://127.0.0.1:9/nowhere")
    for words in ("cannot be reached", "a moment ago"):
        with pytest.raises(SearchUnavailable, match=words):
            ask(engine, "visa")
    with pytest.raises(SearchUnavailable, match="cannot be reached"):
        engine.check()
    with pytest.raises(SearchUnavailable, match="cannot be reached"), engine.writing():
        pass


def test_a_certificate_that_is_none_says_what_to_do(elasticsearch_url: str) -> None:
    secure = elasticsearch_url.replace("http://", "elasticsearch+https://")
    with pytest.raises(SearchUnavailable, match="SEARCH_CA_CERTS"):
        engine_at(f"{secure}/x").check()


def test_after_a_while_one_asks_again_and_if_that_succeeds_all_do(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("search.engines.elasticsearch.client.time.monotonic", lambda: clock[0])
    breaker = Breaker()
    with pytest.raises(Unreachable), breaker.guarding("x"):
        raise Unreachable
    with pytest.raises(SearchUnavailable, match="a moment ago"), breaker.guarding("x"):
        pass
    clock[0] += client.PAUSE
    with breaker.guarding("x"), pytest.raises(SearchUnavailable, match="a moment ago"), breaker.guarding("x"):
        pass
    with breaker.guarding("x"), breaker.guarding("x"):
        pass


def test_upkeep_has_time_where_readers_have_none(engine: Watched, settings: Settings) -> None:
    settings.SEARCH_TIMEOUT = 0.001
    emptied(engine)
    assert list(engine.stored()) == []
    with pytest.raises(SearchUnavailable, match="in time"):
        ask(engine, "visa")


def test_a_server_that_is_too_slow_is_unavailable(settings: Settings) -> None:
    settings.SEARCH_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = engine_at(f"elasticsearch+http://127.0.0.1:{silent.getsockname()[1]}/x")
        for deed in (slow.check, slow.status, lambda: ask(slow, "visa")):
            with pytest.raises(SearchUnavailable, match="SEARCH_TIMEOUT"):
                deed()


@pytest.mark.parametrize(
    ("status", "kind", "said", "words"),
    [
        (401, "security_exception", "unable to authenticate", "SEARCH_API_KEY"),
        (403, "security_exception", "action is unauthorized", "all rights"),
        (403, "cluster_block_exception", "index read-only", "takes no changes"),
        (429, "es_rejected_execution_exception", "queue full", "busy"),
        (500, "whatever", "broken", "broken"),
        (404, "index_not_found_exception", "no such index", "rebuild_search"),
    ],
)
def test_each_refusal_names_its_cure(status: int, kind: str, said: str, words: str) -> None:
    assert words in str(client.refusal(status, (kind, said), "http://x"))


@pytest.mark.parametrize(
    ("version", "old"), [("7.17.20", True), ("8.18.9", True), ("8.19.0", False), ("10.0.0", False)]
)
def test_a_server_that_is_too_old_is_told_so(
    filled: Watched, monkeypatch: pytest.MonkeyPatch, version: str, old: bool
) -> None:
    monkeypatch.setattr(filled.indexes, "version", lambda *_: version)
    if old:
        with pytest.raises(SearchUnavailable, match="Upgrade"):
            filled.check()
    else:
        filled.check()


def test_status_and_check_of_a_good_index(filled: Watched) -> None:
    filled.check()
    status = filled.status()
    assert status.engine.startswith("elasticsearch ")
    assert (status.entries, status.size > 0) == (len(CORPUS), True)
    assert filled.indexes.prefix in status.place


# -- spelling -----------------------------------------------------------------------------------------------------


def test_a_word_of_others_does_not_hide_a_near_one_that_may_be_read(engine: Watched) -> None:
    fill(engine, [article(1, "Zorblat"), article(2, "Zorblax", "", "g:7")])
    assert ask(engine, "zorblax").suggestion == "zorblat"
    assert ask(engine, "zorblay").suggestion == "zorblat"
    assert ask(engine, "zorblax", "g:7").suggestion == ""


def test_a_restriction_that_is_pending_takes_its_words_out_of_the_spellings(engine: Watched) -> None:
    told = article(1, "Zorblax")
    fill(engine, [told])
    assert ask(engine, "zorblay").suggestion == "zorblax"
    assert ask(engine, "zorblay", pending=[told.key]).suggestion == ""


def test_counts_are_exact_with_many_values(engine: Watched) -> None:
    entries = [replace(entry, pk=pk) for pk in range(3) for entry in CORPUS[:1]]
    fill(engine, entries)
    assert counts(ask(engine, "", "o:3"), "lang") == {"pus": 3, "cmn": 3, "prs": 3}
    assert suggested(engine)[0] == []
