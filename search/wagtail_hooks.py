"""The search in Wagtail's administration: words that mean the same, and the queue."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.administration import QueueView, RetryView
from search.models import SynonymGroup


class SynonymViewSet(SnippetViewSet):
    """Words and phrases that mean the same. A change counts at the next search."""

    model = SynonymGroup
    icon = "list-ul"
    menu_label = _("Synonyms")
    add_to_admin_menu = True
    menu_order = 260
    list_filter = ["one_way"]
    search_fields = ["words"]
    search_backend_name = None
    panels = [FieldPanel("words"), FieldPanel("one_way")]


register_snippet(SynonymViewSet)


class QueueItem(MenuItem):
    """The queue, for those who may look after it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether it is an administrator who looks."""
        return bool(getattr(request.user, "is_superuser", False))


@hooks.register("register_admin_urls")
def queue_urls() -> list[URLPattern]:
    """The queue's addresses."""
    return [
        path("search-queue/", QueueView.as_view(), name="search_queue"),
        path("search-queue/retry/", RetryView.as_view(), name="search_queue_retry"),
    ]


@hooks.register("register_reports_menu_item")
def queue_item() -> QueueItem:
    """The queue among the reports."""
    return QueueItem(
        _("Search queue"), reverse("search_queue"), name="search-queue", icon_name="search", order=600
    )
