"""What failed on its way to the search: shown to administrators and monitoring with its reason, and tried again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from people.models import User
from search import outbox, queue
from search.engines import Engine
from search.models import MOST_TRIES, Lease, Outbox
from tests.search.samples import Notes, note

pytestmark = pytest.mark.django_db
QUEUE, RETRY = "/admin/search-queue/", "/admin/search-queue/retry/"


def run(*command: str) -> str:
    """Run a command; give back what it said."""
    out = io.StringIO()
    call_command(*command, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def poison(empty_engine: Engine, notes: Notes) -> Callable[[str], Group]:
    """Makes a note that fails until it is set aside."""

    def one(title: str) -> Group:
        row = note(title, body="poison")
        outbox.enqueue("note", row.pk)
        for _ in range(MOST_TRIES):
            Outbox.objects.update(not_before=None)
            outbox.drain()
        return row

    return one


def heal(row: Group) -> None:
    """Mend what made a note fail."""
    Group.objects.filter(pk=row.pk).update(name=f"{row.name.split('|')[0]}|all|healed")


def test_an_administrator_sees_what_failed_and_why_and_tries_one_again(
    poison: Callable[[str], Group], empty_engine: Engine, administrator: User, client: Client
) -> None:
    bad, worse = poison("Bad note"), poison("Worse note")
    client.force_login(administrator)
    page = client.get(QUEUE).content.decode()
    for words in ("Bad note", "Worse note", "poisonous note", "set aside", "2 changes wait", "Try all again"):
        assert words in page
    heal(bad)
    heal(worse)
    row = Outbox.objects.get(object_id=bad.pk)
    answer = client.post(RETRY, {"row": row.pk}, follow=True)
    assert "1 change was taken up again" in answer.content.decode()
    assert {item.key.pk for item in empty_engine.stored()} == {bad.pk}
    assert Outbox.objects.set_aside().get().object_id == worse.pk
    client.post(RETRY)
    assert {item.key.pk for item in empty_engine.stored()} == {bad.pk, worse.pk}
    assert "Nothing failed" in client.get(QUEUE).content.decode()


def test_the_queue_is_among_the_reports(administrator: User, client: Client) -> None:
    client.force_login(administrator)
    assert "Search queue" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("staff", [False, True])
def test_the_queue_is_closed_to_others(
    poison: Callable[[str], Group], outsider: User, client: Client, staff: bool
) -> None:
    poison("Secret note")
    if staff:
        outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(outsider)
    for answer in (client.get(QUEUE), client.post(RETRY), client.get(RETRY)):
        assert answer.status_code in ((403, 405) if staff else (302, 403, 405))
        assert b"Secret note" not in answer.content
    assert Outbox.objects.set_aside().count() == 1


def test_what_was_deleted_meanwhile_is_shown_as_gone(
    poison: Callable[[str], Group], administrator: User, client: Client
) -> None:
    poison("Bad note").delete()
    client.force_login(administrator)
    assert "No longer there" in client.get(QUEUE).content.decode()
    for nonsense in ("", "1٣", "9" * 30, "drop"):
        client.post(RETRY, {"row": nonsense})
    assert Outbox.objects.set_aside().exists()
    client.post(RETRY)
    assert not Outbox.objects.waiting().exists()


def test_the_command_lists_and_retries(poison: Callable[[str], Group], empty_engine: Engine) -> None:
    bad, worse = poison("Bad note"), poison("Worse note")
    said = run("search_queue")
    assert "poisonous note" in said
    assert "2 failed" in said
    heal(bad)
    heal(worse)
    assert "Worse" not in run("search_queue", f"note:{bad.pk}")
    assert "1 taken up again" in run("search_queue", "--retry", f"note:{bad.pk}")
    assert {item.key.pk for item in empty_engine.stored()} == {bad.pk}
    assert "1 taken up again" in run("search_queue", "--retry")
    assert "0 failed" in run("search_queue")


def test_a_thing_that_is_none_is_told_how_to_be_named() -> None:
    with pytest.raises(CommandError, match="article:17"):
        run("search_queue", "--retry", "something")


def test_what_the_worker_applies_is_left_to_it(poison: Callable[[str], Group], settings: Settings) -> None:
    bad = poison("Bad note")
    heal(bad)
    settings.SEARCH_DRAIN = "worker"
    assert queue.retry() == 1
    assert Outbox.objects.waiting().get().tries == 0


# -- monitoring -----------------------------------------------------------------------------------------------------


def status(**changed: Any) -> tuple[int, str]:
    """The exit code of the status, and what it says is wrong."""
    out = io.StringIO()
    try:
        call_command("search_status", stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_all_is_well(empty_engine: Engine, notes: Notes) -> None:
    code, said = status()
    assert code == 0
    assert "outbox: 0 waiting; 0 set aside" in said


def test_a_change_set_aside_is_something_to_look_at(poison: Callable[[str], Group]) -> None:
    poison("Bad note")
    code, said = status()
    assert code == 1
    assert "search_queue --retry" in said


def test_changes_that_wait_too_long_want_a_worker(
    empty_engine: Engine, notes: Notes, settings: Settings
) -> None:
    settings.SEARCH_DRAIN = "worker"
    outbox.enqueue("note", note("Visa").pk)
    assert status()[0] == 0
    Outbox.objects.update(created=timezone.now() - timedelta(minutes=6))
    code, said = status()
    assert code == 1
    assert "index_worker" in said
    settings.SEARCH_DRAIN = "commit"
    assert "log" in status()[1]


def test_the_worker_is_seen(empty_engine: Engine, notes: Notes, settings: Settings) -> None:
    settings.SEARCH_DRAIN = "worker"
    assert "worker: never seen" in status()[1]
    Lease.take("somebody")
    assert "worker: last seen" in status()[1]


def test_without_an_engine_the_status_says_so(settings: Settings, tmp_path: Any, notes: Notes) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"
    code, said = status()
    assert code == 2
    assert "rebuild_search" in said
