"""Sections of a source text, for editing one at a time."""

import re
from dataclasses import dataclass

from .headings import place_headings
from .limits import check_size, normalise
from .links import settle
from .parser import parse

_LINES = re.compile(r"[^\n]*\n|[^\n]+$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: `text[start:end]`, its subsections included.

    Level and id are those of the rendered heading; the opening part has level 0, no heading
    and no id.
    """

    heading: str
    level: int
    id: str
    start: int
    end: int


def split_sections(text: str) -> list[Section]:
    """The opening part, then every section in order: `sections[N]` is the one that the
    link `?section=N` edits. The text must be normalised. Raises what `render` raises.
    """
    check_size(text)
    tokens = parse(text, "en")
    settle(tokens)
    outline = place_headings(tokens)
    lines = [t.map[0] for t in tokens if t.type == "heading_open" and t.level == 0 and t.map]
    starts = _offsets(text, lines)
    sections = [Section("", 0, "", 0, starts[0] if starts else len(text))]
    for number, heading in enumerate(outline):
        after = zip(outline[number + 1 :], starts[number + 1 :], strict=True)
        end = next((start for other, start in after if other.level <= heading.level), len(text))
        sections.append(Section(heading.text, heading.level, heading.id, starts[number], end))
    return sections


def replace_section(text: str, number: int, replacement: str) -> str:
    """The text with section `number` replaced. Raises IndexError when there is no such one."""
    section = split_sections(text)[number]
    before, after = text[: section.start], text[section.end :]
    replacement = normalise(replacement)
    if after and not replacement.endswith("\n\n"):
        replacement = replacement.rstrip("\n") + "\n\n"
    return before + replacement + after


def _offsets(text: str, lines: list[int]) -> list[int]:
    """Character offsets at which these lines begin."""
    begins = [line.start() for line in _LINES.finditer(text)]
    return [begins[line] for line in lines]
