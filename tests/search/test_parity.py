"""Both engines over the same entries: what is only filtered is answered alike, what is ranked nearly so.

The exceptions, each with its reason, are listed in docs/search.md. How the judged queries compare is in test_quality.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engines import Engine, engine_at
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.client import Server, address
from search.entries import (
    VERIFIED_STATES,
    AssignmentFact,
    Entry,
    ExpertiseFact,
    Fact,
    Label,
    LanguageFact,
    SkillFact,
)
from search.evaluation.metrics import mean, overlap
from search.grammar import Choice, Filter, Word
from search.query import FACETS, PEOPLE_FACETS, SORTS, Query
from search.results import Results

NOW = datetime(2026, 11, 1, tzinfo=UTC)
AUDIENCES = ("all", "all", "all", "g:1", "g:2", "o:1", "u:1")
WORLD = Label("world", "World")
AREAS = tuple(Label(f"area-{n}", f"Area {n}", "world") for n in range(4))
COUNTRIES = tuple(Label(f"land-{n}", f"Land {n}", f"area-{n % 4}") for n in range(14))
TAGS = tuple(Label(f"tag-{n}", f"Tag {n:03}") for n in range(120))
KINDS = tuple(Label(f"kind-{n}", f"Kind {n}") for n in range(5))
OFFICES = tuple(Label(f"office-{n}", f"Office {n}") for n in range(6))
POSTS = tuple(Label(f"post-{n}", f"Post {n}") for n in range(9))
VOCABULARY = (
    "treaty visa border summit minister embassy consul protocol sanctions election harbour river convention asylum "
    "refugee passport budget ceasefire delegation mandate observer ratify tariff customs quota fisheries climate "
    "energy grid vaccine famine drought seminar memorandum courier cable archive translator interpreter "
    "negotiation mediation"
).split()


def among(region: Label) -> tuple[Label, ...]:
    """A country with its ancestors."""
    return (region, *(area for area in AREAS if area.code == region.parent), WORLD)


def sentence(random: Random, length: int) -> str:
    """Words, a few of them much more frequent than the others."""
    return " ".join(VOCABULARY[int(random.paretovariate(0.7)) % len(VOCABULARY)] for _ in range(length))


def written(pk: int, random: Random) -> Entry:
    """An article."""
    return Entry(
        kind="article",
        pk=pk,
        version=1,
        title=sentence(random, 3).title(),
        url=f"/wiki/{pk}/",
        readers=frozenset(random.choices(AUDIENCES, k=random.randint(1, 2))),
        lead=sentence(random, 12),
        body=sentence(random, 60),
        tags=tuple(dict.fromkeys(random.choices(TAGS, k=4))),
        regions=among(random.choice(COUNTRIES)) if random.random() < 0.8 else (),
        template=random.choice((*KINDS, None)),
        office=tuple(random.sample(OFFICES, random.randint(0, 2))),
        updated=random.choice((None, NOW - timedelta(days=random.randint(0, 1500)), NOW)),
        verified=random.choice(VERIFIED_STATES),
        popularity=random.choice((0.0, random.random() * 100)),
        facts=(Fact("Note", sentence(random, 4), random.choice(AUDIENCES)),),
    )


def colleague(pk: int, random: Random) -> Entry:
    """A person, who tells some things to some only."""
    places = random.sample(POSTS, random.randint(0, 2))
    return Entry(
        kind="person",
        pk=pk,
        version=1,
        title=f"{random.choice(VOCABULARY)} {random.choice(VOCABULARY)}".title(),
        url=f"/people/{pk}/",
        readers=frozenset({"all"} if pk % 9 else {"g:1"}),
        role=sentence(random, 2),
        languages=tuple(
            LanguageFact(
                f"l{n}", f"Language {n}", random.randint(0, 10), random.randint(0, 10), ("macro",) if n < 3 else (),
                random.choice(AUDIENCES),
            )
            for n in random.sample(range(8), random.randint(0, 3))
        ),
        skills=tuple(
            SkillFact(f"skill-{n}", f"Skill {n}", random.randint(1, 3), random.choice(AUDIENCES))
            for n in random.sample(range(10), random.randint(0, 3))
        ),
        expertise=tuple(
            ExpertiseFact(country.label, among(country), random.randint(1, 9), random.choice(AUDIENCES))
            for country in random.sample(COUNTRIES, random.randint(0, 2))
        ),
        assignments=tuple(
            AssignmentFact(
                place.label, (place,), "Officer", 2020, None, not number, among(random.choice(COUNTRIES)),
                random.choice(AUDIENCES),
            )
            for number, place in enumerate(places)
        ),
        office=tuple(random.sample(OFFICES, 1)),
        available=tuple(Label(name, name.title()) for name in random.sample(("questions", "mentoring"), 1)),
    )  # fmt: skip


def corpus() -> list[Entry]:
    """The same entries at each run."""
    random = Random(20261101)
    return [*(written(pk, random) for pk in range(160)), *(colleague(pk, random) for pk in range(90))]


class Both(NamedTuple):
    """The two engines."""

    embedded: Engine
    server: ElasticsearchEngine


@pytest.fixture(scope="module")
def both(elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Both engines with the same entries."""
    place = f"elasticsearch+{elasticsearch_url}/parity-{uuid.uuid4().hex[:12]}"
    engines = Both(
        engine_at(f"tantivy://{tmp_path_factory.mktemp('parity')}/index"),
        ElasticsearchEngine(Server(address(place))),
    )
    for engine in engines:
        with engine.rebuild() as new, new.swapping():
            new.put(corpus())
    with override_settings(SEARCH_TIMEOUT=20.0):
        yield engines
    indexes = engines.server.indexes
    indexes.remove(*(index.name for index in indexes.look(f"{indexes.prefix}-*")))


