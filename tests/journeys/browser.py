"""A real Chromium, started the same way by the journeys and by `make screenshots`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)
PHONE, LAPTOP = (390, 844), (1280, 800)
# What the policy blocks is dispatched to the document, wherever the browser's console may hide it.
REPORT_BLOCKED = """
addEventListener("securitypolicyviolation", event =>
    console.error("Blocked by the content policy:", event.violatedDirective, event.blockedURI, event.sourceFile));
"""


class NewWindow(Protocol):
    """Makes a window with its own cookies; options as for Playwright's `new_context`."""

    def __call__(self, **options: Any) -> BrowserContext: ...


class NoBrowser(RuntimeError):
    """There is no Chromium to drive."""


def executable() -> str:
    """Return the path of a Chromium. Raises NoBrowser with the cure."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if name and (path := shutil.which(name)):
            return path
    raise NoBrowser(
        "The journeys need Chromium and found none. On Debian or Ubuntu: sudo apt-get install chromium. "
        "Elsewhere name a Chrome or Chromium: CHROMIUM=/path/to/chrome make test. "
        "To run everything else: make unit"
    )


@contextmanager
def chromium() -> Iterator[NewWindow]:
    """Start a browser with an empty profile for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="journeys-") as home, sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, "HOME": home}
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS), env=environment)

        def window(**options: Any) -> BrowserContext:
            return browser.new_context(**{"locale": "en-GB", "timezone_id": "UTC", **options})

        yield window
        browser.close()


def watch(page: Page, complaints: list[str]) -> None:
    """Note every script error and everything the content policy blocks on a page, from now on."""

    def heard(message: ConsoleMessage) -> None:
        # The status of the page itself is the journey's own business.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.add_init_script(REPORT_BLOCKED)


def axe_report(page: Page, *, only: Collection[str] = ()) -> str:
    """Return what the accessibility rules (WCAG 2.2 A and AA, best practice) find, or an empty text.

    `only` names the rules to look at, where nothing else can differ.
    """
    results = Axe().run(page, options={"runOnly": {"type": "rule", "values": list(only)}} if only else None)
    if not results.violations_count:
        return ""
    return f"{page.url}\n{results.generate_report()}"
