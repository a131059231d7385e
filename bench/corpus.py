"""Fills a database of its own with the invented library, in bulk, and indexes it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from taggit.models import Tag
from wagtail.models import Page, Revision

from bench.company import Company
from bench.ministry import make_people
from bench.sizes import START, Size, steps
from bench.texts import Library, revised
from diplopedia.actions import Change, create_article
from diplopedia.markdown import title_key
from diplopedia.models import Article, ArticleIndex, Edit, Link, TaggedArticle
from diplopedia.models.articles import RENDER_VERSION
from diplopedia.versions import Version
from home.models import Milestone
from people.models import Region, User

# What a corpus is made of. Another number: what was made before is made again.
LIBRARY, COMPANY, PEOPLE = ("bench corpus", "3"), ("bench company", "1"), ("bench people", "1")
# SQLite takes so many values in one statement, whatever it was built with.
MOST_VALUES = 900
TAGS = 60


def make(size: Size) -> None:
    """Fill the database with what it lacks of this corpus. What was made in another way must be removed first."""
    parts: list[tuple[tuple[str, str], Callable[[Size], object]]] = [
        (LIBRARY, make_library),
        (COMPANY, lambda size: Company(size).act()),
    ]
    if not size.articles:
        parts = [(PEOPLE, lambda size: make_people(size.people))]
    missing = []
    for (name, recipe), fill in parts:
        milestone = {"name": name, "digest": f"{recipe} {tuple(size)}"}
        if not Milestone.objects.filter(**milestone).exists():
            fill(size)
            missing.append(Milestone(**milestone))
    if missing:
        call_command("rebuild_search")
        analyze()
        Milestone.objects.bulk_create(missing)


def analyze() -> None:
    """Tell PostgreSQL what its tables hold, as its own housekeeping would soon do: a plan knows nothing of new rows."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def make_library(size: Size) -> None:
    """Make people, and articles with their history."""
    make_articles(size, make_people(size.people))


# -- articles ---------------------------------------------------------------------------------------------


