"""Who works in an office: “someone from the legal directorate who speaks French”, “staff of AF/E”, “works in protocol”.

An office is meant by its whole name, by its acronym in capitals, by words of its name beside what such offices are
called (“communication directorate”, “crisis unit”), and after “works in” or the like by its name without that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from search.analysis import words
from search.cues import CROWDS, CUE_OF, EXCEPT, SORTS, WEAK
from search.grammar import Choice, Filter, Part, Word
from search.leading import BETWEEN, Names, has
from search.signs import plain

# Said beside words of a name these leave no doubt; a section or an office is as often one of an embassy.
LARGE = frozenset("bureau directorate department division unit".split())
OFFERED = LARGE | {"team", "desk"}
MOST_READ = 40  # words of a text
LONGEST = 6  # words of a name that stand beside what the office is called
SHORT = 3  # letters of what people write in capitals
MOST = 3  # offices that words may mean: of more they say too little
INTO = frozenset("in at from of for the our within".split())
WORKING = frozenset("work works working employed based staff team".split())
BEFORE = frozenset("worked was were been served former formerly ex left used posted".split())
NEUTRAL = SORTS | BETWEEN | {"affairs", "de", "du", "des", "la", "le", "les", "l", "d"}

Placed = Callable[[tuple[Part, ...]], str]


class Mentioned(NamedTuple):
    """The office of those who are asked for, its words, and the text without them, as a question for somebody."""

    office: Filter
    words: tuple[str, ...]
    rest: tuple[Part, ...]


class _Mention(NamedTuple):
    """A stretch of parts that names offices, by their codes."""

    start: int
    end: int
    codes: tuple[str, ...]


def mentioned(parts: tuple[Part, ...], offices: Names, place: Placed) -> Mentioned | None:
    """The office of those whom a text asks for, if it names one.

    `offices` are the names of each, by its code; `place` is the usual name of a place that parts name, if they do.
    """
    texts = [plain(part) for part in parts[:MOST_READ]]
    if not _asks(texts):
        return None
    found = _Reading(parts, texts, offices, place).best()
    if found is None:
        return None
    before = [text for text in texts[: found.start] if text not in INTO]
    if (before[-1:] and before[-1] in BEFORE) or "before" in texts[found.end : found.end + 1]:
        return None  # who was there once is not there
    negated = bool(before) and before[-1] in EXCEPT
    rest = list(parts[: found.start])
    while rest and plain(rest[-1]) in INTO | WORKING | (EXCEPT if negated else frozenset()):
        rest.pop()
    office = Filter("office", tuple(map(Choice, found.codes)), negated=negated, origin="words")
    said = tuple(part.text for part in parts[found.start : found.end] if isinstance(part, Word))
    return Mentioned(office, said, (Word("who"), *rest, *parts[found.end :]))


def _asks(texts: list[str]) -> bool:
    """Whether people are asked for."""
    return any((text in CUE_OF and text not in WEAK) or text in CROWDS | {"works"} for text in texts)


@dataclass(frozen=True)
class _Reading:
    parts: tuple[Part, ...]
    texts: list[str]
    offices: Names
    place: Placed

    def best(self) -> _Mention | None:
        """The longest stretch that names an office, the surest way to name one first."""
        for ways in (self._in_full, self._beside_its_sort, self._worked_in):
            if found := max(ways(), key=lambda one: one.end - one.start, default=None):
                return found
        return None

    def _in_full(self) -> Iterator[_Mention]:
        """Its whole name, or its acronym in capitals."""
        called = self._by_name()
        for start, end in self._stretches(max(map(len, called), default=0)):
            typed = tuple(words(" ".join(self.texts[start:end])))
            if len(typed) > 1 and SORTS.intersection(typed) and len(called.get(typed, ())) == 1:
                yield _Mention(start, end, tuple(called[typed]))
            elif end - start == 1 and self._in_capitals(start):
                codes = called.get(typed) or self._short_for(typed)
                if len(codes) == 1 and (self._alone(start) or not self._otherwise(start)):
                    yield _Mention(start, end, tuple(codes))

    def _by_name(self) -> dict[tuple[str, ...], list[str]]:
        called: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for code, names in self.offices.items():
            for name in names:
                called[name].append(code)
        return called

    def _in_capitals(self, at: int) -> bool:
        """Whether one part is written so, and not all of the text is."""
        return str(self.parts[at]).isupper() and (
            self._alone(at) or any(str(part)[-1:].islower() for part in self.parts if plain(part) != "who")
        )

    def _short_for(self, typed: tuple[str, ...]) -> list[str]:
        """The offices in whose names such short letters stand: HR."""
        short = len(typed) == 1 and 1 < len(typed[0]) <= SHORT
        return [
            code for code, names in self.offices.items() if short and any(typed[0] in name for name in names)
        ]

    def _otherwise(self, at: int) -> bool:
        """Whether an acronym names a place, too: `served in EUR`; not `works in EUR`, nor `EUR bureau`."""
        return bool(self.place(self.parts[at : at + 1])) and not self._said_to_work(at)

    def _alone(self, at: int) -> bool:
        return all(text == "who" for index, text in enumerate(self.texts) if index != at)

    def _beside_its_sort(self) -> Iterator[_Mention]:
        """Words of its name before or after what it is called: `legal directorate`, `directorate of legal affairs`."""
        for at, sort in enumerate(self.texts):
            if sort not in OFFERED:
                continue
            for start in range(max(at - LONGEST, 0), at):
                if codes := self._named(start, at, sort):
                    yield _Mention(start, at + 1, codes)
            begin = next((n for n in range(at + 1, len(self.texts)) if self.texts[n] not in NEUTRAL), at + 1)
            for end in range(begin + 1, min(begin + LONGEST, len(self.texts)) + 1):
                if codes := self._named(begin, end, sort):
                    yield _Mention(at, end, codes)

    def _named(self, start: int, end: int, sort: str) -> tuple[str, ...]:
        """The offices whose names have these words: one called just so, else of this sort, else the only one."""
        if not self._stands(start, end):
            return ()
        for wanted in self._wanted(start, end):
            having = {
                (code, name)
                for code, names in self.offices.items()
                for name in names
                if all(has(name, token) for token in wanted)
            }
            just_so = {code for code, name in having if len(_own(name)) == len(wanted)}
            of_sort = {code for code, name in having if sort in name}
            every = {code for code, _name in having} if sort in LARGE else set()
            for codes in (just_so, of_sort, every):
                if codes:
                    return tuple(sorted(codes)) if len(codes) <= MOST else ()
        return ()

    def _worked_in(self) -> Iterator[_Mention]:
        """Its name without what it is called, where the text says that somebody works there: `works in protocol`."""
        for start, end in self._stretches(LONGEST):
            wanted = _own(words(" ".join(self.texts[start:end])))
            stands = self._said_to_work(start) and self._stands(start, end)
            if not (wanted and stands) or self.place(self.parts[start:end]):
                continue
            codes = {
                code
                for code, names in self.offices.items()
                for name in names
                if len(_own(name)) == len(wanted) and all(has(name, token) for token in wanted)
            }
            if 0 < len(codes) <= MOST:
                yield _Mention(start, end, tuple(sorted(codes)))

    def _stands(self, start: int, end: int) -> bool:
        """Whether a stretch begins and ends with words that tell one office from another."""
        return self.texts[start] not in NEUTRAL and self.texts[end - 1] not in NEUTRAL - {"affairs"}

    def _said_to_work(self, at: int) -> bool:
        """Whether the words before say so: `works in`, `staff of`, `someone from`."""
        before = self.texts[:at]
        into = [text for text in before[-2:] if text in INTO - {"the", "our"}]
        while before and before[-1] in INTO:
            before = before[:-1]
        return bool(into and before) and (before[-1] in WORKING or (before[-1] in CROWDS and into[0] == "of"))

    def _wanted(self, start: int, end: int) -> Iterator[list[str]]:
        """The words of a stretch, and of the usual name of the place that it names."""
        texts = [token for text in self.texts[start:end] for token in words(text)]
        for tokens in (texts, words(self.place(self.parts[start:end]))):
            if own := _own(tokens):
                yield own

    def _stretches(self, longest: int) -> Iterator[tuple[int, int]]:
        """All stretches of plain parts, up to so many."""
        for start in range(len(self.texts)):
            for end in range(start + 1, min(start + longest, len(self.texts)) + 1):
                if not self.texts[end - 1]:
                    break
                yield start, end


def _own(name: tuple[str, ...] | list[str]) -> list[str]:
    return [token for token in name if token not in NEUTRAL]
