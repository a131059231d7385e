"""An engine in a folder of its own, and a source of notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from search import dictionary as dictionaries
from search import sources, synonyms
from search.dictionary import Dictionary
from search.engines import Engine, engine
from tests.search.samples import NAMES, Notes


@pytest.fixture
def empty_engine(settings: Settings, tmp_path: Path) -> Engine:
    """The engine in use, empty, in a folder of its own."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    found = engine()
    with found.rebuild() as new, new.swapping():
        pass
    return found


@pytest.fixture
def notes(db: None) -> Iterator[Notes]:
    """The source of notes, and no other."""
    others = sources.sources()
    for other in others:
        sources.unregister(other.kind)
    source = Notes()
    sources.register(source)
    yield source
    sources.unregister(source.kind)
    for other in others:
        sources.register(other)


@pytest.fixture
def names() -> Dictionary:
    """A small dictionary."""
    return Dictionary.of(NAMES)


@pytest.fixture(autouse=True)
def fresh_names() -> Iterator[None]:
    """No test sees names that another one cached."""
    dictionaries.forget()
    synonyms.forget()
    yield
    dictionaries.forget()
    synonyms.forget()
