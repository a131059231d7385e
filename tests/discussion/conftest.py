"""People and a page for the stories of talk."""

from __future__ import annotations

import pytest

from diplopedia.models import Article
from people.models import User
from tests.diplopedia.visitor import Visitor
from tests.factories import UserFactory, write


@pytest.fixture
def rosa(db: None) -> User:
    """A colleague who asks."""
    return UserFactory(first_name="Rosa", last_name="Çelik", username="rosa.celik")


@pytest.fixture
def samuel(db: None) -> User:
    """A colleague who answers."""
    return UserFactory(first_name="Samuel", last_name="Okafor", username="samuel.okafor")


@pytest.fixture
def reader(rosa: User) -> Visitor:
    """Rosa's browser."""
    return Visitor(rosa)


@pytest.fixture
def other(samuel: User) -> Visitor:
    """Samuel's browser."""
    return Visitor(samuel)


@pytest.fixture
def page(rosa: User) -> Article:
    """A page with two sections."""
    body = (
        "The port is old.\n\n## Getting there\n\nFly by way of [[Addis Ababa]], then drive for “two” hours."
    )
    return write("Djibouti Post", body, author=rosa)
