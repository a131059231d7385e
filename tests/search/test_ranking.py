"""What ranks higher, and which words need not match."""

from __future__ import annotations

import pytest

from search.dictionary import Dictionary
from search.grammar import Choice, Filter
from search.query import Query
from search.ranking import optional, preferences


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("functions of a consul", ["of", "a"]),
        ("how to edit", ["how", "to"]),
        ("the", []),
        ("who is who", []),
        ("WHO in Geneva", ["in"]),
        ("B. Oosterling", ["B."]),
        ("IT of the US", ["of", "the"]),
        ('"of" visa', []),
        ("-of visa", []),
    ],
)
def test_words_that_carry_nothing_need_not_match(text: str, idle: list[str]) -> None:
    assert [word.text for word in optional(Query.parse(text).parts)] == idle


def preferred(text: str, names: Dictionary) -> dict[str, float]:
    """The preferences of a text, by what they are for."""
    return {str(chosen): score for chosen, score in preferences(Query.parse(text, dictionary=names))}


def test_who_is_there_now_comes_before_who_speaks_better(names: Dictionary) -> None:
    scores = preferred("Pashto speaker in Kabul", names)
    now = scores.pop("now:kabul")
    assert set(scores) == {
        f"speaks:pus>={level}" for level in ("1", "1+", "2", "2+", "3", "3+", "4", "4+", "5")
    }
    assert now > sum(scores.values())


def test_where_somebody_served_is_no_matter_of_now(names: Dictionary) -> None:
    assert preferred("who served in Kabul", names) == {}


def test_who_knows_a_region_deeply_comes_first(names: Dictionary) -> None:
    assert set(preferred("experts on the Sahel", names)) == {f"knows:sahel>={depth}" for depth in (1, 2, 3)}
    assert preferred("region:sahel", names) == {}


def test_what_is_excluded_is_not_preferred(names: Dictionary) -> None:
    assert preferred("-speaks:pus -at:kabul", names) == {}


def test_a_level_asked_for_counts_from_there(names: Dictionary) -> None:
    found = [chosen for chosen, _score in preferences(Query.parse("speaks:pus>=4+"))]
    assert found == [Filter("speaks", (Choice("pus", 10),))]
