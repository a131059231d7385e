"""Judged queries: the measures, the files, plain BM25, and the command."""

from __future__ import annotations

import json
import math
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from people.models import User
from search.engines import Engine, engine_at
from search.entries import Key
from search.evaluation import judgements, metrics, naming
from search.evaluation.baseline import PlainBM25
from search.evaluation.judgements import Answer, Malformed
from search.evaluation.measuring import measures
from search.upkeep import rebuild
from tests.factories import UserFactory
from tests.search.samples import Notes, article, note

GRADES = st.lists(st.integers(0, 3), max_size=30)


# --- measures --------------------------------------------------------------------------------------------------------


def test_ndcg_is_that_of_the_textbook() -> None:
    """The example of Wikipedia's “Discounted cumulative gain”: six documents ranked, two better ones left out."""
    ranking, judged = [3, 2, 3, 0, 1, 2], [3, 2, 3, 0, 1, 2, 3, 2]
    assert metrics.dcg(ranking, 6) == pytest.approx(6.861, abs=0.001)
    assert metrics.dcg(sorted(judged, reverse=True), 6) == pytest.approx(8.740, abs=0.001)
    assert metrics.ndcg(ranking, judged, 6) == pytest.approx(0.785, abs=0.001)


def test_mean_reciprocal_rank_is_that_of_the_textbook() -> None:
    """The example of Wikipedia's “Mean reciprocal rank”: right at the third, the second and the first place."""
    rankings = [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert metrics.mean([*map(metrics.reciprocal_rank, rankings)]) == pytest.approx(11 / 18)


def test_what_is_not_relevant_counts_for_nothing() -> None:
    assert metrics.precision_at_1([0, 3]) == 0
    assert metrics.precision_at_1([1]) == 1
    assert metrics.precision_at_1([]) == metrics.reciprocal_rank([0, 0]) == metrics.ndcg([0], [0, 0]) == 0
    assert metrics.recall([2, 0, 1], [2, 1, 1, 0], 2) == pytest.approx(1 / 3)


def test_percentiles_are_by_nearest_rank() -> None:
    assert [metrics.percentile([15, 20, 35, 40, 50], share) for share in (0.05, 0.3, 0.4, 0.5, 1)] == [
        15, 20, 20, 35, 50,
    ]  # fmt: skip
    assert metrics.percentile([], 0.5) == 0


@given(GRADES, GRADES)
def test_measures_stay_between_none_and_all(ranking: list[int], missed: list[int]) -> None:
    judged = ranking + missed
    values = [
        metrics.precision_at_1(ranking),
        metrics.reciprocal_rank(ranking),
        metrics.ndcg(ranking, judged),
        metrics.recall(ranking, judged, 10),
    ]
    assert all(0 <= value <= 1 + 1e-9 for value in values)


@given(GRADES.filter(any))
def test_the_best_order_is_worth_one_and_no_order_more(grades: list[int]) -> None:
    best = sorted(grades, reverse=True)
    assert metrics.ndcg(best, grades) == pytest.approx(1)
    assert metrics.ndcg(grades, grades) <= 1 + 1e-9


@given(GRADES.filter(lambda grades: len(grades) > 1), st.data())
def test_to_move_a_better_document_up_is_never_worse(grades: list[int], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(grades) - 2))
    if grades[at] < grades[at + 1]:
        better = [*grades[:at], grades[at + 1], grades[at], *grades[at + 2 :]]
        for measure in (metrics.precision_at_1, metrics.reciprocal_rank, lambda g: metrics.dcg(g, 10)):
            assert measure(better) >= measure(grades)


