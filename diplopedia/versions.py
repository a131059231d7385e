"""What an editor changes of an article, as a value: compared, merged and restored as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Model
from taggit.models import Tag

from diplopedia.merging import Conflict, merge, merge_fields
from people.models import Profile, Region

if TYPE_CHECKING:
    from diplopedia.models import Article, Edit

T = TypeVar("T")


@dataclass(frozen=True)
class Version:
    """The text of an article with its facts, tags, regions and contacts (primary keys)."""

    body: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    regions: frozenset[int] = frozenset()
    contacts: frozenset[int] = frozenset()

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the version an article shows now."""
        return cls(
            body=article.body,
            facts=dict(article.facts),
            tags=frozenset(tag.name for tag in article.tags.all()),
            regions=frozenset(region.pk for region in article.regions.all()),
            contacts=frozenset(contact.pk for contact in article.contacts.all()),
        )

    @classmethod
    def at(cls, edit: Edit) -> Self:
        """Return the version a revision kept. Tags and the like that are gone since are left out."""
        content = edit.content
        tag_ids = [item["tag"] for item in content.get("tagged_items", [])]
        return cls(
            body=edit.body,
            facts=edit.facts,
            tags=frozenset(Tag.objects.filter(pk__in=tag_ids).values_list("name", flat=True)),
            regions=still_there(Region, content.get("regions", [])),
            contacts=Profile.objects.kept_of(content.get("contacts", [])),
        )

    @property
    def identity(self) -> tuple[object, ...]:
        """The content in one order, the same in every process."""
        return (
            self.body, sorted(self.facts.items()), sorted(self.tags), sorted(self.regions), sorted(self.contacts),
        )  # fmt: skip

    def with_body(self, body: str) -> Self:
        """Return the same version with another text."""
        return replace(self, body=body)


def still_there(model: type[Model], pks: Iterable[int]) -> frozenset[int]:
    """Return those of these rows that exist."""
    rows = model._default_manager.filter(pk__in=list(pks))
    return frozenset(rows.values_list("pk", flat=True))


@dataclass(frozen=True)
class Merged:
    """Two versions made one, as far as they can be: `conflicts` of the text, `fields` that both changed."""

    version: Version
    conflicts: list[Conflict]
    fields: list[str]

    @property
    def clean(self) -> bool:
        """Whether nothing is left for a person to decide."""
        return not self.conflicts and not self.fields


def merge_sets(base: Iterable[T], mine: Iterable[T], theirs: Iterable[T]) -> frozenset[T]:
    """Merge sets three ways: what either added is there, what either removed is not."""
    before, here, there = frozenset(base), frozenset(mine), frozenset(theirs)
    return (there | (here - before)) - (before - here)


def merge_versions(base: Version, mine: Version, theirs: Version) -> Merged:
    """Merge two descendants of one version: the text by paragraph, facts by field, the rest as sets."""
    text = merge(base.body, mine.body, theirs.body)
    facts, fields = merge_fields(base.facts, mine.facts, theirs.facts)
    version = Version(
        body=mine.body if text.text is None else text.text,
        facts=facts,
        tags=merge_sets(base.tags, mine.tags, theirs.tags),
        regions=merge_sets(base.regions, mine.regions, theirs.regions),
        contacts=merge_sets(base.contacts, mine.contacts, theirs.contacts),
    )
    return Merged(version, list(text.conflicts), list(fields))


def changed(old: Version, new: Version) -> bool:
    """Whether anything a reader could see differs."""
    return normal(old) != normal(new)


def normal(version: Version) -> dict[str, Any]:
    """Return a version's content without differences nobody sees: line ends, empty facts."""
    return {
        "body": version.body.replace("\r\n", "\n").strip(),
        "facts": {key: value for key, value in version.facts.items() if value},
        "sets": (version.tags, version.regions, version.contacts),
    }
