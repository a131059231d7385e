"""Articles that say the same in several languages: each knows which edit of another one it says.

The versions of one article share Wagtail's `translation_key`; there is one of each language.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from diplopedia.actions.keeping import restrict
from diplopedia.actions.saving import Change, create_article, earlier_post, locked, once, write_revision
from diplopedia.models import Article, Edit
from diplopedia.permissions import check_edit
from diplopedia.versions import Version


class LanguageTaken(ValueError):
    """There is a page of this language beside the other one already, or both are of one language."""


@transaction.atomic
def translate(source: Edit, title: str, version: Version, change: Change, language: str) -> Edit:
    """Make a page that says in another language what an edit of a page says, for the same readers.

    Raises LanguageTaken, Outdated where the page is gone, and what `create_article` raises; then nothing is saved.
    """
    article = locked(source.article, change)
    change = once(change, title, language, version.identity)
    if edit := earlier_post(change):
        return edit
    check_free(article, language)
    edit = create_article(title, version, change, language=language, template=article.template)
    made = Article.objects.get(pk=edit.article_id)
    if article.restricted:
        kept = restrict(made, article.groups.all(), article.offices.all(), Change(author=change.author))
        made = kept.article
    made.translation_key, made.translated_from = article.translation_key, source
    made.save(clean=False)
    return edit


@transaction.atomic
def join_languages(article: Article, source: Edit, change: Change) -> Edit:
    """Say that a page says in its language what an edit of another page says. Raises LanguageTaken, Outdated."""
    article, other = locked(article, change), locked(source.article, change)
    check_edit(change.author, article)
    if article.translation_key != other.translation_key:
        check_free(other, article.language)
        if Article.objects.filter(translation_key=article.translation_key).exclude(pk=article.pk).exists():
            raise LanguageTaken(
                _("This page has versions in other languages already: take it from them first.")
            )
    article.translation_key, article.translated_from = other.translation_key, source
    said = _("Says what revision %(number)d of “%(title)s” says") % {
        "number": source.number,
        "title": other.title,
    }
    return noted(article, change, said)


@transaction.atomic
def part_languages(article: Article, change: Change) -> Edit:
    """Say that a page is no version of others in other languages any more. Raises Outdated."""
    article = locked(article, change)
    check_edit(change.author, article)
    article.translation_key, article.translated_from = uuid.uuid4(), None
    return noted(article, change, _("Not a translation any more"))


def check_free(article: Article, language: str) -> None:
    """Raise LanguageTaken unless a page in this language may stand beside an article."""
    there = Article.objects.filter(translation_key=article.translation_key, language=language)
    if language == article.language or there.exists():
        raise LanguageTaken(
            _("There is a page in this language already. Improve that one, or take it away first.")
        )


def noted(article: Article, change: Change, said: str) -> Edit:
    """Write an edit that says what was decided, and leaves the text as it is."""
    change = once(replace(change, summary=change.summary or said, minor=True), article.pk, said)
    if edit := earlier_post(change):
        return edit
    return write_revision(article, article.title, Version.of(article), change, previous=article.latest_edit)
