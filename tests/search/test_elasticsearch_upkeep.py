"""Rebuild, verify and repair tell the same stories on Elasticsearch."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from search.engines import Engine
from search.engines.elasticsearch import ElasticsearchEngine, connect
from tests.search.test_upkeep import (
    test_a_change_just_before_the_swap_is_in_the_new_index,
    test_a_clock_put_back_during_a_rebuild_hides_no_change_from_it,
    test_a_rebuild_gives_entries_the_versions_of_their_changes,
    test_a_rebuild_indexes_all_and_settles_the_outbox,
    test_a_rebuild_that_dies_leaves_the_index_in_use,
    test_edits_deletes_and_restrictions_during_a_rebuild_are_in_it,
    test_poison_does_not_stop_a_rebuild,
    test_status_shows_what_waits_and_why,
    test_the_search_command_answers_as_somebody,
    test_verify_finds_exactly_what_differs_and_repairs_it,
)

__all__ = [
    "test_a_change_just_before_the_swap_is_in_the_new_index",
    "test_a_clock_put_back_during_a_rebuild_hides_no_change_from_it",
    "test_a_rebuild_gives_entries_the_versions_of_their_changes",
    "test_a_rebuild_indexes_all_and_settles_the_outbox",
    "test_a_rebuild_that_dies_leaves_the_index_in_use",
    "test_edits_deletes_and_restrictions_during_a_rebuild_are_in_it",
    "test_poison_does_not_stop_a_rebuild",
    "test_status_shows_what_waits_and_why",
    "test_the_search_command_answers_as_somebody",
    "test_verify_finds_exactly_what_differs_and_repairs_it",
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_engine(settings: Settings, elasticsearch_url: str) -> Iterator[Engine]:
    """The engine in use, empty, under a prefix of its own."""
    settings.SEARCH_URL = f"elasticsearch+{elasticsearch_url}/test-{uuid.uuid4().hex[:12]}"
    settings.SEARCH_TIMEOUT = 20.0
    found: ElasticsearchEngine = connect(settings.SEARCH_URL)
    with found.rebuild() as new, new.swapping():
        pass
    yield found
    found.indexes.remove(*(index.name for index in found.indexes.look(f"{found.indexes.prefix}-*")))
