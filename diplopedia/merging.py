"""Three-way merging of concurrent edits: everything both wrote, or a question for a person.

Policy: the unit is the block that `diffs` compares (a paragraph, a list item, a heading, a
table). Changes to different blocks merge, also when the blocks are neighbours. When two people
changed one block, it merges if they changed different sentences (in tables and code:
different lines); the same sentence is a conflict. So are different texts inserted at one place,
a block one changed and the other removed, and a text inserted into what the other removed. A question
holds more than one changed block only where one side put other blocks in the place of a passage.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from merge3 import Merge3

from diplopedia.diffs.alignment import align, pair_alike
from diplopedia.diffs.blocks import split_blocks

MAX_FINER = 50_000
"""Characters; in longer paragraphs sentences are not merged one by one."""

_SENTENCE_END = re.compile(r"[.!?।؟][\"'”’»)\]]*\s+|[。！？]")
_LINE_END = re.compile("\r\n?")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s|\|")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Blocks that both changed, as texts; "" where they are removed or were not there.

    `section` is the heading they stand under.
    """

    base: str
    mine: str
    theirs: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge in parts: settled texts, and conflicts in their places."""

    parts: tuple[str | Conflict, ...]

    @property
    def conflicts(self) -> list[Conflict]:
        """What is left for a person, in the order of the text."""
        return [part for part in self.parts if isinstance(part, Conflict)]

    @property
    def text(self) -> str | None:
        """The merged text; None while there are conflicts."""
        return None if self.conflicts else self.chosen([])

    def chosen(self, choices: Sequence[str]) -> str:
        """The merged text with one text per conflict in its place. Raises ValueError for
        another number of choices.
        """
        if len(choices) != len(self.conflicts):
            raise ValueError("Give one text for each conflict.")
        left = iter(choices)
        texts = (next(left).strip("\n") if isinstance(part, Conflict) else part for part in self.parts)
        units = [_Unit(text.rstrip("\n"), text[len(text.rstrip("\n")) :]) for text in texts if text]
        return _joined(units)


class _Unit(NamedTuple):
    """A piece of a text and the white space after it."""

    text: str
    tail: str
    section: str = ""


class _Clash(NamedTuple):
    base: tuple[_Unit, ...]
    mine: tuple[_Unit, ...]
    theirs: tuple[_Unit, ...]


_Parts = list[_Unit | _Clash]


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Merge two descendants of `base`. Line ends become newlines; of the white space at
    the end, what differs from the base stays.
    """
    base, mine, theirs = (_LINE_END.sub("\n", text) for text in (base, mine, theirs))
    if mine in (base, theirs):
        return Merge((theirs,) if theirs else ())
    if base == theirs:
        return Merge((mine,) if mine else ())
    end = _tail(*(text[len(text.rstrip()) :] for text in (base, mine, theirs)))
    parts = _merge(*(_blocks(text.rstrip()) for text in (base, mine, theirs)))
    return Merge(tuple(_texts([_finer(part) for part in parts], end)))


