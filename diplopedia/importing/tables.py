"""CSV files of facts about colleagues as lines: one row a fact, one file a sort of fact, told by its first line."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from diplopedia.importing.lines import Broken, Line, digest
from people.models.profiles import AVAILABLE_FOR
from people.names import fold
from people.tables import as_written

DELIMITERS = ",;\t"
WHO = ("id", "email")
DAYS = tuple(f"{what}_{end}" for what in AVAILABLE_FOR for end in ("from", "until"))


@dataclass(frozen=True)
class Sort:
    """One sort of table: told by any of `mark`; `alike` says which fact of the person a row is, `more` what of it."""

    kind: str
    mark: tuple[str, ...]
    alike: tuple[str, ...]
    more: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All that the first line may name."""
        return (*WHO, *self.alike, *self.more)


SORTS = (
    Sort("skill", ("skill",), ("skill",), ("level", "ask", "mentor", "learn", "audience")),
    Sort("expertise", ("region",), ("region",), ("depth", "years", "note", "audience")),
    Sort("spoken", ("language",), ("language",), ("speaking", "reading", "tested", "audience")),
    Sort("education", ("institution",), ("institution", "subject"), ("until", "audience")),
    Sort("assignment", ("from",), ("post", "office", "country", "title", "from"), ("until", "audience")),
    Sort("availability", tuple(AVAILABLE_FOR), (), (*AVAILABLE_FOR, *DAYS, "note")),
)


class Unreadable(ValueError):
    """A file that is none of these tables; says what would be one."""


def read(path: Path) -> Iterator[Line | Broken]:
    """Return what stands in each row of a file. Raises OSError if it cannot be opened."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        yield from _rows(path.name, text)
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        yield Broken(
            f"{path.name}:{row}",
            "The file is not in UTF-8: nothing of it was read. Save it as “CSV UTF-8”, and try again.",
            "file",
        )
    except Unreadable as error:
        yield Broken(path.name, f"{error} Nothing of the file was read.", "file")
    except csv.Error as error:
        yield Broken(
            path.name, f"No CSV from here on: {error}. Save the table as “CSV UTF-8”, and try again.", "file"
        )


def _rows(name: str, text: str) -> Iterator[Line | Broken]:
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = ["_".join(cell.lower().split()) for cell in next(reader, [])]
    sort = sort_of(columns)
    first: dict[str, int] = {}
    before = reader.line_num
    for cells in reader:
        row, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            found = _line(sort, columns, cells, f"{name}:{row}")
            if isinstance(found, Line) and (earlier := first.setdefault(found.source_id, row)) != row:
                found = Broken(found.where, f"Line {earlier} is about the same: keep one of them.", sort.kind)
            yield found


def sort_of(columns: list[str]) -> Sort:
    """Return which table the first line names. Raises Unreadable."""
    sort = next((sort for sort in SORTS if set(sort.mark) & set(columns)), None)
    if sort is None:
        marks = ", ".join(sort.mark[0] for sort in SORTS)
        raise Unreadable(
            f"Its first line names none of the columns {marks}, so nothing says what the rows are about. "
            "People themselves come with `manage.py sync_people`."
        )
    if unknown := [name for name in columns if name not in sort.columns]:
        known = ", ".join(sort.columns)
        raise Unreadable(f"Column “{unknown[0]}” is not known beside “{sort.mark[0]}”: take some of {known}.")
    if double := [name for name in columns if columns.count(name) > 1]:
        raise Unreadable(f"Column “{double[0]}” comes twice.")
    if not set(WHO) & set(columns):
        raise Unreadable("There is neither a column “email” nor “id”: people could not be told apart.")
    return sort


def _line(sort: Sort, columns: list[str], cells: list[str], where: str) -> Line | Broken:
    """Return a row as a line. It is known again by person and fact, in a form that tells nobody which."""
    if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
        text = f"It has {len(cells)} values for {len(columns)} columns: is a quotation mark missing?"
        return Broken(where, text, sort.kind)
    said = zip(columns, cells, strict=False)
    record = {column: value for column, cell in said if (value := as_written(cell))}
    who = record.get("id") or record.get("email", "").lower()
    if not who:
        return Broken(where, "“email” is empty: nobody could tell whose row this is.", sort.kind)
    name = json.dumps([who, *(fold(record.get(column, "")) for column in sort.alike)])
    raw = json.dumps(record, sort_keys=True).encode()
    return Line(where, sort.kind, hashlib.sha256(name.encode()).hexdigest(), record, digest(raw))
