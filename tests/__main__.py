"""Run the tests on SQLite, and what could differ there again on PostgreSQL: `python -m tests [pytest's options]`.

The first run notes which statements each test makes; the second makes each of them at least once (tests/again.py).
Both share one Elasticsearch, which is started when a test first wants it; PostgreSQL is started at once, beside the
first run. `--on sqlite` or `--on postgresql` chooses one; alone, it has all that uses a database.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing, suppress

import pytest

from tests import memory
from tests.servers import keeping
from tests.servers.failures import CannotStart

DATABASES = ("sqlite", "postgresql")
SETTINGS = "diplopedia.settings.test"
STATEMENTS = "statements"  # of the tests on SQLite: a folder of the run
FINE = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}


def main() -> int:
    """Run what is asked for and return the worst result."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--on", choices=DATABASES, action="append", help="only on this database")
    asked, options = parser.parse_known_args()
    chosen = asked.on or DATABASES
    with memory.temporary_files(), closing(keeping.Keeper()):
        if "postgresql" in chosen:
            keeping.want("postgresql")
            threading.Thread(target=prepare_postgresql, daemon=True).start()
        results = {database: RUNS[database](options) for database in chosen}
        for said in keeping.missing():
            sys.stdout.write(f"\n{'!' * 100}\n{said}\n{'!' * 100}\n")
    for database, result in results.items():
        sys.stdout.write(f"Tests on {database}: {'passed' if result in FINE else 'FAILED'}\n")
    return max(0 if result in FINE else result for result in results.values())


def on_sqlite(options: Sequence[str]) -> int:
    """Run everything on a file."""
    return run([f"--note-statements={keeping.folder() / STATEMENTS}", *options], DATABASE_URL="")


def on_postgresql(options: Sequence[str]) -> int:
    """Run on a real PostgreSQL what the database can change, without the browser."""
    try:
        url = keeping.url("postgresql")
    except CannotStart:
        return int(keeping.required("postgresql"))
    # In one word: pytest takes a word of its own that names a folder for where the tests are.
    noted = f"--noted-statements={keeping.folder() / STATEMENTS}"
    return run(["--only-database", noted, *options], DATABASE_URL=url)


def prepare_postgresql() -> None:
    """Make what tests on PostgreSQL copy, while those on SQLite wait for theirs. Where it fails, they make it."""
    with suppress(CannotStart):
        told = os.environ | {"DATABASE_URL": keeping.url("postgresql"), "DJANGO_SETTINGS_MODULE": SETTINGS}
        subprocess.run([sys.executable, "-m", "tests.database"], env=told, capture_output=True, check=False)


def run(options: Sequence[str], **environment: str) -> int:
    """Run pytest and return how it ended. An interrupt ends it in its own way, and then us."""
    # Several processes one after the other read the same modules: it pays to keep them compiled.
    environment |= {"PYTHONDONTWRITEBYTECODE": ""}
    process = subprocess.Popen([sys.executable, "-m", "pytest", *options], env=os.environ | environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise


RUNS = {"sqlite": on_sqlite, "postgresql": on_postgresql}

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # the run itself has said where it was
