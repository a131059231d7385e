"""Laws of merging versions: nothing that only one person touched is lost, and who merges makes no difference."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from diplopedia.versions import Version, changed, merge_sets, merge_versions

words = st.text("abcdefgh", min_size=1, max_size=6)
names = st.frozensets(st.sampled_from("pqrstuv"), max_size=5)
numbers = st.frozensets(st.integers(1, 9), max_size=5)
facts = st.dictionaries(st.sampled_from("klmn"), words, max_size=4)
# Paragraphs that are all different, as those of articles are.
paragraphs = st.lists(words, min_size=2, max_size=8, unique=True)


def text(parts: list[str]) -> str:
    return "\n\n".join(f"Paragraph {n} says {part}." for n, part in enumerate(parts))


@st.composite
def versions(draw: st.DrawFn) -> Version:
    return Version(
        body=text(draw(paragraphs)),
        facts=draw(facts),
        tags=draw(names),
        regions=draw(numbers),
        contacts=draw(numbers),
    )


@given(versions(), versions())
def test_where_only_one_changed_anything_the_result_is_theirs(base, one):
    assert not changed(merge_versions(base, one, base).version, one)
    assert not changed(merge_versions(base, base, one).version, one)
    assert merge_versions(base, one, base).clean


@given(versions(), versions())
def test_the_same_change_by_both_is_that_change(base, one):
    merged = merge_versions(base, one, one)
    assert merged.clean
    assert not changed(merged.version, one)


@given(paragraphs, st.data())
def test_changes_to_different_paragraphs_are_all_there(parts, data):
    owner = [data.draw(st.sampled_from(["mine", "theirs", "nobody"])) for _ in parts]

    def by(who: str) -> str:
        return text([f"{part} and {who}{n}" if owner[n] == who else part for n, part in enumerate(parts)])

    merged = merge_versions(Version(text(parts)), Version(by("mine")), Version(by("theirs")))
    assert merged.clean
    for n, who in enumerate(owner):
        part = parts[n] if who == "nobody" else f"{parts[n]} and {who}{n}"
        assert f"Paragraph {n} says {part}." in merged.version.body
    assert merged.version.body.count("Paragraph") == len(parts)


@given(versions(), versions(), versions())
def test_conflicts_keep_both_wordings_and_all_else_is_in_the_result(base, mine, theirs):
    merged = merge_versions(base, mine, theirs)
    swapped = merge_versions(base, theirs, mine)
    assert merged.clean == swapped.clean
    if merged.clean:
        assert not changed(merged.version, swapped.version)
    for key in merged.fields:
        assert len({base.facts.get(key), mine.facts.get(key), theirs.facts.get(key)}) == 3
    for key in {*base.facts, *mine.facts, *theirs.facts} - set(merged.fields):
        here, there, before = mine.facts.get(key), theirs.facts.get(key), base.facts.get(key)
        assert merged.version.facts.get(key) == (there if here == before else here)


@given(names, names, names)
def test_sets_hold_what_either_added_and_nothing_that_either_removed(base, mine, theirs):
    merged = merge_sets(base, mine, theirs)
    added, removed = (mine - base) | (theirs - base), (base - mine) | (base - theirs)
    assert merged == (base | added) - removed
    assert merged == merge_sets(base, theirs, mine)


@given(versions())
def test_nobody_sees_line_ends_and_empty_facts(one):
    same = replace(one, body=one.body.replace("\n", "\r\n") + "\n", facts={**one.facts, "empty": ""})
    assert not changed(one, same)
    assert changed(one, replace(one, body=one.body + "!"))
    assert changed(one, replace(one, facts={**one.facts, "new": "x"}))
    assert changed(one, replace(one, tags=one.tags | {"new"}))


@given(versions(), versions())
def test_identity_tells_versions_apart(one, two):
    assert (one.identity == two.identity) == (one == two)
