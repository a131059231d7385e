"""What a skill is called by those who ask for people: those who practise it, what it is about, parts of its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from people.data import table
from search.analysis import words as folded

# How a skill's last word ends, and the endings of words for those who practise it; what is no word nobody types.
PRACTISED = {"ation": ("ators", "ers"), "ing": ("ers", "ors", "s"), "ion": ("ors", "ers")}
PLURALS = {"ies": "y", "s": ""}
BETWEEN = frozenset("and of the in for to on with".split())
SHORTEST = 4  # letters of a word with other forms


def phrases(skill: str) -> Iterator[str]:
    """The name itself and in other forms of its words, "climate negotiators" for climate negotiation, "visa fraud" for
    visa fraud detection, "demarcation of borders" for border demarcation, and its everyday names.

    Only names of several words: "interpreters" and "sanctions" alone are asked for as words.
    """
    yield skill
    yield from _also(skill)
    words = skill.split()
    if len(words) < 2:
        return
    for ending, others in PRACTISED.items():
        if words[-1].endswith(ending):
            stem = words[-1].removesuffix(ending)
            yield from (" ".join([*words[:-1], f"{stem}{other}"]) for other in others)
            break
    if "," not in skill:
        yield from _parts(words)
        yield from _spellings(words)


def _parts(words: list[str]) -> Iterator[str]:
    """Two or more neighbours of the words, that neither begin nor end with a small one; and two words turned round."""
    for length in range(2, len(words)):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            if not BETWEEN & {part[0], part[-1]}:
                yield " ".join(part)
    if len(words) == 2:
        about, what = words
        yield from (f"{what} of {about}", f"{what} of {about}s", f"{what} {about}")


def _spellings(words: list[str]) -> Iterator[str]:
    """The words with one of them as others write it."""
    for place, word in enumerate(words):
        yield from (" ".join([*words[:place], other, *words[place + 1 :]]) for other in _forms(word))


def _forms(word: str) -> tuple[str, ...]:
    """Other ways to write a word: as one or several, "budget" for budgeting, "organization"."""
    if word in BETWEEN or not word.isalpha() or len(word) < SHORTEST:
        return ()
    one = next((word.removesuffix(end) + to for end, to in PLURALS.items() if word.endswith(end)), f"{word}s")
    doing = (word.removesuffix("ing"),) if word.endswith("ing") else ()
    american = (word.replace("isation", "ization"),) if "isation" in word else ()
    return (*american, *doing, one)


def said_for(name: str) -> Iterator[str]:
    """A name with the everyday words for parts of it: "HR and Training" for Human Resources and Training."""
    said = f" {' '.join(folded(name))} "
    yield from (said.replace(meant, f" {also} ").strip() for meant, also in _everyday() if meant in said)


def _also(skill: str) -> tuple[str, ...]:
    name = f" {' '.join(folded(skill))} "
    return tuple(also for meant, also in _everyday() if meant in name)


@cache
def _everyday() -> tuple[tuple[str, str], ...]:
    """What stands in the name of a skill, and what people say for it."""
    known = table("skills")["also"].items()
    return tuple((f" {' '.join(folded(name))} ", also) for also, names in known for name in names)
