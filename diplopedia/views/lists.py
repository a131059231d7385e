"""Lists for those who look after the wiki: each says what its pages have in common and what to do about it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import CharField, Count, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from diplopedia import gardening
from diplopedia.anchors import lost_links
from diplopedia.kept import KEPT_FOR
from diplopedia.models import Article
from diplopedia.querysets import ArticleQuerySet
from diplopedia.views.browsing import PER_PAGE, readable, wanted_links
from people.models import Office
from people.permissions import held_with_others
from people.requests import reader_of
from search import outbox

if TYPE_CHECKING:
    from people.models import User


class Entry(NamedTuple):
    """A list, how much is in it, and what it is for."""

    name: str | Promise
    why: str | Promise
    url: str
    number: int


class Row(NamedTuple):
    """A page in a list, and why it is there."""

    article: Article
    note: str


def lists(request: HttpRequest) -> HttpResponse:
    """Show every list with the number of pages in it."""
    known = counts(readable(request), reader_of(request))
    entries = [
        Entry(
            _("Wanted pages"),
            _("Other pages link to them and nobody has written them yet."),
            reverse("wanted"),
            known["wanted"],
        ),
        *(
            Entry(found.name, found.why, reverse("list", args=[slug]), known[slug])
            for slug, found in gardening.LISTS.items()
        ),
        Entry(
            _("Links to sections that are not there"),
            _("They lead to the top of a page instead. The section was renamed, moved or never written."),
            reverse("lost_sections"),
            known["lost"],
        ),
        Entry(
            _("Deleted pages"),
            _("Those you could read and edit. You can bring them back."),
            reverse("deleted_pages"),
            known["deleted"],
        ),
    ]
    return render(request, "diplopedia/lists.html", {"entries": entries})


def counts(articles: ArticleQuerySet, reader: User) -> dict[str, int]:
    """Return how much is in each list, kept until anything changes for those who hold the same groups and offices."""
    mark = outbox.freshness()
    alike = held_with_others(reader)
    key = f"lists:{hashlib.sha256(repr((mark, alike, *gardening.LISTS)).encode()).hexdigest()}"
    found: dict[str, int] | None = cache.get(key) if mark else None
    if found is None:
        lists = [counted(slug, one.among(articles)) for slug, one in gardening.LISTS.items()]
        first, *others = (*lists, counted("wanted", wanted_links(articles), "target_key"))
        found = dict(first.union(*others, all=True))
        found["lost"] = len(lost_links(articles, reader))
        found["deleted"] = Article.objects.deleted_for(reader).count()
        if mark:
            cache.set(key, found, KEPT_FOR)
    return found


def counted(name: str, rows: QuerySet[Any], column: str = "pk") -> QuerySet[Any, tuple[str, int]]:
    """Return one row: a name, and how many different values of a column these rows have."""
    named = rows.order_by().values(list=Value(name, CharField()))
    return named.annotate(n=Count(column, distinct=column != "pk")).values_list("list", "n")


def lost_sections(request: HttpRequest) -> HttpResponse:
    """List the links to sections that are not there, by the pages that they stand in."""
    rows = lost_links(readable(request), reader_of(request))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "diplopedia/lost_sections.html", {"page": page})


def garden_list(request: HttpRequest, name: str) -> HttpResponse:
    """Show the pages of one list, with `office` only those of an office. Raises Http404 where there is no such list."""
    found = gardening.LISTS.get(name)
    if found is None:
        raise Http404
    office = Office.objects.filter(slug=request.GET.get("office", "").replace("\x00", "")).first()
    articles = found.sorted(readable(request)).for_lists().select_related("office")
    page = Paginator(found.of(articles, office) if office else articles, PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [Row(article, found.note(article)) for article in page.object_list]
    context = {"list": found, "page": page, "rows": rows, "office": office}
    return render(request, "diplopedia/list.html", context)
