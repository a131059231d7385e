"""Pages that want looking after: nothing leads to them, they lead nowhere, nobody filed or looked at them for long."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diplopedia.models import Alias, Article, ArticleTemplate, Edit, Link, TaggedArticle
from diplopedia.querysets import ArticleQuerySet
from people.models import Office, Profile

LONG = 20_000  # characters
SHORT = 400
YEARS = 3
MONTH = 30.44  # days, as in Article.review_due


def of_office(articles: ArticleQuerySet, office: Office) -> ArticleQuerySet:
    """Keep those that an office, or one under it, answers for."""
    return articles.filter(office__in=Office.objects.subtree(office).values("pk"))


@dataclass(frozen=True)
class GardenList:
    """A list of articles with one thing in common, and what is to be done about it.

    `among` keeps those of some articles that belong here; `order` sorts these,
    and is given all of the reader's articles, too; `note` says of one why it is here.
    `of` keeps those of an office.
    """

    slug: str
    name: str | Promise
    why: str | Promise
    among: Callable[[ArticleQuerySet], ArticleQuerySet]
    order: Callable[[ArticleQuerySet, ArticleQuerySet], ArticleQuerySet]
    note: Callable[[Article], str]
    of: Callable[[ArticleQuerySet, Office], ArticleQuerySet] = of_office

    def sorted(self, readable: ArticleQuerySet) -> ArticleQuerySet:
        """Return those of a reader's articles that belong here, in the order of the list."""
        return self.order(self.among(readable), readable)


def by(*fields: str) -> Callable[[ArticleQuerySet, ArticleQuerySet], ArticleQuerySet]:
    """Return the order of a list by these columns."""
    return lambda articles, _readable: articles.order_by(*fields)


by_title = by("title_key", "pk")


def key_of_outer() -> Concat:
    """The key of the outer query's title or other name, as links hold it."""
    return Concat(OuterRef("language"), Value(":"), OuterRef("title_key"))


def linked_by_title(articles: ArticleQuerySet) -> Exists:
    """The condition that another of these articles names the title."""
    links = Link.objects.filter(target_key=key_of_outer()).exclude(source=OuterRef("pk"))
    return Exists(links.filter(articles.has("source")))


def linked_by_other_name(articles: ArticleQuerySet) -> Exists:
    """The condition that another of these articles uses one of the other names."""
    links = Link.objects.filter(target_key=key_of_outer()).exclude(source=OuterRef("article"))
    used = Exists(links.filter(articles.has("source")))
    return Exists(Alias.objects.filter(used, article=OuterRef("pk")))


def orphans(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep what no other of these articles leads to."""
    return articles.filter(~linked_by_title(articles), ~linked_by_other_name(articles))


def linked(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep what others of these articles lead to."""
    return articles.filter(linked_by_title(articles) | linked_by_other_name(articles))


def sources(links: Any) -> Coalesce:
    """The number of pages that these links of the outer row stand in."""
    rows = links.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("source", distinct=True))
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)


def most_linked(articles: ArticleQuerySet, readable: ArticleQuerySet) -> ArticleQuerySet:
    """Sort by how many of the readable pages lead to each, by title or other name: most first."""
    to_title = Link.objects.filter(target_key=key_of_outer()).exclude(source=OuterRef("pk"))
    others = Alias.objects.filter(article=OuterRef(OuterRef("pk")))
    keys = others.values_list(Concat("language", Value(":"), "title_key"))
    own = Concat(OuterRef(OuterRef("language")), Value(":"), OuterRef(OuterRef("title_key")))
    counts_already = Exists(Link.objects.filter(source=OuterRef("source"), target_key=own))
    to_others = Link.objects.filter(~counts_already, target_key__in=keys).exclude(source=OuterRef("pk"))
    by_other_name = Case(
        When(
            Exists(Alias.objects.filter(article=OuterRef("pk"))),
            then=sources(to_others.filter(readable.has("source"))),
        ),
        default=Value(0),
    )
    here = sources(to_title.filter(readable.has("source"))) + by_other_name
    return articles.annotate(links_here=here).order_by("-links_here", "title_key", "pk")


