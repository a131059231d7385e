"""Reading what was asked of the directory: a text in the words of every day, and the parameters of the form.

The text is read by the search's own reader (`search.questions`), as a question about people; what it understood
becomes conditions here, which the database answers. What is left of it is looked for by the search engine, which is
asked once, or twice where it finds more people than it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

from django.http import QueryDict
from django.utils.translation import gettext as _

from people import ilr
from people.conditions import (
    AnyOf,
    Available,
    Called,
    Condition,
    HasSkill,
    Knows,
    Not,
    Served,
    Speaks,
    StartsWith,
    Words,
    WorksIn,
    options_of,
)
from people.conditions.facts import ASK, MENTOR
from people.conditions.languages import LEAST
from people.hearing import LANGUAGES, LONGEST, PLACES, hear, may_be_a_name, respelled
from people.left_over import look_for, looser
from people.models import Post, Profile, Region, User
from people.models.profiles import AVAILABLE_FOR
from people.names import fold
from people.naming import Names
from people.question import AND, MOST_PARTS, OR, RECORDS, Question, first
from people.searchables import KIND
from people.years import ANY, Years, written, year
from search.cues import GLUE
from search.grammar import Choice, Filter, read
from search.signs import plain

MOST_ASKED = 6  # conditions of one sort
MOST_LOOKED_UP = 2 * MOST_PARTS  # names of a text: those of speaking and of reading may be one condition
AT_LEAST = re.compile(r"(.+)>=([1-3])")


def asked(params: QueryDict, reader: User) -> Question:
    """What an address asks. What cannot be understood is left out, with a note; it never fails.

    `q` is a text, or with `plain=1` words that stand for themselves; the rest is what the form chose.
    """
    question = _Asking(params, reader).question()
    return question if params.get("plain") else _respelled(question, params, reader)


def _respelled(question: Question, params: QueryDict, reader: User) -> Question:
    """The same where words that nobody has on the profile are a slip for a language: then that is asked for."""
    unknown = [one for one in question.read if isinstance(one, Words) and one.looked_for and one.unknown]
    text = respelled(question.text, [word for one in unknown for word in (one.typed or one.plain).split()])
    if not text or any(Profile.objects.filter(one.named).exists() for one in unknown):
        return question
    again = params.copy()
    again["q"] = text
    meant = _Asking(again, reader).question()
    if any(isinstance(one, Words) for one in meant.read):
        return question
    said = _("“%(typed)s” stands on no profile: it was read as “%(meant)s”.")
    note = said % {"typed": question.text, "meant": text}
    return replace(meant, text=question.text, notes=(*meant.notes, note))


class _Asking:
    """The reading of one address."""

    def __init__(self, params: QueryDict, reader: User) -> None:
        self.params, self.reader = params, reader
        self.notes: list[str] = []
        heard = hear(self._one("q", LONGEST + 1), plain=bool(params.get("plain")))
        filters, unread = first(MOST_LOOKED_UP, heard.filters, _choices)
        also = (one for text in self._texts("also") for one in read(text).filters)
        self.also, more_unread = first(MOST_LOOKED_UP, also, _choices)
        self.heard, self.unread = replace(heard, filters=tuple(filters)), [*unread, *more_unread]
        filters = [*self.heard.filters, *(one for group in self.heard.either for one in group), *self.also]
        self.names = Names(
            [*self._texts("lang"), *_codes(filters, LANGUAGES)],
            [
                *(written(text)[0] for name in ("served", "now", "at") for text in self._texts(name)),
                *_codes(filters, (*PLACES, "region")),
            ],
            reader,
        )

    def question(self) -> Question:
        chosen = tuple(self._chosen())
        read, called, understood = self._read(chosen)
        return Question(
            read=tuple(read),
            chosen=chosen,
            notes=(*self.heard.notes, *dict.fromkeys(self.notes)),
            records=self.params.get("who") == RECORDS,
            text=self.heard.text,
            understood=understood,
            called=called,
        ).bounded(self.unread)

    # -- the text -----------------------------------------------------------------------------------------------

    def _read(self, chosen: tuple[Condition, ...]) -> tuple[list[Condition], Called | None, bool]:
        """The conditions of the text, the same words as a name, and whether more than words was understood."""
        heard = self.heard
        named = heard.understood and may_be_a_name(heard.text)
        called = Called((("name", heard.text[:80]),), heard.text[:80]) if named else None
        if called and " " in heard.text and Profile.objects.filter(called.names).exists():
            return [called], None, False
        either = [option for group in heard.either for option in self._spoken(group)]
        conditions = [*([_any(either)] if either else []), *self._of_filters(heard.filters)]
        if heard.left.parts:
            conditions += self._words(
                Question(tuple(conditions), chosen, records=self.params.get("who") == RECORDS)
            )
        return conditions, called, heard.understood and bool(conditions)

    def _words(self, rest: Question) -> list[Words]:
        """The words left over; where nobody who meets the rest has them all, fewer of them."""
        heard = self.heard
        words, notes = look_for(heard.left, heard.filters, self.reader)
        found: list[Words] = [words]
        if not heard.exact and words.looked_for:
            found, notes = looser(words, notes, heard, rest, self.reader)
        self.notes += notes
        left = {*map(plain, heard.left.parts)} - {"", *GLUE}
        for said, name in pairwise(map(plain, read(heard.text).parts)):
            if said in ("speak", "speaks") and name in left:
                self.notes.append(_("We know no language called “%(text)s”.") % {"text": name.capitalize()})
        return found

    # -- filters of the text, and of `also` ----------------------------------------------------------------------

    def _of_filters(self, filters: Iterable[Filter]) -> list[Condition]:
        filters = list(filters)
        rest = [one for one in filters if one.field not in LANGUAGES or one.negated]
        conditions = list(self._spoken(one for one in filters if one not in rest))
        return conditions + [one for chosen in rest if (one := self._of_filter(chosen)) is not None]

    def _spoken(self, filters: Iterable[Filter]) -> Iterator[Condition]:
        """Languages: what is asked of speaking and of reading the same ones is one, but where either will do."""
        levels: dict[tuple[str, ...], dict[str, dict[str, int]]] = {}
        for one in filters:
            if one.field == "lang" and (one.origin == "words" or any(choice.level for choice in one.choices)):
                skills = (replace(one, field=name) for name in ("speaks", "reads"))
                if options := [option for skill in skills for option in self._options(skill)]:
                    yield _any(options)
                continue
            of_field = levels.setdefault(one.codes, {}).setdefault(one.field, {})
            least = 0 if one.field == "lang" else LEAST
            for choice in one.choices:
                of_field[choice.code] = max(of_field.get(choice.code, 0), choice.level, least)
        for codes, asked_for in levels.items():
            options = [
                option
                for code in codes
                if (
                    option := self._speaks(
                        code,
                        max(asked_for.get(name, {}).get(code, 0) for name in ("speaks", "lang")),
                        asked_for.get("reads", {}).get(code, 0),
                    )
                )
            ]
            if options:
                yield _any(options)

    def _options(self, chosen: Filter) -> list[Condition]:
        return [option for one in self._spoken([chosen]) for option in options_of(one)]

    def _speaks(self, text: str, speaking: int, reading: int) -> Speaks | None:
        known = self.names.language(text)
        if known is None:
            if text:
                self.notes.append(_("We know no language called “%(text)s”.") % {"text": text})
            return None
        language, varieties = known
        levels = (("speaks", ilr.label(speaking)), ("reads", ilr.label(reading)))
        return Speaks(
            (("lang", language.code), *levels, ("join", AND)), language, speaking, reading, varieties
        )

    def _of_filter(self, one: Filter) -> Condition | None:
        """One filter as a condition: any of its choices, or none of them."""
        if one.field == "kind" and one.codes == (KIND,):
            return None
        make = self._makers.get(one.field)
        if make is None:
            self.notes.append(_("“%(text)s” asks for pages. The search finds them.") % {"text": one})
            return None
        options = [option for choice in one.choices for option in make(self, one, choice)]
        if not options:
            self._unknown(", ".join(one.codes))
            return None
        found = options[0] if len(options) == 1 else AnyOf((("also", str(one)),), tuple(options))
        return Not((("also", str(one)),), replace(found, params=())) if one.negated else found

    def _filter_language(self, one: Filter, choice: Choice) -> list[Condition]:
        least = choice.level or (0 if one.field == "lang" else LEAST)
        reading = one.field == "reads"
        option = self._speaks(choice.code, 0 if reading else least, least if reading else 0)
        return [option] if option else []

    def _filter_place(self, one: Filter, choice: Choice) -> list[Condition]:
        name = "served" if one.field == "post" else one.field
        if self.heard.when != ANY and one.origin == "words" and not one.negated:
            return [_then(place, self.heard.when) for place in self.names.places(choice.code)]
        return [
            Served(((name, _address(place)),), place, now=one.field == "now", here=one.field == "at")
            for place in self.names.places(choice.code)
        ]

    def _filter_region(self, one: Filter, choice: Choice) -> list[Condition]:
        """A region known; read from words also one where somebody served."""
        from_words = one.origin == "words"
        name = "knows" if from_words else "region"
        return [
            Knows(((name, _leveled(place.slug, choice.level)),), place, choice.level, or_served=from_words)
            for place in self.names.places(choice.code)
            if not isinstance(place, Post)
        ]

    def _filter_skill(self, _one: Filter, choice: Choice) -> list[Condition]:
        return self._skill(_leveled(choice.code, choice.level))

    def _filter_office(self, one: Filter, choice: Choice) -> list[Condition]:
        """An office; words ask for one by who leads it."""
        return self._office(choice.code, led=one.origin == "words")

    def _filter_available(self, _one: Filter, choice: Choice) -> list[Condition]:
        return self._available(choice.code)

    _makers: dict[str, Callable[[_Asking, Filter, Choice], list[Condition]]] = {
        **dict.fromkeys(LANGUAGES, _filter_language),
        **dict.fromkeys(PLACES, _filter_place),
        "region": _filter_region,
        "knows": _filter_region,
        "skill": _filter_skill,
        "office": _filter_office,
        "available": _filter_available,
    }

    # -- the form ------------------------------------------------------------------------------------------------

    def _chosen(self) -> Iterator[Condition]:
        yield from self._rows()
        for name, make in (
            ("served", self._served),
            ("at", self._at),
            ("now", self._now),
            ("region", self._knows),
            ("knows", self._knows_or_served),
            ("skill", self._skill),
            ("ask", self._ask),
            ("mentor", self._mentor),
            ("office", self._office),
        ):
            yield from self._each(name, make)
        for what in AVAILABLE_FOR:
            if what in self.params.getlist("available"):
                yield from self._available(what)
        yield from self._of_filters(self.also)
        if name := self._one("name", 80):
            yield Called((("name", name),), name)
        letter = fold(self._one("letter", 1))[:1]
        if letter.isalpha():
            yield StartsWith((("letter", letter),), letter)

    def _one(self, name: str, longest: int) -> str:
        return self.params.get(name, "").replace("\x00", " ").strip()[:longest]

    def _texts(self, name: str) -> list[str]:
        return [text.replace("\x00", "").strip()[:120] for text in self.params.getlist(name)][:MOST_ASKED]

    def _unknown(self, text: str) -> None:
        self.notes.append(_("We know nothing called “%(text)s” here.") % {"text": text})

    def _rows(self) -> Iterator[Condition]:
        """The languages of the form, line by line, each joined to the one before by "and" or "or"."""
        groups: list[list[Condition]] = []
        lines = zip_longest(
            *(self._texts(name) for name in ("lang", "speaks", "reads", "join")), fillvalue=""
        )
        for text, speaks, reads, join in lines:
            option = self._speaks(text, _level(speaks), _level(reads))
            if option and join == OR and groups:
                groups[-1].append(option)
            elif option:
                groups.append([option])
        yield from map(_any, groups)

    def _each(self, name: str, make: Callable[[str], list[Condition]]) -> Iterator[Condition]:
        for text in dict.fromkeys(filter(None, self._texts(name))):
            if name == "now" and text == "1":
                continue
            conditions = make(text)
            if not conditions:
                self._unknown(text)
            yield from conditions

    def _served(self, text: str) -> list[Condition]:
        if self.params.get("now") == "1":
            return self._now(text)
        place, when = self._in_years(text)
        if place is None:
            return []
        return [_then(place, when)]

    def _in_years(self, text: str) -> tuple[Post | Region | None, Years]:
        """The place of a text such as "Kabul 2015-2019", and its years; else those of the form."""
        name, when = written(text)
        place = self.names.place(name) if name != text else None
        if place:
            return place, when
        return self.names.place(text), Years(year(self._one("from", 4)), year(self._one("until", 4)))

    def _now(self, text: str) -> list[Condition]:
        place = self.names.place(written(text)[0])
        return [Served((("now", _address(place)),), place, now=True)] if place else []

    def _at(self, text: str) -> list[Condition]:
        place = self.names.place(text)
        return [Served((("at", _address(place)),), place, here=True)] if place else []

    def _knows(self, text: str, *, or_served: bool = False) -> list[Condition]:
        text, depth = _at_least(text)
        region = self.names.region(text)
        name = "knows" if or_served else "region"
        params = ((name, _leveled(region.slug, depth)),) if region else ()
        return [Knows(params, region, depth, or_served=or_served)] if region else []

    def _knows_or_served(self, text: str) -> list[Condition]:
        return self._knows(text, or_served=True)

    def _skill(self, text: str, ready: str = "") -> list[Condition]:
        tag, level = self.names.skill(text), 0
        if tag is None:
            text, level = _at_least(text)
            tag = self.names.skill(text) if level else None
        params = ((ready or "skill", _leveled(tag.slug, level)),) if tag else ()
        return [HasSkill(params, tag, level, ready)] if tag else []

    def _ask(self, text: str) -> list[Condition]:
        return self._skill(text, ASK)

    def _mentor(self, text: str) -> list[Condition]:
        return self._skill(text, MENTOR)

    def _office(self, text: str, *, led: bool = False) -> list[Condition]:
        office = self.names.office(text)
        return [WorksIn((("office", office.slug),), office, led)] if office else []

    def _available(self, what: str) -> list[Condition]:
        return [Available((("available", what),), what)] if what in AVAILABLE_FOR else []


def _any(options: Sequence[Condition]) -> Condition:
    """One of several languages is enough: their lines of the form, joined by "or"."""
    if len(options) == 1:
        return options[0]
    joined = [options[0], *(replace(one, params=(*one.params[:-1], ("join", OR))) for one in options[1:])]
    return AnyOf(tuple(pair for one in joined for pair in one.params), tuple(options))


def _codes(filters: Iterable[Filter], fields: tuple[str, ...]) -> list[str]:
    return [code for one in filters if one.field in fields for code in one.codes]


def _choices(one: Filter) -> int:
    return len(one.choices)


def _level(text: str) -> int:
    return ilr.LABELS.index(text) if text in ilr.LABELS else ilr.LOWEST


def _leveled(code: str, level: int) -> str:
    return f"{code}>={level}" if level else code


def _at_least(text: str) -> tuple[str, int]:
    match = AT_LEAST.fullmatch(text)
    return (match[1], int(match[2])) if match else (text, 0)


def _then(place: Post | Region, when: Years) -> Served:
    """Somebody served there in some of these years."""
    address = f"{_address(place)} {when}" if when != ANY else _address(place)
    return Served((("served", address),), place, since=when.since, until=when.until)


def _address(place: Post | Region) -> str:
    """How a place is written in an address; a country that shares its name with a post by its code."""
    return place.code if isinstance(place, Region) and place.kind == Region.Kind.COUNTRY else place.slug
