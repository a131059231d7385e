"""Names that plain words stand for: languages, places, demonyms, kinds.

Apps that know names register a provider. A question such as “who speaks Dari at 3/3 and served in Kabul” becomes
filters (see `search.questions`); a plain “Dari” finds and ranks higher those who have it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from search.analysis import words
from search.entries import code_key
from search.grammar import Choice, Filter, Part, Word
from search.query import Hint
from search.questions import Found, ask

LIFETIME = 300.0
MAX_HINTS = 8
SAME_NAMES = {"speaks": "lang", "reads": "lang", "now": "post"}
HINTED = ("lang", "region", "post", "skill", "tag")

Names = Iterable[tuple[str, str, str, str]]
Provider = Callable[[], Names]


class Name(NamedTuple):
    """A value of a filter's field, and the words to show for it."""

    field: str
    code: str
    label: str


@dataclass(frozen=True)
class Dictionary:
    """All registered names, by their words and by their codes."""

    phrases: dict[tuple[str, ...], tuple[Name, ...]] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    longest: int = 1

    @classmethod
    def of(cls, names: Names) -> Dictionary:
        """Build from `(phrase, field, value, label)`; the first label of a value is the one that is shown."""
        phrases: dict[tuple[str, ...], list[Name]] = {}
        labels: dict[tuple[str, str], str] = {}
        for phrase, name, value, label in names:
            entry = Name(name, code_key(value), label)
            labels.setdefault((entry.field, entry.code), label)
            found = phrases.setdefault(tuple(words(phrase)), [])
            if all((other.field, other.code) != entry[:2] for other in found):
                found.append(entry)
        phrases.pop((), None)
        return cls(
            {phrase: tuple(found) for phrase, found in phrases.items()}, labels, max(map(len, phrases), default=1)
        )

    def find(self, tokens: list[str], start: int) -> tuple[int, tuple[Name, ...]]:
        """The longest phrase that begins at a token: its length in tokens (0 for none) and its names."""
        for length in range(min(self.longest, len(tokens) - start), 0, -1):
            names = self.phrases.get(tuple(tokens[start : start + length]))
            if names:
                return length, names
        return 0, ()

    def recognise(self, parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], tuple[Filter, ...]]:
        """Read plain words as a question; gives back the words that are left, and filters."""
        return ask(parts, self._found(parts))

    def hints(self, parts: tuple[Part, ...]) -> tuple[Hint, ...]:
        """What the plain words may stand for, for ranking and for other spellings."""
        hints = []
        for found in self._found(parts):
            covered = tuple(part.text for part in parts[found.start : found.end] if isinstance(part, Word))
            for name in found.names:
                if name.field in HINTED:
                    hints.append(Hint(covered, Filter(name.field, (Choice(name.code),), origin="words")))
        return tuple(hints[:MAX_HINTS])

    def resolve(self, name: str, code: str) -> str:
        """The code that a name stands for in a field (`pashto` is `pus`); the name itself if unknown."""
        group = SAME_NAMES.get(name, name)
        if (group, code) in self.labels:
            return code
        names = self.phrases.get(tuple(words(code.replace("-", " "))), ())
        return next((found.code for found in names if found.field == group), code)

    def label(self, name: str, code: str) -> str:
        """The words for a code; the code itself if unknown."""
        return self.labels.get((SAME_NAMES.get(name, name), code), code)

    def _found(self, parts: tuple[Part, ...]) -> list[Found]:
        """The named stretches of plain words, as spans of parts."""
        found: list[Found] = []
        tokens, owners = _plain_tokens(parts)
        at = 0
        while at < len(tokens):
            length, names = self.find(tokens, at)
            span = owners[at : at + length]
            if names and None not in span and _whole(owners, at, length):
                found.append(Found(span[0] or 0, (span[-1] or 0) + 1, names))
                at += length
            else:
                at += 1
        return found


def _plain_tokens(parts: tuple[Part, ...]) -> tuple[list[str], list[int | None]]:
    """The words of the plain parts, and the part that each stands in; other parts are barriers."""
    tokens: list[str] = []
    owners: list[int | None] = []
    for index, part in enumerate(parts):
        if isinstance(part, Word) and not (part.phrase or part.prefix or part.negated or part.title):
            found = words(part.text)
            tokens += found
            owners += [index] * len(found)
        else:
            tokens.append("")
            owners.append(None)
    return tokens, owners


def _whole(owners: list[int | None], at: int, length: int) -> bool:
    """Whether a stretch of tokens begins and ends with whole parts: `Guinea` of `Guinea-Bissau` does not."""
    before = owners[at - 1] if at else None
    after = owners[at + length] if at + length < len(owners) else None
    return owners[at] != before and owners[at + length - 1] != after


_providers: dict[str, Provider] = {}
_lock = threading.Lock()
_cached: tuple[float, Dictionary] | None = None


def register(provider: Provider, name: str = "") -> Provider:
    """Make a provider of `(phrase, field, value, label)` known; the same name again replaces it."""
    _providers[name or f"{provider.__module__}.{provider.__qualname__}"] = provider
    forget()
    return provider


def unregister(provider: Provider, name: str = "") -> None:
    """Forget a provider."""
    _providers.pop(name or f"{provider.__module__}.{provider.__qualname__}", None)
    forget()


def dictionary() -> Dictionary:
    """The names of all providers, read at most every few minutes."""
    global _cached
    with _lock:
        if _cached is None or time.monotonic() - _cached[0] > LIFETIME:
            _cached = (time.monotonic(), Dictionary.of(name for provide in _providers.values() for name in provide()))
        return _cached[1]


def forget() -> None:
    """Read the names anew at the next use: after names changed, and in tests."""
    global _cached
    with _lock:
        _cached = None
