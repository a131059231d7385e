"""How often pages ask the database: seldom, and as often for a long page as for a short one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.actions import add_alias, verify
from diplopedia.models import Article
from discussion.actions import open_thread, reply, resolve
from people.models import Region
from tests.factories import MemberFactory, UserFactory, keep_to, revise, write
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

MANY = 50


def queries(visitor: Visitor, url: str, **query: str) -> int:
    """Return how many queries a page takes, once the process knows its reference data."""
    visitor.opens(url, **query)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.opens(url, **query).status_code == 200
    return len(captured)


def a_page(title: str, size: int) -> Article:
    """Make a page with so many of everything that a page has."""
    people = [UserFactory() for _ in range(size)]
    places = Region.objects.filter(kind="country").order_by("pk")[:size]
    for n in range(size):
        write(f"{title} target {n}", f"See [[{title}]].", tags=frozenset({f"{title} tag {n}"}))
    page = write(
        title,
        "\n\n".join(
            f"## Section {n}\n\nSee [[{title} target {n}]], [[{title} wanted {n}]] and [[@{who.username}]]."
            for n, who in enumerate(people)
        ),
        kind="country-profile",
        facts={f"fact_{n}": "value" for n in range(size)},
        tags=frozenset(f"{title} tag {n}" for n in range(size)),
        regions=frozenset(place.pk for place in places),
        contacts=frozenset(who.profile.pk for who in people),
    )
    for n, who in enumerate(people):
        add_alias(page, f"{title} also {n}")
        revise(page, f"{page.body}\n\nEdit {n}.", author=who)
    edit = page.edits.get(number=1)
    verify(page, edit.author, edit)
    return Article.objects.get(pk=page.pk)


PLACES = {"": 10, "history/": 12, "history/1/": 15, "compare/": 15, "links/": 12, "edit/": 20}


@pytest.mark.slow
def test_pages_take_as_many_queries_with_fifty_of_everything_as_with_one(reader):
    small, large = a_page("Small", 1), a_page("Large", MANY)
    taken = {
        place: [queries(reader, page.get_absolute_url() + place) for page in (small, large)]
        for place in PLACES
    }
    assert {place: counts for place, counts in taken.items() if counts[0] != counts[1]} == {}
    assert {place: counts[0] for place, counts in taken.items() if counts[0] > PLACES[place]} == {}

    # A save, after one edit and after fifty.
    saves = [save(reader, page) for page in (small, large)]
    assert max(saves) <= 60
    assert saves[1] - saves[0] <= 5

    # Lists of edits read no text.
    for url in (f"{large.get_absolute_url()}history/", "/changes/"):
        with CaptureQueriesContext(connection) as captured:
            reader.opens(url)
        assert [
            query["sql"] for query in captured if '"wagtailcore_revision"."content"' in query["sql"]
        ] == []


def save(visitor: Visitor, page: Article) -> int:
    """Return how many queries it takes to add a paragraph."""
    url = f"{page.get_absolute_url()}edit/"
    form = visitor.form(url)
    with CaptureQueriesContext(connection) as captured:
        response = visitor.sends(url, form, body=f"{form['body']}\n\nMore.", action="publish")
    assert response.status_code == 302
    return len(captured)


def test_an_article_kept_to_a_group_that_names_colleagues_takes_at_most_ten_too():
    member = MemberFactory()
    page = write("Kept", f"See [[@{member.username}]] and [[Nothing]].", author=member, kind="case-study")
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    assert queries(Visitor(member), page.get_absolute_url()) <= 10


@pytest.mark.parametrize("place", ["talk/", "talk/{thread}/", "history/", "compare/", "links/", ""])
def test_places_of_a_page_take_at_most_twelve_where_nothing_is_kept_yet(reader, rosa, samuel, place):
    page = write("Port", "Ships call. See [[Nothing]] and [[Harbour]].", author=rosa)
    write("Harbour", "See [[Port]].", author=samuel)
    revise(page, "Ships. See [[Nothing]] and [[Harbour]].", author=samuel)
    first = open_thread(rosa, "article", page.pk, "Depth", "See [[Harbour]].", quote="Ships.")
    reply(samuel, first.thread, "More.")
    resolve(open_thread(samuel, "article", page.pk, "Old", "Done.").thread, rosa)
    assert cold(reader, page.get_absolute_url() + place.format(thread=first.thread.pk)) <= 12


@pytest.mark.parametrize(
    "url", ["/wiki/lists/", "/wiki/lists/stale/", "/wiki/lists/lost-sections/", "/wiki/lists/deleted/"]
)
def test_lists_of_gardeners_take_at_most_twelve_where_nothing_is_kept_yet(reader, rosa, url):
    write("Port", "See [[Nothing]] and [[Harbour#Depth]].", author=rosa)
    write("Harbour", "See [[Port]].", author=rosa)
    assert cold(reader, url) <= 12


def cold(visitor: Visitor, url: str) -> int:
    """Return how many queries a page takes where nothing is kept but what a process knows."""
    visitor.opens("/")
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert visitor.opens(url).status_code == 200
    return len(captured)


LISTS = [
    "/",
    "/changes/",
    "/wiki/",
    "/wiki/letters/",
    "/wiki/wanted/",
    "/wiki/case-studies/",
    "/wiki/kinds/how-to/",
]


@pytest.mark.slow
def test_lists_take_as_many_queries_for_many_pages(reader):
    counts: dict[str, list[int]] = {}
    place = Region.objects.get(slug="djibouti")
    for number in (2, 22):
        for n in range(number):
            tags, regions = frozenset({f"Tag {number} {n}", "Ports"}), frozenset({place.pk})
            for kind in ("case-study", "how-to"):
                title = f"{kind} {number} {n}"
                write(title, f"See [[Wanted by {title}]].", kind=kind, tags=tags, regions=regions)
        for url in [*LISTS, "/wiki/tags/ports/", "/wiki/regions/africa/"]:
            counts.setdefault(url, []).append(queries(reader, url))
    assert {url: taken for url, taken in counts.items() if taken[0] != taken[1]} == {}
    assert {url: taken[0] for url, taken in counts.items() if taken[0] > 12} == {}
