"""`compare`: two texts side by side, paragraph by paragraph."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

from .alignment import align, pair_alike
from .blocks import Block, split_blocks
from .tables import TableDiff, compare_tables
from .words import Segment, compare_words

SHOWN_UNCHANGED = 2
"""Longer runs of unchanged paragraphs collapse."""
MAX_COMPARED = 400_000
"""Characters of changed paragraphs compared by word; what comes later is shown as replaced."""
MOVED_CHARACTERS = 12
"""Shorter equal paragraphs, such as a repeated heading, are not taken for moved ones."""

Kind = Literal["same", "changed", "added", "removed", "moved", "gap", "section"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison.

    same, changed, added, removed: a paragraph with its segments (plain text).
    moved: it stands twice, `away` where it was and not `away` where it is now.
    gap: `rows` that did not change, collapsed. section: the heading under which the
    next rows stand (an unchanged heading is one, too). `table` is there for a changed table.
    """

    kind: Kind
    segments: tuple[Segment, ...] = ()
    old_number: int | None = None
    new_number: int | None = None
    section: str = ""
    away: bool = False
    table: TableDiff | None = None
    rows: tuple["Row", ...] = ()
    tails: tuple[str, str] = field(default=("", ""), repr=False)

    @property
    def old(self) -> tuple[Segment, ...]:
        """What the older text says here."""
        return tuple(segment for segment in self.segments if segment.kind != "ins")

    @property
    def new(self) -> tuple[Segment, ...]:
        """What the newer text says here."""
        return tuple(segment for segment in self.segments if segment.kind != "del")

    @property
    def count(self) -> int:
        """How many unchanged paragraphs a gap hides, headings aside."""
        return sum(not row.is_heading for row in self.rows)

    @property
    def is_heading(self) -> bool:
        """Whether the paragraph is a heading."""
        return _words(self.new or self.old).lstrip().startswith("#")


@dataclass(frozen=True, slots=True)
class Diff:
    """Two texts compared: the rows tell both texts completely."""

    rows: tuple[Row, ...]

    @property
    def unified(self) -> tuple[Row, ...]:
        """The rows for one column, where a moved paragraph is shown only in its new place."""
        return tuple(row for row in self.rows if not row.away)

    @property
    def changed(self) -> int:
        """How many paragraphs have other words."""
        return self._count("changed")

    @property
    def added(self) -> int:
        """How many paragraphs are new."""
        return self._count("added")

    @property
    def removed(self) -> int:
        """How many paragraphs are gone."""
        return self._count("removed")

    @property
    def moved(self) -> int:
        """How many paragraphs stand elsewhere, unchanged."""
        return self._count("moved")

    @property
    def total(self) -> int:
        """How many paragraphs differ in any way."""
        return self.changed + self.added + self.removed + self.moved

    @property
    def tables(self) -> tuple[Row, ...]:
        """The rows which hold a changed table."""
        return tuple(row for row in self.rows if row.table)

    @property
    def old_text(self) -> str:
        """The older text, exactly."""
        return "".join(_words(row.old) + row.tails[0] for row in self._all() if row.old_number)

    @property
    def new_text(self) -> str:
        """The newer text, exactly."""
        return "".join(_words(row.new) + row.tails[1] for row in self._all() if row.new_number)

    def apply(self, old: str) -> str:
        """The newer text, given the older. Raises ValueError for any other text."""
        if old != self.old_text:
            raise ValueError("These changes belong to another text.")
        return self.new_text

    def _count(self, kind: Kind) -> int:
        return sum(row.kind == kind and not row.away for row in self.rows)

    def _all(self) -> Iterator[Row]:
        for row in self.rows:
            yield from row.rows or (row,)


def compare(old: str, new: str) -> Diff:
    """Compare two texts with equal line ends (see `markdown.normalise`)."""
    before, after = split_blocks(old), split_blocks(new)
    same = align([block.text for block in before], [block.text for block in after])
    moved = _moves(before, after, same)
    rows = list(_reworded(_rows(before, after, same, moved)))
    return Diff(tuple(_with_sections(_collapsed(rows))))


