"""Reading: the article, an earlier revision of it, what links here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from diplopedia import resolving
from diplopedia.facts import fact_rows
from diplopedia.knowing import people_who_know
from diplopedia.markdown import keys as keys_in
from diplopedia.markdown import render as markdown_of
from diplopedia.markdown import resolve
from diplopedia.models import Alias, Article, Edit, Link, TaggedArticle
from diplopedia.permissions import may_edit, may_verify
from people.models import Region
from people.requests import reader_of

if TYPE_CHECKING:
    from people.models import User

RELATED = 5
AUDIENCE = {"group", "office"}


def readable(request: HttpRequest, slug: str, *, head: bool = False) -> Article:
    """Return the article at this address if the reader may know of it.

    Raises Missing, alike for pages that do not exist and pages that are not for this reader.
    """
    articles = Article.objects.readable_by(reader_of(request))
    article = (
        (articles.with_page_head(reader_of(request)) if head else articles).filter(wiki_slug=slug).first()
    )
    if article is None:
        raise Missing(slug)
    return article


class Missing(Http404):
    """No page here, as far as this reader may know."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


@dataclass(frozen=True)
class Filed:
    """What an article belongs to: a tag, a region, or a group or office that it is kept to."""

    kind: str
    slug: str
    name: str


def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article; lead other names of it there; offer to start it where there is none."""
    try:
        page = readable(request, slug, head=True)
    except Missing:
        return other_name(request, slug)
    return render(request, "diplopedia/article.html", article_context(request, page))


def article_context(request: HttpRequest, page: Article) -> dict[str, Any]:
    """Gather what the page shows, in a number of queries that does not depend on its length."""
    articles, persons, files = resolving.split(keys_in(page.html))
    found = resolving.names([key.partition(":")[2] for key in articles], reader_of(request), also_of=page)
    targets = (
        resolving.article_targets(articles, found)
        | resolving.person_targets(persons, resolving.people(persons))
        | resolving.file_targets(files, reader_of(request))
    )
    aliases = [name for name in found if name.article == page.pk and not name.is_title]
    editable = may_edit(reader_of(request), page)
    return page_head(request, page, [page.key, *(f"{name.language}:{name.key}" for name in aliases)]) | {
        "html": resolve(
            page.html, targets, edit_url=reverse("edit", args=[page.wiki_slug]) if editable else ""
        ),
        "contents": page.headings,
        "facts": (facts := fact_rows(page, box=True)),
        "facts_teaser": " · ".join(fact.value for fact in facts if not fact.long)[:80],
        "aliases": aliases,
        "knows": people_who_know(page, reader_of(request)),
        "related": related(page, reader_of(request)),
        "can_verify": may_verify(reader_of(request), page),
    }


def page_head(request: HttpRequest, page: Article, keys: list[str] | None = None) -> dict[str, Any]:
    """What the head of each page about an article shows: trust, counts, what the reader may do."""
    readers = Article.objects.readable_by(reader_of(request)).values("pk")
    links = Link.objects.to(keys or page.keys()).filter(source__in=readers).exclude(source=page)
    filed = filed_under(page)
    editable = may_edit(reader_of(request), page)
    return {
        "article": page,
        "edit": page.latest_edit,
        "kind": page.template,
        "regions": [row for row in filed if row.kind in Region.Kind.values],
        "tags": [row for row in filed if row.kind == "tag"],
        "counts": {
            "history": page.latest_edit.number if page.latest_edit else 0,
            "links": links.values("source").distinct().count(),
        },
        "edits_since": getattr(page, "edits_since_verified", 0),
        "audience": [row.name for row in filed if row.kind in AUDIENCE],
        **dict.fromkeys(("can_edit", "can_restrict", "can_rename", "can_delete"), editable),
    }


def filed_under(page: Article) -> list[Filed]:
    """Return the tags and regions of an article, and whom it is kept to, in one query."""
    tags = page.tags.through.objects.filter(content_object=page).annotate(of=Value("tag", CharField()))
    regions = page.regions.through.objects.filter(article=page).annotate(of=F("region__kind"))
    groups = page.groups.through.objects.filter(article=page).annotate(of=Value("group", CharField()))
    offices = page.offices.through.objects.filter(article=page).annotate(of=Value("office", CharField()))
    rows = tags.values_list("of", "tag__slug", "tag__name").union(
        regions.values_list("of", "region__slug", "region__name"),
        groups.values_list("of", "group__name", "group__name"),
        offices.values_list("of", "office__slug", "office__name"),
        all=True,
    )
    return sorted(
        (Filed(*row) for row in rows), key=lambda filed: (filed.kind == "tag", filed.name.casefold())
    )


@dataclass(frozen=True)
class Related:
    """An article near this one, and why."""

    article: Article
    why: str


def related(page: Article, user: User) -> list[Related]:
    """Return articles about the same regions, else with the same tags; those that share most tags first."""
    mine = TaggedArticle.objects.filter(content_object=page).values("tag")
    shared = TaggedArticle.objects.filter(content_object=OuterRef("pk"), tag__in=mine).order_by()
    count = Coalesce(Subquery(shared.values("content_object").annotate(n=Count("pk")).values("n")), 0)
    here = page.regions.through.objects.filter(article=page).values("region")
    in_region = page.regions.through.objects.filter(region__in=here).values("article")
    tagged = TaggedArticle.objects.filter(tag__in=mine).values("content_object")
    near = (
        Article.objects.readable_by(user).filter(Q(pk__in=in_region) | Q(pk__in=tagged)).exclude(pk=page.pk)
    )
    rows = near.for_lists().annotate(shared=count).order_by("-shared", "-latest_edit_id")[:RELATED]
    return [Related(row, row.template.name if row.template else "") for row in rows]


def other_name(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead a former or other name to its article; show a choice where it has several; else say there is no page."""
    aliases = Alias.objects.filter(
        slug=slug, article__in=Article.objects.readable_by(reader_of(request)).values("pk")
    )
    found = {alias.article_id: alias for alias in aliases.select_related("article__template")}
    if not found:
        raise Missing(slug)
    if len(found) == 1:
        return redirect(next(iter(found.values())).article)
    return render(
        request, "diplopedia/choice.html", {"title": slug.replace("-", " "), "aliases": found.values()}
    )


