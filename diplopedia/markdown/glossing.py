"""Terms of the glossary, explained where they first stand in a page.

A term is found by its words, whatever stands between them; an acronym only in its own capitals, any other term in
any; in English with a plural's s, too. Time grows with the length of the page, not with the number of terms.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import pairwise
from typing import NamedTuple

_PIECE = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>|[^<]+|<')
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LEFT_ALONE = frozenset(
    {"a", "h2", "h3", "h4", "h5", "code", "pre", "abbr", "kbd", "summary", "caption", "th"}
)
_VOID = frozenset({"img", "br", "hr", "input", "use"})
LONGEST_GAP = 3
"""Characters that may stand between two words of a term."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is written, what it means in plain text, and the page that says more."""

    name: str
    meaning: str
    url: str


class _Known(NamedTuple):
    words: tuple[str, ...]
    acronym: bool
    term: Term


def explain(html: str, terms: Iterable[Term]) -> str:
    """Put each term's meaning where it first stands in finished html, outside of links, headings and code.

    A term that has several names is explained once.
    """
    known = _by_first_word(terms)
    return "".join(_Page(known).pieces(html)) if known else html


def _by_first_word(terms: Iterable[Term]) -> dict[str, list[_Known]]:
    known: dict[str, list[_Known]] = {}
    for term in terms:
        words = tuple(_WORD.findall(term.name))
        if words and term.meaning:
            acronym = term.name.isupper() and len(term.name) > 1
            known.setdefault(_plain(words[0]), []).append(_Known(words, acronym, term))
    for found in known.values():
        found.sort(key=lambda one: -len(one.words))
    return known


def _plain(word: str) -> str:
    folded = word.casefold()
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") else folded


class _Page:
    """One page being explained: remembers which terms were."""

    def __init__(self, known: dict[str, list[_Known]]) -> None:
        self.known = known
        self.done: set[str] = set()

    def pieces(self, html: str) -> Iterator[str]:
        """The html, tag by tag and text by text."""
        closed_to = 0  # how many elements around this place are left alone
        for piece in _PIECE.finditer(html):
            tag = piece[2]
            if tag is None:
                yield piece[0] if closed_to else self._text(piece[0])
                continue
            if tag in _LEFT_ALONE and tag not in _VOID:
                closed_to += -1 if piece[1] else 1
            yield piece[0]

    def _text(self, escaped: str) -> str:
        text = unescape(escaped)
        words = list(_WORD.finditer(text))
        parts, done = [], 0
        at = 0
        while at < len(words):
            found = self._term_at(text, words, at)
            if found is None:
                at += 1
                continue
            begin, end = words[at].start(), words[at + len(found.words) - 1].end()
            self.done.add(found.term.url)
            parts += [escape(text[done:begin], quote=False), self._explained(text[begin:end], found.term)]
            done, at = end, at + len(found.words)
        return "".join([*parts, escape(text[done:], quote=False)]) if parts else escaped

    def _term_at(self, text: str, words: list[re.Match[str]], at: int) -> _Known | None:
        for known in self.known.get(_plain(words[at][0]), ()):
            if known.term.url not in self.done and _stands(known, text, words[at : at + len(known.words)]):
                return known
        return None

    def _explained(self, written: str, term: Term) -> str:
        tip, name, meaning = (
            f"term-{len(self.done)}",
            *(escape(one, quote=False) for one in (written, term.meaning)),
        )
        link = f'<a href="{escape(term.url)}" aria-describedby="{tip}">{name}</a>'
        return f'<span class="term">{link}<span class="term__tip" role="tooltip" id="{tip}">{meaning}</span></span>'


def _stands(known: _Known, text: str, words: list[re.Match[str]]) -> bool:
    """Whether exactly these words are the term's, with little between them."""
    if len(words) < len(known.words):
        return False
    if any(b.start() - a.end() > LONGEST_GAP for a, b in pairwise(words)):
        return False
    written = [word[0] for word in words]
    if not known.acronym:
        wanted = [word.casefold() for word in known.words]
        return [*map(str.casefold, written[:-1])] == wanted[:-1] and written[-1].casefold() in (
            wanted[-1], wanted[-1] + "s",
        )  # fmt: skip
    return written[:-1] == [*known.words[:-1]] and written[-1] in (known.words[-1], known.words[-1] + "s")
