"""Services that cannot be used are told at the start, each with its cure, and the site does not serve half."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests.deployment.processes import free_port, running
from tests.deployment.site import ROOT, environment, manage, new_database, remove_indexes, serve

pytestmark = pytest.mark.django_db
PREPARE_ONLY = ["start", "--prepare-only", "--without-demo"]
COMMANDS = [["check_services"], PREPARE_ONLY]


@pytest.fixture
def told(tmp_path: Path) -> dict[str, str]:
    """What the programs of a site are told, but for where its database and its search engine are."""
    told = environment(tmp_path, "", "", "https://127.0.0.1:8443")
    return {name: value for name, value in told.items() if name not in {"DATABASE_URL", "SEARCH_URL"}}


def refused(*command: str) -> str:
    """Return what a command says that has to fail."""
    with pytest.raises(CommandError) as refusal:
        call_command(*command)
    return str(refusal.value)


def said(told: dict[str, str], **changed: str) -> str:
    """Return what the check says that has to fail, in a process of its own."""
    done = manage(told | changed, "check_services")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@contextmanager
def answering(status: int, body: dict[str, Any]) -> Iterator[str]:
    """A server that gives the same answer to everything, as Elasticsearch would."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


REFUSED = {"error": {"type": "security_exception", "reason": "unable to authenticate user [wiki]"}}
OLD = {"nodes": {"a": {"version": "7.17.20"}}}


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, REFUSED, r"does not let us in.*user and password in SEARCH_URL"),
        (200, OLD, r"is 7\.17\.20; it must be 8\.19 or newer"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_an_elasticsearch_that_cannot_be_used_is_told(settings, command, status, body, words):
    with answering(status, body) as server:
        settings.SEARCH_URL = f"elasticsearch+http://wiki:s3cret@{server}/wiki"
        heard = refused(*command)
    assert re.search(words, heard, re.DOTALL)
    assert "s3cret" not in heard


@pytest.mark.parametrize("command", COMMANDS)
def test_an_elasticsearch_that_is_not_there_is_told(settings, command):
    settings.SEARCH_URL = "elasticsearch+http://127.0.0.1:1/wiki"
    heard = refused(*command)
    assert "127.0.0.1:1" in heard
    assert "SEARCH_URL" in heard


def elastic(url: str, prefix: str) -> str:
    return f"elasticsearch+{url.rstrip('/')}/{prefix}"


@pytest.fixture
def prefix(elasticsearch_url: str) -> Iterator[str]:
    """A beginning of names for indexes, which are removed afterwards."""
    prefix = f"check-{secrets.token_hex(4)}"
    yield prefix
    remove_indexes(elasticsearch_url, prefix)


def test_an_index_that_is_not_there_is_told_and_can_be_built(settings, elasticsearch_url, prefix, capsys):
    settings.SEARCH_URL = elastic(elasticsearch_url, prefix)
    assert "manage.py rebuild_search" in refused("check_services")
    call_command("rebuild_search", verbosity=0)
    call_command("check_services")
    assert "The site can start." in capsys.readouterr().out


def test_an_index_of_somebody_else_is_told_and_left_alone(settings, elasticsearch_url, prefix):
    index = f"{elasticsearch_url.rstrip('/')}/{prefix}-20200101000000"
    body = json.dumps({"aliases": {f"{prefix}-read": {}, f"{prefix}-write": {}}}).encode()
    urlopen(Request(index, body, {"Content-Type": "application/json"}, method="PUT")).close()
    settings.SEARCH_URL = elastic(elasticsearch_url, prefix)
    for command in (*COMMANDS, ["rebuild_search"]):
        assert "not ours" in refused(*command)
    urlopen(index).close()


def test_a_wrong_setting_is_told_without_a_traceback(told):
    assert "SEARCH_URL=elasticsearch+https://" in said(told, SEARCH_URL="elasticsearch+http://search/wiki")


def test_a_database_without_tables_is_told(told, postgresql_url, tmp_path):
    with new_database(postgresql_url) as database:
        heard = said(told, DATABASE_URL=database, SEARCH_URL=f"tantivy://{tmp_path}/index")
    assert "manage.py migrate" in heard
    assert "manage.py rebuild_search" in heard


def test_a_wrong_password_for_the_database_is_told(told, postgresql_url):
    with psycopg.connect(postgresql_url) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'nobody_of_ours'").fetchone():
            pytest.fail("The test's server has a role that no server has.")
    parts = urlsplit(postgresql_url)
    place = parts.netloc.rpartition("@")[2]
    wrong = parts._replace(netloc=f"nobody_of_ours:s3cret@{place}").geturl()
    heard = said(told, DATABASE_URL=wrong)
    assert "DATABASE_URL" in heard
    assert "nobody_of_ours" in heard
    assert "s3cret" not in heard


def test_gunicorn_serves_nothing_before_the_services_are_there(told, tmp_path):
    told |= {"DATABASE_URL": "postgres://wiki:s3cret@127.0.0.1:1/wiki"}
    with running(serve(f"127.0.0.1:{free_port()}"), tmp_path / "log", cwd=ROOT, env=told) as server:
        assert server.wait(120) != 0
    heard = (tmp_path / "log").read_text()
    assert "The database does not answer" in heard
    assert "The site was not started" in heard
    assert "s3cret" not in heard
