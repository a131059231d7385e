"""Saved searches: what they find that was not there at the last look, with the rights of whose search it is."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from notices import actions, subjects
from notices.models import Watch
from people.models import User
from search.actions import find
from search.dictionary import dictionary
from search.engines import SearchUnavailable, engine
from search.query import Query

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
MOST_HITS, MOST_KNOWN, MOST_TOLD = 100, 2_000, 20
MOST_SEARCHES = 500


def look() -> int:
    """Look again for searches whose turn it is; returns how many new finds were told.

    A search that cannot be asked does not hold up the others, and is tried again later and later. Where the engine or
    the database is away, all wait.
    """
    turn = Q(looked_at=None) | Q(looked_at__lt=timezone.now() - EVERY)
    due = Watch.objects.kept().to_try().filter(turn, kind=Watch.Kind.SEARCH, user__is_active=True)
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
        log.warning("Saved searches wait: %s", error)
        return False
    return True


def look_for(watch: Watch) -> int:
    """Tell what one search finds anew. The first look only remembers what is there."""
    reader = User.objects.with_group_ids().select_related("profile__office").get(pk=watch.user_id)
    query = Query.parse(watch.key, {"sort": "newest"}, dictionary=dictionary())
    # The engine may take its time: nobody's writing waits for it.
    return note(watch, reader, [[hit.kind, hit.pk] for hit in find(replace(query, size=MOST_HITS), reader)])


@transaction.atomic
def note(watch: Watch, reader: User, hits: list[list[Any]]) -> int:
    """Remember what a search found, and tell its owner what is new; returns how much that is."""
    mine = Watch.objects.kept().filter(pk=watch.pk, looked_at=watch.looked_at)
    known = [hit for hit in watch.known if hit not in hits]
    if not mine.update(looked_at=timezone.now(), known=[*hits, *known][:MOST_KNOWN], tries=0, error=""):
        return 0  # another run did, or it was stopped
    fresh = [
        (found, pk)
        for kind, pk in hits
        if [kind, pk] not in watch.known and (found := subjects.found_as(kind))
    ]
    told = fresh[:MOST_TOLD] if watch.looked_at else []
    for subject, pk in told:
        actions.tell(
            "search",
            actor=None,
            subject=(subject.kind, pk),
            words={"query": watch.key},
            to={"search": [reader]},
            minor=True,
        )
    return len(told)
