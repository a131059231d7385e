"""What tests ask for: `elasticsearch_url` and `postgresql_url`, of real servers, or a skip that nobody overlooks."""

from __future__ import annotations

import os

import pytest

from tests.servers import keeping
from tests.servers.failures import CannotStart

KEEPER = pytest.StashKey[keeping.Keeper]()
FIXTURES = {f"{kind}_url": kind for kind in keeping.KINDS}


def pytest_configure(config: pytest.Config) -> None:
    """Keep the servers here, unless somebody above does: a run's workers share one server of each kind."""
    if keeping.VARIABLE not in os.environ:
        config.stash[KEEPER] = keeping.Keeper()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers, however the run ended."""
    if keeper := config.stash.get(KEEPER, None):
        keeper.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that need a server last: until then it warms up beside the others."""
    items.sort(key=lambda item: bool(servers_of(item)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the servers start that the chosen tests need."""
    if not session.config.option.collectonly:
        for kind in {kind for item in session.items for kind in servers_of(item)}:
            keeping.want(kind)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested."""
    for said in keeping.missing():
        terminalreporter.section("SERVER MISSING", sep="!", red=True, bold=True)
        terminalreporter.write_line(said, red=True)


def servers_of(item: pytest.Item) -> set[str]:
    """Return which servers a test needs."""
    return {FIXTURES[name] for name in getattr(item, "fixturenames", ()) if name in FIXTURES}


def server(kind: str) -> str:
    """Return a server's URL; without one, skip the test, or fail it where the server is required."""
    try:
        return keeping.url(kind)
    except CannotStart as failure:
        told = f"no {keeping.KINDS[kind]}: {failure.reason}\n{failure.cure}"
        if keeping.required(kind):
            pytest.fail(told, pytrace=False)
        pytest.skip(told)


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The URL of a real Elasticsearch, shared by the whole run: use an index prefix of your own."""
    return server("elasticsearch")


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """The URL of a database on a real PostgreSQL, shared by the whole run: create a database of your own."""
    return server("postgresql")
