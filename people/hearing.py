"""What the search's reader makes of a text, when it is read as a question about people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from people import spoken, years
from search.dictionary import dictionary
from search.grammar import Filter, Word, clean, read, write
from search.leading import TITLED
from search.query import Query

LONGEST = 1_000
MOST_ALTERNATIVES = 6
LANGUAGES = ("speaks", "reads", "lang")
PLACES = ("post", "now", "at")
OR = re.compile(r",?\s+or\s+(?!(?:better|above|higher|more)\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Heard:
    """What a text was read as: filters, words left over, and whether more than words was understood.

    Of each group in `either` all filters are of one language, and one group is enough. Where the words are `exact`,
    all of them are meant as they stand. `when` are the years in which somebody was at the places of the filters.
    """

    text: str = ""
    filters: tuple[Filter, ...] = ()
    either: tuple[tuple[Filter, ...], ...] = ()
    left: Query = field(default_factory=Query)
    understood: bool = False
    notes: tuple[str, ...] = ()
    exact: bool = False
    when: years.Years = years.ANY


def hear(text: str, *, plain: bool = False) -> Heard:
    """Read a text as a question about people. Nothing is asked of the database."""
    text = clean(text)
    untimed, when = years.split(text)
    if when != years.ANY and not plain:
        heard = _hear(untimed, plain=False)
        places = [one for one in heard.filters if one.field in PLACES and one.origin == "words"]
        # Of several places nobody can tell which the years are of, and who is somewhere now is there today.
        if len(places) == 1 and places[0].field != "now" and not places[0].negated:
            return replace(heard, text=text, when=when)
    return _hear(text, plain=plain)


def _hear(text: str, *, plain: bool) -> Heard:
    names = dictionary()
    bare = Query.parse(text, {"plain": "1"} if plain else {}, dictionary=names)
    if plain or any(one.origin == "text" for one in bare.filters):
        return Heard(text, bare.filters, left=bare, notes=bare.notes, exact=True)
    about_people = Query.parse(f"who {text[:LONGEST]}", dictionary=names)
    if not about_people.recognised:
        return Heard(text, bare.filters, left=bare, notes=bare.notes)
    filters, either = about_people.filters, _alternatives(write(names.in_english(read(text).parts), ()))
    if either and len({one.codes for one in filters if one.field in LANGUAGES}) == len(either):
        filters = tuple(one for one in filters if one.field not in LANGUAGES)
    else:
        either = ()
    if about_people.parts == (TITLED,):
        about_people = about_people.matching(parts=())  # titles: who leads an office comes first in it
    notes = tuple(dict.fromkeys((*bare.notes, *about_people.notes)))
    return Heard(text, filters, either, about_people, understood=True, notes=notes)


def _alternatives(text: str) -> tuple[tuple[Filter, ...], ...]:
    """The languages that `or` stands between, each with its own level and skill: “speaks Dari at 3 or reads Pashto”.

    Where the same is asked of several languages, the search's reader has one filter for them already.
    """
    found = []
    for piece in OR.split(text)[:MOST_ALTERNATIVES] if OR.search(text) else ():
        spoken = tuple(
            one
            for one in Query.parse(f"who {piece}", dictionary=dictionary()).filters
            if one.field in LANGUAGES
        )
        if len({one.codes for one in spoken}) != 1:
            return ()
        found.append(spoken)
    return tuple(found)


def may_be_a_name(text: str) -> bool:
    """Whether words may be somebody's name, too: no cue, level or sign is among them."""
    bare = Query.parse(text, dictionary=dictionary())
    words = [part for part in bare.parts if isinstance(part, Word) and part.is_plain]
    letters = all(word.text.replace("-", "").replace(".", "").replace("'", "").isalpha() for word in words)
    return bool(words) and letters and len(words) == len(bare.parts) and not bare.filters


def respelled(text: str, words: Iterable[str]) -> str:
    """The text with those of its words that may be a slip for a language's name as that name; empty if none is."""
    names = dictionary()
    changed = text
    for word in words:
        typed, languages = names.language_meant(word)
        if languages and languages[0].label.lower() != word.lower():
            one = len(languages) == 1
            said = spoken.name_of(languages[0].code, languages[0].label) if one else typed.title()
            changed = re.sub(rf"\b{re.escape(word)}\b", said, changed)
    return changed if changed != text else ""
