"""Telling, watching and marking as seen.

`tell` writes one row in the transaction of what happened. After the commit `spread` makes notices of it, in a number of
queries that does not depend on how many watch; what a crash leaves unspread, `manage.py send_notices` takes up.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Exists, F, Min, OuterRef
from django.utils import timezone

from notices import subjects
from notices.models import Event, Notice, Preference, Watch

if TYPE_CHECKING:
    from people.models import User

log = logging.getLogger(__name__)

WHILE = timedelta(hours=1)
MOMENT = 200  # milliseconds
MERGED = frozenset({"edit"})
WATCHED_WHEN_WRITTEN = frozenset({"edit", "create"})
MOST_ADDRESSED = 50
MOST_TIMES_AWAY = 3  # that the database may be away in one run: each time may have been a long wait
INSERT = """
    INSERT INTO {table} (user_id, watch_id, event_id, first_id, kind, count, created)
    {rows} ON CONFLICT DO NOTHING
"""
MOST_NEW = 500
# Asked at every page, where making it from querysets would take longer than the answer. Pages are watched by the
# hundred, other things by the dozen.
STANDING = f"""
    SELECT subject_kind, subject_pk FROM (
        SELECT event.subject_kind, event.subject_pk FROM {Notice._meta.db_table} AS notice
        INNER JOIN {Event._meta.db_table} AS event ON event.id = notice.event_id
        WHERE notice.user_id = %s AND notice.seen_at IS NULL ORDER BY notice.id DESC LIMIT {MOST_NEW}
    ) AS told
    UNION ALL
    SELECT kind || ':' || key, NULL FROM {Watch._meta.db_table}
        WHERE user_id = %s AND NOT stopped AND (kind <> 'article' OR (kind = %s AND key = %s))
"""  # noqa: S608 - the names of our own tables
Key = tuple[str, "str | int"]


def tell(
    kind: str,
    *,
    actor: User | None,
    subject: tuple[str, int],
    url: str = "",
    words: Mapping[str, Any] | None = None,
    to: Mapping[str, Iterable[User | int]] | None = None,
    also: Iterable[Key] = (),
    minor: bool = False,
) -> Event:
    """Note what happened, in its transaction: one query. Who watches the subject is told after the commit.

    `to`: whom it is said to directly, by the kind of their notice: `{"reply": [author], "mention": [7, 9]}`; the
    first kind counts for somebody named twice. Each person gets one notice, and nobody one of their own doing.
    `also`: (kind, key) of further watches that this concerns, beside those the subject names itself. `words`: what
    the sentence needs, as JSON. A minor event is told to nobody but those it is said to.
    """
    addressed: dict[str, str] = {}
    for how, people in (to or {}).items():
        for person in people:
            addressed.setdefault(str(getattr(person, "pk", person)), how)
    event = Event.objects.create(
        kind=kind,
        actor=actor,
        subject_kind=subject[0],
        subject_pk=subject[1],
        url=url,
        words=dict(words or {}),
        addressed=dict(list(addressed.items())[:MOST_ADDRESSED]),
        also=[[how, str(key)] for how, key in also],
        minor=minor,
    )
    afterwards(event)
    return event


def afterwards(event: Event) -> None:
    """Spread an event once it is committed."""
    transaction.on_commit(lambda: spread_quietly(event), robust=True)


def spread_quietly(event: Event) -> None:
    """Spread, without raising to who caused it and without keeping them: `send_notices` takes up what is left."""
    try:
        with impatient():
            spread(event)
    except DatabaseError as error:
        log.warning("Nobody was told of event %s yet: %s. send_notices will.", event.pk, error)


@contextmanager
def impatient() -> Iterator[None]:
    """Wait but a moment for a file that many write to: somebody's answer is held up, and there is no hurry."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {MOMENT}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")


class Spread(NamedTuple):
    """How many events were told, and how many could not be: these wait for the next time."""

    told: int
    failed: int


def spread_waiting(most: int = 1_000) -> Spread:
    """Spread what was left behind, at most so many events. One that cannot be told does not hold up the others.

    It is tried again later and later; a database that is away is no event's fault.
    """
    told = failed = times_away = 0
    for event in Event.objects.to_spread().to_try()[:most]:
        try:
            told += spread(event)
        except OperationalError:
            log.exception("Nobody could be told of event %s now", event.pk)
            failed += 1
            times_away += 1
        except Exception as error:
            log.exception("Nobody could be told of event %s", event.pk)
            failed += 1
            event.failed(error)
        if times_away >= MOST_TIMES_AWAY:
            break
    return Spread(told, failed)


@transaction.atomic
def spread(event: Event) -> bool:
    """Make notices of an event, once: False where somebody did already."""
    if not Event.objects.to_spread().filter(pk=event.pk).update(spread_at=timezone.now(), error=""):
        return False
    _address(event)
    if event.minor:
        return True
    if event.kind in MERGED:
        _move_on(event)
    _tell_watchers(event)
    if event.kind in WATCHED_WHEN_WRITTEN and event.actor is not None:
        watch_mine(event.actor, Watch.Kind.ARTICLE, event.subject_pk)
    return True


