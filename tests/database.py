"""One prepared test database, made once for a state of the migrations and reference data, then copied.

Migrating takes a quarter of a minute; copying a file takes a hundredth of a second. Keyed by a digest, the
prepared file serves every worker and every run until a migration or the reference data change.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[1]
PREPARED = Path(tempfile.gettempdir()) / f"diplopedia-prepared-{os.getuid()}"
MADE_FROM = (
    "requirements.txt",
    "*/migrations/*.py",
    "people/data/**/*",
    "people/management/**/*.py",
    "people/reference*.py",
)


def digest() -> str:
    """Return a digest of everything the prepared database is made from."""
    sha = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(path for path in ROOT.glob(pattern) if path.is_file()):
            sha.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return sha.hexdigest()[:20]


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock between processes, so that only the first worker prepares."""
    PREPARED.mkdir(mode=0o700, exist_ok=True)
    with (PREPARED / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepared() -> Path:
    """Return the prepared database, made first if need be. The default connection must lead to a fresh file."""
    wanted = PREPARED / f"{digest()}.sqlite3"
    with locked(wanted.stem):
        if not wanted.exists():
            forget()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("load_reference", verbosity=0)
            keep(wanted)
    return wanted


def keep(wanted: Path) -> None:
    """Store the current test database as the prepared one, whole or not at all."""
    connections.close_all()
    draft = wanted.with_suffix(".draft")
    with sqlite3.connect(database_file()) as source, sqlite3.connect(draft) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
    draft.replace(wanted)


def database_file() -> Path:
    """Return this worker's test database."""
    return Path(str(settings.DATABASES["default"]["NAME"]))


def forget() -> None:
    """Remove this worker's test database and its journal."""
    connections.close_all()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database_file()}{suffix}").unlink(missing_ok=True)


def restore() -> None:
    """Make this worker's test database a fresh copy of the prepared one."""
    source = prepared()
    forget()
    shutil.copyfile(source, database_file())
    connection.ensure_connection()
