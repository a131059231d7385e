"""Merging loses nothing, invents nothing, and asks when two people changed the same words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplopedia.merging import Conflict, merge, merge_fields

BASE = "Intro. More intro.\n\n## A\n\nFirst of a.\n\nSecond of a.\n\n- one\n- two\n\n## B\n\nOnly of b.\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (("First", "1st"), ("Only", "Single"), "different sections"),
        (("First", "1st"), ("Second", "2nd"), "neighbours"),
        (("- one", "- uno"), ("- two", "- due"), "items"),
        (("Intro.", "Start."), ("More intro", "Much more"), "sentences of one paragraph"),
        (("\n## B", "\nAdded by me.\n\n## B"), ("Only", "Single"), "an added paragraph"),
        (("Only of b.\n", "Only of b.\n\nEnd.\n"), ("Intro.", "Start."), "text at the end"),
        (("Second of a.\n\n", ""), ("Only", "Single"), "a removed paragraph"),
        (("- two\n", "- two\n- three\n"), ("First", "1st"), "an added item"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_different_places_merge(mine: tuple[str, str], theirs: tuple[str, str], merged: str) -> None:
    both = BASE.replace(*mine).replace(*theirs)
    assert merge(BASE, BASE.replace(*mine), BASE.replace(*theirs)).text == both, merged
    assert merge(BASE, BASE.replace(*theirs), BASE.replace(*mine)).text == both, merged


@pytest.mark.parametrize(
    ("mine", "theirs", "conflict"),
    [
        (("First", "1st"), ("First", "Primo"), Conflict("First of a.", "1st of a.", "Primo of a.", "A")),
        (("First of a.\n\n", ""), ("First", "1st"), Conflict("First of a.", "", "1st of a.", "A")),
        (("## B", "Mine.\n\n## B"), ("## B", "Theirs.\n\n## B"), Conflict("", "Mine.", "Theirs.", "A")),
    ],
    ids=["same sentence", "removed and changed", "inserted at one place"],
)
def test_the_same_place_is_a_question(
    mine: tuple[str, str], theirs: tuple[str, str], conflict: Conflict
) -> None:
    found = merge(BASE, BASE.replace(*mine), BASE.replace(*theirs))
    assert found.text is None
    assert found.conflicts == [conflict]


def test_what_is_put_into_a_removed_passage_is_a_question() -> None:
    mine = BASE.replace("Second of a.", "Between.\n\nSecond of a.")
    theirs = BASE.replace("First of a.\n\nSecond of a.\n\n", "")
    found = merge(BASE, mine, theirs)
    assert found.text is None
    assert "Between." in found.conflicts[0].mine


def test_of_several_removed_paragraphs_only_the_changed_one_is_a_question() -> None:
    """As when an early edit that added them is undone: nobody is asked about those left as they were."""
    added = BASE.replace("## B", "Third of a.\n\nFourth of a.\n\nFifth of a.\n\n## B")
    changed = added.replace("Fourth", "4th").replace("Only", "Single")
    found = merge(added, BASE, changed)
    assert found.conflicts == [Conflict("Fourth of a.", "", "4th of a.", "A")]
    assert found.chosen([""]) == BASE.replace("Only", "Single")
    assert found.chosen(["4th of a."]) == BASE.replace("## B", "4th of a.\n\n## B").replace("Only", "Single")


def test_a_rewritten_passage_is_asked_about_as_a_whole_and_nothing_beside_it() -> None:
    """Which new paragraph stands for the changed one, nobody can say."""
    base = "a b c d\n\ne f g h\n\ni j k l\n\nm n o p\n\nq r s t\n"
    mine = "a b c d\n\nother words\n\ni j k l, mine\n\nq r s t\n"
    theirs = "a b c d, theirs\n\ne f g h\n\ni j k l\n\nm n o p, theirs\n\nq r s t\n"
    found = merge(base, mine.replace("other words", "One.\n\nTwo.\n\nThree."), theirs.replace("e f", "E f"))
    assert found.conflicts == [
        Conflict("e f g h", "One.\n\nTwo.\n\nThree.", "E f g h"),
        Conflict("m n o p", "", "m n o p, theirs"),
    ]
    assert found.parts[0] == "a b c d, theirs\n\n"


def test_a_question_leaves_the_rest_settled() -> None:
    mine = BASE.replace("First", "1st").replace("Only", "Single")
    found = merge(BASE, mine, BASE.replace("First", "Primo").replace("Intro.", "Start."))
    assert found.chosen(["Both firsts of a."]) == (
        BASE.replace("First of", "Both firsts of").replace("Only", "Single").replace("Intro.", "Start.")
    )
    with pytest.raises(ValueError, match="each conflict"):
        found.chosen([])


def test_choosing_nothing_removes_the_paragraph() -> None:
    found = merge("a\n\nb\n\nc\n", "a\n\nb1\n\nc\n", "a\n\nb2\n\nc\n")
    assert found.chosen([""]) == "a\n\nc\n"


def test_rows_of_one_table_merge() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    assert merge(table, table.replace("2", "two"), table.replace("4", "four")).text == (
        "| a | b |\n|---|---|\n| 1 | two |\n| 3 | four |\n"
    )
    assert merge(table, table.replace("2", "two"), table.replace("1", "one")).conflicts


def test_line_ends_do_not_matter() -> None:
    assert merge("a\r\n\r\nb", "a\n\nb", "a\r\rb2").text == "a\n\nb2"


def test_the_last_line_end_is_kept_or_made() -> None:
    assert merge("a\n\nb", "a1\n\nb", "a\n\nb\n").text == "a1\n\nb\n"
    assert merge("a\n\nb\n", "a1\n\nb\n", "a\n\nb").text == "a1\n\nb"


def test_text_of_a_megabyte_merges() -> None:
    base = [f"Paragraph {n} of this long page." for n in range(30_000)]
    mine, theirs = list(base), list(base)
    mine[10], theirs[19_000] = "Mine.", "Theirs."
    merged = merge(*("\n\n".join(text) for text in (base, mine, theirs))).text
    assert merged is not None
    assert merged.count("Mine.") == merged.count("Theirs.") == 1


# --- what holds for all texts ----------------------------------------------------------------------------------

PARAGRAPHS = st.sampled_from(
    [
        "Alpha one. Alpha two.",
        "Beta one two three.",
        "- item one",
        "- item two",
        "## Head",
        "Gamma.",
        "| a |\n|---|\n| b |",
    ]
)
WORDS = st.text(alphabet="xyz", min_size=1, max_size=4)
CHANGE = st.one_of(
    st.none(),
    st.just(""),
    WORDS.map(lambda word: word + "."),
    WORDS.map(lambda word: f"Alpha {word}. New."),
    WORDS.map(lambda word: f"First {word}.\n\nSecond {word}.\n\nThird {word}."),
)


def page(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def numbered(paragraph: str, number: int) -> str:
    """Every paragraph of a page is another, so that it is plain which one was changed."""
    return paragraph.replace(" b |", f" b{number} |") if "|" in paragraph else f"{paragraph} Number {number}."


@st.composite
def edits(draw: st.DrawFn, disjoint: bool = False) -> tuple[str, str, str]:
    """A page and two descendants of it; disjoint ones leave an unchanged paragraph between them."""
    base = [
        numbered(paragraph, n)
        for n, paragraph in enumerate(draw(st.lists(PARAGRAPHS, min_size=1, max_size=6)))
    ]
    mine, theirs = list(base), list(base)
    for at in range(len(base)):
        change, who = draw(CHANGE), draw(st.integers(0, 2))
        if change is None or (disjoint and at % 2):
            continue
        if who != 1:
            mine[at] = change
        if who == 1 or (who == 2 and not disjoint):
            theirs[at] = draw(st.sampled_from([change, change + "t"])) if who == 2 else change
    return page(base), page(mine), page(theirs)


def bag(text: str) -> set[str]:
    return set(re.findall(r"[^\s.]+", text))


@given(st.text(), st.text())
def test_one_editor_alone_wins(base: str, other: str) -> None:
    clean = other.replace("\r\n", "\n").replace("\r", "\n")
    assert merge(base, base, other).text == clean
    assert merge(base, other, base).text == clean


@given(st.text(), st.text())
def test_equal_edits_are_one(base: str, other: str) -> None:
    assert merge(base, other, other).text == other.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=300)
@given(edits())
def test_nothing_is_lost_and_nothing_invented(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    found = merge(base, mine, theirs)
    kept = " ".join(f"{p.base} {p.mine} {p.theirs}" if isinstance(p, Conflict) else p for p in found.parts)
    assert bag(mine) - bag(base) <= bag(kept)
    assert bag(theirs) - bag(base) <= bag(kept)
    common = set(base.split("\n\n")) & set(mine.split("\n\n")) & set(theirs.split("\n\n"))
    assert all(paragraph.strip() in kept for paragraph in common)
    assert bag(kept) <= bag(base) | bag(mine) | bag(theirs)
    if found.text is not None:
        assert bag(found.text) <= bag(mine) | bag(theirs)


@settings(max_examples=300)
@given(edits())
def test_sides_may_be_swapped(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.text == other.text
    assert len(one.conflicts) == len(other.conflicts)


@settings(max_examples=300)
@given(edits(disjoint=True))
def test_edits_apart_never_conflict(texts: tuple[str, str, str]) -> None:
    found = merge(*texts)
    assert found.text is not None
    assert merge(texts[0], texts[2], texts[1]).text == found.text


@given(st.text(), st.text(), st.text())
def test_any_texts_merge_or_ask(base: str, mine: str, theirs: str) -> None:
    found = merge(base, mine, theirs)
    assert (found.text is None) == bool(found.conflicts)
    assert all(conflict.mine != conflict.theirs for conflict in found.conflicts)


# --- fields ----------------------------------------------------------------------------------------------------

VALUES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2", None]))


def test_fields_merge_by_key() -> None:
    base = {"gdp": "1", "capital": "Bonn", "old": "x", "same": "s"}
    mine = {"gdp": "2", "capital": "Berlin", "same": "s"}
    theirs = {"gdp": "1", "capital": "Hamburg", "old": "x", "same": "s", "new": "n"}
    merged, conflicts = merge_fields(base, mine, theirs)
    assert merged == {"gdp": "2", "capital": "Berlin", "same": "s", "new": "n"}
    assert conflicts == ["capital"]


@given(VALUES, VALUES, VALUES)
def test_fields_follow_the_laws(base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]) -> None:
    merged, conflicts = merge_fields(base, mine, theirs)
    swapped, others = merge_fields(base, theirs, mine)
    assert sorted(conflicts) == sorted(others)
    assert {k: v for k, v in merged.items() if k not in conflicts} == {
        k: v for k, v in swapped.items() if k not in conflicts
    }
    assert merge_fields(base, base, theirs) == (theirs, [])
    assert merge_fields(base, mine, mine) == (mine, [])
