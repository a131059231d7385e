"""The root of the page tree."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from diplopedia.models.articles import page_url_parts


class HomePage(Page):
    """The front page: what the administrator may say on it. What else it shows is asked when it is read."""

    question = models.CharField(
        _("question above the search"), max_length=120, default="What do you need to know, and who knows it?"
    )
    notice = models.CharField(
        _("notice to all colleagues"),
        max_length=300,
        blank=True,
        help_text=_("Shown above everything else. Empty: none."),
    )

    max_count = 1
    subpage_types = ["diplopedia.ArticleIndex"]
    content_panels = [*Page.content_panels, FieldPanel("question"), FieldPanel("notice")]
    promote_panels: list[FieldPanel] = []
    settings_panels: list[FieldPanel] = []

    class Meta:
        verbose_name = _("front page")

    def get_url_parts(self, *args: Any, **kwargs: Any) -> tuple[int, str, str] | None:
        """Return the site's own address."""
        return page_url_parts(self, reverse("home"), *args, **kwargs)


class Milestone(models.Model):
    """Something that `manage.py start` has brought into this database, and the digest of what it was made from.

    Kept in the database itself, so that it is true of this database and no other.
    """

    name = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    reached_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