@given(st.lists(st.integers(0, 20), unique=True), st.lists(st.integers(0, 20), unique=True))
def test_overlap_is_mutual(one: list[int], other: list[int]) -> None:
    first, second = [*map(str, one)], [*map(str, other)]
    assert metrics.overlap(first, second) == metrics.overlap(second, first)
    assert metrics.overlap(first, first) == 1


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("not json", "not JSON"),
        ('["q1"]', "no object"),
        ('{"id": "q1"}', "“text” is missing"),
        ('{"id": "q 1", "text": "x"}', "space"),
        ('{"id": 1, "text": "x"}', "“id” is missing or is no text"),
        ('{"id": "q0", "text": "x"}', "earlier line"),
        ('{"id": "q1", "text": "x", "category": 3}', "“category”"),
    ],
)
def test_a_bad_query_is_refused_with_its_line_and_a_right_one(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "q0", "text": "dari"}\n\n' + line + "\n")
    with pytest.raises(Malformed, match="line 3") as refused:
        judgements.read_queries(path)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [("q1 0 d1", "3 columns"), ("q1 0 d1 x", "no whole number"), ("q0 0 d1 2", "judged for q0 before")],
)
def test_a_bad_judgement_is_refused_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "q.tsv"
    path.write_text("q0\t0\td1\t3\n" + line + "\n")
    with pytest.raises(Malformed, match="line 2") as refused:
        judgements.read_judgements(path)
    assert words in str(refused.value)


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'{"id": "q0", "text": "dari"}\n{"id": "q1", "text": "f\xfcr"}\n')
    with pytest.raises(Malformed, match="line 2: this is not UTF-8"):
        judgements.read_queries(path)


def test_spaces_and_tabs_do_in_judgements(tmp_path: Path) -> None:
    path = tmp_path / "q.tsv"
    path.write_text("q0\t0\td1\t3\nq0 0 d2 0\n\nq1   0   d1   -1\n")
    assert judgements.read_judgements(path) == {"q0": {"d1": 3, "d2": 0}, "q1": {"d1": -1}}


def test_a_run_has_ranks_and_falling_scores(tmp_path: Path) -> None:
    path = tmp_path / "run"
    judgements.write_run(path, {"q0": [Answer("a", 2.0), Answer("b", 2.0), Answer("c", 1.0)]}, "tag")
    rows = [line.split() for line in path.read_text().splitlines()]
    assert [(row[0], row[1], row[2], row[3], row[5]) for row in rows] == [
        ("q0", "Q0", name, str(rank), "tag") for rank, name in enumerate("abc", 1)
    ]
    scores = [float(row[4]) for row in rows]
    assert scores == sorted(set(scores), reverse=True)


# --- plain BM25 ------------------------------------------------------------------------------------------------------


def test_plain_bm25_is_the_formula() -> None:
    """Three texts of 2, 2 and 4 words (the mean is 8/3), by hand with k1 = 1.2 and b = 0.75."""
    entries = [article(1, "visa fee"), article(2, "port call"), article(3, "visa visa for crews")]
    index = PlainBM25(entries, frozenset({"all"}))
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    first = rarity * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / (8 / 3)))
    third = rarity * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 4 / (8 / 3)))
    keys, scores = zip(*index.search("visa", 10), strict=True)
    assert keys == (Key("article", 3), Key("article", 1))
    assert scores == pytest.approx((third, first))


def test_plain_bm25_keeps_access() -> None:
    entries = [article(1, "visa secret", "", "g:7"), article(2, "visa fee")]
    assert [key.pk for key, _ in PlainBM25(entries, frozenset({"all"})).search("visa secret", 10)] == [2]


# --- a document's names ----------------------------------------------------------------------------------------------


def test_a_document_has_the_name_by_which_it_was_judged() -> None:
    """A page that was imported twice has two ids; what a judged set names counts."""
    ranking = [Answer("page-2", 1.0)]
    assert measures(ranking, {"page-2": 3})["MRR"] == 1


def test_what_was_never_imported_is_named_by_kind_and_key() -> None:
    assert naming.names_of([Key("nothing", 5)]) == {Key("nothing", 5): ("nothing:5",)}


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def judged(empty_engine: Engine, notes: Notes, outsider: User, tmp_path: Path) -> list[str]:
    """An engine with two notes for all and one for few, and the options that name three queries judged over them."""
    visa, port, hidden = note("Visa policy"), note("Port calls"), note("Visa secrets", "g:7")
    rebuild()
    queries, qrels = tmp_path / "q.jsonl", tmp_path / "q.tsv"
    rows = [("q1", "visa", "topic"), ("q2", "ports", "topic"), ("q3", "zebra", "none")]
    queries.write_text(
        "".join(json.dumps({"id": name, "text": text, "category": kind}) + "\n" for name, text, kind in rows)
    )
    qrels.write_text(f"q1 0 note:{visa.pk} 3\nq1 0 note:{hidden.pk} 3\nq2 0 note:{port.pk} 3\n")
    return ["--queries", str(queries), "--qrels", str(qrels)]


