"""Splitting a section out of an article into one of its own, for the same readers."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from diplopedia.actions.saving import (
    Change,
    Outdated,
    create_article,
    earlier_post,
    locked,
    once,
    write_revision,
)
from diplopedia.composing import parted
from diplopedia.markdown import render, title_key
from diplopedia.models import Article, Edit
from diplopedia.permissions import check_edit
from diplopedia.titles import check_title
from diplopedia.versions import Version

NAMED = 4
SUMMARY = 300


@transaction.atomic
def split(
    article: Article, section: int, title: str, change: Change, *, base: int, instead: str = ""
) -> Edit:
    """Make a section a page of its own and return its first edit; below its heading the old page keeps `instead`.

    The new page has the same readers, topics, regions, contacts, owner and protection. Raises IndexError where there
    is no such section or nothing in it, Outdated where somebody saved after edit number `base`, PermissionDenied,
    TitleTaken, TitleUnusable.
    """
    change = once(replace(change, kind=Edit.Kind.SPLIT), article.pk, section, title, instead)
    if earlier_post(change):
        return made_of(title, article)
    article = locked(article, change)
    check_edit(change.author, article)
    if article.latest_edit and article.latest_edit.number != base:
        raise Outdated(
            _("Somebody saved another edit meanwhile. Look at the page, then choose the section anew.")
        )
    title = check_title(title)
    parts = parted(article.body, section, leading_to(title, instead, article.language))
    before = Version.of(article)
    made = create_article(
        title,
        replace(before, body=parts.goes, facts={}),
        replace(change, summary=change.summary or origin(article, parts.heading), key=None),
        language=article.language,
    )
    keep_alike(made.article, article)
    summary = _("Split “%(section)s” out to “%(title)s”") % {"section": parts.heading, "title": title}
    rest = replace(change, summary=summary[:SUMMARY])
    write_revision(article, article.title, before.with_body(parts.stays), rest, previous=article.latest_edit)
    return made


def made_of(title: str, article: Article) -> Edit:
    """Return the first edit of the page that this very form has made already."""
    pages = Edit.objects.filter(kind=Edit.Kind.SPLIT, number=1, article__language=article.language)
    return pages.filter(article__title_key=title_key(title)).latest("pk")


def leading_to(title: str, instead: str, language: str) -> str:
    """Return what stands in place of the section: these words, with a link to the new page in any case."""
    link = f"[[{title}]]"
    key = render(link, language=language).links
    if (
        instead.strip()
        and key
        and key[0].key in {one.key for one in render(instead, language=language).links}
    ):
        return instead.strip()
    with translation.override(language):  # it stands in the page, whatever its author reads in
        see = _("See %s.") % link
    return f"{instead.strip()}\n\n{see}".strip()


def origin(article: Article, heading: str) -> str:
    """Return where a section came from and who wrote there: a page's history does not move with its parts."""
    number = article.latest_edit.number if article.latest_edit else 0
    said = _("From “%(section)s” of “%(title)s”, revision %(number)d") % {
        "section": heading, "title": article.title, "number": number,
    }  # fmt: skip
    who = authors(article)
    return f"{said[: SUMMARY - 90]}{_(', written by %s') % who if who else ''}"[:SUMMARY]


def authors(article: Article) -> str:
    """Return the names of those who wrote a page, the latest first, and whether there are more."""
    edits = article.edits.written().select_related("author__profile").order_by("-number")[:200]
    names = list(dict.fromkeys(str(edit.author.profile) for edit in edits))
    return ", ".join(names[:NAMED]) + (_(" and others") if len(names) > NAMED else "")


def keep_alike(new: Article, old: Article) -> None:
    """Give a page the readers, the owner and the protection of another. In the transaction that makes it."""
    Article.objects.filter(pk=new.pk).update(
        restricted=old.restricted, locked=old.locked, office=old.office_id
    )
    new.groups.set(old.groups.all())
    new.offices.set(old.offices.all())
