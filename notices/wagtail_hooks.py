"""What failed of the notices, among the reports of Wagtail's administration."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from notices.administration import FailedView, RetryView
from search.administration import AdministratorsItem


@hooks.register("register_admin_urls")
def failed_urls() -> list[URLPattern]:
    """The addresses of what failed."""
    return [
        path("failed-notices/", FailedView.as_view(), name="failed_notices"),
        path("failed-notices/retry/", RetryView.as_view(), name="failed_notices_retry"),
    ]


@hooks.register("register_reports_menu_item")
def failed_item() -> AdministratorsItem:
    """What failed, beside the search queue."""
    return AdministratorsItem(
        _("Failed notices"), reverse("failed_notices"), name="failed-notices", icon_name="mail", order=610
    )
