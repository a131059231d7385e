"""What is tested again on another database: `pytest --only-database`, as `make test` does on PostgreSQL.

Whatever uses the database is, unless it is named in SAME, with the reason why it could not come out differently
there. After a run that noted the statements of each test (tests/statements.py), only these are:

- what commits or has several connections, as locks and what is seen of each other are a database's own, but for
  BY_STATEMENTS;
- what is named in WHOLE, with the reason;
- of all others, so many that every statement of every test is made, and each makes one that no other makes.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.statements import Noted, noted

SAME = {
    "tests/journeys/": "a browser before pages that are tested again; test_site.py has them on PostgreSQL",
    "tests/search/test_quality.py": "judges what the engines answer, both filled with the same texts",
    "tests/search/test_evaluation.py": "counts with the answers of an engine",
    "tests/deployment/test_services.py": "each names the services that it starts programs with",
    "tests/deployment/test_readiness.py::test_a_database_that_is_not_there": "names its databases itself",
    "tests/deployment/test_proxy.py": "tells what nginx does with an answer",
}
WHOLE = {
    "tests/diplopedia/test_access.py": "who may read what is decided by querysets",
    "tests/diplopedia/test_secrets.py": "who may read what is decided by querysets",
    "tests/people/test_visibility.py": "who may read what is decided by querysets",
    "tests/test_urls.py": "who may open what is decided by querysets",
    "tests/diplopedia/test_exporting.py": "a snapshot is taken in each database's own way",
    "tests/diplopedia/test_importing.py": "a line that fails must leave the transaction usable",
    "tests/people/test_syncing.py": "a person who cannot be kept must leave the transaction usable",
    "tests/search/test_outbox.py": "what is handed over is kept apart by locks",
    "tests/search/test_queue.py": "what is handed over is kept apart by locks",
    "tests/search/test_upkeep.py": "compares all that is kept with all that is found",
    "tests/test_related_rows.py": "what goes with a row is decided by constraints",
}
BY_STATEMENTS = ("tests/search/faults/",)  # these commit; what is wrong in them is the engine's, by turns
FIXTURES = {"db", "transactional_db", "live_server"}
COMMITTING = {"transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second run leave out what it would only repeat."""
    parser.addoption(
        "--only-database", action="store_true", help="only tests whose result can depend on the database"
    )
    parser.addoption("--noted-statements", help="where a run on another database noted its statements")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep to the tests whose result can depend on the database, if that is asked for."""
    if config.option.only_database:
        known = noted(Path(folder)) if (folder := config.option.noted_statements) else {}
        chosen = unlike([item for item in items if depends_on_database(item)], known)
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = [item for item in items if item in chosen]


def depends_on_database(item: pytest.Item) -> bool:
    """Whether a test could fail on one database and not on another."""
    same = item.nodeid.startswith(tuple(SAME)) or item.get_closest_marker("rendering")
    return uses_database(item) and not same


def uses_database(item: pytest.Item) -> bool:
    """Whether a test asks for the database."""
    asks = FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
    return bool(asks)


def unlike(items: list[pytest.Item], known: Noted) -> set[pytest.Item]:
    """Leave out, slow ones first, each test whose statements are all made by others that stay; return what stays.

    What is not known, and what is run whole, stays.
    """
    chosen = set(items)
    made = Counter(shape for item in items for shape in known.get(item.nodeid, ()))
    for item in sorted(items, key=lambda item: item.get_closest_marker("slow") is None):
        shapes = known.get(item.nodeid)
        if shapes is not None and not is_whole(item) and all(made[shape] > 1 for shape in shapes):
            chosen.remove(item)
            made.subtract(shapes)
    return chosen


def is_whole(item: pytest.Item) -> bool:
    """Whether a test is run again whatever its statements are."""
    if item.nodeid.startswith(BY_STATEMENTS):
        return False
    marker = item.get_closest_marker("django_db")
    commits = COMMITTING & set(getattr(item, "fixturenames", ())) or (
        marker and marker.kwargs.get("transaction")
    )
    return bool(commits) or item.nodeid.startswith(tuple(WHOLE))
