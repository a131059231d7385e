"""What was taken from which export: apart from all other imports, and apart for each site that was exported."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import Model

from diplopedia.exporting.records import OWN
from diplopedia.importing.ledger import Known, Ledger

LONGEST = 200


class ExportLedger(Ledger):
    """The source records of one site's exports, under the ids of their rows."""

    def __init__(self, site: str) -> None:
        self.site = site
        super().__init__(f"export of {site}")

    def name(self, kind: str, source_id: str) -> tuple[str, str]:
        """Return the kind and id under which a row is remembered."""
        full = f"{self.site}:{source_id}"
        if len(full) > LONGEST:
            full = f"{self.site}:{hashlib.sha256(source_id.encode()).hexdigest()}"
        return OWN + kind, full

    def get(self, kind: str, source_id: str) -> Known | None:
        """Return what is known of a row, or None."""
        return super().get(*self.name(kind, source_id))

    def pk(self, kind: str, source_id: str) -> int | None:
        """Return the primary key that a row became here, or None."""
        return super().pk(*self.name(kind, source_id))

    def enter(self, kind: str, source_id: str, target: Model, **known: Any) -> None:
        """Note what a row became."""
        super().enter(*self.name(kind, source_id), target, **known)
