"""What colleagues watch, and how they want to hear of it, from an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from taggit.models import Tag

from diplopedia.importing.exports.values import needed
from diplopedia.importing.lines import Line
from diplopedia.importing.values import Record, flag, moment, records
from notices.models import Preference, Watch
from people.models import User

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring

Kind = Watch.Kind
TABLES = {Kind.ARTICLE: "article", Kind.REGION: "region", Kind.OFFICE: "office", Kind.PERSON: "person"}
Key = tuple[str, str]


def save_watcher(run: Restoring, line: Line) -> tuple[User, bool]:
    """Let a colleague watch what they watched. What was not imported is named, and tried again with a later import."""
    user = run.person(line.source_id)
    here = {(row.kind, row.key): row for row in user.watches.all()}
    made = not here
    wanted: dict[Key, Record] = {}
    missing: list[Key] = []
    for record in records(line.record, "watches"):
        kind, of = needed(record, "kind"), needed(record, "of")
        key = key_of(run, kind, of)
        if key is None:
            missing.append(run.ledger.name(TABLES[Kind(kind)], of))
            run.report.note(line.where, f"“{user.username}” watches {kind} “{of}”, which was not imported.")
        else:
            wanted[kind, key] = record
    Watch.objects.bulk_create(
        Watch(user=user, kind=kind, key=key, **values(record))
        for (kind, key), record in wanted.items()
        if (kind, key) not in here
    )
    for key_, record in wanted.items():
        if key_ in here:
            user.watches.filter(pk=here[key_].pk).update(**values(record))
    run.ledger.keep(line, user, {"missing": missing} if missing else {})
    return user, made


def values(record: Record) -> dict[str, Any]:
    """Return the fields of a watch."""
    return {
        "created": moment(record, "since") or timezone.now(),
        "automatic": flag(record, "automatic"),
        "stopped": flag(record, "stopped"),
    }


def key_of(run: Restoring, kind: str, of: str) -> str | None:
    """Return the key of a watch here, or None where what is watched was not imported. Raises ValueError."""
    if kind in (Kind.SEARCH, Kind.QUESTION):
        return of
    if kind == Kind.TAG:
        tag = Tag.objects.filter(name=of).first() or Tag.objects.create(name=of)
        return str(tag.pk)
    pk = run.ledger.pk(TABLES[Kind(kind)], of)
    return None if pk is None else str(pk)


def save_preference(user: User, record: Record) -> None:
    """Set how somebody wants to hear of things, where the export says so. Addresses of feeds are made anew."""
    if not record:
        return
    Preference.objects.update_or_create(
        user=user,
        defaults={
            "direct": needed(record, "direct"),
            "watched": needed(record, "watched"),
            "watch_mine": flag(record, "watch_mine"),
        },
    )
