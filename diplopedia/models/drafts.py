"""What somebody is writing and has not published: their own text, never part of any history."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diplopedia.models.articles import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts; whose they are is asked first."""

    def of(self, author: AnonymousUser | models.Model) -> Self:
        """Keep somebody's own: nobody else, administrators included, reads a draft here."""
        return self.filter(author_id=author.pk)

    def forgotten(self) -> Self:
        """Keep those that nobody has touched for as long as drafts are kept."""
        return self.filter(saved__lt=timezone.now() - datetime.timedelta(days=settings.DRAFT_DAYS))


class Draft(models.Model):
    """What one form of the editor held when it was last saved.

    One row for each form that somebody opened, so that two windows never overwrite each other. `fields` holds what
    was posted, by name; `article` is None for a page that is not there yet, or not for its author.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="drafts"
    )
    key = models.CharField(max_length=64, help_text="The key of the form.")
    title = models.CharField(max_length=255, blank=True, help_text="Of the page, as its author knew it.")
    fields = models.JSONField(default=dict)
    base = models.PositiveIntegerField(default=0, help_text="Number of the edit it was begun from.")
    section = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="How often it was saved.")
    turn = models.PositiveBigIntegerField(
        default=0, help_text="The time by its author's clock, in milliseconds."
    )
    begun = models.DateTimeField(default=timezone.now)
    saved = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved"]
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="one_draft_per_form")]
        indexes = [models.Index(fields=["author", "-saved"]), models.Index(fields=["saved"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return where its author goes on writing."""
        return reverse("draft", args=[self.pk])

    @property
    def mark(self) -> str:
        """Names the draft and how it stands, as forms that go on from it send it."""
        return f"{self.pk}.{self.version}"

    @property
    def body(self) -> str:
        """The text."""
        return self.first("body")

    @property
    def until(self) -> datetime.datetime:
        """When it is forgotten if nobody touches it."""
        return self.saved + datetime.timedelta(days=settings.DRAFT_DAYS)

    def first(self, name: str) -> str:
        """Return the first value of a field, or an empty text."""
        values = self.fields.get(name) or [""]
        return str(values[0])

    def initial(self) -> dict[str, Any]:
        """Return what the editor's form shows."""
        values: dict[str, Any] = {name: self.first(name) for name in self.fields}
        regions = [value for value in self.fields.get("regions", []) if str(value).isdecimal()]
        return values | {
            "regions": regions,
            "minor": "minor" in self.fields,
            "base": self.base,
            "section": self.section,
            "draft": self.mark,
        }
