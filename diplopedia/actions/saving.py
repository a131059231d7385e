"""Saving: `save_edit` is the one door through which a text is ever changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail.signals import page_published

from diplopedia.actions.naming import leave_alias, title_is_taken
from diplopedia.markdown import LinkKey, TextTooLarge, sections_named, title_key
from diplopedia.models import (
    Article,
    ArticleIndex,
    ArticleTemplate,
    Edit,
    Link,
    WikiDocument,
    WikiImage,
)
from diplopedia.models.articles import free_slug, initial
from diplopedia.permissions import check_edit
from diplopedia.talk import KIND as TALKED_ABOUT
from diplopedia.telling import tell_of
from diplopedia.titles import TitleTaken, check_title
from diplopedia.versions import Merged, Version, changed, merge_versions
from discussion.actions import moved
from people.posting import key_of
from search import outbox

if TYPE_CHECKING:
    from people.models import User


# After these a page has the readers, the name and the state that it had before.
WRITING = frozenset({Edit.Kind.CREATE, Edit.Kind.EDIT, Edit.Kind.MERGE, Edit.Kind.UNDO})


class Outdated(ValueError):
    """The article changed since the person who acts looked at it."""


class EditConflict(Exception):
    """Somebody else changed the same words meanwhile: nothing was saved, both texts are here."""

    def __init__(self, mine: Version, theirs: Edit, base: Edit | None, merged: Merged) -> None:
        super().__init__("Both changed the same part.")
        self.mine, self.theirs, self.base, self.merged = mine, theirs, base, merged


@dataclass(frozen=True)
class Change:
    """Why and by whom a version is saved.

    `imported` says that it was made elsewhere: its author may have left, and the page may be protected by now.
    `undoes` is the earlier edit that it takes back.
    """

    author: User
    summary: str = ""
    minor: bool = False
    kind: str = Edit.Kind.EDIT
    key: str | None = None
    created: datetime.datetime | None = None
    imported: bool = False
    undoes: Edit | None = None


def check_text(body: str) -> None:
    """Raise TextTooLarge with words for the editor when the text is longer than an article may be."""
    if len(body) > settings.ARTICLE_MAX_CHARACTERS:
        raise TextTooLarge(
            _("This text has %(size)s characters; a page may have %(limit)s. Split it into several pages.")
            % {
                "size": number_format(len(body), force_grouping=True),
                "limit": number_format(settings.ARTICLE_MAX_CHARACTERS, force_grouping=True),
            }
        )


@transaction.atomic
def create_article(
    title: str,
    version: Version,
    change: Change,
    *,
    language: str = "en",
    template: ArticleTemplate | None = None,
) -> Edit:
    """Make a new article and return its first edit.

    Raises TitleUnusable, TitleTaken, TextTooLarge or TextTooDeep; then nothing is saved.
    """
    index = ArticleIndex.objects.select_for_update().get()
    change = once(change, title, language, version.identity)
    if edit := earlier_post(change):
        return edit
    title = check_title(title)
    check_text(version.body)
    if title_is_taken(title, language):
        raise TitleTaken
    article = Article(
        title=title,
        language=language,
        title_key=title_key(title),
        initial=initial(title),
        wiki_slug=free_slug(title),
        template=template,
        owner=change.author,
        locale=Locale.objects.get_or_create(language_code=language)[0],
        live=True,
    )
    article.slug = article.wiki_slug
    try:
        with transaction.atomic():
            index.add_child(instance=article)
    except (IntegrityError, ValidationError) as error:  # somebody took it since we asked
        raise TitleTaken from error
    kind = change.kind if change.kind != Edit.Kind.EDIT else Edit.Kind.CREATE
    return write_revision(article, title, version, replace(change, kind=kind), previous=None)


@transaction.atomic
def save_edit(
    article: Article, version: Version, change: Change, *, base: int | None, title: str | None = None
) -> Edit:
    """Save a version of an article that was begun from edit number `base`, and return the edit.

    A stale version is merged with what was saved meanwhile. Saving what is there already makes no edit
    and returns the latest. Raises EditConflict (nothing saved, both texts inside), PermissionDenied,
    Outdated where the page is gone, TitleTaken, TitleUnusable, TextTooLarge or TextTooDeep.
    """
    article = locked(article, change)
    change = once(change, article.pk, title, version.identity)
    if edit := earlier_post(change):
        return edit
    if not change.imported:
        check_edit(change.author, article)
    check_text(version.body)
    latest = article.latest_edit
    if latest and base is not None and base != latest.number:
        version, change = merge_stale(article, version, change, base, latest)
    new_title = check_title(title) if title is not None else article.title
    if (
        not changed(Version.of(article), version)
        and new_title == article.title
        and change.kind in {Edit.Kind.EDIT, Edit.Kind.MERGE, Edit.Kind.RENAME, Edit.Kind.UNDO}
    ):
        return latest or write_revision(article, new_title, version, change, previous=None)
    if new_title != article.title:
        leave_alias(article, new_title)
    return write_revision(article, new_title, version, change, previous=latest)


def merge_stale(
    article: Article, mine: Version, change: Change, base: int, latest: Edit
) -> tuple[Version, Change]:
    """Merge a version begun from an older edit. Raises EditConflict where a person has to choose."""
    begun = article.edits.select_related("revision").filter(number=base).first()
    theirs = Version.of(article)
    merged = merge_versions(Version.at(begun) if begun else Version(), mine, theirs)
    if not merged.clean:
        raise EditConflict(mine, latest, begun, merged)
    kind = Edit.Kind.MERGE if change.kind == Edit.Kind.EDIT else change.kind
    return merged.version, replace(change, kind=kind)


def write_revision(
    article: Article, title: str, version: Version, change: Change, *, previous: Edit | None
) -> Edit:
    """Write a version as revision and edit, show it, and tell the links and the search. Inside a transaction."""
    was, links = article.title, article.write(title, version.body)
    article.facts = {key: value for key, value in version.facts.items() if value}
    retag(article, version.tags)
    article.regions.set(version.regions)
    article.contacts.set(version.contacts)
    revision = article.save_revision(user=change.author, changed=False, clean=False)
    edit = Edit.objects.create(
        article=article,
        revision=revision,
        number=previous.number + 1 if previous else 1,
        author=change.author,
        office=change.author.profile.office,
        place=place_of(change.author),
        summary=" ".join(change.summary.split())[:300],
        minor=change.minor and previous is not None,
        kind=change.kind,
        base=previous,
        undoes=change.undoes,
        size=len(version.body),
        delta=len(version.body) - (previous.size if previous else 0),
        key=change.key or None,
        created=change.created or timezone.now(),
    )
    publish(article, edit)
    fresh = link(article, links)
    claim_files(article, links, change.author)
    if not change.imported and change.kind != Edit.Kind.IMPORT:
        tell_of(edit, article, fresh, was=was)
    outbox.enqueue("article", article.pk)
    if change.kind not in WRITING or was != title:
        moved(TALKED_ABOUT, article.pk)
    return edit


def retag(article: Article, tags: frozenset[str]) -> None:
    """Give the article these tags, touching only those that changed: each costs several queries."""
    there = {tag.name for tag in article.tags.all()}
    if gone := there - tags:
        article.tags.remove(*sorted(gone))
    if fresh := tags - there:
        article.tags.add(*sorted(fresh))


def publish(article: Article, edit: Edit) -> None:
    """Show an edit's revision to readers.

    Wagtail's own publishing rewrites every revision of the page each time; this writes one row, whatever
    the length of the history, and sends the same signal.
    """
    article.latest_edit = edit
    article.live_revision = article.latest_revision
    article.live, article.has_unpublished_changes = True, False
    article.last_published_at = edit.created
    article.first_published_at = article.first_published_at or edit.created
    article.save(clean=False)
    page_published.send(sender=Article, instance=article, revision=article.latest_revision)


def link(article: Article, links: Iterable[LinkKey]) -> list[LinkKey]:
    """Make the article's links these, touching only those that changed; return those that are new."""
    wanted = {link.key[:300]: link for link in links}
    sections = {key[:300]: ids for key, ids in sections_named(article.html).items()}
    there = dict(article.links.values_list("target_key", "sections"))
    if gone := there.keys() - wanted.keys():
        article.links.filter(target_key__in=gone).delete()
    fresh = {key: link for key, link in wanted.items() if key not in there}
    Link.objects.bulk_create(
        Link(
            source=article,
            target_key=key,
            title_key=key.partition(":")[2] if link.kind == "article" else "",
            title=link.title[:300],
            sections=sections.get(key, []),
            to_section=key in sections,
        )
        for key, link in fresh.items()
    )
    for key in wanted.keys() & there.keys():
        if there[key] != (ids := sections.get(key, [])):
            article.links.filter(target_key=key).update(sections=ids, to_section=bool(ids))
    return list(fresh.values())


