"""No test sees what an earlier one left in this process's memory: each starts as if it were the only one."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from django.core.cache import cache
from django.utils import translation

from people import regions, spoken

KEPT = (regions, spoken)  # tables that are kept for a minute, and forgotten where they change


@pytest.fixture(scope="session")
def rewritten() -> Iterator[set[ModuleType]]:
    """The tables that changed since a test began; their rows go back with its transaction, what is kept does not.

    No other process changes them here, so none is looked at again because a minute is over: it would be one query
    more for the test that is being counted just then.
    """
    changed: set[ModuleType] = set()

    def noting(table: ModuleType, forget: Callable[[], None]) -> Callable[[], None]:
        def forget_and_note() -> None:
            changed.add(table)
            forget()

        return forget_and_note

    with pytest.MonkeyPatch.context() as patch:
        for table in KEPT:
            patch.setattr(table, "forget", noting(table, table.forget))
            patch.setattr(table, "LOOK_AGAIN", math.inf)
        yield changed


@pytest.fixture(autouse=True)
def no_tables_remembered(rewritten: set[ModuleType]) -> Iterator[None]:
    """Forget the tables that a test wrote to."""
    yield
    for table in [*rewritten]:
        table.forget()
    rewritten.clear()


@pytest.fixture(autouse=True)
def no_language_remembered() -> Iterator[None]:
    """Go back to the site's own language: a request leaves its reader's behind, which only the next one changes."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_cached() -> Iterator[None]:
    """Empty the cache: what it knows of rows would hold for those of the next test, which have their numbers.

    A site that runs elsewhere has its own cache, which the journeys put back with its database.
    """
    yield
    if "SITE_UNDER_TEST" not in os.environ:
        cache.clear()
