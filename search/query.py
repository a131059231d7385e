"""A question put to the search: what is looked for, by whom, and which page of the answer is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from search.entries import Key
from search.grammar import (
    AGE,
    FIELDS,
    Choice,
    Either,
    Filter,
    Part,
    Word,
    clean,
    read,
    read_choices,
    write,
    write_choice,
    write_level,
)

PAGE_SIZE = 20
DEEPEST = 1_000
MAX_CHOICES = 50
SORTS = ("best", "newest", "title")
FACETS = ("kind", "template", "region", "tag", "verified", "updated")
PEOPLE_FACETS = ("kind", "lang", "post", "region", "skill", "available", "office")
PEOPLE_FIELDS = frozenset({"lang", "speaks", "reads", "skill", "post", "now", "at", "knows", "available"})
DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Chip(NamedTuple):
    """One active condition: `field` and `value` in words, and the query string without it."""

    field: str
    label: str
    value: str
    remove_url: str


class Hint(NamedTuple):
    """Words that may stand for a value: what has the value is found too, and what has both ranks higher."""

    words: tuple[str, ...]
    filter: Filter


class Synonym(NamedTuple):
    """Words that mean the same as others. What has one of `others` is found too: each is a word or a phrase."""

    words: tuple[str, ...]
    others: tuple[str, ...]


class Recognised(NamedTuple):
    """Plain words as a question: the parts that are left, filters, notes on what was bent.

    `people` says that people are asked for where nothing became a filter.
    """

    parts: tuple[Part, ...]
    filters: tuple[Filter, ...] = ()
    notes: tuple[str, ...] = ()
    people: bool = False


class Recogniser(Protocol):
    """What `Query.parse` needs of a dictionary; see `search.dictionary`."""

    def recognise(self, parts: tuple[Part, ...]) -> Recognised:
        """Take the words that name languages, places and the like out of a text, as filters."""
        ...

    def hints(self, parts: tuple[Part, ...]) -> tuple[Hint, ...]:
        """What plain words may stand for."""
        ...

    def respelled(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """The parts with the names of languages for words that are slips for them."""
        ...

    def other_names(self, parts: tuple[Part, ...]) -> tuple[Synonym, ...]:
        """The usual names of what plain words name otherwise."""
        ...

    def resolve(self, field: str, code: str) -> str:
        """The code that a name stands for in a field (`pashto` is `pus`); the name itself if unknown."""
        ...

    def label(self, field: str, code: str) -> str:
        """The words for a code; the code itself if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `principals` are those of the reader: an empty set finds nothing.

    With `among`, only these entries are looked at. What meets all of `favoured` comes before what does not.

    `recognised` says that plain words were read as filters; `plain` that the reader does not want that. `people` says
    that people are asked for by words alone: they come first.
    Two queries are equal when they look for the same thing, however it was written.
    """

    parts: tuple[Part, ...] = ()
    filters: tuple[Filter, ...] = ()
    principals: frozenset[str] = frozenset()
    page: int = 1
    size: int = PAGE_SIZE
    sort: str = "best"
    facets: tuple[str, ...] = ()
    among: tuple[Key, ...] = ()
    favoured: tuple[Filter, ...] = ()
    plain: bool = field(default=False, compare=False)
    recognised: bool = field(default=False, compare=False)
    people: bool = field(default=False, compare=False)
    hints: tuple[Hint, ...] = field(default=(), compare=False)
    synonyms: tuple[Synonym, ...] = field(default=(), compare=False)
    text: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    names: Recogniser | None = field(default=None, compare=False, repr=False)

    @classmethod
    def parse(
        cls,
        text: str,
        params: Mapping[str, object] | None = None,
        principals: Iterable[str] = (),
        dictionary: Recogniser | None = None,
        facets: tuple[str, ...] | None = None,
    ) -> Query:
        """Read a text and the parameters of a request (filters by field name, page, sort, plain). Never fails."""
        params = params or {}
        plain = bool(values_of(params, "plain"))
        parts, filters, notes = read(text)
        heard = Recognised(parts)
        if dictionary is not None and not plain and not filters:
            heard = dictionary.recognise(parts)
            parts = heard.parts
        chosen, more_notes = _from_params(params)
        every = _resolved((*filters, *heard.filters, *chosen), dictionary)
        return cls(
            parts=parts,
            filters=every,
            principals=frozenset(principals),
            page=page_number(params),
            sort=next((sort for sort in values_of(params, "sort") if sort in SORTS), "best"),
            facets=_facets_for(every) if facets is None else facets,
            plain=plain,
            recognised=bool(heard.filters),
            people=heard.people,
            hints=dictionary.hints(parts) if dictionary and not plain else (),
            synonyms=dictionary.other_names(parts) if dictionary and not plain else (),
            text=clean(text),
            notes=(*notes, *heard.notes, *more_notes),
            names=dictionary,
        )

    def __str__(self) -> str:
        return write(self.parts, self.filters)

    def __bool__(self) -> bool:
        """Whether anything at all is asked."""
        return bool(self.parts or self.filters)

    @property
    def offset(self) -> int:
        """How many hits come before this page."""
        return (self.page - 1) * self.size

    @property
    def asks_people(self) -> bool:
        """Whether a text asks for people, as the directory understands better: with years, and who nearly fits."""
        return self.people or (self.recognised and about_people(self.filters))

    @property
    def words(self) -> tuple[Word, ...]:
        """All words that are looked for, those of OR groups included; without negated ones."""
        found: list[Word] = []
        for part in self.parts:
            found.extend(part.options if isinstance(part, Either) else (part,))
        return tuple(word for word in found if not word.negated)

    @property
    def asked_for(self) -> tuple[Filter, ...]:
        """The filters that something must meet, and those that words may stand for."""
        return (*(f for f in self.filters if not f.negated), *(hint.filter for hint in self.hints))

    def selected(self, name: str) -> tuple[str, ...]:
        """The codes selected in a facet."""
        return tuple(code for f in self.filters if f.field == name and not f.negated for code in f.codes)

    def without(self, name: str) -> Query:
        """This query without its positive filters of a field: what a facet counts over."""
        return replace(self, filters=tuple(f for f in self.filters if f.field != name or f.negated))

    def matching(self, **changes: object) -> Query:
        """This query with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]

    # -- as text and addresses ------------------------------------------------------------------------------------

    @property
    def typed(self) -> str:
        """The text that stands in the search box: all but the filters chosen by parameters."""
        return write(self.parts, [f for f in self.filters if f.origin != "param"])

    @property
    def form_text(self) -> str:
        """The text beside checkboxes: all but the filters that the checkboxes stand for."""
        return write(self.parts, [f for f in self.filters if not self._checkable(f)])

    def _checkable(self, candidate: Filter) -> bool:
        levels = any(choice.level for choice in candidate.choices)
        twins = [f for f in self.filters if f.field == candidate.field]
        return candidate.field in self.facets and not candidate.negated and not levels and len(twins) == 1

    def url(self, **changes: object) -> str:
        """A query string (beginning with `?`) for this query; page 1 unless another is named."""
        return self._url(self.text, **changes)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of this query but for its order: what a form that changes the order repeats."""
        return [pair for pair in self._pairs(self.text) if pair[0] != "sort"]

    def _pairs(self, text: str) -> list[tuple[str, str]]:
        chosen = [f for f in self.filters if f.origin == "param"]
        pairs = [
            ("q", text),
            *((f.field, ",".join(write_choice(f.field, c) for c in f.choices)) for f in chosen),
        ]
        if self.sort != "best":
            pairs.append(("sort", self.sort))
        if self.plain:
            pairs.append(("plain", "1"))
        return pairs

    def _url(self, text: str, **changes: object) -> str:
        kept = [(name, value) for name, value in self._pairs(text) if name not in changes]
        kept += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
        return "?" + urlencode(kept)

    @property
    def plain_url(self) -> str:
        """The same text, its words taken as plain words."""
        return self.url(plain=1)

    @property
    def clear_url(self) -> str:
        """The words alone, without any filter."""
        return "?" + urlencode([("q", write(self.parts))])

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The active conditions in words, each with the address without it."""
        return self.chips_named({})

    def chips_named(self, labels: Mapping[tuple[str, str], str]) -> tuple[Chip, ...]:
        """The chips, with words for codes, by field and code, from a page that knows better ones."""
        return tuple(
            self._chip(f, choices, labels)
            for f in self.filters
            for choices in ([f.choices] if f.origin == "words" else [(choice,) for choice in f.choices])
        )

    def _chip(
        self, chosen: Filter, choices: tuple[Choice, ...], labels: Mapping[tuple[str, str], str]
    ) -> Chip:
        """The chip of some choices of a filter; what was read from one word is one chip."""
        rest = replace(chosen, choices=tuple(c for c in chosen.choices if c not in choices))
        filters = tuple(rest if f is chosen else f for f in self.filters if f is not chosen or rest.choices)
        query = replace(self, filters=filters)
        field_name = str(FIELDS[chosen.field])
        name = _("Not %(field)s") % {"field": field_name} if chosen.negated else field_name
        values = dict.fromkeys(self.words_for(chosen.field, choice, labels) for choice in choices)
        return Chip(chosen.field, name, ", ".join(values), query._url(query.typed))

    def words_for(
        self, name: str, choice: Choice, labels: Mapping[tuple[str, str], str] | None = None
    ) -> str:
        """A choice in words: `Pashto, 3 or better`."""
        known = self.names.label(name, choice.code) if self.names else choice.code
        label = (labels or {}).get((name, choice.code)) or known
        if not choice.level:
            return label
        return _("%(name)s, %(level)s or better") % {"name": label, "level": write_level(name, choice.level)}


