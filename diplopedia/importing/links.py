"""Links by source id, `wiki:ID`, `person:ID`, `image:ID` and `document:ID`, as links by title, handle and number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from diplopedia.importing.verbatim import around_code
from diplopedia.markdown import title_key

LABEL = r"((?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\]){0,600})"
LINK = re.compile(
    rf"(?<!!)\[{LABEL}\]\(\s*<?(wiki|person):([^)\s>#\"]+)(?:\#([^)\s>]*))?>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)",
    re.DOTALL,
)
# Numbers are those of files that are here already.
FILE = re.compile(
    rf"(!?)\[{LABEL}\]\(\s*<?(image|document):(?!\d+[\s>)])([^)\s>\"]+)>?(\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
BARE = re.compile(r"<(wiki|person):([^>\s#]+)()>")
MARKS = re.compile(r"\\(?=[!-/:-@\[-`{-~])|[*`]|(?<!\w)_|_(?!\w)")
# Emphasis whose author took other rules for granted: nothing between its marks, or no space beside them.
EMPTY = re.compile(r"(?<!\*)\*{4}(?!\*)|(?<=\w)\*( ?[-–:%])\*(?!\d)")
UNCLOSED = re.compile(r"(?<![\w*:.,;!?)])(\*{1,2})(?![\s*])([^*\n]{0,200}[^\w\s*])\1(?=\w)")
CRAMPED = re.compile(r"(?<=[^\s*])\*(\w[^*\n]{0,60}:)\* ?(?=\w)")
LONGEST_LABEL = 250


@dataclass
class Rewritten:
    """A text with its links resolved, the keys they lead to now, and the source ids nobody knows."""

    text: str
    keys: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)


def no_file(_kind: str, _source_id: str) -> int | None:
    """Know of no files."""
    return None


@dataclass(frozen=True)
class Names:
    """Who can say what a source id is called here.

    `(language, title)` of an article, the handle of a person, the number of a file of this kind.
    """

    article: Callable[[str], tuple[str, str] | None]
    person: Callable[[str], str | None]
    file: Callable[[str, str], int | None] = no_file


def rewrite(text: str, language: str, names: Names) -> Rewritten:
    """Return a text written in `language` whose links by source id are links of the wiki, or plain words."""
    done = Rewritten(text)

    def replace(found: re.Match[str]) -> str:
        label, kind, source_id, section = found.groups()
        target = target_of(kind, source_id, language, names)
        if target is None:
            done.missing.append((kind, source_id))
            return label
        shown, key = target
        done.keys.append(key)
        return wiki_link(shown, section, label)

    def name(found: re.Match[str]) -> str:
        target = target_of(found[1], found[2], language, names)
        if target is None:
            done.missing.append((found[1], found[2]))
            return found[2]
        done.keys.append(target[1])
        return f"[[{target[0]}]]"

    def file(found: re.Match[str]) -> str:
        bang, label, kind, source_id, caption = found.groups()
        number = names.file(kind, source_id)
        if number is None:
            done.missing.append((kind, source_id))
            return label
        return f"{bang}[{label}]({kind}:{number}{caption or ''})"

    done.text = around_code(text, lambda words: BARE.sub(name, LINK.sub(replace, FILE.sub(file, words))))
    return done


def target_of(kind: str, source_id: str, language: str, names: Names) -> tuple[str, str] | None:
    """Return what stands between the brackets and the key it becomes, or None for an id nobody knows."""
    if kind == "person":
        handle = names.person(source_id)
        return (f"@{handle}", f"@{handle}") if handle else None
    article = names.article(source_id)
    if article is None:
        return None
    own, title = article
    key = f"{own}:{title_key(title)}"
    needs_language = own != language or re.match(r"[a-z]{2,3}:\S", title)
    return (f"{own}:{title}" if needs_language else title), key


def wiki_link(target: str, section: str | None, label: str) -> str:
    """Return a link of the wiki that shows these words. Its label is plain text on one line."""
    words = " ".join(MARKS.sub("", label).replace("[", "(").replace("]", ")").replace("|", "/").split())
    if len(words) > LONGEST_LABEL:
        words = words[: LONGEST_LABEL - 1].rstrip() + "…"
    aim = f"{target}#{section}" if section else target
    return f"[[{aim}|{words}]]" if words and words != target else f"[[{aim}]]"


def tidy(text: str) -> str:
    """Return a text whose emphasis ends where its author meant it to: `*Note:*word` gets the space it lacks.

    Other readers of Markdown close emphasis there; CommonMark does not, and would show the asterisks.
    """
    text = EMPTY.sub(r"\1", text)
    return UNCLOSED.sub(r"\1\2\1 ", CRAMPED.sub(r" *\1* ", text))
