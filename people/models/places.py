"""Where the ministry is and what it looks at: regions of the world, offices, posts."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Concat, Substr
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.display_names import city_name, contracted, in_a_sentence, region_name
from people.names import fold


class Region(models.Model):
    """A country, or a named set of countries: of the United Nations (M49), of a bureau, or our own.

    `code` is unique: "eth" (ISO 3166 alpha-3) for a country, "m49-202", "bureau-af", or the slug.
    """

    class Kind(models.TextChoices):
        WORLD = "world", _("the world")
        M49 = "m49", _("United Nations region")
        COUNTRY = "country", _("country")
        BUREAU = "bureau", _("bureau")
        NAMED = "named", _("named region")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.NAMED)
    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    iso2 = models.CharField(_("ISO 3166 alpha-2"), max_length=2, blank=True, db_index=True)
    other_names = models.JSONField(_("other names"), default=list, blank=True)
    demonym = models.CharField(_("people are called"), max_length=60, blank=True)
    parents = models.ManyToManyField(
        "self", verbose_name=_("lies in"), symmetrical=False, blank=True, related_name="children"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        """The name in the language of whoever reads; `name` is the English one."""
        return region_name(self.code, self.iso2, self.name)

    @property
    def said(self) -> str:
        """The same as it stands in a sentence: "the Sahel"."""
        return in_a_sentence(str(self))


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices and their tree."""

    def subtree(self, office: Office) -> Self:
        """The office and everything under it."""
        return self.filter(path__startswith=office.path)


class Office(models.Model):
    """A bureau or an office under it. `path` is the line of primary keys from the top: "0003.0012."."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("bureau")
        OFFICE = "office", _("office")

    name = models.CharField(_("name"), max_length=160)
    acronym = models.CharField(_("acronym"), max_length=24, blank=True)
    slug = models.SlugField(_("address"), max_length=160, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=255, editable=False, db_index=True, default="")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.OFFICE)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:office", args=[self.slug])

    @property
    def lineage(self) -> tuple[int, ...]:
        """Primary keys from the top down to this office, without asking the database."""
        return tuple(int(step) for step in self.path.split(".") if step)

    def clean(self) -> None:
        if self.pk and self.parent is not None and self.pk in self.parent.lineage:
            raise ValidationError(
                {"parent": _("An office cannot be part of itself. Choose one that is not below it.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and move everything under it along when its place in the tree changed."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._settle()

    def _settle(self) -> None:
        before, after = self.path, f"{self.parent.path if self.parent else ''}{self.pk:04d}."
        if before == after:
            return
        self.path = after
        Office.objects.filter(pk=self.pk).update(path=after)
        if before:
            below = Office.objects.filter(path__startswith=before).exclude(pk=self.pk)
            below.update(path=Concat(models.Value(after), Substr("path", len(before) + 1)))


class Post(models.Model):
    """An embassy, consulate or mission. `opened` and `closed` are years; coordinates are degrees."""

    class Kind(models.TextChoices):
        EMBASSY = "embassy", _("Embassy")
        CONSULATE = "consulate", _("Consulate")
        MISSION = "mission", _("Mission")
        OTHER = "other", _("Post")

    city = models.CharField(_("city"), max_length=120)
    slug = models.SlugField(_("address"), max_length=140, unique=True)
    other_names = models.JSONField(_("other names of the city"), default=list, blank=True)
    country = models.ForeignKey(
        Region,
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.EMBASSY)
    opened = models.PositiveSmallIntegerField(_("opened"), null=True, blank=True)
    closed = models.PositiveSmallIntegerField(_("closed"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    emergency_phone = models.CharField(_("emergency telephone"), max_length=40, blank=True)

    class Meta:
        ordering = ["city"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def name(self) -> str:
        """Kind and city: "Embassy Kabul", "Ambassade à Kaboul"."""
        return contracted(gettext("%(kind)s %(town)s") % {"kind": self.kind_name, "town": self.town})

    @property
    def town(self) -> str:
        """The city as whoever reads calls it; `city` is its English name."""
        return city_name(self.city)

    @property
    def kind_name(self) -> str:
        """What `get_kind_display` says, many times as fast: lists of places to choose from ask every post."""
        return str(self.Kind(self.kind).label) if self.kind in self.Kind else self.kind

    @property
    def sort_key(self) -> str:
        return fold(self.town)

    def get_absolute_url(self) -> str:
        return reverse("people:post", args=[self.slug])
