"""People who watch and write, each with a browser; what happens after a commit happens in tests, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from notices import actions
from people.models import User
from search import upkeep
from tests.visitor import Visitor


@pytest.fixture(autouse=True)
def after_commit(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Let tests, whose transactions are never committed, do at once what is done after the commit."""
    monkeypatch.setattr(actions, "afterwards", actions.spread_quietly)


@pytest.fixture
def index(settings: Any, tmp_path: Path) -> None:
    """Search with an index of one's own."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    upkeep.rebuild()


def is_watching(user: User, kind: str, key: int) -> bool:
    """Whether somebody watches something, as the pages know it."""
    return actions.standing(user, kind, key).watches(kind, key)


@pytest.fixture
def reader(samuel: User) -> Visitor:
    """Samuel's browser."""
    return Visitor(samuel)


@pytest.fixture
def writer(rosa: User) -> Visitor:
    """Rosa's browser."""
    return Visitor(rosa)
