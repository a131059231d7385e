"""From an entry to a document of the index."""

from __future__ import annotations

import json
from collections.abc import Iterable

import tantivy

from search.engines.indexing import (
    FACETS,
    SEPARATOR,
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
from search.engines.words import analyzer, exact, spaced_bigrams
from search.entries import EVERYBODY, Entry, code_key
from search.presenting import shown

LONGEST_START = 15


def document(entry: Entry) -> tantivy.Document:
    """The document of an entry. Raises what a malformed entry raises; nothing is written then."""
    doc = tantivy.Document()
    doc.add_text("key", str(entry.key))
    for reader in sorted(entry.readers):
        doc.add_text("readers", reader)
    doc.add_text("digest", entry.digest)
    doc.add_integer("version", entry.version)
    doc.add_float("weight", weight(entry))
    doc.add_integer("place", place(entry.key))
    doc.add_integer("newest", newest(entry))
    doc.add_text("sort_title", alphabetical(entry))
    if entry.updated is not None:
        doc.add_integer("updated", int(entry.updated.timestamp()))
    _add_marks(doc, entry)
    _add_text(doc, entry)
    for word in sorted(hidden(entry)):
        doc.add_text("hidden", word)
    doc.add_bytes("shown", json.dumps(shown(entry), ensure_ascii=False, separators=(",", ":")).encode())
    return doc


def _add_marks(doc: tantivy.Document, entry: Entry) -> None:
    """Add filters and facets."""
    found = labelled(entry)
    for (name, principal, code), label in found.items():
        doc.add_text("is", token(name, principal, label.code))
        if name in FACETS and label.label:
            field = f"facet_{name}" if principal == EVERYBODY else f"narrow_{name}"
            doc.add_text(field, SEPARATOR.join((principal, code, label.label, code_key(label.parent))))
    for principal in sorted({principal for _name, principal, _code in found} - {EVERYBODY}):
        doc.add_text("is", token("narrow", principal, ""))


def _add_text(doc: tantivy.Document, entry: Entry) -> None:
    """Add the text, cut into words once; the index only splits at spaces, and stems."""
    found = texts(entry)
    vocabulary: dict[str, None] = {}
    for name, text in found.items():
        words = exact(text)
        vocabulary.update(dict.fromkeys(words))
        _add_stemmed(doc, name, " ".join(words), entry.language)
    titles = wholes(entry)
    doc.add_text("title_exact", titles[0])
    for title in titles:
        vocabulary.update(dict.fromkeys(title.split()))
        doc.add_text("whole", title)
    for alias in titles[1:]:
        doc.add_text("aliases", alias)
    doc.add_text("words", " ".join(vocabulary))
    doc.add_text("starts", " ".join(starts(titles)))
    doc.add_text("cjk", spaced_bigrams(joined(entry.aliases, found.values())))


def _add_stemmed(doc: tantivy.Document, name: str, words: str, language: str) -> None:
    """Index words by the stems of their language; the field itself knows those of English."""
    if language == "en":
        doc.add_text(name, words)
    elif words:
        doc.add_pre_tokenized_text(name, analyzer(language).pre_tokenize(words))


def starts(titles: Iterable[str]) -> list[str]:
    """The beginnings of all words of titles; those of a title's first word a second time, after `^`."""
    found: dict[str, None] = {}
    for title in titles:
        for number, word in enumerate(title.split()):
            for end in range(1, min(len(word), LONGEST_START) + 1):
                found[word[:end]] = None
                if number == 0:
                    found[f"^{word[:end]}"] = None
            if len(word) > LONGEST_START:
                found[word] = None
    return list(found)
