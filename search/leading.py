"""Who leads an office: “head of protocol”, “director for Southern Africa”, “who runs the crisis unit”.

An office is meant by some of the words of its name. Where they are the whole name but for what offices are called, it
is that one; else all offices whose names have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from search.analysis import words
from search.cues import CUE_OF, SORTS
from search.grammar import Choice, Either, Filter, Part, Word
from search.signs import plain

LEADERS = frozenset("head heads chief director directors leads leader runs boss".split())
# What any of them may have for a title, as it stands: a directorate has many people.
TITLED = Either(tuple(Word(title, phrase=True) for title in ("director", "head", "chief")))
BETWEEN = frozenset("a an the of for and our in is who's &".split())
SHORTEST = 4  # letters by which another form of a word is known: African, for Africa
LONGEST_ENDING = 3  # letters that a form may have more: Southern is one of South, Southeast is not

Names = Mapping[str, frozenset[tuple[str, ...]]]


def led(parts: tuple[Part, ...], offices: Names) -> Filter | None:
    """The office whose head a text asks for and nothing else. `offices` are the names of each, by its code."""
    texts = [plain(part) for part in parts]
    if LEADERS.isdisjoint(texts) or "" in texts:
        return None
    named = [
        token
        for text in texts
        if text not in LEADERS | BETWEEN and CUE_OF.get(text) != "who"
        for token in words(text)
    ]
    wanted = [token for token in named if token not in SORTS]
    codes = _best(wanted, [token for token in named if token in SORTS], offices) if wanted else ()
    return Filter("office", tuple(map(Choice, codes)), origin="words") if codes else None


def _best(wanted: list[str], sorts: list[str], offices: Names) -> tuple[str, ...]:
    """The offices that are meant: of the sort that is said, if one is, and called just so, if any is."""
    having = {
        (code, name)
        for code, names in offices.items()
        for name in names
        if all(has(name, token) for token in wanted)
    }
    of_sort = {(code, name) for code, name in having if all(sort in name for sort in sorts)}
    found = of_sort or having
    just_so = {code for code, name in found if len(_own(name)) == len(wanted)}
    return tuple(sorted(just_so or {code for code, _name in found}))


def _own(name: Iterable[str]) -> list[str]:
    return [token for token in name if token not in SORTS | BETWEEN]


def has(name: Iterable[str], token: str) -> bool:
    """Whether a word stands in a name, in whatever form."""
    return any(
        token == other or (min(len(token), len(other)) >= SHORTEST and _forms(token, other)) for other in name
    )


def _forms(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and len(long) - len(short) <= LONGEST_ENDING