def merge_fields(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Merge two descendants of a set of values by key: the result and the keys in conflict.

    A key that is missing was removed. In conflict, `mine` stands in the result for now.
    """
    merged: dict[str, Any] = {}
    conflicts: list[str] = []
    missing = object()
    for key in dict.fromkeys([*base, *theirs, *mine]):
        before, here, there = (values.get(key, missing) for values in (base, mine, theirs))
        value = there if here == before else here
        if value is not missing:
            merged[key] = value
        if before not in (here, there) and here != there:
            conflicts.append(key)
    return merged, conflicts


class _Matcher:
    """What Merge3 asks about two sequences, answered without quadratic effort."""

    def __init__(self, _junk: None, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = old, new

    def get_matching_blocks(self) -> list[tuple[int, int, int]]:
        """Runs of equal items, closed by an empty one, as difflib gives them."""
        blocks: list[tuple[int, int, int]] = []
        for i, j in align(self.old, self.new):
            if blocks and blocks[-1][0] + blocks[-1][2] == i and blocks[-1][1] + blocks[-1][2] == j:
                blocks[-1] = (*blocks[-1][:2], blocks[-1][2] + 1)
            else:
                blocks.append((i, j, 1))
        return [*blocks, (len(self.old), len(self.new), 0)]


def _blocks(text: str) -> list[_Unit]:
    return [_Unit(*block) for block in split_blocks(text)]


def _merge(base: Sequence[_Unit], mine: Sequence[_Unit], theirs: Sequence[_Unit]) -> _Parts:
    """Merge units: what all three share, and what lies between settled by itself."""
    before, here, there = ([unit.text for unit in units] for units in (base, mine, theirs))
    matching = Merge3(before, here, there, sequence_matcher=_Matcher)
    parts: _Parts = []
    iz = ia = ib = 0
    for zmatch, zend, amatch, aend, bmatch, bend in matching.find_sync_regions():
        parts += _between(base[iz:zmatch], mine[ia:amatch], theirs[ib:bmatch])
        shared = zip(base[zmatch:zend], mine[amatch:aend], theirs[bmatch:bend], strict=True)
        parts += [_settled(*units) for units in shared]
        iz, ia, ib = zend, aend, bend
    return parts


def _settled(base: _Unit, mine: _Unit, theirs: _Unit) -> _Unit:
    """The unit of one text on all sides, with the white space that somebody changed."""
    return mine._replace(tail=_tail(base.tail, mine.tail, theirs.tail))


def _tail(base: str, mine: str, theirs: str) -> str:
    if mine == base:
        return theirs
    return mine if theirs == base else max(mine, theirs, key=lambda tail: (len(tail), tail))


def _between(base: Sequence[_Unit], mine: Sequence[_Unit], theirs: Sequence[_Unit]) -> _Parts:
    """Settle a stretch without any unit common to all three."""
    before, here, there = ([unit.text for unit in units] for units in (base, mine, theirs))
    if here == there:
        return [m._replace(tail=_tail(m.tail, m.tail, t.tail)) for m, t in zip(mine, theirs, strict=True)]
    if here == before:
        return list(theirs)
    if there == before:
        return list(mine)
    return _neighbours_joined(_slots(base, _side(base, mine), _side(base, theirs)))


class _Side(NamedTuple):
    """One descendant seen from its base: what became of each unit, what was put before it."""

    kept: list[_Unit | None]
    added: list[tuple[_Unit, ...]]

    def rewritten(self) -> Iterator[tuple[int, int]]:
        """The ranges of units in whose place something else was put that is not like any of them."""
        for removed, run in groupby(range(len(self.kept)), lambda i: self.kept[i] is None):
            units = list(run)
            if removed and self.added[units[-1] + 1]:
                yield units[0], units[-1] + 1

    def within(self, low: int, high: int) -> tuple[_Unit, ...]:
        """What stands in place of a range of units, with what was put behind each."""
        ranged = zip(self.kept[low:high], self.added[low + 1 : high + 1], strict=True)
        return tuple(unit for kept, added in ranged for unit in (kept, *added) if unit)


def _side(base: Sequence[_Unit], units: Sequence[_Unit]) -> _Side:
    before, after = [unit.text for unit in base], [unit.text for unit in units]
    kept: list[_Unit | None] = [None] * len(base)
    added: list[tuple[_Unit, ...]] = [()] * (len(base) + 1)
    start = 0
    for i, j in [*_pairs(before, after), (len(base), len(units))]:
        added[i] = tuple(units[start:j])
        if i < len(base):
            kept[i] = units[j]
        start = j + 1
    return _Side(kept, added)


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Units that are equal, or alike, or as many in the same stretch."""
    low = start = 0
    for i, j in [*align(before, after), (len(before), len(after))]:
        olds, news = range(low, i), range(start, j)
        if len(olds) == len(news):
            yield from zip(olds, news, strict=True)
        else:
            for old, new in pair_alike(before[low:i], after[start:j]):
                yield olds[old], news[new]
        if i < len(before):
            yield i, j
        low, start = i + 1, j + 1


def _slots(base: Sequence[_Unit], here: _Side, there: _Side) -> Iterator[_Unit | _Clash]:
    """Settle each unit of the base, and what was put between two of them, by itself.

    What one removed and the other changed is one question with all that was rewritten along with it: nobody
    can say which of the new units stands for which of the old.
    """
    together = dict(_asked_together(base, here, there))
    yield from _insertion(here, there, 0)
    i = 0
    while i < len(base):
        if high := together.get(i):
            yield _Clash(tuple(base[i:high]), here.within(i, high), there.within(i, high))
        else:
            high = i + 1
            yield from _fate(base[i], here.kept[i], there.kept[i])
            yield from _insertion(here, there, high)
        i = high


def _asked_together(base: Sequence[_Unit], here: _Side, there: _Side) -> Iterator[tuple[int, int]]:
    """The ranges that one or both rewrote, where the other changed any unit that was removed."""
    ranges: list[tuple[int, int]] = []
    for low, high in sorted([*here.rewritten(), *there.rewritten()]):
        if ranges and low < ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(high, ranges[-1][1]))
        else:
            ranges.append((low, high))
    for low, high in ranges:
        if any(_removed_and_changed(base[i], here.kept[i], there.kept[i]) for i in range(low, high)):
            yield low, high


