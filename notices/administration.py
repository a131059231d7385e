"""Notices in the administration: what could not be told, looked for or sent, why, and the way to try it again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from notices.models import Event, Letter, Retried, Watch
from notices.querysets import RetriedQuerySet
from people.requests import whole_number
from search.administration import ForAdministrators

MOST_SHOWN = 200


class Failed(NamedTuple):
    """One thing that failed. `name` says which it is to the form that tries it again."""

    row: Retried
    kind: str | Promise
    title: str
    name: str
    url: str = ""

    @property
    def key(self) -> str:
        """What it is called in the database. Whose search it is and what for is nobody else's business."""
        return self.name


SORTS: dict[str, tuple[type[Retried], str | Promise]] = {
    "search": (Watch, gettext_lazy("Saved search")),
    "event": (Event, gettext_lazy("Event")),
    "letter": (Letter, gettext_lazy("E-mail")),
}


def troubled(model: type[Retried]) -> RetriedQuerySet[Any]:
    """Return what failed of one sort, those set aside first."""
    rows: RetriedQuerySet[Any] = model._default_manager.all()  # type: ignore[assignment]
    return rows.troubled().order_by("-set_aside_at", "pk")


def failed() -> Iterator[Failed]:
    """Yield what failed, of every sort."""
    for sort, (model, label) in SORTS.items():
        for row in troubled(model):
            yield Failed(row, label, f"{label} {row.pk}", f"{sort}:{row.pk}")


class FailedView(ForAdministrators, WagtailAdminTemplateMixin, TemplateView):
    """The saved searches, events and letters that failed."""

    template_name = "notices/admin/failed.html"
    page_title = gettext_lazy("Failed notices")
    header_icon = "mail"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Name the page itself after the way to it: that is where Wagtail shows its title."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows."""
        count = sum(troubled(model).count() for model, _label in SORTS.values())
        return super().get_context_data(
            items=list(islice(failed(), MOST_SHOWN)), more=max(count - MOST_SHOWN, 0), **kwargs
        )


class RetryView(ForAdministrators):
    """Takes one thing, or all that failed, up again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Retry the row named `row`, or all, and go back."""
        sort, _colon, number = request.POST.get("row", "").partition(":")
        if "row" not in request.POST:
            count = sum(troubled(model).retry() for model, _label in SORTS.values())
        elif sort in SORTS:
            count = troubled(SORTS[sort][0]).filter(pk=whole_number(number)).retry()
        else:
            count = 0
        told = ngettext(
            "%(count)d is tried again by the next run of send_notices.",
            "%(count)d are tried again by the next run of send_notices.",
            count,
        )
        messages.success(request, told % {"count": count})
        return redirect("failed_notices")
