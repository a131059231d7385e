"""Short stretches of text around what was asked for. The engine counts in bytes; we in characters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tantivy

from search.analysis import prepare
from search.engines.tantivy.clauses import Builder, any_of
from search.marking import Marker, segments
from search.results import Segment, Segments

LENGTH = 220
ELLIPSIS = "…"


class Snippets:
    """Makes the snippets of one page of hits."""

    def __init__(self, builder: Builder, marker: Marker, stems: list[str], words: list[str]) -> None:
        self.marker = marker
        self.generators = [
            (name, generator)
            for name, terms in (("body", stems), ("words", words))
            if terms and (generator := _generator(builder, name, terms))
        ]

    def of(self, shown: Mapping[str, Any]) -> Segments:
        """The best stretch of an entry's text; its beginning when nothing asked for stands in it."""
        text = prepare(shown["body"] or shown["lead"])
        for name, generator in self.generators:
            snippet = generator.snippet_from_doc(tantivy.Document(**{name: text}))
            spans = [(span.start, span.end) for span in snippet.highlighted()]
            if spans:
                return _dotted(_characters(snippet.fragment(), spans), snippet.fragment() == text)
        return self._around_run(text) or _dotted((Segment(_cut(prepare(shown["lead"]) or text)),), len(text) < LENGTH)

    def _around_run(self, text: str) -> Segments:
        """The stretch around a run of CJK characters, which the generator does not know."""
        for run in self.marker.runs:
            at = text.find(run)
            if at >= 0:
                start = max(at - LENGTH // 4, 0)
                return _dotted(self.marker.mark(text[start : start + LENGTH // 2]), False)
        return ()


def _generator(builder: Builder, name: str, terms: list[str]) -> tantivy.SnippetGenerator:
    clause = any_of([builder.term(name, term) for term in terms])
    generator = tantivy.SnippetGenerator.create(builder.searcher, clause, builder.schema, name)
    generator.set_max_num_chars(LENGTH)
    return generator


def _characters(text: str, spans: list[tuple[int, int]]) -> Segments:
    """Segments of a text from spans in bytes."""
    if text.isascii():
        return segments(text, spans)
    raw = text.encode()
    return segments(text, [(len(raw[:start].decode()), len(raw[:end].decode())) for start, end in spans])


def _cut(text: str) -> str:
    return text if len(text) <= LENGTH else text[:LENGTH].rsplit(" ", 1)[0]


def _dotted(found: Segments, whole: bool) -> Segments:
    """With dots where the text goes on."""
    if whole or not found or not found[0].text:
        return found
    return (*found, Segment(ELLIPSIS)) if found[0].text[:1].isupper() else (Segment(ELLIPSIS), *found, Segment(ELLIPSIS))