def _removed_and_changed(base: _Unit, mine: _Unit | None, theirs: _Unit | None) -> bool:
    """Whether one removed a unit that the other changed."""
    left = mine or theirs
    return (mine is None) != (theirs is None) and left is not None and left.text != base.text


def _insertion(here: _Side, there: _Side, i: int) -> Iterable[_Unit | _Clash]:
    mine, theirs = here.added[i], there.added[i]
    if [unit.text for unit in mine] == [unit.text for unit in theirs]:
        return mine
    if not theirs and not _removed_around(there, i):
        return mine
    if not mine and not _removed_around(here, i):
        return theirs
    return (_Clash((), mine, theirs),)


def _removed_around(side: _Side, i: int) -> bool:
    """Whether this side removed the units on both sides of a place."""
    return side.kept[max(i - 1, 0) : i + 1].count(None) == 2


def _fate(base: _Unit, mine: _Unit | None, theirs: _Unit | None) -> Iterable[_Unit | _Clash]:
    """What becomes of one unit of the base."""
    here, there = mine and mine.text, theirs and theirs.text
    if mine and theirs and (here == there):
        return (_settled(base, mine, theirs),)
    if here == base.text:
        return (theirs,) if theirs else ()
    if there in (base.text, here):
        return (mine,) if mine else ()
    return (_Clash((base,), (mine,) if mine else (), (theirs,) if theirs else ()),)


def _neighbours_joined(parts: Iterable[_Unit | _Clash]) -> _Parts:
    """Conflicts with nothing between them are one question."""
    joined: _Parts = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, _Clash) and isinstance(last, _Clash):
            joined[-1] = _Clash(last.base + part.base, last.mine + part.mine, last.theirs + part.theirs)
        else:
            joined.append(part)
    return joined


def _finer(part: _Unit | _Clash) -> _Unit | _Clash:
    """Where both changed one block in different sentences or lines, the block with both changes."""
    if isinstance(part, _Unit) or not (len(part.base) == len(part.mine) == len(part.theirs) == 1):
        return part
    base, mine, theirs = part.base[0], part.mine[0], part.theirs[0]
    if len(base.text) > MAX_FINER:
        return part
    by_line = any(
        text.lstrip().startswith(("|", "```", "~~~")) for text in (base.text, mine.text, theirs.text)
    )
    split = _lines if by_line else _sentences
    pieces = _merge(split(base.text), split(mine.text), split(theirs.text))
    units = [piece for piece in pieces if isinstance(piece, _Unit)]
    if len(units) < len(pieces):
        return part
    text = _joined(units, "\n" if by_line else " ")
    return _Unit(text, _tail(base.tail, mine.tail, theirs.tail), mine.section)


def _lines(text: str) -> list[_Unit]:
    return [_Unit(line.rstrip("\n"), "\n" if line.endswith("\n") else "") for line in text.splitlines(True)]


def _sentences(text: str) -> list[_Unit]:
    """Sentences with the space after each; together they are the text again."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    sources = (text[start:end] for start, end in pairwise([0, *ends, len(text)]))
    return [_Unit(words := source.rstrip(), source[len(words) :]) for source in sources if source]


def _joined(units: Sequence[_Unit], joint: str = "") -> str:
    """The text of units; where one ends without white space but is not the last, some is added."""
    pieces: list[str] = []
    for index, unit in enumerate(units):
        tail, following = unit.tail, units[index + 1 : index + 2]
        if following and not tail:
            tail = joint or ("\n" if _ITEM.match(unit.text) and _ITEM.match(following[0].text) else "\n\n")
        pieces.append(unit.text + tail)
    return "".join(pieces)


def _texts(parts: Sequence[_Unit | _Clash], end: str) -> Iterator[str | Conflict]:
    """Settled units run together; conflicts stand between them."""
    run: list[_Unit] = []
    for part in [*parts, None]:
        if isinstance(part, _Unit):
            run.append(part)
            continue
        if run:
            yield _joined(run) + ("" if part else end)
        run = []
        if part:
            first = (part.base or part.mine or part.theirs)[0]
            base, mine, theirs = (_joined(units).rstrip() for units in part)
            yield Conflict(base, mine, theirs, first.section)
