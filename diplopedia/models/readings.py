"""Which revision of an article somebody read last, to show them what changed since. Nobody else sees it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Reading(models.Model):
    """The newest revision of an article that a colleague read. `manage.py forget_readings` takes old ones away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("diplopedia.Article", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    read_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="one_reading_each")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.article_id} #{self.number}"
