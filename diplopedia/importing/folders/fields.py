"""What the front matter of a file says of its page; what has no place is named."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from diplopedia.importing.folders.frontmatter import Fields
from diplopedia.importing.values import ImportProblem, day

TITLES = ("title", "name")
SUMMARIES = ("description", "summary", "excerpt", "abstract", "lead", "subtitle")
DATES = (
    "updated",
    "lastmod",
    "last_modified_at",
    "modified",
    "last_updated",
    "date",
    "date_published",
    "created",
)
AUTHORS = ("author", "authors", "owner", "creator", "by")
TAGS = ("tags", "tag", "categories", "category", "topics", "keywords")
OTHER_NAMES = ("aliases", "alias", "redirect_from", "redirects", "permalink", "url", "also_known_as")
ELSEWHERE = ("redirect_to", "redirect")
REGIONS = ("countries", "country", "regions", "region")
LANGUAGES = ("language", "lang", "locale")
KINDS = ("kind", "type")
LICENCES = ("licence", "license")
SOURCES = ("source", "source_url", "canonical_url", "original")
# What tells a program how a page looks, and a reader nothing.
OF_THE_PROGRAM = {
    "layout", "sidebar", "toc", "weight", "nav_order", "order", "menu", "slug", "cspell", "sidebar_position",
    "sidebar_label", "id", "published", "draft", "parent", "has_children",
    "nav_exclude", "template", "eleventynavigation",
}  # fmt: skip
NO_KIND = {"page", "post", "default", "docs", "doc", "article", "home", "index"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Stated:
    """What a file says of itself. `addresses` are paths that lead to it, `others` names it has besides its title."""

    title: str = ""
    summary: str = ""
    on: str = ""
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    moved_to: str = ""
    regions: list[str] = field(default_factory=list)
    language: str = ""
    kind: str = ""
    licence: str = ""
    source: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    draft: bool = False
    without_place: list[str] = field(default_factory=list)


def stated(fields: Fields, facts: Iterable[str]) -> Stated:
    """Return what a file says of itself. Raises ImportProblem for a date that is none."""
    low = {name.casefold(): value for name, value in fields.items()}
    names = [name for value in several(low, OTHER_NAMES) for name in value.split("\n")]
    kind = first(low, KINDS)
    found = Stated(
        title=first(low, TITLES),
        summary=first(low, SUMMARIES),
        on=when(low),
        authors=several(low, AUTHORS),
        tags=[tag for text in several(low, TAGS) for tag in text.split(",")],
        others=[name for name in names if not is_path(name)],
        addresses=[name for name in names if is_path(name)],
        moved_to=first(low, ELSEWHERE),
        regions=several(low, REGIONS),
        language=first(low, LANGUAGES).partition("-")[0].partition("_")[0].lower(),
        kind="" if kind.casefold() in NO_KIND else kind,
        licence=first(low, LICENCES),
        source=first(low, SOURCES),
        facts={name: ", ".join(words(low[name.casefold()])) for name in facts if name.casefold() in low},
        draft=first(low, ("draft",)).lower() == "true" or first(low, ("published",)).lower() == "false",
    )
    found.tags = list(dict.fromkeys(tag.strip() for tag in found.tags if tag.strip()))
    found.without_place = sorted(set(low) - placed() - {name.casefold() for name in facts})
    return found


def placed() -> set[str]:
    """Return the names of all fields that have a place, or need none."""
    ours = (
        TITLES, SUMMARIES, DATES, AUTHORS, TAGS, OTHER_NAMES, ELSEWHERE, REGIONS, LANGUAGES, KINDS, LICENCES, SOURCES,
    )  # fmt: skip
    return OF_THE_PROGRAM.union(*ours)


def words(value: Any) -> list[str]:
    """Return the texts in a value: of a list each, of a mapping its name or title, else all that it holds."""
    if isinstance(value, list):
        return [word for part in value for word in words(part)]
    if isinstance(value, dict):
        called = value.get("name") or value.get("title")
        return words(called) if called else [word for part in value.values() for word in words(part)]
    text = html.unescape(str(value)).strip()
    return [text] if text else []


def first(fields: Fields, names: Iterable[str]) -> str:
    """Return the first text under any of these names, on one line."""
    found = (word for name in names for word in words(fields.get(name, "")))
    return " ".join(next(found, "").split())


def several(fields: Fields, names: Iterable[str]) -> list[str]:
    """Return all texts under these names, each once."""
    return list(dict.fromkeys(word for name in names for word in words(fields.get(name, ""))))


def when(fields: Fields) -> str:
    """Return the day or time of the latest change that is named. Raises ImportProblem."""
    value = first(fields, DATES)
    if not value:
        return ""
    try:
        day({"date": value}, "date")
    except ImportProblem as error:
        raise ImportProblem(f"Its date is “{value}”: write it as 2026-03-28.") from error
    return value.replace(" ", "T", 1) if DAY.match(value) else value


def is_path(name: str) -> bool:
    """Whether a name is the address of a page rather than what people call it."""
    return name.startswith(("/", "http:", "https:")) or ("/" in name and " " not in name)
