"""Rebuild, verify, repair, status and the search command."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from people.models import User
from search import actions, outbox, upkeep
from search.engines import Engine
from search.entries import Entry
from search.models import Outbox
from search.query import Query
from tests.search.samples import Notes, note, reader

pytestmark = pytest.mark.django_db


def run(*command: str) -> str:
    """Run a command; give back what it said."""
    out = io.StringIO()
    call_command(*command, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def put(engine: Engine, *entries: Entry) -> None:
    """Write behind the database's back."""
    with engine.writing(wait=5) as writer:
        writer.put(list(entries), force=True)


def spoil(engine: Engine, source: Notes) -> None:
    """Delete 10 entries, alter 10 (the readers of half of them), and add 10 ghosts."""
    entries = sorted(source.entries(), key=lambda entry: entry.pk)
    with engine.writing(wait=5) as writer:
        writer.remove({entry.key: 1 for entry in entries[:10]})
    put(engine, *(replace(entry, body="altered", version=99) for entry in entries[10:15]))
    put(engine, *(replace(entry, readers=frozenset({"g:1", "all"})) for entry in entries[15:20]))
    put(engine, *(replace(entry, pk=entry.pk + 10_000) for entry in entries[20:30]))


def during_fill(change: Callable[[], None]) -> Any:
    """Patch a rebuild so that something changes while the new index is filled."""
    fill = upkeep._fill

    def changing(*args: Any) -> None:
        fill(*args)
        change()

    return mock.patch.object(upkeep, "_fill", changing)


def test_a_rebuild_indexes_all_and_settles_the_outbox(empty_engine: Engine, notes: Notes) -> None:
    rows = [note(f"Visa {n}") for n in range(7)]
    outbox.enqueue("note", *(row.pk for row in rows))
    assert "note: 7 indexed" in run("rebuild_search", "--quiet")
    assert not Outbox.objects.waiting().exists()
    assert actions.find(Query.parse("visa"), reader()).total == 7


def test_edits_deletes_and_restrictions_during_a_rebuild_are_in_it(
    empty_engine: Engine, notes: Notes
) -> None:
    edited, restricted, deleted = note("Visa"), note("Zorblax"), note("Gone")
    added: list[Group] = []
    upkeep.rebuild()

    def change() -> None:
        Group.objects.filter(pk=edited.pk).update(name="Permit|all|text")
        Group.objects.filter(pk=restricted.pk).update(name="Zorblax|g:7|text")
        added.append(note("Added"))
        outbox.enqueue("note", edited.pk, restricted.pk, added[0].pk)
        outbox.drain()  # reaches the old index; the rebuild must not forget it
        deleted_pk = deleted.pk
        deleted.delete()
        outbox.enqueue("note", deleted_pk)

    with during_fill(change):
        done = upkeep.rebuild()
    assert done.replayed == 4
    stored = {item.key.pk: item for item in empty_engine.stored()}
    assert set(stored) == {edited.pk, restricted.pk, added[0].pk}
    assert stored[restricted.pk].readers == {"g:7"}
    assert not upkeep.verify().different
    assert not Outbox.objects.waiting().exists()


def test_a_clock_put_back_during_a_rebuild_hides_no_change_from_it(
    empty_engine: Engine, notes: Notes
) -> None:
    edited, other = note("Visa"), note("Other")
    outbox.enqueue("note", other.pk)
    outbox.drain()
    before = time.time_ns() - 2 * 86_400 * 10**9

    def change() -> None:
        with mock.patch("search.outbox.time.time_ns", return_value=before):
            Group.objects.filter(pk=edited.pk).update(name="Permit|all|text")
            outbox.enqueue("note", edited.pk)
            outbox.drain()

    with during_fill(change):
        upkeep.rebuild()
    assert not upkeep.verify().different
    assert actions.find(Query.parse("permit"), reader()).total == 1


def test_a_rebuild_gives_entries_the_versions_of_their_changes(empty_engine: Engine, notes: Notes) -> None:
    changed, never = note("Visa"), note("Other")
    outbox.enqueue("note", changed.pk)
    upkeep.rebuild()
    stored = {item.key.pk: item.version for item in empty_engine.stored()}
    assert stored == {changed.pk: Outbox.objects.get().version, never.pk: outbox.FIRST}


def test_a_change_just_before_the_swap_is_in_the_new_index(empty_engine: Engine, notes: Notes) -> None:
    row = note("Visa")
    replay, late = upkeep._replay, [row]

    def replay_then_change(*args: Any) -> int:
        done = replay(*args)
        if late:
            Group.objects.filter(pk=late.pop().pk).update(name="Permit|all|text")
            outbox.enqueue("note", row.pk)
            outbox.drain()  # the old index has it; only the last replay can bring it into the new one
        return done

    with mock.patch.object(upkeep, "_replay", replay_then_change):
        upkeep.rebuild()
    assert [hit.name for hit in actions.find(Query.parse("permit"), reader())] == ["Permit"]


def test_a_rebuild_that_dies_leaves_the_index_in_use(empty_engine: Engine, notes: Notes) -> None:
    note("Visa")
    upkeep.rebuild()

    def die() -> None:
        raise ZeroDivisionError

    with during_fill(die), pytest.raises(ZeroDivisionError):
        upkeep.rebuild()
    assert actions.find(Query.parse("visa"), reader()).total == 1


def test_poison_does_not_stop_a_rebuild(empty_engine: Engine, notes: Notes) -> None:
    note("Visa")
    bad = note("Bad", body="poison")
    done = upkeep.rebuild()
    assert (done.counts["note"], [failure.key.pk for failure in done.failures]) == (1, [bad.pk])
    assert Outbox.objects.waiting().get().object_id == bad.pk


def test_verify_finds_exactly_what_differs_and_repairs_it(empty_engine: Engine, notes: Notes) -> None:
    for number in range(40):
        note(f"Note {number}")
    upkeep.rebuild()
    assert "0 entries differ" in run("verify_search")
    spoil(empty_engine, notes)
    found = upkeep.verify()
    assert [len(keys) for keys in (found.missing, found.ghosts, found.stale, found.readers)] == [10, 10, 5, 5]
    with pytest.raises(CommandError, match="30 entries differ"):
        run("verify_search")
    said = run("verify_search", "--repair")
    assert "note: 40 expected, 40 indexed" in said
    assert "30 repaired" in said
    assert "0 entries differ" in run("verify_search")


def test_verify_without_an_index_says_what_to_do(settings: Any, tmp_path: Any, notes: Notes) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"
    with pytest.raises(CommandError, match="rebuild_search"):
        run("verify_search")
    with pytest.raises(CommandError, match="rebuild_search"):
        run("search_status")


def test_status_shows_what_waits_and_why(empty_engine: Engine, notes: Notes) -> None:
    outbox.enqueue("note", note("Bad", body="poison").pk)
    outbox.drain()
    said = run("search_status")
    assert "outbox: 1 waiting" in said
    assert "poisonous note" in said
    assert "0 entries" in said


def test_the_search_command_answers_as_somebody(empty_engine: Engine, notes: Notes, outsider: User) -> None:
    note("Visa policy", body="travel papers")
    note("Visa secret", "g:7")
    upkeep.rebuild()
    answer = json.loads(run("search", "visa", "--as", outsider.username, "--json"))
    assert answer["total"] == 1
    assert answer["hits"][0]["title"] == "Visa policy"
    assert "[Visa]" in run("search", "travel", "visa") or "Visa policy" in run("search", "travel", "visa")
    with pytest.raises(CommandError, match="no active user"):
        run("search", "visa", "--as", "nobody-at-all")
