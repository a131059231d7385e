"""What was imported before: which row each source id became, and from which text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model

from diplopedia.importing.lines import Line
from diplopedia.models import SourceRecord


@dataclass(frozen=True)
class Known:
    """A source id that was imported before."""

    object_id: int
    digest: str
    detail: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """The source records, read once and kept up to date while importing."""

    def __init__(self, source: str = "", *, demo: bool = False) -> None:
        self.source, self.demo = source, demo
        rows = SourceRecord.objects.values_list("kind", "source_id", "object_id", "digest", "detail")
        self.before: dict[tuple[str, str], Known | None] = {}
        self.rows = {
            (kind, source_id): Known(pk, digest, detail) for kind, source_id, pk, digest, detail in rows
        }

    def get(self, kind: str, source_id: str) -> Known | None:
        """Return what is known of a source id, or None."""
        return self.rows.get((kind, source_id))

    def pk(self, kind: str, source_id: str) -> int | None:
        """Return the primary key that a source id became, or None."""
        known = self.rows.get((kind, source_id))
        return known.object_id if known else None

    def ids(self, kind: str) -> Iterable[tuple[str, Known]]:
        """Return all source ids of a kind with what is known of them."""
        return [(source_id, known) for (name, source_id), known in self.rows.items() if name == kind]

    def keep(self, line: Line, target: Model, detail: dict[str, Any]) -> None:
        """Note in the transaction of the import what a line became."""
        self.enter(line.kind, line.source_id, target, digest=line.digest, detail=detail, source=origin(line))

    def enter(
        self,
        kind: str,
        source_id: str,
        target: Model,
        *,
        digest: str = "",
        detail: dict[str, Any] | None = None,
        source: str = "",
    ) -> None:
        """Note that a row stands for a source id; noting it again replaces digest and detail."""
        values = {
            "source": (self.source or source)[:120],
            "content_type": ContentType.objects.get_for_model(target),
            "object_id": target.pk,
            "digest": digest,
            "detail": detail or {},
        }
        if (kind, source_id) not in self.rows:
            # Refused by the database where somebody else imports the same at this moment.
            SourceRecord.objects.create(kind=kind, source_id=source_id, demo=self.demo, **values)
        else:
            # What is real stays real when a demo brings it again; what was demo becomes real when it is imported.
            again = values if self.demo else values | {"demo": False}
            SourceRecord.objects.update_or_create(kind=kind, source_id=source_id, defaults=again)
        self.before.setdefault((kind, source_id), self.rows.get((kind, source_id)))
        self.rows[kind, source_id] = Known(target.pk, digest, detail or {})

    @contextmanager
    def line(self) -> Iterator[None]:
        """Write what one line becomes, whole or not at all: in the database, and in memory."""
        self.before.clear()
        try:
            with transaction.atomic():
                yield
        except BaseException:
            for name, known in self.before.items():
                if known is None:
                    self.rows.pop(name, None)
                else:
                    self.rows[name] = known
            raise

    def is_unchanged(self, line: Line) -> bool:
        """Whether the line was imported as it stands, and nothing that it names was missing then."""
        known = self.get(line.kind, line.source_id)
        if known is None or known.digest != line.digest:
            return False
        return not any(tuple(name) in self.rows for name in known.detail.get("missing", []))


def origin(line: Line) -> str:
    """Return who keeps the original: the repository that the line names, else its file."""
    source = line.record.get("source")
    named = source.get("repo") if isinstance(source, dict) else source
    return str(named or line.where.rpartition(":")[0])
