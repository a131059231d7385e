"""Names that plain words stand for: languages, places, demonyms, kinds.

Apps that know names register a provider. A question such as “who speaks Dari at 3/3 and served in Kabul” becomes
filters (see `search.questions`); a plain “Dari” finds and ranks higher those who have it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

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
Value = TypeVar("Value")


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
            {phrase: tuple(found) for phrase, found in phrases.items()},
            labels,
            max(map(len, phrases), default=1),
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
        hints: list[Hint] = []
        for found in self._found(parts):
            covered = tuple(part.text for part in parts[found.start : found.end] if isinstance(part, Word))
            named = [(name.field, name.code) for name in found.names if name.field in HINTED]
            hints += [Hint(covered, Filter(field, (Choice(code),), origin="words")) for field, code in named]
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
        return [Found(start, end, names) for start, end, names in spans(parts, self.find)]


def spans(
    parts: tuple[Part, ...], find: Callable[[list[str], int], tuple[int, tuple[Value, ...]]]
) -> Iterator[tuple[int, int, tuple[Value, ...]]]:
    """The stretches of plain words that something is found for: first part, the part after the last, what was found.

    `find` is given folded words and a place in them, and says how many words from there on it knows, and what for.
    """
    tokens, owners = _plain_tokens(parts)
    at = 0
    while at < len(tokens):
        length, found = find(tokens, at)
        span = owners[at : at + length]
        if found and None not in span and _whole(owners, at, length):
            yield span[0] or 0, (span[-1] or 0) + 1, found
            at += length
        else:
            at += 1


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


class Registry:
    """The providers of names, and the dictionary made of them, for a few minutes at a time."""

    def __init__(self) -> None:
        self.providers: dict[str, Provider] = {}
        self.lock = threading.Lock()
        self.made: Dictionary | None = None
        self.made_at = 0.0

    def dictionary(self) -> Dictionary:
        """The dictionary, made anew when it is old."""
        with self.lock:
            if self.made is None or time.monotonic() - self.made_at > LIFETIME:
                self.made = Dictionary.of(name for provide in self.providers.values() for name in provide())
                self.made_at = time.monotonic()
            return self.made


_registry = Registry()


def register(provider: Provider) -> Provider:
    """Make a provider of `(phrase, field, value, label)` known; the same one again replaces it."""
    _registry.providers[_name(provider)] = provider
    forget()
    return provider


def unregister(provider: Provider) -> None:
    """Forget a provider."""
    _registry.providers.pop(_name(provider), None)
    forget()


def dictionary() -> Dictionary:
    """The names of all providers, read at most every few minutes."""
    return _registry.dictionary()


def forget() -> None:
    """Read the names anew at the next use: after names changed, and in tests."""
    _registry.made = None


def _name(provider: Provider) -> str:
    return f"{provider.__module__}.{provider.__qualname__}"
