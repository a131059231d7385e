"""What is left of a question when it is understood: the words that tell somebody from others."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from search.cues import CUE_OF, EVERYDAY, EXCEPT, GLUE, HOUSES, READ
from search.grammar import Filter, Part, Word
from search.signs import LEVEL, plain, preposition

# After these a word belongs no more to what somebody is asked for.
ENDS_TASK = frozenset("who with and or in from on about into but without".split())
# But what somebody helps with is part of it.
HELPING = frozenset("help assist support".split())


class Understood(Protocol):
    """A question: its parts, the filters made of them, and where the words stand that were used or belong to names."""

    parts: tuple[Part, ...]
    filters: list[Filter]
    used: set[int]
    named: frozenset[int]

    @property
    def people(self) -> bool:
        """Whether somebody is asked for."""
        ...


def left_over(question: Understood) -> tuple[Part, ...]:
    """The parts that stay words: not used, and no glue between used ones."""
    reads = any(chosen.field == "reads" for chosen in question.filters)
    aside = _aside(question)
    return tuple(
        _denied(part) if index and plain(question.parts[index - 1]) in EXCEPT and question.people else part
        for index, part in enumerate(question.parts)
        if index not in question.used
        and not _denies_a_name(question, index)
        and index not in aside
        and not says_nothing(question.parts, index)
        and not (reads and plain(part) in READ)
        and not _house_of_place(question, index)
    )


def says_nothing(parts: tuple[Part, ...], index: int) -> bool:
    """Whether a word tells nobody from anybody beside what is known of the text; with a capital it may be a name."""
    part, text = parts[index], plain(parts[index])
    if text in EVERYDAY and index and len(text) > 1 and str(part)[:1].isupper():
        return not any(str(other).islower() for other in parts)
    return text in GLUE or text in CUE_OF or bool(LEVEL.fullmatch(text))


def _aside(question: Understood) -> set[int]:
    """The words that say what for: `for a phone call`, `to greet the minister`; names among them count."""
    texts = [plain(part) for part in question.parts]
    aside: set[int] = set()
    for at, text in enumerate(texts):
        who = CUE_OF.get(texts[at - 1]) == "who"
        asked = at and (text == "to" if who else at - 1 in question.used)
        if text not in ("for", "to") or not asked or CUE_OF.get(texts[at - 1]) in ("post", "now"):
            continue
        for index in range(at + 1, len(texts)):
            helps = texts[index] == "with" and texts[index - 1] in HELPING
            if (
                index in question.named
                or (texts[index] in ENDS_TASK and not helps)
                or not str(question.parts[index]).islower()
            ):
                break
            aside.add(index)
            if str(question.parts[index]).endswith((",", ";", ":")):
                break
    return aside


def _denies_a_name(question: Understood, index: int) -> bool:
    """Whether a word leaves out whom the next one names: `anyone except Tobias`."""
    after = str(question.parts[index + 1]) if index + 1 < len(question.parts) else ""
    return question.people and plain(question.parts[index]) in EXCEPT and after[:1].isupper()


def _denied(part: Part) -> Part:
    if not isinstance(part, Word) or not part.text[:1].isupper():
        return part
    return replace(part, text=part.text.strip(",;?!."), negated=True)


def _house_of_place(question: Understood, index: int) -> bool:
    """Whether a part is the embassy, consulate or mission in a place that was read, or the post: `an SCA post`."""
    if plain(question.parts[index]) not in HOUSES:
        return False
    if not preposition(question.parts, index + 1):
        return index - 1 in question.used and CUE_OF.get(plain(question.parts[index - 1])) is None
    named = (
        number for number in range(index + 2, len(question.parts)) if plain(question.parts[number]) != "the"
    )
    return next(named, None) in question.used
