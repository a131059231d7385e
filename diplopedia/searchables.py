"""How articles are found: the entry of each, and the kinds, regions and acronyms that words stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from html import unescape
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from diplopedia.facts import fact_rows
from diplopedia.gathering import Gathered
from diplopedia.models import (
    Alias,
    Article,
    ArticleTemplate,
    FactField,
    Link,
    TaggedArticle,
    WikiDocument,
    WikiImage,
)
from people import regions
from people.models import Office, Profile, Region, User
from people.permissions import ALL
from people.searchables import office_labels, region_labels
from search import dictionary, signals, sources
from search.entries import Entry, Fact, Label
from search.results import Hit, Segment
from search.sources import Searchable

KIND = "article"
TAGS = re.compile(
    r'<(?:[^<>"]|"[^"]*")*>'
)  # enough for HTML that was sanitised, and five times as fast as parsing
BLOCK_ENDS = re.compile(r"</(?:p|li|h\d|t[dh]|dt|dd|div|figcaption)>|<br>")
READ = (
    "title", "wiki_slug", "restricted", "lead", "html", "language", "template", "office", "latest_edit", "facts",
    "verified_at", "verified_edit", "review_every", "title_key",
)  # fmt: skip
TRUST = {"verified": "yes", "stale": "due", "open": "no"}


def pks(**conditions: Any) -> list[int]:
    """Return the articles that meet these conditions."""
    return list(Article.objects.filter(**conditions).values_list("pk", flat=True).distinct())


def stating(value: str) -> list[int]:
    """Return the articles among whose facts this value stands: all are read, for what seldom happens."""
    stated = Article.objects.annotate(stated=Cast("facts", TextField()))
    return list(stated.filter(stated__contains=f'"{value}"').values_list("pk", flat=True))


def naming(key: str) -> list[int]:
    """Return the articles whose text names a file."""
    return list(Link.objects.to([key]).values_list("source", flat=True))


def naming_person(user: User) -> list[int]:
    """Return the articles that name somebody as contact or as last author."""
    return [*pks(contacts__user=user), *pks(latest_edit__author=user)]


def lying_in(region: Region) -> list[int]:
    """Return the articles about a region, or about one that lies in it."""
    regions.refresh()
    return pks(regions__in=regions.with_descendants(region.pk))


class ArticleSource(Searchable[Article]):
    """Every article that is not deleted. Who may find it is who may read it."""

    kind = KIND
    label = _("Article")
    label_plural = _("Articles")
    related = {
        Alias: lambda alias: [alias.article_id],
        Tag: lambda tag: pks(tagged_items__tag=tag),
        Region: lambda region: [*lying_in(region), *stating(region.code)],
        Region.parents.through: lying_in,
        Office: lambda office: [*pks(office__path__startswith=office.path or "?"), *pks(offices=office)],
        Group: lambda group: pks(groups=group),
        ArticleTemplate: lambda template: pks(template=template),
        FactField: lambda field: pks(template=field.template_id),
        Profile: lambda profile: pks(contacts=profile),
        User: lambda user: naming_person(user) if user.has_new_handle else [],
        WikiImage: lambda image: naming(f"image:{image.pk}"),
        WikiDocument: lambda document: naming(f"document:{document.pk}"),
    }

    def queryset(self) -> QuerySet[Article]:
        """The living articles with all that an entry says of them alone."""
        return Article.objects.filter(deleted_at=None).only(*READ)

    def maker(self, rows: Sequence[Article]) -> Callable[[Article], Entry]:
        """Read for all of these articles together what other tables say."""
        regions.refresh()
        gathered = Gathered(rows)
        return lambda row: self.entry_of(row, gathered)

    def entry(self, row: Article) -> Entry:
        """Return the entry of one article."""
        return self.maker([row])(row)

    def entry_of(self, row: Article, gathered: Gathered) -> Entry:
        """Return what the search knows of an article: its own words only, never those it includes."""
        edit = gathered.edits.get(row.latest_edit_id)
        return Entry(
            kind=KIND,
            pk=row.pk,
            title=row.title,
            url=row.get_absolute_url(),
            readers=row.principals(),
            aliases=tuple(gathered.other_names.get(row.pk, ())),
            lead=row.lead,
            body=plain_text(row),
            language=row.language,
            restriction=", ".join(row.audience()) if row.restricted else "",
            tags=tuple(gathered.tags.get(row.pk, ())),
            regions=region_labels(*gathered.regions.get(row.pk, ())),
            template=Label(row.template.slug, row.template.name) if row.template else None,
            office=office_labels(gathered.offices.get(row.office_id), gathered.offices),
            people=tuple(gathered.people(row)),
            facts=tuple(Fact(fact.label, fact.value) for fact in fact_rows(row)),
            updated=edit.created if edit else None,
            verified=TRUST[row.trust],
            popularity=float(gathered.named_by.get(row.title_key, 0)),
        )

    def readable(self, pks: Collection[int], user: Any) -> set[int]:
        """Return those of these articles that this user may read now."""
        return set(Article.objects.readable_by(user).filter(pk__in=list(pks)).values_list("pk", flat=True))

    def fallback(self, text: str, user: Any, size: int = 20) -> list[Hit]:
        """Return articles whose title holds the text, from the database alone."""
        # In an order that no index of articles has: a database that follows one reads the texts of all of them.
        found = (
            Article.objects.readable_by(user)
            .filter(title__icontains=text[:100])
            .order_by("title", "pk")[:size]
        )
        return [
            Hit(
                kind=KIND,
                pk=row.pk,
                url=row.get_absolute_url(),
                title=(Segment(row.title),),
                snippet=(Segment(row.lead[:200]),),
            )
            for row in found
        ]


def plain_text(row: Article) -> str:
    """Return an article's words without markup: faster from the stored HTML than from the Markdown."""
    return " ".join(unescape(TAGS.sub("", BLOCK_ENDS.sub("\\g<0> ", row.html))).split())


def names() -> Iterable[tuple[str, str, str, str]]:
    """Return the names of kinds and tags, as (phrase, field, value, label).

    All readers share them, so tags that only pages with readers of their own have are not among them.
    """
    for kind in ArticleTemplate.objects.all():
        for phrase in filter(None, [kind.name, kind.plural]):
            yield phrase, "template", kind.slug, kind.name
    for_all = Article.objects.held_by(frozenset({ALL})).has("content_object")
    # Asked of each tag, and not of each page that has it.
    tags = Tag.objects.filter(Exists(TaggedArticle.objects.filter(for_all, tag=OuterRef("pk"))))
    for name, slug in tags.values_list("name", "slug"):
        yield name, "tag", slug, name


def connect() -> None:
    """Make articles known to the search. Articles reach the outbox by their own door; what they name, by signals."""
    signals.follow(sources.register(ArticleSource()), rows=False)
    dictionary.register(names)
