"""Joining two articles: one text for both, and every name and link of the one that goes leads to the one that stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from diplopedia.actions.naming import add_alias
from diplopedia.actions.saving import Change, Outdated, check_text, earlier_post, locked, once, write_revision
from diplopedia.composing import joined_text
from diplopedia.markdown import title_key
from diplopedia.models import Alias, Article, ArticleIndex, Edit, WikiDocument, WikiImage
from diplopedia.permissions import check_edit
from diplopedia.talk import KIND as TALKED_ABOUT
from diplopedia.versions import Version
from discussion import actions as talk
from notices.actions import follow_on


class NotJoinable(ValueError):
    """These two pages cannot become one; the message says why."""


@dataclass(frozen=True)
class Seen:
    """The numbers of the latest edits of both pages when somebody wrote one text for them."""

    goes: int
    stays: int


def check_joinable(goes: Article, stays: Article) -> None:
    """Raise NotJoinable unless the two pages may become one.

    What one page said must not come before people who could not read it: only pages for the same readers are joined.
    """
    if goes.pk == stays.pk:
        raise NotJoinable(_("This is the page itself. Name another one."))
    if goes.language != stays.language:
        raise NotJoinable(_("These pages are in different languages. Link them as translations instead."))
    if goes.principals() != stays.principals():
        raise NotJoinable(
            _("These pages have different readers. Give both the same readers first, then merge them.")
        )


def joined_version(goes: Article, stays: Article, body: str | None = None) -> Version:
    """Return one version of both: this text, or a proposal; the facts of the page that stays come first."""
    theirs, ours = Version.of(goes), Version.of(stays)
    return Version(
        body=joined_text(ours.body, theirs.body) if body is None else body,
        facts={**theirs.facts, **{key: value for key, value in ours.facts.items() if value}},
        tags=ours.tags | theirs.tags,
        regions=ours.regions | theirs.regions,
        contacts=ours.contacts | theirs.contacts,
    )


@transaction.atomic
def join(goes: Article, stays: Article, body: str, change: Change, *, seen: Seen) -> Edit:
    """Save one text for two pages; the one that goes is deleted, and its names and files are the other's.

    Both histories stay, and the page that went can be brought back. Raises NotJoinable, PermissionDenied,
    Outdated where either was saved after it was seen or is gone, TextTooLarge or TextTooDeep.
    """
    change = keyed(goes, stays, body, change)
    if done := earlier_post(change):
        return done
    in_order = sorted((goes, stays), key=lambda page: page.pk)  # or two joins would wait for each other
    fresh = {page.pk: locked(page, change) for page in in_order}
    ArticleIndex.objects.select_for_update().get()  # names are given one at a time
    goes, stays = fresh[goes.pk], fresh[stays.pk]
    for page, number in ((goes, seen.goes), (stays, seen.stays)):
        check_edit(change.author, page)
        if page.latest_edit and page.latest_edit.number != number:
            raise Outdated(
                _("Somebody saved “%s” meanwhile. Your text is here: look at theirs, too.") % page.title
            )
    check_joinable(goes, stays)
    check_text(body)
    version = joined_version(goes, stays, body)
    summary = change.summary or _("Merged with “%(title)s” (revision %(number)d)") % {
        "title": goes.title, "number": seen.goes,
    }  # fmt: skip
    take_away(goes, stays, change)
    hand_over(goes, stays)
    return write_revision(
        stays, stays.title, version, replace(change, summary=summary), previous=stays.latest_edit
    )


def keyed(goes: Article, stays: Article, body: str, change: Change) -> Change:
    """Return the change with a key for joining just these with this text."""
    return once(replace(change, kind=Edit.Kind.JOIN), goes.pk, stays.pk, body)


def joined_before(goes: Article, stays: Article, body: str, change: Change) -> Edit | None:
    """Return the edit that this very form has made of these two already."""
    return earlier_post(keyed(goes, stays, body, change))


def take_away(goes: Article, stays: Article, change: Change) -> None:
    """Delete a page whose text is another's now."""
    goes.deleted_at = timezone.now()
    summary = _("Merged into “%s”") % stays.title
    farewell = replace(change, kind=Edit.Kind.DELETE, summary=summary, key=None)
    write_revision(goes, goes.title, Version.of(goes), farewell, previous=goes.latest_edit)


def hand_over(goes: Article, stays: Article) -> None:
    """Let every name of one page lead to another, and give it the files, which are as private as their page."""
    lend(stays, goes.title, goes.language, slug=goes.wiki_slug, owner=goes)
    for name in goes.other_names.select_related("came_from"):
        lend(stays, name.title, name.language, slug=name.slug, owner=name.came_from or goes)
    for files in (WikiImage, WikiDocument):
        files.objects.filter(article=goes).update(article=stays, came_from=Coalesce("came_from", goes.pk))
    talk.hand_over(TALKED_ABOUT, goes.pk, stays.pk)
    follow_on("article", goes.pk, stays.pk)


def lend(stays: Article, title: str, language: str, *, slug: str, owner: Article) -> None:
    """Let a name lead to a page for as long as the page whose name it was is away."""
    if (language, title_key(title)) != (stays.language, stays.title_key):
        add_alias(stays, title, slug=slug, kind=Alias.Kind.JOINED, language=language, came_from=owner)


def owners_of(article: Article) -> set[int]:
    """Return whose names and files were lent along with those of a page: its own, and of what it was joined with."""
    return {article.pk, *article.other_names.exclude(came_from=None).values_list("came_from", flat=True)}


def hold_with_holders(article: Article) -> set[int]:
    """Hold a page and those that have its talk until the transaction ends, in the order in which all do.

    Returns the keys of all of them: who reads these pages stays as it is from now on.
    """
    pks = {article.pk, *talk.holders(TALKED_ABOUT, *owners_of(article))}
    for page in Article.objects.filter(pk__in=pks).order_by("pk"):
        page.lock()
    return pks


def take_names_back(article: Article, held: set[int]) -> None:
    """Take from other pages what they were lent when this one was joined to another; `held` are those that are held."""
    owners = owners_of(article)
    Alias.objects.filter(came_from__in=owners).exclude(article=article).delete()
    take_files_back(article, owners)
    take_talk_back(article, owners, held)


def take_files_back(article: Article, owners: set[int]) -> None:
    """Take the files, too, whoever reads the other pages by now: they were this page's, and are as private as it."""
    for files in (WikiImage, WikiDocument):
        files.objects.filter(came_from__in=owners).update(article=article)
        files.objects.filter(came_from=article).update(came_from=None)


def take_talk_back(article: Article, owners: set[int], held: set[int]) -> None:
    """Take the talk, too, from pages for the same readers: others may have talked on among fewer since."""
    holders = Article.objects.filter(pk__in=held & talk.holders(TALKED_ABOUT, *owners))
    same = [page.pk for page in holders if page.principals() == article.principals()]
    talk.take_back(TALKED_ABOUT, article.pk, owners=owners, at=same)
