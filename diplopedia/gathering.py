"""What other tables say about a batch of articles, each table read once.

Prefetching makes a manager and a queryset for every article and relation, which took three times as long as all the
rest of reading an article for the search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Count, prefetch_related_objects

from diplopedia.models import Alias, Article, ArticleTemplate, Edit, Link, TaggedArticle
from people.models import Office, Profile
from search.entries import Label

Value = TypeVar("Value")


def by_article(pairs: Iterable[tuple[int, Value]]) -> dict[int, list[Value]]:
    """Group values by the article they belong to, in their order."""
    grouped: dict[int, list[Value]] = defaultdict(list)
    for article, value in pairs:
        grouped[article].append(value)
    return grouped


class Gathered:
    """Names, tags, regions, people, kinds and offices of some articles; lists by the article's key."""

    def __init__(self, articles: Sequence[Article]) -> None:
        keys = [article.pk for article in articles]
        aliases = Alias.objects.filter(article__in=keys)
        self.other_names = by_article(aliases.values_list("article_id", "title"))
        tagged = TaggedArticle.objects.filter(content_object__in=keys).order_by("pk")
        tags = tagged.values_list("content_object_id", "tag__slug", "tag__name")
        self.tags = by_article((article, Label(slug, name)) for article, slug, name in tags)
        lying = Article.regions.through.objects.filter(article__in=keys).order_by("region__name", "region")
        self.regions = by_article(lying.values_list("article_id", "region_id"))
        self.offices = Office.objects.in_bulk()
        self.edits = Edit.objects.only("created", "author_id", "number").in_bulk(
            [article.latest_edit_id for article in articles if article.latest_edit_id]
        )
        naming = Link.objects.filter(title_key__in=[article.title_key for article in articles])
        self.named_by = dict(naming.order_by().values_list("title_key").annotate(Count("pk")))
        self._gather_people(keys)
        self._gather_kinds(articles)
        prefetch_related_objects([one for one in articles if one.restricted], "groups", "offices")

    def _gather_people(self, keys: list[int]) -> None:
        naming = Article.contacts.through.objects.filter(article__in=keys)
        contacts = naming.order_by("profile__sort_key", "profile").values_list("article_id", "profile_id")
        self.contacts = by_article(contacts)
        named = {profile for profiles in self.contacts.values() for profile in profiles}
        authors = {edit.author_id for edit in self.edits.values()}
        profiles = Profile.objects.select_related("user").order_by()
        self.profiles = profiles.in_bulk(named)
        self.authors = {one.user_id: one for one in profiles.filter(user__in=authors)}

    def _gather_kinds(self, articles: Sequence[Article]) -> None:
        kinds = ArticleTemplate.objects.prefetch_related("fields").in_bulk()
        for article in articles:
            article.template = kinds.get(article.template_id)

    def people(self, article: Article) -> list[Label]:
        """Return the contacts and the last author of an article, each once, as values to filter by."""
        found = [self.profiles[pk] for pk in self.contacts.get(article.pk, ())]
        edit = self.edits.get(article.latest_edit_id)
        if edit and edit.author_id in self.authors:
            found.append(self.authors[edit.author_id])
        handles = dict.fromkeys(profile.user.username for profile in found)
        return [Label(handle, handle) for handle in handles]
