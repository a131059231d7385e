"""Files as lines: each one JSON object, recognised by its `record` key or by its shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplopedia.importing.values import ImportProblem, required

# Part of every digest: raise it when the import makes something else of the same line.
FORMAT = 1
KINDS = ("language", "country", "office", "post", "staff", "person", "image", "document", "article")
# What rows of tables are about; they come when all that they may name is there.
FACTS = ("skill", "expertise", "spoken", "education", "assignment", "availability")
# The first shape whose keys are all there is what a line without `record` is.
SHAPES = (
    ("person", {"appointments"}),
    ("staff", {"email", "username"}),
    ("article", {"title", "body"}),
    ("article", {"title", "type"}),
    ("language", {"code", "territories"}),
    ("language", {"code", "less_commonly_taught"}),
    ("post", {"city"}),
    ("country", {"gec"}),
    ("country", {"iso3"}),
    ("country", {"modern"}),
    ("office", {"name", "acronym"}),
    ("office", {"name", "parent"}),
)


@dataclass(frozen=True)
class Line:
    """One record, and where it stands: `where` is “file:line”."""

    where: str
    kind: str
    source_id: str
    record: dict[str, Any]
    digest: str


@dataclass(frozen=True)
class Broken:
    """A line or file that is no record, and why."""

    where: str
    reason: str
    kind: str = "line"


def read(path: Path) -> Iterator[Line | Broken]:
    """Return what stands on each line of a file that is not empty. Raises OSError if it cannot be opened."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                yield parse(raw, f"{path.name}:{number}")


def from_records(name: str, found: Iterable[dict[str, Any]]) -> Iterator[Line | Broken]:
    """Return records made here as if they had been read from a file of this name."""
    for number, record in enumerate(found, start=1):
        yield of_record(record, f"{name}:{number}")


def of_record(record: dict[str, Any], where: str) -> Line | Broken:
    """Return one record made here as if it had been read at this place."""
    return parse(json.dumps(record, ensure_ascii=False).encode(), where)


def parse(raw: bytes, where: str) -> Line | Broken:
    """Read one line. What cannot be read is returned as broken, with the reason."""
    try:
        record = json.loads(raw.decode("utf-8-sig"))
        if not isinstance(record, dict):
            raise ImportProblem("Not a JSON object: a line begins with { and ends with }.")
        kind = kind_of(record)
        source_id = required(record, "code" if kind == "language" else "id")
        if len(source_id) > 200:
            raise ImportProblem("“id” is longer than 200 characters.")
    except UnicodeDecodeError as error:
        return Broken(where, f"Not UTF-8 text: {error.reason} at byte {error.start}.")
    except json.JSONDecodeError as error:
        return Broken(where, f"Not JSON: {error.msg} at character {error.pos}.")
    except RecursionError:
        return Broken(where, "Nested too deeply.")
    except ValueError as error:
        return Broken(where, str(error))
    return Line(where, kind, source_id, record, digest(raw))


def kind_of(record: dict[str, Any]) -> str:
    """Return what a record is. Raises ImportProblem where neither its `record` key nor its shape says so."""
    named = record.get("record")
    if named is not None:
        if named in KINDS:
            return str(named)
        raise ImportProblem(f"“record” is “{named}”: it must be one of {', '.join(KINDS)}.")
    for kind, keys in SHAPES:
        if keys <= record.keys():
            return kind
    raise ImportProblem(f'Nothing says what this is. Add "record": one of {", ".join(KINDS)}.')


def digest(raw: bytes) -> str:
    """Return what tells a changed line from an unchanged one."""
    return hashlib.sha256(b"%d " % FORMAT + raw.strip()).hexdigest()
