"""What the wiki knows of colleagues: pages they wrote, verified, or answer for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diplopedia.models import Article, Edit, TaggedArticle
from people import evidence, regions
from people.evidence import Evidence, Subject
from people.models import Profile
from search.results import Reason, Segment

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from diplopedia.querysets import ArticleQuerySet
    from people.models import User

SHOWN = 12
KINDS = CONTACT, WROTE, VERIFIED = "contact", "wrote", "verified"  # in the order of what is said first
PAGES = "\0"  # where a sentence names them


def pages_of(profile: Profile, reader: User) -> list[Evidence]:
    """Return the readable pages that a person wrote most of, verified or is a contact of, in one query."""
    readable = Article.objects.readable_by(reader)
    accounts = Profile.objects.accounts_of(profile)
    edits = written_by(accounts)
    wrote = edits.values("article").annotate(n=Count("pk"))
    answered = answered_by([profile.pk])
    verified = verified_by(accounts, readable).order_by("title_key").values("pk")
    # Only the first of each are counted and put in order, however many there are.
    most = wrote.filter(readable.has("article")).order_by("-n", "-article").values("article")
    first = [Article.objects.filter(pk__in=some[:SHOWN]).order_by().values("pk") for some in (most, verified)]
    pages = (
        readable.filter(pk__in=answered.values("article").union(*first))
        .annotate(
            wrote=Coalesce(Subquery(wrote.filter(article=OuterRef("pk")).values("n")), 0),
            of=F("latest_edit__number"),
            answers=Exists(answered.filter(article=OuterRef("pk"))),
            checked=Case(When(verified_by__in=accounts, then=True), default=False),
        )
        .order_by("-answers", "-wrote", "title_key")
    )
    rows = pages.values_list("title", "wiki_slug", "wrote", "of", "checked", "answers")[:SHOWN]
    return [line(*row) for row in rows]


def line(title: str, slug: str, wrote: int, of: int, checked: bool, answers: bool) -> Evidence:
    """Return one page with why it counts."""
    why = []
    if answers:
        why.append(_("Contact for this page"))
    if checked:
        why.append(_("Verified it"))
    if wrote:
        why.append(
            ngettext("%(n)d of %(of)d revision", "%(n)d of %(of)d revisions", of) % {"n": wrote, "of": of}
        )
    kind = CONTACT if answers else WROTE if wrote else VERIFIED
    return Evidence(title, Article(wiki_slug=slug).get_absolute_url(), wrote, kind, note=". ".join(why))


# --- what counts, of one person and of many ------------------------------------------------------------------------


def written_by(accounts: QuerySet[Any, Any]) -> QuerySet[Edit]:
    """What the people of these accounts wrote, in no order."""
    return Edit.objects.written().filter(author__in=accounts).order_by()


def verified_by(accounts: QuerySet[Any, Any], articles: ArticleQuerySet) -> ArticleQuerySet:
    """Those of the articles that they verified last."""
    return articles.filter(verified_by__in=accounts)


def answered_by(profiles: Collection[int]) -> QuerySet[Any]:
    """Of which articles these people are a contact."""
    return Article.contacts.through.objects.filter(profile__in=profiles)


# --- of many people, on some subjects ------------------------------------------------------------------------------


class Line(NamedTuple):
    """What one person did on one subject: to how many pages, in how many edits; of a single page its title and slug."""

    person: int
    handle: str
    kind: str
    subject: int
    pages: int
    edits: int
    title: str
    slug: str


def on_subjects(
    people: Collection[int], subjects: Sequence[Subject], reader: User
) -> dict[int, list[Reason]]:
    """Return what each of these people wrote, answers for and verified on each subject, of what the reader may read.

    One query, whatever the number of people, pages and subjects.
    """
    readable = Article.objects.readable_by(reader)
    accounts = Profile.objects.accounts_of_any(people)
    arms = []
    for number, subject in enumerate(subjects):
        written = written_by(accounts).filter(is_about(subject, "article"), readable.has("article"))
        answered = answered_by(people).filter(is_about(subject, "article"), readable.has("article"))
        verified = verified_by(accounts, readable).filter(is_about(subject, "pk"))
        arms += [
            counted(written, WROTE, number, by="author__profile", of="article__"),
            counted(answered, CONTACT, number, by="profile", of="article__"),
            counted(verified, VERIFIED, number, by="verified_by__profile", of=""),
        ]
    lines = map(Line._make, arms[0].union(*arms[1:], all=True))
    found: dict[int, dict[str, Reason]] = defaultdict(dict)
    for one in sorted(lines, key=lambda one: (KINDS.index(one.kind), one.subject)):
        said = reason(one, subjects[one.subject])
        found[one.person].setdefault(said.url or str(said), said)  # a single page is named once
    return {person: list(said.values()) for person, said in found.items()}


def is_about(subject: Subject, article: str) -> Q:
    """The condition that the article a row's field names is about a subject: one look-up for each row."""
    atlas = regions.atlas()
    named = (atlas.by_slug[slug].pk for slug in subject.regions if slug in atlas.by_slug)
    inside = frozenset[int]().union(*map(regions.with_descendants, named))
    # An article has few regions, and Africa has sixty: the few are read and compared, not the sixty looked up.
    filed = Article.regions.through.objects.filter(article=OuterRef(article))
    filed = filed.alias(here=ExpressionWrapper(F("region_id") + 0, IntegerField())).filter(here__in=inside)
    topics = [slugify(topic, allow_unicode=True) for topic in subject.topics]
    tagged = TaggedArticle.objects.filter(content_object=OuterRef(article), tag__slug__in=topics)
    if inside and topics:
        return Q(Exists(filed)) | Q(Exists(tagged))
    return Q(Exists(tagged if topics else filed))


