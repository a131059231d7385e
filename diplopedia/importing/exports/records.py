"""Source records and synonyms from an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from diplopedia.exporting.records import TARGETS
from diplopedia.importing.exports.values import needed, word, words
from diplopedia.importing.ledger import Known
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, flag, mapping
from diplopedia.models import ArticleIndex, SourceRecord
from search.models import SynonymGroup

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring


def save_source(run: Restoring, line: Line) -> tuple[Model | str, bool | None]:
    """Remember here, too, where a row came from, so that its source updates it here as it did there."""
    record = line.record
    kind, source_id = needed(record, "kind"), needed(record, "source_id")
    model, pk = target(run, mapping(record, "target"))
    detail = settled(run, mapping(record, "detail"))
    known = run.ledger.rows.get((kind, source_id))
    if known and (known.object_id, known.digest, known.detail) == (pk, word(record, "digest"), detail):
        return "", None
    if known and known.object_id != pk:
        raise ImportProblem(f"Another row here came from {kind} “{source_id}”: it stays the one.")
    values = {
        "source": word(record, "source"),
        "content_type": ContentType.objects.get_for_model(model),
        "object_id": pk,
        "digest": word(record, "digest"),
        "detail": detail,
        "demo": flag(record, "demo"),
    }
    row, made = SourceRecord.objects.update_or_create(kind=kind, source_id=source_id, defaults=values)
    run.ledger.before.setdefault((kind, source_id), known)
    run.ledger.rows[kind, source_id] = Known(pk, row.digest, row.detail)
    return row, made


def target(run: Restoring, aim: Record) -> tuple[type[Model], int]:
    """Return the table and primary key of the row that a source record stands for. Raises ImportProblem."""
    table, name = needed(aim, "table"), word(aim, "id")
    if table == "wiki":
        return ArticleIndex, ArticleIndex.objects.get().pk
    if table not in TARGETS:
        raise ImportProblem(f"It stands for a row of “{table}”, which is no table of an export.")
    pk = run.numbers.get((table, int(name))) if table in {"image", "document"} else run.ledger.pk(table, name)
    if pk is None:
        raise ImportProblem(f"It stands for {table} “{name}”, which was not imported.")
    return TARGETS[table][0], pk


def settled(run: Restoring, detail: Record) -> dict[str, Any]:
    """Return what a source record remembers, with groups and offices as they are numbered here."""
    found = dict(detail)
    if "audience" in found:
        groups, offices = found["audience"]
        found["audience"] = [
            sorted(pk for name in groups if (pk := run.ledger.pk("group", name))),
            sorted(pk for name in offices if (pk := run.ledger.pk("office", name))),
        ]
    return found


def save_synonym(run: Restoring, line: Line) -> tuple[Model, bool]:
    """Make or update a group of synonyms; one here that shares a leading word with it is the same."""
    given = SynonymGroup(words="\n".join(words(line.record, "words")), one_way=flag(line.record, "one_way"))
    leading = set(given.leading)
    alike = (group for group in SynonymGroup.objects.all() if leading & set(group.leading))
    known = run.row(SynonymGroup, "synonym", line.source_id) or next(alike, None)
    group = known or given
    group.words, group.one_way = given.words, given.one_way
    group.full_clean()
    group.save()
    run.ledger.keep(line, group, {})
    return group, known is None
