"""Drafts: saved while one writes, gone once published. They are nobody's history and only their author's to read."""

from __future__ import annotations

import datetime
import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diplopedia.actions.saving import FORM_KEY
from diplopedia.models import Article, Draft, Edit
from people.models import User

LATE = datetime.timedelta(minutes=10)  # no request is on its way for longer
OTHER_FIELDS_MAX = 200_000  # characters of everything beside the text, as it is stored


class DraftRefused(ValueError):
    """The draft was not saved; the message says why and what helps."""


@dataclass(frozen=True)
class Writing:
    """What a form of the editor holds.

    `continues` is the mark of the draft that the form was opened with. `turn` grows with each time that a script
    saves the form: what it sent first may arrive last.
    """

    key: str
    fields: dict[str, list[str]]
    article: Article | None = None
    title: str = ""
    base: int = 0
    section: int | None = None
    continues: str = ""
    turn: int = 0


@transaction.atomic
def save_draft(author: User, writing: Writing) -> Draft:
    """Save what a form holds, and return the draft. Raises DraftRefused.

    The draft a form was opened with goes on in that form, unless another window has saved it since: then this is a
    second draft, and both are there.
    """
    check_draft(writing)
    User.objects.select_for_update().filter(pk=author.pk).values_list("pk").first()  # one draft at a time
    mine = Draft.objects.of(author)
    draft = mine.filter(key=writing.key).first()
    if draft and writing.turn and writing.turn < draft.turn:
        return draft
    draft = draft or taken_up(author, writing.continues)
    if draft is None and mine.count() >= settings.DRAFTS_PER_PERSON:
        raise DraftRefused(
            _(
                "You have %d drafts, which is as many as fit. Publish or discard one; this text stays in this browser."
            )
            % settings.DRAFTS_PER_PERSON
        )
    draft = draft or Draft(author=author, version=0)
    draft.key, draft.fields = writing.key or secrets.token_urlsafe(18), writing.fields
    if writing.article or not draft.article_id:  # a page that was hidden meanwhile may be shown again
        draft.article, draft.title = writing.article, writing.title[:255]
    draft.base, draft.section = writing.base, writing.section
    draft.version, draft.turn, draft.saved = draft.version + 1, writing.turn, timezone.now()
    draft.save()
    return draft


def check_draft(writing: Writing) -> None:
    """Raise DraftRefused where a draft is larger than drafts may be."""
    size, most = len("".join(writing.fields.get("body", []))), settings.DRAFT_MAX_CHARACTERS
    if size > most:
        raise DraftRefused(
            _("This text has %(size)s characters; a draft may have %(limit)s. Split it into several pages.")
            % {"size": f"{size:,}", "limit": f"{most:,}"}
        )
    others = {name: values for name, values in writing.fields.items() if name != "body"}
    if len(json.dumps(others, ensure_ascii=False)) > OTHER_FIELDS_MAX:
        raise DraftRefused(_("The facts and tags of this draft are too long to be saved. Shorten them."))


def taken_up(author: User, mark: str) -> Draft | None:
    """Return the draft with this mark, if nobody has saved it since."""
    pk, _dot, version = mark.partition(".")
    if not (pk.isdecimal() and version.isdecimal() and len(mark) < 30):
        return None
    return Draft.objects.of(author).filter(pk=int(pk), version=int(version)).first()


def forget_draft(author: User, key: str, mark: str = "") -> None:
    """Discard what a form saved, and the draft it was opened with: it is published."""
    if continued := taken_up(author, mark):
        continued.delete()
    Draft.objects.of(author).filter(key=key).delete()


def published_meanwhile(author: User, writing: Writing) -> Edit | None:
    """Return the edit that this form has made of this very text: a save that arrives late brings nothing new."""
    if not writing.key:
        return None
    lately = timezone.now() - LATE
    made = Edit.objects.filter(
        author=author, created__gte=lately, key__startswith=f"{writing.key[:FORM_KEY]}."
    )
    texts_of = made.select_related("revision")
    texts = writing.fields.get("body", [""])
    return next((edit for edit in texts_of if texts[0].strip() in edit.body), None)
