"""Names that plain words stand for: languages, places, demonyms, kinds.

Apps that know names register a provider. A question such as “who speaks Dari at 3/3 and served in Kabul” becomes
filters (see `search.questions`); a plain “Dari” finds and ranks higher those who have it.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import fold, sound, words
from search.entries import code_key
from search.families import Families
from search.grammar import Choice, Either, Filter, Part, Word
from search.groups import members
from search.guessing import SHORTEST_GUESS
from search.leading import TITLED, led
from search.leftovers import says_nothing
from search.letters import body
from search.offices import mentioned
from search.proficiency import leveled
from search.query import Hint, Recognised, Synonym
from search.questions import PERSON, ask
from search.rephrasing import rephrased
from search.signs import PLACES, Found, asks_people, everyday, plain
from search.stretches import spans
from search.talk import at_least, in_few_words, only_least, separated
from search.wording import called

LIFETIME = 300.0
MAX_HINTS = 8
SAME_NAMES = {
    "speaks": ("lang",),
    "reads": ("lang",),
    "post": ("post", "region"),
    "now": ("post", "region"),
    "at": ("post", "region"),
    "knows": ("region",),
}
HINTED = ("lang", "region", "post", "skill", "tag")
RENAMED = ("lang", "region", "post")

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
            {phrase: _by_own_name(phrase, found) for phrase, found in phrases.items()},
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

    def recognise(self, parts: tuple[Part, ...]) -> Recognised:
        """Read plain words as a question: what is left of them, filters, and notes on what was bent."""
        english = self.in_english(body(parts))
        words, limited = at_least(leveled(in_few_words(separated(english))))
        if office := led(self._labelled(words), self._offices):
            return Recognised((TITLED,), (office, PERSON))
        mention = mentioned(english, self._offices, self._place)
        if mention:
            words = leveled(in_few_words(separated(mention.rest)))
        asked = ask(words, self._named(words), self.languages_near, self.places_near, self._language_for_sure)
        if mention:
            left = asked.parts if asked.filters else _telling(words)
            return Recognised(left, tuple(dict.fromkeys((mention.office, *asked.filters, PERSON))))
        if asked.filters:
            notes = (*self._bent(words, asked.guessed), *([only_least()] if limited else []))
            return Recognised(asked.parts, asked.filters, notes)
        if asks_people(words):
            return Recognised(_telling(words) or parts, people=True)
        return Recognised(parts)

    def _labelled(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """The parts, with regions by their usual name, as those of offices have it: Central Asia for Asie centrale."""
        found: list[Part] = []
        at = 0
        for stretch in self._found(parts):
            label = next((name.label for name in stretch.names if name.field == "region"), "")
            found += parts[at : stretch.start]
            found += map(Word, label.split()) if label else parts[stretch.start : stretch.end]
            at = stretch.end
        return (*found, *parts[at:])

    def _bent(self, parts: tuple[Part, ...], guessed: Iterable[Found]) -> Iterator[str]:
        """What names were read for words that are none."""
        for stretch in guessed:
            name = stretch.names[0]
            said = {"typed": parts[stretch.start], "meant": called(name.field, name.code, name.label)}
            yield _("We know no “%(typed)s”: it was read as “%(meant)s”.") % said

    def _place(self, parts: tuple[Part, ...]) -> str:
        """The usual name of the place that parts name, all of them together; empty if they name none."""
        tokens = [token for part in parts if isinstance(part, Word) for token in words(part.text)]
        names = self.phrases.get(tuple(tokens), ())
        return next((name.label for name in names if name.field in PLACES), "")

    @cached_property
    def _offices(self) -> dict[str, frozenset[tuple[str, ...]]]:
        """All names of each office, by its code."""
        offices: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for phrase, names in self.phrases.items():
            for name in names:
                if name.field == "office":
                    offices[name.code].add(phrase)
        return {code: frozenset(found) for code, found in offices.items()}

    def in_english(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """Plain words as a question is read: `or` between alternatives, what asks in another language in English."""
        return rephrased(spelled_out(parts), lambda tokens, at: self.find(tokens, at)[0])

    def languages_near(self, word: str) -> tuple[Name, ...]:
        """The language that a word is a slip for: that sounds so, else the nearest name, if it is the only one."""
        key = fold(word)
        return self._one_language(self._like(key, 2 if len(key) > 5 else 1))[1]

    def language_meant(self, word: str) -> tuple[str, tuple[Name, ...]]:
        """The language that a word is a slip for where nothing says that one is asked for: it must be nearer.

        Its name as it should have been typed, and what that names: Farsi is two languages.
        """
        key = fold(word)
        if len(key) < SHORTEST_GUESS or (key,) in self.phrases:
            return "", ()
        typed, languages = self._one_language(self._like(key, 2 if len(key) > 8 else 1))
        place = self.places_near(word)
        # “Portugese” is the language of the Portuguese; what is nearer to another name may be a place.
        return (typed, languages) if not place or {*place} <= {*self.phrases.get((typed,), ())} else ("", ())

    def _language_for_sure(self, word: str) -> tuple[Name, ...]:
        return self.language_meant(word)[1]

    def respelled(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """The parts with the names of languages for words that are slips for them; as they are where none is."""
        meant = ((part, self.language_meant(plain(part))) for part in parts)
        return tuple(
            Word(names[0].label if len(names) == 1 else typed) if names else part
            for part, (typed, names) in meant
        )

    def places_near(self, word: str) -> tuple[Name, ...]:
        """The places of one name that a word is a slip for: one letter, or two of a long word, and no other name."""
        key = fold(word)
        far = 2 if len(key) > 8 else 1
        found = process.extract(key, self._places, scorer=OSA.distance, score_cutoff=far)
        near = [phrase for phrase, _far, _index in found if phrase[0] == key[0]]
        meant = {tuple(name for name in self.phrases[phrase,] if name.field in PLACES) for phrase in near}
        return meant.pop() if len(meant) == 1 else ()

    def _nearest(self, key: str, cutoff: int) -> list[str]:
        """The names of languages that are as near as any, so far at most, and begin with the same letter."""
        found = process.extract(key, self._languages, scorer=OSA.distance, score_cutoff=cutoff)
        nearest = min((far for _phrase, far, _index in found), default=0)
        found = [near for near in found if abs(len(near[0]) - len(key)) < 2]  # Creole is not Cree
        return [phrase for phrase, far, _index in found if far == nearest and phrase[0] == key[0]]

    def _like(self, key: str, cutoff: int) -> tuple[list[str], list[str]]:
        """The names of languages that sound like a word, and those that are nearest to it."""
        return self._sounding.get(sound(key), []), self._nearest(key, cutoff)

    def _one_language(self, alike: Iterable[list[str]]) -> tuple[str, tuple[Name, ...]]:
        """What the first phrases name that name one language, or several that share the one phrase: Farsi."""
        for phrases in alike:
            found = {
                name.code: name
                for phrase in phrases
                for name in self.phrases[phrase,]
                if name.field == "lang"
            }
            if found and (len(found) == 1 or len(phrases) == 1):
                return phrases[0], tuple(found.values())
        return "", ()

    @cached_property
    def _sounding(self) -> dict[str, list[str]]:
        """The names of languages that are one word, by how they sound."""
        sounding: dict[str, list[str]] = defaultdict(list)
        for phrase in self._languages:
            sounding[sound(phrase)].append(phrase)
        return dict(sounding)

    @cached_property
    def _languages(self) -> list[str]:
        """The names of languages that are one word, and of no group: “Turkis” is Turkish, and not Turkic."""
        return self._one_word("lang")

    @cached_property
    def _places(self) -> list[str]:
        """The names of places that are one word."""
        return self._one_word(*PLACES)

    def _one_word(self, *fields: str) -> list[str]:
        return [
            phrase[0]
            for phrase, names in self.phrases.items()
            if len(phrase) == 1
            and any(name.field in fields and not members(name.field, name.code) for name in names)
        ]

    def hints(self, parts: tuple[Part, ...]) -> tuple[Hint, ...]:
        """What the plain words may stand for, for ranking and for other spellings."""
        hints: list[Hint] = []
        for found in self._found(parts):
            covered = tuple(part.text for part in parts[found.start : found.end] if isinstance(part, Word))
            named = [(name.field, name.code) for name in found.names if name.field in HINTED]
            hints += [Hint(covered, Filter(field, (Choice(code),), origin="words")) for field, code in named]
        if mention := mentioned((Word("who"), *parts), self._offices, self._place):
            hints.append(Hint(mention.words, mention.office))
        return tuple(hints[:MAX_HINTS])

    def other_names(self, parts: tuple[Part, ...]) -> tuple[Synonym, ...]:
        """The usual name of each language and place that is named otherwise: Kabul for Kaboul."""
        found = []
        for start, end, names in spans(parts, self.find):
            covered = tuple(part.text for part in parts[start:end] if isinstance(part, Word))
            typed = words(" ".join(covered))
            language = any(name.field == "lang" for name in names)  # German is not first of all Germany
            labels = [
                name.label
                for name in names
                if name.field == "lang" or (name.field in RENAMED and not language)
            ]
            others = tuple(dict.fromkeys(label for label in labels if words(label) != typed))
            if others:
                found.append(Synonym(covered, others[:MAX_HINTS]))
        return tuple(found)

    def resolve(self, name: str, code: str) -> str:
        """The code that a name stands for in a field (`pashto` is `pus`); the name itself if unknown."""
        groups = SAME_NAMES.get(name, (name,))
        if any((group, code) in self.labels for group in groups):
            return code
        names = self.phrases.get(tuple(words(code.replace("-", " "))), ())
        return next((found.code for group in groups for found in names if found.field == group), code)

    def label(self, name: str, code: str) -> str:
        """The words for a code, in the reader's language; the code itself if unknown."""
        groups = SAME_NAMES.get(name, (name,))
        known = ((group, self.labels[group, code]) for group in groups if (group, code) in self.labels)
        return next((called(group, code, label) for group, label in known), code)

    def _named(self, parts: tuple[Part, ...]) -> list[Found]:
        """The named stretches, and what is only nearly the name of a skill."""
        found = self._found(parts)
        return [*found, *self._families.found(parts, found)]

    @cached_property
    def _families(self) -> Families:
        return Families.of(self.phrases)

    def _found(self, parts: tuple[Part, ...]) -> list[Found]:
        """The named stretches of plain words, as spans of parts, without everyday words: more is not Mossi."""
        return [stretch for stretch in self._spans(parts, 0) if not everyday(parts, stretch)]

    def _spans(self, parts: tuple[Part, ...], before: int) -> Iterator[Found]:
        """All named stretches, by their place behind so many parts; “Azeri, Turkish” are two languages."""
        for start, end, names in spans(parts, self.find):
            comma = next((n for n in range(start + 1, end) if str(parts[n - 1])[-1] in ",;"), 0)
            if comma and any(name.field == "lang" for name in names):
                yield from self._spans(parts[start:comma], before + start)
                yield from self._spans(parts[comma:end], before + comma)
            else:
                yield Found(before + start, before + end, names)


def _by_own_name(phrase: tuple[str, ...], found: list[Name]) -> tuple[Name, ...]:
    """Without the languages that are only also called so, where one has it for its own name: Mandarin, and Chinese."""
    own = [name for name in found if name.field == "lang" and tuple(words(name.label)) == phrase]
    return tuple(name for name in found if not own or name.field != "lang" or name in own)


def _telling(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts that tell somebody from others."""
    return tuple(part for index, part in enumerate(parts) if not says_nothing(parts, index))


def spelled_out(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, `Pashto OR Dari` as plain words with `or` between, as a question has them."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Either) and all(plain(option) for option in part.options):
            for option in part.options:
                found += [option, Word("or")]
            found.pop()
        else:
            found.append(part)
    return tuple(found)


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
