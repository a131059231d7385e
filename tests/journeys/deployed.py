"""The journeys' site, where it is one that already runs: SITE_UNDER_TEST=https://wiki.example.org pytest tests/journeys

For tests/deployment, never for a site that is in use: its database is thrown away and copied anew for every journey,
from the one of the same name with `_prepared` at its end. The journeys' own process has the site's environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections

from tests.database import server

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

URL = os.environ.get("SITE_UNDER_TEST", "")


def restore() -> None:
    """Give the site a fresh copy of its database; whoever is connected has to connect again."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{name}_prepared"')


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Make no database: the site has one."""


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the journey use the site's database, as it was when the site began; what it writes is there for all."""
    with django_db_blocker.unblock():
        restore()
        yield
        connections.close_all()


@pytest.fixture
def site(db: None) -> str:
    """The address of the site."""
    return URL
