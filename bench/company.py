"""What colleagues do beside editing, in bulk: they talk, watch, are told, read, draft, translate, have pages open."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property

from bench.sizes import START, Size, steps
from bench.texts import Library
from diplopedia.models import Article, Draft, Edit, Presence, Reading
from diplopedia.searchables import KIND as PAGE
from discussion import wording
from discussion.models import Comment, Thread
from discussion.telling import KIND as THREAD
from notices.models import Event, Notice, Watch
from people.models import User

# Of each article, and of each of the first ten: how many threads, and how many comments in each.
THREADS, MANY_THREADS, COMMENTS = 4, 12, 5
TALKED_ABOUT = 20  # of so many articles one has threads
# Of each person, and of each of the first ten.
NOTICES, MANY_NOTICES, UNSEEN = 20, 120, 3
DRAFTS, MANY_DRAFTS = 1, 60
WATCHED = READ = 12
FIRST = 10
WRITING = 200
TRANSLATED = 300
FRENCH = 7  # so far from one in English is an article in French


class Page(NamedTuple):
    """An article and its latest edit, as far as others need them."""

    pk: int
    title: str
    number: int
    author: int
    edited: dt.datetime


class Company:
    """The people and the pages of a corpus, and what the ones do about the others. Nobody is told of it."""

    def __init__(self, size: Size) -> None:
        self.size, self.words = size, Library(1).words["en"]
        rows = Article.objects.filter(wiki_slug__startswith="bench-").order_by("pk").values_list(
            "pk", "title", "latest_edit__number", "latest_edit__author", "latest_edit__created"
        )  # fmt: skip
        self.pages = [Page(*row) for row in rows]
        people = User.objects.filter(username__startswith="bench").order_by("pk")
        self.people = list(people.values_list("pk", flat=True))

    def act(self) -> None:
        """Do everything, in an order in which there is something to be told of."""
        translated, writing = min(TRANSLATED, len(self.pages) // 20), min(WRITING, len(self.people) // 2)
        for what, total, do in (
            ("Talk", len(self.pages), self.talk),
            ("Events", len(self.pages), self.happen),
            ("Desks", len(self.people), self.sit_at_desks),
            ("Translations", translated, self.translate),
            ("Windows", writing, self.write),
        ):
            for numbers in steps(total, what):
                do(numbers)

    @cached_property
    def events(self) -> list[Event]:
        """All that happened."""
        return list(Event.objects.order_by("pk"))

    def somebody(self, random: Random) -> int:
        """Return a person; a few do most."""
        return self.people[min(int(random.paretovariate(0.5)), len(self.people)) - 1]

    def some_page(self, random: Random) -> Page:
        """Return a page; the first ones are met often."""
        return self.pages[min(int(random.paretovariate(0.3)), len(self.pages)) - 1]

    # -- talk -----------------------------------------------------------------------------------------------

    def talk(self, numbers: range) -> None:
        """Begin threads about some articles, many about the first ones, and answer in them."""
        threads = Thread.objects.bulk_create(
            self.thread(number, n)
            for number in numbers
            for n in range(MANY_THREADS if number < FIRST else 0 if number % TALKED_ABOUT else THREADS)
        )
        said = Comment.objects.bulk_create(self.comment(row, n) for row in threads for n in range(COMMENTS))
        Event.objects.bulk_create(
            event("talk", one.author_id, (THREAD, one.thread_id), one.created, thread=one.thread.title)
            for one in said[::COMMENTS]
        )

    def thread(self, number: int, n: int) -> Thread:
        """Return one matter; every fourth is settled."""
        random = Random(f"thread {number} {n}")
        begun, author = START + dt.timedelta(days=n, seconds=number), self.somebody(random)
        settled = {"resolved_by_id": author, "resolved_at": begun} if n % 4 == 3 else {}
        return Thread(
            subject_kind=PAGE, subject_pk=self.pages[number].pk, title=self.words.sentence(random)[:100],
            author_id=author, created=begun, active=begun, **settled,
        )  # fmt: skip

    def comment(self, thread: Thread, n: int) -> Comment:
        """Return what somebody says."""
        random = Random(f"comment {thread.pk} {n}")
        body, said = self.words.paragraph(random), thread.created + dt.timedelta(hours=n)
        return Comment(
            thread=thread, author_id=self.somebody(random), body=body, html=wording.stored(body), created=said
        )

    # -- what is told ---------------------------------------------------------------------------------------

    def happen(self, numbers: range) -> None:
        """Note the latest edit of each article as something to be told of."""
        Event.objects.bulk_create(
            event("edit", page.author, (PAGE, page.pk), page.edited, number=page.number)
            for page in (self.pages[number] for number in numbers)
        )

    def sit_at_desks(self, numbers: range) -> None:
        """Let people watch, be told, read and draft; the first ones much."""
        watches, notices, readings, drafts = [], [], [], []
        for number in numbers:
            random, user, first = Random(f"desk {number}"), self.people[number], number < FIRST
            met = {self.some_page(random) for _ in range(WATCHED)}
            watches += [Watch(user_id=user, kind=Watch.Kind.ARTICLE, key=str(page.pk)) for page in met]
            watches.append(Watch(user_id=user, kind=Watch.Kind.PERSON, key=str(self.somebody(random))))
            readings += [
                Reading(user_id=user, article_id=page.pk, number=max(page.number - random.randint(0, 2), 1))
                for page in {self.some_page(random) for _ in range(READ)}
            ]
            notices += self.notices_of(user, MANY_NOTICES if first else NOTICES, random)
            drafts += [self.draft(user, n, random) for n in range(MANY_DRAFTS if first else DRAFTS)]
        # Who measures here saves pages, and watches them from then on.
        Watch.objects.bulk_create(watches, ignore_conflicts=True)
        Reading.objects.bulk_create(readings)
        Notice.objects.bulk_create(notices)
        Draft.objects.bulk_create(drafts)

    def notices_of(self, user: int, count: int, random: Random) -> list[Notice]:
        """Return what somebody is told; they have seen all but the newest."""
        told = sorted(random.sample(self.events, min(count, len(self.events))), key=lambda one: one.created)
        return [
            Notice(user_id=user, event=one, first=one, kind=one.kind, created=one.created,
                   seen_at=None if left < UNSEEN else one.created)
            for left, one in zip(range(len(told) - 1, -1, -1), told, strict=True)
        ]  # fmt: skip

    def draft(self, user: int, n: int, random: Random) -> Draft:
        """Return a text that somebody has not published; every third is of a page that is not there yet."""
        page = self.some_page(random)
        words = {"body": [self.words.paragraph(random)], "summary": ["Unfinished"]}
        about = (
            {"article_id": page.pk, "base": page.number, "title": page.title} if n % 3 else {"title": "New"}
        )
        return Draft(author_id=user, key=f"bench-{n}", fields=words, **about)

    # -- translations and open windows ------------------------------------------------------------------------

    def translate(self, numbers: range) -> None:
        """Let a French page say what an English one said before its latest edit."""
        for number in numbers:
            source, made = self.pages[10 * number], self.pages[10 * number + FRENCH]
            said = Edit.objects.get(article=source.pk, number=max(source.number - 1, 1))
            both = Article.objects.filter(pk__in=[source.pk, made.pk])
            both.update(language_set=uuid.UUID(int=number + 1))
            Article.objects.filter(pk=made.pk).update(translated_from=said)

    def write(self, numbers: range) -> None:
        """Let people have a page open in the editor, past the first ones; see `wake`."""
        Presence.objects.bulk_create(
            Presence(user_id=self.people[number], article_id=self.pages[FIRST + number].pk)
            for number in numbers
        )


def event(kind: str, actor: int, subject: tuple[str, int], when: dt.datetime, **words: Any) -> Event:
    """Return something that happened, of which everybody concerned was told."""
    return Event(kind=kind, actor_id=actor, subject_kind=subject[0], subject_pk=subject[1], words=words,
                 created=when, spread_at=when)  # fmt: skip


def wake() -> None:
    """Give every open window a sign of life: without one, nobody counts as writing two minutes later."""
    Presence.objects.update(seen=timezone.now())
