"""What is tested again on another database: `pytest --only-database`, as `make test` does on PostgreSQL.

Whatever uses the database is, unless it is named here, with the reason why it could not come out differently there.
"""

from __future__ import annotations

import pytest

SAME = {
    "tests/journeys/": "a browser before pages that are tested again; test_site.py has them on PostgreSQL",
    "tests/search/test_quality.py": "judges what the engines answer, both filled with the same texts",
    "tests/search/test_evaluation.py": "counts with the answers of an engine",
    "tests/deployment/test_services.py": "each names the services that it starts programs with",
    "tests/deployment/test_readiness.py::test_a_database_that_is_not_there": "names its databases itself",
    "tests/deployment/test_proxy.py": "tells what nginx does with an answer",
}
FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second run leave out what it would only repeat."""
    parser.addoption(
        "--only-database", action="store_true", help="only tests whose result can depend on the database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep to the tests whose result can depend on the database, if that is asked for."""
    if config.option.only_database:
        chosen = {item for item in items if depends_on_database(item)}
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = [item for item in items if item in chosen]


def depends_on_database(item: pytest.Item) -> bool:
    """Whether a test could fail on one database and not on another."""
    uses = FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
    same = item.nodeid.startswith(tuple(SAME)) or item.get_closest_marker("rendering")
    return bool(uses) and not same
