"""What entries say in one language for all, in the words of whoever reads the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from search.entries import Key
from search.grammar import Filter
from search.results import Hit, Suggestion
from search.sources import source

Caller = Callable[[str, str], str]
_callers: dict[str, Caller] = {}


def register(field: str, call: Caller) -> None:
    """Make known what the values of a field are called: `call` gets a code and the words of the entries for it."""
    _callers[field] = call


def called(field: str, code: str, label: str) -> str:
    """What a value of a field is called in the reader's language; `label` where nobody says otherwise."""
    call = _callers.get(field)
    return call(code, label) if call and get_language() != settings.LANGUAGE_CODE else label


def hits_worded(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """These hits, with the lines under their names in the reader's language."""
    lines = _lines(hit.key for hit in hits)
    return tuple(replace(hit, role=lines.get(hit.key, hit.role)) for hit in hits)


def with_faces(hits: Sequence[Hit], user: Any) -> list[Hit]:
    """These hits of one kind, each with the face of who it is."""
    known = source(hits[0].kind) if hits else None
    faces = known.faces([hit.pk for hit in hits], user) if known is not None else {}
    return [replace(hit, face=faces.get(hit.pk)) for hit in hits]


def with_told(hits: Sequence[Hit], filters: Sequence[Filter], user: Any) -> list[Hit]:
    """These hits of one kind, each with what else speaks for it where these filters were asked for."""
    known = source(hits[0].kind) if hits and filters else None
    told = known.told([hit.pk for hit in hits], filters, user) if known is not None else {}
    return [replace(hit, told=tuple(told.get(hit.pk, ()))) for hit in hits]


def suggestions_worded(suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """These suggestions likewise; one that another name was found by goes on showing that name."""
    lines = _lines(Key(s.kind, s.pk) for s in suggestions if any(segment.marked for segment in s.title))
    return [s._replace(detail=lines.get(Key(s.kind, s.pk), s.detail)) for s in suggestions]


def _lines(keys: Iterable[Key]) -> dict[Key, str]:
    """The lines that differ between languages. None are asked for in the language that entries are written in."""
    if get_language() == settings.LANGUAGE_CODE:
        return {}
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key.pk)
    return {
        Key(kind, pk): line
        for kind, pks in by_kind.items()
        if (known := source(kind)) is not None
        for pk, line in known.lines(pks).items()
    }
