"""Mergers of profiles from an export: who became whom. What they moved stands where it is in the export already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model, Q
from django.utils import timezone

from diplopedia.importing.exports.values import needed
from diplopedia.importing.lines import Line
from diplopedia.importing.values import moment
from people.models import Merger, Profile

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring


def save_merger(run: Restoring, line: Line) -> tuple[Model | str, bool | None]:
    """Say that one profile went into another. One that is on record here stays as it is."""
    gone, kept = run.person(line.source_id).profile, run.person(needed(line.record, "kept")).profile
    if Merger.objects.filter(gone=gone).exists():
        return "", None
    Profile.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone)).update(merged_into=kept.merged_into or kept)
    by = run.person(needed(line.record, "by"))
    merger = Merger.objects.create(
        kept=kept, gone=gone, by=by, at=moment(line.record, "at") or timezone.now()
    )
    run.ledger.keep(line, merger, {})
    return merger, True
