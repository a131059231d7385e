"""What every test may ask for: a database with reference data, four kinds of people, and clients signed in as them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import database, factories
from tests.visitor import Visitor

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from people.models import User


pytest_plugins = [
    "tests.garbage",
    "tests.statements",
    "tests.again",
    "tests.remembered",
    "tests.servers.plugin",
    "tests.chains",
]

# No test measures time: a busy machine would fail it; `make bench` measures. What CI tries is always the same.
hypothesis_settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
hypothesis_settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Copy the prepared database; tests that commit get a fresh copy afterwards instead of an empty database."""
    database.use_ours()
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            database.restore()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: database.restore())
        yield
        with django_db_blocker.unblock():
            database.forget()


@pytest.fixture(scope="session", autouse=True)
def menus_in_short(django_test_environment: None) -> Iterator[None]:
    """Keep no contexts of widgets, of which each country in a menu is one; those of pages are kept for the tests."""
    with_context = Template._render

    def render(template: Template, context: Context) -> str:
        widget = str(template.name).startswith("django/forms/widgets/")
        return template.nodelist.render(context) if widget else with_context(template, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


def pytest_sessionfinish() -> None:
    """Take away the folder that this process had for its database, uploads and index."""
    folder = Path(settings.DATA_DIR)
    shutil.rmtree(folder, ignore_errors=True)
    for parent in (folder.parent, folder.parent.parent):
        with suppress(OSError):  # another worker's data are still in it
            parent.rmdir()


@pytest.fixture
def member(db: None) -> User:
    """Somebody in the group `Negotiators`, which restricted pages are kept to."""
    return factories.MemberFactory()


@pytest.fixture
def outsider(db: None) -> User:
    """An ordinary colleague in no group."""
    return factories.UserFactory(first_name="Odile", last_name="Outsider")


@pytest.fixture
def administrator(db: None) -> User:
    """A superuser."""
    return factories.UserFactory(
        first_name="Ada", last_name="Administrator", is_superuser=True, is_staff=True
    )


@pytest.fixture
def rosa(db: None) -> User:
    """A colleague who writes."""
    return factories.UserFactory(first_name="Rosa", last_name="Çelik", username="rosa.celik")


@pytest.fixture
def samuel(db: None) -> User:
    """Another colleague, who answers, watches and writes too."""
    return factories.UserFactory(first_name="Samuel", last_name="Okafor", username="samuel.okafor")


@pytest.fixture
def reader(rosa: User) -> Visitor:
    """Rosa's browser."""
    return Visitor(rosa)


@pytest.fixture
def other(samuel: User) -> Visitor:
    """Samuel's browser."""
    return Visitor(samuel)


@pytest.fixture
def disabled(db: None) -> User:
    """Somebody whose account was closed."""
    return factories.UserFactory(first_name="Dario", last_name="Disabled", is_active=False)


@pytest.fixture
def client_for() -> Callable[[User | None], Client]:
    """Return a function that gives a client signed in as a user, or as nobody."""

    def client(user: User | None) -> Client:
        new = Client()
        if user is not None:
            new.force_login(user)
        return new

    return client
