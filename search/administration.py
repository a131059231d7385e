"""The search's queue in the administration: what failed, why and since when, and the way to try it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from search import queue
from search.entries import Key
from search.models import Outbox

MOST_SHOWN = 200
LONGEST_NUMBER = 19


class ForAdministrators(View):
    """What superusers alone may see: errors may quote texts that have readers of their own."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let superusers in. Raises PermissionDenied."""
        if not getattr(request.user, "is_superuser", False):
            raise PermissionDenied(_("Only administrators see what failed, and why. Ask one of them."))
        return super().dispatch(request, *args, **kwargs)


class AdministratorsItem(MenuItem):
    """An item of the menu for superusers alone."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether it is an administrator who looks."""
        return bool(getattr(request.user, "is_superuser", False))


class QueueView(ForAdministrators, WagtailAdminTemplateMixin, TemplateView):
    """The changes that failed, those set aside first."""

    template_name = "search/admin/queue.html"
    page_title = gettext_lazy("Search queue")
    header_icon = "search"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Name the page itself after the way to it: that is where Wagtail shows its title."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the state of the queue and the rows."""
        troubled = Outbox.objects.waiting().troubled().order_by("-set_aside_at", "version")
        state = queue.state()
        more = max(state.failing - MOST_SHOWN, 0)
        return super().get_context_data(
            state=state, items=queue.items(troubled[:MOST_SHOWN]), more=more, **kwargs
        )


class RetryView(ForAdministrators):
    """Takes one change, or all that failed, up again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Retry the row named `row`, or all, and go back to the queue."""
        count = queue.retry(_named(request.POST["row"]) if "row" in request.POST else None)
        told = ngettext(
            "%(count)d change was taken up again.", "%(count)d changes were taken up again.", count
        )
        messages.success(request, told % {"count": count})
        return redirect("search_queue")


def _named(number: str) -> list[Key]:
    """The key of the row with this number; none where it is no number of ours."""
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
        return []
    return [row.key for row in Outbox.objects.filter(pk=int(number))]
