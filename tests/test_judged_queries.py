"""The judged queries are those that the script writes, and name what the demo has."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from evaluation import make

FOLDER = Path(make.__file__).parent
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
    assert sum(1 for _ in make.experts()) >= 60


def test_halves_share_no_query_and_leave_none_out() -> None:
    cut = make.halves([*make.known_items(), *make.experts()])
    tuning, final = ({name for name, _ in cut[half]} for half in make.HALVES)
    assert not tuning & final
    assert len(tuning) + len(final) == sum(1 for _ in [*make.known_items(), *make.experts()])


def test_what_is_meant_is_in_the_demo() -> None:
    named = {name for one in [*make.known_items(), *make.experts()] for name in one.grades}
    unknown = {name for name in named - DOCUMENTS if not name.startswith("demo-country-")}
    assert not unknown


def test_only_the_category_none_has_no_answer() -> None:
    assert {one.category for one in make.experts() if not one.grades} == {"none"}
    assert not any(one.grades for one in make.experts() if one.category == "none")


def test_who_left_is_no_answer() -> None:
    left = {"d023", "d028", "d054", "d057", "d058", "d100"}
    assert not any(left & set(one.grades) for one in make.experts())
