"""Reading: the article, an earlier revision of it, what links here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from diplopedia import kept, readings, resolving
from diplopedia.facts import fact_rows
from diplopedia.including import with_inclusions
from diplopedia.kept import Shown
from diplopedia.knowing import people_who_know
from diplopedia.markdown import Term, explain, resolve
from diplopedia.markdown import keys as keys_in
from diplopedia.markdown import render as markdown_of
from diplopedia.models import Alias, Article, Edit, Link, TaggedArticle
from diplopedia.models.kinds import in_words
from diplopedia.permissions import may_edit, may_verify
from diplopedia.resolving import Name
from diplopedia.talk import KIND as TALKED_ABOUT
from discussion.models import Thread
from people.requests import reader_of

if TYPE_CHECKING:
    from people.models import User

RELATED = 5
NEAR = 300  # of all pages of a region or with a tag, only so many of the newest are looked at
AUTHOR = ("username", "first_name", "last_name", "profile__user", "profile__preferred_name")
# The columns that an article's page shows: most of the time of a wide query is spent on its text.
SHOWN = (
    "title", "wiki_slug", "language", "title_key", "html", "contents", "facts", "locked", "restricted",
    "language_set", "translated_from__number", "translated_from__article", "review_every", "verified_at",
    "template__name", "template__slug", "template__review_every", "office__name",
    "verified_edit__number", *(f"verified_by__{name}" for name in AUTHOR),
    "latest_edit__number", "latest_edit__created", "latest_edit__place", "latest_edit__key",
    *(f"latest_edit__author__{name}" for name in AUTHOR),
)  # fmt: skip
AUDIENCE = {"group", "office"}


def readable(request: HttpRequest, slug: str, *, head: bool = False, only: Iterable[str] = ()) -> Article:
    """Return the article at this address if the reader may know of it, with these columns only if any are named.

    What is posted to an address that the page had when its form was opened is about the page still. Raises Missing,
    alike for pages that do not exist and pages that are not for this reader.
    """
    articles = Article.objects.readable_by(reader_of(request)).filter(wiki_slug=slug)
    articles = articles.with_page_head(reader_of(request)).annotate(talk=open_talk()) if head else articles
    article = (articles.only(*only) if only else articles).first()
    if article is not None:
        return article
    if request.method == "POST" and (address := moved_to(slug, reader_of(request))):
        return readable(request, address, head=head, only=only)
    raise Missing(slug)


def open_talk() -> Coalesce:
    """Return how many threads about an article wait for an answer, for its own query."""
    threads = Thread.objects.filter(subject_kind=TALKED_ABOUT, subject_pk=OuterRef("pk"), resolved_at=None)
    counted = threads.order_by().values("subject_pk").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def moved_to(slug: str, reader: User) -> str | None:
    """Return where the one page is now that had this address before; None without one, or with several."""
    former = Alias.objects.filter(
        slug=slug, kind=Alias.Kind.FORMER, article__in=Article.objects.readable_by(reader).values("pk")
    )
    found = former.values_list("article__wiki_slug", flat=True).distinct()[:2]
    return found[0] if len(found) == 1 else None


class Missing(Http404):
    """No page here, as far as this reader may know."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def title_of(slug: str) -> str:
    """Return the title that an address may have been made from."""
    title = " ".join(slug.replace("-", " ").replace("_", " ").split())[:200]
    return title[:1].upper() + title[1:]


