"""From an entry to a document of the index."""

from __future__ import annotations

import json
import math
import struct
from collections import defaultdict
from typing import Any

from search.analysis import prepare
from search.engines.elasticsearch.mapping import FACET_SEPARATOR, PLAIN
from search.engines.indexing import (
    FACETS,
    NARROW,
    alphabetical,
    hidden,
    joined,
    labelled,
    newest,
    place,
    texts,
    token,
    weight,
    wholes,
)
from search.engines.words import STEMMERS, spaced_bigrams
from search.entries import EVERYBODY, Entry, Label, code_key
from search.presenting import shown

NESTED = ("speaks", "reads")


def text_language(entry: Entry) -> str:
    """Under which language the text is indexed."""
    return entry.language if entry.language in STEMMERS else PLAIN


def source(entry: Entry) -> bytes:
    """The document as JSON. Raises what a malformed entry raises."""
    return json.dumps(document(entry), ensure_ascii=False, separators=(",", ":")).encode()


def document(entry: Entry) -> dict[str, Any]:
    """The document of an entry."""
    found = texts(entry)
    titles = wholes(entry)
    written = {name: prepare(text) for name, text in found.items() if text}
    return {
        "readers": sorted(entry.readers),
        "hidden": sorted(hidden(entry)),
        "whole": titles,
        "version": entry.version,
        "digest": entry.digest,
        "text": {text_language(entry): written},
        "title_exact": prepare(entry.title),
        "aliases": [prepare(alias) for alias in entry.aliases],
        "cjk": spaced_bigrams(joined(entry.aliases, found.values())),
        "firsts": [words.split()[0] for words in titles if words],
        "languages": _languages(entry),
        "standing": _standing(entry),
        "place": place(entry.key),
        "newest": newest(entry),
        "sort_title": alphabetical(entry),
        "updated": int(entry.updated.timestamp()) if entry.updated else None,
        "shown": shown(entry),
        **_marks(entry),
    }


def _marks(entry: Entry) -> dict[str, Any]:
    """Filters and facets. What everybody may know of a value is not counted again for somebody."""
    tokens: list[str] = []
    facet: dict[str, list[str]] = defaultdict(list)
    narrow: list[dict[str, str]] = []
    for (name, principal, code), label in labelled(entry).items():
        if name not in NESTED:
            tokens.append(token(name, principal, label.code))
        if name not in FACETS or not label.label:
            continue
        if principal == EVERYBODY:
            facet[name].append(facet_term(label, code))
        elif name in NARROW:
            narrow.append(
                {"field": name, "principal": principal, "code": code, "label": facet_term(label, code)}
            )
    return {"is": tokens, "facet": facet, "narrow": narrow}


def facet_term(label: Label, code: str) -> str:
    """A value with its words, words first: equal counts are ordered by them."""
    return FACET_SEPARATOR.join((label.label, code, code_key(label.parent)))


def _languages(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "codes": sorted({code_key(code) for code in (language.code, *language.codes)}),
            "principal": language.principal,
            "speaking": language.speaking,
            "reading": language.reading,
        }
        for language in entry.languages
    ]


def _standing(entry: Entry) -> float:
    """The factor, reckoned in single precision as the embedded engine does it: the order of equals is the same."""
    return _single(math.log2(_single(2.0 + weight(entry))))


def _single(number: float) -> float:
    found: float = struct.unpack("f", struct.pack("f", number))[0]
    return found
