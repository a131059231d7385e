"""The words of a question that name nothing known: the search engine looks for them, in one request."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from people.conditions import Words
from people.models import Profile, User
from people.searchables import KIND
from search import actions
from search.engines import SearchUnavailable
from search.grammar import Choice, Filter, write
from search.query import Query
from search.results import Hit, Results

log = logging.getLogger(__name__)

MOST_FOUND = 500  # people whom the search names
PEOPLE = Filter("kind", (Choice(KIND),), origin="param")


def look_for(left: Query, reader: User) -> tuple[Words, list[str]]:
    """The words left over with the people whom the search finds for them, and notes on how they were looked for."""
    said = write(left.parts)
    text = said.rstrip(" \u00a0?!…") or said  # a question ends with a mark; it is not looked for
    plain = _plain(left)
    try:
        found = actions.exactly(_query(text).matching(filters=(PEOPLE,)), reader, MOST_FOUND)
    except SearchUnavailable as error:
        log.warning("The directory looks for names and job titles alone: %s", error)
        note = _("The search is being repaired: “%(text)s” was looked for in names and job titles only.")
        return Words.asked(text, plain, {}), [note % {"text": text}]
    if found.similar:
        return _spelled_otherwise(Words.asked(text, plain, {}), found)
    return Words.asked(text, plain, _reasons(found)), []


def _spelled_otherwise(words: Words, found: Results) -> tuple[Words, list[str]]:
    """What the search found for other spellings, said as such; nothing of it where names or titles have the words."""
    if not found.suggestion or Profile.objects.filter(words.named).exists():
        return words, []
    meant = Words.asked(
        found.suggestion, _plain(_query(found.suggestion)), _reasons(found), typed=words.plain
    )
    note = _("“%(text)s” stands on no profile. Words spelled like it were looked for: “%(meant)s”.")
    return meant, [note % {"text": words.text, "meant": meant.text}]


def _query(text: str) -> Query:
    return Query.parse(text, {"plain": "1"}, facets=())


def _plain(query: Query) -> str:
    return " ".join(word.text for word in query.words)


def _reasons(found: Results) -> dict[int, str]:
    return {hit.pk: _why(hit) for hit in found}


def _why(hit: Hit) -> str:
    """Where the words stand: the fact that has them, or the line around them."""
    if hit.why:
        return str(hit.why[0])
    return "".join(segment.text for segment in hit.snippet)[:120]
