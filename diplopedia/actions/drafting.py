"""Drafts: saved while one writes, gone once published. They are nobody's history and only their author's to read."""

from __future__ import annotations

import datetime
import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diplopedia.forms import VersionForm
from diplopedia.markdown import normalise, replace_section, split_sections, title_key
from diplopedia.models import Article, Draft, Edit
from diplopedia.versions import Version, changed
from people.models import User
from people.posting import stem

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
    hold_drafts(author)
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


def hold_drafts(author: User) -> None:
    """Let one draft of an author be saved or discarded at a time, inside a transaction.

    An edit that refers to its author, and holds its page already, does not wait for this.
    """
    User.objects.select_for_update(no_key=True).filter(pk=author.pk).values_list("pk").first()


def check_draft(writing: Writing) -> None:
    """Raise DraftRefused where a draft is larger than drafts may be."""
    size, most = len("".join(writing.fields.get("body", []))), settings.DRAFT_MAX_CHARACTERS
    if size > most:
        raise DraftRefused(
            _("This text has %(size)s characters; a draft may have %(limit)s. Split it into several pages.")
            % {
                "size": number_format(size, force_grouping=True),
                "limit": number_format(most, force_grouping=True),
            }
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


@transaction.atomic
def forget_drafts(author: User, published: Writing) -> None:
    """Discard what a form saved and the draft it was opened with: it is published.

    What another window saved, one that was closed or lost its connection, goes as well where it says no more: the
    draft the form was opened with by its text, any other draft of the page by all but the reason for the edit.
    """
    hold_drafts(author)
    pk = published.continues.partition(".")[0]
    begun = int(pk) if pk.isdecimal() and len(pk) < 19 else None
    mine = Draft.objects.of(author)
    near = mine.filter(Q(key=published.key) | Q(pk=begun) | Q(article=published.article))
    mine.filter(pk__in=[draft.pk for draft in near if is_published(draft, published, begun)]).delete()


def is_published(draft: Draft, published: Writing, begun: int | None) -> bool:
    """Whether a draft says no more than a form that was published, which was opened with the draft of that number."""
    if draft.key == published.key or draft.mark == published.continues:
        return True
    if draft.pk == begun:
        return normalise(draft.body) == normalise("".join(published.fields.get("body", [])))
    return draft.section == published.section and choices(draft.fields) == choices(published.fields)


def choices(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what a form says of the page itself, without the reason for the edit and what is empty."""
    said = {name: [normalise(value) for value in values if value] for name, values in fields.items()}
    return {name: values for name, values in said.items() if values and name not in {"summary", "minor"}}


def published_meanwhile(author: User, writing: Writing) -> Edit | None:
    """Return the edit that this form has made of just these words and choices: a save of them brings nothing new."""
    return next((edit for edit in made_by(author, writing) if is_made_of(edit, writing)), None)


def is_late(author: User, writing: Writing) -> bool:
    """Whether this was sent before this form was published, by its author's clock, and arrives after it."""
    sent = writing.turn / 1000
    return bool(sent) and any(edit.created.timestamp() > sent for edit in made_by(author, writing))


def made_by(author: User, writing: Writing) -> QuerySet[Edit]:
    """Return the edits that this form has made lately."""
    if not writing.key:
        return Edit.objects.none()
    lately, key = timezone.now() - LATE, f"{stem(writing.key)}."
    made = Edit.objects.filter(author=author, created__gte=lately, key__startswith=key)
    return made.select_related("revision", "article__template")


def is_made_of(edit: Edit, writing: Writing) -> bool:
    """Whether an edit says all that a form says: text, facts, filing, and why."""
    begun = edit.article.edits.select_related("revision").filter(number=writing.base).first()
    before = Version.at(begun) if begun else Version()
    stated = [before.facts, edit.facts]
    form = VersionForm(MultiValueDict(writing.fields), template=edit.article.template, stated=stated)
    if not form.is_valid():
        return False
    version = form.version(before)
    if writing.section is not None and writing.section < len(split_sections(before.body)):
        version = version.with_body(replace_section(before.body, writing.section, version.body))
    why = (" ".join(form.cleaned_data["summary"].split()), form.cleaned_data["minor"] and edit.number > 1)
    titles = writing.fields.get("title") or [edit.article.title]
    same_title = title_key(titles[0]) == edit.article.title_key
    return same_title and why == (edit.summary, edit.minor) and not changed(Version.at(edit), version)
