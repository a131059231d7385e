"""What the search's reader makes of a text, when it is read as a question about people."""

from __future__ import annotations

from dataclasses import dataclass, field

from search.dictionary import dictionary
from search.grammar import Filter, Word, clean
from search.query import Query

LONGEST = 1_000


@dataclass(frozen=True)
class Heard:
    """What a text was read as: filters, words left over (with and without marks), whether more than words."""

    text: str = ""
    filters: tuple[Filter, ...] = ()
    left: Query = field(default_factory=Query)
    understood: bool = False
    notes: tuple[str, ...] = ()


def hear(text: str, *, plain: bool = False) -> Heard:
    """Read a text as a question about people. Nothing is asked of the database."""
    text = clean(text)
    names = dictionary()
    bare = Query.parse(text, {"plain": "1"} if plain else {}, dictionary=names)
    if plain or any(one.origin == "text" for one in bare.filters):
        return Heard(text, bare.filters, bare, notes=bare.notes)
    about_people = Query.parse(f"who {text[:LONGEST]}", dictionary=names)
    if not about_people.recognised:
        return Heard(text, bare.filters, bare, notes=bare.notes)
    return Heard(text, about_people.filters, about_people, understood=True, notes=bare.notes)


def may_be_a_name(text: str) -> bool:
    """Whether words may be somebody's name, too: no cue, level or sign is among them."""
    bare = Query.parse(text, dictionary=dictionary())
    words = [part for part in bare.parts if isinstance(part, Word) and part == Word(part.text)]
    letters = all(word.text.replace("-", "").replace(".", "").replace("'", "").isalpha() for word in words)
    return bool(words) and letters and len(words) == len(bare.parts) and not bare.filters
