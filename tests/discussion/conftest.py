"""A page for the stories of talk."""

from __future__ import annotations

import pytest

from diplopedia.models import Article
from people.models import User
from tests.factories import write


@pytest.fixture
def page(rosa: User) -> Article:
    """A page with two sections."""
    body = (
        "The port is old.\n\n## Getting there\n\nFly by way of [[Addis Ababa]], then drive for “two” hours."
    )
    return write("Djibouti Post", body, author=rosa)
