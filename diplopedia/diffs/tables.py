"""Two states of one table, compared cell by cell."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from .alignment import align
from .words import Segment, compare_words

MAX_TABLE_CELLS = 4_000

_BAR = re.compile(r"(?<!\\)\|(?![^\[\]\n]*\]\])")  # not the bar of an escape or of [[Title|label]]
_RULE = re.compile(r"[\s|:-]+$")


class Cell(NamedTuple):
    """The words of a cell, in segments; `kind` tells of its whole column or row."""

    kind: Literal["same", "changed", "added", "removed"]
    segments: tuple[Segment, ...]


class TableRow(NamedTuple):
    """A row that differs. Cells stand under the columns of the comparison."""

    kind: Literal["changed", "added", "removed"]
    cells: tuple[Cell, ...]


class TableDiff(NamedTuple):
    """The header with all columns old and new, and the rows that differ."""

    header: tuple[Cell, ...]
    rows: tuple[TableRow, ...]


_Pair = tuple[int | None, int | None]


def compare_tables(old: str, new: str) -> TableDiff | None:
    """The cells that differ; None when either text is no table or too large to compare so."""
    before, after = _grid(old), _grid(new)
    if not before or not after or len(before) * len(before[0]) > MAX_TABLE_CELLS:
        return None
    if len(after) * len(after[0]) > MAX_TABLE_CELLS:
        return None
    columns = _pairs(before[0], after[0])
    lines = _pairs([_key(row) for row in before[1:]], [_key(row) for row in after[1:]])
    rows = (_row(before, after, line, columns) for line in lines)
    return TableDiff(
        tuple(_cell(before[0], after[0], column) for column in columns),
        tuple(row for row in rows if row is not None),
    )


def _grid(text: str) -> list[list[str]]:
    """Rows of cells, the header first; empty when there is no rule below a header."""
    lines = [line.strip() for line in text.split("\n")]
    if len(lines) < 2 or "-" not in lines[1] or not _RULE.match(lines[1]):
        return []
    return [_cells(line) for index, line in enumerate(lines) if index != 1]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _BAR.split(line.removeprefix("|").removesuffix("|"))]


def _key(row: Sequence[str]) -> str:
    """Rows are recognised by their first cell."""
    return row[0] if row else ""


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[_Pair]:
    """Positions side by side: equal names first, what lies between them in order.

    As many unnamed on each side are taken for renamed, else for removed and added.
    """
    found: list[_Pair] = []
    low = start = 0
    for i, j in [*align(old, new), (len(old), len(new))]:
        if i - low == j - start:
            found += zip(range(low, i), range(start, j), strict=True)
        else:
            found += [(at, None) for at in range(low, i)]
            found += [(None, at) for at in range(start, j)]
        if i < len(old):
            found.append((i, j))
        low, start = i + 1, j + 1
    return found


def _at(row: Sequence[str] | None, index: int | None) -> str | None:
    """The cell of a row; rows may be shorter than the header."""
    if row is None or index is None:
        return None
    return row[index] if index < len(row) else ""


def _cell(old: Sequence[str] | None, new: Sequence[str] | None, column: _Pair) -> Cell:
    before, after = _at(old, column[0]), _at(new, column[1])
    if before == after:
        return Cell("same", (Segment("same", before),) if before else ())
    if before is None:
        return Cell("added", (Segment("ins", after),) if after else ())
    if after is None:
        return Cell("removed", (Segment("del", before),) if before else ())
    return Cell("changed", compare_words(before, after))


def _row(
    before: Sequence[Sequence[str]],
    after: Sequence[Sequence[str]],
    line: _Pair,
    columns: Sequence[_Pair],
) -> TableRow | None:
    """The row of both tables; None when no cell differs."""
    old = None if line[0] is None else before[line[0] + 1]
    new = None if line[1] is None else after[line[1] + 1]
    cells = tuple(_cell(old, new, column) for column in columns)
    if old is None:
        return TableRow("added", cells)
    if new is None:
        return TableRow("removed", cells)
    return TableRow("changed", cells) if any(cell.kind != "same" for cell in cells) else None
