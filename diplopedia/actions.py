"""What is done to articles. `save_edit` is the one door through which a text is ever changed."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail.signals import page_published

from diplopedia.markdown import LinkKey, TextTooLarge, title_key
from diplopedia.models import Alias, Article, ArticleIndex, ArticleTemplate, Edit, Link
from diplopedia.models.articles import free_slug, initial
from diplopedia.permissions import check_edit, keeps_access
from diplopedia.titles import LONGEST_KEY, TitleTaken, check_title
from diplopedia.versions import Merged, Version, changed, merge_versions
from search import outbox

if TYPE_CHECKING:
    from django.contrib.auth.models import Group

    from people.models import Office, User


FORM_KEY = 31


class LockedOut(ValueError):
    """The restriction would shut out the person who makes it."""


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
    """

    author: User
    summary: str = ""
    minor: bool = False
    kind: str = Edit.Kind.EDIT
    key: str | None = None
    created: datetime.datetime | None = None
    imported: bool = False


def check_text(body: str) -> None:
    """Raise TextTooLarge with words for the editor when the text is longer than an article may be."""
    if len(body) > settings.ARTICLE_MAX_CHARACTERS:
        raise TextTooLarge(
            _("This text has %(size)s characters; a page may have %(limit)s. Split it into several pages.")
            % {"size": f"{len(body):,}", "limit": f"{settings.ARTICLE_MAX_CHARACTERS:,}"}
        )


def title_is_taken(title: str, language: str) -> bool:
    """Whether a page, readable or not, has the title in this language."""
    return Article.objects.filter(language=language, title_key=title_key(title), deleted_at=None).exists()


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
        and change.kind in {Edit.Kind.EDIT, Edit.Kind.MERGE, Edit.Kind.RENAME}
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
    links = article.write(title, version.body)
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
        size=len(version.body),
        delta=len(version.body) - (previous.size if previous else 0),
        key=change.key or None,
        created=change.created or timezone.now(),
    )
    publish(article, edit)
    link(article, links)
    outbox.enqueue("article", article.pk)
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


def link(article: Article, links: Iterable[LinkKey]) -> None:
    """Make the article's links these, touching only those that changed."""
    wanted = {link.key[:300]: link for link in links}
    there = set(article.links.values_list("target_key", flat=True))
    if gone := there - wanted.keys():
        article.links.filter(target_key__in=gone).delete()
    Link.objects.bulk_create(
        Link(
            source=article,
            target_key=key,
            title_key=key.partition(":")[2] if link.kind == "article" else "",
            title=link.title[:300],
        )
        for key, link in wanted.items()
        if key not in there
    )


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


def leave_alias(article: Article, new_title: str) -> None:
    """Move the article to a new title and leave its old title and address as another name. In a transaction."""
    ArticleIndex.objects.select_for_update().get()  # titles and addresses are given one at a time
    key = title_key(new_title)
    if key == article.title_key:
        return
    if title_is_taken(new_title, article.language):
        raise TitleTaken
    # A name that the title is given up for or takes up is no other name any more; the old address has to lead here.
    article.other_names.filter(language=article.language, title_key__in=[key, article.title_key]).delete()
    add_alias(article, article.title, slug=article.wiki_slug, kind=Alias.Kind.FORMER)
    article.wiki_slug = article.slug = free_slug(new_title)


def add_alias(article: Article, title: str, *, slug: str = "", kind: str = Alias.Kind.ALSO) -> Alias:
    """Let another name lead to the article and return it; the same name twice is one."""
    alias, _created = Alias.objects.get_or_create(
        article=article,
        language=article.language,
        title_key=title_key(title),
        defaults={
            "title": title,
            "slug": slug or slugify(title, allow_unicode=True)[:LONGEST_KEY] or "page",
            "kind": kind,
        },
    )
    return alias


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
def bring_back(article: Article, change: Change) -> Edit:
    """Show a deleted article again to those it was for. Raises TitleTaken where another page has its title now."""
    article.lock()
    ArticleIndex.objects.select_for_update().get()  # titles are given one at a time
    article = Article.objects.exclude(deleted_at=None).get(pk=article.pk)
    if title_is_taken(article.title, article.language):
        raise TitleTaken
    article.deleted_at = None
    change = replace(change, kind=Edit.Kind.REVERT)
    return write_revision(article, article.title, Version.of(article), change, previous=article.latest_edit)


@transaction.atomic
def verify(article: Article, user: User, edit: Edit, when: datetime.datetime | None = None) -> None:
    """Record that this person stands for the article as it was at this edit."""
    Article.objects.filter(pk=article.pk).update(
        verified_edit=edit, verified_by=user, verified_at=when or timezone.now()
    )
    outbox.enqueue("article", article.pk)


def locked(article: Article, change: Change) -> Article:
    """Lock the article's row and return it afresh. Raises Outdated where it was deleted or kept to others meanwhile."""
    article.lock()
    articles = Article.objects if change.imported else Article.objects.readable_by(change.author)
    found: Article | None = articles.select_related("latest_edit", "template").filter(pk=article.pk).first()
    if found is None:
        raise Outdated(_("There is no such page any more. Copy your text before you leave."))
    return found


def once(change: Change, *contents: object) -> Change:
    """Return the change with a key for exactly these contents.

    A form sent twice is one edit; sent again with another text, after going back in the browser, it is another.
    """
    if not change.key:
        return change
    digest = hashlib.sha256(repr((change.author.pk, change.kind, *contents)).encode()).hexdigest()
    return replace(change, key=f"{change.key.partition('.')[0][:FORM_KEY]}.{digest[:32]}")


def earlier_post(change: Change) -> Edit | None:
    """Return the edit that this very form has made already."""
    return Edit.objects.filter(key=change.key).first() if change.key else None


def place_of(user: User) -> str:
    """Return how an author's place is called now: the post's city, else the office."""
    profile = user.profile
    return str(profile.post.city if profile.post else profile.office or "")[:120]
