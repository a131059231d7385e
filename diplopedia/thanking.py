"""Thanks for edits: given once, told to the author, shown beside the edit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from diplopedia.models import Edit, Thanks
from diplopedia.telling import KIND
from notices import actions

if TYPE_CHECKING:
    from people.models import User

NAMED = 3


@dataclass
class Thanked:
    """Who thanked for an edit, as names; how many more; and whether this reader may still do so."""

    names: list[str] = field(default_factory=list)
    others: int = 0
    may: bool = False


@transaction.atomic
def thank(user: User, edit: Edit) -> bool:
    """Thank for an edit; False where one did already. Raises PermissionDenied for one's own."""
    if not may_thank(user, edit):
        raise PermissionDenied(_("Thanks are for the edits of colleagues who are still here."))
    _thanks, new = Thanks.objects.get_or_create(user=user, edit=edit)
    if new:
        actions.tell(
            "thanks",
            actor=user,
            subject=(KIND, edit.article_id),
            words={"revision": edit.number, "number": edit.number},
            to={"thanks": [edit.author]},
            minor=True,
        )
    return new


def may_thank(user: User, edit: Edit) -> bool:
    """Whether somebody reads it: not for one's own edits, nor for those of authors who cannot sign in."""
    return edit.author_id != user.pk and edit.author.is_active and edit.kind != Edit.Kind.IMPORT


def with_thanks(edits: Collection[Edit], reader: User) -> None:
    """Give each of these edits its `thanked`, in one query however many they are. Their authors are there already."""
    given = Thanks.objects.filter(edit__in=[edit.pk for edit in edits]).select_related("user__profile")
    by_edit: dict[int, list[Thanks]] = {}
    for thanks in given.order_by("pk"):
        by_edit.setdefault(thanks.edit_id, []).append(thanks)
    for edit in edits:
        found = by_edit.get(edit.pk, [])
        names = [str(thanks.user.profile) for thanks in found]
        mine = any(thanks.user_id == reader.pk for thanks in found)
        may = may_thank(reader, edit) and not mine
        edit.thanked = Thanked(names[:NAMED], max(len(names) - NAMED, 0), may)
