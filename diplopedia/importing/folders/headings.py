"""Headings of a Markdown text: the title it begins with, and the sections that links may ask for."""

from __future__ import annotations

import re
from collections import Counter

from diplopedia.importing.folders.addresses import alike
from diplopedia.importing.folders.marks import ID
from diplopedia.markdown import section_id
from diplopedia.markdown.keys import unique_id

ATX = r"^ {0,3}(#{1,6})[ \t]+([^\n]*)$"
UNDERLINED = r"^ {0,3}([^\s>#|*+\-][^\n]*)\n {0,3}(=+|-{3,})[ \t]*$"
HEADING = re.compile(f"{ATX}|{UNDERLINED}", re.MULTILINE)
LABEL = re.compile(r"!?\[([^\[\]]{0,300})\](?:\([^()\s]{0,800}(?:\s\"[^\"]*\")?\)|\[[^\[\]]{0,300}\])?")
MARKS = re.compile(r"[*`~]|\\(?=[!-/:-@\[-`{-~])|<[^<>]{0,200}>")


def words(heading: str) -> str:
    """Return a heading without its marks."""
    bare = ID.sub("", heading.rstrip().rstrip("#"))
    return " ".join(MARKS.sub("", LABEL.sub(r"\1", bare)).split())


def title_of(text: str) -> tuple[str, str]:
    """Return the first-level heading that a text begins with, and the text after it; else nothing and the text."""
    found = HEADING.match(text.lstrip("\n"))
    if found is None or not (found[1] == "#" or (found[4] or "").startswith("=")):
        return "", text
    return words(found[2] or found[3]), text.lstrip("\n")[found.end() :].lstrip("\n")


def sections(text: str) -> dict[str, str]:
    """Return the sections of a text, its code set aside: what a link may call each, and what it is called here.

    Of several of one heading programs call the second -1 or -2: what the first of them says counts.
    """
    named: dict[str, str] = {}
    guessed: dict[str, str] = {}
    taken: dict[str, int] = {}
    repeated: Counter[str] = Counter()
    for found in HEADING.finditer(text):
        heading = found[2] or found[3] or ""
        here = unique_id(words(heading), taken).removeprefix("s-")
        key, number = alike(words(heading)), repeated[alike(words(heading))]
        repeated[key] += 1
        named.setdefault(f"{key}{number}" if number else key, here)
        guessed.setdefault(f"{key}{number + 1}", here)
        guessed.setdefault(alike(words(heading).replace("&", "")), here)
        if given := ID.search(heading):
            named.setdefault(alike(given[1]), here)
    return guessed | named


def without_ids(text: str) -> str:
    """Return a text whose headings have no names but their own."""
    return HEADING.sub(lambda found: ID.sub("", found[0]), text) if "{" in text else text


def is_title(heading: str, title: str) -> bool:
    """Whether a heading says what the title says."""
    return section_id(heading) == section_id(title)
