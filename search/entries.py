"""What can be found: one neutral record per thing, whatever it is and whichever engine holds it.

An entry has readers. A fact inside it (a language, a skill, an assignment) has one principal of its own:
it is found, counted and explained only to somebody who holds that principal *and* may read the entry.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

EVERYBODY = "all"
VERIFIED_STATES = ("yes", "due", "no")


class Key(NamedTuple):
    """Names one entry in the database, in the outbox and in every engine."""

    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"

    @classmethod
    def read(cls, text: str) -> Key:
        """Read `kind:pk`, as `str(key)` writes it."""
        kind, _, pk = text.rpartition(":")
        return cls(kind, int(pk))


class Label(NamedTuple):
    """A value to filter by, the words for it, and (in a tree) the value it stands under."""

    code: str
    label: str
    parent: str = ""


class LanguageFact(NamedTuple):
    """A language somebody has. Levels are ILR ranks, 0 to 10 (`3+` is 7).

    `codes` holds the language's own code and those of its macrolanguages: asking for Chinese finds Mandarin.
    """

    code: str
    name: str
    speaking: int = 0
    reading: int = 0
    codes: tuple[str, ...] = ()
    principal: str = EVERYBODY
    tested: int | None = None


class SkillFact(NamedTuple):
    """A skill, at level 1 to 3."""

    code: str
    name: str
    level: int = 1
    principal: str = EVERYBODY


class ExpertiseFact(NamedTuple):
    """A region somebody knows; `regions` are its own code, first, and all its ancestors. `depth` is 1 to 3."""

    name: str
    regions: tuple[Label, ...]
    years: int | None = None
    principal: str = EVERYBODY
    depth: int = 1


class AssignmentFact(NamedTuple):
    """A place somebody served in. `places`: the post, first, then its country; `regions`: with all ancestors."""

    place: str
    places: tuple[Label, ...]
    title: str = ""
    started: int | None = None
    ended: int | None = None
    now: bool = False
    regions: tuple[Label, ...] = ()
    principal: str = EVERYBODY


class Fact(NamedTuple):
    """Any other statement: searched as text, shown as a reason."""

    label: str
    value: str
    principal: str = EVERYBODY


class NoReaders(ValueError):
    """An entry without readers: nobody could ever find it, which is never what was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found. Text is plain text, never Markdown or HTML.

    `version` is that of the change in the outbox which the entry answers; no source gives it. It only ever grows for
    one key, and an engine keeps the entry with the higher version.
    `office` is the owning office first, then its ancestors. `popularity` is any non-negative measure of use.
    `role` is the line under a person's name; `restriction` says for whom a restricted thing is.
    """

    kind: str
    pk: int
    title: str
    url: str
    readers: frozenset[str]
    aliases: tuple[str, ...] = ()
    lead: str = ""
    body: str = ""
    language: str = "en"
    sort_title: str = ""
    role: str = ""
    restriction: str = ""
    tags: tuple[Label, ...] = ()
    regions: tuple[Label, ...] = ()
    template: Label | None = None
    office: tuple[Label, ...] = ()
    people: tuple[Label, ...] = ()
    available: tuple[Label, ...] = ()
    languages: tuple[LanguageFact, ...] = ()
    skills: tuple[SkillFact, ...] = ()
    expertise: tuple[ExpertiseFact, ...] = ()
    assignments: tuple[AssignmentFact, ...] = ()
    facts: tuple[Fact, ...] = ()
    updated: datetime | None = None
    verified: str = "no"
    popularity: float = 0.0
    version: int = 0

    def __post_init__(self) -> None:
        if not self.readers or not all(self.readers):
            raise NoReaders(
                f"{self.key} has no readers. Give it at least one principal, such as {EVERYBODY!r}, or leave it "
                "out of its source's queryset."
            )
        if self.verified not in VERIFIED_STATES:
            raise ValueError(
                f"{self.key}: verified is {self.verified!r}; it must be one of {VERIFIED_STATES}."
            )
        if self.updated is not None and self.updated.tzinfo is None:
            raise ValueError(f"{self.key}: updated has no time zone. Give an aware datetime.")

    @property
    def key(self) -> Key:
        """The entry's name in every engine."""
        return Key(self.kind, self.pk)

    @property
    def digest(self) -> str:
        """A fingerprint of all that is indexed, but for popularity, which drifts by design."""
        values = [getattr(self, name) for name in DIGESTED]
        values.append(sorted(self.readers))
        return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


DIGESTED = tuple(f.name for f in fields(Entry) if f.name not in ("readers", "popularity", "version"))


@lru_cache(maxsize=20_000)
def code_key(text: str) -> str:
    """Write a code the one way it is compared: `Water Diplomacy` and `water_diplomacy` are `water-diplomacy`."""
    return "-".join(unicodedata.normalize("NFC", text).lower().replace("_", " ").split())
