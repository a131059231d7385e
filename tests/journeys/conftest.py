"""A browser, a running site and the two things every journey must keep to: no script errors, nothing blocked."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect

from search.models import Outbox
from tests.journeys import browser, deployed
from tests.journeys.diary import Diary

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from people.models import User

# Milliseconds until an element must be there, on a machine that is busy with other tests.
PATIENCE = 60_000
HERE = Path(__file__).parent
# Playwright's synchronous interface runs an event loop, which Django takes for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

expect.set_options(timeout=PATIENCE)

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as a journey, which is walked once more where it fails: decision 0028."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell in full of each journey that failed at first: whoever reads the run shall find the cause."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"FAILED AT FIRST: {report.nodeid}", red=True)
        terminalreporter.write_line(report.longreprtext)
        for title, content in report.sections:
            terminalreporter.write_line(f"{title}\n{content}")


if deployed.URL:
    collect_ignore = ["test_restarts.py"]  # it starts and kills a server of its own

    from tests.journeys.deployed import db, django_db_setup, site  # noqa: F401 - fixtures
else:

    @pytest.fixture
    def site(live_server: LiveServer) -> str:
        """The address of a site that runs for this journey, in this process."""
        return live_server.url


@pytest.fixture(scope="session")
def window() -> Iterator[browser.NewWindow]:
    """Return a function that opens a window with its own cookies in a real Chromium."""
    with browser.chromium() as new_window:
        yield new_window


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Collect script errors and policy violations; any of them fails the journey."""
    heard: list[str] = []
    yield heard
    assert not heard, "\n".join(heard)


@pytest.fixture
def diaries() -> list[Diary]:
    """What the pages of this journey did."""
    return []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Have a failed journey tell what its pages did, while they are still open."""
    report = yield
    if call.when == "call" and report.failed:
        for number, diary in enumerate(getattr(item, "funcargs", {}).get("diaries", []), 1):
            report.sections.append((f"Page {number} of the journey", diary.told()))
    return report


@pytest.fixture
def visit(
    window: browser.NewWindow, site: str, complaints: list[str], diaries: list[Diary]
) -> Iterator[Visit]:
    """Return a function that opens a page of the running site as a user: visit(user, "/wiki/", dark=True)."""
    opened = []

    def open_page(
        user: User | None, path: str = "/", *, size: tuple[int, int] = browser.LAPTOP, **options: object
    ) -> Page:
        dark, scripts = bool(options.pop("dark", False)), bool(options.pop("scripts", True))
        context = window(
            base_url=site,
            ignore_https_errors=bool(deployed.URL),  # its certificate was made for the test
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        if user is not None:
            cookie = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": cookie, "value": session_of(user), "url": site}])
        page = context.new_page()
        browser.watch(page, complaints)
        diaries.append(Diary(page))
        page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def index(site: str) -> Callable[[], None]:
    """Return a function that makes everything findable that is in the database now."""
    return lambda: call_command("rebuild_search", verbosity=0)


@pytest.fixture
def settled(site: str) -> Callable[[], None]:
    """Return a function that waits until the search knows what was saved; where no worker is, it does at once."""

    def wait() -> None:
        deadline = time.monotonic() + PATIENCE / 1000
        while Outbox.objects.waiting().exists():
            assert time.monotonic() < deadline, "What was saved does not reach the search."
            time.sleep(0.1)

    return wait


def session_of(user: User) -> str:
    """Return the key of a session in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
