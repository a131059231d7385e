"""Temporary files are kept in memory only where there is room, and only for as long as the tests run."""

from __future__ import annotations

import os
import tempfile

import pytest

from tests import memory


@pytest.fixture(autouse=True)
def nowhere_else(monkeypatch, tmp_path):
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(memory, "MEMORY", tmp_path)


def test_they_are_there_while_the_tests_run_and_then_gone(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "usable", lambda: True)
    with memory.temporary_files():
        place = tempfile.gettempdir()
        assert place == os.environ["TMPDIR"]
        assert [str(path) for path in tmp_path.iterdir()] == [place]
    assert "TMPDIR" not in os.environ
    assert list(tmp_path.iterdir()) == []


def test_they_are_where_they_were_asked_to_be(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "ROOM", 0)
    assert memory.usable(tmp_path)
    monkeypatch.setenv("TMPDIR", "/elsewhere")
    assert not memory.usable(tmp_path)


def test_a_place_that_is_not_there_or_too_small_is_not_used(monkeypatch, tmp_path):
    assert not memory.usable(tmp_path / "nothing")
    monkeypatch.setattr(memory, "ROOM", 2**80)
    assert not memory.usable(tmp_path)
