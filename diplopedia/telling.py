"""What notices know of pages: who may read them, what they are called, whom an edit concerns, what it changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from taggit.models import Tag

from diplopedia.diffs import Row, compare
from diplopedia.markdown import TextTooDeep, TextTooLarge, render
from diplopedia.models import Article, Edit
from diplopedia.models.articles import TaggedArticle
from notices import actions, subjects, watchables
from notices.models import Watch
from notices.subjects import Quoted, Shown, Subject
from people import regions
from people.models import Office, Profile
from people.names import fold

if TYPE_CHECKING:
    from diplopedia.markdown import LinkKey
    from notices.models import Event, Notice
    from people.models import User

KIND = "article"
DELETED = "deleted-article"
BACK = "back"
PLACES, LONGEST_TEXT = 3, 400
# How an edit is told. Merging, undoing and restoring are ways of editing.
TOLD_AS = {
    Edit.Kind.CREATE: "create",
    Edit.Kind.RENAME: "rename",
    Edit.Kind.DELETE: "delete",
    Edit.Kind.ACCESS: "access",
    Edit.Kind.JOIN: "join",
    Edit.Kind.SPLIT: "split",
}


class Pages(Subject[Article]):
    """Articles."""

    kind = KIND

    def readable_by(self, user: User) -> QuerySet[Article]:
        """The one rule."""
        readable: QuerySet[Article] = Article.objects.readable_by(user)
        return readable

    def shown(self, pks: Collection[int]) -> dict[int, Shown]:
        """Titles and addresses as they are now."""
        rows = Article.objects.filter(pk__in=pks).values_list("pk", "title", "wiki_slug", "language")
        return {
            pk: Shown(title, reverse("article", args=[slug]), language) for pk, title, slug, language in rows
        }

    def watched_as(self, pk: int) -> Iterable[tuple[str, str | int]]:
        """The page itself, its topics, its places with all that they lie in, and the office that answers for it."""
        yield KIND, pk
        for tag in TaggedArticle.objects.filter(content_object=pk).values_list("tag", flat=True):
            yield "tag", tag
        places = set(Article.regions.through.objects.filter(article=pk).values_list("region", flat=True))
        for place in places.union(*(regions.ancestors(place) for place in places)):
            yield "region", place
        for office in Office.objects.filter(articles=pk):
            for above in office.lineage:
                yield "office", above

    def address(self, event: Event, shown: Shown) -> str:
        """The change, where there is one to see; else the page."""
        number = event.words.get("number")
        return event.url or (f"{shown.url}compare/?to={number}" if number and number > 1 else shown.url)

    def quoted(self, notices: Collection[Notice]) -> dict[int, list[Quoted]]:
        """The first places that changed between the text before the first edit and the text after the last."""
        spans = {notice.pk: span for notice in notices if (span := span_of(notice))}
        texts = texts_of(spans.values())
        return {
            pk: changed_places(texts.get((page, before), ""), texts.get((page, after), ""))
            for pk, (page, before, after) in spans.items()
        }


class DeletedPages(Pages):
    """Articles that are deleted, for those who could read them if they were not."""

    kind = DELETED

    def readable_by(self, user: User) -> QuerySet[Article]:
        """The same rule, asked as if nothing were deleted."""
        readable: QuerySet[Article] = Article.objects.shared_with(user)
        return readable

    def address(self, event: Event, shown: Shown) -> str:
        """The page's address, which still tells those who could edit it who deleted it and why."""
        return shown.url

    def quoted(self, notices: Collection[Notice]) -> dict[int, list[Quoted]]:
        """Nothing: who deletes changes no word."""
        return {}


def span_of(notice: Notice) -> tuple[int, int, int] | None:
    """Return a page and the numbers of two edits of it, before and after what a notice tells; None without any."""
    first, last = notice.first.words.get("number"), notice.event.words.get("number")
    if notice.event.kind not in {"edit", "create"} or not first or not last:
        return None
    return notice.event.subject_pk, first - 1, last


def texts_of(spans: Collection[tuple[int, int, int]]) -> dict[tuple[int, int], str]:
    """Return the texts of these pages at these edits, in one query."""
    numbers = {number for _page, before, after in spans for number in (before, after)}
    edits = Edit.objects.filter(article__in={page for page, *_ in spans}, number__in=numbers)
    wanted = {(page, number) for page, *both in spans for number in both}
    keys = {pk: key for pk, *key in edits.values_list("pk", "article", "number") if tuple(key) in wanted}
    rows = Edit.objects.filter(pk__in=keys).order_by().select_related("revision")
    return {(edit.article_id, edit.number): edit.body for edit in rows}


