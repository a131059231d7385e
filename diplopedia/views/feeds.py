"""Recent changes as Atom feeds, for programs that cannot sign in: the token in the address says whose feed it is.

Everything is asked with that person's rights at the moment of asking, so that a page kept to others is gone from the
feed, and a closed account has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from diplopedia.following import watched_by
from diplopedia.models import Article, Edit
from diplopedia.views.changes import edits_of, narrowed
from notices.models import Preference
from people.models import Profile, Region, User

if TYPE_CHECKING:
    from diplopedia.querysets import ArticleQuerySet

LENGTH = 50
WHOLE = {"changes", "watched"}
NOTHING = {"kind": "", "tag": "", "region": ""}


class Feed(NamedTuple):
    """What a feed is called, where the page of the same things is, and its edits."""

    title: str
    path: str
    edits: QuerySet[Edit]


def changes(reader: User, articles: ArticleQuerySet, _slug: str) -> Feed:
    """Everything."""
    return Feed(_("Recent changes"), reverse("changes"), edits_of(articles))


def watched(reader: User, articles: ArticleQuerySet, _slug: str) -> Feed:
    """What the reader watches."""
    return Feed(_("What I watch"), reverse("notices:watching"), edits_of(articles).filter(watched_by(reader)))


def topic(reader: User, articles: ArticleQuerySet, slug: str) -> Feed:
    """The pages with a tag. One that only unreadable pages have looks like none."""
    found, tagged = get_object_or_404(Tag, slug=slug), narrowed(articles, NOTHING | {"tag": slug})
    if not tagged.exists():
        raise Http404
    return Feed(found.name, reverse("tag", args=[slug]), edits_of(tagged))


def place(reader: User, articles: ArticleQuerySet, slug: str) -> Feed:
    """The pages about a place and what lies in it."""
    found = get_object_or_404(Region, slug=slug)
    return Feed(
        found.name, reverse("region", args=[slug]), edits_of(narrowed(articles, NOTHING | {"region": slug}))
    )


def colleague(reader: User, articles: ArticleQuerySet, handle: str) -> Feed:
    """What somebody wrote."""
    found = get_object_or_404(Profile.objects.select_related("user"), user__username=handle)
    accounts = Profile.objects.accounts_of(found)
    return Feed(found.name, found.get_absolute_url(), edits_of(articles).filter(author__in=accounts))


FEEDS: dict[str, Callable[[User, ArticleQuerySet, str], Feed]] = {
    "changes": changes,
    "watched": watched,
    "tags": topic,
    "regions": place,
    "people": colleague,
}


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str, of: str, slug: str = "") -> HttpResponse:
    """One feed of the person whose token this is. Answers 304 to who has the same already."""
    reader = owner(token)
    with translation.override(reader.letters_in):
        if (made_by := FEEDS.get(of)) is None or bool(slug) == (of in WHOLE):
            raise Http404
        made = made_by(reader, Article.objects.readable_by(reader), slug)
        body = atom(made, made.edits.exclude(minor=True)[:LENGTH])
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response


def owner(token: str) -> User:
    """The colleague whose feeds a token opens.

    Raises Http404 for one that was renewed, whose owner is gone, or has to have a second factor and has none: the
    token would stand in its place. One that only the provider saw counts in that session alone.
    """
    pk = Preference.owner(token)
    user = next((user for backend in get_backends() if pk and (user := backend.get_user(pk))), None)
    if not isinstance(user, User) or not user.is_active:
        raise Http404
    if settings.MFA_REQUIRED_GROUPS and getattr(user, "lacks_second_factor", True):
        raise Http404
    return user


class Written(Atom1Feed):
    """A feed of which nothing happened yet is as old as time itself."""

    def latest_post_date(self) -> datetime:
        """The time of the newest edit, and nothing of when it was asked."""
        return max((item["updateddate"] for item in self.items), default=datetime.fromtimestamp(0, UTC))


def printable(text: str) -> str:
    """Text without the signs that XML refuses."""
    return "".join(sign for sign in text if sign.isprintable())


def atom(made: Feed, edits: Iterable[Edit]) -> bytes:
    """The feed as XML. It says nothing of when it was made, so that the same changes are the same bytes."""
    base = settings.WAGTAILADMIN_BASE_URL
    written = Written(
        title=f"{made.title} – Diplopedia",
        link=f"{base}{made.path}",
        description=made.title,
        language=translation.get_language(),
        feed_guid=f"{base}{made.path}",
    )
    for edit in edits:
        url = f"{base}{edit.article.get_absolute_url()}compare/?to={edit.number}"
        written.add_item(
            title=printable(": ".join(filter(None, (edit.article.title, edit.summary)))),
            link=url,
            unique_id=f"{base}/edits/{edit.pk}",
            author_name=printable(str(edit.author.profile)),
            description=f"<p>{escape(printable(said(edit)))}</p>",
            pubdate=edit.created,
            updateddate=edit.created,
        )
    return str(written.writeString("utf-8")).encode()


def said(edit: Edit) -> str:
    """What happened, in a line."""
    where = f", {edit.place}" if edit.place else ""
    size = ("−" if edit.delta < 0 else "+") + number_format(abs(edit.delta), force_grouping=True)
    return _("%(who)s%(where)s: %(what)s, %(size)s characters") % {
        "who": edit.author.profile,
        "where": where,
        "what": edit.get_kind_display(),
        "size": size,
    }
