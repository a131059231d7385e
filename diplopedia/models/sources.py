"""Where imported things came from, so that a second import updates and never duplicates."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class SourceRecord(models.Model):
    """One imported record: its id at the source, the row it became and the digest of the line it was read from."""

    source = models.CharField(
        max_length=120, help_text="Who keeps the original, such as a repository or file."
    )
    kind = models.CharField(max_length=20)
    source_id = models.CharField(max_length=200)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("content_type", "object_id")
    digest = models.CharField(max_length=64)
    detail = models.JSONField(
        default=dict, blank=True, help_text="Path, commit, address and licence at the source."
    )
    demo = models.BooleanField(default=False, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source_id"], name="one_row_per_source_id")]
        indexes = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.kind}:{self.source_id}"
