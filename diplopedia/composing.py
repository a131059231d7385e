"""Texts made of two pages, or of a part of one. They are proposals: a person reads them before they are saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from diplopedia.diffs.blocks import split_blocks
from diplopedia.markdown import normalise, section_id, split_sections

NOTE = re.compile(r"\[\^([^\]\s]+)\]")
NOTE_TEXT = re.compile(
    r"^ {0,3}\[\^(?P<label>[^\]\s]+)\]:.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*\n?", re.MULTILINE
)
FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
HASHES = re.compile(r" {0,3}(#{1,6})(?=\s)")


class Part(NamedTuple):
    """A heading with the text below it, up to the next heading of any level; the opening part has level 0."""

    heading: str
    level: int
    text: str


def parts_of(text: str) -> list[Part]:
    """Cut a text at its headings; the parts joined are the text again."""
    sections = split_sections(text)
    ends = [*(section.start for section in sections[1:]), len(text)]
    return [
        Part(section.heading, section.level, text[section.start : end])
        for section, end in zip(sections, ends, strict=True)
    ]


def joined_text(text: str, other: str) -> str:
    """Return a text with everything of another one that it does not say already; nothing of either is left out.

    What stands under a heading that both have goes to the end of that part; parts with a heading of their own
    follow, those below such a heading with it.
    """
    text, other = normalise(text), with_own_notes(normalise(other), normalise(text))
    written = other
    other = (
        other if FENCE.search(other) else NOTE_TEXT.sub("", other)
    )  # notes go to the end, unless they may be code
    said = {block.text for block in split_blocks(text)}
    parts = parts_of(text)
    place = 0
    for part in parts_of(other):
        found = next((n for n, mine in enumerate(parts) if same_heading(mine, part)), None)
        if found is not None:
            place = found
            parts[place] = parts[place]._replace(text=added(parts[place].text, part.text, said))
        elif part.text.strip():
            place = place + 1 if part.level > 2 else len(parts)
            parts.insert(place, part)
    joined = "\n\n".join(part.text.strip("\n") for part in parts if part.text.strip()) + "\n"
    return with_notes(joined, written)


def same_heading(one: Part, another: Part) -> bool:
    """Whether two parts are about the same, as their headings say."""
    return bool(one.level) == bool(another.level) and section_id(one.heading) == section_id(another.heading)


def added(text: str, other: str, said: set[str]) -> str:
    """Return a part with those blocks of another that are said nowhere yet."""
    fresh = [
        block.text + block.tail
        for block in split_blocks(other)
        if block.text not in said and block.heading is None
    ]
    return text.rstrip("\n") + "\n\n" + "".join(fresh) if fresh else text


def notes_of(text: str) -> dict[str, str]:
    """Return the footnotes that a text defines: each label with its lines."""
    return {found["label"]: found[0] for found in NOTE_TEXT.finditer(text)}


def with_own_notes(text: str, other: str) -> str:
    """Return a text whose footnotes have no label that another text uses for something else."""
    mine, theirs = notes_of(text), notes_of(other)
    clashing = {
        label for label, note in mine.items() if label in theirs and theirs[label].strip() != note.strip()
    }
    taken = mine.keys() | theirs.keys()
    fresh = {label: free_label(label, taken) for label in clashing}
    return NOTE.sub(lambda found: f"[^{fresh.get(found[1], found[1])}]", text)


def free_label(label: str, taken: set[str] | frozenset[str]) -> str:
    """Return a label like this one that no footnote has."""
    return next(free for n in range(2, len(taken) + 3) if (free := f"{label}-{n}") not in taken)


class Parted(NamedTuple):
    """A text without one of its sections, and the section as a text of its own."""

    heading: str
    stays: str
    goes: str


def parted(text: str, number: int, instead: str) -> Parted:
    """Cut section `number` out of a text; its heading stays, with `instead` below it. Raises IndexError.

    The headings below move up, as the title of the new page is above them. Footnotes go where they are used: to
    both, if both use them.
    """
    text = normalise(text)
    section = split_sections(text)[number]
    if not section.level:
        raise IndexError(number)
    inside = text[section.start : section.end]
    first, *below = parts_of_section(inside)
    heading, _line, body = first.partition("\n")
    if not HASHES.match(heading):  # underlined: two lines
        underline, _line, body = body.partition("\n")
        heading = f"{heading}\n{underline}"
    up = depth(first) - 1
    goes = "".join([body, *(raised(part, up) for part in below)])
    if not goes.strip():
        raise IndexError(number)
    before, after = text[: section.start], text[section.end :]
    stays = f"{before}{heading}\n\n{instead.strip()}\n\n{after}"
    return Parted(section.heading, with_notes(stays, text), with_notes(goes.strip("\n") + "\n", text))


def parts_of_section(text: str) -> Iterator[str]:
    """Yield a section's own text, then those of the sections in it."""
    return (part.text for part in parts_of(text) if part.text)


def depth(part: str) -> int:
    """Return how many signs the heading of a part begins with; an underlined one counts as two."""
    found = HASHES.match(part)
    return len(found[1]) if found else 2


def raised(part: str, up: int) -> str:
    """Return a part with its heading so many levels higher, but below a title."""
    found = HASHES.match(part)
    if not found:
        return part
    return "#" * max(len(found[1]) - up, 2) + part[found.end(1) :]


def with_notes(text: str, source: str) -> str:
    """Return a text with the footnotes it uses and does not define, as the source defines them."""
    known, there = notes_of(source), notes_of(text)
    used = dict.fromkeys(NOTE.findall(text))
    missing = [known[label].rstrip("\n") for label in used if label in known and label not in there]
    return text.rstrip("\n") + "\n\n" + "\n".join(missing) + "\n" if missing else text
