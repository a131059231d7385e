"""Elasticsearch fails in every way we know of while people work; nothing is lost, nobody waits, nothing leaks.

`make faults SIZE=M` tries rebuilds of 15,000 pages with 200 changes, `SIZE=S` of 600 with 60; here they are small.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django.fixtures import Settings

from bench.corpus import make_articles
from bench.ministry import make_people
from bench.sizes import SIZES, Size
from diplopedia.searchables import plain_text
from diplopedia.settings import base
from search import background, outbox, upkeep
from search.engines import IndexMissing, SearchUnavailable, engine, engine_at
from search.models import Outbox
from search.worker import Worker
from tests import database
from tests.search.faults.newsroom import Newsroom, wait_for_empty_outbox, wait_until
from tests.search.faults.proxy import Fault, Proxy

log = logging.getLogger(__name__)
pytestmark = pytest.mark.django_db(transaction=True)
SIZE = SIZES.get(os.environ.get("FAULTS_SIZE", ""))
LARGE = SIZE is not None
CHANGES = min(SIZE.articles // 10, 200) if SIZE else 6
# Seconds. What is small runs beside other tests, on a machine that may be slow: who waited for a slow engine would
# wait for ten.
SAVE_MAY_COST = 0.1 if LARGE else 2.0
SEARCH_MAY_TAKE = 2.0 if LARGE else 5.0
NOISE = 1.5
Breaking = Callable[[Proxy], AbstractContextManager[Any]]


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    """The way to a real server."""
    found = Proxy(elasticsearch_url)
    yield found
    found.close()


@pytest.fixture
def world(settings: Settings, proxy: Proxy) -> Iterator[Newsroom]:
    """A newsroom whose pages are indexed through the proxy, and a worker that hands its changes over."""
    settings.SEARCH_URL = f"elasticsearch+{proxy.url}/faults-{uuid.uuid4().hex[:12]}"
    settings.SEARCH_DRAIN, settings.SEARCH_TIMEOUT = "worker", base.SEARCH_TIMEOUT
    if SIZE:
        size = Size(SIZE.articles, 1, SIZE.people // 7)
        with outbox.held():
            make_articles(size, make_people(size.people))
    room = Newsroom(0 if LARGE else 2 * CHANGES)
    upkeep.rebuild()
    room.look("warm")
    with mock.patch.object(background, "LONGEST_PAUSE", 1.0), working():
        wait_for_empty_outbox()
        yield room
    ask(f"{proxy.host}:{proxy.port}", "DELETE", indexes_of(proxy))


@contextmanager
def working() -> Iterator[None]:
    """A worker beside the test."""
    worker = Worker(poll=0.05)

    def run() -> None:
        try:
            worker.run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(60)


# -- the faults -----------------------------------------------------------------------------------------------------


def ask(server: str, method: str, path: str, body: Any = None) -> Any:
    """Ask the real server, past the proxy."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://{server}/{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def indexes_of(proxy: Proxy) -> str:
    """The names of the test's indexes."""
    prefix = settings.SEARCH_URL.rpartition("/")[2]
    found = ask(f"{proxy.host}:{proxy.port}", "GET", f"{prefix}-*/_alias")
    return ",".join(found)


@contextmanager
def full_disk(proxy: Proxy) -> Iterator[None]:
    """The server's own block for a disk beyond its flood stage."""
    server, path = f"{proxy.host}:{proxy.port}", f"{indexes_of(proxy)}/_settings"
    block = "index.blocks.read_only_allow_delete"
    ask(server, "PUT", path, {block: True})
    try:
        yield
    finally:
        ask(server, "PUT", f"{indexes_of(proxy)}/_settings", {block: None})


@contextmanager
def poison(_proxy: Proxy) -> Iterator[None]:
    """One page whose entry cannot be made."""
    seen: list[int] = []

    def refusing(row: Any) -> str:
        if not seen:
            seen.append(row.pk)
        if row.pk == seen[0]:
            raise ValueError("poison")
        return plain_text(row)

    with mock.patch("diplopedia.searchables.plain_text", refusing):
        yield


FAULTS: dict[str, Breaking] = {
    "down": lambda proxy: proxy.broken(Fault.DOWN),
    "slow": lambda proxy: proxy.broken(Fault.SLOW),
    "cut in the middle of a bulk request": lambda proxy: proxy.broken(Fault.CUT, "_bulk"),
    "busy": lambda proxy: proxy.broken(Fault.BUSY, "_bulk|_msearch|_search"),
    "disk full": full_disk,
    "poison": poison,
}


# -- edits and searches ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(LARGE, reason="what is large is rebuilt")
@pytest.mark.parametrize("name", FAULTS)
def test_people_work_on_and_nothing_is_lost(world: Newsroom, proxy: Proxy, name: str) -> None:
    usual = world.change(CHANGES)
    wait_for_empty_outbox()
    with FAULTS[name](proxy):
        while_broken = world.change(CHANGES)
        longest = world.check_secrets()
    assert while_broken <= usual * NOISE + SAVE_MAY_COST
    assert longest <= SEARCH_MAY_TAKE
    world.check_all()


