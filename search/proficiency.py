"""ILR levels by their names: “limited working proficiency in Fijian” is level 2."""

from __future__ import annotations

import re

from search.grammar import Part, Word

NAMED = re.compile(
    r"(?:(elementary)|(limited working)|((?:general |minimum )?professional(?: working)?)"
    r"|((?:full|advanced)(?: professional)?)|((?:native or )?bilingual|(?:functionally )?native)) proficiency"
)
LONGEST = 4  # words of a name


def leveled(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, with the name of a level as “level 2”, which a question understands."""
    found: list[Part] = []
    at = 0
    while at < len(parts):
        length, level = _level(parts[at : at + LONGEST])
        found += [Word("level"), Word(str(level))] if length else [parts[at]]
        at += length or 1
    return tuple(found)


def _level(parts: tuple[Part, ...]) -> tuple[int, int]:
    """How many of the parts name a level, and which; no parts, when they begin with none."""
    for length in range(len(parts), 1, -1):
        some = parts[:length]
        if all(isinstance(part, Word) and part.is_plain for part in some):
            match = NAMED.fullmatch(" ".join(str(part).lower() for part in some))
            if match and match.lastindex:
                return length, match.lastindex
    return 0, 0
