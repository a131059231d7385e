"""Articles that say the same in several languages: each knows which edit of another one it says.

The versions of one article share its `language_set`; there is one of each language.
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
from search import outbox


class LanguageTaken(ValueError):
    """There is a page of this language beside the other one already, or both are of one language."""


class OtherReaders(ValueError):
    """The two pages are not for the same readers: naming one in the other would tell of it."""


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
    made.language_set, made.translated_from = set_of(article), source
    made.save(clean=False)
    return edit


@transaction.atomic
def join_languages(article: Article, source: Edit, change: Change) -> Edit:
    """Say that a page says in its language what an edit of another page says, which has the same readers.

    Raises LanguageTaken, OtherReaders, Outdated or PermissionDenied.
    """
    for page in sorted((article, source.article), key=lambda page: page.pk):
        page.lock()  # always in this order: two who join the same pages must not wait for one another
    article, other = locked(article, change), locked(source.article, change)
    check_edit(change.author, article)
    if article.principals() != other.principals():
        raise OtherReaders(_("The two pages are not for the same readers. Give them the same ones first."))
    if not article.language_set or article.language_set != other.language_set:
        check_free(other, article.language)
        if Article.objects.filter(deleted_at=None).beside(article).exists():
            raise LanguageTaken(
                _("This page has versions in other languages already: take it from them first.")
            )
    article.language_set, article.translated_from = set_of(other), source
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
    article.language_set, article.translated_from = None, None
    return noted(article, change, _("Not a translation any more"))


def check_free(article: Article, language: str) -> None:
    """Raise LanguageTaken unless a page in this language may stand beside an article."""
    there = Article.objects.filter(deleted_at=None, language=language)
    if language == article.language or there.beside(article).exists():
        raise LanguageTaken(
            _("There is a page in this language already. Improve that one, or take it away first.")
        )


def set_of(article: Article) -> uuid.UUID:
    """Return what the versions of an article share; from now on, where it was the only one."""
    if article.language_set is None:
        article.language_set = uuid.uuid4()
        Article.objects.filter(pk=article.pk).update(language_set=article.language_set)
        outbox.enqueue("article", article.pk)
    return article.language_set


def noted(article: Article, change: Change, said: str) -> Edit:
    """Write an edit that says what was decided, and leaves the text as it is."""
    change = once(replace(change, summary=change.summary or said, minor=True), article.pk, said)
    if edit := earlier_post(change):
        return edit
    return write_revision(article, article.title, Version.of(article), change, previous=article.latest_edit)
