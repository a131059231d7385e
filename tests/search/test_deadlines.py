"""One time for all that a page or a suggestion asks of the engine."""

from __future__ import annotations

import time
from typing import Any

import pytest
import urllib3
from django.test import Client
from pytest_django.fixtures import Settings

from people.models import User
from search import actions
from search.deadlines import SPARE, Deadline
from search.engines import Engine, SearchUnavailable, engine_at
from search.engines.elasticsearch.client import Server, address
from search.query import Query
from search.upkeep import rebuild
from tests.search.samples import Notes, note

NOWHERE = "elasticsearch+http://127.0.0.1:9/nowhere"
OVER = Deadline(0.0)


def test_a_deadline_is_so_long_from_now_as_the_settings_say(settings: Settings) -> None:
    settings.SEARCH_TIMEOUT = 600.0
    deadline = Deadline.of_a_reader()
    assert 500.0 < deadline.left <= 600.0
    assert deadline.allows_more
    assert OVER.left == 0.0
    assert not OVER.allows_more
    assert not Deadline(time.monotonic() + SPARE / 2).allows_more


def test_when_no_time_is_left_the_server_is_not_asked() -> None:
    server = engine_at(NOWHERE)  # which would be told to be unreachable
    query = Query.parse("visa", principals={"all"})
    with pytest.raises(SearchUnavailable, match="in time"):
        server.search(query, deadline=OVER)
    with pytest.raises(SearchUnavailable, match="in time"):
        server.suggest("visa", frozenset({"all"}), deadline=OVER)


def test_connecting_and_answering_have_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[urllib3.Timeout] = []

    def urlopen(*_: Any, timeout: urllib3.Timeout, **__: Any) -> Any:
        seen.append(timeout)
        raise urllib3.exceptions.ConnectTimeoutError

    monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", urlopen)
    with pytest.raises(SearchUnavailable):
        Server(address(NOWHERE)).ask([{}], "x", Deadline(time.monotonic() + 500.0))
    assert 400.0 < float(seen[0].total or 0) <= 500.0


def test_who_waited_long_is_not_answered_with_other_words(
    empty_engine: Engine, notes: Notes, outsider: User
) -> None:
    note("Visa rules")
    rebuild()
    query = Query.parse("visa elephants")
    assert actions.find(query, outsider).total == 1
    assert actions.find(query, outsider, Deadline(time.monotonic() + SPARE / 2)).total == 0


def test_the_last_page_is_asked_for_in_the_time_of_the_first(
    empty_engine: Engine, notes: Notes, outsider: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    note("Visa rules")
    rebuild()
    deadlines: list[Deadline | None] = []
    search = empty_engine.search

    def noting(query: Query, pending: Any = (), deadline: Deadline | None = None) -> Any:
        deadlines.append(deadline)
        return search(query, pending, deadline)

    monkeypatch.setattr(empty_engine, "search", noting)
    client.force_login(outsider)
    page = client.get("/search/", {"q": "visa", "page": 7})
    assert [hit.name for hit in page.context["results"]] == ["Visa rules"]
    assert len(deadlines) == 2
    assert deadlines[0] is deadlines[1] is not None
