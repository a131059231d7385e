"""Marks of other kinds of Markdown that ours would show: attributes, tables of contents, admonitions, comments."""

from __future__ import annotations

import re
from collections import Counter

from diplopedia.importing.folders.liquid import WARNINGS, callout

COMMENT = re.compile(r"<!--(?:(?!-->)[\s\S]){0,5000}-->")
CONTENTS = re.compile(r"^(?:\[TOC\]|\[\[_?toc_?\]\]|[*-] ?TOC)[ \t]*$", re.IGNORECASE | re.MULTILINE)
ALONE = re.compile(r"^[ \t]*\{:[^{}\n]{0,300}\}[ \t]*$\n?", re.MULTILINE)
ATTRIBUTES = re.compile(r"[ \t]?\{:[^{}\n]{0,300}\}|(?<=[)\]*_])\{ ?[.#\w][^{}\n]{0,300}\}")
ID = re.compile(r"[ \t]?\{ ?#+([\w:.-]{1,200})[^{}\n]{0,200}\}[ \t]*$", re.MULTILINE)
ADMONITION = re.compile(
    r"^(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)[^\n\"]{0,80}(?:\"([^\"\n]{0,200})\")?[^\n]*\n"
    r"((?:(?:[ ]{4}|\t)[^\n]*(?:\n|$)|[ \t]*\n)+)",
    re.MULTILINE,
)
FENCED = re.compile(
    r"^:::[ \t]*([\w-]+)[ \t]*([^\n]{0,200})\n((?:(?!:::)[^\n]*\n){0,500}):::[ \t]*$", re.MULTILINE
)


def translate(text: str, left_out: Counter[str]) -> str:
    """Return a text, its code set aside, without these marks; count what was left out."""
    text = counted(COMMENT, "", text, left_out, "comment")
    text = ADMONITION.sub(lambda found: callout(found[1].lower() in WARNINGS, found[2] or "", found[3]), text)
    text = FENCED.sub(lambda found: callout(found[1].lower() in WARNINGS, title(found[2]), found[3]), text)
    text = counted(ALONE, "", text, left_out, "{: … }")
    text = counted(ATTRIBUTES, "", text, left_out, "{: … }")
    return counted(CONTENTS, "", text, left_out, "table of contents")


def counted(pattern: re.Pattern[str], new: str, text: str, left_out: Counter[str], name: str) -> str:
    """Return a text with a pattern replaced, and add to the count of its name."""
    text, number = pattern.subn(new, text)
    if number:
        left_out[name] += number
    return text


def title(words: str) -> str:
    """Return the title of an admonition without the brackets it may stand in."""
    return words.strip().strip("[]\"'{}").strip()
