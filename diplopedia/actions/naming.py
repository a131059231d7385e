"""Titles and the other names that lead to an article."""

from __future__ import annotations

from django.utils.text import slugify

from diplopedia.markdown import title_key
from diplopedia.models import Alias, Article, ArticleIndex
from diplopedia.models.articles import free_slug
from diplopedia.titles import LONGEST_KEY, TitleTaken


def title_is_taken(title: str, language: str) -> bool:
    """Whether a page, readable or not, has the title in this language."""
    return Article.objects.filter(language=language, title_key=title_key(title), deleted_at=None).exists()


def leave_alias(article: Article, new_title: str) -> None:
    """Move the article to a new title and leave its old title and address as another name. In a transaction."""
    ArticleIndex.objects.select_for_update().get()  # titles and addresses are given one at a time
    key = title_key(new_title)
    if key == article.title_key:
        return
    if title_is_taken(new_title, article.language):
        raise TitleTaken
    # A name that the title is given up for or takes up is no other name any more; the old address has to lead here.
    article.other_names.filter(language=article.language, title_key__in=[key, article.title_key]).delete()
    add_alias(article, article.title, slug=article.wiki_slug, kind=Alias.Kind.FORMER)
    article.wiki_slug = article.slug = free_slug(new_title)


def add_alias(
    article: Article,
    title: str,
    *,
    slug: str = "",
    kind: str = Alias.Kind.ALSO,
    language: str = "",
    came_from: Article | None = None,
) -> Alias:
    """Let another name lead to the article and return it; the same name twice is one."""
    alias, _created = Alias.objects.get_or_create(
        article=article,
        language=language or article.language,
        title_key=title_key(title),
        defaults={
            "title": title,
            "slug": slug or slugify(title, allow_unicode=True)[:LONGEST_KEY] or "page",
            "kind": kind,
            "came_from": came_from,
        },
    )
    return alias