def _facets_for(filters: Iterable[Filter]) -> tuple[str, ...]:
    """The facets that fit what is asked: those of people when only people can be meant."""
    return PEOPLE_FACETS if about_people(filters) else FACETS


def about_people(filters: Iterable[Filter]) -> bool:
    """Whether only people can be meant."""
    return any(f.field in PEOPLE_FIELDS or (f.field, f.codes) == ("kind", ("person",)) for f in filters)


def _resolved(filters: Sequence[Filter], dictionary: Recogniser | None) -> tuple[Filter, ...]:
    if dictionary is None:
        return tuple(filters)
    return tuple(
        replace(f, choices=tuple(c._replace(code=dictionary.resolve(f.field, c.code)) for c in f.choices))
        for f in filters
    )


def _from_params(params: Mapping[str, object]) -> tuple[tuple[Filter, ...], tuple[str, ...]]:
    filters, notes = [], []
    for name in FIELDS:
        choices: list[Choice] = []
        for value in values_of(params, name):
            read_ones = read_choices(name, clean(value)) if len(value) <= 500 else ()
            choices += read_ones
            if value.strip() and not read_ones:
                notes.append(
                    _("“%(text)s” was left out: it is not a value we know.") % {"text": clean(value)[:80]}
                )
        if choices:
            filters.append(Filter(name, tuple(dict.fromkeys(choices))[:MAX_CHOICES], origin="param"))
    return tuple(filters), tuple(notes)


def values_of(params: Mapping[str, object], name: str) -> list[str]:
    """All values of a parameter, of a QueryDict or of a plain mapping to a text or a list of texts."""
    getlist = getattr(params, "getlist", None)
    value = getlist(name) if getlist else params.get(name, [])
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def page_number(params: Mapping[str, object]) -> int:
    """The page asked for, from 1; anything that is not a number is the first page."""
    for value in values_of(params, "page"):
        if value.isascii() and value.isdecimal() and len(value) <= 9:
            return min(max(int(value), 1), DEEPEST)
    return 1


def updated_between(code: str, now: datetime | None = None) -> tuple[datetime | None, datetime | None]:
    """The span of time that `<30d`, `>1y`, `<2024-01-31` or `>2024-01-31` stands for: from, until."""
    match = AGE.fullmatch(code)
    if match is None:
        return None, None
    sign, number, unit, day = match.groups()
    if day:
        moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
        return (None, moment) if sign == "<" else (moment + timedelta(days=1), None)
    moment = (now or datetime.now(UTC)) - timedelta(days=int(number) * DAYS[unit])
    return (moment, None) if sign == "<" else (None, moment)
