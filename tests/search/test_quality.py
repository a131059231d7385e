"""How well judged queries are answered over the demonstration content, held to minima: by the search on each engine,
and those about people by the directory, which asks each engine for the words that it leaves over.

What is kept for releases of the judged queries is not asked here.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from people.models import User
from search.engines import engine_at
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.evaluation.judgements import Asked, read_judgements, read_queries
from search.evaluation.measuring import Figures, Run, askers, figures, plain_bm25, run
from search.evaluation.metrics import mean, overlap
from search.evaluation.report import failures, table
from search.upkeep import rebuild
from tests import database
from tests.remembered import NOTHING

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parents[2] / "evaluation"
JUDGED = datetime(2026, 11, 22, 12, tzinfo=UTC)  # as time passes, verified pages fall due and people move on
SETS = ("tuning", "tuning2", "experts3", "experts4", "experts5")
QUERIES = [asked for name in SETS for asked in read_queries(FOLDER / f"{name}.jsonl")]
JUDGEMENTS = {
    name: grades
    for judged in SETS
    for name, grades in read_judgements(FOLDER / f"{judged}.qrels.tsv").items()
}
ABOUT_PEOPLE = {
    json.loads(line)["category"]
    for path in FOLDER.glob("experts*.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines()
}
# What every category reaches, and what all of them do together.
EACH = {"P@1": 0.9, "MRR": 0.9, "nDCG@10": 0.9}
OF_PEOPLE = {**EACH, "nDCG@10": 0.95}
OVERALL = {"P@1": 0.97, "MRR": 0.97, "nDCG@10": 0.97, "recall@10": 0.95}
COLLEAGUE = re.compile(r"d\d+")  # a person of the demo; a page may well tell of what nobody speaks
ALIKE = 0.8
MORE = 0.15  # than plain BM25
PAGES = ("search", "directory")


@pytest.fixture(scope="module", autouse=True)
def embedded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The embedded engine with the demonstration content, loaded once for this module, on the day of judgement."""
    place = f"tantivy://{tmp_path_factory.mktemp('demo')}/index"
    today = mock.patch("django.utils.timezone.now", return_value=JUDGED)
    with today, django_db_blocker.unblock(), override_settings(SEARCH_URL=place):
        call_command("load_demo", verbosity=0)
        yield place
        database.restore()


@pytest.fixture(scope="module")
def server(elasticsearch_url: str, embedded: str) -> Iterator[str]:
    """The same content in Elasticsearch."""
    place = f"elasticsearch+{elasticsearch_url}/q{uuid.uuid4().hex[:10]}"
    with override_settings(SEARCH_URL=place, SEARCH_TIMEOUT=20.0):
        rebuild()
    yield place
    indexes = cast(ElasticsearchEngine, engine_at(place)).indexes
    indexes.remove(*(index.name for index in indexes.look(f"{indexes.prefix}-*")))


@pytest.fixture(params=["embedded", "server"])
def kind(request: pytest.FixtureRequest, settings: Settings) -> str:
    """An engine that holds the demo, by the name of its fixture."""
    NOTHING.keep()  # of the prepared database, which the demo is not in
    settings.SEARCH_TIMEOUT = 20.0
    settings.SEARCH_URL = request.getfixturevalue(request.param)
    return str(request.param)


@pytest.fixture
def reader() -> User:
    """A colleague of the demo in no group."""
    found: User = User.objects.get(username="tamsin.fairweather-diallo")
    return found


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> str:
    """What is asked: the search of everything, or the directory."""
    return str(request.param)


ANSWERED: dict[tuple[str, str], Run] = {}
PLAIN: list[Run] = []


def queries_of(page: str) -> list[Asked]:
    """What a page is asked: the directory what is about people, the search everything."""
    return [asked for asked in QUERIES if page == "search" or asked.category in ABOUT_PEOPLE]


def answered(kind: str, page: str, reader: User) -> Run:
    """The judged queries as a page answers them with an engine, asked once."""
    if (kind, page) not in ANSWERED:
        ask = askers[page](reader, 20)
        ANSWERED[kind, page] = run(f"{page} {kind}", queries_of(page), JUDGEMENTS, ask)
    return ANSWERED[kind, page]


def plainly(reader: User) -> Run:
    """All judged queries as plain BM25 answers them, whichever the engine and the page, asked once."""
    if not PLAIN:
        PLAIN.append(run("bm25", QUERIES, JUDGEMENTS, plain_bm25(reader, 20)))
    return PLAIN[0]


def below(rows: list[Figures]) -> list[str]:
    """Every figure that is below its minimum."""
    return [
        f"{row.category}: {metric} is {row.values[metric]:.3f}, below {least}"
        for row in rows
        for metric, least in minima(row.category).items()
        if metric in row.values and row.values[metric] < least
    ]


def minima(category: str) -> dict[str, float]:
    """What a category reaches. Roles are found by words, as pages are."""
    if category == "overall":
        return OVERALL
    return OF_PEOPLE if category in ABOUT_PEOPLE - {"role"} else EACH


def test_judged_queries_are_answered_well(kind: str, page: str, reader: User) -> None:
    queries, found = queries_of(page), answered(kind, page, reader)
    rows, beside = (figures(queries, JUDGEMENTS, one, 20) for one in (found, plainly(reader)))
    told = "\n".join([found.tag, *table(rows, beside), *failures(queries, JUDGEMENTS, found)])
    print(told)  # noqa: T201 – the figures belong to the record of a run
    assert not below(rows), told
    assert rows[-1].values["nDCG@10"] > beside[-1].values["nDCG@10"] + MORE, told


def test_where_nobody_fits_nobody_is_found(kind: str, page: str, reader: User) -> None:
    found = answered(kind, page, reader)
    nobody = {one.text: found.answers[one.id] for one in queries_of(page) if one.category == "none"}
    assert [
        text for text, answers in nobody.items() if any(COLLEAGUE.fullmatch(a.name) for a in answers)
    ] == []


def test_nobody_who_only_mentions_a_language_comes_first(kind: str, page: str, reader: User) -> None:
    found = answered(kind, page, reader)
    first = {one: found.answers[one.id][:1] for one in queries_of(page) if is_about_a_language(one)}
    wrong = [one.text for one, names in first.items() if any(not graded(one, name.name) for name in names)]
    assert wrong == []


def is_about_a_language(asked: Asked) -> bool:
    """Whether a query asks for a language."""
    about = ("language", "variant", "misspelling", "level", "reading", "mention", "language and place")
    return asked.category in (*about, "two languages")


def graded(asked: Asked, name: str) -> int:
    """How well a document answers a query."""
    return JUDGEMENTS.get(asked.id, {}).get(name, 0)


def test_the_engines_answer_alike(
    embedded: str, server: str, page: str, reader: User, settings: Settings
) -> None:
    settings.SEARCH_TIMEOUT = 20.0
    settings.SEARCH_URL = embedded
    one = answered("embedded", page, reader)
    settings.SEARCH_URL = server
    other = answered("server", page, reader)
    shares = {
        asked: overlap(*([answer.name for answer in found.answers[asked.id]] for found in (one, other)))
        for asked in queries_of(page)
    }
    told = [f"{share:.2f} {asked.text}" for asked, share in shares.items() if share < ALIKE]
    assert mean([*shares.values()]) >= ALIKE, told