@pytest.mark.skipif(LARGE, reason="what is large is rebuilt")
def test_all_that_a_page_asks_of_a_slow_server_has_one_time(
    world: Newsroom, proxy: Proxy, settings: Settings
) -> None:
    settings.SEARCH_TIMEOUT = 3.0
    for text, page in (("zyx1quartet mispeled nowhere", 1), ("page", 90)):
        engine_at.cache_clear()  # so that it is also asked which index is in use
        with proxy.broken(Fault.SLOW, slowness=2.0):  # three questions
            assert world.look(text, page).seconds <= SEARCH_MAY_TAKE


# -- rebuilds -------------------------------------------------------------------------------------------------------


@contextmanager
def rebuilding() -> Iterator[list[str]]:
    """A rebuild beside the test, in a thread of it; why it left the old index is in the list, at the end."""
    trouble: list[str] = []

    def run() -> None:
        try:
            upkeep.rebuild()
        except SearchUnavailable as error:
            trouble.append(str(error))
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield trouble
    finally:
        thread.join()


@contextmanager
def rebuilding_elsewhere(proxy: Proxy) -> Iterator[list[str]]:
    """A rebuild in a process of its own, as an operator has it: half of a processor is not taken from the site."""
    trouble: list[str] = []
    before = indexes_of(proxy).split(",")  # with what an earlier one left
    environment = os.environ | {
        "DATABASE_URL": database.url(),
        "SEARCH_URL": settings.SEARCH_URL,
        "SEARCH_DRAIN": "worker",
        "DJANGO_SETTINGS_MODULE": "diplopedia.settings.dev",
    }
    command = [sys.executable, "-m", "django", "rebuild_search", "--quiet"]
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=said, stderr=said
        ) as process:
            wait_until(lambda: process.poll() is not None or not {*indexes_of(proxy).split(",")} <= {*before})
            yield trouble
        if process.returncode:
            said.seek(0)
            trouble.append(said.read().strip().splitlines()[-1])


@pytest.mark.parametrize("names", [tuple(FAULTS)] if LARGE else [(name,) for name in FAULTS], ids=", ".join)
def test_a_rebuild_during_a_fault_is_whole_or_leaves_the_old_index(
    world: Newsroom, proxy: Proxy, names: tuple[str, ...]
) -> None:
    longest: dict[str, float] = {}
    for name in names:
        apart = LARGE and name != "poison"  # which is in this process
        with rebuilding_elsewhere(proxy) if apart else rebuilding() as trouble:
            world.change(CHANGES // 3)
            with FAULTS[name](proxy):
                world.change(CHANGES // 3)
                longest[name] = world.check_secrets()
            world.change(CHANGES // 3)
        end = f"left the old index: {trouble[0]}" if trouble else "is whole"
        log.warning("%s: the longest search took %.2f s, the rebuild %s", name, longest[name], end)
        world.check_all()
    upkeep.rebuild()
    world.check_all()
    assert max(longest.values()) <= SEARCH_MAY_TAKE, longest


# -- the index is deleted -------------------------------------------------------------------------------------------


@pytest.mark.skipif(LARGE, reason="what is large is rebuilt")
def test_a_deleted_index_is_told_everywhere_and_made_anew_by_one_command(
    world: Newsroom, proxy: Proxy
) -> None:
    world.change(CHANGES)
    wait_for_empty_outbox()
    ask(f"{proxy.host}:{proxy.port}", "DELETE", indexes_of(proxy))
    world.change(CHANGES)
    assert world.check_secrets() <= SEARCH_MAY_TAKE
    with pytest.raises(IndexMissing, match="rebuild_search"):
        engine().check()
    with pytest.raises(CommandError, match="rebuild_search") as told:
        call_command("search_status", stdout=io.StringIO())
    assert told.value.returncode == 2
    assert Outbox.objects.waiting().exists()
    call_command("rebuild_search", "--quiet", stdout=io.StringIO(), stderr=io.StringIO())
    world.check_all()


# -- in one process -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(LARGE, reason="what is large is rebuilt")
@pytest.mark.parametrize("name", ["down", "slow"])
def test_who_saves_and_hands_over_himself_does_not_wait(
    world: Newsroom, proxy: Proxy, settings: Settings, name: str
) -> None:
    usual = world.change(CHANGES)
    wait_for_empty_outbox()
    settings.SEARCH_DRAIN = "commit"
    with FAULTS[name](proxy):
        while_broken = world.change(CHANGES)
        assert world.check_secrets(most=2) <= SEARCH_MAY_TAKE
    assert while_broken <= usual * NOISE + SAVE_MAY_COST
    world.check_all()
