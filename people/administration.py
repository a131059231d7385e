"""Among the reports of the administration: who took colleagues along, or read very many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import django_filters
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from people.models import Disclosure, User
from people.models.disclosures import DisclosureQuerySet
from people.tables import Row, csv_file
from search.administration import ForAdministrators


def _people(_request: HttpRequest) -> Any:
    return User.objects.filter(disclosures__isnull=False).distinct().order_by("username")


class DisclosureFilters(WagtailFilterSet):
    """By person, day and way."""

    user = django_filters.ModelChoiceFilter(label=gettext_lazy("Who"), queryset=_people)
    at = django_filters.DateFromToRangeFilter(label=gettext_lazy("When"), widget=DateRangePickerWidget)

    class Meta:
        model = Disclosure
        fields = ["user", "at", "kind"]


def _question(disclosure: Disclosure) -> str:
    """What was asked, as people read it: "/people/?q=Pashto in Kabul"."""
    return unquote_plus(disclosure.what)


def _address(disclosure: Disclosure) -> str | None:
    """Where the same can be asked; none for what came from elsewhere and is no address of ours."""
    return disclosure.what if disclosure.what.startswith("/people/") else None


class DisclosuresView(ForAdministrators, ReportView):
    """The record, newest first. Superusers alone see it: a question says what somebody is looking for."""

    page_title = gettext_lazy("Colleagues taken along")
    header_icon = "download"
    model = Disclosure
    filterset_class = DisclosureFilters
    index_url_name = "disclosures"
    index_results_url_name = "disclosures_results"
    default_ordering = "-at"
    list_export = ["at", "user", "kind", "number", "what", "request"]
    columns = [
        DateColumn("at", label=gettext_lazy("When"), sort_key="at"),
        Column("user", label=gettext_lazy("Who"), accessor="user.profile"),
        Column("kind", label=gettext_lazy("How"), accessor="get_kind_display"),
        Column("number", label=gettext_lazy("People"), sort_key="number"),
        Column("of_late", label=gettext_lazy("Theirs in 30 days"), sort_key="of_late"),
        TitleColumn("what", label=gettext_lazy("Question"), accessor=_question, get_url=_address),
    ]

    def get_base_queryset(self) -> DisclosureQuerySet:
        """Return the rows with who took them, and how many people these took lately."""
        return Disclosure.objects.with_of_late().select_related("user__profile__user")

    def write_csv_response(self, queryset: DisclosureQuerySet) -> StreamingHttpResponse:
        """Write them as everything that is taken along: nothing in them computes."""
        return csv_file(_rows(queryset), f"{_('people taken along')}-{timezone.localdate():%Y-%m-%d}")


def _rows(disclosures: DisclosureQuerySet) -> Iterator[Row]:
    yield [_("When"), _("Who"), _("Handle"), _("How"), _("People"), _("Question"), _("Request")]
    for one in disclosures.iterator():
        when = timezone.localtime(one.at).isoformat(sep=" ", timespec="seconds")
        who = one.user
        yield [
            when,
            who.profile.name,
            who.username,
            one.get_kind_display(),
            one.number,
            one.what,
            one.request,
        ]
