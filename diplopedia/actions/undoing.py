"""Undoing one edit: what it changed is taken back, and what was written since stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from diplopedia.actions.saving import Change, EditConflict, locked, save_edit
from diplopedia.models import Article, Edit
from diplopedia.permissions import check_edit
from diplopedia.versions import Merged, Version, changed, merge_versions
from people.posting import stem


class NothingToUndo(ValueError):
    """The page has nothing of that edit any more, or never had."""


@dataclass(frozen=True)
class Undoing:
    """What the page would be without one edit: `before` is the version that the edit began from."""

    before: Version
    merged: Merged
    title: str
    changes: bool


def without(article: Article, edit: Edit) -> Undoing:
    """Return the article as it is now, but without what one edit changed. Raises NothingToUndo for the first edit.

    It is the merge of two descendants of that edit: the version before it, and the version of now.
    """
    previous = article.edits.select_related("revision").filter(number=edit.number - 1).first()
    if previous is None:
        raise NothingToUndo(_("The page began with this edit. To take the page away, delete it."))
    before, now = Version.at(previous), Version.of(article)
    merged = merge_versions(Version.at(edit), before, now)
    title = (
        str(previous.content.get("title")) if article.title == edit.content.get("title") else article.title
    )
    different = not merged.clean or changed(now, merged.version) or title != article.title
    return Undoing(before, merged, title, different)


@transaction.atomic
def undo(article: Article, edit: Edit, change: Change) -> Edit:
    """Take back what one edit changed, as a new edit, and keep what was written since.

    Raises EditConflict where the same words were changed again since (nothing saved; `mine` is the text before the
    edit, `base` the edit), NothingToUndo, PermissionDenied, Outdated where the page is gone, TitleTaken.
    """
    article = locked(article, change)
    if done := posted_before(article, edit, change):
        return done
    check_edit(change.author, article)
    undoing = without(article, edit)
    if not undoing.changes:
        raise NothingToUndo(nothing_left(edit))
    latest = article.latest_edit
    assert latest is not None  # noqa: S101 - there is an edit to undo
    if not undoing.merged.clean:
        raise EditConflict(undoing.before, latest, edit, undoing.merged)
    change = replace(change, kind=Edit.Kind.UNDO, undoes=edit, summary=change.summary or summary_of(edit))
    return save_edit(article, undoing.merged.version, change, base=latest.number, title=undoing.title)


def posted_before(article: Article, edit: Edit, change: Change) -> Edit | None:
    """Return the edit that this very form has made already: what it wrote depended on the page of then."""
    if not change.key:
        return None
    key = f"{stem(change.key)}."
    return article.edits.filter(undoes=edit, author=change.author, key__startswith=key).first()


def summary_of(edit: Edit) -> str:
    """Return what an undo is called when nobody says why."""
    words = {"number": edit.number, "author": edit.author.profile, "summary": edit.summary}
    if not edit.summary:
        return _("Undid revision %(number)d by %(author)s") % words
    return _("Undid revision %(number)d by %(author)s: %(summary)s") % words


def nothing_left(edit: Edit) -> str:
    """Return why there is nothing to undo, naming who undid it where somebody did."""
    if edit.kind in {Edit.Kind.ACCESS, Edit.Kind.DELETE}:
        return (
            _("Revision %d changed no text. Who may read a page is decided under “Who may read it”.")
            % edit.number
        )
    done = edit.undone_by.select_related("author__profile").first()
    words = {"number": edit.number, "author": done and done.author.profile, "by": done and done.number}
    if done:
        return _("Already undone: %(author)s took revision %(number)d back in revision %(by)d.") % words
    return _("Nothing to undo: the page has nothing left of what revision %(number)d changed.") % words
