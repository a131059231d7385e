"""What an engine keeps of an entry to show it, and the hit made from that for one reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from search.analysis import fold
from search.entries import (
    AssignmentFact,
    Entry,
    ExpertiseFact,
    Fact,
    Label,
    LanguageFact,
    SkillFact,
    code_key,
)
from search.grammar import write_level
from search.groups import one_by_one
from search.marking import Marker
from search.query import Query
from search.results import Hit, Reason, Segment, Segments
from search.wording import called

MOST_REASONS = 5
MOST_FACTS = 2
MOST_TEXT = 100_000


def shown(entry: Entry) -> dict[str, Any]:
    """The parts of an entry that a hit is made of, ready for JSON. Never shown without asking for the reader."""
    return {
        "kind": entry.kind,
        "pk": entry.pk,
        "url": entry.url,
        "title": entry.title,
        "aliases": entry.aliases,
        "lead": entry.lead,
        "body": entry.body[:MOST_TEXT],
        "role": entry.role,
        "restriction": entry.restriction,
        "template": entry.template,
        "regions": entry.regions[:1],
        "tags": entry.tags,
        "updated": entry.updated.isoformat() if entry.updated else None,
        "verified": entry.verified,
        "languages": entry.languages,
        "skills": entry.skills,
        "expertise": entry.expertise,
        "assignments": entry.assignments,
        "facts": entry.facts,
    }


def hit(
    stored: Mapping[str, Any], query: Query, marker: Marker, snippet: tuple[Segment, ...], score: float
) -> Hit:
    """Make a hit of what is kept of an entry, with reasons from the facts that the reader may know."""
    return Hit(
        kind=stored["kind"],
        pk=stored["pk"],
        url=stored["url"],
        title=marker.mark(stored["title"]),
        snippet=snippet,
        why=tuple(_reasons(stored, query, marker))[:MOST_REASONS],
        role=stored["role"],
        restriction=stored["restriction"],
        template=Label(*stored["template"]) if stored["template"] else None,
        region=_region(Label(*stored["regions"][0])) if stored["regions"] else None,
        updated=datetime.fromisoformat(stored["updated"]) if stored["updated"] else None,
        verified=stored["verified"],
        score=score,
    )


def _region(label: Label) -> Label:
    return label._replace(label=called("region", label.code, label.label))


def _reasons(stored: Mapping[str, Any], query: Query, marker: Marker) -> Iterator[Reason]:
    """The facts that match a filter, then those that hold a word, each once."""
    wanted = _wanted(query)
    named = _marked(marker.mark(stored["title"]))
    asked: list[Reason] = []
    told: list[Reason] = []
    for kind, codes, text, principal in _statements(stored):
        if principal not in query.principals:
            continue
        if any((field, code) in wanted for field in FIELDS_OF[kind] for code in codes):
            asked.append(Reason(kind, (Segment(text, True),)))
        elif kind != "fact" or _facts(told) < MOST_FACTS:
            marked = marker.mark(text)
            new = _marked(marked) - (named if kind == "alias" else set())
            if new:  # another name tells nothing that the name itself shows
                told.append(Reason(kind, marked))
    yield from dict.fromkeys(asked)
    yield from dict.fromkeys(told)


def _marked(segments: Segments) -> set[str]:
    return {fold(segment.text) for segment in segments if segment.marked}


def _facts(told: list[Reason]) -> int:
    return sum(reason.kind == "fact" for reason in told)


FIELDS_OF = {
    "language": ("lang",),
    "post": ("post", "now", "region"),
    "region": ("region",),
    "skill": ("skill",),
    "tag": ("tag",),
    "alias": (),
    "fact": (),
}
SAME = {"speaks": "lang", "reads": "lang", "now": "post", "at": "post", "knows": "region"}


def _wanted(query: Query) -> set[tuple[str, str]]:
    return {(SAME.get(f.field, f.field), code) for f in query.asked_for for code in one_by_one(f).codes}


def _statements(stored: Mapping[str, Any]) -> Iterator[tuple[str, list[str], str, str]]:
    """All facts of an entry: kind, codes, words, principal."""
    for raw in stored["languages"]:
        language = LanguageFact(*raw)
        yield (
            "language",
            _codes([language.code, *language.codes]),
            language_words(language),
            language.principal,
        )
    for raw in stored["assignments"]:
        served = AssignmentFact(*raw)
        codes = [place[0] for place in (*served.places, *served.regions)]
        yield "post", _codes(codes), assignment_words(served), served.principal
    for raw in stored["expertise"]:
        known = ExpertiseFact(*raw)
        yield (
            "region",
            _codes([region[0] for region in known.regions]),
            expertise_words(known),
            known.principal,
        )
    for raw in stored["skills"]:
        skill = SkillFact(*raw)
        yield "skill", _codes([skill.code]), skill.name, skill.principal
    for raw in stored["tags"] if stored["kind"] != "person" else ():
        yield "tag", _codes([raw[0]]), raw[1], "all"
    for alias in stored["aliases"]:
        yield "alias", [], _("also called %(name)s") % {"name": alias}, "all"
    for raw in stored["facts"]:
        fact = Fact(*raw)
        said = {"label": pgettext("kind of article", fact.label), "value": fact.value}
        yield "fact", [], _("%(label)s: %(value)s") % said, fact.principal


def _codes(codes: list[str]) -> list[str]:
    return [code_key(code) for code in codes]


def language_words(language: LanguageFact) -> str:
    """`Pashto 3+/3 (tested 2024)`."""
    levels = f"{write_level('speaks', language.speaking)}/{write_level('reads', language.reading)}"
    name = called("lang", language.code, language.name)
    if language.tested:
        return _("%(name)s %(levels)s (tested %(year)s)") % {
            "name": name,
            "levels": levels,
            "year": language.tested,
        }
    return f"{name} {levels}"


def assignment_words(served: AssignmentFact) -> str:
    """`Kabul 2019–2022`, or `Kabul since 2022`."""
    named = [code for code, label, *_above in served.places if label == served.place]
    place = called("post", named[0], served.place) if named else served.place
    if served.started and served.now:
        return _("%(place)s since %(year)s") % {"place": place, "year": served.started}
    if served.started and served.ended:
        years = f"{served.started}–{served.ended}" if served.ended > served.started else f"{served.started}"
        return f"{place} {years}"
    return place


def expertise_words(known: ExpertiseFact) -> str:
    """`expert on Afghanistan, 4 years`."""
    name = called("region", known.regions[0][0], known.name) if known.regions else known.name
    if known.years:
        said = npgettext(
            "why found", "knows %(region)s, %(years)s year", "knows %(region)s, %(years)s years", known.years
        )
        return said % {"region": name, "years": known.years}
    return pgettext("why found", "knows %(region)s") % {"region": name}
