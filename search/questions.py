"""Plain questions: “Pashto speaker in Kabul”, “who knows water law and served in Asmara”, “case studies in the Sahel”.

A text is taken for a question when a cue stands in it (speaks, served in, expert on, who, a level beside a language, a
kind of page with a preposition); otherwise its words stay words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from re import Match
from typing import NamedTuple

from search import guessing
from search.cues import (
    BOTH,
    CROWDS,
    CUE_OF,
    EXCEPT,
    EXPERTS,
    GLUE,
    LANGUAGE,
    LEVEL_WORDS,
    TITLES,
    WEAK,
)
from search.grammar import Choice, Filter, Part, read_level
from search.guessing import Guess
from search.leftovers import left_over
from search.signs import (
    LEVEL,
    PLACES,
    Found,
    covered,
    cues_of,
    hands_as_experts,
    level_after,
    plain,
    preposition,
)

PERSON = Filter("kind", (Choice("person"),), origin="words")
# Cues of where somebody is, was or knows about.
WHERE = ("post", "now", "left", "region")


@dataclass
class _Question:
    """What is being made of a text, read from left to right."""

    parts: tuple[Part, ...]
    cues: set[str]
    cue: str = ""
    used: set[int] = field(default_factory=set)
    filters: list[Filter] = field(default_factory=list)
    language: int | None = None
    joined: tuple[int, ...] = ()
    language_end: int = 0
    level: tuple[int, Match[str]] | None = None
    both: bool = False
    either: bool = False
    excepted: int | None = None
    waiting: str = ""
    place: Found | None = None
    seen: int = 0
    named: frozenset[int] = frozenset()

    @property
    def expert(self) -> int | None:
        """Where an expert on something is asked for: `visa policy expert`, but no `expert group`."""
        for index, part in enumerate(self.parts):
            last = index + 1 == len(self.parts)
            if (
                plain(part) in EXPERTS
                and len(self.parts) > 1
                and (last or preposition(self.parts, index + 1))
            ):
                return index
        return None

    @property
    def people(self) -> bool:
        """Whether somebody is asked for."""
        return bool(self.cues - {"kind"})

    def take(self, found: Found, name: str, codes: tuple[str, ...]) -> None:
        """Make a filter, of those without it after `without`; after `or`, one more value of the filter before."""
        choices = tuple(map(Choice, codes))
        last = self.filters[-1] if self.filters else None
        if last and last.field == name and (self.either or self._beside(found, last)):
            self.filters[-1] = replace(last, choices=(*last.choices, *choices))
        else:
            self.filters.append(Filter(name, choices, negated=self.excepted is not None, origin="words"))
        if self.excepted is not None:
            self.used.add(self.excepted)
        self.used.update(range(found.start, found.end))
        if self._before(found.start) == "between":
            self.used.add(found.start - 1)
        self.place = found if found.codes(*PLACES) == codes else None
        self.either, self.excepted = False, None

    def _beside(self, found: Found, last: Filter) -> bool:
        """Whether a place stands beside another, and nothing says that somebody served in both: `Israel Palestine`."""
        before = self.place
        if before is None or last.field != "at" or last.negated or self.excepted is not None:
            return False
        between = {plain(part) for part in self.parts[before.end : found.start]}
        # A city and its country are one place.
        alike = any(before.codes(name) and found.codes(name) for name in PLACES)
        return alike and between <= {"and", "the"}

    def _left_out_too(self, found: Found) -> bool:
        """Leave a place out with the one before it, where nothing else is between: `outside Spain and Peru`."""
        between = {plain(part) for part in self.parts[self.place.end : found.start]} if self.place else {""}
        if not (between <= {"and", "or", "nor", "the"} and self.filters[-1].negated):
            return False
        codes = tuple(map(Choice, found.codes(*PLACES)))
        changed = 2 if self.cue == "left" else 1  # who was there once and is not there now
        self.filters[-changed:] = [
            replace(chosen, choices=(*chosen.choices, *codes)) for chosen in self.filters[-changed:]
        ]
        self.used.update(range(found.start, found.end))
        self.place, self.either = found, False
        return True

    def name(self, found: Found) -> None:
        """Make a filter of a name, if what was read so far says which, and go on behind it."""
        self._name(found)
        self.level = None
        if found.codes(*PLACES):
            self.seen = found.end + self._now_after(found)

    def _name(self, found: Found) -> None:
        if kind := self._kind(found):
            self.take(found, *kind)
        elif self._asks_language(found):
            self._language(found)
        elif self.people and found.first("available", "skill")[0]:
            self.take(found, *found.first("available", "skill"))
        elif found.codes(*PLACES) and not self._left_out_too(found):
            self._place(found)

    def _language(self, found: Found) -> None:
        """Ask for a language, with the level that was said before it."""
        denied, name = self.excepted is not None, self._language_field()
        joined = self._joined(found)
        self.take(found, name, found.codes("lang"))
        if denied and self.waiting not in ("", name):  # “reads but does not speak Japanese”
            self.take(found, self.waiting, found.codes("lang"))
        self.waiting = ""
        self.language, self.joined, self.language_end = len(self.filters) - 1, joined, found.end
        if self.both:
            self._both_skills()
        self.used |= self._done_in(found)
        if found.end < len(self.parts) and plain(self.parts[found.end]) in LANGUAGE:
            self.used.add(found.end)
        if self.level:
            self.give_level(*self.level)

    def _kind(self, found: Found) -> tuple[str, tuple[str, ...]] | None:
        kind = found.first("template", "kind")
        return kind if kind[0] and "kind" in self.cues and preposition(self.parts, found.end) else None

    def _asks_language(self, found: Found) -> bool:
        expert = found.end < len(self.parts) and plain(self.parts[found.end]) in EXPERTS
        asked_for = self.cue in WHERE and not self._known(found)
        of_place = (expert or asked_for) and self.excepted is None and found.codes(*PLACES)
        if not found.codes("lang") or of_place:
            return False
        asked = {"speaks", "reads", "lang", "who"} & self.cues or self.cue == "region"
        return bool(asked or self.level or level_after(self.parts, found.end))

    def _known(self, found: Found) -> bool:
        """Whether a language is said to be known: `knows Greek`."""
        return found.start > 0 and plain(self.parts[found.start - 1]) == "knows"

    def _done_in(self, language: Found) -> set[int]:
        """The words before a language that say what is done in it: `a contract in Greek`, `press cuttings from`."""
        before = [plain(part) for part in self.parts[: language.start]]
        if not before or before[-1] not in ("in", "from"):
            return set()
        start = len(before)
        while start and start - 1 not in self.named and not _says_who(before[start - 1]):
            start -= 1
        return set(range(start, language.start))

    def _joined(self, found: Found) -> tuple[int, ...]:
        """The languages before, if `and` joins them to this one: a level behind it is of them all."""
        between = [plain(part) for part in self.parts[self.language_end : found.start]]
        if self.language is None or between != ["and"]:
            return ()
        return (*self.joined, self.language)

    def _language_field(self) -> str:
        if "lang" in self.cues:
            return "lang"  # speaks or reads
        reads = self.cue == "reads" or ("reads" in self.cues and "speaks" not in self.cues)
        return "reads" if reads else "speaks"

    def _place(self, found: Found) -> None:
        """Where somebody serves or served, what region they know, or what a page is about."""
        cue = self.cue if self.cue in WHERE else ""
        skilled = any(chosen.field == "skill" for chosen in self.filters)
        if cue == "region" and skilled and self._inside(found.start):
            cue = ""  # a specialist on something, who is there
        if not cue and self.people and self._before(found.start) in ("on", "about"):
            cue = "region"  # “real depth on Afghanistan”
        if cue != "region" and self._said_now(found):
            cue = "now"
        about = "region" in self.cues or (skilled and self.people and found.codes("region"))
        alternative = self.either and self.filters and self.filters[-1].field == "at"
        known = not cue and about and not self._inside(found.start) and not alternative
        if cue == "region" or known:
            self.take(found, *found.first("region", "post"))
            if PERSON not in self.filters:
                self.filters.append(PERSON)
        elif self.people:
            self._there(found, cue)
        elif "kind" in self.cues and found.codes("region"):
            self.take(found, "region", found.codes("region"))

    def _said_now(self, found: Found) -> bool:
        """Whether somebody is in a place now: said of all places, or of this one beside those where they were."""
        cues = [CUE_OF.get(plain(part)) for part in self.parts]
        if {"post", "left"}.isdisjoint(cues):
            return "now" in cues
        said = cues[self.seen : found.start]
        return self._now_after(found) or ("now" in said and "left" not in said)

    def _now_after(self, found: Found) -> bool:
        """Whether `now` belongs to the place before it: `in Kabul now`, but not `Kabul, now in Geneva`."""
        said = self.parts[found.end : found.end + 1]
        return [CUE_OF.get(plain(part)) for part in said] == ["now"] and not preposition(
            self.parts, found.end + 1
        )

    def _there(self, found: Found, cue: str) -> None:
        """Where somebody is, was, or was and is not any more."""
        there = "at" if self.excepted is None else "now"  # who was there before is not there
        self.take(found, "post" if cue == "left" else cue or there, found.codes(*PLACES))
        if cue == "left":
            self.filters.append(replace(self.filters[-1], field="now", negated=True))

    def _inside(self, index: int) -> bool:
        """Whether the words before say that somebody is in a place."""
        return self._before(index) in ("in", "at")

    def _before(self, index: int) -> str:
        """The word before, but the article."""
        before = [text for text in map(plain, self.parts[max(index - 2, 0) : index]) if text != "the"]
        return before[-1] if before else ""

    def give_level(self, index: int, match: Match[str]) -> None:
        """Give a level to the language that was read beside it, and to those that `or` or `and` joins to it."""
        if self.language is None:
            self.level = (index, match)
            return
        for at in (self.language, *reversed(self.joined)):
            self.filters[at : at + 1] = _leveled(self.filters[at], match)
        self.used.add(index)
        self.language, self.joined = None, ()

    def word(self, index: int) -> None:
        """Read a word that names nothing: a cue, a level, or something between."""
        text = plain(self.parts[index])
        if text in CUE_OF and self._is_cue(text):
            self.cue = self.cue if CUE_OF[text] == "who" else CUE_OF[text]
            self.waiting = self.waiting or (self.cue if self.cue in ("speaks", "reads") else "")
            self.used.add(index)
            self._same_language(index)
        elif match := LEVEL.fullmatch(text):
            if (
                self.language is not None
                or match[2]
                or "+" in text
                or self.people
                or self._said_before(index)
            ):
                self.give_level(index, match)
        elif text == "or":
            self.either = True
        elif text in EXCEPT and self.people:
            self.excepted = index
        elif text not in GLUE:
            self.level, self.either, self.excepted = None, False, None

    def _both_skills(self) -> None:
        """Ask for reading in the language before, too, at the same level: `speaks and reads Dari`."""
        spoken = self.filters[-1]
        if spoken.field == "speaks":
            self.filters.append(replace(spoken, field="reads"))
            if self.language is not None:
                self.joined = (*self.joined, self.language)
                self.language = len(self.filters) - 1

    def _same_language(self, index: int) -> None:
        """Ask for another skill in the language before: `speaks Dari at 3, reading 2`."""
        if plain(self.parts[index]) == BOTH:
            self.both = not self.filters or self.filters[-1].field != "speaks"
            if not self.both:
                self._both_skills()
            return
        spoken = [chosen for chosen in self.filters if chosen.field in ("speaks", "reads")]
        if self.cue not in ("speaks", "reads") or not spoken or spoken[-1].field == self.cue:
            return
        if index + 1 < len(self.parts) and LEVEL.fullmatch(plain(self.parts[index + 1])):
            choices = tuple(Choice(code) for code in spoken[-1].codes)
            self.filters.append(Filter(self.cue, choices, origin="words"))
            self.language = len(self.filters) - 1

    def _is_cue(self, text: str) -> bool:
        """Whether a word is a cue here: a weak one only where somebody is asked for."""
        of_people = self.people and CUE_OF[text] in WHERE
        return text not in WEAK or of_people or CUE_OF[text] in self.cues

    def _said_before(self, index: int) -> bool:
        """Whether the word before says that a level comes."""
        return index > 0 and plain(self.parts[index - 1]) in LEVEL_WORDS


class Asked(NamedTuple):
    """What a text asks: the parts that are left and the filters; of the names it has a slip for, those that count."""

    parts: tuple[Part, ...]
    filters: tuple[Filter, ...] = ()
    guessed: tuple[Found, ...] = ()


def ask(
    parts: tuple[Part, ...],
    found: Iterable[Found],
    guess: Guess = lambda _word: (),
    guess_place: Guess = lambda _word: (),
    sure: Guess = lambda _word: (),
) -> Asked:
    """Read the parts as a question. No cue, no change.

    `guess` names languages that a word may be a slip for; it is asked where only a language makes sense, and
    `guess_place` where only a place does; `sure` where only somebody is needed, and it must be nearer.
    """
    stretches = {stretch.start: stretch for stretch in found}
    guessed = {stretch.start: stretch for stretch in guessing.languages(parts, stretches, guess, sure)}
    guessed |= {
        stretch.start: stretch for stretch in guessing.places(parts, stretches | guessed, guess_place)
    }
    asked, parts, stretches = parts, hands_as_experts(parts, stretches), stretches | guessed
    stretches = {start: stretch for start, stretch in stretches.items() if parts[start] is asked[start]}
    named = covered(stretches.values())
    question = _Question(parts, cues_of(parts, stretches), named=frozenset(named))
    index = 0
    while index < len(parts):
        stretch = stretches.get(index)
        if stretch:
            question.name(stretch)
            index = stretch.end
            continue
        question.word(index)
        index += 1
    if not question.filters and question.expert is not None:
        question.filters.append(PERSON)
        question.used = {question.expert}
    if not question.filters:
        return Asked(asked)
    if question.people and all(chosen.negated for chosen in question.filters):
        question.filters.append(PERSON)
    meant = tuple(stretch for start, stretch in guessed.items() if start in question.used)
    return Asked(left_over(question), tuple(dict.fromkeys(question.filters)), meant)


def _says_who(text: str) -> bool:
    """Whether a word says who is asked for, and not what they are to do."""
    return text in CUE_OF or text in TITLES or text in CROWDS


def _leveled(chosen: Filter, match: Match[str]) -> list[Filter]:
    """A language at the levels that were read: of speaking and of reading, if both are said."""
    levels = {"speaks": match[1], "reads": match[2]} if match[2] else {chosen.field: match[1]}
    return [
        replace(chosen, field=name, choices=tuple(_at_level(name, choice, text) for choice in chosen.choices))
        for name, text in levels.items()
    ]


def _at_level(name: str, choice: Choice, text: str) -> Choice:
    return choice if choice.level else Choice(choice.code, read_level(name, text) or 0)