# -- what is only filtered ----------------------------------------------------------------------------------------

CODES = {
    "kind": ("article", "person"),
    "template": tuple(label.code for label in KINDS),
    "tag": tuple(label.code for label in TAGS[:40]),
    "region": tuple(label.code for label in (*COUNTRIES, *AREAS, WORLD)),
    "lang": (*(f"l{n}" for n in range(8)), "macro"),
    "speaks": (*(f"l{n}" for n in range(8)), "macro"),
    "reads": ("l1", "l2", "l3"),
    "skill": tuple(f"skill-{n}" for n in range(10)),
    "office": tuple(label.code for label in OFFICES),
    "post": tuple(label.code for label in POSTS),
    "now": tuple(label.code for label in POSTS),
    "available": ("questions", "mentoring", "nothing"),
    "updated": ("<30d", "<1y", ">1y", "<2025-06-30", ">2025-06-30"),
    "verified": VERIFIED_STATES,
}
MOST = {"speaks": 10, "reads": 10, "skill": 3}


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    """Any filter."""
    name = draw(st.sampled_from(sorted(CODES)))
    level = st.integers(0, MOST[name]) if name in MOST else st.just(0)
    choices = st.builds(Choice, st.sampled_from(CODES[name]), level)
    return Filter(
        name,
        tuple(draw(st.lists(choices, min_size=1, max_size=3, unique=True))),
        negated=draw(st.integers(0, 4)) == 0,
        origin=draw(st.sampled_from(("text", "param"))),
    )


QUERIES = st.builds(
    Query,
    filters=st.lists(filters(), max_size=4).map(tuple),
    principals=st.frozensets(st.sampled_from(("g:1", "g:2", "o:1", "u:1"))).map(lambda some: some | {"all"}),
    page=st.integers(1, 4),
    size=st.sampled_from((5, 20, 100)),
    sort=st.sampled_from(SORTS),
    facets=st.sampled_from((FACETS, PEOPLE_FACETS, tuple(dict.fromkeys((*FACETS, *PEOPLE_FACETS, "now"))))),
)
PENDING = st.lists(st.sampled_from([entry.key for entry in corpus()]), max_size=5, unique=True)


def told(results: Results) -> tuple[object, ...]:
    """All that a page shows, but for scores."""
    hits = [(hit.key, hit.title, hit.snippet, hit.why, hit.role, hit.region, hit.updated) for hit in results]
    return results.total, hits, results.facets, results.suggestion, results.similar


@given(query=QUERIES, pending=PENDING)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_only_filtered_is_answered_alike(both: Both, query: Query, pending: list) -> None:
    assert told(both.server.search(query, pending)) == told(both.embedded.search(query, pending))


def test_a_choice_that_is_no_value_of_its_facet_is_counted_alike(both: Both) -> None:
    macro = Filter("lang", (Choice("macro"),))
    query = Query(filters=(macro,), principals=frozenset({"all", "o:1"}), facets=("lang",))
    one, other = (engine.search(query) for engine in both)
    assert one.facet("lang") == other.facet("lang")
    assert [value.count for value in one.facet("lang").values if value.selected] == [one.total] != [0]


def test_facets_with_more_values_than_are_shown_show_the_same_ones(both: Both) -> None:
    query = Query(principals=frozenset({"all"}), facets=("tag",))
    one, other = (engine.search(query).facet("tag") for engine in both)
    assert len(one.values) == 40
    assert one == other


# -- what is ranked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 2])
def test_words_are_ranked_nearly_alike(both: Both, length: int) -> None:
    random = Random(length)
    texts = [random.sample(VOCABULARY, length) for _ in range(25)]
    shares, totals = [], []
    for words in texts:
        query = Query(parts=tuple(map(Word, words)), principals=frozenset({"all", "g:1"}), size=10)
        one, other = (engine.search(query) for engine in both)
        shares.append(overlap([str(hit.key) for hit in one], [str(hit.key) for hit in other]))
        totals.append(one.total == other.total)
    assert mean(shares) >= 0.8, dict(zip(map(" ".join, texts), shares, strict=True))
    assert all(totals)


@pytest.mark.parametrize("typed", ["tre", "vis", "min", "e", "t a", "consul"])
def test_suggestions_are_the_same(both: Both, typed: str) -> None:
    one, other = (engine.suggest(typed, frozenset({"all", "g:2"})) for engine in both)
    assert one == other