def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show an article as an edit left it."""
    page = readable(request, slug, head=True)
    edit = edit_of(page, number)
    rendered = markdown_of(edit.body, language=page.language)
    targets = resolving.targets({link.key for link in rendered.links}, reader_of(request))
    latest = page.latest_edit.number if page.latest_edit else edit.number
    context = page_head(request, page) | {
        "edit": edit,
        "latest": latest,
        "previous": number - 1 or None,
        "next": number + 1 if number < latest else None,
        "title": edit.content.get("title", page.title),
        "html": resolve(rendered.html, targets),
        "contents": rendered.contents,
        "facts": fact_rows(page, edit.facts),
        "can_restore": may_edit(reader_of(request), page),
    }
    return render(request, "diplopedia/revision.html", context)


def edit_of(page: Article, number: int) -> Edit:
    """Return one edit of an article with its revision. Raises Http404."""
    edits = page.edits.select_related("revision", "author__profile")
    return get_object_or_404(edits, number=number)


def links(request: HttpRequest, slug: str) -> HttpResponse:
    """List the pages that name this one."""
    page = readable(request, slug, head=True)
    sources = Link.objects.to(page.keys()).values("source")
    pages = (
        Article.objects.readable_by(reader_of(request)).filter(pk__in=sources).exclude(pk=page.pk).for_lists()
    )
    context = page_head(request, page) | {
        "page": Paginator(pages.order_by("title_key"), 100).get_page(request.GET.get("page")),
        "aliases": page.other_names.all(),
    }
    return render(request, "diplopedia/links.html", context)
