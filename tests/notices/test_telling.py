"""What happened becomes notices: for whom it is, once, in few queries, and never of one's own doing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices import actions, subjects
from notices.actions import afterwards  # the real one: in these tests another stands in its place
from notices.models import MOST_TRIES, Event, Notice, Watch
from people.models import User
from tests.factories import UserFactory
from tests.notices.conftest import is_watching

pytestmark = pytest.mark.django_db


def told(user: User) -> list[tuple[str, int]]:
    """Return the kinds of somebody's notices and how many happenings each stands for."""
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", "count"))


def edit(actor: User, pk: int = 5, **more: object) -> Event:
    return actions.tell("edit", actor=actor, subject=("article", pk), **more)


def test_who_watches_is_told_and_who_did_it_is_not(rosa, samuel):
    for person in (rosa, samuel):
        actions.watch(person, "article", 5)
    edit(rosa)
    assert (told(rosa), told(samuel)) == ([], [("edit", 1)])


def test_who_stopped_watching_is_not_told(rosa, samuel):
    actions.watch(samuel, "article", 5)
    actions.unwatch(samuel, "article", 5)
    edit(rosa)
    assert told(samuel) == []


def test_one_who_watches_in_three_ways_and_is_mentioned_is_told_once(rosa, samuel):
    actions.watch(samuel, "article", 5)
    actions.watch(samuel, "person", rosa.pk)
    actions.watch(samuel, "tag", 9)
    edit(rosa, also=[("tag", 9)], to={"mention": [samuel], "reply": [samuel.pk]})
    assert told(samuel) == [("mention", 1)]


def test_a_minor_edit_is_told_only_to_those_it_names(rosa, samuel):
    other = UserFactory()
    for person in (samuel, other):
        actions.watch(person, "article", 5)
    edit(rosa, minor=True, to={"mention": [samuel]})
    assert (told(samuel), told(other)) == ([("mention", 1)], [])


def test_many_edits_by_one_person_are_one_notice_until_it_is_seen(rosa, samuel):
    actions.watch(samuel, "article", 5)
    for _ in range(3):
        edit(rosa)
    assert told(samuel) == [("edit", 3)]
    notice = Notice.objects.get(user=samuel)
    assert notice.first_id < notice.event_id
    Notice.objects.filter(user=samuel).see()
    edit(rosa)
    assert told(samuel) == [("edit", 3), ("edit", 1)]


def test_edits_by_two_people_and_of_two_pages_stay_apart(rosa, samuel):
    actions.watch(samuel, "article", 5)
    actions.watch(samuel, "article", 6)
    for actor, pk in ((rosa, 5), (UserFactory(), 5), (rosa, 6)):
        edit(actor, pk)
    assert told(samuel) == [("edit", 1)] * 3


def test_an_event_is_spread_once(rosa, samuel):
    actions.watch(samuel, "article", 5)
    event = edit(rosa)
    assert not actions.spread(event)
    assert told(samuel) == [("edit", 1)]


def test_what_a_crash_left_unspread_is_spread_later(rosa, samuel, monkeypatch):
    actions.watch(samuel, "article", 5)
    monkeypatch.setattr(actions, "afterwards", lambda event: None)
    edit(rosa)
    assert told(samuel) == []
    assert actions.spread_waiting() == (1, 0)
    assert told(samuel) == [("edit", 1)]


def test_events_spread_out_of_order_do_not_stop_the_next_one(rosa, samuel, monkeypatch):
    actions.watch(samuel, "article", 5)
    monkeypatch.setattr(actions, "afterwards", lambda event: None)
    first, second = edit(rosa), edit(rosa)
    assert actions.spread(second)
    assert actions.spread(first)
    monkeypatch.setattr(actions, "afterwards", actions.spread)
    third = edit(rosa)
    fourth = edit(rosa)
    assert told(samuel) == [("edit", 3), ("edit", 1)]
    assert set(Notice.objects.values_list("event", flat=True)) == {first.pk, fourth.pk}
    assert not Notice.objects.filter(event=third).exists()


def test_an_event_that_cannot_be_told_does_not_hold_up_the_others(rosa, samuel, monkeypatch, caplog):
    actions.watch(samuel, "article", 6)
    monkeypatch.setattr(actions, "afterwards", lambda event: None)
    odd, good = edit(rosa), edit(rosa, 6)
    usual = actions.spread

    def broken(event: Event) -> bool:
        if event.pk == odd.pk:
            raise IntegrityError("odd")
        return usual(event)

    monkeypatch.setattr(actions, "spread", broken)
    assert actions.spread_waiting(most=2) == (1, 1)
    assert Notice.objects.get(user=samuel).event_id == good.pk
    assert f"event {odd.pk}" in caplog.text
    monkeypatch.setattr(actions, "spread", usual)
    assert actions.spread_waiting() == (0, 0)  # it rests
    Event.objects.update(not_before=timezone.now())
    assert actions.spread_waiting() == (1, 0)
    assert not Event.objects.troubled().exists()


