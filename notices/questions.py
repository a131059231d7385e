"""Watched questions to the directory: their names, and whom they find.

A question is kept as the query string of the directory's page and read by the same reader. Whom it finds is asked of
the database with the rights of whose watch it is: a fact that they may not read neither makes nor unmakes an alert.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from notices.models import LONGEST_KEY
from notices.subjects import Shown
from people import finding
from people.models import Profile
from people.searchables import KIND
from search.engines import SearchUnavailable
from search.entries import Key

if TYPE_CHECKING:
    from people.models import User
    from people.question import Question


def asked(key: str, reader: User) -> Question:
    """A watched question, as the directory reads it now."""
    return finding.asked(QueryDict(key), reader)


def is_whole(question: Question, key: str) -> bool:
    """Whether all that was asked is still understood: without a part that is gone it would find many more."""
    return question.narrows and question.address == key


def said(key: str, reader: User) -> str:
    """Whom a question asks for, in words; or what of it nobody knows any more. Empty where it asks nothing."""
    question = asked(key, reader)
    return question.name if is_whole(question, key) else " ".join(question.notes)


def named(keys: Collection[str], reader: User) -> dict[str, Shown]:
    """Questions by their sentences."""
    directory = reverse("people:directory")
    sentences = {key: said(key, reader) for key in keys if 0 < len(key) <= LONGEST_KEY}
    return {key: Shown(sentence, f"{directory}?{key}") for key, sentence in sentences.items() if sentence}


def people(key: str, reader: User) -> QuerySet[Profile]:
    """The colleagues of today who meet a question for its reader, but for themselves. Raises SearchUnavailable.

    Nobody meets one that is no longer understood as a whole.
    """
    question = asked(key, reader)
    if not question.answered:
        raise SearchUnavailable("The words of a question to the directory cannot be looked for.")
    if not is_whole(question, key):
        return Profile.objects.none()
    return finding.matching(question, reader).exclude(user=reader.pk)


def keys(key: str, reader: User, most: int, but: Collection[Key] = ()) -> list[Key]:
    """Who meets a question, best first, at most so many, without those that are known. Raises SearchUnavailable."""
    found = people(key, reader).exclude(pk__in=[one.pk for one in but])
    return [Key(KIND, pk) for pk in found.values_list("pk", flat=True)[:most]]


def meeting(key: str, some: Collection[Key], reader: User) -> set[Key]:
    """Those of some colleagues who meet a question at this moment. Raises SearchUnavailable."""
    found = people(key, reader).order_by().filter(pk__in=[one.pk for one in some])
    return {Key(KIND, pk) for pk in found.values_list("pk", flat=True)}
