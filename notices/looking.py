"""Saved searches: what they find that was not there at the last look, with the rights of whose search it is."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from notices import actions, subjects
from notices.models import Watch
from people.models import User
from search.actions import find
from search.dictionary import dictionary
from search.engines import SearchUnavailable
from search.query import Query

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
MOST_HITS, MOST_KNOWN, MOST_TOLD = 100, 2_000, 20
MOST_SEARCHES = 500


def look() -> int:
    """Look again for searches whose turn it is; returns how many new finds were told. Ends where the search is down."""
    turn = Q(looked_at=None) | Q(looked_at__lt=timezone.now() - EVERY)
    due = Watch.objects.kept().filter(turn, kind=Watch.Kind.SEARCH, user__is_active=True)
    told = 0
    try:
        for watch in due.order_by(F("looked_at").asc(nulls_first=True))[:MOST_SEARCHES]:
            told += look_for(watch)
    except SearchUnavailable as error:
        log.warning("Saved searches wait: %s", error)
    return told


@transaction.atomic
def look_for(watch: Watch) -> int:
    """Tell what one search finds anew. The first look only remembers what is there."""
    reader = User.objects.with_group_ids().select_related("profile__office").get(pk=watch.user_id)
    query = Query.parse(watch.key, {"sort": "newest"}, dictionary=dictionary())
    hits: list[list[Any]] = [[hit.kind, hit.pk] for hit in find(replace(query, size=MOST_HITS), reader)]
    mine = Watch.objects.filter(pk=watch.pk, looked_at=watch.looked_at)
    known = [hit for hit in watch.known if hit not in hits]
    if not mine.update(looked_at=timezone.now(), known=[*hits, *known][:MOST_KNOWN]):
        return 0  # another run did
    fresh = [hit for hit in hits if hit not in watch.known and subjects.subject(hit[0])]
    told = fresh[:MOST_TOLD] if watch.looked_at else []
    for kind, pk in told:
        words = {"query": watch.key}
        actions.tell(
            "search", actor=None, subject=(kind, pk), words=words, to={"search": [reader]}, minor=True
        )
    return len(told)
