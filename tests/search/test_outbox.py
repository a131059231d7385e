"""From a change in the database to the engine: nothing lost, nothing early, nobody held up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from search import actions, outbox, signals
from search.engines import Engine, SearchUnavailable, engine_at
from search.models import MOST_TRIES, Outbox
from search.query import Query
from tests.search.samples import Notes, note, reader

pytestmark = pytest.mark.django_db
Capture = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


def found(text: str, *principals: str) -> list[str]:
    """Titles that a reader finds."""
    return [hit.name for hit in actions.find(Query.parse(text), reader(*principals))]


def clock_off(days: int) -> Any:
    """A clock of the machine that is some days off."""
    off = time.time_ns() + days * 86_400 * 10**9
    return mock.patch("search.outbox.time.time_ns", return_value=off)


def indexed(engine: Engine) -> set[int]:
    """What the engine holds, the outbox left aside."""
    return {item.key.pk for item in engine.stored()}


def test_a_change_is_findable_after_the_commit(
    empty_engine: Engine, notes: Notes, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = note("Visa")
        outbox.enqueue("note", row.pk)
        assert indexed(empty_engine) == set()
    assert indexed(empty_engine) == {row.pk}
    assert not Outbox.objects.waiting().exists()


@pytest.mark.parametrize("days", [-2, 2])
def test_a_clock_that_jumps_never_makes_a_newer_change_the_older(
    empty_engine: Engine, notes: Notes, days: int
) -> None:
    row = note("Visa")
    versions = []
    for off, title in ((0, "Visa"), (days, "Permit"), (0, "Pass")):
        with clock_off(off):
            Group.objects.filter(pk=row.pk).update(name=f"{title}|all|text")
            outbox.enqueue("note", row.pk)
            outbox.drain()
        versions.append(Outbox.objects.get().version)
        assert found(title) == [title]
        assert {item.version for item in empty_engine.stored()} == {versions[-1]}
    assert versions == sorted(set(versions))


def test_a_change_of_another_thing_is_no_older_either(notes: Notes) -> None:
    outbox.enqueue("note", 1)
    with clock_off(-2):
        outbox.enqueue("note", 2)
    first, second = Outbox.objects.order_by("object_id")
    assert second.version >= first.version


def test_a_row_that_a_fast_clock_put_off_is_not_put_off_for_days(notes: Notes) -> None:
    outbox.enqueue("note", note("Visa").pk)
    Outbox.objects.update(not_before=timezone.now() + timedelta(days=2))
    assert Outbox.objects.due().exists()


def test_what_waits_is_as_old_as_its_first_change(empty_engine: Engine, notes: Notes) -> None:
    row = note("Visa")
    outbox.enqueue("note", row.pk)
    first = Outbox.objects.get().created
    outbox.enqueue("note", row.pk)
    assert Outbox.objects.get().created == first
    outbox.drain()
    outbox.enqueue("note", row.pk)
    assert Outbox.objects.get().created > first


def test_a_change_rolled_back_leaves_nothing(empty_engine: Engine, notes: Notes) -> None:
    with transaction.atomic():
        outbox.enqueue("note", note("Visa").pk)
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_many_changes_of_one_thing_are_one_row(empty_engine: Engine, notes: Notes) -> None:
    row = note("Visa")
    for _ in range(5):
        outbox.enqueue("note", row.pk)
    assert Outbox.objects.count() == 1
    assert outbox.drain() == 1
    row.name = "Permit|all|text"
    row.save()
    outbox.enqueue("note", row.pk)
    assert Outbox.objects.waiting().count() == Outbox.objects.count() == 1
    assert found("permit") == ["Permit"]


def test_what_is_no_longer_searchable_is_removed(empty_engine: Engine, notes: Notes) -> None:
    first, second = note("Visa one"), note("Visa two")
    outbox.enqueue("note", first.pk, second.pk)
    outbox.drain()
    Group.objects.filter(pk=first.pk).update(name="no note any more")
    second_pk = second.pk
    second.delete()
    outbox.enqueue("note", first.pk, second_pk, removed=True)
    outbox.drain()
    assert indexed(empty_engine) == set()


def test_a_change_during_the_drain_is_not_taken_for_applied(empty_engine: Engine, notes: Notes) -> None:
    row = note("Visa")
    outbox.enqueue("note", row.pk)
    settle = outbox.settle

    def settle_late(rows: Iterable[Outbox]) -> int:
        if row.name.startswith("Visa"):
            row.name = "Permit|all|text"
            row.save()
            outbox.enqueue("note", row.pk)
        return settle(rows)

    with mock.patch.object(outbox, "settle", settle_late):
        outbox.drain()
    assert [item.title for item in notes.entries([row.pk])] == found("permit") == ["Permit"]
    assert not Outbox.objects.waiting().exists()


def test_poison_is_set_aside_visibly_and_holds_up_nobody(empty_engine: Engine, notes: Notes) -> None:
    good, bad = note("Visa"), note("Bad", body="poison")
    outbox.enqueue("note", good.pk, bad.pk)
    assert outbox.drain() == 1
    row = Outbox.objects.waiting().get()
    assert (row.object_id, row.tries) == (bad.pk, 1)
    assert "poisonous note" in row.error
    assert row.not_before is not None
    assert row.not_before > timezone.now()
    for _ in range(MOST_TRIES):
        Outbox.objects.update(not_before=None)
        outbox.drain()
    assert Outbox.objects.set_aside().get().object_id == bad.pk
    Group.objects.filter(pk=bad.pk).update(name="Bad|all|healed")
    assert Outbox.objects.set_aside().retry() == 1
    outbox.drain()
    assert indexed(empty_engine) == {good.pk, bad.pk}


def test_waiting_grows_with_each_failure(empty_engine: Engine, notes: Notes) -> None:
    outbox.enqueue("note", note("Bad", body="poison").pk)
    waits = []
    for _ in range(4):
        Outbox.objects.update(not_before=None)
        outbox.drain()
        row = Outbox.objects.get()
        assert row.not_before is not None
        waits.append((row.not_before - timezone.now()).total_seconds())
    assert waits == sorted(waits)
    assert waits[-1] > 2 * waits[0]


def test_a_stuck_engine_costs_the_saver_nothing(
    empty_engine: Engine, notes: Notes, django_capture_on_commit_callbacks: Capture
) -> None:
    with empty_engine.writing(), django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue("note", note("Visa").pk)
    assert Outbox.objects.waiting().count() == 1
    assert found("visa") == ["Visa"]


def test_an_engine_that_is_down_is_not_told_to_the_saver(
    settings: Any, tmp_path: Any, notes: Notes, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue("note", note("Visa").pk)
    row = Outbox.objects.waiting().get()
    assert row.tries == 0
    with pytest.raises(SearchUnavailable):
        outbox.drain()
    with engine_at(settings.SEARCH_URL).rebuild() as new, new.swapping():
        pass
    assert found("visa") == ["Visa"]


def test_a_tightening_that_waits_is_already_in_force(empty_engine: Engine, notes: Notes) -> None:
    row = note("Zorblax", "all", "zorblax text")
    outbox.enqueue("note", row.pk)
    assert found("zorblax") == ["Zorblax"]
    with empty_engine.writing():
        Group.objects.filter(pk=row.pk).update(name="Zorblax|g:7|zorblax text")
        outbox.enqueue("note", row.pk)
        results = actions.find(Query.parse("zorblax"), reader())
        assert (results.total, len(results)) == (0, 0)
        assert not any(value.count for facet in results.facets for value in facet.values)
        assert actions.suggest("zorb", reader()) == []
    assert found("zorblax", "g:7") == ["Zorblax"]


def test_each_hit_is_asked_of_the_database_again(empty_engine: Engine, notes: Notes) -> None:
    row = note("Zorblax")
    outbox.enqueue("note", row.pk)
    assert found("zorblax") == ["Zorblax"]
    Group.objects.filter(pk=row.pk).update(name="Zorblax|g:7|text")
    assert found("zorblax") == []
    assert actions.suggest("zorb", reader()) == []


def test_too_much_waiting_is_an_engine_that_is_down(empty_engine: Engine, notes: Notes) -> None:
    with mock.patch.object(outbox, "PENDING_BOUND", 2), empty_engine.writing():
        outbox.enqueue("note", *(note(f"Visa {n}").pk for n in range(4)))
        with pytest.raises(SearchUnavailable, match="rebuild_search"):
            actions.find(Query.parse("visa"), reader())


def test_held_changes_wait_for_who_holds_them(
    empty_engine: Engine, notes: Notes, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True), outbox.held():
        outbox.enqueue("note", note("Visa").pk)
    assert Outbox.objects.waiting().count() == 1


def test_a_followed_source_reaches_the_outbox_by_itself(empty_engine: Engine, notes: Notes) -> None:
    signals.follow(notes)
    try:
        row = note("Visa")
        assert found("visa") == ["Visa"]
        row.delete()
        assert Outbox.objects.waiting().count() == 1
        assert found("visa") == []
    finally:
        for wire in signals._wires(notes, rows=True):
            wire.signal.disconnect(sender=wire.sender, dispatch_uid=wire.name)