def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article; lead other names of it there; offer to start it where there is none."""
    try:
        shown = kept.shown(slug, reader_of(request), partial(make, request, slug))
    except Missing:
        return other_name(request, slug)
    around = readings.around(shown.pk, shown.number, reader_of(request))
    context = {
        "shown": shown,
        "around": around,
        "watching": around.watching,
        "anything_new": around.anything_new,
    }
    return render(request, "diplopedia/article.html", context)


def make(request: HttpRequest, slug: str) -> Shown:
    """Make what an article shows to readers like this one. Raises Missing.

    It is rendered without the request, so that nothing of this reader's alone can get into what others see.
    """
    page = readable(request, slug, head=True, only=SHOWN)
    context = article_context(request, page)
    return Shown(
        pk=page.pk,
        title=page.title,
        slug=page.wiki_slug,
        number=context["counts"]["history"],
        html=render_to_string("diplopedia/article_main.html", context),
        is_author=context["is_author"],
        may_verify=context["can_verify"],
        until=page.review_due,
    )


def article_context(request: HttpRequest, page: Article) -> dict[str, Any]:
    """Gather what the page shows, in a number of queries that does not depend on its length."""
    html = with_inclusions(page.html, reader_of(request), page=page.pk)
    keys = keys_in(html)
    found = resolving.names(keys, reader_of(request), also_of=page)
    targets = resolving.targets(keys, reader_of(request), found)
    editable = may_edit(reader_of(request), page)
    return page_head(request, page, found) | {
        "html": explain(
            resolve(html, targets, edit_url=reverse("edit", args=[page.wiki_slug]) if editable else ""),
            (
                Term(name.title, name.said, reverse("article", args=[name.slug]))
                for name in found
                if name.kind == "term"
            ),
        ),
        "languages": (versions := in_other_languages(found)),
        "source": source_of(page, versions),
        "contents": page.headings,
        "facts": (facts := fact_rows(page, box=True)),
        "facts_teaser": " · ".join(fact.value for fact in facts if not fact.long)[:80],
        "aliases": other_names(page, found),
        "knows": people_who_know(page, reader_of(request), {name.slug for name in found if name.is_region}),
        "related": related(page, reader_of(request)),
        "can_verify": may_verify(reader_of(request), page),
        "is_author": page.latest_edit is not None and page.latest_edit.author_id == reader_of(request).pk,
    }


class InLanguage(NamedTuple):
    """A version of an article in another language, by the name the language has for itself."""

    label: str
    name: Name


def in_other_languages(names: Iterable[Name]) -> list[InLanguage]:
    """Return the versions in other languages that are among these names."""
    labels = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
    found = [name for name in names if name.kind == "translation"]
    return sorted(InLanguage(labels.get(name.language, name.language), name) for name in found)


def source_of(page: Article, versions: Iterable[InLanguage]) -> InLanguage | None:
    """Return the version whose words this page says in its language, where that one has had edits since."""
    if page.translated_from is None or not getattr(page, "edits_since_translated", 0):
        return None
    return next((one for one in versions if one.name.of == page.translated_from.article_id), None)


def page_head(request: HttpRequest, page: Article, names: list[Name] | None = None) -> dict[str, Any]:
    """What the head of each page about an article shows: trust, counts, what the reader may do.

    `names`: those of `resolving.names(also_of=page)`, where they were asked for already.
    """
    if names is None:
        names = resolving.of_all((*resolving.filing(page), resolving.linked(reader_of(request), page)))
    filed = sorted(names, key=lambda name: name.called.casefold())
    editable = may_edit(reader_of(request), page)
    return {
        "article": page,
        "edit": page.latest_edit,
        "kind": page.template,
        "regions": [row for row in filed if row.is_region],
        "tags": [row for row in filed if row.kind == "tag"],
        "counts": {
            "history": page.latest_edit.number if page.latest_edit else 0,
            "links": next((name.of for name in names if name.kind == "linked"), 0),
            "talk": getattr(page, "talk", 0),
        },
        "edits_since": getattr(page, "edits_since_verified", 0),
        "audience": [row.title for row in filed if row.kind in AUDIENCE],
        **dict.fromkeys(("can_edit", "can_restrict", "can_rename", "can_delete"), editable),
    }


def other_names(page: Article, names: list[Name]) -> list[Name]:
    """Return those of these names that lead to an article beside its title."""
    return [name for name in names if name.kind in Alias.Kind.values and name.of == page.pk]


class Related(NamedTuple):
    """An article near this one, and of what kind it is."""

    title: str
    url: str
    why: str


def related(page: Article, user: User) -> list[Related]:
    """Return articles about the same regions, then those with the same tags; those that share most tags first."""
    mine = TaggedArticle.objects.filter(content_object=page).values("tag")
    shared = TaggedArticle.objects.filter(content_object=OuterRef("pk"), tag__in=mine).order_by()
    count = Coalesce(Subquery(shared.values("content_object").annotate(n=Count("pk")).values("n")), 0)
    here = page.regions.through.objects.filter(article=page).values("region")
    in_region = page.regions.through.objects.filter(region__in=here).order_by("-article").values("article")
    tagged = TaggedArticle.objects.filter(tag__in=mine).order_by("-content_object").values("content_object")
    articles = Article.objects.order_by().values("pk")
    nearest = articles.filter(pk__in=in_region[:NEAR]).union(articles.filter(pk__in=tagged[:NEAR]))
    near = Article.objects.readable_by(user).filter(pk__in=nearest).exclude(pk=page.pk)
    same_region = Exists(in_region.filter(article=OuterRef("pk")))
    rows = near.annotate(shared=count, same_region=same_region).order_by(
        "-same_region", "-shared", "-latest_edit_id"
    )
    return [
        Related(title, reverse("article", args=[slug]), in_words(why or ""))
        for title, slug, why in rows.values_list("title", "wiki_slug", "template__name")[:RELATED]
    ]


def other_name(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead a former or other name to its article; show a choice where it has several; else say there is no page."""
    named = Alias.objects.filter(slug=slug).values("article")
    found = Article.objects.readable_by(reader_of(request)).filter(pk__in=named).for_lists()
    articles = list(found.order_by("title_key", "pk"))
    if not articles:
        raise Missing(slug)
    if len(articles) == 1:
        return redirect(articles[0])
    title = Alias.objects.filter(slug=slug, article=articles[0]).values_list("title", flat=True)[0]
    return render(request, "diplopedia/choice.html", {"title": title, "articles": articles})


def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show an article as an edit left it."""
    page = readable(request, slug, head=True)
    return show_revision(request, page, edit_of(page, number))


def show_revision(request: HttpRequest, page: Article, edit: Edit, **context: Any) -> HttpResponse:
    """Show an article as an edit left it; `as_of`: the day for which it was looked up."""
    rendered = markdown_of(edit.body, language=page.language)
    html = with_inclusions(rendered.html, reader_of(request), page=page.pk)
    targets = resolving.targets(keys_in(html), reader_of(request))
    latest = page.latest_edit.number if page.latest_edit else edit.number
    context |= page_head(request, page) | {
        "edit": edit,
        "latest": latest,
        "previous": edit.number - 1 or None,
        "next": edit.number + 1 if edit.number < latest else None,
        "title": edit.content.get("title", page.title),
        "html": resolve(html, targets),
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
