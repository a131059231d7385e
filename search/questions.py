"""Plain questions: “Pashto speaker in Kabul”, “who knows water law and served in Asmara”, “case studies in the Sahel”.

A text is taken for a question when a cue stands in it (speaks, served in, expert on, who, a level beside a language, a
kind of page with a preposition); otherwise its words stay words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import dropwhile, pairwise
from typing import NamedTuple, Protocol

from search.cues import (
    BETWEEN,
    CROWDS,
    CUE_OF,
    EXCEPT,
    EXPERTS,
    GLUE,
    HANDS,
    HOUSES,
    LANGUAGE,
    LEVEL_WORDS,
    PREPOSITIONS,
    READ,
    TITLES,
    TRADES,
    WEAK,
)
from search.grammar import Choice, Filter, Part, Word, read_level

LEVEL = re.compile(r"(?:s-?)?([0-5]\+?)(?:/(?:r-?)?([0-5]\+?))?[,;]?")
PLACES = ("post", "region")
PERSON = Filter("kind", (Choice("person"),), origin="words")
SHORTEST_GUESS = 5


class Named(Protocol):
    """A name of the dictionary."""

    @property
    def field(self) -> str:
        """The field it is a value of."""
        ...

    @property
    def code(self) -> str:
        """Its code."""
        ...


class Found(NamedTuple):
    """A stretch of parts, from `start` to before `end`, that names something; it may name several things."""

    start: int
    end: int
    names: tuple[Named, ...]

    def codes(self, *fields: str) -> tuple[str, ...]:
        """All codes that it names in these fields, in the fields' order: there may be two posts in one city."""
        return tuple(
            dict.fromkeys(name.code for wanted in fields for name in self.names if name.field == wanted)
        )

    def first(self, *fields: str) -> tuple[str, tuple[str, ...]]:
        """The first of the fields that it names values of, with all of these."""
        return next(((wanted, self.codes(wanted)) for wanted in fields if self.codes(wanted)), ("", ()))


Guess = Callable[[str], tuple[Named, ...]]


