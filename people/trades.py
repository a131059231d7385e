"""What a skill is called by those who ask for people: those who practise it, and what it is about."""

from __future__ import annotations

from collections.abc import Iterator

# How a skill's last word ends, and the endings of words for those who practise it; what is no word nobody types.
PRACTISED = {"ation": ("ators", "ers"), "ing": ("ers", "ors", "s"), "ion": ("ors", "ers")}


def phrases(skill: str) -> Iterator[str]:
    """The name itself, "climate negotiators" for climate negotiation, and "visa fraud" for visa fraud detection.

    Only names of several words: "interpreters" and "sanctions" alone are asked for as words.
    """
    yield skill
    words = skill.split()
    if len(words) < 2:
        return
    for ending, others in PRACTISED.items():
        if words[-1].endswith(ending):
            stem = words[-1].removesuffix(ending)
            yield from (" ".join([*words[:-1], f"{stem}{other}"]) for other in others)
            break
    if len(words) > 2 and words[-2].isalpha() and words[-2] != "and" and "," not in skill:
        yield " ".join(words[:-1])
