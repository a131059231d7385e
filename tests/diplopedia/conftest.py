"""People of the wiki's stories, each with a browser."""

from __future__ import annotations

import pytest

from people.models import User
from tests.diplopedia.visitor import Visitor
from tests.factories import UserFactory


@pytest.fixture
def rosa(db: None) -> User:
    """A colleague who writes."""
    return UserFactory(first_name="Rosa", last_name="Çelik", username="rosa.celik")


@pytest.fixture
def samuel(db: None) -> User:
    """Another colleague who writes."""
    return UserFactory(first_name="Samuel", last_name="Okafor", username="samuel.okafor")


@pytest.fixture
def reader(rosa: User) -> Visitor:
    """Rosa's browser."""
    return Visitor(rosa)


@pytest.fixture
def other(samuel: User) -> Visitor:
    """Samuel's browser."""
    return Visitor(samuel)