@dataclass
class _Question:
    """What is being made of a text, read from left to right."""

    parts: tuple[Part, ...]
    cues: set[str]
    cue: str = ""
    used: set[int] = field(default_factory=set)
    filters: list[Filter] = field(default_factory=list)
    language: int | None = None
    level: tuple[int, re.Match[str]] | None = None
    either: bool = False
    excepted: int | None = None

    @property
    def expert(self) -> int | None:
        """Where an expert on something is asked for: `visa policy expert`, but no `expert group`."""
        for index, part in enumerate(self.parts):
            last = index + 1 == len(self.parts)
            if (
                plain(part) in EXPERTS
                and len(self.parts) > 1
                and (last or _preposition(self.parts, index + 1))
            ):
                return index
        return None

    @property
    def people(self) -> bool:
        """Whether somebody is asked for."""
        return bool(self.cues - {"kind"})

    def take(self, found: Found, name: str, codes: tuple[str, ...]) -> None:
        """Make a filter, of those without it after `without`; after `or`, one more value of the filter before."""
        choices = tuple(map(Choice, codes))
        last = self.filters[-1] if self.filters else None
        if self.either and last and last.field == name:
            self.filters[-1] = replace(last, choices=(*last.choices, *choices))
        else:
            self.filters.append(Filter(name, choices, negated=self.excepted is not None, origin="words"))
        if self.excepted is not None:
            self.used.add(self.excepted)
        self.used.update(range(found.start, found.end))
        self.either, self.excepted = False, None

    def name(self, found: Found) -> None:
        """Make a filter of a name, if what was read so far says which."""
        if kind := self._kind(found):
            self.take(found, *kind)
        elif self._asks_language(found):
            self.take(found, self._language_field(), found.codes("lang"))
            self.language = len(self.filters) - 1
            if found.end < len(self.parts) and plain(self.parts[found.end]) in LANGUAGE:
                self.used.add(found.end)
            if self.level:
                self.give_level(*self.level)
        elif self.people and found.codes("skill"):
            self.take(found, "skill", found.codes("skill"))
        elif found.codes(*PLACES):
            self._place(found)
        self.level = None

    def _kind(self, found: Found) -> tuple[str, tuple[str, ...]] | None:
        kind = found.first("template", "kind")
        return kind if kind[0] and "kind" in self.cues and _preposition(self.parts, found.end) else None

    def _asks_language(self, found: Found) -> bool:
        expert = found.end < len(self.parts) and plain(self.parts[found.end]) in EXPERTS
        of_place = (
            (expert or self.cue in ("post", "now", "region"))
            and self.excepted is None
            and found.codes(*PLACES)
        )
        if not found.codes("lang") or of_place:
            return False
        asked = {"speaks", "reads", "who"} & self.cues or self.cue == "region"
        return bool(asked or self.level or _level_after(self.parts, found.end))

    def _language_field(self) -> str:
        reads = self.cue == "reads" or ("reads" in self.cues and "speaks" not in self.cues)
        return "reads" if reads else "speaks"

    def _place(self, found: Found) -> None:
        """Where somebody serves or served, what region they know, or what a page is about."""
        cue = self.cue if self.cue in ("post", "now", "region") else ""
        if cue != "region" and any(CUE_OF.get(plain(part)) == "now" for part in self.parts):
            cue = "now"
        known = not cue and "region" in self.cues and not self._inside(found.start)
        if cue == "region" or known:
            self.take(found, *found.first("region", "post"))
            if PERSON not in self.filters:
                self.filters.append(PERSON)
        elif self.people:
            self.take(found, cue or "at", found.codes(*PLACES))
        elif "kind" in self.cues and found.codes("region"):
            self.take(found, "region", found.codes("region"))

    def _inside(self, index: int) -> bool:
        """Whether the words before say that somebody is in a place."""
        before = [text for text in map(plain, self.parts[max(index - 2, 0) : index]) if text != "the"]
        return bool(before) and before[-1] in ("in", "at")

    def give_level(self, index: int, match: re.Match[str]) -> None:
        """Give a level to the language that was read beside it, and to those that `or` joins to it."""
        if self.language is None:
            self.level = (index, match)
            return
        chosen = self.filters[self.language]
        levels = {chosen.field: match[1]}
        if match[2]:
            levels = {"speaks": match[1], "reads": match[2]}
        self.filters[self.language : self.language + 1] = [
            replace(
                chosen, field=name, choices=tuple(_at_level(name, choice, text) for choice in chosen.choices)
            )
            for name, text in levels.items()
        ]
        self.used.add(index)
        self.language = None

    def word(self, index: int) -> None:
        """Read a word that names nothing: a cue, a level, or something between."""
        text = plain(self.parts[index])
        if text in CUE_OF and self._is_cue(text):
            self.cue = self.cue if CUE_OF[text] == "who" else CUE_OF[text]
            self.used.add(index)
            self._same_language(index)
        elif match := LEVEL.fullmatch(text):
            if (
                self.language is not None
                or match[2]
                or "+" in text
                or self.people
                or self._said_before(index)
            ):
                self.give_level(index, match)
        elif text == "or":
            self.either = True
        elif text == EXCEPT and self.people:
            self.excepted = index
        elif text not in GLUE:
            self.level, self.either, self.excepted = None, False, None

    def _same_language(self, index: int) -> None:
        """Ask for another skill in the language before: `speaks Dari at 3, reading 2`."""
        spoken = [chosen for chosen in self.filters if chosen.field in ("speaks", "reads")]
        if self.cue not in ("speaks", "reads") or not spoken or spoken[-1].field == self.cue:
            return
        if index + 1 < len(self.parts) and LEVEL.fullmatch(plain(self.parts[index + 1])):
            choices = tuple(Choice(code) for code in spoken[-1].codes)
            self.filters.append(Filter(self.cue, choices, origin="words"))
            self.language = len(self.filters) - 1

    def _is_cue(self, text: str) -> bool:
        """Whether a word is a cue here: a weak one only where somebody is asked for."""
        of_people = self.people and CUE_OF[text] in ("post", "now", "region")
        return text not in WEAK or of_people or CUE_OF[text] in self.cues

    def _said_before(self, index: int) -> bool:
        """Whether the word before says that a level comes."""
        return index > 0 and plain(self.parts[index - 1]) in LEVEL_WORDS


