"""That two profiles became one: who decided it, when, and what moved."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.profiles import Profile
from people.records import OnRecord, RowsOnRecord


class MergerQuerySet(RowsOnRecord, models.QuerySet["Merger"]):
    """Mergers, on record."""


class Merger(OnRecord):
    """A profile that went into another of the same person.

    `moved` says which rows changed their person: from the label of a model to primary keys. Below "left:" and a label
    is what was taken away: facts that were said twice, as the serializer writes them, and addresses nobody confirmed.
    """

    kept = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="mergers")
    gone = models.OneToOneField(Profile, on_delete=models.PROTECT, related_name="merger")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    moved = models.JSONField(default=dict)

    objects = MergerQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("merger of profiles")
        verbose_name_plural = _("mergers of profiles")

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
