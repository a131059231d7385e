"""What is measured on a filled database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from random import Random
from statistics import median, quantiles
from typing import Any, NamedTuple
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from elastic_transport import Transport

from bench import directory
from bench.company import wake
from bench.texts import Library, revised
from diplopedia.actions import Change, save_edit
from diplopedia.diffs import compare
from diplopedia.markdown import render
from diplopedia.merging import merge
from diplopedia.models import Article
from diplopedia.versions import Version
from people.models import User
from search import outbox
from search.engines import engine
from search.query import Query
from search.results import Hit

ROUNDS = 40
QUERIES = 60
READ = 8  # so many articles are read again and again
# On a machine that others use, too, `BENCH_CLOCK=processor` counts what this process computes, without waiting.
clock = time.process_time if os.environ.get("BENCH_CLOCK") == "processor" else time.perf_counter


class Figure(NamedTuple):
    """One measurement: milliseconds (median and 95th of a hundred) and database queries, where there are any."""

    name: str
    ms: float
    p95: float
    queries: int | None = None


def timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds the work took."""
    begin = clock()
    work()
    return (clock() - begin) * 1000


def figure(name: str, times: list[float], queries: int | None = None) -> Figure:
    """Sum up a list of times."""
    return Figure(name, round(median(times), 2), round(quantiles(times, n=20)[-1], 2), queries)


class Pages:
    """Pages of the site, asked for in turn so that a slow moment of the machine falls on all of them."""

    def __init__(self, articles: int) -> None:
        self.articles, self.random = articles, Random("pages")
        self.client = Client()
        self.client.force_login(User.objects.get(username="bench7"))
        self.paths: dict[str, Callable[[], str]] = {
            "bare view": lambda: f"/bare/{self.slug()}/",
            "article": lambda: f"/wiki/bench-{self.random.randrange(READ)}/",
            "article, seldom read": lambda: f"/wiki/{self.slug()}/",
            "history": lambda: f"/wiki/{self.slug()}/history/",
            "compare": lambda: f"/wiki/{self.slug()}/compare/",
            "talk page": lambda: f"/wiki/bench-{self.random.randrange(READ)}/talk/",
            "front page": lambda: "/",
            "recent changes": lambda: "/changes/",
            "notices": lambda: "/notices/",
            "drafts": lambda: "/drafts/",
            "lists": lambda: "/wiki/lists/",
            "search page": lambda: f"/search/?q={self.word()}",
            "suggestions": lambda: f"/search/suggest/?q={self.word()[:4]}",
        }
        if not articles:
            self.paths = {"bare view": lambda: "/bare/nothing/"}
        self.paths |= directory.paths(self.random)
        self.words = Library(1).words["en"]

    def slug(self) -> str:
        """Return the address of some article that everybody may read."""
        return some_slug(self.random, self.articles)

    def word(self) -> str:
        """Return a word, likely a frequent one."""
        return self.words.sample(self.random, 1)[0]

    def get(self, name: str) -> None:
        """Ask for a page. Raises RuntimeError unless it is answered."""
        path = self.paths[name]()
        response = self.client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")

    def figures(self) -> Iterator[Figure]:
        """Measure every page."""
        wake()
        times: dict[str, list[float]] = {name: [] for name in self.paths}
        for number in range(min(READ, self.articles)):
            self.client.get(f"/wiki/bench-{number}/")
        for round_ in range(ROUNDS + 2):
            for name in self.paths:
                spent = timed(partial(self.get, name))
                if round_ >= 2:  # the first rounds load templates
                    times[name].append(spent)
        for name in self.paths:
            with CaptureQueriesContext(connection) as queries:
                self.get(name)
            yield figure(name, times[name], len(queries))


def some_slug(random: Random, articles: int) -> str:
    """Return the address of some article that everybody may read: every fiftieth is kept to a group."""
    number = random.randrange(articles)
    return f"bench-{number - 1 if number % 50 == 49 else number}"


def saves(articles: int) -> Iterator[Figure]:
    """Measure saving, and the time from a save until the search knows it."""
    author, random = User.objects.get(username="bench7"), Random("saves")
    saving, searchable, queries = [], [], 0
    for round_ in range(ROUNDS):
        article = Article.objects.get(wiki_slug=some_slug(random, articles))
        version = replace(Version.of(article), body=revised(article.body, 100 + round_, random))
        with CaptureQueriesContext(connection) as captured, outbox.held():
            number = article.latest_edit.number if article.latest_edit else None
            saving.append(timed(partial(save_edit, article, version, Change(author=author), base=number)))
        queries = len(captured)
        searchable.append(timed(lambda: outbox.drain(wait=5)))
    yield figure("save", saving, queries)
    yield figure("edit to searchable", searchable)


@contextmanager
def worker() -> Iterator[None]:
    """Keep an index worker running, as a deployment does."""
    command = [sys.executable, "manage.py", "index_worker", "--settings", "bench.settings"]
    with subprocess.Popen(command, env={**os.environ, "SEARCH_DRAIN": "worker"}) as process:
        try:
            yield
        finally:
            process.terminate()


