"""What the words of a question are signs of: which kind of question it is, what is a level, where a name stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import dropwhile, pairwise
from typing import NamedTuple, Protocol

from search.cues import (
    BETWEEN,
    CROWDS,
    CUE_OF,
    EVERYDAY,
    EXCEPT,
    EXPERTS,
    GLUE,
    HANDS,
    HOUSES,
    LANGUAGE,
    PREPOSITIONS,
    READ,
    SERVED,
    TITLES,
    TRADES,
    WANTED,
    WEAK,
)
from search.grammar import Either, Part, Word

LEVEL = re.compile(r"(?:s-?)?([0-5]\+?)(?:/(?:r-?)?([0-5]\+?))?[,;]?")
PLACES = ("post", "region")
TITLE = "ambassador"  # what any title is read as


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

    @property
    def label(self) -> str:
        """The words to show for it."""
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


def plain(part: Part) -> str:
    """The word of a plain part, lowercased, without marks at its ends; empty for any other part."""
    if isinstance(part, Word) and part.is_plain:
        return part.text.lower().strip("?!.,;:()")
    return ""


def covered(found: Iterable[Found]) -> set[int]:
    """The places of all parts that belong to a name."""
    return {index for stretch in found for index in range(stretch.start, stretch.end)}


def everyday(parts: tuple[Part, ...], stretch: Found) -> bool:
    """Whether a stretch is but an everyday word or a cue: `tell us who`, `expertise`; `in the us` is a place."""
    text = plain(parts[stretch.start])
    if stretch.end - stretch.start > 1 or not str(parts[stretch.start]).islower():
        return False
    if stretch.codes(*PLACES) and stretch.start and plain(parts[stretch.start - 1]) in ("the", "in", "to"):
        return False
    return text in EVERYDAY or text in CUE_OF


def cues_of(parts: tuple[Part, ...], found: dict[int, Found]) -> set[str]:
    """All cues of a text: what kind of question it is, wherever in it they stand."""
    texts = [TITLE if isinstance(part, Either) else plain(part) for part in parts]
    cues = {CUE_OF[text] for text in texts if text in CUE_OF and text not in WEAK}
    named = any(stretch.codes("lang") for stretch in found.values())
    asked = not (TRADES | WANTED | EXCEPT).isdisjoint(texts)
    if (named and asked) or _only_people_have(parts, found):
        cues.add("who")
    for stretch in found.values():
        cues |= _cues_beside(parts, texts, stretch)
    return cues


def hands_as_experts(parts: tuple[Part, ...], found: dict[int, Found]) -> tuple[Part, ...]:
    """The parts, with `experts` for who is called otherwise: `Caucasus hands`, `cyber policy people`."""
    meant = list(parts)
    for stretch in found.values():
        after = plain(parts[stretch.end]) if stretch.end < len(parts) else ""
        of_place = stretch.codes(*PLACES) and after in ("hand", "hands", "experience")
        of_place = of_place or (stretch.codes("region") and not stretch.codes("lang") and after in CROWDS)
        if of_place or (after in HANDS and stretch.codes("skill")):
            meant[stretch.end] = Word("experts")
    return tuple(meant)


def asks_people(parts: tuple[Part, ...]) -> bool:
    """Whether somebody is asked for where nothing is named: `who has …`, `… people`, and a title alone."""
    texts = [plain(part) for part in parts]
    if any(CUE_OF.get(text) == "who" for text in texts) or not (HANDS | EXPERTS).isdisjoint(texts[-1:]):
        return True
    content = [text for text in texts if text not in GLUE]
    posted = any(text in TITLES and after in ("in", "to") for text, after in pairwise(texts))
    return posted or (bool(content) and all(text in TITLES or text == "" for text in content))


def _cues_beside(parts: tuple[Part, ...], texts: list[str], stretch: Found) -> set[str]:
    """The cues of what stands beside a name."""
    cues: set[str] = set()
    before = {*texts[max(stretch.start - 2, 0) : stretch.start]}
    if stretch.codes(*PLACES):
        cues |= _cues_of_place(texts, stretch.start)
    crowd = bool(before & CROWDS) or not CROWDS.isdisjoint(texts[stretch.end : stretch.end + 1])
    if (stretch.codes("skill") and crowd) or (stretch.codes("available") and stretch.end - stretch.start > 1):
        cues.add("who")
    if stretch.codes("template", "kind") and preposition(parts, stretch.end):
        cues.add("kind")
    if stretch.codes("lang"):
        cues |= _weak_beside(texts, stretch) | _weak_before_level(texts) | _read_before(texts, stretch)
        if level_after(parts, stretch.end):
            cues.add("speaks")
    return cues


def _cues_of_place(texts: list[str], place: int) -> set[str]:
    """The cues of what stands before a place."""
    cues = {"who"} if _crowd_before(texts, place) or _title_before(texts, place) else set()
    if CUE_OF.get(texts[0]) == "now" and all(text in GLUE for text in texts[1:place]):
        cues.add("now")
    return cues | {"post"} if _worked_in(texts, place) else cues


def _only_people_have(parts: tuple[Part, ...], found: dict[int, Found]) -> bool:
    """Whether a text names nothing but two languages, or what somebody has and a place: `thai and burmese`."""
    named = covered(found.values())
    between = [plain(part) for index, part in enumerate(parts) if index not in named]
    if len(found) < 2 or any(text not in GLUE and text for text in between):
        return False
    languages, skills = (
        sum(1 for stretch in found.values() if stretch.codes(name)) for name in ("lang", "skill")
    )
    return languages == len(found) or (bool(skills) and skills + 1 == len(found) and not languages)


def _worked_in(texts: list[str], place: int) -> bool:
    """Whether the text says first that somebody worked in a place: `worked in an ASEAN country`."""
    return texts[0] in SERVED and all(text in GLUE for text in texts[1:place]) and place > 1


def _crowd_before(texts: list[str], place: int) -> bool:
    """Whether those in a place are asked for: `staff in Paris`, `people working in the Sahel`."""
    words = [text for text in texts[:place][-6:] if text not in BETWEEN]
    inside = [*dropwhile(lambda text: text in ("in", "at"), reversed(words))]
    return 0 < len(inside) < len(words) and inside[0] in CROWDS


def _title_before(texts: list[str], place: int) -> bool:
    """Whether who holds a title in a place is asked for: `ambassador to Iceland`, `DHM at the embassy in Asmara`."""
    before = [text for text in texts[:place] if text not in HOUSES and text not in ("in", "at", "to", "the")]
    return bool(before) and before[-1] in TITLES


def _weak_beside(texts: list[str], language: Found) -> set[str]:
    """The cues that are some only beside a language: `can read Dari`, `Dari speaking`, but no `Dari reading list`."""
    before, after = texts[max(language.start - 1, 0) : language.start], texts[language.end : language.end + 1]
    found = {CUE_OF[text] for text in before if text in WEAK} & {"speaks", "reads"}
    inside = not LANGUAGE.isdisjoint(texts[language.start : language.end])  # “Slavic languages”
    behind = texts[language.end :]
    if (inside and not behind) or (len(behind) == 1 and behind[0] in LANGUAGE):
        found.add("speaks")
    return found | {CUE_OF[text] for text in after if text in WEAK} & {"speaks"}


def _read_before(texts: list[str], language: Found) -> set[str]:
    """The cue of what is read in a language, where somebody is asked for: `anyone to read a letter in Armenian`."""
    before = [text for text in texts[: language.start] if text not in GLUE | READ]
    asked = bool(before) and CUE_OF.get(before[-1]) == "reads" and CUE_OF.get(before[0]) == "who"
    into = texts[max(language.start - 1, 0) : language.start]
    said = into in (["in"], ["from"]) and {"reads", "who"} <= {CUE_OF.get(text) for text in texts}
    return {"reads"} if asked or said else set()


def _weak_before_level(texts: list[str]) -> set[str]:
    """The cues that are some only before a level: `reading 2+`, `reading knowledge`."""
    return {
        CUE_OF[text]
        for text, after in pairwise(texts)
        if text in WEAK and (after == "knowledge" or LEVEL.fullmatch(after))
    } & {"speaks", "reads"}


def level_after(parts: tuple[Part, ...], index: int) -> bool:
    """Whether a level follows, after glue."""
    for part in parts[index:]:
        text = plain(part)
        if LEVEL.fullmatch(text):
            return True
        if text not in GLUE or text in ("and", "or"):
            return False
    return False


def preposition(parts: tuple[Part, ...], index: int) -> bool:
    """Whether a preposition stands there."""
    return index < len(parts) and plain(parts[index]) in PREPOSITIONS
