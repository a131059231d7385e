"""One prepared test database, made once for a state of the migrations and reference data, then copied.

Migrating takes a quarter of a minute, copying a fraction of a second. Keyed by a digest, the prepared database
serves every worker, and every run on the same server, until a migration or the reference data change.
`python -m tests.database` prepares it, for tests that come later.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[1]
PREPARED = Path("/var/tmp") / f"diplopedia-prepared-{os.getuid()}"  # outlives a run's temporary files
MADE_FROM = (
    "requirements.txt",
    "*/migrations/*.py",
    "people/data/**/*",
    "people/management/**/*.py",
    "people/reference*.py",
)


class Copies(Protocol):
    """How one kind of database is prepared and copied. `ours` is this worker's test database."""

    def exists(self) -> bool:
        """Whether there is a prepared database."""
        ...

    def begin(self) -> None:
        """Make ours empty."""
        ...

    def keep(self) -> None:
        """Make ours the prepared one, whole or not at all."""
        ...

    def copy(self) -> None:
        """Make ours a fresh copy of the prepared one."""
        ...

    def forget(self) -> None:
        """Remove ours."""
        ...


class Files:
    """SQLite: copies of a file."""

    def __init__(self, ours: str) -> None:
        self.ours = Path(ours)
        self.prepared = PREPARED / f"{digest()}.sqlite3"

    def exists(self) -> bool:
        return self.prepared.exists()

    def begin(self) -> None:
        self.forget()

    def keep(self) -> None:
        draft = self.prepared.with_suffix(".draft")
        with sqlite3.connect(self.ours) as source, sqlite3.connect(draft) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=WAL")
        draft.replace(self.prepared)

    def copy(self) -> None:
        self.forget()
        shutil.copyfile(self.prepared, self.ours)

    def forget(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.ours}{suffix}").unlink(missing_ok=True)


class Templates:
    """PostgreSQL: databases made from a template."""

    def __init__(self, ours: str) -> None:
        self.ours = ours
        self.prepared = f"diplopedia_prepared_{digest()}"

    def exists(self) -> bool:
        with server() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.prepared])
            return cursor.fetchone() is not None

    def begin(self) -> None:
        self.forget()
        with server() as cursor:
            cursor.execute(f'CREATE DATABASE "{self.ours}"')

    def keep(self) -> None:
        with server() as cursor:
            cursor.execute(f'ALTER DATABASE "{self.ours}" RENAME TO "{self.prepared}"')

    def copy(self) -> None:
        self.forget()
        with server() as cursor:
            cursor.execute(f'CREATE DATABASE "{self.ours}" TEMPLATE "{self.prepared}"')

    def forget(self) -> None:
        with server() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.ours}" WITH (FORCE)')


@contextmanager
def server() -> Iterator:
    """Give a cursor on the server itself, in none of its test databases."""
    with connection._nodb_cursor() as cursor:
        yield cursor


def digest() -> str:
    """Return a digest of everything the prepared database is made from."""
    sha = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(path for path in ROOT.glob(pattern) if path.is_file()):
            sha.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return sha.hexdigest()[:20]


@contextmanager
def locked() -> Iterator[None]:
    """Hold a lock between processes, so that only the first worker prepares."""
    PREPARED.mkdir(mode=0o700, exist_ok=True)
    with (PREPARED / f"{connection.vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copies() -> Copies:
    """Return how the database in use is prepared and copied."""
    ours = str(settings.DATABASES["default"]["NAME"])
    return Files(ours) if connection.vendor == "sqlite" else Templates(ours)


def restore() -> None:
    """Make this worker's test database a fresh copy of the prepared one, which is made first if need be."""
    database = copies()
    connections.close_all()
    prepare(database)
    database.copy()
    connection.ensure_connection()


def prepare(database: Copies) -> None:
    """Make the prepared database, unless it is there, or somebody else makes it while we wait."""
    if database.exists():
        return
    with locked():
        if not database.exists():
            database.begin()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("load_reference", verbosity=0)
            connections.close_all()
            database.keep()


def use_ours() -> None:
    """Let Django use this worker's test database, and no other."""
    ours = str(settings.DATABASES["default"]["TEST"]["NAME"])
    settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = ours


def url() -> str:
    """The address of this worker's test database, for other processes of a test."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    host = str(found["HOST"]).replace("/", "%2F")
    sign_in = f"{found['USER']}:{found['PASSWORD']}" if found["PASSWORD"] else found["USER"]
    return f"postgres://{sign_in}@{host}:{found['PORT'] or 5432}/{found['NAME']}"


def forget() -> None:
    """Remove this worker's test database."""
    connections.close_all()
    copies().forget()


if __name__ == "__main__":
    django.setup()
    use_ours()
    prepare(copies())