def through_worker(articles: int) -> Iterator[Figure]:
    """Measure the time from a save until a search in this process finds it, with the worker handing it over."""
    author, random, times = User.objects.get(username="bench7"), Random("worker"), []
    with worker(), override_settings(SEARCH_DRAIN="worker"):
        for round_ in range(ROUNDS // 2 + 1):
            article = Article.objects.get(wiki_slug=some_slug(random, articles))
            word = f"zq{''.join(random.choices('abcdefghij', k=9))}"
            number = article.latest_edit.number if article.latest_edit else None
            version = replace(Version.of(article), body=f"{article.body}\n\n{word}\n")
            save_edit(article, version, Change(author=author), base=number)
            spent = timed(partial(wait_for, word, author))
            if round_:  # the worker starts in the first
                times.append(spent)
    yield figure("edit to searchable, worker", times)


def wait_for(word: str, reader: User) -> None:
    """Search until something is found. Raises TimeoutError after a minute."""
    query = Query.parse(word, principals=reader.principals | {"admins"}, facets=())
    end = time.monotonic() + 60
    while not engine().search(query).total:
        if time.monotonic() > end:
            raise TimeoutError(f"{word} was not found. See what manage.py search_status says.")
        time.sleep(0.01)


def questions() -> dict[str, Callable[[Random], str]]:
    """Return the classes of query, each as a maker of queries."""
    words = Library(1).words["en"]
    frequent, rare = words.words[:40], words.words[3000:9000]
    return {
        "frequent word": lambda random: random.choice(frequent),
        "rare word": lambda random: random.choice(rare),
        "two frequent words": lambda random: " ".join(random.sample(frequent, 2)),
        "phrase": lambda random: '"' + " ".join(random.sample(frequent, 2)) + '"',
        "prefix": lambda random: random.choice(frequent)[:3] + "*",
        "typo": lambda random: random.choice(rare)[:-1] + "x",
        "one letter": lambda random: random.choice("abcdefmnoprst"),
        "people by level": lambda random: f"kind:person speaks>={random.randint(1, 4)}",
    }


def found(query: Query) -> list[Hit]:
    """Return the hits of a query, read to the end."""
    return list(engine().search(query))


@contextmanager
def telling_server() -> Iterator[list[float]]:
    """Note, request by request, how many milliseconds the server says that it took."""
    took: list[float] = []
    asked = Transport.perform_request

    def noting(transport: Transport, *args: Any, **options: Any) -> Any:
        answer = asked(transport, *args, **options)
        took.append(answer.body["took"])
        return answer

    with patch.object(Transport, "perform_request", noting):
        yield took


def our_part() -> Iterator[Figure]:
    """Measure what a page of results takes beside the server, with total, access, facets and snippets.

    Raises RuntimeError if a page that finds something costs more than one request.
    """
    user, random, times = User.objects.get(username="bench7"), Random("our part"), []
    ask = questions()["frequent word"]
    found(Query.parse("the", principals=user.principals))  # the first search looks which index is in use
    for _ in range(QUERIES):
        query = Query.parse(ask(random), principals=user.principals)
        with telling_server() as took:
            spent = timed(partial(found, query))
        if len(took) != 1:
            raise RuntimeError(f"A page of results took {len(took)} requests")
        times.append(spent - took[0])
    yield figure("our part of a search", times)


def searches() -> Iterator[Figure]:
    """Measure the engine's answers, with total, access, facets and snippets."""
    user, random = User.objects.get(username="bench7"), Random("searches")
    for name, ask in questions().items():
        times = []
        for _ in range(QUERIES):
            query = Query.parse(ask(random), principals=user.principals)
            times.append(timed(partial(found, query)))
        yield figure(f"engine: {name}", times)
    letters = [
        random.choice(Library(1).words["en"].words[:500])[: random.randint(2, 4)] for _ in range(QUERIES)
    ]
    suggest = partial(engine().suggest, principals=user.principals)
    yield figure("engine: suggestion", [timed(partial(suggest, text)) for text in letters])


def people_by_level() -> Iterator[Figure]:
    """Measure the engine's answers about people."""
    user, random = User.objects.get(username="bench7"), Random("people")
    ask = questions()["people by level"]
    queries = [Query.parse(ask(random), principals=user.principals) for _ in range(QUERIES)]
    yield figure("engine: people by level", [timed(partial(found, query)) for query in queries])


def texts() -> Iterator[Figure]:
    """Measure what happens to one article of 20 KB."""
    library, random = Library(100), Random("texts")
    base = library.body(0, paragraphs=32)[:20_000]
    mine, theirs = revised(base, 1, random), revised(base, 2, random)
    yield figure("render 20 KB", [timed(lambda: render(base)) for _ in range(ROUNDS)])
    yield figure("compare 20 KB", [timed(lambda: compare(base, mine)) for _ in range(ROUNDS)])
    yield figure("merge 20 KB", [timed(lambda: merge(base, mine, theirs)) for _ in range(ROUNDS)])


def rebuild() -> Iterator[Figure]:
    """Measure a rebuild, as milliseconds for a thousand entries."""
    spent = timed(lambda: call_command("rebuild_search", verbosity=0))
    per_thousand = spent / max(1, engine().status().entries) * 1000
    yield Figure("rebuild 1,000 entries", round(per_thousand, 1), round(per_thousand, 1))


def measured(articles: int) -> Iterator[Figure]:
    """Measure all there is, in a corpus of so many articles; without any, pages about people and the engine."""
    yield from Pages(articles).figures()
    yield from everything(articles) if articles else people_by_level()


def everything(articles: int) -> Iterator[Figure]:
    """Measure what needs articles."""
    yield from saves(articles)
    yield from through_worker(articles)
    yield from searches()
    if not engine().embedded:
        yield from our_part()
    yield from texts()
    yield from rebuild()
