"""History: every edit of an article, any two compared, one of them restored."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from diplopedia import actions, readings
from diplopedia.actions import Change
from diplopedia.diffs import FactChange, compare, compare_facts
from diplopedia.facts import fact_labels, facts_in_words
from diplopedia.forms import ReasonForm
from diplopedia.models import Article, Edit
from diplopedia.permissions import may_edit, may_verify
from diplopedia.thanking import with_thanks
from diplopedia.versions import Version
from diplopedia.views.asking import day_asked, number, posted_key
from diplopedia.views.reading import edit_of, page_head, readable
from people.models import Profile, Region
from people.requests import reader_of

PER_PAGE = 50


@dataclass(frozen=True)
class AuthorCount:
    """How many edits of a page somebody made, when the first of them, and how many undo another."""

    username: str
    name: str
    count: int
    began: datetime.datetime
    undoings: int


@dataclass(frozen=True)
class Narrowing:
    """Which edits of a page are asked for."""

    author: str
    kind: str
    since: datetime.date | None
    until: datetime.date | None
    hide_minor: bool

    @classmethod
    def asked(cls, request: HttpRequest) -> Narrowing:
        """Return what the address asks for; what cannot be meant narrows nothing."""
        kind = request.GET.get("kind", "")
        return cls(
            author=request.GET.get("author", "")[:150],
            kind=kind if kind in Edit.Kind.values else "",
            since=day_asked(request, "since"),
            until=day_asked(request, "until"),
            hide_minor=bool(request.GET.get("hide_minor")),
        )

    def of(self, edits: QuerySet[Edit]) -> QuerySet[Edit]:
        """Keep these edits. Days are whole ones, where the reader is."""
        here = timezone.get_current_timezone()
        edits = edits.filter(author__username=self.author) if self.author else edits
        edits = edits.filter(kind=self.kind) if self.kind else edits
        if self.since:
            edits = edits.filter(created__gte=datetime.datetime.combine(self.since, datetime.time.min, here))
        if self.until:
            edits = edits.filter(created__lte=datetime.datetime.combine(self.until, datetime.time.max, here))
        return edits.filter(minor=False) if self.hide_minor else edits


def history(request: HttpRequest, slug: str) -> HttpResponse:
    """List the edits of an article, newest first, without reading one text."""
    page = readable(request, slug, head=True)
    asked = Narrowing.asked(request)
    shown = asked.of(page.edits.select_related("author__profile"))
    authors = authors_of(page)
    listed = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    with_thanks(list(listed.object_list), reader_of(request))
    context = page_head(request, page) | {
        "page": listed,
        "total": page.latest_edit.number if page.latest_edit else 0,
        "authors": authors,
        "authors_total": len(authors),
        "began": min((row.began for row in authors), default=None),
        "asked": asked,
        "kinds": Edit.Kind.choices,
        "today": timezone.localdate(),
        "last_read": readings.last_of(page, reader_of(request)),
        "may_undo": may_edit(reader_of(request), page),
        "undone": undone(page) if any(row.undoings for row in authors) else set(),
        "verified_number": page.verified_edit.number if page.verified_edit else None,
    }
    return render(request, "diplopedia/history.html", context)


def authors_of(page: Article) -> list[AuthorCount]:
    """Return who edited a page, those with most edits first."""
    names = ("author__username", "author__profile__preferred_name", "author__first_name", "author__last_name")
    counts = (
        page.edits.order_by()
        .values_list(*names)
        .annotate(n=Count("pk"), began=Min("created"), undoings=Count("undoes"))
    )
    return [
        AuthorCount(handle, name or f"{first} {last}".strip() or handle, n, began, undoings)
        for handle, name, first, last, n, began, undoings in counts.order_by("-n", "author__username")
    ]


def undone(page: Article) -> set[int]:
    """Return the numbers of the edits that were undone; one whose undoing was undone itself is back."""
    found: set[int] = set()
    undoings = page.edits.filter(undoes__isnull=False).order_by("-number")
    for undoing, undoes in undoings.values_list("number", "undoes__number"):
        if undoing not in found:
            found.add(undoes)
    return found


def compare_edits(request: HttpRequest, slug: str) -> HttpResponse:
    """Compare any two edits of an article, by default the latest with the one before."""
    page = readable(request, slug, head=True)
    latest = page.latest_edit.number if page.latest_edit else 1
    to = number(request, "to", latest, low=1, high=latest)
    new = edit_of(page, to)
    old = edit_of(page, number(request, "from", max(to - 1, 1), low=1, high=latest))
    if old.number > new.number:
        old, new = new, old
    with_thanks([new], reader_of(request))
    context = (
        page_head(request, page)
        | differences(page, old, new)
        | {
            "old": old,
            "new": new,
            "latest": latest,
            "between": (between := max(new.number - old.number - 1, 0)),
            "authors": authors_between(page, old, new) if between else 1,
            "previous": (old.number - 1, old.number) if old.number > 1 else None,
            "next": (new.number, new.number + 1) if new.number < latest else None,
            "view": "unified" if request.GET.get("view") == "unified" else "both",
            "can_restore": may_edit(reader_of(request), page),
            "can_verify": may_verify(reader_of(request), page),
        }
    )
    return render(request, "diplopedia/compare.html", context)


def authors_between(page: Article, old: Edit, new: Edit) -> int:
    """Return how many colleagues made the edits from one version to another."""
    edits = page.edits.order_by().filter(number__gt=old.number, number__lte=new.number)
    return edits.values("author").distinct().count()


def differences(page: Article, old: Edit, new: Edit) -> dict[str, Any]:
    """Return the differences of two edits: text, facts and title."""
    same = filing_of(old) == filing_of(new)
    facts = fact_changes(page, old.facts, new.facts)
    return {
        "diff": compare(old.body, new.body),
        "facts": facts if same else facts + filing_changes(Version.at(old), Version.at(new)),
        "titles": (old.content.get("title"), new.content.get("title")),
    }


def filing_of(edit: Edit) -> list[set[int]]:
    """Return the tags, regions and contacts that a revision names, without asking whether they are there still."""
    content = edit.content
    tags = {item["tag"] for item in content.get("tagged_items", [])}
    return [tags, set(content.get("regions", [])), set(content.get("contacts", []))]


def version_changes(page: Article, old: Version, new: Version) -> list[FactChange]:
    """Return the facts that differ, and where the two are filed."""
    return fact_changes(page, dict(old.facts), dict(new.facts)) + filing_changes(old, new)


def filing_changes(old: Version, new: Version) -> list[FactChange]:
    """Return which of tags, regions and contacts differ, by name."""
    pks = old.regions ^ new.regions, old.contacts ^ new.contacts
    regions = (
        dict(Region.objects.filter(pk__in=old.regions | new.regions).values_list("pk", "name"))
        if pks[0]
        else {}
    )
    people = (
        {row.pk: str(row) for row in Profile.objects.filter(pk__in=old.contacts | new.contacts)}
        if pks[1]
        else {}
    )
    named = [
        {
            "tags": sorted(version.tags),
            "regions": sorted(regions[pk] for pk in version.regions if pk in regions),
            "contacts": sorted(people[pk] for pk in version.contacts if pk in people),
        }
        for version in (old, new)
    ]
    labels = [
        ("tags", _("Tags")),
        ("regions", _("Countries and regions")),
        ("contacts", _("Ask me about this")),
    ]
    return compare_facts(named[0], named[1], labels)


def fact_changes(page: Article | None, old: dict[str, str], new: dict[str, str]) -> list[FactChange]:
    """Return the facts that differ, in the order of the kind, those it does not know last."""
    template = page.template if page else None
    before, after = facts_in_words(template, old), facts_in_words(template, new)
    for key in before.keys() & after.keys():
        if before[key] == after[key] and old[key] != new[key]:  # “gha” became “Ghana”
            before[key], after[key] = old[key], new[key]
    return compare_facts(before, after, fact_labels(template, {*old, *new}))


def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask, then make an earlier edit's version the newest again."""
    page = readable(request, slug, head=True)
    edit = edit_of(page, number)
    newest = page.latest_edit.number if page.latest_edit else number
    form = ReasonForm(request.POST or None, initial={"base": newest, "key": posted_key(request)})
    if request.method == "POST" and form.is_valid():
        change = Change(reader_of(request), form.cleaned_data["summary"], key=form.cleaned_data["key"])
        try:
            actions.restore(page, edit, change, base=form.cleaned_data["base"] or newest)
            return redirect(page)
        except actions.Outdated as error:
            form = ReasonForm({**form.cleaned_data, "base": newest})  # the next press has seen the newest
            form.add_error(None, str(error))
    latest = edit_of(page, newest)
    context = (
        page_head(request, page)
        | differences(page, latest, edit)
        | {"edit": edit, "latest": latest, "form": form}
    )
    return render(request, "diplopedia/restore.html", context)
