"""Tests that share something dear are run by one worker, and come first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chains import STARTS

ROOT = Path(__file__).resolve().parents[1]
MANY = """
import os
import pathlib
import pytest

@pytest.mark.parametrize("number", range(8))
def test(number):
    pathlib.Path({said!r}, f"{{number}}").write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


@pytest.mark.parametrize("start", STARTS)
def test_a_chain_is_of_tests_that_are_there(start):
    assert (ROOT / start).exists(), f"Correct the name in tests/chains.py: {start}"


@pytest.mark.parametrize(("name", "workers"), [("journeys/test_inner.py", 1), ("home/test_inner.py", 2)])
def test_a_chain_is_run_by_one_worker_and_the_rest_by_all(tmp_path, name, workers):
    inner, said = tmp_path / "tests" / name, tmp_path / "said"
    inner.parent.mkdir(parents=True)
    said.mkdir()
    inner.write_text(MANY.format(said=str(said)))
    options = [
        "-q",
        "-n2",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.chains",
        "-c",
        "/dev/null",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len({path.read_text() for path in said.iterdir()}) == workers
