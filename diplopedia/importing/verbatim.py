"""Code in a Markdown text: taken out while the words around it are changed, and put back as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Characters that `normalise` takes out of every text, so that none of them can be the author's.
OPEN, CLOSE = "\ufdd1", "\ufdd2"
FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})([^`\n]*)$")
SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n)[\s\S]){1,2000}?)(?<!`)\1(?!`)")
KEPT = re.compile(f"{OPEN}(\\d+){CLOSE}")


def around_code(text: str, change: Callable[[str], str]) -> str:
    """Return a normalised text changed everywhere but in its code."""
    if "`" not in text and "~~~" not in text:
        return change(text)
    words, code = aside(text)
    return back(change(words), code)


def aside(text: str) -> tuple[str, list[str]]:
    """Return the text with a mark for each piece of code, and the pieces: fenced blocks, and code in a line."""
    kept: list[str] = []

    def keep(piece: str) -> str:
        kept.append(piece)
        return f"{OPEN}{len(kept) - 1}{CLOSE}"

    parts = [keep(block) if is_code else block for is_code, block in blocks(text)]
    words = SPAN.sub(lambda found: keep(found[0]), "\n".join(parts))
    return words, kept


def back(text: str, kept: list[str]) -> str:
    """Return the text with the pieces of code where their marks stand."""
    return KEPT.sub(lambda found: kept[int(found[1])], text)


def blocks(text: str) -> Iterator[tuple[bool, str]]:
    """Return the lines of a text in turns: whether they are a block of code, and the lines as one text."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        found = FENCE.match(line)
        if not fence and found:
            if lines:
                yield False, "\n".join(lines)
            lines, fence = [line], found[1]
        elif fence and found and closes(found, fence):
            yield True, "\n".join([*lines, line])
            lines, fence = [], ""
        else:
            lines.append(line)
    if lines:
        yield bool(fence), "\n".join(lines)


def closes(found: re.Match[str], fence: str) -> bool:
    """Whether a line ends the block that this fence opened."""
    return found[1][0] == fence[0] and len(found[1]) >= len(fence) and not found[2].strip()
