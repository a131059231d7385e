"""What is asked before a start and while the site runs: the database, its tables, the search engine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from diplopedia.readiness import behind
from search.models import Outbox
from search.upkeep import rebuild

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def whole(settings: Any, tmp_path: Path) -> None:
    """A site with everything it stands on."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    rebuild()


@pytest.fixture
def no_index(settings: Any, tmp_path: Path) -> None:
    """A site whose index was never built."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/nowhere"


@pytest.fixture
def old_tables(whole: None) -> None:
    """A site whose database has not got the last change of the tables."""
    MigrationRecorder(connection).migration_qs.filter(app="search").delete()


@contextmanager
def no_database() -> Iterator[None]:
    """Let every statement fail, as when the server is gone."""

    def fail(*_args: Any) -> Any:
        raise OperationalError("connection to server at db.internal failed: Connection refused")

    with connection.execute_wrapper(fail):
        yield


def ask(path: str = "/ready/") -> Any:
    return Client(raise_request_exception=False).get(path)


def test_a_process_is_alive_whatever_it_stands_on(no_index):
    with no_database():
        answer = ask("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_a_whole_site_is_ready(whole):
    answer = ask()
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": "ok",
        "tables": "ok",
        "search": "ok",
        "search_behind_seconds": 0,
    }


def test_without_its_search_the_site_is_degraded_and_serves(no_index):
    answer = ask()
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["search"]) == ("degraded", "trouble")


def test_without_its_database_the_site_is_not_ready(whole):
    with no_database():
        answer = ask()
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "not ready",
        "database": "trouble",
        "tables": "trouble",
        "search": "ok",
    }


def test_with_tables_of_another_version_the_site_is_not_ready(old_tables):
    answer = ask()
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["tables"]) == ("ok", "trouble")


def test_changes_that_wait_long_are_seen(whole):
    row = Outbox.objects.create(
        kind="article", object_id=1, version=1, created=timezone.now() - timedelta(hours=1)
    )
    assert ask().json()["status"] == "degraded"
    assert 3590 < ask().json()["search_behind_seconds"] < 3660
    Outbox.objects.filter(pk=row.pk).update(set_aside_at=timezone.now())
    assert behind() == 0


@pytest.mark.parametrize("path", ["/health/", "/ready/"])
def test_the_answers_name_nothing(path, no_index):
    with no_database():
        said = ask(path).content.decode()
    assert not re.search(r"db\.internal|tantivy|sqlite|postgres|elastic|nowhere|manage\.py|\d+\.\d+|/", said)


@pytest.mark.parametrize("path", ["/health/", "/ready/"])
def test_asking_is_all_that_can_be_done(path, whole):
    assert Client().post(path).status_code == 405


def test_a_whole_site_may_start(whole, capsys):
    call_command("check_services")
    assert "can start" in capsys.readouterr().out


def test_a_lacking_index_is_told_with_its_cure(no_index):
    with pytest.raises(CommandError, match=r"manage\.py rebuild_search"):
        call_command("check_services")


def test_a_site_may_be_started_without_its_search(no_index, capsys):
    call_command("check_services", without_search=True)
    said = capsys.readouterr()
    assert "rebuild_search" in said.err
    assert "can start" in said.out


def test_tables_of_another_version_are_told_with_their_cure(old_tables):
    with pytest.raises(CommandError, match=r"they lack search\.0\w+\.\n.*manage\.py migrate"):
        call_command("check_services", without_search=True)


def test_static_files_that_were_not_collected_are_told_with_their_cure(whole, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with pytest.raises(CommandError, match=r"manage\.py collectstatic"):
        call_command("check_services")


def test_every_trouble_is_told_at_once(no_index):
    with no_database(), pytest.raises(CommandError) as refused:
        call_command("check_services")
    assert "The database does not answer" in str(refused.value)
    assert "rebuild_search" in str(refused.value)


def test_waiting_ends_when_the_services_are_there(no_index, monkeypatch):
    asked = []

    def build(_seconds: float) -> None:
        asked.append(1)
        rebuild()

    monkeypatch.setattr("diplopedia.management.commands.check_services.time.sleep", build)
    call_command("check_services", wait=60)
    assert asked == [1]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://wiki:s3cret@127.0.0.1:1/wiki", "Connection refused"),
        ("sqlite:////nowhere/wiki.sqlite3", "unable to open database file"),
    ],
)
@pytest.mark.parametrize("command", [["check_services"], ["start", "--prepare-only"]])
def test_a_database_that_is_not_there_is_told_before_anything_is_done(tmp_path, command, url, said):
    told = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "diplopedia.settings.dev",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert said in told.stderr
    assert "DATABASE_URL" in told.stderr
    assert "Traceback" not in told.stderr
    assert "s3cret" not in told.stderr + told.stdout


def test_a_group_that_needs_a_second_factor_and_is_none_is_said_before_the_start(whole, settings, capsys):
    settings.MFA_REQUIRED_GROUPS = ["Moderators", "Moderator", "*"]
    call_command("check_services")
    said = capsys.readouterr()
    assert "MFA_REQUIRED_GROUPS names “Moderator”, and there is no such group" in said.err
    assert "“Moderators”" not in said.err
    assert "“*”" not in said.err
    assert "The site can start." in said.out
    settings.MFA_REQUIRED_GROUPS = ["Moderators"]
    call_command("check_services")
    assert "MFA" not in capsys.readouterr().err
