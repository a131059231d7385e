"""What is left out on another database is there, and all else that uses the database is not left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.again import SAME, WHOLE, depends_on_database, unlike

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


@pytest.mark.parametrize("start", WHOLE)
def test_what_is_run_whole_is_there(start):
    assert (ROOT / start).exists(), f"Correct the name in tests/again.py: {start}"


class Named:
    """A test by its name, with its markers."""

    def __init__(self, nodeid: str, **markers: pytest.Mark) -> None:
        self.nodeid, self.markers, self.fixturenames = nodeid, markers, ()

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return self.markers.get(name)


def test_of_tests_that_make_the_same_statements_one_is_run_again_and_what_commits_always_is():
    slow = Named("slow", slow=pytest.mark.slow.mark)
    one, other, third, new = Named("one"), Named("other"), Named("third"), Named("new")
    commits = Named("commits", django_db=pytest.mark.django_db(transaction=True).mark)
    listed = Named(f"{next(iter(WHOLE))}::test")
    known = {
        "slow": frozenset("ab"),
        "one": frozenset("ab"),
        "other": frozenset("b"),
        "third": frozenset("bc"),
        "commits": frozenset("d"),
        "listed": frozenset("d"),
    }
    assert unlike([slow, one, other, third, new, commits, listed], known) == {
        one,
        third,
        new,
        commits,
        listed,
    }
    assert unlike([slow, one, other], {}) == {slow, one, other}


def test_a_test_whose_statements_several_others_make_together_is_not_run_again():
    names = {"poor": "ab", "first": "ac", "second": "bd"}
    poor, first, second = items = [Named(name) for name in names]
    known = {name: frozenset(shapes) for name, shapes in names.items()}
    assert unlike(items, known) == unlike(items[::-1], known) == {first, second}
    assert unlike([poor, first], known) == {poor, first}
