"""What pages and people were called where they were imported from: how judged sets name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.contrib.contenttypes.models import ContentType

from diplopedia.models import Article, SourceRecord
from people.models import Profile, User
from search.evaluation import naming


def source_ids(kind: str, pks: Collection[int]) -> Mapping[int, Sequence[str]]:
    """The source ids of articles by their keys, and of people by those of their profiles."""
    if kind == "article":
        return _ids(Article, {pk: pk for pk in pks})
    if kind == "person":
        users = Profile.objects.filter(pk__in=pks).values_list("user", "pk")
        return _ids(User, dict(users))
    return {}


def _ids(model: type[Article] | type[User], named: Mapping[int, int]) -> Mapping[int, Sequence[str]]:
    """The source ids of rows of a model, the oldest first, each under what its row is named for."""
    records = SourceRecord.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=named
    )
    found: dict[int, list[str]] = defaultdict(list)
    for object_id, source_id in records.order_by("pk").values_list("object_id", "source_id"):
        found[named[object_id]].append(source_id)
    return found


def connect() -> None:
    """Tell the search how its documents are called elsewhere."""
    naming.register(source_ids)
