"""Kinds of article: an outline to start from and the facts it states."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

# What the kinds of a new wiki are called is in the catalogues with this context: see `diplopedia.words.finding`.
CONTEXT = "kind of article"


def in_words(text: str) -> str:
    """A text of a kind in the reader's language, for as long as no administrator wrote another."""
    return pgettext(CONTEXT, text) if text else ""


class ArticleTemplate(ClusterableModel):
    """A kind of article, such as country page or case study; an administrator makes new ones without code."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    plural = models.CharField(_("plural"), max_length=80, blank=True)
    slug = models.SlugField(
        _("key"),
        max_length=60,
        unique=True,
        blank=True,
        help_text=_("Used in addresses and in search; made from the first name and never changed."),
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
        FieldPanel("description"),
        FieldPanel("outline"),
        FieldPanel("review_every"),
        FieldPanel("order", help_text=_("Kinds with lower numbers are offered first.")),
        InlinePanel(
            "fields",
            heading=_("facts"),
            label=_("fact"),
            help_text=_(
                "What pages of this kind say in their fact box. Labels, types and order may change at any time: pages "
                "keep what they state, also where a fact is taken away here."
            ),
        ),
    ]

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("kind of article")
        verbose_name_plural = _("kinds of article")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with a key."""
        if not self.slug:
            taken = set(type(self).objects.values_list("slug", flat=True))
            self.slug = free_key(slugify(self.name) or "kind", taken, "-", 60)
        super().save(*args, **kwargs)

    @property
    def called(self) -> str:
        """Its name in the reader's language, where it is one that the wiki began with."""
        return in_words(self.name)

    @property
    def called_together(self) -> str:
        """What several pages of it are called."""
        return in_words(self.plural) or self.called

    @property
    def purpose(self) -> str:
        """When to use it, in the reader's language."""
        return in_words(self.description)

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
        YES_NO = "yes-no", _("yes or no")
        COUNTRY = "country", _("country")
        LANGUAGE = "language", _("language")
        PERSON = "person", _("person")
        OFFICE = "office", _("office")
        LINK = "link", _("link")

    template = ParentalKey(ArticleTemplate, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField(_("key"), max_length=40, blank=True)
    label = models.CharField(_("label"), max_length=80)
    type = models.CharField(_("type"), max_length=12, choices=Type.choices, default=Type.TEXT)
    choices = models.TextField(_("choices"), blank=True, help_text=_("For a choice: one a line."))
    help_text = models.CharField(_("help"), max_length=200, blank=True)
    required = models.BooleanField(
        _("asked for"), default=False, help_text=_("Marked as expected; never blocks saving.")
    )
    in_box = models.BooleanField(_("in the fact box"), default=True)

    panels = [FieldPanel(name) for name in ("label", "type", "choices", "help_text", "required", "in_box")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="one_fact_per_key")]

    def __str__(self) -> str:
        return self.label

    @property
    def called(self) -> str:
        """Its label in the reader's language, where it is one that the wiki began with."""
        return in_words(self.label)

    @property
    def explained(self) -> str:
        """Its help in the reader's language."""
        return in_words(self.help_text)

    @property
    def options(self) -> list[str]:
        """The choices, each once."""
        return list(dict.fromkeys(line.strip() for line in self.choices.splitlines() if line.strip()))

    def clean(self) -> None:
        """Raise ValidationError for a choice without choices."""
        if self.type == self.Type.CHOICE and not self.options:
            raise ValidationError({"choices": _("Write down what one can choose, one a line.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with a key. It stays when the label changes: pages keep their facts under it."""
        if not self.key:
            others = FactField.objects.filter(template_id=self.template_id).values_list("key", flat=True)
            self.key = free_key(slugify(self.label).replace("-", "_") or "fact", set(others), "_", 40)
        super().save(*args, **kwargs)


def free_key(wanted: str, taken: Collection[str], sign: str, longest: int) -> str:
    """Return a key like the wanted one that nothing has: `cost`, `cost_2` …"""
    wanted = wanted[: longest - 4].strip(sign)
    numbered = (wanted if n == 1 else f"{wanted}{sign}{n}" for n in range(1, len(taken) + 2))
    return next(key for key in numbered if key not in taken)
