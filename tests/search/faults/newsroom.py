"""Colleagues who edit, delete and restrict pages while something is wrong, and remember what they were told."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.models import Group
from django.test import Client, override_settings

from diplopedia.actions import Change, delete, restrict
from diplopedia.models import Article
from people.models import User
from search import actions, queue, upkeep
from search.models import Outbox
from search.query import Query
from tests.factories import MemberFactory, UserFactory, revise, write

LONGEST = 240.0
SCHEDULED = Path("/proc/thread-self/schedstat")
PATIENT = override_settings(SEARCH_TIMEOUT=20.0)  # where it matters what is found, and not how soon
MOST_CHECKED = 70


class Seen(NamedTuple):
    """What a colleague saw of a search: articles, and the seconds it took, by our `clock`."""

    articles: set[int]
    seconds: float
    down: bool


class Newsroom:
    """Pages, who writes them, and who must not see some of them. `waiting` are pages nobody has touched yet."""

    def __init__(self, pages: int) -> None:
        self.author: User = MemberFactory.create()
        self.outsider: User = UserFactory.create()
        self.group = Group.objects.get(name="Negotiators")
        for number in range(pages):
            write(f"Zyx{number}quartet page", f"Text of zyx{number}quartet.", author=self.author)
        self.waiting = list(Article.objects.filter(deleted_at=None, restricted=False).order_by("-pk"))
        self.edited: dict[int, str] = {}
        self.deleted: dict[int, str] = {}
        self.restricted: dict[int, str] = {}
        self.times: list[float] = []
        self.client = Client()
        self.client.force_login(self.outsider)

    # -- changing -------------------------------------------------------------------------------------------------

    def change(self, count: int) -> float:
        """Make changes, by turns edits, deletions and restrictions; the median seconds that one took."""
        before = len(self.times)
        for number in range(count):
            article = self.waiting.pop()
            started = clock()
            (self._edit, self._delete, self._restrict)[number % 3](article)
            self.times.append(clock() - started)
        return statistics.median(self.times[before:])

    def _edit(self, article: Article) -> None:
        token = f"tok{uuid.uuid4().hex[:12]}"
        revise(article, f"{article.body}\n\n{token}", author=self.author)
        self.edited[article.pk] = token

    def _delete(self, article: Article) -> None:
        delete(article, Change(author=self.author))
        self.deleted[article.pk] = article.title

    def _restrict(self, article: Article) -> None:
        restrict(article, [self.group], [], Change(author=self.author))
        self.restricted[article.pk] = article.title

    # -- looking --------------------------------------------------------------------------------------------------

    def look(self, text: str, page: int = 1) -> Seen:
        """Search as the outsider, on the page."""
        started = clock()
        answer = self.client.get("/search/", {"q": text, "page": page})
        seconds = clock() - started
        assert answer.status_code == 200
        found = {hit.pk for hit in answer.context["results"] if hit.kind == "article"}
        return Seen(found, seconds, answer.context["down"])

    def check_secrets(self, most: int = 6) -> float:
        """See that the outsider finds nothing that was deleted or kept from him; the longest it took."""
        longest = 0.0
        for pk, title in [*list(self.restricted.items())[-most:], *list(self.deleted.items())[-most:]]:
            seen = self.look(title)
            assert pk not in seen.articles, title
            longest = max(longest, seen.seconds)
            hidden = {pk for found in (self.restricted, self.deleted) for pk in found}
            offered = actions.suggest(title[:12], self.outsider)
            assert not hidden & {item.pk for item in offered if item.kind == "article"}
        return longest

    @PATIENT
    def check_all(self) -> None:
        """See that everything acknowledged is there, and the index as the database says."""
        wait_for_empty_outbox()
        wait_until(lambda: not self.look("page").down)
        found = upkeep.verify()
        assert (found.missing, found.ghosts, found.stale, found.readers, found.failures) == (
            [],
            [],
            [],
            [],
            [],
        )
        for pk, token in list(self.edited.items())[-MOST_CHECKED:]:
            assert token in Article.objects.get(pk=pk).body
            assert pk in self.look(token).articles or Article.objects.get(pk=pk).restricted
        for pk, title in list(self.restricted.items())[-MOST_CHECKED:]:
            hits = actions.find(Query.parse(f'"{title}"').matching(size=100), self.author)
            assert pk in {hit.pk for hit in hits}
        self.check_secrets(most=50)


def clock() -> float:
    """Seconds that go by while this thread works or waits, and not while it could work but others have the processors.

    How busy the machine is with other programs is not ours to answer for. Only Linux tells it; elsewhere all counts.
    """
    now = time.perf_counter()
    try:
        return now - int(SCHEDULED.read_text().split()[1]) / 1e9
    except FileNotFoundError:
        return now


def wait_for_empty_outbox() -> None:
    """Wait until everything was handed over. What failed by its own fault is tried again, as an administrator would."""

    def empty() -> bool:
        queue.retry()
        return not Outbox.objects.waiting().exists()

    wait_until(empty)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + LONGEST
    while not true():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.1)
