"""What a reader of an article may do to it. Who may read at all is `Article.objects.readable_by`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from people.permissions import ADMINS, group_principal, office_principal, principals

if TYPE_CHECKING:
    from django.contrib.auth.models import Group

    from diplopedia.models import Article
    from people.models import Office, User


def may_edit(user: User, article: Article) -> bool:
    """Whether this reader may change the text: everybody, unless the page is protected."""
    return not article.locked or ADMINS in principals(user)


def check_edit(user: User, article: Article) -> None:
    """Raise PermissionDenied unless this reader may change the text."""
    if not user.is_active:
        raise PermissionDenied(_("Your account is closed."))
    if not may_edit(user, article):
        raise PermissionDenied(_("This page is protected. Ask an administrator to change it."))


def may_verify(user: User, article: Article) -> bool:
    """Whether this reader speaks for the page: its office, its contacts, or an administrator."""
    held = principals(user)
    if ADMINS in held or (article.office_id and office_principal(article.office_id) in held):
        return True
    known = getattr(article, "is_contact", None)
    return bool(article.contacts.filter(user=user).exists() if known is None else known)


def check_verify(user: User, article: Article) -> None:
    """Raise PermissionDenied unless this reader speaks for the page."""
    if not may_verify(user, article):
        raise PermissionDenied(_("Only the office that owns this page and its contacts verify it."))


def keeps_access(user: User, groups: Iterable[Group], offices: Iterable[Office]) -> bool:
    """Whether this user would still read a page kept to these groups and offices."""
    held = principals(user)
    audience = {group_principal(group.pk) for group in groups} | {
        office_principal(office.pk) for office in offices
    }
    return ADMINS in held or bool(audience & held)