def test_an_event_that_always_fails_is_tried_later_and_later_and_set_aside_in_the_end(rosa, monkeypatch):
    monkeypatch.setattr(actions, "afterwards", lambda event: None)
    odd, tries = edit(rosa), []

    def broken(event: Event) -> bool:
        tries.append(event.pk)
        raise IntegrityError("odd")

    monkeypatch.setattr(actions, "spread", broken)
    for _ in range(20):
        actions.spread_waiting()
    odd.refresh_from_db()
    assert (tries, odd.tries, odd.error) == ([odd.pk], 1, "IntegrityError: odd")
    for _ in range(20):
        Event.objects.update(not_before=timezone.now())
        actions.spread_waiting()
    assert len(tries) == MOST_TRIES
    assert Event.objects.set_aside().get() == odd


def test_a_database_that_is_away_is_not_asked_for_every_event(rosa, monkeypatch):
    monkeypatch.setattr(actions, "afterwards", lambda event: None)
    for pk in range(10):
        edit(rosa, pk)

    def away(_event: Event) -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "spread", away)
    assert actions.spread_waiting() == (0, 3)


def test_telling_two_thousand_takes_as_many_queries_as_telling_two(rosa):
    taken = []
    for number in (2, 2_000):
        people = User.objects.bulk_create(
            User(username=f"many{number}-{n}", email=f"{number}-{n}@ministry.example") for n in range(number)
        )
        Watch.objects.bulk_create(Watch(user=who, kind="article", key=str(number)) for who in people)
        with CaptureQueriesContext(connection) as captured:
            edit(rosa, number)
        taken.append(len(captured))
        assert Notice.objects.filter(event__subject_pk=number).count() == number
    assert taken[0] == taken[1] <= 12


def test_telling_itself_is_one_query(rosa, monkeypatch):
    monkeypatch.setattr(actions, "afterwards", lambda event: None)
    with CaptureQueriesContext(connection) as captured:
        edit(rosa, to={"mention": [7, 8, 9]}, also=[("tag", 3)])
    assert len(captured) == 1


def test_a_page_one_writes_on_is_watched_until_one_stops(rosa):
    edit(rosa)
    assert is_watching(rosa, "article", 5)
    actions.unwatch(rosa, "article", 5)
    edit(rosa)
    assert not is_watching(rosa, "article", 5)


def test_nobody_is_told_before_the_commit_and_a_trouble_then_is_nobodys(
    rosa, samuel, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(actions, "afterwards", afterwards)
    actions.watch(samuel, "article", 5)
    with django_capture_on_commit_callbacks(execute=True):
        edit(rosa)
        assert told(samuel) == []
    assert told(samuel) == [("edit", 1)]

    def busy(_event: Event) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "spread", busy)
    with django_capture_on_commit_callbacks(execute=True):
        edit(rosa, 6)
    assert Event.objects.to_spread().count() == 1


def test_who_watches_what_becomes_part_of_another_thing_watches_that(rosa, samuel):
    keen, other = UserFactory(), UserFactory()
    for person in (rosa, samuel, keen):
        actions.watch(person, "article", 5)
    actions.watch(other, "tag", 5)
    actions.unwatch(rosa, "article", 5)
    actions.watch(keen, "article", 6)
    actions.unwatch(keen, "article", 6)
    for _ in range(2):
        actions.follow_on("article", 5, 6)
    assert is_watching(samuel, "article", 5)
    watching = [who.username for who in (rosa, samuel, keen, other) if is_watching(who, "article", 6)]
    assert watching == [samuel.username]


def test_what_nobody_can_watch_is_told_only_to_those_it_names(samuel, monkeypatch):
    class Unwatched(subjects.Subject):
        kind = "unwatched"

        def watched_as(self, pk: int) -> list[tuple[str, int]]:
            return []

    monkeypatch.setattr(subjects, "subject", lambda kind: Unwatched())
    actions.tell("report", actor=None, subject=("unwatched", 5), to={"mention": [samuel]})
    assert told(samuel) == [("mention", 1)]
    assert not Event.objects.filter(spread_at=None).exists()
