"""Kinds of article: an outline to start from and the facts it states."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable


class ArticleTemplate(ClusterableModel):
    """A kind of article, such as country page or case study; an administrator makes new ones without code."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    plural = models.CharField(_("plural"), max_length=80, blank=True)
    slug = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Used in addresses and in search.")
    )
    description = models.CharField(_("when to use it"), max_length=250, blank=True)
    outline = models.TextField(
        _("outline"), blank=True, help_text=_("Markdown that a new page of this kind starts with.")
    )
    review_every = models.PositiveSmallIntegerField(
        _("review every (months)"),
        null=True,
        blank=True,
        help_text=_("Empty: pages of this kind never fall due."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    panels = [
        FieldPanel("name"),
        FieldPanel("plural"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("outline"),
        FieldPanel("review_every"),
        FieldPanel("order"),
        InlinePanel("fields", label=_("facts")),
    ]

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("kind of article")
        verbose_name_plural = _("kinds of article")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page that lists the articles of this kind."""
        return reverse("kind", args=[self.slug])


class FactField(Orderable):
    """One fact that a kind of article states: its key, label and type."""

    class Type(models.TextChoices):
        TEXT = "text", _("text")
        LONG_TEXT = "long-text", _("long text")
        DATE = "date", _("date")
        NUMBER = "number", _("number")
        CHOICE = "choice", _("choice")
        COUNTRY = "country", _("country")
        LANGUAGE = "language", _("language")
        PERSON = "person", _("person")
        OFFICE = "office", _("office")
        LINK = "link", _("link")

    template = ParentalKey(ArticleTemplate, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=80)
    type = models.CharField(_("type"), max_length=12, choices=Type.choices, default=Type.TEXT)
    choices = models.TextField(_("choices"), blank=True, help_text=_("For a choice: one a line."))
    help_text = models.CharField(_("help"), max_length=200, blank=True)
    required = models.BooleanField(
        _("asked for"), default=False, help_text=_("Marked as expected; never blocks saving.")
    )
    in_box = models.BooleanField(_("in the fact box"), default=True)

    panels = [
        FieldPanel(name) for name in ("key", "label", "type", "choices", "help_text", "required", "in_box")
    ]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="one_fact_per_key")]

    def __str__(self) -> str:
        return self.label