def plain(part: Part) -> str:
    """The word of a plain part, lowercased, without marks at its ends; empty for any other part."""
    if isinstance(part, Word) and part.is_plain:
        return part.text.lower().strip("?!.,;:()")
    return ""


def ask(
    parts: tuple[Part, ...], found: Iterable[Found], guess: Guess = lambda _word: ()
) -> tuple[tuple[Part, ...], tuple[Filter, ...]]:
    """Read the parts as a question; gives back the parts that are left, and filters. No cue, no change.

    `guess` names languages that a word may be a slip for; it is asked where only a language makes sense.
    """
    stretches = {stretch.start: stretch for stretch in found}
    stretches |= {stretch.start: stretch for stretch in _guessed(parts, stretches, guess)}
    asked, parts = parts, _hands_as_experts(parts, stretches)
    question = _Question(parts, _cues(parts, stretches))
    index = 0
    while index < len(parts):
        stretch = stretches.get(index)
        if stretch:
            question.name(stretch)
            index = stretch.end
            continue
        question.word(index)
        index += 1
    if not question.filters and question.expert is not None:
        question.filters.append(PERSON)
        question.used = {question.expert}
    if not question.filters:
        return asked, ()
    return _left(question), tuple(dict.fromkeys(question.filters))


def _hands_as_experts(parts: tuple[Part, ...], found: dict[int, Found]) -> tuple[Part, ...]:
    """The parts, with `experts` for who is called otherwise: `Caucasus hands`, `cyber policy people`."""
    meant = list(parts)
    for stretch in found.values():
        after = plain(parts[stretch.end]) if stretch.end < len(parts) else ""
        of_place = after in ("hand", "hands", "experience") and stretch.codes(*PLACES)
        if of_place or (after in HANDS and stretch.codes("skill")):
            meant[stretch.end] = Word("experts")
    return tuple(meant)


def _cues(parts: tuple[Part, ...], found: dict[int, Found]) -> set[str]:
    """All cues of a text: what kind of question it is, wherever in it they stand."""
    texts = [plain(part) for part in parts]
    cues = {CUE_OF[text] for text in texts if text in CUE_OF and text not in WEAK}
    if TRADES.intersection(texts) and any(stretch.codes("lang") for stretch in found.values()):
        cues.add("who")
    for stretch in found.values():
        if stretch.codes(*PLACES) and (
            _crowd_before(texts, stretch.start) or _title_before(texts, stretch.start)
        ):
            cues.add("who")
        if stretch.codes("skill") and {*texts[max(stretch.start - 2, 0) : stretch.start]} & CROWDS:
            cues.add("who")
        if stretch.codes("template", "kind") and _preposition(parts, stretch.end):
            cues.add("kind")
        if stretch.codes("lang"):
            cues |= _weak_beside(texts, stretch) | _weak_before_level(texts) | _read_before(texts, stretch)
            if _level_after(parts, stretch.end):
                cues.add("speaks")
    return cues


def _crowd_before(texts: list[str], place: int) -> bool:
    """Whether those in a place are asked for: `staff in Paris`, `people working in the Sahel`."""
    words = [text for text in texts[:place][-6:] if text not in BETWEEN]
    inside = [*dropwhile(lambda text: text in ("in", "at"), reversed(words))]
    return 0 < len(inside) < len(words) and inside[0] in CROWDS


