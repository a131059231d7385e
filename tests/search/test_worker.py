"""The worker: one at a time, taken over when it dies, patient with the engine, and never in the way of who saves."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from search import actions, background, leases, outbox, worker
from search.background import Background
from search.engines import Engine, SearchUnavailable
from search.models import Lease, Outbox
from search.query import Query
from search.worker import Worker
from tests import database
from tests.search.samples import Notes, note, reader

ROOT = Path(__file__).resolve().parents[2]
Capture = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


@pytest.fixture(autouse=True)
def by_worker(settings: Settings) -> None:
    """Who saves leaves it to the worker."""
    settings.SEARCH_DRAIN = "worker"


@pytest.fixture
def down() -> Iterator[None]:
    """An engine that cannot be written."""
    with mock.patch.object(outbox, "engine", side_effect=SearchUnavailable("down")):
        yield


def total(text: str) -> int:
    """How much a reader finds."""
    return actions.find(Query.parse(text), reader()).total


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 120
    while not true():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.05)


# -- processes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers; what they say is in `<number>.log`."""
    running: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "DATABASE_URL": database.url(),
        "SEARCH_URL": settings.SEARCH_URL,
        "SEARCH_DRAIN": "worker",
        "DATA_DIR": str(tmp_path / "data"),
        "LOG_LEVEL": "INFO",
        "DJANGO_SETTINGS_MODULE": "diplopedia.settings.dev",
    }

    def one() -> subprocess.Popen[bytes]:
        with (tmp_path / f"{len(running)}.log").open("wb") as said:
            command = [sys.executable, "-m", "tests.search.worker_process", "--poll", "0.05"]
            running.append(
                subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT)
            )
        return running[-1]

    yield one
    for process in running:
        process.kill()
        process.wait()


def change(first: int, last: int) -> None:
    """Save notes of these numbers, each in a transaction of its own."""
    for number in range(first, last):
        with transaction.atomic():
            outbox.enqueue("note", note(f"Visa {number}").pk)


def applied(log: Path) -> int:
    """How many changes a worker says it applied."""
    return sum(int(n) for n in re.findall(r"(\d+) of \d+ changes applied", log.read_text()))


@pytest.mark.django_db(transaction=True)
def test_a_worker_applies_what_is_saved_and_ends_when_told(
    empty_engine: Engine, notes: Notes, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    process = start()
    change(0, 3)
    wait_until(lambda: not Outbox.objects.waiting().exists())
    assert total("visa") == 3
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0
    lease = Lease.objects.get()
    assert lease.until is None
    assert lease.seen_at is not None
    assert "has ended" in (tmp_path / "0.log").read_text()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_works_and_the_other_takes_over_when_it_is_killed(
    empty_engine: Engine, notes: Notes, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    workers = [start(), start()]
    change(0, 150)
    logs = [tmp_path / "0.log", tmp_path / "1.log"]
    wait_until(lambda: sum(map(applied, logs)) >= 150)
    assert sorted(applied(log) for log in logs) == [0, 150]
    first = max((0, 1), key=lambda number: applied(logs[number]))
    workers[first].kill()
    workers[first].wait()
    change(150, 170)
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))  # nobody renews it any more
    wait_until(lambda: sum(map(applied, logs)) >= 170)
    assert total("visa") == 170
    assert sum(map(applied, logs)) == 170


# -- one worker -----------------------------------------------------------------------------------------------------

ours = pytest.mark.django_db


@ours
def test_who_saves_and_who_searches_leave_it_to_the_worker(
    empty_engine: Engine, notes: Notes, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        outbox.enqueue("note", note("Visa").pk)
    assert callbacks == []
    assert total("visa") == 0
    assert Outbox.objects.waiting().count() == 1
    assert outbox.drain() == 1
    assert total("visa") == 1


@ours
def test_an_engine_that_is_away_costs_no_row_a_try(notes: Notes, down: None) -> None:
    outbox.enqueue("note", note("Visa").pk)
    one = Worker()
    pauses = [one._batch() for _ in range(12)]
    assert 0 < pauses[0] <= background.FIRST_PAUSE
    assert background.LONGEST_PAUSE / 2 <= pauses[-1] <= background.LONGEST_PAUSE
    row = Outbox.objects.get()
    assert (row.tries, row.not_before, row.set_aside_at) == (0, None, None)


@ours
def test_a_worker_goes_on_when_the_engine_is_back(empty_engine: Engine, notes: Notes) -> None:
    outbox.enqueue("note", note("Visa").pk)
    one = Worker()
    with mock.patch.object(outbox, "engine", side_effect=SearchUnavailable("down")):
        assert one._batch() > 0
    assert one._batch() == 0
    assert one.failures == 0
    assert total("visa") == 1
    assert one._batch() == one.poll


@ours
def test_two_who_wait_do_not_come_back_together() -> None:
    assert len({background.pause_after(5) for _ in range(10)}) > 1


@ours
def test_poison_alone_counts_tries(empty_engine: Engine, notes: Notes) -> None:
    bad = note("Bad", body="poison")
    outbox.enqueue("note", bad.pk, *(note(f"Visa {number}").pk for number in range(20)))
    assert Worker()._batch() == 0
    assert total("visa") == 20
    row = Outbox.objects.waiting().get()
    assert (row.object_id, row.tries) == (bad.pk, 1)


@ours
def test_a_database_that_fails_costs_no_row_a_try(empty_engine: Engine, notes: Notes) -> None:
    outbox.enqueue("note", note("Visa").pk)
    with (
        mock.patch.object(Notes, "entries", side_effect=OperationalError("the database is locked")),
        pytest.raises(OperationalError),
    ):
        outbox.apply_batch()
    assert Outbox.objects.get().tries == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("connection already closed")])
