"""Browsing: what there is, by kind, place, topic and letter, and what nobody has written yet."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from taggit.models import Tag

from diplopedia.facts import facet_legends, facet_values
from diplopedia.models import Alias, Article, ArticleTemplate, Link
from diplopedia.narrowing import chips, facet, fits
from diplopedia.querysets import ArticleQuerySet
from people import regions
from people.models import Region
from people.names import fold

PER_PAGE = 60
CONTINENTS = {"m49-002", "m49-009", "m49-019", "m49-142", "m49-150"}  # UN M49: Africa … Europe
TAGS = 40
SOURCES = 3


@dataclass(frozen=True)
class Counted:
    """Something to browse by, with the number of articles: of a kind, tag, region or letter."""

    kind: Any = None
    region: Any = None
    tag: Any = None
    letter: str = ""
    count: int = 0
    children: tuple[Counted, ...] = ()


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list."""

    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class Wanted:
    """A page that others link to and nobody has written."""

    title: str
    language: str
    count: int
    sources: list[Article]

    @property
    def url(self) -> str:
        """Where it is begun."""
        return f"{reverse('new')}?{urlencode({'title': self.title, 'language': self.language})}"


def readable(request: HttpRequest) -> ArticleQuerySet:
    """The articles this reader may know of."""
    return Article.objects.readable_by(request.user)


