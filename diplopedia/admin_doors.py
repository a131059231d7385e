"""The administration's doors to pages. Articles are written, kept and deleted in the wiki alone.

Wagtail's own editor overwrites a colleague's stale page without a word, its copies and moves leave our titles
and addresses behind, and its deletion destroys the history. So every page view of the administration about an
article leads to the wiki's page for the same purpose, and nothing is done to many pages at once.

Wagtail lists, reports and offers pages and files without asking who may read them. So those who may enter the
administration but are no superusers find only the tables of `FOR_STAFF` there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from diplopedia.models import Article, ArticleIndex

SAFE = {"GET", "HEAD", "OPTIONS"}
# Protecting a page changes nothing of it, and is the administration's alone.
OPEN = {"lock", "unlock"}
SAME_PURPOSE = {
    "delete": "delete",
    "unpublish": "delete",
    "set_privacy": "access",
    "history": "history",
    "history_results": "history",
    "revisions_index": "history",
    "revisions_view": "history",
    "revisions_revert": "history",
    "revisions_compare": "history",
    "usage": "links",
    "view_draft": "article",
    "move": "rename",
    "move_confirm": "rename",
}
# What would take along, or leave without a place, all articles that hang on a page.
UPROOTING = {"delete", "unpublish", "copy", "move", "move_confirm", "convert_alias"}
PAGE_IDS = ("page_id", "page_to_move_id", "pk")
# Beginnings of namespaces: kinds and the directory, the choice among them, accounts and groups.
FOR_STAFF = ("wagtailsnippets", "wagtailsnippetchoosers", "wagtailusers")
FOR_STAFF_ALSO = {
    "wagtailadmin_home",
    "wagtailadmin_account",
    "wagtailadmin_logout",
    "wagtailadmin_dismissibles",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
}


class WikiDoors:
    """Leads the administration's page views about articles to the wiki."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.respond(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return where the request leads instead, or None. Raises PermissionDenied for what is superusers' alone."""
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/") or not request.user.is_authenticated:
            return None
        if match.url_name == "wagtail_bulk_action" and kwargs.get("model_name") == "page":
            messages.warning(request, _("Pages are changed one at a time, in the wiki."))
            return redirect("wagtailadmin_home")
        if match.route.startswith("admin/api/") and request.method not in SAFE:
            raise PermissionDenied(_("Pages are changed in the wiki, not through the administration."))
        if "wagtailadmin_pages" in match.namespaces and (
            other := door(request, match.url_name or "", kwargs)
        ):
            return other
        if not (request.user.is_superuser or for_staff(match)):
            raise PermissionDenied(_("Only administrators look after pages and files here. Ask one of them."))
        return None


def for_staff(match: ResolverMatch) -> bool:
    """Whether an address of the administration shows no pages and no files. Those without a name show nothing."""
    return (
        match.url_name is None
        or match.url_name in FOR_STAFF_ALSO
        or any(namespace.startswith(FOR_STAFF) for namespace in match.namespaces)
    )


def door(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> HttpResponse | None:
    """Return the wiki's page for what a page view of the administration is about, or None.

    Raises PermissionDenied for what would uproot the wiki.
    """
    if kwargs.get("content_type_model_name") == "article" or adds_below_index(name, kwargs):
        return redirect(f"{reverse('new')}?{urlencode({'title': request.GET.get('title', '')})}")
    pk = next((kwargs[key] for key in PAGE_IDS if key in kwargs), None)
    if name in UPROOTING and holds_the_wiki(pk):
        raise PermissionDenied(_("All articles hang on this page. It stays where it is."))
    if name in OPEN or not Article.objects.filter(pk=pk).exists():
        return None
    article = get_object_or_404(Article.objects.readable_by(request.user), pk=pk)
    return redirect(SAME_PURPOSE.get(name, "edit"), article.wiki_slug)


def holds_the_wiki(pk: Any) -> bool:
    """Whether this is the page that all articles hang on, or one above it."""
    page = Page.objects.filter(pk=pk).first()
    return page is not None and ArticleIndex.objects.descendant_of(page, inclusive=True).exists()


def adds_below_index(name: str, kwargs: dict[str, Any]) -> bool:
    """Whether this is the choice of what to add below the wiki's index: always an article."""
    return name == "add_subpage" and ArticleIndex.objects.filter(pk=kwargs.get("parent_page_id")).exists()
