"""Where imported things came from, so that a later import from the same source updates them; and synonyms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model

from diplopedia.exporting.batches import batches
from diplopedia.exporting.sinks import Row
from diplopedia.models import Article, ArticleIndex, ArticleTemplate, SourceRecord, WikiDocument, WikiImage
from people.models import Office, Post, Region, User
from search.models import SynonymGroup

# What an import of an export notes for itself: every site has its own.
OWN = "export."
# What a source record may stand for, and by what the export calls such a row.
TARGETS: dict[str, tuple[type[Model], str]] = {
    "article": (Article, "translation_key"),
    "person": (User, "username"),
    "office": (Office, "slug"),
    "post": (Post, "slug"),
    "region": (Region, "code"),
    "group": (Group, "name"),
    "kind": (ArticleTemplate, "slug"),
    "image": (WikiImage, "pk"),
    "document": (WikiDocument, "pk"),
}


def source_rows() -> Iterator[Row]:
    """Return the source records, by kind and id."""
    names = {
        name: dict(model._default_manager.values_list("pk", key)) for name, (model, key) in TARGETS.items()
    }
    keys = SourceRecord.objects.exclude(kind__startswith=OWN).values_list("kind", "source_id", "pk")
    for pks in batches(pk for _kind, _name, pk in sorted(keys)):
        found = SourceRecord.objects.select_related("content_type").in_bulk(pks)
        for record in (found[pk] for pk in pks):
            if target := target_of(record, names):
                yield source(record, target, names)


def target_of(record: SourceRecord, names: Mapping[str, Mapping[int, Any]]) -> Row | None:
    """Return which row a source record stands for; None where that is gone."""
    model = record.content_type.model_class()
    if model is ArticleIndex:
        return {"table": "wiki"}
    for name, (known, _key) in TARGETS.items():
        if known is model and record.object_id in names[name]:
            return {"table": name, "id": str(names[name][record.object_id])}
    return None


def source(record: SourceRecord, target: Row, names: Mapping[str, Mapping[int, Any]]) -> Row:
    """Return one source record; the groups and offices it remembers by name."""
    detail = dict(record.detail)
    if "audience" in detail:
        groups, offices = detail["audience"]
        detail["audience"] = [
            sorted(names["group"][pk] for pk in groups if pk in names["group"]),
            sorted(names["office"][pk] for pk in offices if pk in names["office"]),
        ]
    return {
        "id": f"{record.kind}:{record.source_id}",
        "kind": record.kind,
        "source_id": record.source_id,
        "source": record.source,
        "target": target,
        "digest": record.digest,
        "detail": detail,
        "demo": record.demo,
    }


def synonym_rows() -> Iterator[Row]:
    """Return the groups of synonyms."""
    for group in sorted(SynonymGroup.objects.all(), key=lambda group: group.words):
        digest = hashlib.sha256(group.words.encode()).hexdigest()
        yield {"id": digest[:32], "words": group.forms, "one_way": group.one_way}
