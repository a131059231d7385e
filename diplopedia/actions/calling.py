"""Other names given and taken by hand: acronyms, former names, other spellings. Each is an edit of the page."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from diplopedia.actions.naming import add_alias
from diplopedia.actions.saving import Change, locked, write_revision
from diplopedia.markdown import title_key
from diplopedia.models import Article, Edit
from diplopedia.permissions import check_edit
from diplopedia.titles import check_title
from diplopedia.versions import Version


@transaction.atomic
def give_name(article: Article, title: str, change: Change) -> Edit | None:
    """Let another name lead to the article, and say so in its history; None where it did already.

    Raises TitleUnusable, PermissionDenied, and Outdated where the page is gone.
    """
    article = locked(article, change)
    check_edit(change.author, article)
    title = check_title(title)
    known = article.keys()
    if f"{article.language}:{title_key(title)}" in known:
        return None
    add_alias(article, title)
    return told(article, change, _("“%s” leads here, too") % title)


@transaction.atomic
def take_name(article: Article, alias: int, change: Change) -> Edit | None:
    """Let a name lead here no longer, and say so in the history; None where it does not anyway.

    Raises PermissionDenied, and Outdated where the page is gone.
    """
    article = locked(article, change)
    check_edit(change.author, article)
    name = article.other_names.filter(pk=alias).first()
    if name is None:
        return None
    name.delete()
    return told(article, change, _("“%s” leads here no longer") % name.title)


def told(article: Article, change: Change, summary: str) -> Edit:
    """Write into the history what was done to the names."""
    said = replace(change, kind=Edit.Kind.NAMES, summary=change.summary or summary)
    return write_revision(article, article.title, Version.of(article), said, previous=article.latest_edit)
