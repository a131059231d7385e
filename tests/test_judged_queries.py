"""The judged queries are those that the script writes, and name what the demo has."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evaluation import make

FOLDER = Path(make.__file__).parent
ASKED_FOR = {
    "language",
    "variant",
    "misspelling",
    "level",
    "reading",
    "language and place",
    "place",
    "post",
    "region",
    "two languages",
    "skill",
    "name",
    "nickname",
    "role",
    "mention",
    "none",
}
ALL = ("", make.SECOND, *make.UNCUT)
KNOWN = {"title", "acronym", "typo", "inflection", "accents", "transliteration", "former or synonym"}
DOCUMENTS = {
    json.loads(line)["id"] for path in (make.ROOT / "demo").glob("*.jsonl") for line in make.lines(path)
}


def test_the_files_are_what_the_script_writes() -> None:
    for name, text in make.texts().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"Run: python evaluation/make.py ({name})"


def test_there_are_enough_of_each_sort() -> None:
    known = Counter(one.category for one in make.known_items())
    assert set(known) == KNOWN
    assert min(known.values()) >= 15
    assert known.total() >= 120
    asked = Counter(one.category for one in experts())
    assert set(asked) == ASKED_FOR | {"French"}
    assert min(asked.values()) >= 10
    assert asked.total() >= 190


def experts() -> list[make.Judged]:
    """The expert queries of all sets."""
    return [one for edition in ALL for one in make.experts(edition)]


def test_halves_share_no_query_and_leave_none_out() -> None:
    cut = [(half, name) for edition, half, name in cuts()]
    assert len({name for _, name in cut}) == len(cut) == sum(map(len, make.editions().values()))


def cuts() -> list[tuple[str, str, str]]:
    """The set, the half and the id of each query."""
    return [
        (edition, half, name)
        for edition, queries in make.editions().items()
        for half, judged in make.halves(queries, edition).items()
        for name, _ in judged
    ]


def test_every_sort_of_expert_query_has_a_reserved_one() -> None:
    reserved = {name for edition, half, name in cuts() if half == "final" and edition == make.SECOND}
    assert {category_of(name) for name in reserved} == ASKED_FOR


def category_of(name: str) -> str:
    """The category that an id of the second set names."""
    return name.rpartition(f"{make.SECOND}-")[0].replace("-", " ")


def test_what_is_meant_is_in_the_demo() -> None:
    named = {name for one in [*make.known_items(), *experts()] for name in one.grades}
    unknown = {name for name in named - DOCUMENTS if not name.startswith("demo-country-")}
    assert not unknown


def test_only_the_category_none_has_no_answer() -> None:
    assert {one.category for one in experts() if not one.grades} == {"none"}
    assert not any(one.grades for one in experts() if one.category == "none")


def test_who_left_is_no_answer() -> None:
    left = {"d023", "d028", "d054", "d057", "d058", "d100"}
    assert not any(left & set(one.grades) for one in experts())


def test_no_query_is_in_two_sets() -> None:
    texts = [one.text.casefold() for edition in ALL for one in make.experts(edition)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("edition", "least"), [(make.THIRD, 12), (make.FOURTH, 10), (make.FIFTH, 11), (make.SIXTH, 12)]
)
def test_a_set_without_halves_has_enough_of_each_sort_and_ids_of_its_own(edition: str, least: int) -> None:
    asked = Counter(one.category for one in make.experts(edition))
    assert set(asked) == ASKED_FOR - {"place", "post", "nickname", "mention"} | {"French"}
    assert min(asked.values()) >= least
    assert_ids_of_its_own(edition)


def test_the_set_of_a_blind_round_has_sorts_that_others_have_and_ids_of_its_own() -> None:
    asked = Counter(one.category for one in make.experts(make.SEVENTH))
    assert set(asked) <= ASKED_FOR | {"French"}
    assert asked["none"] >= 10
    assert asked["French"] >= 12
    assert_ids_of_its_own(make.SEVENTH)


def assert_ids_of_its_own(edition: str) -> None:
    names = [name for name, _ in make.uncut(edition)]
    others = {name for other in make.UNCUT if other != edition for name, _ in make.uncut(other)}
    assert len(names) == len(set(names) - {name for _, _, name in cuts()} - others)