def test_a_worker_outlives_a_restart_of_the_database(
    empty_engine: Engine, notes: Notes, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    outbox.enqueue("note", note("Visa").pk)
    one = Worker(poll=0.01)
    failures = [error, error]
    serve = one._serve

    def failing(held: leases.Held) -> None:
        connection.close()
        if failures:
            raise failures.pop()
        one.stop()
        assert one._batch() == 0
        serve(held)

    monkeypatch.setattr(one, "_serve", failing)
    one.run()
    assert total("visa") == 1


@ours
def test_a_batch_that_was_begun_is_finished_before_the_end(empty_engine: Engine, notes: Notes) -> None:
    outbox.enqueue("note", note("Visa").pk)
    one = Worker()
    apply_batch = outbox.apply_batch

    def told_in_the_middle(wait: float) -> outbox.Batch:
        one.stop()
        return apply_batch(wait)

    with mock.patch.object(outbox, "apply_batch", told_in_the_middle):
        one.run()
    assert total("visa") == 1
    assert Lease.objects.get().until is None


@ours
def test_a_worker_whose_lease_was_taken_leaves_the_rows_to_the_other(notes: Notes) -> None:
    outbox.enqueue("note", note("Visa").pk)
    with leases.holding() as held:
        assert held
        held.renewed -= Lease.LENGTH.total_seconds() + 1
        with mock.patch.object(outbox, "apply_batch") as apply_batch:
            Worker()._serve(held)
    apply_batch.assert_not_called()


@ours
def test_what_waits_is_applied_once_and_told(empty_engine: Engine, notes: Notes) -> None:
    out = io.StringIO()
    outbox.enqueue("note", note("Visa").pk)
    call_command("index_worker", "--once", stdout=out)
    assert "1 changes applied, 0 wait" in out.getvalue()
    assert total("visa") == 1


@ours
def test_once_with_the_engine_away_fails_with_words(notes: Notes, down: None) -> None:
    outbox.enqueue("note", note("Visa").pk)
    with pytest.raises(CommandError, match=r"wait in the outbox. down"):
        call_command("index_worker", "--once")


@ours
@pytest.mark.parametrize("poll", [0, -1, 600])
def test_a_poll_that_makes_no_sense_is_refused(poll: float) -> None:
    with pytest.raises(CommandError, match=r"--poll 0\.2"):
        call_command("index_worker", poll=poll)


# -- the lease ------------------------------------------------------------------------------------------------------


@ours
def test_a_lease_is_one_holders_until_it_is_let_go_or_ends() -> None:
    assert Lease.take("a")
    assert Lease.take("a")
    assert not Lease.take("b")
    assert not Lease.renew("b")
    Lease.release("b")
    assert not Lease.take("b")
    Lease.release("a")
    assert Lease.take("b")
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Lease.take("c")
    assert not Lease.renew("b")
    assert Lease.renew("c")


@ours
def test_a_lease_of_a_clock_that_was_days_ahead_ends_too() -> None:
    assert Lease.take("a")
    Lease.objects.update(until=timezone.now() + timedelta(days=2))
    assert Lease.take("b")


@ours
def test_nobody_drains_while_somebody_else_holds_the_lease(empty_engine: Engine, notes: Notes) -> None:
    outbox.enqueue("note", note("Visa").pk)
    Lease.take("a worker elsewhere")
    assert outbox.drain() == 0
    assert Outbox.objects.waiting().exists()


# -- who saves to a server ------------------------------------------------------------------------------------------


@ours
def test_a_server_is_drained_beside_the_one_who_saves(
    settings: Settings, empty_engine: Engine, notes: Notes, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.SEARCH_DRAIN = "commit"
    with (
        mock.patch.object(type(empty_engine), "embedded", False),
        mock.patch.object(outbox, "_background") as beside,
        django_capture_on_commit_callbacks(execute=True),
    ):
        outbox.enqueue("note", note("Visa").pk)
    beside.ask.assert_called_once_with()
    assert Outbox.objects.waiting().exists()


def test_nobody_waits_for_a_job_that_hangs() -> None:
    begun, go_on = threading.Event(), threading.Event()
    times: list[int] = []

    def job() -> bool:
        begun.set()
        times.append(len(times))
        return go_on.wait(60)

    beside = Background(job)
    beside.ask()
    assert begun.wait(60)
    beside.ask()  # while it hangs: done once more afterwards, by the same thread
    thread = beside.thread
    go_on.set()
    assert thread is not None
    thread.join(60)
    assert times == [0, 1]
    assert beside.thread is None


@pytest.mark.parametrize("failure", [{"return_value": False}, {"side_effect": ZeroDivisionError}])
def test_a_job_that_fails_rests_and_is_done_again_later(
    failure: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "pause_after", lambda failures: 600.0 * failures)
    job = mock.Mock(**failure)
    beside = Background(job)
    for _ in range(5):
        beside.ask()
        if thread := beside.thread:  # it lets go of itself when it ends
            thread.join(60)
    assert job.call_count == 1
    beside.resting_until, job.return_value, job.side_effect = 0.0, True, None
    beside.ask()
    wait_until(lambda: beside.thread is None)
    assert job.call_count == 2
    assert beside.failures == 0


def test_the_worker_looks_often_enough_for_a_second() -> None:
    assert worker.POLL <= 0.25
