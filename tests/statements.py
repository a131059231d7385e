"""Notes which statements each test has the database execute: `pytest --note-statements FOLDER`.

A statement counts by its shape: its text without values and without how many there were, what was remarkable about
the values, and how it ended. Where a shape went well once on another database, it goes well again; what else could
come out differently there is named in tests/again.py.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

Noted = dict[str, frozenset[str]]  # the shapes of each test, by its node id

# Values and names that are made anew each time, and how many there are of something.
PASSING = (
    (re.compile(r"'[^']*'"), "''"),
    (re.compile(r'"s\d+_x\d+"'), "savepoint"),
    (re.compile(r"\bVALUES .*"), "VALUES"),
    (re.compile(r"(?:WHEN [^W]* THEN %s )+"), "WHEN "),
    (re.compile(r"%s(?:, %s)+"), "%s"),
    (re.compile(r"\b\d+\b"), "0"),
)
DATABASES_INTEGER = 2**31  # of an ordinary column; twice as many bits are the most there is


class Statements:
    """Notes the shapes of the statements of one test after the other, in a file of this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = (folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8")
        self.shapes: set[str] = set()
        connection_created.connect(self.listen)

    def listen(self, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
        """Hear every statement of a connection."""
        if self.hear not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.hear)

    def hear(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Let a statement be executed and note its shape."""
        ended = ""
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            ended = type(error).__name__
            raise
        finally:
            self.shapes.add(shape(str(sql), remarkable(params), ended))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note what a test had executed, from its fixtures to their end."""
        self.shapes.clear()
        result = yield
        self.file.write(json.dumps([item.nodeid, sorted(self.shapes)]) + "\n")
        self.file.flush()
        return result


@lru_cache(10_000)
def shape(sql: str, values: str, ended: str) -> str:
    """Return a digest of a statement's shape."""
    for passing, instead in PASSING:
        sql = passing.sub(instead, sql)
    return blake2b(f"{sql}|{values}|{ended}".encode(), digest_size=6).hexdigest()


def remarkable(params: Any) -> str:
    """Say which values are such that databases differ about them."""
    return "".join(sorted({kind for value in values_of(params) if (kind := kind_of(value))}))


def values_of(params: Any) -> Iterator[Any]:
    """Go through the values of one statement, or of many."""
    for value in params.values() if isinstance(params, dict) else params or ():
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value


def kind_of(value: Any) -> str:
    """Return a letter for what is remarkable about a value, if anything is."""
    if isinstance(value, int) and abs(value) >= DATABASES_INTEGER:
        return "l" if abs(value) < DATABASES_INTEGER**2 else "h"
    if isinstance(value, str):
        return "0" if "\0" in value else "" if value.isascii() else "u"
    return ""


def noted(folder: Path) -> Noted:
    """Read what was noted in a folder, by however many processes."""
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.open(encoding="utf-8"))
    return {test: frozenset(shapes) for test, shapes in map(json.loads, lines)}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run note statements."""
    parser.addoption("--note-statements", help="a folder to note in which statements each test made")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to note, where tests are run and not only shared out."""
    if (folder := config.option.note_statements) and not getattr(config.option, "numprocesses", None):
        config.pluginmanager.register(Statements(Path(folder)))
