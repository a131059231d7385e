"""The search in Wagtail's administration: words that mean the same, and the queue."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.administration import AdministratorsItem, QueueView, RetryView
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


@hooks.register("register_admin_urls")
def queue_urls() -> list[URLPattern]:
    """The queue's addresses."""
    return [
        path("search-queue/", QueueView.as_view(), name="search_queue"),
        path("search-queue/retry/", RetryView.as_view(), name="search_queue_retry"),
    ]


@hooks.register("register_reports_menu_item")
def queue_item() -> AdministratorsItem:
    """The queue among the reports."""
    return AdministratorsItem(
        _("Search queue"), reverse("search_queue"), name="search-queue", icon_name="search", order=600
    )
