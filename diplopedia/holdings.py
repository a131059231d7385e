"""What the wiki holds of an office or a post, for their pages: as far as the reader may read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.urls import reverse

from diplopedia.gardening import LISTS, of_office, review_due
from diplopedia.models import Article
from people import holdings
from people.holdings import Held, Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from people.models import Office, Post, User

KEPT_SHOWN = 12
ABOUT_SHOWN = 6
ABOUT_READ = 40  # titles with the letters of a city, of which some have it as a word
SHOWN = ("title", "language", "wiki_slug")
LEFT = LISTS["left"]


class Wiki:
    """The pages of the wiki, asked by the directory."""

    def of_office(self, office: Office, reader: User) -> Held:
        """Return what an office and those under it answer for, what is due for review first."""
        readable = Article.objects.readable_by(reader)
        kept = review_due(of_office(readable, office)).only(*SHOWN)
        numbered = kept.annotate(total=Window(Count("pk")), due=Window(Count("pk", filter=Q(overdue=True))))
        rows = list(numbered.order_by("-overdue", "title_key", "pk")[:KEPT_SHOWN])
        asked = urlencode({"office": office.slug})
        return Held(
            pages=pages(rows),
            total=rows[0].total if rows else 0,
            due=rows[0].due if rows else 0,
            url=f"{reverse('search:search')}?{asked}",
            left=LEFT.of(LEFT.among(readable), office).count(),
            left_url=f"{reverse('list', args=['left'])}?{asked}",
        )

    def about_post(self, post: Post, reader: User) -> tuple[list[Page], list[Page]]:
        """Return the pages with the city in their title, and others filed under its country. Two queries."""
        shown = Article.objects.readable_by(reader).order_by("title_key", "pk").only(*SHOWN)
        city = re.compile(rf"\b{re.escape(post.city)}\b", re.IGNORECASE)
        titled = [
            one for one in shown.filter(title__icontains=post.city)[:ABOUT_READ] if city.search(one.title)
        ]
        about = titled[:ABOUT_SHOWN]
        filed = Article.regions.through.objects.filter(article=OuterRef("pk"), region=post.country_id)
        others = shown.filter(Exists(filed)).exclude(pk__in=[one.pk for one in about])[:ABOUT_SHOWN]
        return pages(about), pages(others) if post.country_id else []


def pages(articles: Iterable[Article]) -> list[Page]:
    """Return articles as the directory lists them."""
    return [
        Page(one.title, one.language, one.get_absolute_url(), bool(getattr(one, "overdue", False)))
        for one in articles
    ]


def connect() -> None:
    """Let the directory ask the wiki."""
    holdings.register(Wiki())
