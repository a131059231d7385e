"""From what an engine stored to what a reader sees: the same marks, snippets and other spellings in every engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from search.engines.words import exact, stem
from search.entries import Key
from search.grammar import Word, write
from search.marking import Marker, runs
from search.presenting import hit
from search.query import Query
from search.results import Hit, LazyHits, Suggestion
from search.snippets import Snippeter

LONG = 4
Spellings = Mapping[str, Sequence[tuple[str, int]]]


def hits(
    found: Iterable[tuple[Mapping[str, Any], Any]],
    query: Query,
    spellings: Spellings,
    languages: Collection[str],
) -> LazyHits:
    """The hits for what was stored of some entries, each with what it was ordered by.

    `spellings` are other spellings of words that were looked for, `languages` those of the index's texts.
    """
    marker = _marker(query, spellings, languages)
    snippets = Snippeter(marker)

    def make(shown: Mapping[str, Any], score: Any) -> Hit:
        snippet = snippets.of(shown["body"], shown["lead"])
        return hit(shown, query, marker, snippet, float(score) if query.sort == "best" else 0.0)

    return LazyHits({Key(shown["kind"], shown["pk"]): partial(make, shown, score) for shown, score in found})


def _marker(query: Query, spellings: Spellings, languages: Collection[str]) -> Marker:
    words = list(dict.fromkeys(w for word in query.words for w in exact(word.text)))
    words += [word for synonym in query.synonyms for other in synonym.others for word in _telling(other)]
    words += [other for near in spellings.values() for other, _far in near]
    stems = dict.fromkeys(stem(word, language) for word in words for language in languages)
    return Marker(
        terms=[*words, *stems],
        prefixes=[exact(w.text)[-1] for w in query.words if w.prefix and exact(w.text)],
        runs=[run for word in query.words for run in runs(word.text)],
        stem=stem,
    )


def _telling(other: str) -> list[str]:
    """What is marked of words that mean the same: of several together only the longer ones, and no `of` or `the`."""
    words = exact(other)
    return [word for word in words if len(words) == 1 or len(word) >= LONG]


def suggestion(shown: Mapping[str, Any], words: Sequence[str]) -> Suggestion:
    """What is offered for an entry while somebody types these words."""
    marker = Marker(prefixes=words)
    detail = shown["role"] or (shown["template"][1] if shown["template"] else "")
    title = marker.mark(shown["title"])
    if not any(segment.marked for segment in title):
        detail = next((alias for alias in shown["aliases"] if marker.marks(alias)), detail)
    return Suggestion(shown["kind"], shown["pk"], shown["url"], title, detail)


def spellable(query: Query) -> list[str]:
    """The words whose spelling may be doubted: plain ones that no administrator named."""
    named = {w for synonym in query.synonyms for text in synonym.words for w in exact(text)}
    plain = (w for word in query.words if not word.phrase and not word.prefix for w in exact(word.text))
    return [word for word in dict.fromkeys(plain) if word not in named]


def _written_as(typed: str, meant: str) -> str:
    """Another spelling in the capitals of what was typed."""
    return meant.upper() if typed.isupper() else meant.capitalize() if typed[:1].isupper() else meant


def respelled(query: Query, other: Spellings) -> str:
    """The query as it may have been meant; empty when no word has another spelling."""
    parts = tuple(
        Word(_written_as(part.text, other[words[0]][0][0]), title=part.title)
        if isinstance(part, Word)
        and len(words := exact(part.text)) == 1
        and words[0] in other
        and not part.phrase
        else part
        for part in query.parts
    )
    filters = [chosen for chosen in query.filters if chosen.origin != "param"]
    return write(parts, filters) if parts != query.parts else ""