def evaluate(*options: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("evaluate_search", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_figures_come_by_category_and_overall(judged: list[str]) -> None:
    lines = [" ".join(line.split()) for line in evaluate(*judged).splitlines()]
    assert "topic 2 1.0000 1.0000 0.8066 0.7500 0.7500 0 of 2" in lines
    assert "none 1 – – – – – 0 of 0; 1 of 1 that have no right answer" in lines
    assert any(line.startswith("overall 3 1.0000 1.0000 0.8066") for line in lines)


def test_the_run_is_written_as_the_reader_may_see_it(judged: list[str], tmp_path: Path) -> None:
    evaluate(*judged, "--run", str(tmp_path / "run"))
    rows = [line.split() for line in (tmp_path / "run").read_text().splitlines()]
    assert [row[0] for row in rows] == ["q1", "q2"]
    assert all(row[1] == "Q0" and row[3] == "1" and row[5] == "diplopedia-tantivy" for row in rows)


def test_plain_bm25_stands_beside(judged: list[str]) -> None:
    printed = evaluate(*judged, "--baseline", "bm25")
    assert "BM25 nDCG@10" in printed
    line = next(line for line in printed.splitlines() if line.startswith("topic"))
    assert line.split()[7:10] == ["0.5000", "0.5000", "0.3066"], (
        "plain BM25 does not know that ports are a port"
    )


def test_what_went_wrong_is_listed_when_asked_for(judged: list[str]) -> None:
    printed = evaluate(*judged, "-v", "2")
    assert "0.613  q1  visa" in printed
    assert "q2" not in printed


def test_the_directory_is_asked_through_its_own_reading(judged: list[str], tmp_path: Path) -> None:
    somebody = UserFactory.create(first_name="Robert", last_name="Achterman")
    queries, qrels = tmp_path / "people.jsonl", tmp_path / "people.tsv"
    queries.write_text(json.dumps({"id": "p1", "text": "Bob Achterman", "category": "name"}) + "\n")
    qrels.write_text(f"p1 0 person:{somebody.profile.pk} 3\n")
    options = ["--queries", str(queries), "--qrels", str(qrels), "--minimum", "nDCG@10=1"]
    assert "asked of directory-tantivy" in evaluate(*options, "--through", "directory")
    with pytest.raises(CommandError, match="Not good enough"):
        evaluate(*options, "--through", "search")


@pytest.mark.parametrize("minimum", ["P@1=1", "ndcg@10=0.8", "topic:MRR=0.99", "none:empty=1"])
def test_minima_that_are_reached_are_silent(judged: list[str], minimum: str) -> None:
    evaluate(*judged, "--minimum", minimum)


def test_minima_that_are_missed_fail(judged: list[str]) -> None:
    with pytest.raises(CommandError, match=r"topic: nDCG@10 is 0\.8066, below 0\.9; overall: recall@10"):
        evaluate(*judged, "--minimum", "topic:nDCG@10=0.9", "--minimum", "recall@10=0.9")


@pytest.mark.parametrize("minimum", ["P@1", "P@1=high", "typos:P@1=1", "fame=1"])
def test_a_minimum_that_is_none_is_refused(judged: list[str], minimum: str) -> None:
    with pytest.raises(CommandError, match="Write METRIC=VALUE"):
        evaluate(*judged, "--minimum", minimum)


def test_files_that_do_not_belong_together_are_refused(judged: list[str], tmp_path: Path) -> None:
    other = tmp_path / "other.tsv"
    other.write_text("z9 0 note:1 3\n")
    with pytest.raises(CommandError, match="judges no query"):
        evaluate(*judged[:3], str(other))


def test_an_engine_without_entries_is_refused(judged: list[str], tmp_path: Path) -> None:
    url = f"tantivy://{tmp_path}/other"
    with engine_at(url).rebuild() as new, new.swapping():
        pass
    with pytest.raises(CommandError, match="rebuild_search"):
        evaluate(*judged, "--engine", url)
    with pytest.raises(CommandError, match="Known engines: tantivy"):
        evaluate(*judged, "--engine", "lucene")


def test_an_engine_is_named_by_its_scheme(judged: list[str]) -> None:
    assert "3 queries, asked of tantivy" in evaluate(*judged, "--engine", "tantivy")


def test_the_reader_is_an_ordinary_colleague_or_the_one_named(judged: list[str], administrator: User) -> None:
    with pytest.raises(CommandError, match="no such active user"):
        evaluate(*judged, "--as", "nobody")
    assert administrator.username in evaluate(*judged, "--as", administrator.username)
