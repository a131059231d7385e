"""Where two people changed the same words: what the page shows, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from diplopedia.actions import Change, EditConflict
from diplopedia.diffs import compare, compare_words
from diplopedia.facts import label_of
from diplopedia.forms import VersionForm
from diplopedia.merging import Conflict, Merge, merge
from diplopedia.models import Article, Edit
from diplopedia.versions import Version


class Piece(NamedTuple):
    """One stretch that needs a choice."""

    n: int
    section: str
    theirs: SafeString
    mine: SafeString
    theirs_text: str
    mine_text: str
    both_text: str


class FactChoice(NamedTuple):
    """One fact that both changed."""

    key: str
    label: str
    theirs: str
    mine: str


def marked(base: str, text: str) -> SafeString:
    """Return a text as HTML with what is new and what is gone since `base`."""
    tags = {"ins": "<ins>{}</ins>", "del": "<del>{}</del>"}
    words = (format_html(tags.get(part.kind, "{}"), part.text) for part in compare_words(base, text))
    return format_html("<p>{}</p>", format_html_join("", "{}", ((word,) for word in words)))


def piece(n: int, conflict: Conflict) -> Piece:
    """Return one choice as the page shows it."""
    both = "\n\n".join(text for text in (conflict.theirs.strip("\n"), conflict.mine.strip("\n")) if text)
    return Piece(
        n, conflict.section, marked(conflict.base, conflict.theirs), marked(conflict.base, conflict.mine),
        conflict.theirs, conflict.mine, both,
    )  # fmt: skip


def conflict_context(page: Article, conflict: EditConflict, change: Change) -> dict[str, Any]:
    """Return what the conflict page shows. The form goes on from the edit that came in between."""
    merged = conflict.merged
    begun = conflict.base
    text = merge(begun.body if begun else "", conflict.mine.body, conflict.theirs.body)
    form = VersionForm(
        initial=VersionForm.initial_of(merged.version.with_body(text.text or proposed(text)))
        | {
            "base": conflict.theirs.number,
            "key": f"{change.key}+"[:64] if change.key else "",
            "summary": change.summary,
            "minor": change.minor,
        },
        template=page.template,
    )  # fmt: skip
    theirs = conflict.theirs.facts
    return {
        "article": page,
        "edit": conflict.theirs,
        "form": form,
        "pieces": [piece(n, one) for n, one in enumerate(text.conflicts)],
        "fields": [
            FactChoice(key, label_of(key), theirs.get(key, ""), conflict.mine.facts.get(key, ""))
            for key in merged.fields
        ],
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


def carried(form: VersionForm) -> Iterable[tuple[str, Any]]:
    """Return the fields that the page does not show but sends on."""
    for name in form.fields:
        if name in {"body", "summary", "base", "key", "section"} or (
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
    facts = dict(version.facts)
    theirs = edit_number(page, data.get("base", ""))
    for key in list(facts):
        if data.get(f"fact-{key}") == "theirs" and theirs:
            facts[key] = theirs.facts.get(key, "")
    version = replace(version, facts=facts)
    if data.get("by_hand") or theirs is None:
        return version
    begun = edit_number(page, data.get("begun", ""))
    text = merge(begun.body if begun else "", data.get("mine", "").replace("\r\n", "\n"), theirs.body)
    choices = [choice(data, n, conflict) for n, conflict in enumerate(text.conflicts)]
    return version.with_body(text.chosen(choices))


def choice(data: QueryDict, n: int, conflict: Conflict) -> str:
    """Return the words that were chosen for one stretch."""
    pick = data.get(f"pick-{n}", "both")
    if pick == "theirs":
        return conflict.theirs
    return (
        conflict.mine
        if pick == "mine"
        else data.get(f"both-{n}", piece(n, conflict).both_text).replace("\r\n", "\n")
    )


def edit_number(page: Article, text: str) -> Edit | None:
    """Return the edit with this number, or None."""
    number = int(text) if text.isdecimal() and len(text) < 10 else 0
    return page.edits.select_related("revision").filter(number=number).first()
