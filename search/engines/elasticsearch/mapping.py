"""The fields of the index and the analyzers of its text; only what 8.19 and 9.x both have in the open core.

The fields of a language come with its first text: queries name `text.*.title`, and the server knows which there are.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from elasticsearch.dsl import (
    Float,
    Integer,
    Keyword,
    Long,
    Mapping,
    Nested,
    Object,
    Text,
    analyzer,
    token_filter,
    tokenizer,
)

from search.analysis import EXPRESSION
from search.engines.indexing import FACETS, TEXTS
from search.engines.words import STEMMERS

PRODUCT = "diplopedia"
FORMAT = 2
PLAIN = "plain"
LONGEST_WORD = 255
LONGEST_START = 15
LONGEST_TERM = 2_000
WINDOW = 100_000
FACET_SEPARATOR = "\x1f"

WORDS = tokenizer(
    "words", type="pattern", pattern=EXPRESSION.removesuffix("+") + f"{{1,{LONGEST_WORD}}}", group=0
)
FOLDED = ("lowercase", token_filter("folded", type="asciifolding"))
BEGINNINGS = token_filter(
    "beginnings", type="edge_ngram", min_gram=1, max_gram=LONGEST_START, preserve_original=True
)
EXACT = analyzer("exact", tokenizer=WORDS, filter=[*FOLDED])
STARTING = analyzer("starting", tokenizer=WORDS, filter=[*FOLDED, BEGINNINGS])

SETTINGS = {
    "number_of_shards": 1,  # counts of facets are exact
    "auto_expand_replicas": "0-1",
    "refresh_interval": "-1",  # a writer makes his block visible when it ends well
    "max_result_window": WINDOW,
    "gc_deletes": "1h",  # a writer who was held up that long does not bring back what was removed
}


def stemming(language: str) -> Any:
    """The analyzer of a language's text. Its stemmers are those that the embedded engine has."""
    name = STEMMERS.get(language)
    if name is None:
        return EXACT
    stemmer = token_filter(
        f"stems_{language}", type="stemmer", language="porter2" if name == "english" else name
    )
    return analyzer(language, tokenizer=WORDS, filter=[*FOLDED, stemmer])


def texts_of(language: str) -> Object:
    """The fields of the texts in one language."""
    fields = {name: Text(analyzer=stemming(language), copy_to="words") for name in TEXTS}
    return Object(properties=fields, dynamic="strict")


def language_mapping(languages: set[str]) -> dict[str, Any]:
    """The properties that make room for texts in some languages."""
    text = Object(properties={language: texts_of(language) for language in sorted(languages)})
    return {"text": text.to_dict()}


def marks() -> Keyword:
    """Terms to filter by."""
    return Keyword(doc_values=False, ignore_above=LONGEST_TERM)


def counted() -> Keyword:
    """Terms to count."""
    return Keyword(index=False, ignore_above=LONGEST_TERM)


def mapping() -> Mapping:
    """All fields; change FORMAT with them.

    `is` holds what one can filter by, as `field␟principal␟code`, but levels of languages; `facet` what is counted, as
    label, code and parent; `narrow` the same for facts with fewer readers; `hidden` the words of such facts, as
    `principal␟stem`; `words` all open words unstemmed; `starts` all beginnings of title words and `firsts` those of
    first words; `shown` what a hit is made of, of which the server knows nothing.
    """
    found = Mapping()
    found.meta("dynamic", "strict")
    found.meta("_source", includes=["shown", "version", "digest", "readers"])
    found.meta("_meta", product=PRODUCT, format=FORMAT)
    for name, field in _fields().items():
        found.field(name, field)
    return found


def _fields() -> dict[str, Any]:
    starts: dict[str, Any] = {"analyzer": STARTING, "search_analyzer": EXACT, "norms": False}
    starts["index_options"] = "docs"
    return {
        "readers": marks(),
        "is": marks(),
        "hidden": marks(),
        "whole": marks(),
        "version": Long(index=False, doc_values=False),
        "digest": Keyword(index=False, doc_values=False),
        "text": Object(properties={"en": texts_of("en")}, dynamic="strict"),
        "title_exact": Text(analyzer=EXACT, copy_to="starts"),
        "aliases": Text(analyzer=EXACT, copy_to=["starts", "words"]),
        "words": Text(analyzer=EXACT, index_options="docs", norms=False),
        "cjk": Text(analyzer=EXACT),
        "starts": Text(**starts),
        "firsts": Text(**starts),
        "facet": Object(properties={name: counted() for name in FACETS}, dynamic="strict"),
        "narrow": Nested(
            properties={name: Keyword() for name in ("field", "principal", "code", "label")}, dynamic="strict"
        ),
        "languages": Nested(
            properties={
                "codes": Keyword(),
                "principal": Keyword(),
                "speaking": Integer(),
                "reading": Integer(),
            },
            dynamic="strict",
        ),
        "standing": Float(index=False),
        "place": Long(index=False),
        "newest": Long(index=False),
        "sort_title": Keyword(index=False),
        "updated": Long(),
        "shown": Object(enabled=False),
    }


def settings() -> dict[str, Any]:
    """The settings of a new index, with the analyzers of all languages: they cannot be added later."""
    analysis: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in (EXACT, STARTING, *map(stemming, STEMMERS)):
        for kind, definitions in one.get_analysis_definition().items():
            analysis[kind] |= definitions
    return {**SETTINGS, "analysis": analysis}