def _address(event: Event) -> None:
    """Tell those it is said to."""
    people = [(int(pk), kind) for pk, kind in event.addressed.items() if int(pk) != event.actor_id]
    searches = _searches_of(event)
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=pk,
                event=event,
                first=event,
                kind=kind,
                created=event.created,
                watch_id=searches.get(pk),
            )
            for pk, kind in people
        ],
        ignore_conflicts=True,
    )


def _searches_of(event: Event) -> dict[int, int]:
    """The watched searches or questions that found it, by whose they are: what an e-mail about it can stop."""
    if event.kind not in (Watch.Kind.SEARCH, Watch.Kind.QUESTION):
        return {}
    query = str(event.words.get("query", ""))
    found = Watch.objects.filter(kind=event.kind, key=query, user__in=[int(pk) for pk in event.addressed])
    return dict(found.values_list("user", "pk"))


def _move_on(event: Event) -> None:
    """Let notices of this person's last edits of the same page, which nobody has seen, speak of this one, too."""
    before = Event.objects.filter(
        kind=event.kind,
        actor=event.actor_id,
        subject_kind=event.subject_kind,
        subject_pk=event.subject_pk,
        created__gte=event.created - WHILE,
        pk__lt=event.pk,
    )
    unseen = Notice.objects.unseen().filter(
        event__in=before.order_by().values("pk"), kind=event.kind, letter=None
    )
    # Events that were spread out of order left somebody two, and only one may speak of this event.
    newer = unseen.filter(user=OuterRef("user"), event__gt=OuterRef("event"))
    newest = unseen.exclude(Exists(newer))
    newest.exclude(user__in=[int(pk) for pk in event.addressed]).update(
        event=event, count=F("count") + 1, created=event.created
    )


def _tell_watchers(event: Event) -> None:
    """Tell who watches the subject, in one statement however many they are."""
    known = subjects.subject(event.subject_kind)
    own = known.watched_as(event.subject_pk) if known else [(event.subject_kind, event.subject_pk)]
    keys: list[Key] = [*own, *((kind, key) for kind, key in event.also)]
    if event.actor_id is not None:
        keys.append((Watch.Kind.PERSON, event.actor_id))
    if not keys:
        return  # of something that nobody can watch
    watchers = Watch.objects.on([(kind, str(key)) for kind, key in keys]).filter(user__is_active=True)
    others = watchers.exclude(user=event.actor_id).order_by().values(who=F("user"))
    rows = others.annotate(nearest=Min("pk")).values_list("who", "nearest")
    sql, params = rows.query.sql_with_params()
    told = f"SELECT who, nearest, %s, %s, %s, 1, %s FROM ({sql}) AS watchers WHERE TRUE"  # noqa: S608
    created = connection.ops.adapt_datetimefield_value(event.created)
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT.format(table=Notice._meta.db_table, rows=told),
            [event.pk, event.pk, event.kind, created, *params],
        )


def watch(user: User, kind: str, key: str | int) -> Watch:
    """Begin to watch something; what is watched already stays so.

    A search that was stopped begins anew: what it finds by now is remembered and not told.
    """
    Watch.objects.filter(user=user, kind=kind, key=str(key), stopped=True).update(
        looked_at=None, tries=0, not_before=timezone.now(), error="", set_aside_at=None
    )
    found, _new = Watch.objects.update_or_create(
        user=user, kind=kind, key=str(key), defaults={"stopped": False, "automatic": False}
    )
    return found


def unwatch(user: User, kind: str, key: str | int) -> None:
    """Stop watching something: writing there does not begin it again."""
    Watch.objects.filter(user=user, kind=kind, key=str(key)).update(stopped=True)


def watch_mine(user: User, kind: str, key: str | int) -> None:
    """Watch what somebody writes on, unless they asked not to or stopped watching it before."""
    if Preference.of(user).watch_mine:
        Watch.objects.bulk_create(
            [Watch(user=user, kind=kind, key=str(key), automatic=True)], ignore_conflicts=True
        )


def follow_on(kind: str, old_key: str | int, new_key: str | int) -> None:
    """Let who watches one thing watch another that it became part of, unless they stopped watching that before.

    To be called in the transaction of what happened, before it is told: those who come along hear of it, too.
    """
    along = Watch.objects.on([(kind, str(old_key))]).values_list("user", "automatic")
    Watch.objects.bulk_create(
        [Watch(user_id=user, kind=kind, key=str(new_key), automatic=automatic) for user, automatic in along],
        ignore_conflicts=True,
    )


class Standing(NamedTuple):
    """What somebody's unseen notices are about, of the newest 500, and what they watch: of pages, only one."""

    new: list[tuple[str, int]]
    watched: frozenset[str]

    def watches(self, kind: str, key: str | int) -> bool:
        """Whether they watch it; of pages, only that which was asked for is known."""
        return f"{kind}:{key}" in self.watched


def standing(user: User, kind: str = "", key: str | int = "") -> Standing:
    """What every page asks of a reader, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [user.pk, user.pk, kind, str(key)])
        found = cursor.fetchall()
    watched = frozenset(name for name, pk in found if pk is None)
    return Standing([(name, pk) for name, pk in found if pk is not None], watched)


def see(user: User, kind: str, pk: int) -> int:
    """Mark what somebody was told of a subject as seen, as they have looked at it; returns how many notices."""
    return Notice.objects.filter(user=user, event__subject_kind=kind, event__subject_pk=pk).see()
