"""Rows that stay on record: they are added and read, never changed and never deleted."""

from __future__ import annotations

from typing import Any

from django.db import models


class RowsOnRecord:
    """Goes before the `QuerySet` of such rows."""

    def update(self, **kwargs: Any) -> int:
        """Refuse. Raises TypeError always."""
        raise TypeError("These rows stay as they are. Add new ones instead.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse. Raises TypeError always."""
        raise TypeError("These rows stay on record and cannot be deleted.")


class OnRecord(models.Model):
    """A row on record. The query set of its manager is one of `RowsOnRecord`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row. Raises TypeError for an old one."""
        if not self._state.adding:
            raise TypeError(f"A row of {self._meta.label} stays as it is. Add a new one instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse. Raises TypeError always."""
        raise TypeError(f"A row of {self._meta.label} stays on record and cannot be deleted.")
