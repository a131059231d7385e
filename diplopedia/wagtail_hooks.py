"""The wiki in the administration: kinds of article, and choosers that show only what one may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.query import PageQuerySet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from diplopedia.models import Article, ArticleTemplate, WikiDocument, WikiImage
from people.permissions import ADMINS, principals


class ArticleTemplateViewSet(SnippetViewSet):
    """Kinds of article, made and changed without code."""

    model = ArticleTemplate
    icon = "form"
    menu_label = _("Kinds of article")
    add_to_admin_menu = True
    menu_order = 200
    list_display = ["name", "slug", "review_every", "order"]
    search_fields = ["name", "description"]


register_snippet(ArticleTemplateViewSet)


@hooks.register("before_delete_snippet")
def keep_kinds_of_pages(request: HttpRequest, going: Iterable[Any]) -> HttpResponse | None:
    """A kind that has pages, deleted ones too, is not deleted; say so instead."""
    kinds = ArticleTemplate.objects.filter(
        pk__in=[one.pk for one in going if isinstance(one, ArticleTemplate)]
    )
    held = [(kind.name, n) for kind in kinds if (n := kind.articles.count())]
    for name, n in held:
        words = str(_("“%(kind)s” has pages and stays."))
        if ADMINS in principals(request.user):  # others learn of no page that is kept from them
            words = ngettext(
                "“%(kind)s” has %(n)d page and stays.", "“%(kind)s” has %(n)d pages and stays.", n
            )  # fmt: skip
        messages.error(request, words % {"kind": name, "n": n})
    return redirect(ArticleTemplateViewSet().get_url_name("list")) if held else None


def visible(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Leave out the articles this administrator may not read."""
    hidden = Article.objects.exclude(pk__in=Article.objects.readable_by(request.user).values("pk"))
    return pages.exclude(pk__in=hidden.values("pk"))


@hooks.register("construct_explorer_page_queryset")
def explorer(_parent: Any, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The explorer."""
    return visible(pages, request)


@hooks.register("construct_page_chooser_queryset")
def chooser(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The choice of a page."""
    return visible(pages, request)


@hooks.register("construct_image_chooser_queryset")
def images(found: Any, request: HttpRequest) -> Any:
    """The choice of an image."""
    return found.filter(pk__in=WikiImage.objects.readable_by(request.user).values("pk"))


@hooks.register("construct_document_chooser_queryset")
def documents(found: Any, request: HttpRequest) -> Any:
    """The choice of a document."""
    return found.filter(pk__in=WikiDocument.objects.readable_by(request.user).values("pk"))


@hooks.register("construct_homepage_panels")
def panels(_request: HttpRequest, shown: list[Any]) -> None:
    """The dashboard shows no titles of pages: they may have other readers by now."""
    shown.clear()


@hooks.register("construct_homepage_summary_items")
def summary(_request: HttpRequest, shown: list[Any]) -> None:
    """Nor a count of pages that one may not read."""
    shown.clear()


@hooks.register("register_admin_menu_item")
def wiki() -> MenuItem:
    """The way back."""
    return MenuItem(_("Back to Diplopedia"), reverse("home"), icon_name="home", order=1)
