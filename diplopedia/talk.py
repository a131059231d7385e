"""Articles are talked about: who may read the talk, and what threads say of the article."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.urls import reverse

from diplopedia.models import Article
from discussion import subjects
from discussion.subjects import About

KIND = "article"


def itself(article: Article) -> list[int]:
    """Return the key of an article whose readers changed."""
    return [article.pk]


class ArticleTalk:
    """Talk about articles is for who may read them. Renaming, deleting and restricting tell by `actions.moved`."""

    kind = KIND
    related: Mapping[type[Model] | str, Callable[[Any], Iterable[int]]] = {
        Article.groups.through: itself,
        Article.offices.through: itself,
        Group: lambda group: list(Article.objects.filter(groups=group).values_list("pk", flat=True)),
    }

    def living(self) -> QuerySet[Any, Any]:
        """The articles that are not deleted."""
        return Article.objects.filter(deleted_at=None).values("pk")

    def readable_by(self, user: Any) -> QuerySet[Any, Any]:
        """The articles that this user may read now."""
        return Article.objects.readable_by(user).values("pk")

    def about(self, pks: Collection[int]) -> dict[int, About]:
        """What threads and the search say of these articles."""
        articles = Article.objects.filter(pk__in=list(pks), deleted_at=None).only(
            "title", "wiki_slug", "language", "restricted"
        )
        return {
            article.pk: About(
                pk=article.pk,
                title=article.title,
                url=article.get_absolute_url(),
                talk_url=reverse("talk", args=[article.wiki_slug]),
                language=article.language,
                readers=article.principals(),
                restriction=", ".join(article.audience()) if article.restricted else "",
            )
            for article in articles.prefetch_related("groups", "offices")
        }


def connect() -> None:
    """Let articles be talked about."""
    subjects.register(ArticleTalk())
