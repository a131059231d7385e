"""What is done to an article as a whole: restored, renamed, restricted, deleted, brought back, verified."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diplopedia.actions.joining import hold_with_holders, take_names_back
from diplopedia.actions.naming import leave_alias, title_is_taken
from diplopedia.actions.saving import Change, Outdated, earlier_post, locked, once, save_edit, write_revision
from diplopedia.models import Article, ArticleIndex, Edit
from diplopedia.permissions import check_edit, keeps_access
from diplopedia.telling import tell_verified
from diplopedia.titles import TitleTaken, check_title
from diplopedia.versions import Version
from search import outbox

if TYPE_CHECKING:
    from django.contrib.auth.models import Group

    from people.models import Office, User


class LockedOut(ValueError):
    """The restriction would shut out the person who makes it."""


@transaction.atomic
def restore(article: Article, edit: Edit, change: Change, *, base: int) -> Edit:
    """Make an earlier revision the newest again, as a new edit; nothing in between is lost.

    Raises Outdated where somebody saved after edit number `base`, which the restorer had seen.
    """
    article, version = locked(article, change), Version.at(edit)
    summary = change.summary or _("Restored revision %d") % edit.number
    change = once(replace(change, kind=Edit.Kind.REVERT, summary=summary), article.pk, None, version.identity)
    if done := earlier_post(change):
        return done
    if article.latest_edit and article.latest_edit.number != base:
        raise Outdated(_("Somebody saved another edit meanwhile. Look at it before you restore."))
    return save_edit(article, version, change, base=base)


@transaction.atomic
def rename(article: Article, title: str, change: Change) -> Edit:
    """Give the article another title; the old one keeps leading here. Raises TitleTaken, TitleUnusable."""
    article = locked(article, change)
    base = article.latest_edit.number if article.latest_edit else None
    change = replace(change, kind=Edit.Kind.RENAME)
    return save_edit(article, Version.of(article), change, base=base, title=title)


@transaction.atomic
def restrict(
    article: Article,
    groups: Iterable[Group],
    offices: Iterable[Office],
    change: Change,
    *,
    base: int | None = None,
) -> Edit:
    """Keep an article to groups and offices, or open it to all with neither.

    Raises LockedOut, PermissionDenied, and Outdated where somebody else decided after edit number `base`.
    """
    article = locked(article, change)
    check_edit(change.author, article)
    groups, offices = list(groups), list(offices)
    change = once(change, "access", article.pk, sorted(g.pk for g in groups), sorted(o.pk for o in offices))
    if edit := earlier_post(change):
        return edit
    if base is not None and article.edits.filter(kind=Edit.Kind.ACCESS, number__gt=base).exists():
        raise Outdated(_("Somebody decided meanwhile who may read this page. Open this form anew and look."))
    article.restricted = bool(groups or offices)
    if article.restricted and not keeps_access(change.author, groups, offices):
        raise LockedOut(
            _("You would lose this page yourself. Include one of your own groups or your office.")
        )
    article.groups.set(groups)
    article.offices.set(offices)
    audience = ", ".join(article.audience()) or _("all colleagues")
    change = replace(change, kind=Edit.Kind.ACCESS, summary=change.summary or _("Readable by: %s") % audience)
    return write_revision(article, article.title, Version.of(article), change, previous=article.latest_edit)


@transaction.atomic
def delete(article: Article, change: Change, *, base: int | None = None) -> Edit:
    """Take an article out of sight; text, history and links stay.

    Raises PermissionDenied, and Outdated where somebody saved after edit number `base`.
    """
    article = locked(article, change)
    check_edit(change.author, article)
    if base is not None and article.latest_edit and article.latest_edit.number != base:
        raise Outdated(_("Somebody saved another edit meanwhile. Look at it before you delete the page."))
    article.deleted_at = timezone.now()
    change = replace(change, kind=Edit.Kind.DELETE)
    return write_revision(article, article.title, Version.of(article), change, previous=article.latest_edit)


@transaction.atomic
def bring_back(article: Article, change: Change, *, title: str | None = None) -> Edit:
    """Show a deleted article again to those it was for, under another title if one is given.

    Raises TitleTaken where another page has the title now, TitleUnusable, Outdated where it is back already,
    PermissionDenied where this person could neither read nor edit it.
    """
    held = hold_with_holders(article)
    ArticleIndex.objects.select_for_update().get()  # titles are given one at a time
    gone = Article.objects.filter(pk=article.pk).exclude(deleted_at=None)
    found = gone.select_related("latest_edit", "template").first()
    if found is None:
        raise Outdated(_("Somebody brought this page back meanwhile."))
    if not Article.objects.deleted_for(change.author).filter(pk=article.pk).exists():
        raise PermissionDenied(_("Only those who could read and edit this page bring it back."))
    new_title = check_title(title) if title else found.title
    if title_is_taken(new_title, found.language):
        raise TitleTaken
    if new_title != found.title:
        leave_alias(found, new_title)
    take_names_back(found, held)
    if Article.objects.filter(deleted_at=None, language=found.language).beside(found).exists():
        found.language_set, found.translated_from = None, None  # another page says it in this language by now
    found.deleted_at = None
    change = replace(change, kind=Edit.Kind.REVERT, summary=change.summary or _("Brought back"))
    return write_revision(found, new_title, Version.of(found), change, previous=found.latest_edit)


@transaction.atomic
def verify(article: Article, user: User, edit: Edit, when: datetime.datetime | None = None) -> None:
    """Record that this person stands for the article as it was at this edit."""
    Article.objects.filter(pk=article.pk).update(
        verified_edit=edit, verified_by=user, verified_at=when or timezone.now()
    )
    if when is None:
        tell_verified(article, user, edit)
    outbox.enqueue("article", article.pk)
