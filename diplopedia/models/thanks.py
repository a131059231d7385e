"""Thanks for an edit: once from each colleague, shown beside it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Thanks(models.Model):
    """One colleague thanks for one edit."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    edit = models.ForeignKey("diplopedia.Edit", on_delete=models.CASCADE, related_name="thanks")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edit", "user"], name="one_thanks_each")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.edit_id}"
