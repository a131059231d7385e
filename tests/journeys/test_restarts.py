"""A server that is killed between two keystrokes and comes back: a process of its own, not a network that is cut."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import database
from tests.deployment.processes import end, free_port, wait_for
from tests.factories import write

ROOT = Path(__file__).resolve().parents[2]
SAVED = re.compile(r"saved on the server \d\d:\d\d")


class Server:
    """gunicorn on the database of the test, always on the same port."""

    def __init__(self, log: Path) -> None:
        self.host, self.port = "127.0.0.1", free_port()
        self.url = f"http://{self.host}:{self.port}"
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        program = [
            str(Path(sys.executable).parent / "gunicorn"),
            "diplopedia.wsgi",
            "--bind",
            f"{self.host}:{self.port}",
        ]
        threads = [
            "--config",
            os.devnull,
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--no-control-socket",
        ]
        told = {"DJANGO_SETTINGS_MODULE": "diplopedia.settings.test", "DATABASE_URL": database.url()}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*program, *threads], cwd=ROOT, env={**os.environ, **told}, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        wait_for(self.url, self.process)

    def kill(self) -> None:
        """End it and its workers at once, whatever they are doing, and wait until nobody listens."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with suppress(OSError):
            while True:  # a worker may outlive its master by a moment
                socket.create_connection((self.host, self.port), timeout=2).close()

    def stop(self) -> None:
        """End it if it runs."""
        if self.process is not None:
            end(self.process)


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """A server that runs, and may be killed."""
    made = Server(tmp_path / "gunicorn.log")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def site(server: Server) -> str:
    """The address of that server."""
    return server.url


def test_a_server_killed_between_keystrokes_loses_no_word(visit, outsider, server):
    article = write(body="One.")
    editor = f"{article.get_absolute_url()}edit/"
    page = visit(outsider, editor)
    text, state = page.get_by_label("Text", exact=True), page.locator("[data-state]")
    publish = page.get_by_role("button", name="Publish", exact=True)
    text.fill("Two")
    expect(state).to_have_text(SAVED)

    server.kill()
    text.press("End")
    text.press_sequentially(", three")
    expect(state).to_contain_text("Not on the server yet")
    publish.click()
    expect(page.locator("[data-trouble]")).to_contain_text("No connection")
    expect(text).to_have_value("Two, three")

    server.start()
    text.press_sequentially(", four.")
    publish.click()
    expect(page.get_by_text("Published: this is revision 2")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Two, three, four.")).to_be_visible()


def test_a_draft_saved_before_the_server_was_killed_is_there_in_another_browser(visit, outsider, server):
    article = write(body="One.")
    editor = f"{article.get_absolute_url()}edit/"
    page = visit(outsider, editor)
    page.get_by_label("Text", exact=True).fill("Two.")
    expect(page.locator("[data-state]")).to_have_text(SAVED)
    server.kill()
    server.start()
    elsewhere = visit(outsider, editor)
    elsewhere.get_by_role("link", name="Go on with your draft").click()
    expect(elsewhere.get_by_label("Text", exact=True)).to_have_value("Two.")
