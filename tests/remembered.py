"""No test sees what an earlier one left in this process's memory: each starts as if it were the only one."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.utils import translation

from diplopedia import blame, shared_cache
from manners.permissions import moderators_group
from people import regions, spoken
from search import dictionary, synonyms
from tests.again import uses_database

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

TIMES = (
    (regions, "LOOK_AGAIN"),
    (spoken, "LOOK_AGAIN"),
    (dictionary, "LIFETIME"),
    (blame, "SECONDS"),
    (shared_cache, "PAUSE"),
)
DEPLOYED = "SITE_UNDER_TEST" in os.environ  # its database and its cache are put back by the journeys


class Tables(NamedTuple):
    """What a process keeps in memory of the database's rows, for some minutes or until they change."""

    regions: list[Any]
    languages: list[Any]
    names: Any
    synonyms: tuple[Any, Any]

    @classmethod
    def kept(cls) -> Tables:
        """Return what is kept now."""
        shelf = synonyms._shelf
        return cls([*regions._kept], [*spoken._kept], dictionary._registry.made, (shelf.mark, shelf.kept))

    def keep(self) -> None:
        """Have this kept, and nothing else."""
        regions._kept[:], spoken._kept[:] = self.regions, self.languages
        dictionary._registry.made = self.names
        synonyms._shelf.mark, synonyms._shelf.kept = self.synonyms


NOTHING = Tables([], [], None, (None, synonyms.Thesaurus()))


@pytest.fixture(scope="session")
def first_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Tables:
    """The tables of the prepared database, read as by a process that has served for a while."""
    NOTHING.keep()
    with django_db_blocker.unblock():
        ContentType.objects.get_for_models(*apps.get_models())
        moderators_group()
        regions.atlas(), spoken.tongues(), dictionary.dictionary(), synonyms._shelf.thesaurus()
    return Tables.kept()


@pytest.fixture(scope="session", autouse=True)
def no_time_over() -> Iterator[None]:
    """Let no time of ours be over: none that a table is kept for, as no other process changes it here and the test
    that is being counted just then would make a query more, and none that work may take, as machines differ.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module, name in TIMES:
            patch.setattr(module, name, math.inf)
        yield


@pytest.fixture(autouse=True)
def tables_of_the_prepared_database(request: pytest.FixtureRequest) -> None:
    """Have read what the prepared database says, whatever earlier tests wrote or read, or whether any did.

    A test that uses no database has no tables; one that writes names asks for `own_dictionary`, or forgets them.
    """
    reads = uses_database(request.node) and not DEPLOYED
    tables: Tables = request.getfixturevalue("first_tables") if reads else NOTHING
    tables.keep()


@pytest.fixture(autouse=True)
def no_language_remembered() -> Iterator[None]:
    """Go back to the site's own language: a request leaves its reader's behind, which only the next one changes."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_cached() -> Iterator[None]:
    """Empty the cache: what it knows of rows would hold for those of the next test, which have their numbers. One
    that was away is asked again.

    A site that runs elsewhere has its own cache, which the journeys put back with its database.
    """
    yield
    shared_cache.pause.until = 0.0
    if not DEPLOYED:
        cache.clear()
