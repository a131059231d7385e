"""Who took how many colleagues along, or read very many: what one answers for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.records import OnRecord, RowsOnRecord

if TYPE_CHECKING:
    from people.models.users import User

LEAST_KEPT = dt.timedelta(days=90)  # nothing younger is ever taken away
OF_LATE = dt.timedelta(days=30)


class DisclosureQuerySet(RowsOnRecord, models.QuerySet["Disclosure"]):
    """Rows on record: read, added, and taken away by age alone."""

    def taken(self, user: User, since: dt.datetime) -> int:
        """How many people somebody has taken along since then."""
        rows = self.filter(user=user.pk, at__gt=since).exclude(kind=Disclosure.Kind.READ)
        return rows.aggregate(number=models.Sum("number", default=0))["number"]

    def with_of_late(self) -> Self:
        """Each with `of_late`: how many people the same person has taken along in the last thirty days."""
        rows = Disclosure.objects.filter(user=models.OuterRef("user"), at__gt=timezone.now() - OF_LATE)
        theirs = rows.exclude(kind=Disclosure.Kind.READ).order_by().values("user")
        sums = theirs.annotate(people=models.Sum("number")).values("people")
        return self.annotate(of_late=Coalesce(models.Subquery(sums), 0))

    def forget(self, before: dt.datetime) -> int:
        """Take away what is older, and say how many rows. Raises ValueError for what is too young for that."""
        if before > timezone.now() - LEAST_KEPT:
            raise ValueError(
                f"Rows on record are kept for at least {LEAST_KEPT.days} days. Name an earlier day."
            )
        return models.QuerySet.delete(self.filter(at__lt=before))[0]


class Disclosure(OnRecord):
    """Facts about colleagues that left the directory, or were read one by one in great number."""

    class Kind(models.TextChoices):
        CSV = "csv", _("CSV")
        VCARDS = "vcards", _("contacts")
        PRINT = "print", _("printed list")
        LANGUAGES = "languages", _("rare languages")
        READ = "read", _("read very many")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="disclosures"
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    kind = models.CharField(_("how"), max_length=10, choices=Kind.choices)
    what = models.TextField(_("question"), blank=True)  # the address that asks it, in our own words
    number = models.PositiveIntegerField(_("people"))
    request = models.CharField(_("request"), max_length=64, blank=True)  # as in the log

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        indexes = [models.Index(fields=["user", "at"], name="disclosures_of_a_person")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}: {self.number}"