def claim_files(article: Article, links: Iterable[LinkKey], author: User) -> None:
    """Give the files that the author added while writing to the article, which may not have been there then."""
    named: dict[str, list[int]] = {"image": [], "document": []}
    for kind, _colon, pk in (link.key.partition(":") for link in links if link.kind in named):
        if pk.isdecimal() and len(pk) < 18:
            named[kind].append(int(pk))
    if named["image"]:
        WikiImage.objects.claim(named["image"], article, author)
    if named["document"]:
        WikiDocument.objects.claim(named["document"], article, author)


def locked(article: Article, change: Change) -> Article:
    """Lock the article's row and return it afresh. Raises Outdated where it was deleted or kept to others meanwhile."""
    article.lock()
    articles = Article.objects if change.imported else Article.objects.readable_by(change.author)
    found: Article | None = articles.select_related("latest_edit", "template").filter(pk=article.pk).first()
    if found is None:
        raise Outdated(_("There is no such page any more. Copy your text before you leave."))
    return found


def once(change: Change, *contents: object) -> Change:
    """Return the change with a key for exactly these contents (`people.posting`)."""
    return replace(change, key=key_of(change.key or "", change.author.pk, change.kind, *contents))


def earlier_post(change: Change) -> Edit | None:
    """Return the edit that this very form has made already."""
    return Edit.objects.filter(key=change.key).first() if change.key else None


def place_of(user: User) -> str:
    """Return how an author's place is called now: the post's city, else the office."""
    profile = user.profile
    return str(profile.post.city if profile.post else profile.office or "")[:120]
