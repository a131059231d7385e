"""What ranks higher, in neutral terms: values that change the order of what matches, and words that need not match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from search import weights
from search.grammar import LEVELS, Choice, Filter, Part, Word
from search.query import Query
from search.questions import PERSON

PROFESSIONAL = 6  # the rank of 3: what nobody asks for who asks for no level
LEVELLED = ("speaks", "reads", "lang", "skill")
# Words that carry nothing where others do. In capitals they may be acronyms: WHO, IT.
IDLE = frozenset(
    "a an the of and or for to in on at by with from as is are was were be do does did how what which when where why "
    "who whom we our my your his her their its this that these those there "
    "la le les de des du et en dans pour sur au aux avec un une".split()
)


class Preference(NamedTuple):
    """What has this value ranks higher, by this score."""

    filter: Filter
    score: float


def preferences(query: Query) -> Iterator[Preference]:
    """Better levels, deeper knowledge, and who is there now before who was."""
    positive = [chosen for chosen in query.filters if not chosen.negated]
    people = PERSON in positive
    for chosen in positive:
        if chosen.field in LEVELLED:
            yield from _steps(chosen.field, chosen, weights.LEVEL_STEP)
        elif chosen.field == "at":
            yield Preference(Filter("now", chosen.choices), weights.NOW)
        elif chosen.field == "knows" or (chosen.field == "region" and people):
            yield from _steps("knows", chosen, weights.DEPTH_STEP)
    if query.people:
        yield Preference(PERSON, weights.ASKED_FOR)
    for hint in query.hints:
        if hint.filter.field in ("lang", "skill"):
            yield from _steps(hint.filter.field, hint.filter, weights.HINTED_STEP)


def _steps(name: str, chosen: Filter, step: float) -> Iterator[Preference]:
    """One step up for each level reached beyond the one asked for."""
    name = "speaks" if name == "lang" else name
    for choice in chosen.choices:
        first = max(choice.level, 0 if name == "knows" else 1) + 1
        for level in range(first, LEVELS[name] + 1):
            # Of two languages it counts more that neither is spoken badly than that one is spoken best.
            worth = weights.WORKING if name in ("speaks", "reads") and level <= PROFESSIONAL else 1
            yield Preference(Filter(name, (Choice(choice.code, level),)), step * worth)


def optional(parts: Iterable[Part]) -> tuple[Word, ...]:
    """The words that need not match: idle ones and initials, if there are others."""
    parts = tuple(parts)
    found = tuple(part for part in parts if isinstance(part, Word) and _idle(part))
    return found if len(found) < len(parts) else ()


def initial(word: Word) -> bool:
    """Whether a word is the first letter of a name: `B.`, or `J` before others."""
    text = word.text.rstrip(".")
    return len(text) == 1 and text.isalpha() and text.isascii()


def _idle(word: Word) -> bool:
    if not word.is_plain:
        return False
    capitals = word.text.isupper() and len(word.text) > 1
    return initial(word) or (word.text.casefold() in IDLE and not capitals)
