"""From an entry to a document of the index."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator

import tantivy

from search.engines.tantivy.schema import (
    FACETS,
    SEPARATOR,
    analyzer,
    exact,
    spaced_bigrams,
    stem,
)
from search.entries import EVERYBODY, Entry, Label, code_key
from search.presenting import expertise_words, shown
from search.weights import standing

LONGEST_START = 15
Mark = tuple[str, str, Label]


def document(entry: Entry) -> tantivy.Document:
    """The document of an entry. Raises what a malformed entry raises; nothing is written then."""
    doc = tantivy.Document()
    doc.add_text("key", str(entry.key))
    for reader in sorted(entry.readers):
        doc.add_text("readers", reader)
    doc.add_text("digest", entry.digest)
    doc.add_integer("version", entry.version)
    doc.add_float("weight", _weight(entry))
    if entry.updated is not None:
        doc.add_integer("updated", int(entry.updated.timestamp()))
    _add_marks(doc, entry)
    _add_text(doc, entry)
    _add_hidden(doc, entry)
    doc.add_bytes("shown", json.dumps(shown(entry), ensure_ascii=False, separators=(",", ":")).encode())
    return doc


def _weight(entry: Entry) -> float:
    """The number by which the engine makes its factor, log2(2 + weight), the standing we want.

    A tiny part of it comes from the key, so that equal hits keep their order from page to page.
    """
    factor = standing(entry) + zlib.crc32(str(entry.key).encode()) / 2**32 * 1e-4
    return float(2.0**factor - 2.0)


def marks(entry: Entry) -> Iterator[Mark]:
    """All that an entry can be filtered by: field, principal, value."""
    yield "kind", EVERYBODY, Label(entry.kind, entry.kind)
    yield "verified", EVERYBODY, Label(entry.verified, entry.verified)
    yield "language", EVERYBODY, Label(entry.language, entry.language)
    if entry.template:
        yield "template", EVERYBODY, entry.template
    for name, labels in (
        ("tag", entry.tags),
        ("region", entry.regions),
        ("office", entry.office),
        ("by", entry.people),
        ("available", entry.available),
    ):
        yield from ((name, EVERYBODY, label) for label in labels)
    yield from _fact_marks(entry)


def _fact_marks(entry: Entry) -> Iterator[Mark]:
    for language in entry.languages:
        yield "lang", language.principal, Label(language.code, language.name)
        for code in {language.code, *language.codes}:
            yield "lang", language.principal, Label(code, language.name if code == language.code else "")
            yield from _levels("speaks", language.principal, code, language.speaking)
            yield from _levels("reads", language.principal, code, language.reading)
    for skill in entry.skills:
        yield "skill", skill.principal, Label(skill.code, skill.name)
        yield from _levels("skill", skill.principal, skill.code, skill.level)
    for known in entry.expertise:
        yield from (("region", known.principal, region) for region in known.regions)
    for served in entry.assignments:
        for name in ("post", "now") if served.now else ("post",):
            yield from ((name, served.principal, place) for place in served.places)
        yield from (("region", served.principal, region) for region in served.regions)


def _levels(name: str, principal: str, code: str, level: int) -> Iterator[Mark]:
    """One mark for each level reached: `fra␟1` … `fra␟7` answer “at least”."""
    for reached in range(1, level + 1):
        yield name, principal, Label(f"{code}{SEPARATOR}{reached}", "")


def token(name: str, principal: str, code: str) -> str:
    """A mark as the field `is` holds it. A code with a level has it after a separator."""
    code, separator, level = code.partition(SEPARATOR)
    return SEPARATOR.join((name, principal, code_key(code) + separator + level))


def _add_marks(doc: tantivy.Document, entry: Entry) -> None:
    """Add filters and facets. What everybody may know of a value is not counted again for somebody."""
    found = _labelled(marks(entry))
    for (name, principal, code), label in found.items():
        if principal != EVERYBODY and (name, EVERYBODY, code) in found:
            continue
        doc.add_text("is", token(name, principal, label.code))
        if name in FACETS and label.label:
            field = f"facet_{name}" if principal == EVERYBODY else f"narrow_{name}"
            doc.add_text(field, SEPARATOR.join((principal, code, label.label, code_key(label.parent))))
    for principal in sorted({principal for _name, principal, _code in found} - {EVERYBODY}):
        doc.add_text("is", token("narrow", principal, ""))


def _labelled(found: Iterable[Mark]) -> dict[tuple[str, str, str], Label]:
    """Marks by field, principal and code, each once, with its words if any of them has words."""
    labelled: dict[tuple[str, str, str], Label] = {}
    for name, principal, label in found:
        key = (name, principal, code_key(label.code))
        if key not in labelled or not labelled[key].label:
            labelled[key] = label
    return labelled


def _add_text(doc: tantivy.Document, entry: Entry) -> None:
    """Add the text, cut into words once; the index only splits at spaces, and stems."""
    topics = _joined([tag.label for tag in entry.tags], _leaves(entry.regions), _names([entry.template]))
    open_facts = _joined(f"{fact.label} {fact.value}" for fact in entry.facts if fact.principal == EVERYBODY)
    profile = _joined([entry.role], (text for principal, text in statements(entry) if principal == EVERYBODY))
    body = _joined([entry.body, open_facts])
    texts = {"title": entry.title, "topics": topics, "profile": profile, "lead": entry.lead, "body": body}
    vocabulary: dict[str, None] = {}
    for name, text in texts.items():
        words = exact(text)
        vocabulary.update(dict.fromkeys(words))
        _add_stemmed(doc, name, " ".join(words), entry.language)
    doc.add_text("title_exact", " ".join(exact(entry.title)))
    for title in (entry.title, *entry.aliases):
        words = exact(title)
        vocabulary.update(dict.fromkeys(words))
        doc.add_text("whole", " ".join(words))
        if title is not entry.title:
            doc.add_text("aliases", " ".join(words))
    doc.add_text("words", " ".join(vocabulary))
    doc.add_text("starts", " ".join(starts([entry.title, *entry.aliases])))
    doc.add_text("sort_title", " ".join(exact(entry.sort_title or entry.title)))
    doc.add_text("cjk", spaced_bigrams(_joined(entry.aliases, texts.values())))


def _add_stemmed(doc: tantivy.Document, name: str, words: str, language: str) -> None:
    """Index words by the stems of their language; the field itself knows those of English."""
    if language == "en":
        doc.add_text(name, words)
    elif words:
        doc.add_pre_tokenized_text(name, analyzer(language).pre_tokenize(words))


def _add_hidden(doc: tantivy.Document, entry: Entry) -> None:
    """Index the words of facts with fewer readers, each under its principal."""
    hidden = [(fact.principal, f"{fact.label} {fact.value}") for fact in entry.facts]
    found = {
        SEPARATOR.join((principal, stem(word)))
        for principal, text in (*hidden, *statements(entry))
        if principal != EVERYBODY
        for word in exact(text)
    }
    for word in sorted(found):
        doc.add_text("hidden", word)


def statements(entry: Entry) -> Iterator[tuple[str, str]]:
    """The facts about a person as text, each with its principal."""
    for language in entry.languages:
        yield language.principal, language.name
    for skill in entry.skills:
        yield skill.principal, skill.name
    for known in entry.expertise:
        yield known.principal, expertise_words(known)
    for served in entry.assignments:
        yield served.principal, _joined([served.place, served.title], _names(served.places))
    yield from ((EVERYBODY, label.label) for label in (*entry.office[:1], *entry.available))


def starts(titles: Iterable[str]) -> list[str]:
    """The beginnings of all words of titles; those of a title's first word a second time, after `^`."""
    found: dict[str, None] = {}
    for title in titles:
        for number, word in enumerate(exact(title)):
            for end in range(1, min(len(word), LONGEST_START) + 1):
                found[word[:end]] = None
                if number == 0:
                    found[f"^{word[:end]}"] = None
            if len(word) > LONGEST_START:
                found[word] = None
    return list(found)


def _leaves(labels: Iterable[Label]) -> list[str]:
    """The values that are nobody's parent: a page on Ethiopia is not a page on the world."""
    labels = list(labels)
    parents = {label.parent for label in labels}
    return [label.label for label in labels if label.code not in parents]


def _names(labels: Iterable[Label | None]) -> list[str]:
    return [label.label for label in labels if label]


def _joined(*texts: Iterable[str]) -> str:
    return " \n".join(text for group in texts for text in group if text)
