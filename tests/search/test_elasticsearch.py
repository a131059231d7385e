"""The Elasticsearch engine against a real server: the contract, and what is its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from search.engines import Engine, engine_at
from tests.search.contract import EngineContract, filled, synonymous

__all__ = ["filled", "synonymous"]


@pytest.fixture(autouse=True)
def patient(settings: Settings) -> None:
    """A machine that runs many tests at once is slow."""
    settings.SEARCH_TIMEOUT = 20.0


@pytest.fixture
def engine(elasticsearch_url: str) -> Iterator[Engine]:
    """An empty index."""
    found = engine_at(f"elasticsearch+{elasticsearch_url}/t{uuid.uuid4().hex[:10]}")
    with found.rebuild() as new, new.swapping():
        pass
    yield found
    found.indexes.remove(*(index.name for index in found.indexes.look(f"{found.indexes.prefix}-*")))


class TestElasticsearch(EngineContract):
    """The engine keeps the contract."""