class Press:
    """Prints articles with all their revisions into the tables, without a tree walk or signal for each."""

    def __init__(self, size: Size, people: list[int]) -> None:
        self.size, self.people, self.library = size, people, Library(size.articles)
        first = User.objects.get(pk=people[0])
        # One article through the front door shows what a page and a revision look like today.
        edit = create_article("A pattern for the press", Version(body="A pattern."), Change(author=first))
        self.pattern = Article.objects.get(pk=edit.article_id)
        self.content: dict[str, Any] = dict(edit.content)
        self.revision: Revision = edit.revision
        self.index = ArticleIndex.objects.get()
        self.tags = [
            Tag.objects.get_or_create(name=f"Topic {n}", slug=f"topic-{n}")[0].pk for n in range(TAGS)
        ]
        self.regions = list(Region.objects.order_by("code").values_list("pk", flat=True))

    def print(self, numbers: range) -> None:
        """Write a batch: pages, articles, revisions, edits, links, tags and regions."""
        articles, links = [], {}
        for number in numbers:
            article = self.article(number)
            links[number] = article.write(article.title, self.library.body(number))
            articles.append(article)
        pages = Page.objects.bulk_create([page_of(article) for article in articles])
        for article, page in zip(articles, pages, strict=True):
            article.pk = article.id = article.page_ptr_id = page.pk
        insert_own_columns(articles)
        self.bind(articles, links, numbers)
        self.write_history(articles, numbers)

    def article(self, number: int) -> Article:
        """Return an unsaved article with everything that is its own."""
        title, language, _body = self.library.text(number)
        depth = self.index.depth + 1
        slug = f"bench-{number}"
        return Article(
            title=title, draft_title=title, slug=slug, wiki_slug=slug, url_path=f"{self.index.url_path}{slug}/",
            path=Article._get_path(self.index.path, depth, self.index.numchild + number + 1), depth=depth, numchild=0,
            content_type_id=self.pattern.content_type_id, locale_id=self.pattern.locale_id,
            translation_key=uuid.UUID(int=number + 1),
            language=language, title_key=title_key(title), owner_id=self.author(number, 1), live=True,
            restricted=number % 50 == 49, render_version=RENDER_VERSION,
            first_published_at=self.when(number, 1), last_published_at=self.when(number, self.size.revisions),
        )  # fmt: skip

    def author(self, number: int, round_: int) -> int:
        """Return who made an edit: a few people make most of them."""
        random = Random(f"author {number} {round_}")
        return self.people[min(int(random.paretovariate(0.5)), len(self.people)) - 1]

    def when(self, number: int, round_: int) -> dt.datetime:
        """Return when an edit was made."""
        return START + dt.timedelta(days=200 * round_, seconds=97 * number)

    def bind(self, articles: list[Article], links: dict[int, Any], numbers: range) -> None:
        """Write links, tags, regions and, for every fiftieth article, the group it is kept to."""
        pairs = list(zip(numbers, articles, strict=True))
        Link.objects.bulk_create(
            Link(source=article, target_key=link.key, title_key=link.key.partition(":")[2], title=link.title)
            for number, article in pairs
            for link in {link.key: link for link in links[number]}.values()
        )
        TaggedArticle.objects.bulk_create(
            TaggedArticle(content_object=article, tag_id=self.tags[number * step % TAGS])
            for number, article in pairs
            for step in (1, 7)
        )
        lies_in = Article.regions.through
        lies_in.objects.bulk_create(
            lies_in(article_id=article.pk, region_id=self.regions[number % len(self.regions)])
            for number, article in pairs
        )
        kept_to, group = Article.groups.through, Group.objects.get_or_create(name="Bench")[0]
        kept_to.objects.bulk_create(
            kept_to(article_id=article.pk, group_id=group.pk) for article in articles if article.restricted
        )

    def write_history(self, articles: list[Article], numbers: range) -> None:
        """Write every revision and edit of a batch, and point each article to its last."""
        last: dict[int, Edit] = {}
        for round_ in range(1, self.size.revisions + 1):
            revisions = Revision.objects.bulk_create(
                self.revision_of(article, number, round_)
                for number, article in zip(numbers, articles, strict=True)
            )
            edits = [
                self.edit_of(article, revision, round_, last.get(number))
                for number, article, revision in zip(numbers, articles, revisions, strict=True)
            ]
            last = dict(zip(numbers, Edit.objects.bulk_create(edits), strict=True))
        for number, article in zip(numbers, articles, strict=True):
            article.latest_edit = last[number]
            article.latest_revision = article.live_revision = last[number].revision
        Article.objects.bulk_update(articles, ["latest_edit"], batch_size=200)
        Page.objects.bulk_update(
            [page_of(article) for article in articles], ["latest_revision", "live_revision"], batch_size=200
        )

    def revision_of(self, article: Article, number: int, round_: int) -> Revision:
        """Return a stored version: that of the last round is what the article shows."""
        body = article.body
        if round_ < self.size.revisions:
            body = revised(body, round_, Random(f"edit {number} {round_}"))
        own = {"pk": article.pk, "title": article.title, "slug": article.slug, "body": body}
        return Revision(
            content_type_id=self.revision.content_type_id,
            base_content_type_id=self.revision.base_content_type_id,
            object_id=str(article.pk),
            object_str=article.title,
            created_at=self.when(number, round_),
            user_id=self.author(number, round_),
            content={**self.content, **own},
        )

    @staticmethod
    def edit_of(article: Article, revision: Revision, round_: int, base: Edit | None) -> Edit:
        """Return who made a version and why."""
        size = len(revision.content["body"])
        return Edit(
            article=article,
            revision=revision,
            number=round_,
            author_id=revision.user_id,
            summary=f"Round {round_}",
            minor=round_ % 4 == 3,
            kind=Edit.Kind.EDIT if base else Edit.Kind.CREATE,
            base=base,
            size=size,
            delta=size - (base.size if base else 0),
            created=revision.created_at,
        )


def page_of(article: Article) -> Page:
    """Return the row of the page table that an article stands on."""
    names = [field.attname for field in Page._meta.concrete_fields]
    return Page(**{name: getattr(article, name) for name in names})


def insert_own_columns(articles: list[Article]) -> None:
    """Insert the articles' own rows; their page rows are there. Django has no bulk insert for inherited tables."""
    fields = Article._meta.local_concrete_fields
    batch = max(1, MOST_VALUES // len(fields))
    for begin in range(0, len(articles), batch):
        Article._base_manager._insert(articles[begin : begin + batch], fields=fields, using="default")


def make_articles(size: Size, people: list[int]) -> None:
    """Print the library and tell the index page how many children it has."""
    press = Press(size, people)
    for numbers in steps(size.articles, "Articles"):
        press.print(numbers)
    ArticleIndex.objects.filter(pk=press.index.pk).update(numchild=press.index.numchild + size.articles)
