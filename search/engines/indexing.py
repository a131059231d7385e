"""What every engine indexes of an entry, in neutral terms: marks to filter by, texts, and its place in lists."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from search.engines.words import exact, stem
from search.entries import EVERYBODY, AssignmentFact, Entry, Key, Label, code_key
from search.presenting import expertise_words
from search.weights import EPOCH, standing

SEPARATOR = "␟"
FACETS = (
    "kind",
    "template",
    "region",
    "tag",
    "lang",
    "office",
    "post",
    "now",
    "skill",
    "available",
    "verified",
)
NARROW = ("region", "lang", "post", "now", "skill")
TEXTS = ("title", "topics", "profile", "lead", "body")
SHOWN = 40
AGES = ("<30d", "<1y")
LONGEST_SORT = 500
TIE = 1e-4

Mark = tuple[str, str, Label]


# -- marks --------------------------------------------------------------------------------------------------------


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
        for number, region in enumerate(known.regions):
            depth = max(known.depth - bool(number), 1)  # who knows a part knows the whole a little less
            yield from _levels("knows", known.principal, region.code, depth)
    for served in entry.assignments:
        yield from _places(served)
        yield from (("region", served.principal, region) for region in served.regions)


def _places(served: AssignmentFact) -> Iterator[Mark]:
    """Where somebody served: the post and its country, and, without being counted, the regions around."""
    for name in ("post", "at", "now") if served.now else ("post", "at"):
        yield from ((name, served.principal, place) for place in served.places)
        yield from ((name, served.principal, Label(region.code, "")) for region in served.regions)


def _levels(name: str, principal: str, code: str, level: int) -> Iterator[Mark]:
    """One mark for each level reached: `fra␟1` … `fra␟7` answer “at least”."""
    for reached in range(1, level + 1):
        yield name, principal, Label(f"{code}{SEPARATOR}{reached}", "")


def token(name: str, principal: str, code: str) -> str:
    """A mark as one token. A code with a level has it after a separator."""
    code, separator, level = code.partition(SEPARATOR)
    return SEPARATOR.join((name, principal, code_key(code) + separator + level))


def labelled(entry: Entry) -> dict[tuple[str, str, str], Label]:
    """Marks by field, principal and code, each once, with its words if any of them has words.

    What everybody may know of a value is not said again for somebody, so that nothing counts twice.
    """
    found: dict[tuple[str, str, str], Label] = {}
    for name, principal, label in marks(entry):
        key = (name, principal, code_key(label.code))
        if key not in found or not found[key].label:
            found[key] = label
    return {
        (name, principal, code): label
        for (name, principal, code), label in found.items()
        if principal == EVERYBODY or (name, EVERYBODY, code) not in found
    }


# -- texts --------------------------------------------------------------------------------------------------------


def texts(entry: Entry) -> dict[str, str]:
    """What everybody who may read the entry can search in it, by the name of the field; see `weights.FIELDS`."""
    topics = joined([tag.label for tag in entry.tags], _leaves(entry.regions), _names([entry.template]))
    open_facts = joined(f"{fact.label} {fact.value}" for fact in entry.facts if fact.principal == EVERYBODY)
    profile = joined([entry.role], (text for principal, text in statements(entry) if principal == EVERYBODY))
    body = joined([entry.body, open_facts])
    return {"title": entry.title, "topics": topics, "profile": profile, "lead": entry.lead, "body": body}


def hidden(entry: Entry) -> set[str]:
    """The words of facts with fewer readers, each under its principal."""
    facts = [(fact.principal, f"{fact.label} {fact.value}") for fact in entry.facts]
    return {
        SEPARATOR.join((principal, stem(word)))
        for principal, text in (*facts, *statements(entry))
        if principal != EVERYBODY
        for word in exact(text)
    }


def statements(entry: Entry) -> Iterator[tuple[str, str]]:
    """The facts about a person as text, each with its principal."""
    for language in entry.languages:
        yield language.principal, language.name
    for skill in entry.skills:
        yield skill.principal, skill.name
    for known in entry.expertise:
        yield known.principal, expertise_words(known)
    for served in entry.assignments:
        yield served.principal, joined([served.place, served.title], _names(served.places))
    yield from ((EVERYBODY, label.label) for label in (*entry.office[:1], *entry.available))


def wholes(entry: Entry) -> list[str]:
    """The title and the other names, each as its folded words."""
    return [" ".join(exact(title)) for title in (entry.title, *entry.aliases)]


def joined(*texts: Iterable[str]) -> str:
    """Texts on lines of their own."""
    return " \n".join(text for group in texts for text in group if text)


def _leaves(labels: Iterable[Label]) -> list[str]:
    """The values that are nobody's parent: a page on Ethiopia is not a page on the world."""
    labels = list(labels)
    parents = {label.parent for label in labels}
    return [label.label for label in labels if label.code not in parents]


def _names(labels: Iterable[Label | None]) -> list[str]:
    return [label.label for label in labels if label]


# -- order --------------------------------------------------------------------------------------------------------


def place(key: Key) -> int:
    """A number, 0 to 2³²-1, that decides between equals, the same in every engine and from page to page."""
    return zlib.crc32(str(key).encode())


def weight(entry: Entry) -> float:
    """The number by which an engine makes its factor, log2(2 + weight): its standing, and a trace of `place`."""
    return float(2.0 ** (standing(entry) + place(entry.key) / 2**32 * TIE) - 2.0)


def newest(entry: Entry) -> int:
    """Orders by the second of the last change, then by `place`; what has no such time comes last."""
    seconds = int((entry.updated - EPOCH).total_seconds()) if entry.updated else 0
    return min(max(seconds, 0), 2**33 - 1) << 30 | place(entry.key) >> 2


def alphabetical(entry: Entry) -> str:
    """Orders by the words of the title, then by the key."""
    return " ".join(exact(entry.sort_title or entry.title))[:LONGEST_SORT] + f"\x1f{entry.key}"
