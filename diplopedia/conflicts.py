"""Where two people changed the same words: what the page shows, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.http import QueryDict

from diplopedia.actions import Change, EditConflict
from diplopedia.diffs import Segment, compare, compare_words
from diplopedia.facts import FACT, fact_labels, facts_in_words
from diplopedia.forms import VersionForm
from diplopedia.markdown import normalise
from diplopedia.merging import Conflict, Merge, merge
from diplopedia.models import Article, Edit
from diplopedia.versions import Version


class Piece(NamedTuple):
    """One stretch that needs a choice: both wordings against the one they began from, and as plain texts."""

    n: int
    section: str
    theirs: Sequence[Segment]
    mine: Sequence[Segment]
    theirs_text: str
    mine_text: str
    both_text: str


class FactChoice(NamedTuple):
    """One fact that both changed."""

    key: str
    label: str
    theirs: str
    mine: str


def piece(n: int, conflict: Conflict) -> Piece:
    """Return one choice as the page shows it."""
    both = "\n\n".join(text for text in (conflict.theirs.strip("\n"), conflict.mine.strip("\n")) if text)
    return Piece(
        n, conflict.section,
        compare_words(conflict.base, conflict.theirs), compare_words(conflict.base, conflict.mine),
        conflict.theirs, conflict.mine, both,
    )  # fmt: skip


def conflict_context(page: Article, conflict: EditConflict, change: Change) -> dict[str, Any]:
    """Return what the conflict page shows. The form goes on from the edit that came in between."""
    merged = conflict.merged
    begun = conflict.base
    text = merge(begun.body if begun else "", conflict.mine.body, conflict.theirs.body)
    away = [key for key in conflict.theirs.facts if key not in merged.version.facts]
    form = VersionForm(
        initial=VersionForm.initial_of(merged.version.with_body(text.text or proposed(text)))
        | {FACT + key: "" for key in away}  # sent as empty: what is not sent stays
        | {
            "base": conflict.theirs.number,
            "key": change.key or "",
            "summary": change.summary,
            "minor": change.minor,
        },
        template=page.template,
        stated=[conflict.theirs.facts, conflict.mine.facts],
    )  # fmt: skip
    return {
        "article": page,
        "edit": conflict.theirs,
        "form": form,
        "pieces": [piece(n, one) for n, one in enumerate(text.conflicts)],
        "fields": list(fact_choices(page, conflict)),
        "merged": [],
        "whole": False,
        "mine": conflict.mine.body,
        "diff": compare(conflict.theirs.body, conflict.mine.body),
        "hidden": [
            *carried(form),
            ("begun", begun.number if begun else 0),
            ("mine", conflict.mine.body),
        ],
    }


def fact_choices(page: Article, conflict: EditConflict) -> Iterator[FactChoice]:
    """Yield the facts that both changed, by the names that readers see."""
    theirs = facts_in_words(page.template, conflict.theirs.facts)
    mine = facts_in_words(page.template, conflict.mine.facts)
    for key, label in fact_labels(page.template, conflict.merged.fields):
        if key in conflict.merged.fields:
            yield FactChoice(key, label, theirs.get(key, ""), mine.get(key, ""))


def carried(form: VersionForm) -> Iterable[tuple[str, Any]]:
    """Return the fields that the page does not show but sends on."""
    for name in form.fields:
        if name in {"body", "summary", "base", "key", "section", "draft"} or (
            name == "minor" and not form.initial.get("minor")
        ):
            continue
        value = form.initial.get(name, "")
        if name == "regions":
            yield from ((name, region) for region in value)
        else:
            yield name, ", ".join(value) if isinstance(value, list) else value


def proposed(text: Merge) -> str:
    """Return the merged text with both wordings where there is a choice."""
    return text.chosen([piece(0, conflict).both_text for conflict in text.conflicts])


def chosen_version(data: QueryDict, page: Article, version: Version) -> Version | None:
    """Return the version that the answers on the conflict page mean; None for any other form, and for text by hand."""
    if "begun" not in data:
        return None
    theirs = edit_number(page, data.get("base", ""))
    if theirs is None:
        return version
    picked = (
        name.removeprefix("fact-")
        for name, pick in data.items()
        if name.startswith("fact-") and pick == "theirs"
    )
    version = replace(version, facts={**version.facts, **{key: theirs.facts.get(key, "") for key in picked}})
    if data.get("by_hand"):
        return version
    begun = edit_number(page, data.get("begun", ""))
    text = merge(begun.body if begun else "", normalise(data.get("mine", "")), theirs.body)
    choices = [choice(data, n, conflict) for n, conflict in enumerate(text.conflicts)]
    return version.with_body(text.chosen(choices))


def choice(data: QueryDict, n: int, conflict: Conflict) -> str:
    """Return the words that were chosen for one stretch."""
    pick = data.get(f"pick-{n}", "both")
    if pick == "theirs":
        return conflict.theirs
    return conflict.mine if pick == "mine" else normalise(data.get(f"both-{n}", piece(n, conflict).both_text))


def edit_number(page: Article, text: str) -> Edit | None:
    """Return the edit with this number, or None."""
    number = int(text) if text.isdecimal() and len(text) < 10 else 0
    return page.edits.select_related("revision").filter(number=number).first()
