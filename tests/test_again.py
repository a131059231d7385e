"""What is left out on another database is there, and all else that uses the database is not left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.again import SAME, depends_on_database

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("start", SAME)
def test_what_is_left_out_is_there(start):
    path, _, name = start.partition("::")
    assert (ROOT / path).exists(), f"Correct the name in tests/again.py: {start}"
    assert not name or f"def {name}" in (ROOT / path).read_text()


def test_what_uses_the_database_is_tested_again(request, db):
    assert depends_on_database(request.node)


def test_what_does_not_use_it_is_not(request):
    assert not depends_on_database(request.node)


@pytest.mark.rendering
def test_what_happens_after_it_is_not(request, db):
    assert not depends_on_database(request.node)
