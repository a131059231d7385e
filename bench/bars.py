"""The bars: what each figure may be at most. docs/performance.md says them in words."""

from __future__ import annotations

from typing import NamedTuple


class Bar(NamedTuple):
    """The most that a figure may be: queries, times a bare view, growth from S, milliseconds (95 of 100)."""

    queries: int | None = None
    bare: float | None = None
    growth: float | None = None
    p95: float | None = None


PEOPLE = Bar(queries=12, growth=1.3)
# What counts all who were found, or all that is recorded, grows with them: half a second where a bare view takes 5 ms.
COUNTED = Bar(queries=12, bare=100)
ASKED = Bar(queries=16, bare=100)  # of people: to ask more costs a little more
BENT = Bar(queries=20, bare=100)  # nobody has it as it was typed: other spellings are tried
BARS = {
    "article": Bar(queries=10, bare=2.5, growth=1.2),
    "history": Bar(queries=12, growth=1.3),
    "compare": Bar(queries=15, growth=1.3),
    "talk page": Bar(queries=12, growth=1.3),
    "front page": Bar(queries=12, growth=1.3),
    "recent changes": Bar(queries=12, growth=1.3),
    "profile": Bar(queries=12, growth=1.3),
    "people: everybody": PEOPLE,
    "people: page 20": PEOPLE,
    "people: letter": COUNTED,
    "people: language": ASKED,
    "people: two languages": ASKED,
    "people: language in words": ASKED,
    "people: region, language": ASKED,
    "people: served, years": ASKED,
    "people: served in words": ASKED,
    "people: skill, level": ASKED,
    "people: office": ASKED,
    "people: name, frequent": ASKED,
    "people: name, rare": ASKED,
    "people: name, misspelt": BENT,
    "people: words, frequent": ASKED,
    "people: words, rare": ASKED,
    "people: words, language": ASKED,
    "people: nobody fits": ASKED,
    "rare languages": COUNTED,
    "office": PEOPLE,
    "offices": PEOPLE,
    "post": PEOPLE,
    "posts": COUNTED,
    "notices": Bar(queries=12, growth=1.3),
    "drafts": Bar(queries=12, growth=1.3),
    "lists": Bar(queries=12),
    "save": Bar(queries=100, growth=1.2),
    "edit to searchable": Bar(p95=60),
    "edit to searchable, worker": Bar(p95=1000),
    "engine: frequent word": Bar(p95=30),
    "engine: rare word": Bar(p95=30),
    "engine: two frequent words": Bar(p95=30),
    "engine: phrase": Bar(p95=30),
    "engine: prefix": Bar(p95=30),
    "engine: typo": Bar(p95=30),
    "engine: one letter": Bar(p95=50),
    "engine: people by level": Bar(p95=30),
    "engine: suggestion": Bar(p95=10),
    "our part of a search": Bar(p95=10),
    "render 20 KB": Bar(p95=30),
    "compare 20 KB": Bar(p95=50),
    "merge 20 KB": Bar(p95=5),
    "rebuild 1,000 entries": Bar(p95=1000),
}