def _title_before(texts: list[str], place: int) -> bool:
    """Whether who holds a title in a place is asked for: `ambassador to Iceland`, `DHM Asmara`."""
    before = [text for text in texts[:place] if text not in ("in", "at", "to", "the")]
    return bool(before) and before[-1] in TITLES


def _weak_beside(texts: list[str], language: Found) -> set[str]:
    """The cues that are some only beside a language: `can read Dari`, `Dari speaking`, but no `Dari reading list`."""
    before, after = texts[max(language.start - 1, 0) : language.start], texts[language.end : language.end + 1]
    found = {CUE_OF[text] for text in before if text in WEAK} & {"speaks", "reads"}
    if texts[language.end :][:1] and texts[language.end] in LANGUAGE and language.end + 1 == len(texts):
        found.add("speaks")
    return found | {CUE_OF[text] for text in after if text in WEAK} & {"speaks"}


def _read_before(texts: list[str], language: Found) -> set[str]:
    """The cue of what is read in a language, where somebody is asked for: `anyone to read a letter in Armenian`."""
    before = [text for text in texts[: language.start] if text not in GLUE | READ]
    asked = bool(before) and CUE_OF.get(before[-1]) == "reads" and CUE_OF.get(before[0]) == "who"
    return {"reads"} if asked else set()


def _weak_before_level(texts: list[str]) -> set[str]:
    """The cues that are some only before a level: `reading 2+`, `reading knowledge`."""
    return {
        CUE_OF[text]
        for text, after in pairwise(texts)
        if text in WEAK and (after == "knowledge" or LEVEL.fullmatch(after))
    } & {"speaks", "reads"}


def _guessed(parts: tuple[Part, ...], found: dict[int, Found], guess: Guess) -> Iterable[Found]:
    """Languages with a slip in them: words that name nothing, beside a cue or before a level."""
    named = {index for stretch in found.values() for index in range(stretch.start, stretch.end)}
    for index, part in enumerate(parts):
        text = plain(part)
        if index in named or len(text) < SHORTEST_GUESS or text in CUE_OF or text in GLUE:
            continue
        beside = [
            plain(other) for other in (*parts[max(index - 1, 0) : index], *parts[index + 1 : index + 2])
        ]
        asked = any(CUE_OF.get(other) in ("speaks", "reads") for other in beside)
        before = tuple(plain(other) for other in parts[max(index - 2, 0) : index])
        asked = asked or (before[1:] == ("with",) and CUE_OF.get(before[0]) == "who")
        if (asked or _level_after(parts, index + 1)) and (names := guess(text)):
            yield Found(index, index + 1, names)


def _level_after(parts: tuple[Part, ...], index: int) -> bool:
    """Whether a level follows, after glue."""
    for part in parts[index:]:
        text = plain(part)
        if LEVEL.fullmatch(text):
            return True
        if text not in GLUE or text in ("and", "or"):
            return False
    return False


def _at_level(name: str, choice: Choice, text: str) -> Choice:
    return choice if choice.level else Choice(choice.code, read_level(name, text) or 0)


def _preposition(parts: tuple[Part, ...], index: int) -> bool:
    return index < len(parts) and plain(parts[index]) in PREPOSITIONS


def _left(question: _Question) -> tuple[Part, ...]:
    """The parts that stay words: not used, and no glue between used ones."""
    idle = GLUE | READ if any(chosen.field == "reads" for chosen in question.filters) else GLUE
    return tuple(
        part
        for index, part in enumerate(question.parts)
        if index not in question.used and plain(part) not in idle and not _house_of_place(question, index)
    )


def _house_of_place(question: _Question, index: int) -> bool:
    """Whether a part is the embassy, consulate or mission in a place that was read."""
    if plain(question.parts[index]) not in HOUSES or not _preposition(question.parts, index + 1):
        return False
    named = (
        number for number in range(index + 2, len(question.parts)) if plain(question.parts[number]) != "the"
    )
    return next(named, None) in question.used