def changed_places(old: str, new: str) -> list[Quoted]:
    """Return the first places that differ, each cut to a few lines."""
    changed = (row for row in compare(old, new).rows if row.kind in {"changed", "added", "removed"})
    return [place for place in map(place_of, islice(changed, PLACES)) if place != Quoted()]


def place_of(row: Row) -> Quoted:
    """Return one row of a comparison as readable text."""
    if row.table:
        return Quoted(new="…")
    old, new = ("".join(segment.text for segment in side) for side in (row.old, row.new))
    return Quoted(readable(old), readable(new))


def readable(source: str) -> str:
    """Return the words of a piece of Markdown, in one line that is not too long."""
    try:
        line = " ".join(render(source).text.split())
    except (TextTooDeep, TextTooLarge):
        line = " ".join(source.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT].rsplit(' ', 1)[0]} …"


def tell_of(edit: Edit, article: Article, fresh: Iterable[LinkKey], *, was: str) -> None:
    """Tell those whom an edit concerns, in its transaction: one query, and one more where colleagues are named anew.

    `fresh`: the links that the edit brought. `was`: the title before.
    """
    kind = told_as(edit)
    words: dict[str, Any] = {"summary": edit.summary, "was": was if was != article.title else ""}
    if kind != BACK:  # then there is no change to look at: the text is as it was
        words["number"] = edit.number
    actions.tell(
        kind,
        actor=edit.author,
        subject=(DELETED if kind == "delete" else KIND, article.pk),
        words={name: word for name, word in words.items() if word},
        to={"mention": people_named(link.key for link in fresh)},
        minor=edit.minor,
    )


def told_as(edit: Edit) -> str:
    """Return how an edit is told. Only what was deleted comes back."""
    if edit.base and edit.base.kind == Edit.Kind.DELETE:
        return BACK
    return TOLD_AS.get(Edit.Kind(edit.kind), "edit")


def tell_verified(article: Article, user: User, edit: Edit) -> None:
    """Tell that somebody stands for a page as it was at an edit."""
    actions.tell("verify", actor=user, subject=(KIND, article.pk), words={"revision": edit.number})


def people_named(keys: Iterable[str]) -> list[int]:
    """Return the accounts of the colleagues that keys `@<handle or name>` name, in one query.

    Of several of one name, the one who came first is meant, as in the text.
    """
    wanted = [key[1:] for key in keys if key.startswith("@")]
    if not wanted:
        return []
    rows = Profile.objects.filter(user__is_active=True).values_list(
        "pk", "user", "user__username", "name_key"
    )
    by_handle = rows.filter(user__username__in=wanted)
    by_name = rows.filter(name_key__in=[fold(name) for name in wanted])
    found = sorted(by_handle.order_by().union(by_name.order_by()), reverse=True)
    names = {name: user for _pk, user, _handle, name in found}
    handles = {handle: user for _pk, user, handle, _name in found}
    meant = (handles.get(name) or handles.get(fold(name)) or names.get(fold(name)) for name in wanted)
    return [user for user in meant if user]


def pages(keys: Collection[str], reader: User) -> dict[str, Shown]:
    """Return what watched pages are called, of those this reader may read."""
    readable = Article.objects.readable_by(reader).filter(pk__in=watchables.numbers(keys))
    found = Pages().shown(list(readable.values_list("pk", flat=True)))
    return {str(pk): shown for pk, shown in found.items()}


def topics(keys: Collection[str], reader: User) -> dict[str, Shown]:
    """Return what watched tags are called, of those that a page has which this reader may read."""
    tagged = TaggedArticle.objects.filter(tag=OuterRef("pk"))
    known = tagged.filter(Article.objects.readable_by(reader).has("content_object"))
    tags = Tag.objects.filter(Exists(known), pk__in=watchables.numbers(keys))
    return {str(tag.pk): Shown(tag.name, reverse("tag", args=[tag.slug])) for tag in tags}


def connect() -> None:
    """Make pages and topics known to the notices."""
    subjects.register(Pages())
    subjects.register(DeletedPages())
    watchables.register(Watch.Kind.ARTICLE, pages)
    watchables.register(Watch.Kind.TAG, topics)