def listing(request: HttpRequest, articles: ArticleQuerySet, template: str, **context: Any) -> HttpResponse:
    """Show a page of articles in alphabetical order."""
    page = Paginator(articles.for_lists().order_by("title_key", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, template, {"page": page, **context})


def wiki(request: HttpRequest) -> HttpResponse:
    """Show the ways into the wiki, each with its count."""
    articles = readable(request)
    tags = Tag.objects.filter(diplopedia_taggedarticle_items__content_object__in=articles.values("pk"))
    context = {
        "total": articles.count(),
        "kinds": [Counted(kind=kind, count=n) for kind, n in kind_counts(articles)],
        "regions": region_tree(articles),
        "tags": [
            Counted(tag=tag, count=tag.n)
            for tag in tags.annotate(n=Count("pk")).order_by("-n", "name")[:TAGS]
        ],
        "letters": letters(articles),
        "recent": articles.for_lists().order_by("-pk")[:8],
        "wanted_total": wanted_links(articles).values("target_key").distinct().count(),
    }
    return render(request, "diplopedia/index.html", context)


def kind_counts(articles: ArticleQuerySet) -> list[tuple[ArticleTemplate, int]]:
    """Return the kinds that have articles, each with their number, in two queries."""
    counts = dict(articles.order_by().values_list("template").annotate(n=Count("pk")))
    return [(kind, counts[kind.pk]) for kind in ArticleTemplate.objects.all() if counts.get(kind.pk)]


def region_counts(articles: ArticleQuerySet) -> dict[int, int]:
    """Return for each region the number of articles on it or on what lies in it."""
    pairs = Article.regions.through.objects.filter(article__in=articles.values("pk")).values_list(
        "region", "article"
    )
    about: dict[int, set[int]] = {}
    for region, article in pairs:
        for place in regions.ancestors(region) | {region}:
            about.setdefault(place, set()).add(article)
    return {region: len(found) for region, found in about.items()}


def region_tree(articles: ArticleQuerySet) -> list[Counted]:
    """Return the continents and named regions that have articles, with the countries in each."""
    counts = region_counts(articles)
    found = Region.objects.filter(pk__in=counts)
    by_pk = {region.pk: region for region in found}
    tops = [
        r
        for r in found
        if (r.kind == Region.Kind.M49 and r.code in CONTINENTS) or r.kind == Region.Kind.NAMED
    ]
    return [
        counted(region, by_pk, counts) for region in sorted(tops, key=lambda row: (row.kind, fold(str(row))))
    ]


def counted(region: Region, by_pk: dict[int, Region], counts: dict[int, int]) -> Counted:
    """Return a region with the countries in it that have articles."""
    inside = [by_pk[pk] for pk in regions.descendants(region.pk) if pk in by_pk]
    countries = sorted(
        (one for one in inside if one.kind == Region.Kind.COUNTRY), key=lambda one: fold(str(one))
    )
    children = tuple(Counted(region=country, count=counts[country.pk]) for country in countries)
    return Counted(region=region, count=counts[region.pk], children=children)


def letters(articles: ArticleQuerySet) -> list[Counted]:
    """Return the first letters of titles, each with the number of articles."""
    counts: dict[str, int] = {}
    for first, n in articles.order_by().values_list("initial").annotate(n=Count("pk")):
        counts[first] = counts.get(first, 0) + n
    return [Counted(letter=letter, count=n) for letter, n in sorted(counts.items())]


def letter(request: HttpRequest) -> HttpResponse:
    """List the articles under one letter; # is for digits and signs."""
    chosen = request.GET.get("letter", "A")[:1].upper() or "A"
    articles = readable(request)
    return listing(
        request,
        articles.filter(initial=chosen),
        "diplopedia/letters.html",
        letter=chosen,
        letters=letters(articles),
    )


def kind_filters(request: HttpRequest, articles: ArticleQuerySet) -> list[Filter]:
    """Return the kinds among these articles as filters of the list."""
    chosen = request.GET.get("kind", "")
    return [
        Filter(
            kind.called_together,
            "?" if kind.slug == chosen else f"?kind={kind.slug}",
            n,
            kind.slug == chosen,
        )
        for kind, n in kind_counts(articles)
    ]


def of_kind(request: HttpRequest, articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep the kind that was asked for, if any."""
    chosen = request.GET.get("kind", "")
    return articles.filter(template__slug=chosen) if chosen else articles


def kind(request: HttpRequest, slug: str) -> HttpResponse:
    """List the articles of a kind."""
    found = get_object_or_404(ArticleTemplate, slug=slug)
    articles = readable(request).filter(template=found)
    legends = facet_legends(found)
    values = facet_values(found, articles) if legends else {}
    chosen = {name: request.GET.getlist(name) for name in legends}
    if any(chosen.values()):
        articles = articles.filter(pk__in=[pk for pk, own in values.items() if fits(own, chosen)])
    facets = [facet(name, legend, values.values(), chosen) for name, legend in legends.items()]
    return listing(
        request, articles, "diplopedia/kind.html",
        kind=found, facets=facets, chips=chips(request.GET, facets), clear_url=found.get_absolute_url(),
        narrows=any(one.rows for one in facets),
    )  # fmt: skip


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """List the articles with a tag. A tag that only unreadable pages have looks like none."""
    found = get_object_or_404(Tag, slug=slug)
    articles = readable(request).filter(tagged_items__tag=found)
    if not articles.exists():
        raise Http404
    people_url = f"{reverse('people:directory')}?{urlencode({'skill': found.name})}"
    return listing(
        request, of_kind(request, articles), "diplopedia/tag.html",
        tag=found, filters=kind_filters(request, articles), people_url=people_url,
    )  # fmt: skip


def region(request: HttpRequest, slug: str) -> HttpResponse:
    """List the articles about a region and what lies in it."""
    found = get_object_or_404(Region, slug=slug)
    inside = regions.with_descendants(found.pk)
    about = Article.regions.through.objects.filter(region__in=inside).values("article")
    articles = readable(request).filter(pk__in=about)
    counts = region_counts(articles)
    children = [
        Counted(region=child, count=counts[child.pk]) for child in found.children.all() if child.pk in counts
    ]
    country_pages = articles.filter(template__slug="country-profile", regions=found)
    return listing(
        request, of_kind(request, articles), "diplopedia/region.html",
        region=found,
        parents=found.parents.exclude(kind=Region.Kind.WORLD).order_by("kind", "name"),
        children=sorted(children, key=lambda row: fold(str(row.region))),
        country_page=country_pages.first() if found.kind == Region.Kind.COUNTRY else None,
        people_url=f"{reverse('people:directory')}?{urlencode({'region': found.slug})}",
        filters=kind_filters(request, articles),
    )  # fmt: skip


def wanted_links(articles: ArticleQuerySet) -> QuerySet[Link]:
    """Return the links in these articles that lead to none of them.

    A title that an unreadable article holds counts as wanted, as it does in the text of every page.
    """
    titles = articles.filter(title_key=OuterRef("title_key"))
    aliases = Alias.objects.filter(title_key=OuterRef("title_key"), article__in=articles.values("pk"))
    links = Link.objects.filter(source__in=articles.values("pk")).exclude(title_key="")
    return links.filter(~Exists(titles), ~Exists(aliases))


def wanted_pages(articles: ArticleQuerySet) -> QuerySet[Link, Any]:
    """Return wanted pages as rows of target_key, n and title, most wanted first."""
    links = wanted_links(articles).values("target_key")
    return links.annotate(n=Count("source"), title=Max("title"), first=Min("source")).order_by("-n", "title")


def wanted_rows(request: HttpRequest, rows: Any) -> list[Wanted]:
    """Return wanted pages with some of the pages that link to them."""
    keys = [row["target_key"] for row in rows]
    links = Link.objects.to(keys).filter(readable(request).has("source")).select_related("source")
    sources: dict[str, list[Article]] = {}
    for link in links:
        sources.setdefault(link.target_key, []).append(link.source)
    return [
        Wanted(
            row["title"], row["target_key"].partition(":")[0], row["n"], sources[row["target_key"]][:SOURCES]
        )
        for row in rows
    ]


def wanted(request: HttpRequest) -> HttpResponse:
    """List wanted pages."""
    page = Paginator(wanted_pages(readable(request)), PER_PAGE).get_page(request.GET.get("page"))
    rows = wanted_rows(request, list(page.object_list))
    return render(request, "diplopedia/wanted.html", {"page": page, "rows": rows})


def random(request: HttpRequest) -> HttpResponse:
    """Lead to any article."""
    articles = readable(request)
    bounds = articles.aggregate(low=Min("pk"), high=Max("pk"))
    if bounds["low"] is None:
        return redirect("wiki")
    somewhere = secrets.randbelow(bounds["high"] - bounds["low"] + 1) + bounds["low"]
    return redirect(articles.filter(pk__gte=somewhere).order_by("pk")[0])
