"""The search in Wagtail's administration: words that mean the same."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

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
