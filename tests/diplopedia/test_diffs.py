"""Comparisons say what changed, where, and hold both texts whole."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplopedia.diffs import Diff, FactChange, Segment, compare, compare_facts, compare_words
from diplopedia.diffs.alignment import align
from diplopedia.diffs.blocks import split_blocks
from diplopedia.diffs.tables import compare_tables

OLD = """Introduction of the page.

## Government

The Taliban announced a cabinet, including the prime minister and ministers of 25 ministries.

The National Assembly was dissolved after August 2021.

One stays.

Two stays.

Three stays.

## Economy

A low-income economy; in free fall since the takeover. Widespread poverty.

Table: Indicators

| Indicator | 2021 | 2022 |
|---|--:|--:|
| GDP | 85.8 | 80.4 |
| Growth | -20 | -3.6 |
| Gone | 1 | 2 |

The end.
"""
NEW = """Introduction of the page.

## Government

Titles stand in quotation marks.

The Taliban announced a cabinet, including the prime minister, deputies and ministers of 26 ministries.

One stays.

Two stays.

Three stays.

The National Assembly was dissolved after August 2021.

## Economy

A low-income economy; stable after a contraction. Widespread poverty.

Table: Indicators

| Indicator | 2021 | 2022 | 2023 |
|---|--:|--:|--:|
| GDP | 85.8 | 80.4 | 82.2 |
| Growth | -20 | -6.2 | 2.3 |
| [[New|x]] | 1 | 2 | 3 |
"""


def kinds(diff: Diff) -> list[str]:
    return [row.kind for row in diff.rows]


def words(segments: tuple[Segment, ...], *wanted: str) -> list[str]:
    return [segment.text for segment in segments if segment.kind in wanted]


@pytest.fixture(scope="module")
def diff() -> Diff:
    return compare(OLD, NEW)


def test_rows_tell_the_whole_story(diff: Diff) -> None:
    government = ["section", "added", "changed", "moved", "gap", "moved"]
    assert kinds(diff) == ["same", *government, "section", "changed", "same", "changed", "removed"]
    assert (diff.changed, diff.added, diff.removed, diff.moved, diff.total) == (3, 1, 1, 1, 6)


def test_changed_words_stand_out(diff: Diff) -> None:
    row = diff.rows[3]
    assert words(row.segments, "ins") == [", deputies", "26"]
    assert words(row.segments, "del") == ["25"]
    assert (row.old_number, row.new_number) == (3, 4)
    assert "".join(words(row.old, "same", "del")) in OLD
    assert "".join(words(row.new, "same", "ins")) in NEW


def test_moved_paragraphs_are_recognised(diff: Diff) -> None:
    away, here = (row for row in diff.rows if row.kind == "moved")
    assert away.away
    assert not here.away
    assert (
        away.segments
        == here.segments
        == (Segment("same", "The National Assembly was dissolved after August 2021."),)
    )
    assert [row.away for row in diff.unified if row.kind == "moved"] == [False]


def test_long_unchanged_runs_collapse(diff: Diff) -> None:
    gap = next(row for row in diff.rows if row.kind == "gap")
    assert gap.count == 3
    assert [row.segments[0].text for row in gap.rows] == ["One stays.", "Two stays.", "Three stays."]


def test_a_section_is_named_after_a_gap() -> None:
    text = (
        "## A\n\n"
        + "".join(f"paragraph {n}\n\n" for n in range(9))
        + "## B\n\nfirst\n\nsecond\n\nthird thing here"
    )
    found = compare(text, text.replace("third", "3rd"))
    assert kinds(found) == ["gap", "section", "changed"]
    assert found.rows[1].section == "B"
    assert found.rows[0].count == 11


def test_tables_are_compared_by_cell(diff: Diff) -> None:
    (row,) = diff.tables
    table = row.table
    assert table is not None
    assert [cell.kind for cell in table.header] == ["same", "same", "same", "added"]
    growth = next(line for line in table.rows if line.cells[0].segments == (Segment("same", "Growth"),))
    assert [cell.kind for cell in growth.cells] == ["same", "same", "changed", "added"]
    assert words(growth.cells[2].segments, "del") == ["3.6"]


def test_rows_and_columns_come_and_go() -> None:
    found = compare(
        "| a | b |\n|--|--|\n| 1 | 2 |\n| 3 | 4 |",
        "| b | c | d |\n|--|--|--|\n| 2 | 1 | 3 |\n| 4 | 8 | 8 |\n| 5 | 5 | 5 |",
    )
    table = found.rows[0].table
    assert table is not None
    assert [cell.kind for cell in table.header] == ["removed", "same", "added", "added"]
    assert [row.kind for row in table.rows] == ["removed", "removed", "added", "added", "added"]


@pytest.mark.parametrize("old", ["no table", "| a |\n| b |"])
def test_what_is_no_table_is_compared_by_word(old: str) -> None:
    assert compare(old, "| a | b |\n|---|---|\n| no | table |").tables == ()


def test_equal_texts_have_no_differences() -> None:
    assert compare(OLD, OLD).total == 0
    assert kinds(compare("", "")) == []
    assert kinds(compare("", "a")) == ["added"]
    assert kinds(compare("a", "")) == ["removed"]


def test_markup_stays_plain_text() -> None:
    assert compare("", "<script>").rows[0].segments == (Segment("ins", "<script>"),)


def test_a_comparison_fits_only_its_own_text(diff: Diff) -> None:
    assert diff.apply(OLD) == NEW
    with pytest.raises(ValueError, match="another text"):
        diff.apply(NEW)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b c", "a x c", [("same", "a "), ("del", "b"), ("ins", "x"), ("same", " c")]),
        ("a b c d", "a x y d", [("same", "a "), ("del", "b c"), ("ins", "x y"), ("same", " d")]),
        ("中文字", "中国字", [("same", "中"), ("del", "文"), ("ins", "国"), ("same", "字")]),
        ("हिन्दी अ", "हिन्दु अ", [("del", "हिन्दी"), ("ins", "हिन्दु"), ("same", " अ")]),
        ("", "a", [("ins", "a")]),
        ("a", "a", [("same", "a")]),
    ],
)
def test_words(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [tuple(segment) for segment in compare_words(old, new)] == expected


LINES = st.sampled_from(
    ["a b c d e\n",
     "a b c x e\n", "\n", "- one\n", "- two\n", "## H\n", "## I\n", "```\n", "| a | b |\n", "|---|---|\n",
     "| 1 | 2 |\n", "a long paragraph to be moved about\n", "no end", "   \n", "\t- deep\n", "é\u0301 <b>\n"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(LINES, max_size=25).map("".join), st.text(max_size=50))


@given(TEXTS, TEXTS)
def test_a_comparison_holds_both_texts(old: str, new: str) -> None:
    found = compare(old, new)
    assert found.old_text == old
    assert found.apply(old) == new
    assert (found.total == 0) == ([b.text for b in split_blocks(old)] == [b.text for b in split_blocks(new)])


@given(TEXTS, TEXTS)
def test_what_moved_is_told_twice_side_by_side_and_once_in_one_column(old: str, new: str) -> None:
    found = compare(old, new)
    moved = [row for row in found.rows if row.kind == "moved"]
    away, here = ([row.segments for row in moved if row.away is side] for side in (True, False))
    assert sorted(away) == sorted(here)
    assert [row.segments for row in found.unified if row.kind == "moved"] == here
    every = [inner for row in found.unified for inner in row.rows or (row,)]
    numbers = [row.new_number for row in every if row.new_number]
    assert numbers == list(range(1, len(split_blocks(new)) + 1))


CELLS = st.sampled_from(["a", "b", "c", "1", "2 x", "[[T|l]]", ""])


@st.composite
def grids(draw: st.DrawFn) -> list[list[str]]:
    """A header of named columns, and rows of as many cells."""
    header = draw(st.lists(st.sampled_from("pqrst"), min_size=1, max_size=4, unique=True))
    row = st.lists(CELLS, min_size=len(header), max_size=len(header))
    return [header, *draw(st.lists(row, max_size=5))]


def table(grid: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in grid]
    return "\n".join([lines[0], "|---" * len(grid[0]) + "|", *lines[1:]])


@given(grids(), grids())
def test_the_cells_of_a_compared_table_tell_both_tables(old: list[list[str]], new: list[list[str]]) -> None:
    found = compare_tables(table(old), table(new))
    assert found is not None
    for grid, gone, come in ((old, "ins", "added"), (new, "del", "removed")):
        columns = [cell.kind != come for cell in found.header]
        rows = [found.header, *(row.cells for row in found.rows if row.kind != come)]
        texts = [
            ["".join(part.text for part in cell.segments if part.kind != gone) for cell in cells]
            for cells in rows
        ]
        told = [[text for text, there in zip(line, columns, strict=True) if there] for line in texts]
        assert told[0] == grid[0]
        left = iter(grid[1:])
        assert all(any(line == row for row in left) for line in told[1:])  # in their order
        if all(cell.kind == "same" for cell in found.header):
            hidden = len(new) - 1 - sum(row.kind != "removed" for row in found.rows)
            assert hidden == len(old) - 1 - sum(row.kind != "added" for row in found.rows)


@given(TEXTS, TEXTS)
def test_words_hold_both_texts(old: str, new: str) -> None:
    segments = compare_words(old, new)
    assert "".join(words(segments, "same", "del")) == old
    assert "".join(words(segments, "same", "ins")) == new
    assert all(segment.text for segment in segments)
    assert all(a.kind != b.kind for a, b in pairwise(segments))


@given(TEXTS)
def test_blocks_are_the_text(text: str) -> None:
    assert "".join(block.text + block.tail for block in split_blocks(text)) == text


def test_fences_are_one_block() -> None:
    assert len(split_blocks("```\n- a\n\n## b\n\n```\n\n- a\n- b\n\ntext\n## H\ntext")) == 6


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_alignment_rises_and_pairs_equals(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


def test_long_texts_are_aligned_by_what_is_unique() -> None:
    old = [f"unique {n}" if n % 3 == 0 else "same" for n in range(3_000)]
    new = ["x", *old[:1_000], *old[1_001:], "y"]
    pairs = align(old, new)
    assert len(pairs) >= len(old) - 10
    assert align(["a"] * 3_000 + ["b"], ["b"] * 3_000 + ["a"]) == []


@pytest.mark.parametrize("length", [60, 250])
def test_a_text_changed_throughout_is_still_compared_by_word(length: int) -> None:
    old = [f"Paragraph {n} of a page that says much about {n * 7} things." for n in range(length)]
    new = [text.replace("much", "little") for text in old]
    found = compare("\n\n".join(old), "\n\n".join(new))
    assert (found.changed, found.total) == (length, length)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- a\n" * 200_000, "- b\n- a\n" * 100_000),
        ("word " * 200_000, "word other " * 90_000),
        ("\n\n".join(f"paragraph {n} of the old" for n in range(30_000)),
         "\n\n".join(f"paragraph {n} of the new" for n in range(30_000))),
        ("| a " * 100 + "|\n" + "|-" * 100 + "|\n" + ("| b " * 100 + "|\n") * 2_000,
         "| a " * 100 + "|\n" + "|-" * 100 + "|\n" + ("| c " * 100 + "|\n") * 2_000),
    ],
    ids=["items", "one paragraph", "paragraphs", "table"],
)  # fmt: skip
def test_a_megabyte_is_compared(old: str, new: str) -> None:
    found = compare(old, new)
    assert found.total
    assert found.apply(old) == new


# --- facts -----------------------------------------------------------------------------------------------------

FIELDS = [("gdp", "GDP"), ("capital", "Capital"), ("languages", "Languages")]


def test_facts_are_compared_in_the_order_of_their_fields() -> None:
    old = {"capital": "Bonn", "gdp": "80.4 billion", "languages": ["German"], "other": 1}
    new = {"gdp": "82.2 billion", "languages": ["German", "Danish"], "capital": "Bonn", "other": 2}
    changes = compare_facts(old, new, FIELDS)
    assert [change.key for change in changes] == ["gdp", "languages"]
    assert words(changes[0].segments, "ins") == ["82.2"]
    assert (changes[1].old, changes[1].new) == ("German", "German, Danish")


FACTS = st.dictionaries(
    st.sampled_from([key for key, _label in FIELDS]), st.sampled_from(["", "Bonn", "Bonn and Berlin", "80.4"])
)


@given(FACTS, FACTS)
def test_the_changes_of_facts_applied_give_the_new_facts(old: dict[str, str], new: dict[str, str]) -> None:
    changes = compare_facts(old, new, FIELDS)
    applied = {**old, **{change.key: change.new for change in changes}}
    assert {key: value for key, value in applied.items() if value} == {
        key: value for key, value in new.items() if value
    }
    for change in changes:
        assert change.old == old.get(change.key, "") != change.new
        assert "".join(words(change.segments, "same", "del")) == change.old
        assert "".join(words(change.segments, "same", "ins")) == change.new


def test_no_value_and_an_empty_value_are_the_same() -> None:
    assert compare_facts({"gdp": ""}, {"gdp": None}, FIELDS) == []
    assert compare_facts({}, {"gdp": 3}, FIELDS) == [
        FactChange("gdp", "GDP", "", "3", (Segment("ins", "3"),))
    ]
