"""What a colleague has read: noted seldom, in batches, and told to nobody else.

A page asks for a note only where there is something to note: the first time, when it has changed since, and once a
month so that what is still read is not forgotten. Notes wait here a moment and are written many at once; those of a
process that dies are lost, and the page asks again.
"""

from __future__ import annotations

import datetime
import logging
import threading
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from diplopedia.models import Article, Edit, Presence, Reading
from diplopedia.models.presence import LASTS
from notices.models import Notice, Watch
from people.models import User

log = logging.getLogger(__name__)

AGAIN_AFTER = datetime.timedelta(days=30)
MOST_WAITING = 500
# Asked at every view of an article, where making it from querysets would take longer than all the rest: up to which
# revision somebody knows an article, how many came later, whether that is noted, who else writes at it now, whether
# they watch it, whether anything waits for them.
AROUND = f"""
    WITH note AS (
        SELECT number, read_at FROM {Reading._meta.db_table} WHERE user_id = %(reader)s AND article_id = %(article)s
    ), known AS (
        SELECT number FROM note UNION ALL
        SELECT MAX(number) FROM {Edit._meta.db_table} WHERE article_id = %(article)s AND author_id = %(reader)s
    ), seen AS (SELECT COALESCE(MAX(number), 0) AS number FROM known)
    SELECT seen.number,
        (SELECT COUNT(*) FROM {Edit._meta.db_table} WHERE article_id = %(article)s AND number > seen.number),
        EXISTS (SELECT 1 FROM note WHERE number >= %(latest)s AND read_at > %(lately)s),
        EXISTS (
            SELECT 1 FROM {Presence._meta.db_table} AS opened
            INNER JOIN {User._meta.db_table} AS writer ON writer.id = opened.user_id
            WHERE opened.article_id = %(article)s AND opened.user_id <> %(reader)s
                AND opened.seen > %(alive)s AND writer.is_active
        ),
        EXISTS (
            SELECT 1 FROM {Watch._meta.db_table}
            WHERE user_id = %(reader)s AND kind = '{Watch.Kind.ARTICLE.value}' AND key = %(watched)s AND NOT stopped
        ),
        EXISTS (SELECT 1 FROM {Notice._meta.db_table} WHERE user_id = %(reader)s AND seen_at IS NULL)
    FROM seen
"""  # noqa: S608 - the names of our own tables


class Around(NamedTuple):
    """What stands around a kept page for one reader: what they read of it, and how many edits others made since.

    `number`: up to which revision they read it, 0 for never. `note`: whether to note that they read it now.
    `writing`: whether others write at it now. `watching`: whether they watch it. `anything_new`: whether notices wait.
    """

    number: int
    edits: int
    note: bool
    writing: bool
    watching: bool
    anything_new: bool


class Earlier(NamedTuple):
    """Which revision somebody read, and when."""

    number: int
    read_at: datetime.datetime


def around(article: int, latest: int, reader: User) -> Around:
    """Return what is this reader's alone around an article, all in one query. Ask first who may read it.

    Their own edits count as read.
    """
    now, moment = timezone.now(), connection.ops.adapt_datetimefield_value
    known: dict[str, Any] = {
        "article": article,
        "watched": str(article),
        "latest": latest,
        "reader": reader.pk,
        "lately": moment(now - AGAIN_AFTER),
        "alive": moment(now - LASTS),
    }
    with connection.cursor() as cursor:
        cursor.execute(AROUND, known)
        seen, later, noted, writing, watching, anything_new = cursor.fetchone()
    return Around(seen, later if seen else 0, not noted, bool(writing), bool(watching), bool(anything_new))


def last_of(page: Article, reader: User) -> Earlier | None:
    """Return which revision this reader read last."""
    row = Reading.objects.filter(user=reader.pk, article=page).values_list("number", "read_at").first()
    return Earlier(*row) if row else None


class Notes:
    """Notes that wait to be written: the newest of each reader and article, written together after a moment."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: dict[tuple[int, int], int] = {}
        self.timer: threading.Timer | None = None

    def add(self, user: int, article: int, number: int) -> None:
        """Note that somebody read an article up to this revision."""
        with self.lock:
            if len(self.waiting) < MOST_WAITING:
                self.waiting[user, article] = max(number, self.waiting.get((user, article), 0))
            begin = self.timer is None and settings.READINGS_WAIT > 0
            if begin:
                self.timer = threading.Timer(settings.READINGS_WAIT, self.write_and_close)
                self.timer.daemon = True
                self.timer.start()
        if settings.READINGS_WAIT <= 0:
            self.write()

    def write(self) -> None:
        """Write what waits, in two queries. What the database refuses is not worth keeping: the page asks again."""
        with self.lock:
            notes, self.waiting, self.timer = self.waiting, {}, None
        try:
            write(notes)
        except DatabaseError as error:
            log.warning("%d notes of what was read are lost: %s", len(notes), error)

    def write_and_close(self) -> None:
        """Write in a thread of its own, whose connection nobody else uses."""
        try:
            self.write()
        finally:
            connections.close_all()


def write(notes: dict[tuple[int, int], int]) -> None:
    """Write notes; none goes back behind what was read already."""
    users, articles = {user for user, _article in notes}, {article for _user, article in notes}
    there = Reading.objects.filter(user__in=users, article__in=articles)
    known = {
        (user, article): number for user, article, number in there.values_list("user", "article", "number")
    }
    now = timezone.now()
    rows = [
        Reading(
            user_id=user, article_id=article, number=max(number, known.get((user, article), 0)), read_at=now
        )
        for (user, article), number in notes.items()
    ]
    Reading.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "article"], update_fields=["number", "read_at"]
    )


def forget(before: datetime.datetime) -> int:
    """Take away what was read before a moment and not since; return how many notes that were."""
    return Reading.objects.filter(read_at__lt=before).delete()[0]


notes = Notes()
