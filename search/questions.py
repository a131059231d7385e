"""Plain questions: “Pashto speaker Kabul”, “speaks Tigrinya at 3/3 and served in Asmara”, “case studies in the Sahel”.

A text is taken for a question when a cue stands in it (speaks, served in, expert on, a level beside a language, a
kind of page); otherwise its words stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from search.grammar import Choice, Filter, Part, Word, read_level

CUES = {
    "speaks": ("speak", "speaks", "speaker", "speakers", "fluent"),
    "reads": ("reads", "reader", "readers"),
    "post": ("served", "posted", "stationed"),
    "now": ("now", "currently"),
    "region": ("expert", "experts", "knows"),
}
CUE_OF = {word: cue for cue, cue_words in CUES.items() for word in cue_words}
GLUE = frozenset(
    "who whom which anyone someone somebody anybody colleague colleagues people person staff officer officers and in "
    "the at on of with a an has have had is are or better above least level to from about can for by that find me "
    "native there".split()
)
LEVEL = re.compile(r"([0-5]\+?)(?:/([0-5]\+?))?[,;]?")
PLACES = ("post", "region")
PERSON = Filter("kind", (Choice("person"),), origin="words")


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

    def values(self, *fields: str) -> tuple[str, tuple[str, ...]] | None:
        """The first of the fields that it names values of, with all of these: there may be two posts in one city."""
        for wanted in fields:
            codes = tuple(name.code for name in self.names if name.field == wanted)
            if codes:
                return wanted, codes
        return None


@dataclass
class _Question:
    """What is being made of a text, read from left to right."""

    parts: tuple[Part, ...]
    found: dict[int, Found]
    cues: set[str]
    cue: str = ""
    used: set[int] = field(default_factory=set)
    filters: list[Filter] = field(default_factory=list)
    language: int | None = None

    def take(self, found: Found, name: str, codes: tuple[str, ...]) -> None:
        self.filters.append(Filter(name, tuple(map(Choice, codes)), origin="words"))
        self.used.update(range(found.start, found.end))

    def name(self, found: Found) -> None:
        """Make a filter of a name, if what was read so far says which."""
        kind = found.values("template", "kind")
        language = found.values("lang")
        place = found.values(*self._place_fields())
        if kind and "kind" in self.cues:
            self.take(found, *kind)
        elif language and self._asks_language(found, place):
            self.language = len(self.filters)
            self.take(found, "reads" if self.cue == "reads" else "speaks", language[1][:1])
        elif place and self.cues:
            self.take(found, self._place_field(place[0]), place[1])
            if self.cue == "region":
                self.filters.append(PERSON)

    def _asks_language(self, found: Found, place: tuple[str, tuple[str, ...]] | None) -> bool:
        if self.cue in ("post", "now", "region") and place:
            return False
        return bool({"speaks", "reads"} & self.cues) or self._level(found.end) is not None

    def _place_fields(self) -> tuple[str, ...]:
        """A city that is also a region is a post, but to somebody who asks for knowledge."""
        return PLACES[::-1] if self.cue == "region" else PLACES

    def _place_field(self, field_found: str) -> str:
        return self.cue if self.cue in ("post", "now") else field_found

    def _level(self, index: int) -> re.Match[str] | None:
        """The level that follows, after glue."""
        while index < len(self.parts):
            text = plain(self.parts[index])
            if match := LEVEL.fullmatch(text):
                return match
            if text not in GLUE:
                return None
            index += 1
        return None

    def level(self, index: int, match: re.Match[str]) -> None:
        """Give a level to the language that was read before it."""
        if self.language is None:
            return
        chosen = self.filters[self.language]
        levels = {chosen.field: match[1]}
        if match[2]:
            levels = {"speaks": match[1], "reads": match[2]}
        self.filters[self.language : self.language + 1] = [
            Filter(
                name,
                tuple(Choice(code, read_level(name, text) or 0) for code in chosen.codes),
                origin="words",
            )
            for name, text in levels.items()
        ]
        self.used.add(index)
        self.language = None


def plain(part: Part) -> str:
    """The word of a plain part, lowercased, without marks at its ends; empty for any other part."""
    if isinstance(part, Word) and not (part.phrase or part.prefix or part.negated or part.title):
        return part.text.lower().strip("?!.,;:()")
    return ""


def ask(parts: tuple[Part, ...], found: Iterable[Found]) -> tuple[tuple[Part, ...], tuple[Filter, ...]]:
    """Read the parts as a question; gives back the parts that are left, and filters. No cue, no change."""
    stretches = {stretch.start: stretch for stretch in found}
    question = _Question(parts, stretches, _cues(parts, stretches.values()))
    index = 0
    while index < len(parts):
        stretch = stretches.get(index)
        if stretch:
            question.name(stretch)
            index = stretch.end
            continue
        _word(question, index)
        index += 1
    if not question.filters:
        return parts, ()
    return _left(question), tuple(dict.fromkeys(question.filters))


def _cues(parts: tuple[Part, ...], found: Iterable[Found]) -> set[str]:
    """All cues of a text: what kind of question it is, wherever in it they stand."""
    cues = {CUE_OF[text] for text in map(plain, parts) if text in CUE_OF} - {"now"}
    for stretch in found:
        if stretch.values("template", "kind"):
            cues.add("kind")
        if stretch.values("lang") and stretch.end < len(parts) and LEVEL.fullmatch(plain(parts[stretch.end])):
            cues.add("speaks")
    return cues


def _word(question: _Question, index: int) -> None:
    text = plain(question.parts[index])
    if text in CUE_OF:
        question.cue = CUE_OF[text]
        question.used.add(index)
    elif match := LEVEL.fullmatch(text):
        question.level(index, match)


def _left(question: _Question) -> tuple[Part, ...]:
    """The parts that stay words: not used, and no glue between used ones."""
    return tuple(
        part
        for index, part in enumerate(question.parts)
        if index not in question.used and plain(part) not in GLUE
    )
