"""The code of conduct in the administration."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from manners.models import Code


class CodeViewSet(SnippetViewSet):
    """Versions of the code of conduct; the newest is in force."""

    model = Code
    icon = "form"
    menu_label = _("Code of conduct")
    add_to_admin_menu = True
    menu_order = 260
    list_display = ["__str__", "created"]
    search_backend_name = None
    panels = [FieldPanel("text")]


register_snippet(CodeViewSet)
