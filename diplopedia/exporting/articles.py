"""Articles as rows: what each is now, and every revision with its author, the author's place then, and the text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from taggit.models import Tag

from diplopedia.exporting.batches import batches
from diplopedia.exporting.copies import copy_of, name_of
from diplopedia.exporting.sinks import Row, Sink, moment
from diplopedia.models import Alias, Article, ArticleTemplate, Edit, Thanks
from people.models import Profile, Region

AT_ONCE = 25
THANKED = Prefetch(
    "edits",
    Edit.objects.filter(Exists(Thanks.objects.filter(edit=OuterRef("pk")))).prefetch_related("thanks__user"),
    to_attr="thanked",
)
Track = Callable[[Iterable[int], str, int], Iterator[int]]


@dataclass(frozen=True)
class Names:
    """What the numbers in stored revisions stand for."""

    tags: Mapping[int, str]
    regions: Mapping[int, str]
    people: Mapping[int, str]
    kinds: Mapping[int, str]

    @classmethod
    def now(cls) -> Names:
        """Return the names of all rows that there are."""
        return cls(
            tags=dict(Tag.objects.values_list("pk", "name")),
            regions=dict(Region.objects.values_list("pk", "code")),
            people=dict(Profile.objects.values_list("pk", "user__username")),
            kinds=dict(ArticleTemplate.objects.values_list("pk", "slug")),
        )


def export_articles(sink: Sink, paths: Mapping[str, str], track: Track) -> None:
    """Write all articles, deleted ones too, each with its revisions, and a copy for people of those that are not."""
    keys = sorted((str(key), pk) for pk, key in Article.objects.values_list("pk", "translation_key"))
    names = Names.now()
    articles = Article.objects.select_related(
        "template", "office", "verified_edit", "verified_by", "locked_by", "owner", "translated_from__article"
    ).prefetch_related("other_names__came_from", "groups", "offices", THANKED)
    for pks in batches(track((pk for _key, pk in keys), "Exporting articles", len(keys)), AT_ONCE):
        found = articles.in_bulk(pks)
        histories = groupby(edits_of(pks), key=lambda edit: edit.article_id)
        following = next(histories, None)
        for pk in pks:
            begun = following is not None and following[0] == pk
            export_article(sink, found[pk], following[1] if begun and following else (), names, paths)
            following = next(histories, None) if begun else following


def edits_of(pks: list[int]) -> Iterator[Edit]:
    """Return the edits of some articles in the order of the export, which both databases sort ids in."""
    edits = Edit.objects.filter(article__in=pks).select_related(
        "revision", "author", "office", "base", "undoes"
    )
    return edits.order_by("article__translation_key", "number").iterator(chunk_size=AT_ONCE)


def export_article(
    sink: Sink, article: Article, edits: Iterable[Edit], names: Names, paths: Mapping[str, str]
) -> None:
    """Write one article after its revisions, whose hash it states."""
    history = hashlib.sha256()
    last: Row = {}
    for edit in edits:
        last = revision(str(article.translation_key), edit, names)
        history.update(sink.write("revisions", last))
    row = state(article) | {"revisions": last.get("number", 0), "history": history.hexdigest()}
    sink.write("articles", row)
    if not article.deleted_at and last:
        sink.copy(f"articles/{name_of(article)}.md", copy_of(row, last, paths))


def revision(article: str, edit: Edit, names: Names) -> Row:
    """Return one revision."""
    content = edit.content
    return {
        "article": article,
        "number": edit.number,
        "base": edit.base.number if edit.base else None,
        "undoes": edit.undoes.number if edit.undoes else None,
        "author": edit.author.username,
        "office": edit.office.slug if edit.office else None,
        "place": edit.place,
        "at": moment(edit.created),
        "kind": edit.kind,
        "summary": edit.summary,
        "minor": edit.minor,
        "title": content.get("title", ""),
        "body": edit.body,
        "facts": edit.facts,
        "tags": named((item["tag"] for item in content.get("tagged_items", [])), names.tags),
        "regions": named(content.get("regions", []), names.regions),
        "contacts": named(content.get("contacts", []), names.people),
        "type": names.kinds.get(content.get("template") or 0),
    }


def named(pks: Iterable[int], names: Mapping[int, str]) -> list[str]:
    """Return the names of rows; those that are gone have none."""
    return sorted(names[pk] for pk in pks if pk in names)


def state(article: Article) -> Row:
    """Return what belongs to an article as it is now rather than to one of its revisions."""
    return {
        "id": str(article.translation_key),
        "language": article.language,
        "language_set": str(article.language_set) if article.language_set else None,
        "translated_from": origin(article),
        "title": article.title,
        "address": article.wiki_slug,
        "type": article.template.slug if article.template else None,
        "begun_by": article.owner.username if article.owner else None,
        "office": article.office.slug if article.office else None,
        "review_every": article.review_every,
        "restricted": article.restricted,
        "groups": sorted(group.name for group in article.groups.all()),
        "offices": sorted(office.slug for office in article.offices.all()),
        "protected": protection(article),
        "verified": verification(article),
        "thanks": sorted(
            (given for edit in article.thanked for given in thanks(edit)),
            key=lambda given: (given["revision"], given["by"]),
        ),
        "deleted": moment(article.deleted_at),
        "other_names": sorted(
            (other_name(name) for name in article.other_names.all()),
            key=lambda name: (name["language"], name["title"], name["address"]),
        ),
    }


def other_name(name: Alias) -> Row:
    """Return another name of an article, and the deleted article whose name it was."""
    row = {"title": name.title, "language": name.language, "address": name.slug, "kind": name.kind}
    return row | ({"came_from": str(name.came_from.translation_key)} if name.came_from else {})


def thanks(edit: Edit) -> Iterator[Row]:
    """Return who thanked for an edit."""
    for given in edit.thanks.all():
        yield {"revision": edit.number, "by": given.user.username, "at": moment(given.created)}


def origin(article: Article) -> Row | None:
    """Return which revision of a page in another language it says."""
    source = article.translated_from
    return {"article": str(source.article.translation_key), "revision": source.number} if source else None


def protection(article: Article) -> dict[str, Any] | None:
    """Return who keeps others from editing it, and since when."""
    if not article.locked:
        return None
    return {
        "by": article.locked_by.username if article.locked_by else "",
        "at": moment(article.locked_at) or "",
    }


def verification(article: Article) -> dict[str, Any] | None:
    """Return who stands for which revision, and since when."""
    if not article.verified_at:
        return None
    return {
        "revision": article.verified_edit.number if article.verified_edit else 0,
        "by": article.verified_by.username if article.verified_by else "",
        "at": moment(article.verified_at),
    }
