"""Where exported rows go: each is one line of JSON, the same for the same content, whatever the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from django.core.files import File

Row = dict[str, Any]


class Sink(Protocol):
    """Takes rows and files."""

    def write(self, table: str, row: Row) -> bytes:
        """Take a row and return it as it is written."""

    def keep(self, file: File[bytes], folder: str) -> tuple[str, str]:
        """Take a stored file; return its path in the export and its SHA-256. Raises OSError where it is gone."""

    def copy(self, path: str, text: str) -> None:
        """Take a text for people to read."""


class Hashes:
    """Takes rows and tells the hash of each: two sites with the same hashes hold the same."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self.tell = tell
        self.counts: Counter[str] = Counter()
        self.whole = hashlib.sha256()

    def write(self, table: str, row: Row) -> bytes:
        """Tell the hash of a row."""
        written = line(row)
        self.whole.update(written)
        self.counts[table] += 1
        name = f"{row['article']}/{row['number']}" if table == "revisions" else row["id"]
        self.tell(f"{hashlib.sha256(written).hexdigest()} {table} {name}")
        return written

    def keep(self, file: File[bytes], folder: str) -> tuple[str, str]:
        """Return what the export would call a file, and its SHA-256."""
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return path_of(file, folder, digest), digest

    def copy(self, path: str, text: str) -> None:
        """Leave out what says the same again for people."""


def path_of(file: File[bytes], folder: str, digest: str) -> str:
    """Return the path of a file in an export: its name here, told apart by what it holds."""
    return f"files/{folder}/{digest[:16]}-{str(file.name).rpartition('/')[2]}"


def line(row: Row) -> bytes:
    """Return a row as one line: names in order, nothing that is empty, UTF-8."""
    full = {name: value for name, value in row.items() if says_something(value)}
    return json.dumps(full, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def says_something(value: Any) -> bool:
    """Whether a value is written: nought is, nothing is not."""
    return not (value is None or value is False or (isinstance(value, str | list | dict) and not value))


def moment(value: dt.datetime | None) -> str | None:
    """Return a point in time, in UTC."""
    return value.astimezone(dt.UTC).isoformat() if value else None


def day(value: dt.date | None) -> str | None:
    """Return a day."""
    return value.isoformat() if value else None
