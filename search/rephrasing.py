"""Questions in other languages: what asks in them, put into the English words that a question is read in.

“qui parle pachto à Kaboul” becomes “who speaks pachto in Kaboul”; names are left to the dictionary, which knows them
in every language. A language is a file of `search/phrases`; how to write one is in docs/translating.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.utils.translation import get_language

from search import phrases
from search.analysis import words
from search.grammar import Part, Word
from search.stretches import spans

Known = Callable[[list[str], int], int]
APOSTROPHES = "'’ʼ"


@dataclass(frozen=True)
class Phrasing:
    """How a language asks: its phrases with the English for each, what it elides, and the words that show it is it."""

    phrases: dict[tuple[str, ...], tuple[str, ...]]
    signs: frozenset[str]
    elided: re.Pattern[str]
    longest: int

    @classmethod
    def of(cls, code: str) -> Phrasing | None:
        """Read the file of a language; None where there is none."""
        file = files(phrases).joinpath(f"{code}.json")
        if not file.is_file():
            return None
        data = json.loads(file.read_text(encoding="utf-8"))
        known = {
            tuple(words(phrase)): tuple(english.split())
            for english, said in data["phrases"].items()
            for phrase in said
        }
        elided = "|".join(map(re.escape, data.get("elided", "").split())) or "(?!)"
        return cls(
            known,
            frozenset(data["signs"].split()),
            re.compile(rf"(?:({elided})[{APOSTROPHES}])?(.+)", re.IGNORECASE),
            max(map(len, known)),
        )

    def find(self, tokens: list[str], start: int) -> int:
        """How many words from a place on are a phrase; 0 for none."""
        lengths = range(min(self.longest, len(tokens) - start), 0, -1)
        return next((n for n in lengths if tuple(tokens[start : start + n]) in self.phrases), 0)

    def english(self, tokens: list[str]) -> tuple[Word, ...]:
        """The English words of a phrase."""
        return tuple(map(Word, self.phrases[tuple(tokens)]))


@cache
def phrasings() -> dict[str, Phrasing]:
    """The languages of this site that have a file, by code."""
    read = {code: Phrasing.of(code) for code, _name in settings.LANGUAGES}
    return {code: found for code, found in read.items() if found}


def phrasing_of(tokens: list[str]) -> Phrasing | None:
    """The language that a text shows signs of, else that of the reader; None for English."""
    known = phrasings()
    shown = next((one for one in known.values() if not one.signs.isdisjoint(tokens)), None)
    return shown or known.get(get_language() or "")


def rephrased(parts: tuple[Part, ...], known: Known) -> tuple[Part, ...]:
    """The parts, with what asks in another language in English. `known` says how many words from a place on are a name.

    Where a name and a phrase begin at one place the longer is meant: “la” asks nothing in La Paz.
    """
    phrasing = phrasing_of([token for part in parts for token in (*_tokens(part), _as_typed(part))])
    return tuple(_in_english(tuple(_apart(parts, phrasing)), known, phrasing)) if phrasing else parts


def _as_typed(part: Part) -> str:
    """A word with its accents: “à” shows French, “a” does not."""
    return part.text.lower() if isinstance(part, Word) and part.is_plain else ""


def _tokens(part: Part) -> list[str]:
    return words(part.text) if isinstance(part, Word) and part.is_plain else []


def _apart(parts: tuple[Part, ...], phrasing: Phrasing) -> Iterator[Part]:
    """The parts, `l’amharique` as two of them, without marks that stand alone."""
    for part in parts:
        if not isinstance(part, Word) or not part.is_plain:
            yield part
        elif match := phrasing.elided.fullmatch(part.text):
            yield from (Word(text) for text in match.groups() if text and words(text))


def _in_english(parts: tuple[Part, ...], known: Known, phrasing: Phrasing) -> Iterator[Part]:
    def find(tokens: list[str], at: int) -> tuple[int, tuple[tuple[Word, ...] | None, ...]]:
        """A phrase with its English, or a name with nothing."""
        phrase, name = phrasing.find(tokens, at), known(tokens, at)
        if name > phrase or not phrase:
            return name, (None,) if name else ()
        return phrase, (phrasing.english(tokens[at : at + phrase]),)

    at = 0
    for start, end, (english,) in spans(parts, find):
        yield from _each(parts[at:start], phrasing)
        yield from parts[start:end] if english is None else english
        at = end
    yield from _each(parts[at:], phrasing)


def _each(parts: tuple[Part, ...], phrasing: Phrasing) -> Iterator[Part]:
    """Parts that begin nothing longer, in English where one alone is a phrase: “la” before “Corne de l’Afrique”."""
    for part in parts:
        tokens = _tokens(part)
        yield from phrasing.english(tokens) if tuple(tokens) in phrasing.phrases else (part,)
