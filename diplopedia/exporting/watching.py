"""What colleagues watch, as rows: one for each colleague, with what they watch by the names of the export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from taggit.models import Tag

from diplopedia.exporting.batches import batches
from diplopedia.exporting.sinks import Row, moment
from diplopedia.models import Article
from notices.models import Preference, Watch
from people.models import Office, Region, User

Kind = Watch.Kind


def names() -> dict[str, Mapping[str, str]]:
    """Return what the export calls whatever can be watched, by kind and by the key of a watch.

    Searches and questions are words.
    """
    rows = {
        Kind.ARTICLE: Article.objects.values_list("pk", "translation_key"),
        Kind.TAG: Tag.objects.values_list("pk", "name"),
        Kind.REGION: Region.objects.values_list("pk", "code"),
        Kind.OFFICE: Office.objects.values_list("pk", "slug"),
        Kind.PERSON: User.objects.values_list("pk", "username"),
    }
    return {kind: {str(pk): str(name) for pk, name in found} for kind, found in rows.items()}


def watcher_rows() -> Iterator[Row]:
    """Return who watches what, by handle. What is watched and gone is left out."""
    known = names()
    watching = Watch.objects.order_by().values("user")
    people = sorted(User.objects.filter(pk__in=watching).values_list("username", "pk"))
    for pks in batches(pk for _name, pk in people):
        found = defaultdict(list)
        for watch in Watch.objects.filter(user__in=pks).iterator():
            found[watch.user_id].append(watch)
        for pk in pks:
            if watches := [row for one in found[pk] if (row := watched(one, known))]:
                watches.sort(key=lambda row: (row["kind"], row["of"]))
                yield {"id": known[Kind.PERSON][str(pk)], "watches": watches}


def watched(watch: Watch, known: Mapping[str, Mapping[str, str]]) -> Row | None:
    """Return one thing that somebody watches, or None where it is gone."""
    of = watch.key if watch.kind in (Kind.SEARCH, Kind.QUESTION) else known[watch.kind].get(watch.key)
    if of is None:
        return None
    return {
        "kind": watch.kind,
        "of": of,
        "since": moment(watch.created),
        "automatic": watch.automatic,
        "stopped": watch.stopped,
    }


def preference(user: User) -> Row | None:
    """Return how somebody wants to hear of things, where they chose; the secret of their feeds stays here."""
    try:
        chosen: Preference = user.notice_preference
    except Preference.DoesNotExist:
        return None
    return {
        "direct": chosen.direct,
        "watched": chosen.watched,
        "watch_mine": chosen.watch_mine,
    }
