"""What is asked instead when nothing has all that was asked for: less of it, with a note that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from search.cues import CUE_OF
from search.grammar import Either, Part, Word, read, write
from search.query import PEOPLE_FIELDS, Query
from search.ranking import optional
from search.signs import plain

WHERE = re.compile(r"(?:\b(?:in|at|à|au|aux|en)\s+(?:the\s+|la\s+|le\s+|les\s+|l['’])?|,\s*)([^\W\d_][\w-]*)")

BEGUN = re.compile(r"[^\W\d_]{4,}")  # what may be the beginning of a name


def wider(query: Query, respelled: str = "") -> Iterator[Query]:
    """The queries to try in turn. Filters that the reader set stay; what was read from words may be words again.

    `respelled` is the text as it was perhaps meant.
    """
    about_people = any(chosen.field in PEOPLE_FIELDS and not chosen.negated for chosen in query.filters)
    asked = wanted(query.parts)
    if query.recognised and about_people:
        if asked and not says_where(query.text, asked):
            words = write(asked)
            note = _("Nobody has all of that and “%(words)s”: these have the rest.") % {"words": words}
            yield _noted(replace(query, parts=kept(query.parts), hints=(), synonyms=()), note)
        return
    if query.recognised:
        query = as_words(query)
        yield query
        asked = wanted(query.parts)
    elif respelled:
        asked = wanted(_but_names(query.parts, read(respelled).parts))
    elif len(asked) == 1 and BEGUN.fullmatch(plain(asked[0])):
        yield replace(query, parts=(*kept(query.parts), Word(plain(asked[0]), prefix=True, title=True)))
    if query.people and says_where(query.text, asked):
        return
    if len(asked) > 1:
        note = _("Nothing has all of these words: these have some of them.")
        yield _noted(replace(query, parts=(*kept(query.parts), any_of(asked))), note)


def _but_names(typed: tuple[Part, ...], respelled: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts in another spelling, but for those that are written as names are."""
    if len(typed) != len(respelled):
        return respelled
    return tuple(
        part if str(part)[:1].isupper() else other for part, other in zip(typed, respelled, strict=True)
    )


def says_where(text: str, left: Iterable[Part]) -> bool:
    """Whether a word left over says where, as a name is written: “in Copenhagen”. Nobody is where we know of no place.

    No less than that is the same question.
    """
    words = {plain(part) for part in left}
    return any(place.istitle() and place.lower() in words for place in WHERE.findall(text))


def wanted(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts that something must have; without the words of a question, which nothing need hold."""
    idle = optional(parts)
    return tuple(
        part for part in parts if part not in idle and not _negated(part) and plain(part) not in CUE_OF
    )


def kept(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts that nothing may have."""
    return tuple(part for part in parts if _negated(part))


def any_of(parts: tuple[Part, ...]) -> Either:
    """A part that one of the words is enough for."""
    return Either(
        tuple(word for part in parts for word in (part.options if isinstance(part, Either) else (part,)))
    )


def as_words(query: Query) -> Query:
    """The query with what was read from words as words again."""
    parts = read(query.text).parts
    filters = tuple(chosen for chosen in query.filters if chosen.origin != "words")
    names = query.names
    return replace(
        query,
        parts=parts,
        filters=filters,
        hints=names.hints(parts) if names else (),
        synonyms=names.other_names(parts) if names else (),
        recognised=False,
    )


def _negated(part: Part) -> bool:
    return isinstance(part, Word) and part.negated


def _noted(query: Query, note: str) -> Query:
    return replace(query, notes=(*query.notes, note))
