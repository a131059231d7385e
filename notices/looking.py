"""Watched searches and questions to the directory: what they find that was not there at the last look.

Each is asked with the rights of whose it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone, translation

from notices import actions, holding, questions, subjects
from notices.models import Notice, SearchMatch, Watch
from people.models import User
from search.actions import keys
from search.engines import SearchUnavailable, engine
from search.entries import Key
from search.sources import sources

log = logging.getLogger(__name__)
Finder = Callable[[int, Collection[Key]], list[Key]]  # at most so many, without those that are known

EVERY = timedelta(hours=1)
MOST_SEARCHES = 500
MOST_TOLD = 20  # at one look; the rest is told at the next ones
BATCH = 500  # of what is there at the first look, and the most that is looked for as somebody waits
ASKED = (Watch.Kind.SEARCH, Watch.Kind.QUESTION)
MOST_KNOWN = 10_000  # of one search: one that finds more is too wide to be watched


def look() -> int:
    """Look again for searches whose turn it is; returns how many new finds were told.

    A search that cannot be asked does not hold up the others, and is tried again later and later. Where the engine or
    the database is away, all wait.
    """
    turn = Q(looked_at=None) | Q(looked_at__lt=timezone.now() - EVERY)
    due = Watch.objects.kept().to_try().filter(turn, kind__in=ASKED, user__is_active=True)
    told = 0
    for watch in due.order_by(F("looked_at").asc(nulls_first=True))[:MOST_SEARCHES]:
        try:
            told += look_for(watch)
        except OperationalError as error:
            log.warning("Saved searches wait: %s", error)
            break
        except Exception as error:
            log.exception("The saved search %s could not be asked", watch.pk)
            if isinstance(error, SearchUnavailable) and not answers():
                break
            watch.failed(error)
    return told


def answers() -> bool:
    """Whether the engine is there at all."""
    try:
        engine().check()
    except SearchUnavailable as error:
        log.warning("The search does not answer: %s", error)
        return False
    return True


def begin(watch: Watch) -> None:
    """Remember at once what a search finds as it begins to be watched, so that whatever comes next is told.

    One that finds more than is asked for in one go, or that cannot be asked now, has its first look at the next run.
    """
    if watch.kind not in ASKED or watch.looked_at is not None:
        return
    try:
        reader = reader_of(watch)
        found = finder_of(watch, reader)(BATCH, remembered(watch))
        if len(found) < BATCH:
            note(watch, reader, found, ())
    except Exception:
        log.warning("The search %s is looked at by the next run", watch.pk, exc_info=True)


def reader_of(watch: Watch) -> User:
    """Whose search it is, with all that says what they may read."""
    return User.objects.with_group_ids().select_related("profile__office").get(pk=watch.user_id)


def look_for(watch: Watch) -> int:
    """Tell what one search finds anew, each thing once. The first look only remembers what is there."""
    reader = reader_of(watch)
    finder = finder_of(watch, reader)
    known = remembered(watch)
    # The engine may take its time: nobody's writing waits for it.
    found = everything(finder, known) if watch.looked_at is None else anew(finder, known)
    gone = holding.lost(Notice.objects.unseen().filter(watch=watch).with_all(), reader)
    return note(watch, reader, found, gone)


def finder_of(watch: Watch, reader: User) -> Finder:
    """How a watch is asked: a question of the directory, a search of the engine."""
    if watch.kind == Watch.Kind.QUESTION:
        return lambda most, known: questions.keys(watch.key, reader, most, known)
    query = holding.asked(watch.key)
    return lambda most, known: keys(query, reader, most, but=known)


def remembered(watch: Watch) -> list[Key]:
    """What a search found until now. Where no more fits, what is gone from the wiki makes room."""
    if too_wide([watch.pk]):
        forget_gone(watch)
    return [Key(*found) for found in watch.matches.values_list("kind", "row")]


def forget_gone(watch: Watch) -> None:
    """Forget finds that nobody can find any more. One that comes back is told as new."""
    for known in sources():
        there = known.queryset().order_by().values("pk")
        watch.matches.filter(kind=known.kind).exclude(row__in=there).delete()


def too_wide(watches: Iterable[int]) -> set[int]:
    """Those of these searches, by primary key, that found as much as can be remembered: they tell nothing more."""
    matches = SearchMatch.objects.filter(watch__in=list(watches)).order_by().values("watch")
    full = matches.annotate(known=Count("pk")).filter(known__gte=MOST_KNOWN)
    return set(full.values_list("watch", flat=True))


def everything(finder: Finder, known: Collection[Key]) -> list[Key]:
    """All that meets a search and is not known, as far as so much can be remembered."""
    found: list[Key] = []
    while len(known) + len(found) < MOST_KNOWN:
        some = finder(BATCH, [*known, *found])
        if not some:
            break
        found += some
    return found


def anew(finder: Finder, known: Collection[Key]) -> list[Key]:
    """What meets a search and is not known, as much as is told at once."""
    return finder(MOST_TOLD, known) if len(known) < MOST_KNOWN else []


@transaction.atomic
def note(watch: Watch, reader: User, found: Iterable[Key], gone: Iterable[Notice]) -> int:
    """Remember what a search found, and tell its owner what is new; returns how much that is.

    Notices of what it finds no longer wait for nobody.
    """
    mine, now = Watch.objects.kept().filter(pk=watch.pk, looked_at=watch.looked_at), timezone.now()
    if not mine.update(looked_at=now, tries=0, error=""):
        return 0  # another run did, or it was stopped
    about = {key: subjects.found_as(key.kind) if watch.looked_at else None for key in found}
    SearchMatch.objects.bulk_create(
        SearchMatch(watch=watch, kind=key.kind, row=key.pk, told_at=now if subject else None)
        for key, subject in about.items()
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in gone]).see()
    told = [(subject.kind, key.pk) for key, subject in about.items() if subject]
    words = words_of(watch, reader) if told else {}
    for subject in told:
        actions.tell(
            watch.kind, actor=None, subject=subject, words=words, to={watch.kind: [reader]}, minor=True
        )
    return len(told)


def words_of(watch: Watch, reader: User) -> dict[str, str]:
    """What the sentence of a find needs; that of a question to the directory says it as people would."""
    if watch.kind != Watch.Kind.QUESTION:
        return {"query": watch.key}
    with translation.override(reader.letters_in):
        return {"query": watch.key, "said": questions.said(watch.key, reader)}
