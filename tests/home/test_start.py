"""`manage.py start` does what is missing, once, and can be interrupted anywhere."""

from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from home.management.commands import start
from home.models import Milestone

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The loading commands that were run, which do nothing here."""
    ran: list[str] = []
    monkeypatch.setattr(start, "call_command", lambda name, **_options: ran.append(name))
    monkeypatch.setattr(start, "indexed", lambda: 0)
    monkeypatch.setattr(start, "sources", list)
    return ran


def prepare(**options: bool) -> None:
    call_command("start", prepare_only=True, **options)


def test_the_first_start_loads_and_the_second_does_not(loaded):
    prepare()
    assert loaded == ["load_reference", "load_demo"]
    prepare()
    assert loaded == ["load_reference", "load_demo"]


def test_changed_content_is_loaded_again(loaded, monkeypatch):
    prepare()
    monkeypatch.setattr(start, "digest_of", lambda folder: f"another {folder}")
    monkeypatch.setattr(start.demo, "digest", lambda: "another demo")
    prepare()
    assert loaded == ["load_reference", "load_demo"] * 2


def test_what_was_interrupted_is_done_again(loaded, monkeypatch):
    def interrupted(name: str, **_options: object) -> None:
        if name == "load_demo":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(start, "call_command", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare()
    assert list(Milestone.objects.values_list("name", flat=True)) == ["reference data"]
    prepare()
    assert loaded == ["load_demo"]


def test_the_demo_can_be_left_out(loaded):
    prepare(without_demo=True)
    assert loaded == ["load_reference"]


def test_an_index_that_holds_too_little_is_made_again(loaded, monkeypatch):
    prepare(without_demo=True)
    monkeypatch.setattr(start, "indexed", lambda: None)
    prepare(without_demo=True)
    assert loaded == ["load_reference", "rebuild_search"]


def test_a_taken_port_is_said_before_anything_is_loaded(loaded):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match=r"cannot be used.*make run PORT="):
            call_command("start", port=taken.getsockname()[1])
    assert loaded == []


@pytest.fixture
def empty_database(tmp_path, monkeypatch):
    """A file without tables, as on a new machine, in the place of the test's database."""
    if connection.vendor != "sqlite":
        pytest.skip("on a server each migration is a transaction; only a file is put in place as a whole")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "new.sqlite3"))
    connection.close()
    yield tmp_path
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_first_migration_is_whole_or_not_at_all(empty_database):
    def make(table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {table} (id integer)")

    def half() -> None:
        with start.whole_or_not_at_all():
            make("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert connection.introspection.table_names() == []

    with start.whole_or_not_at_all():
        make("whole")
    assert connection.introspection.table_names() == ["whole"]
    assert not (empty_database / "new.draft").exists()
