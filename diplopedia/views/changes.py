"""Recent changes, by day, one row a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify

from diplopedia.following import watched_by
from diplopedia.models import Article, ArticleTemplate, Edit
from diplopedia.querysets import ArticleQuerySet, EditQuerySet
from people import regions
from people.models import Office, Region
from people.requests import reader_of

PER_PAGE = 100
LONGEST = 5_000
# The columns that a row shows.
SHOWN = (
    "number", "created", "kind", "minor", "summary", "place", "delta",
    "article__title", "article__wiki_slug", "article__language", "article__restricted", "article__template__name",
    "author__username", "author__first_name", "author__last_name", "author__profile__user",
    "author__profile__preferred_name",
)  # fmt: skip
FILTERS = ("kind", "region", "tag", "office", "author")


class Row(NamedTuple):
    """The newest edit of a page on a day, and how many more there were."""

    edit: Edit
    more: int


class Day(NamedTuple):
    """One day's changes."""

    day: date
    edits: int
    pages: int
    rows: list[Row]


class Recent(Paginator):
    """Pages of a long list that ends after `LONGEST` rows: counting all edits takes longer the more there are."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, or `LONGEST`."""
        edits = cast("QuerySet[Edit]", self.object_list)
        return edits.order_by()[:LONGEST].count()


def changes(request: HttpRequest) -> HttpResponse:
    """List what changed, newest first, narrowed by place, kind, tag, office and author."""
    asked = {name: request.GET.get(name, "")[:100] for name in FILTERS}
    hide_minor, tab = bool(request.GET.get("hide_minor")), request.GET.get("tab", "all")
    everything = edits_of(narrowed(Article.objects.readable_by(reader_of(request)), asked))
    shown = {
        "new": new_pages,
        "office": lambda edits: of_office(edits, request),
        "watched": lambda edits: edits.filter(watched_by(reader_of(request))),
    }.get(tab, lambda edits: edits)(everything)
    shown = by_office(shown, asked["office"])
    if asked["author"]:
        shown = shown.filter(author__username=asked["author"].lstrip("@"))
    page = Recent(shown.filter(minor=False) if hide_minor else shown, PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        **asked,
        "days": by_day(page.object_list),
        "page": page,
        "tab": tab if tab in {"new", "office", "watched"} else "all",
        "counts": {},
        "kinds": ArticleTemplate.objects.all(),
        "regions": Region.objects.filter(kind__in=[Region.Kind.NAMED, Region.Kind.BUREAU]),
        "offices": Office.objects.order_by("path"),
        "hide_minor": hide_minor,
    }
    return render(request, "diplopedia/changes.html", context)


def edits_of(articles: ArticleQuerySet) -> EditQuerySet:
    """Return the edits of these articles with what a row shows, newest first."""
    edits = Edit.objects.filter(articles.has("article")).order_by("-created", "-pk")
    return edits.select_related("author__profile", "article__template").only(*SHOWN)


def new_pages(edits: QuerySet[Edit]) -> QuerySet[Edit]:
    """Keep first edits."""
    return edits.filter(number=1)


def of_office(edits: QuerySet[Edit], request: HttpRequest) -> QuerySet[Edit]:
    """Keep the edits by people who were in the reader's office, or in one under it, when they wrote."""
    office = reader_of(request).profile.office
    return edits.filter(office__path__startswith=office.path) if office else edits.none()


def by_office(edits: QuerySet[Edit], slug: str) -> QuerySet[Edit]:
    """Keep the edits by people who were in an office, or in one under it, when they wrote; all without one."""
    found = Office.objects.filter(slug=slug).first() if slug else None
    return edits.filter(office__path__startswith=found.path) if found else edits


def narrowed(articles: ArticleQuerySet, asked: dict[str, str]) -> ArticleQuerySet:
    """Keep the articles of a kind, place or topic."""
    if asked["kind"]:
        articles = articles.filter(template__slug=asked["kind"])
    if asked["tag"]:
        slugs = {asked["tag"], slugify(asked["tag"], allow_unicode=True)}
        articles = articles.filter(tagged_items__tag__slug__in=slugs)
    if asked["region"] and (found := Region.objects.filter(slug=asked["region"]).first()):
        inside = regions.with_descendants(found.pk)
        articles = articles.filter(
            pk__in=Article.regions.through.objects.filter(region__in=inside).values("article")
        )
    return articles


def by_day(edits: Iterable[Edit]) -> list[Day]:
    """Group edits by day and by page within a day."""
    days = []
    for when, group in groupby(edits, key=lambda edit: timezone.localtime(edit.created).date()):
        that_day = list(group)
        rows = by_page(that_day)
        days.append(Day(when, len(that_day), len(rows), rows))
    return days


def by_page(edits: Iterable[Edit]) -> list[Row]:
    """Return one row a page, in the order of each page's first edit here."""
    pages: dict[int, list[Edit]] = {}
    for edit in edits:
        pages.setdefault(edit.article_id, []).append(edit)
    return [Row(found[0], len(found) - 1) for found in pages.values()]


def lately(articles: ArticleQuerySet, count: int) -> list[Row]:
    """Return the pages that people changed last, each with its newest edit. Imports are nobody's news."""
    # Their keys first: a database that joins so many rows to the last few plans for all of them.
    newest = Edit.objects.filter(articles.has("article")).written().order_by("-created", "-pk")
    return by_page(edits_of(articles).filter(pk__in=newest.values("pk")[: count * 6]))[:count]