def dead_ends(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep what names no other page, written or not."""
    links = (
        Link.objects.filter(source=OuterRef("pk")).exclude(title_key="").exclude(target_key=key_of_outer())
    )
    return articles.filter(~Exists(links))


def unfiled(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep what has neither a topic nor a region."""
    tags = TaggedArticle.objects.filter(content_object=OuterRef("pk"))
    regions = Article.regions.through.objects.filter(article=OuterRef("pk"))
    return articles.filter(~Exists(tags), ~Exists(regions))


def ambiguous_name(articles: ArticleQuerySet) -> Subquery:
    """The first other name of a page that is the title of another of these articles, or another name of one."""
    same = {"language": OuterRef("language"), "title_key": OuterRef("title_key")}
    titles = articles.filter(**same)
    names = Alias.objects.filter(articles.has("article"), **same).exclude(article=OuterRef("article"))
    own = Alias.objects.filter(Exists(titles) | Exists(names), article=OuterRef("pk"))
    return Subquery(own.order_by("title_key").values("title")[:1])


def ambiguous(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep what has a name that leads elsewhere, or to a choice."""
    return articles.annotate(shared_name=ambiguous_name(articles)).filter(shared_name__isnull=False)


def ambiguous_note(article: Article) -> str:
    """Say which name it is."""
    return _("“%s” may mean another page") % getattr(article, "shared_name", "")


def review_due(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Mark what was verified for a time that is over, as `Article.review_due` reckons."""
    of_kinds = ArticleTemplate.objects.filter(review_every__gt=0).order_by().values_list("review_every")
    own = Article.objects.filter(review_every__gt=0).order_by().values_list("review_every")
    now = timezone.now()
    due = Q(pk=None)
    for (months,) in of_kinds.union(own):
        due |= Q(months=months, verified_at__lte=now - datetime.timedelta(days=round(months * MONTH)))
    months = Coalesce(NullIf("review_every", 0), "template__review_every")
    return articles.annotate(months=months, overdue=Case(When(due, then=True), default=False))


def stale(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep what is due for review, and what nobody has edited for years."""
    old = timezone.now() - datetime.timedelta(days=365 * YEARS)
    return review_due(articles).filter(Q(overdue=True) | Q(latest_edit__created__lt=old))


def leavers_named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Keep the contacts who have left, of rows that name an article and a contact."""
    left = Q(profile__left_at__isnull=False) | Q(profile__user__is_active=False)
    return rows.filter(left, profile__historical=False)


def deserted_offices() -> list[int]:
    """Return the offices where people worked, at or under them, and nobody does any more. One query."""
    people = Profile.objects.filter(office=OuterRef("pk")).order_by()
    worked, works = Exists(people.filter(historical=False)), Exists(people.directory())
    paths = Office.objects.filter(worked).order_by().values_list("path", works)
    once = {pk for path, _works in paths for pk in path.split(".") if pk}
    now = {pk for path, works in paths for pk in path.split(".") if works}
    return [int(pk) for pk in once - now]


def abandoned(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep what has a contact who left, or an office that everybody left."""
    contacts = leavers_named(Article.contacts.through.objects.filter(article=OuterRef("pk")))
    account = Concat("profile__user__first_name", Value(" "), "profile__user__last_name")
    name = Coalesce(NullIf("profile__preferred_name", Value("")), account)
    leaver = Subquery(contacts.order_by("profile__sort_key").values(name=name)[:1])
    marked = articles.annotate(leaver=leaver)
    return marked.filter(Q(leaver__isnull=False) | Q(office__in=deserted_offices()))


def abandoned_of(articles: ArticleQuerySet, office: Office) -> ArticleQuerySet:
    """Keep what an office answers for, and what leavers of the office were the contacts of."""
    contacts = leavers_named(Article.contacts.through.objects.filter(article=OuterRef("pk")))
    theirs = Exists(contacts.filter(profile__office__path__startswith=office.path))
    return articles.filter(theirs | Q(office__in=Office.objects.subtree(office).values("pk")))


def abandoned_note(article: Article) -> str:
    """Say who has left."""
    if leaver := getattr(article, "leaver", None):
        return _("%(name)s has left") % {"name": str(leaver).strip()}
    return _("nobody works in %(office)s any more") % {"office": article.office}


def sized(articles: ArticleQuerySet, **size: int) -> ArticleQuerySet:
    """Keep what has a length, found by way of the edits, whose rows are short."""
    return articles.filter(latest_edit__in=Edit.objects.order_by().filter(**size).values("pk"))


def stale_note(article: Article) -> str:
    """Say since when a page is due, or when it was last edited."""
    due = article.review_due
    if due and due <= timezone.now():
        return _("review due since %s") % day(due)
    return edited_note(article)


def edited_note(article: Article) -> str:
    """Say when a page was last edited."""
    return _("last edited %s") % day(article.latest_edit.created) if article.latest_edit else ""


def size_note(article: Article) -> str:
    """Say how long a page is."""
    size = article.latest_edit.size if article.latest_edit else 0
    shown = number_format(size, use_l10n=True, force_grouping=True)
    return ngettext("%s character", "%s characters", size) % shown


def links_note(article: Article) -> str:
    """Say how many pages lead to one."""
    n: int = getattr(article, "links_here", 0)
    return ngettext("%d page links to it", "%d pages link to it", n) % n


def day(moment: datetime.datetime) -> str:
    """Return a day as people write it."""
    return str(date_format(timezone.localtime(moment), "j F Y"))


LISTS = {
    found.slug: found
    for found in (
        GardenList(
            "orphans",
            gettext_lazy("Pages nothing links to"),
            gettext_lazy("Readers come to them only by searching. Link to them from where they would be looked for."),
            orphans, by_title, edited_note,
        ),
        GardenList(
            "dead-ends",
            gettext_lazy("Pages without a link"),
            gettext_lazy("They name no other page. Put double square brackets round what the reader may ask next."),
            dead_ends, by_title, edited_note,
        ),
        GardenList(
            "unfiled",
            gettext_lazy("Pages without topic or region"),
            gettext_lazy("They stand in no list. A topic or a region is added under the text, in the editor."),
            unfiled, by_title, edited_note,
        ),
        GardenList(
            "stale",
            gettext_lazy("Pages long not looked at"),
            gettext_lazy("Their review is due, or nobody has edited them for three years. Are they still right?"),
            stale, by("latest_edit__created", "pk"), stale_note,
        ),
        GardenList(
            "left",
            gettext_lazy("Pages whose contact or office has left"),
            gettext_lazy("Nobody answers for them any more. Name another contact, or an office where somebody works."),
            abandoned, by_title, abandoned_note, abandoned_of,
        ),
        GardenList(
            "long",
            gettext_lazy("Long pages"),
            gettext_lazy("More than 20,000 characters. A section that stands by itself can become a page of its own."),
            lambda articles: sized(articles, size__gt=LONG),
            by("-latest_edit__size", "pk"), size_note,
        ),
        GardenList(
            "short",
            gettext_lazy("Short pages"),
            gettext_lazy("Fewer than 400 characters. Add to them, or merge them into a page that says more."),
            lambda articles: sized(articles, size__lt=SHORT),
            by("latest_edit__size", "pk"), size_note,
        ),
        GardenList(
            "most-linked",
            gettext_lazy("Pages most linked to"),
            gettext_lazy("What many pages rely on. They deserve to be verified first."),
            linked, most_linked, links_note,
        ),
        GardenList(
            "names",
            gettext_lazy("Pages with a name of several pages"),
            gettext_lazy("A name of theirs is the title of another page, or leads to a choice. Is it needed?"),
            ambiguous,
            by_title,
            ambiguous_note,
        ),
        GardenList(
            "new",
            gettext_lazy("Newest pages"),
            gettext_lazy("All pages, those begun last first. A new page is glad of a link and a topic."),
            lambda articles: articles, by("-pk"), edited_note,
        ),
    )
}  # fmt: skip