def _words(segments: Iterable[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def _moves(
    before: Sequence[Block], after: Sequence[Block], same: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Old to new positions of equal paragraphs that the alignment left over."""
    kept_old, kept_new = {i for i, _j in same}, {j for _i, j in same}
    places: dict[str, list[int]] = {}
    for j in range(len(after) - 1, -1, -1):
        if j not in kept_new and len(after[j].text) >= MOVED_CHARACTERS:
            places.setdefault(after[j].text, []).append(j)
    moved = {}
    for i, block in enumerate(before):
        if i not in kept_old and places.get(block.text):
            moved[i] = places[block.text].pop()
    return moved


def _rows(
    before: Sequence[Block],
    after: Sequence[Block],
    same: Sequence[tuple[int, int]],
    moved: dict[int, int],
) -> Iterator[Row]:
    """Every paragraph of both texts, in an order that keeps the order of each."""
    arrived = set(moved.values())
    low = start = 0
    for i, j in [*same, (len(before), len(after))]:
        yield from _stretch(before, after, range(low, i), range(start, j), moved, arrived)
        if i < len(before):
            yield _row("same", before, after, i, j)
        low, start = i + 1, j + 1


def _stretch(
    before: Sequence[Block],
    after: Sequence[Block],
    olds: range,
    news: range,
    moved: dict[int, int],
    arrived: set[int],
) -> Iterator[Row]:
    """The rows between two unchanged paragraphs."""
    left, right = [i for i in olds if i not in moved], [j for j in news if j not in arrived]
    alike = pair_alike([before[i].text for i in left], [after[j].text for j in right])
    pairs = [(left[i], right[j]) for i, j in alike]
    low, start = olds.start, news.start
    for i, j in [*pairs, (olds.stop, news.stop)]:
        for gone in range(low, i):
            yield _row("moved" if gone in moved else "removed", before, after, gone, None)
        for come in range(start, j):
            yield _row("moved" if come in arrived else "added", before, after, None, come)
        if i < olds.stop:
            yield _row("changed", before, after, i, j)
        low, start = i + 1, j + 1


def _row(
    kind: Kind,
    before: Sequence[Block],
    after: Sequence[Block],
    i: int | None,
    j: int | None,
) -> Row:
    old = before[i] if i is not None else None
    new = after[j] if j is not None else None
    shown = new or old
    return Row(
        kind,
        _segments(kind, old, new),
        old_number=None if i is None else i + 1,
        new_number=None if j is None else j + 1,
        section=shown.section if shown else "",
        away=kind == "moved" and new is None,
        tails=(old.tail if old else "", new.tail if new else ""),
    )


def _segments(kind: Kind, old: Block | None, new: Block | None) -> tuple[Segment, ...]:
    if old and new:
        if kind == "changed":
            return _plain("del", old) + _plain("ins", new)
        return _plain("same", new)
    if kind == "moved":
        return _plain("same", new or old)
    return _plain("del", old) if old else _plain("ins", new)


def _plain(kind: Literal["same", "ins", "del"], block: Block | None) -> tuple[Segment, ...]:
    return (Segment(kind, block.text),) if block else ()


def _reworded(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with changed paragraphs compared by word and cell, as far as the effort allows."""
    effort = MAX_COMPARED
    for row in rows:
        if row.kind == "changed":
            old, new = _words(row.old), _words(row.new)
            effort -= len(old) + len(new)
            if effort > 0:
                row = replace(row, segments=compare_words(old, new), table=compare_tables(old, new))
        yield row


def _collapsed(rows: Sequence[Row]) -> Iterator[Row]:
    for unchanged, run in groupby(rows, key=lambda row: row.kind == "same"):
        found = tuple(run)
        if unchanged and len(found) > SHOWN_UNCHANGED:
            yield Row("gap", rows=found, section=found[-1].section)
        else:
            yield from found


def _with_sections(rows: Iterable[Row]) -> Iterator[Row]:
    """Name the section before the first row of it that is shown."""
    current = ""
    for row in rows:
        if row.kind == "same" and row.is_heading:
            row = replace(row, kind="section")
        elif row.kind != "gap" and row.section not in ("", current) and not row.is_heading:
            yield Row("section", section=row.section)
        if row.kind != "gap":
            current = row.section
        yield row
