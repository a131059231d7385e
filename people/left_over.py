"""The words of a question that name nothing known: the search engine looks for them in one request.

Where nobody has them all, a second one asks which of them somebody has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from people.conditions import Called, Words
from people.hearing import LANGUAGES, Heard
from people.models import Profile, User
from people.models.profiles import ProfileQuerySet
from people.question import Question
from people.searchables import KIND
from search import actions, weights
from search.engines import SearchUnavailable
from search.grammar import Choice, Filter, Part, write
from search.query import Query
from search.results import Hit, Results
from search.signs import plain
from search.widening import any_of, says_where, wanted

log = logging.getLogger(__name__)

MOST_FOUND = 500  # people whom the search names
NARROWING = (*LANGUAGES, "skill", "available")  # what the search and the database take for the same
MOST_TRIED = 8  # words looked for one by one
SHORTEST_RESPELLED = 5
PEOPLE = Filter("kind", (Choice(KIND),), origin="param")


def look_for(left: Query, filters: Iterable[Filter], reader: User) -> tuple[Words, list[str]]:
    """The words left over with the people whom the search finds for them, and notes on how they were looked for.

    `filters` are what else the text asks.
    """
    said = write(left.parts)
    text = said.rstrip(" \u00a0?!…") or said  # a question ends with a mark; it is not looked for
    plain = _plain(left)
    query = _people(_query(text), filters)
    try:
        found = actions.exactly(query, reader, MOST_FOUND)
    except SearchUnavailable as error:
        log.warning("The directory looks for names and job titles alone: %s", error)
        note = _("The search is being repaired: “%(text)s” was looked for in names and job titles only.")
        return replace(Words.asked(text, plain, {}), looked_for=False), [note % {"text": text}]
    if found.similar:
        words, notes = _spelled_otherwise(Words.asked(text, plain, {}), found)
    elif not found.total and found.suggestion:
        words, notes = _named_otherwise(Words.asked(text, plain, {}), found.suggestion)
    else:
        words, notes = Words.asked(text, plain, Reasons(found)), []
    return words, [*notes, *_cut(query, found)]


def looser(
    words: Words, notes: list[str], heard: Heard, rest: Question, reader: User
) -> tuple[list[Words], list[str]]:
    """The words if somebody has them who meets the `rest`, else fewer of them, with notes that say so.

    A place that nobody knows asks for what nobody has: no less of it is the same question.
    """
    people = rest.meeting(reader)
    if _meant(words, heard) and _somebody_has(words, people, reader):
        return [words], notes
    parts = heard.left.parts
    cut = bool(notes) and not words.typed
    meant_exactly = cut or not all(map(plain, parts)) or says_where(heard.text, heard.left.parts)
    if meant_exactly or len(parts) > MOST_TRIED or not people.exists():
        return [words], notes
    if not heard.understood:
        return ([words], notes) if rest.conditions else _some(words, notes, heard, reader)
    if len(parts) == 1:
        return [], [_none_has(parts[0])]
    try:
        return _those_that_fit(heard, people, reader)
    except SearchUnavailable as error:
        log.warning("The directory asks for all words together: %s", error)
        return [words], notes


def _somebody_has(words: Words, people: ProfileQuerySet, reader: User) -> bool:
    """Whether one of these people has the words; the names of all are read only where nobody found is one of them."""
    found = people.filter(pk__in=list(words.why)) if words.why else people.none()
    return found.exists() or people.filter(words.test(reader)).exists()


def _meant(words: Words, heard: Heard) -> bool:
    """Whether words may be another spelling of those typed: of short ones beside a question they are not."""
    typed = words.typed.split() if heard.understood else []
    return all(len(word) >= SHORTEST_RESPELLED for word in typed)


def _those_that_fit(heard: Heard, people: ProfileQuerySet, reader: User) -> tuple[list[Words], list[str]]:
    """Word by word those that somebody of these people has; a note says which nobody has.

    Each is looked for by itself, all in one request; who has several is among those found for each. Raises
    SearchUnavailable.
    """
    parts: list[Part] = []
    kept: list[Results] = []
    notes: list[str] = []
    asked = [_people(_query(str(part)), heard.filters) for part in heard.left.parts]
    each = actions.exactly_each(asked, reader, MOST_FOUND)
    for part, query, found in zip(heard.left.parts, asked, each, strict=True):
        cut = _cut(query, found)
        if _somebody_has(_together([*parts, part], [*kept, found]), people, reader):
            parts.append(part)
            kept.append(found)
            notes += cut
        else:
            notes += cut or [_none_has(part)]
    return [_together(parts, kept)] if parts else [], notes


def _together(parts: Sequence[Part], found: Sequence[Results]) -> Words:
    """All of these parts, each of which was found for itself."""
    text = write(parts)
    return Words.asked(text, _plain(_query(text)), Reasons(*found))


def _none_has(part: Part) -> str:
    """That nobody has a word who has the rest."""
    return _("No profile of these has “%(word)s”.") % {"word": str(part).strip(",;:?!.")}


def _some(words: Words, notes: list[str], heard: Heard, reader: User) -> tuple[list[Words], list[str]]:
    """Who has some of the words, those with most of them first."""
    asked = wanted(heard.left.parts)
    if not asked:
        return [words], notes
    parts = (any_of(asked),) if len(asked) > 1 else asked
    fewer, more = look_for(heard.left.matching(parts=parts), (), reader)
    if fewer.typed or not fewer.why:
        return [words], notes
    said = _("No profile has all of “%(words)s”: these have some of it.") % {"words": words.said}
    return [fewer], [said, *more]


def _people(query: Query, filters: Iterable[Filter]) -> Query:
    """The query for people: those first who meet what else was asked. The others are wanted, for near matches."""
    known = [one for one in filters if one.field in NARROWING and one.origin == "words" and not one.negated]
    return query.matching(filters=(PEOPLE,), favoured=tuple(known))


def _cut(query: Query, found: Results) -> list[str]:
    """That the words stand on more profiles than were named, unless all were that may fit."""
    if found.total <= MOST_FOUND or not found:
        return []
    if query.favoured and found[-1].score < weights.FAVOURED:
        return []
    note = _("“%(text)s” stands on %(total)s profiles. Only the %(most)s that fit best were looked at.")
    said = {"total": number_format(found.total), "most": number_format(MOST_FOUND)}
    return [note % {"text": write(query.parts), **said}]


def _spelled_otherwise(words: Words, found: Results) -> tuple[Words, list[str]]:
    """What the search found for other spellings, said as such; nothing of it where names or titles have the words."""
    if not found.suggestion or Profile.objects.filter(words.named).exists():
        return words, []
    meant = Words.asked(found.suggestion, _plain(_query(found.suggestion)), Reasons(found), typed=words.plain)
    note = _("“%(text)s” stands on no profile. Words spelled like it were looked for: “%(meant)s”.")
    return meant, [note % {"text": words.text, "meant": meant.text}]


def _named_otherwise(words: Words, meant: str) -> tuple[Words, list[str]]:
    """Who is called as another spelling says, where nothing else has it: a nickname, and a surname with a slip."""
    plain = _plain(_query(meant))
    if not Profile.objects.filter(Called((), plain).names).exists():
        return words, []
    note = _("“%(text)s” stands on no profile. Words spelled like it were looked for: “%(meant)s”.")
    return Words.asked(meant, plain, {}, typed=words.plain), [note % {"text": words.text, "meant": meant}]


def _query(text: str) -> Query:
    return Query.parse(text, facets=())


def _plain(query: Query) -> str:
    return " ".join(word.text for word in query.words)


class Reasons(Mapping[int, str]):
    """For each profile that was found, for all of several words, where these stand.

    That is the fact that has the words, or the line around them. It is looked for when somebody is shown.
    """

    def __init__(self, *found: Results) -> None:
        first, *others = ({key.pk: make for key, make in one.makers.items()} for one in found)
        self._makers = {
            pk: [make, *(other[pk] for other in others)]
            for pk, make in first.items()
            if all(pk in other for other in others)
        }

    def __getitem__(self, pk: int) -> str:
        return "; ".join(dict.fromkeys(_where(make()) for make in self._makers[pk]))

    def __iter__(self) -> Iterator[int]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _where(hit: Hit) -> str:
    return str(hit.why[0]) if hit.why else "".join(segment.text for segment in hit.snippet)[:120]
