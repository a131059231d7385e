"""Keep the servers of one test run: each is started once, when something first wants it, beside the tests.

A run has a folder, known to all its processes by an environment variable. Whoever wants a server touches
`KIND.wanted` there; the process that keeps the servers starts it; `KIND.json` then says where it is, or why there is
none.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.servers import elasticsearch
from tests.servers.failures import CannotStart

VARIABLE = "TEST_SERVERS"
KINDS = {"elasticsearch": "Elasticsearch", "postgresql": "PostgreSQL"}
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900  # seconds: the first time, a hundred megabytes are downloaded


class Keeper:
    """Starts what is wanted and stops it at the end. The servers stop as well if this process is killed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.gettempdir()) / f"diplopedia-servers-{secrets.token_hex(8)}"
        self.started: dict[str, subprocess.Popen[bytes]] = {}
        self.closing = threading.Event()
        self.watching = threading.Thread(target=self.watch, daemon=True)
        os.environ[VARIABLE] = str(self.folder)
        self.watching.start()

    def watch(self) -> None:
        """Start servers as they become wanted."""
        while not self.closing.wait(0.1):
            for kind in KINDS:
                if kind not in self.started and (self.folder / f"{kind}.wanted").exists():
                    self.started[kind] = self.start(kind)

    def start(self, kind: str) -> subprocess.Popen[bytes]:
        """Start a process that keeps one server for as long as we hold its input open."""
        result = self.folder / f"{kind}.json"
        return subprocess.Popen(
            [sys.executable, "-m", "tests.servers", kind, "--while-read", "--result", str(result)],
            cwd=ROOT,
            env={"ELASTICSEARCH_JAVA_OPTIONS": f"{elasticsearch.HEAP} {elasticsearch.BRIEF}"} | os.environ,
            stdin=subprocess.PIPE,
            start_new_session=True,  # an interrupt of the run is not one of the server
        )

    def close(self) -> None:
        """Stop everything that was started and leave nothing behind."""
        self.closing.set()
        self.watching.join()
        for process in self.started.values():
            if process.stdin:
                process.stdin.close()
        for process in self.started.values():
            process.wait()
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(self.folder, ignore_errors=True)


def folder() -> Path:
    """Return the folder of the run we belong to."""
    return Path(os.environ[VARIABLE])


def want(kind: str) -> None:
    """Ask for a server, without waiting for it."""
    folder().mkdir(mode=0o700, exist_ok=True)
    (folder() / f"{kind}.wanted").touch()


def url(kind: str) -> str:
    """Return a server's URL, as soon as it answers. Raises CannotStart."""
    want(kind)
    result = folder() / f"{kind}.json"
    deadline = time.monotonic() + PATIENCE
    while not result.exists():
        if time.monotonic() > deadline:
            raise CannotStart(
                f"it did not start within {PATIENCE} s", f"Try `python -m tests.servers {kind}`."
            )
        time.sleep(0.1)
    said = json.loads(result.read_text())
    if "url" not in said:
        raise CannotStart(said["reason"], said["cure"])
    return str(said["url"])


def required(kind: str) -> bool:
    """Whether a run without this server is a failure, as in CI."""
    return os.environ.get(f"REQUIRE_{kind.upper()}", "") not in {"", "0", "no"}


def missing() -> list[str]:
    """Say, server by server, what was wanted and could not be had: why, and how to mend it."""
    return [
        f"{name} COULD NOT BE STARTED, so the tests that need it {'FAILED' if required(kind) else 'DID NOT RUN'}.\n"
        f"  Why: {said['reason']}\n  How to mend it: {said['cure']}"
        for kind, name in KINDS.items()
        if (result := folder() / f"{kind}.json").exists()
        and "reason" in (said := json.loads(result.read_text()))
    ]
