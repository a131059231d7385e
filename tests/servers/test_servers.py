"""The servers that tests stand on: they start, they end with the run, and nobody overlooks that one is missing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.servers import keeping, postgresql

INNER = """
def test_needing_a_node(elasticsearch_url):
    assert elasticsearch_url

def test_needing_none():
    pass
"""


def test_the_node_answers_with_the_analysis_that_our_mapping_needs(elasticsearch_url):
    filters = ["lowercase", "asciifolding", {"type": "stemmer", "language": "porter2"}, "unique"]
    asked = {"tokenizer": "whitespace", "filter": filters, "text": "Négociations négociation Ελλάδα"}
    request = urllib.request.Request(
        f"{elasticsearch_url}/_analyze",
        json.dumps(asked).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        tokens = [token["token"] for token in json.load(answer)["tokens"]]
    assert tokens == ["negoci", "ελλάδα"]


def test_the_database_server_takes_a_database(postgresql_url):
    with psycopg.connect(postgresql_url) as connection:
        assert connection.info.server_version >= 120000


def test_a_server_ends_with_the_run_that_wanted_it_even_if_that_is_killed():
    program = (
        "import os, signal; from tests.servers import keeping; keeping.Keeper();"
        "print(keeping.url('postgresql'), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-c", program]
    run = subprocess.run(
        command, env=environment, cwd=keeping.ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == -signal.SIGKILL
    if not run.stdout:
        pytest.skip("no PostgreSQL can be started here")
    deadline = time.monotonic() + 30
    while postgresql.answers(run.stdout.strip()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not postgresql.answers(run.stdout.strip())


def inner_run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a test file of its own that needs a node, where none can be had."""
    (folder / "test_inner.py").write_text(INNER)
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.servers.plugin"]\n')
    inherited = {name: value for name, value in os.environ.items() if name != keeping.VARIABLE}
    nowhere = {"ELASTICSEARCH_URL": "http://127.0.0.1:9", "PYTHONPATH": str(keeping.ROOT)}
    options = ["-q", "-p", "no:django", "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", "/dev/null"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        env=inherited | nowhere | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_server_is_said_loudly_at_the_end(tmp_path):
    run = inner_run(tmp_path, REQUIRE_ELASTICSEARCH="")
    assert run.returncode == 0
    assert "1 passed, 1 skipped" in run.stdout
    assert "SERVER MISSING" in run.stdout
    assert "Elasticsearch COULD NOT BE STARTED, so the tests that need it DID NOT RUN" in run.stdout
    assert "ELASTICSEARCH_URL=http://127.0.0.1:9 does not answer" in run.stdout


def test_a_missing_server_that_is_required_fails_the_run(tmp_path):
    run = inner_run(tmp_path, REQUIRE_ELASTICSEARCH="1")
    assert run.returncode == 1
    assert "so the tests that need it FAILED" in run.stdout