def counted(rows: QuerySet[Any], kind: str, subject: int, *, by: str, of: str) -> QuerySet[Any, Any]:
    """Return the values of a `Line` for each person. `by` leads to the profile, `of` to the article."""
    return (
        rows.order_by()
        .values(
            person=Coalesce(f"{by}__merged_into", by),
            handle=Coalesce(f"{by}__merged_into__user__username", f"{by}__user__username"),
        )
        .annotate(
            kind=Value(kind),
            subject=Value(subject),
            pages=Count(f"{of}pk", distinct=True),
            edits=Count("pk"),
            name=Min(f"{of}title"),
            page=Min(f"{of}wiki_slug"),
        )
        .values_list("person", "handle", "kind", "subject", "pages", "edits", "name", "page")
    )


def reason(one: Line, subject: Subject) -> Reason:
    """Return a line in words: the page itself where it is a single one, else how many, with where they are listed."""
    if one.pages == 1:
        url = Article(wiki_slug=one.slug).get_absolute_url()
        said = single(one) % {"n": one.edits, "page": PAGES}
        return Reason(one.kind, told(said, one.title, url), url)
    url = listed_at(one.handle, subject) if one.kind == WROTE else ""
    number = ngettext("%(n)s article on %(subject)s", "%(n)s articles on %(subject)s", one.pages)
    named = number % {"n": one.pages, "subject": subject.name}
    return Reason(one.kind, told(several(one.kind) % {"pages": PAGES}, named, url), url)


def single(one: Line) -> str:
    """What somebody did to the one page."""
    if one.kind == WROTE:
        return ngettext("Wrote %(n)s revision of %(page)s", "Wrote %(n)s revisions of %(page)s", one.edits)
    return _("Contact for %(page)s") if one.kind == CONTACT else _("Verified %(page)s")


def several(kind: str) -> str:
    """What somebody did to several pages."""
    if kind == WROTE:
        return _("Wrote %(pages)s")
    return _("Contact for %(pages)s") if kind == CONTACT else _("Verified %(pages)s")


def told(said: str, pages: str, url: str) -> tuple[Segment, ...]:
    """A sentence with the pages it names in their place, marked where they lead somewhere."""
    before, _sign, after = said.partition(PAGES)
    segments = (Segment(before), Segment(pages, bool(url)), Segment(after))
    return tuple(segment for segment in segments if segment.text)


def listed_at(handle: str, subject: Subject) -> str:
    """Where somebody's contributions on a subject are listed."""
    asked = [*(("region", slug) for slug in subject.regions), *(("topic", topic) for topic in subject.topics)]
    return f"{reverse('contributions', args=[handle])}?{urlencode([*asked, ('hide_minor', '1')])}"


def connect() -> None:
    """Let profiles and the finder ask the wiki."""
    evidence.register(pages_of)
    evidence.register_for_many(on_subjects)
