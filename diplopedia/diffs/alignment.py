"""Which items of one sequence are which of another. Never slower than about n log n."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from .words import bag_of_words

MAX_CELLS = 250_000
"""Up to this product of lengths every pair of items may be looked at."""

MAX_PAIRED = 200
"""In longer stretches of changes, only items at the same place may be two wordings of one."""
WINDOW = 16
"""How far from its place in the stretch the other wording of an item is looked for."""
ALIKE = 0.4


def align(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of positions of equal items, rising on both sides.

    Short stretches are matched thoroughly. Long ones are cut at items that occur once on
    each side; a long stretch without any such item counts as replaced.
    """
    return _align(old, new, 0, len(old), 0, len(new))


def _align(
    old: Sequence[str], new: Sequence[str], low: int, high: int, start: int, end: int
) -> list[tuple[int, int]]:
    """`align` for old[low:high] and new[start:end]."""
    head: list[tuple[int, int]] = []
    tail: list[tuple[int, int]] = []
    while low < high and start < end and old[low] == new[start]:
        head.append((low, start))
        low, start = low + 1, start + 1
    while low < high and start < end and old[high - 1] == new[end - 1]:
        high, end = high - 1, end - 1
        tail.append((high, end))
    return head + _middle(old, new, low, high, start, end) + tail[::-1]


def _middle(
    old: Sequence[str], new: Sequence[str], low: int, high: int, start: int, end: int
) -> list[tuple[int, int]]:
    if (high - low) * (end - start) <= MAX_CELLS:
        blocks = SequenceMatcher(None, old[low:high], new[start:end], autojunk=False)
        return [
            (low + block.a + step, start + block.b + step)
            for block in blocks.get_matching_blocks()
            for step in range(block.size)
        ]
    anchors = _anchors(old, new, low, high, start, end)
    if not anchors:
        return []
    pairs: list[tuple[int, int]] = []
    for i, j in [*anchors, (high, end)]:
        pairs += _align(old, new, low, i, start, j)
        if (i, j) != (high, end):
            pairs.append((i, j))
        low, start = i + 1, j + 1
    return pairs


def _anchors(
    old: Sequence[str], new: Sequence[str], low: int, high: int, start: int, end: int
) -> list[tuple[int, int]]:
    """Positions of items that occur once on each side, in the longest order common to both."""
    once_old, once_new = Counter(old[low:high]), Counter(new[start:end])
    place = {new[j]: j for j in range(start, end) if once_new[new[j]] == 1}
    pairs = [(i, place[old[i]]) for i in range(low, high) if once_old[old[i]] == 1 and old[i] in place]
    return _longest_rising(pairs)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second numbers rise; the first ones rise already."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_i, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [j]
        last[at : at + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def pair_alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of texts alike enough to be two wordings of one, rising on both sides.

    Those with the greatest sum of likeness, found as one finds a longest common subsequence,
    among texts at about the same place; in very long stretches, at the very same place.
    """
    if not old or not new:
        return []
    before, after = [bag_of_words(text) for text in old], [bag_of_words(text) for text in new]
    if max(len(old), len(new)) > MAX_PAIRED:
        together = enumerate(zip(before, after, strict=False))
        return [(place, place) for place, bags in together if _likeness(*bags) >= ALIKE]
    return _unrolled(_best_chain(before, after))


# A chain is the last pair with the chain before it.
_Chain = tuple["_Chain", tuple[int, int]] | None


def _best_chain(before: Sequence[Counter[str]], after: Sequence[Counter[str]]) -> _Chain:
    slope = len(after) / len(before)
    best: list[tuple[float, _Chain]] = [(0.0, None)] * (len(after) + 1)
    for i, words in enumerate(before):
        line = [best[0]]
        for j, bag in enumerate(after):
            found = max(best[j + 1], line[j], key=lambda known: known[0])
            alike = _likeness(words, bag) if abs(j - i * slope) <= WINDOW else 0.0
            total, chain = best[j]
            if alike >= ALIKE and total + alike >= found[0]:
                found = (total + alike, (chain, (i, j)))
            line.append(found)
        best = line
    return best[-1][1]


def _unrolled(chain: _Chain) -> list[tuple[int, int]]:
    pairs = []
    while chain:
        chain, pair = chain
        pairs.append(pair)
    return pairs[::-1]


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """How much of two bags of words is common, from 0 to 1."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0.0
