"""Lists for those who look after the wiki: what is in them, for whom, and how often they ask the database."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diplopedia.actions import Change, add_alias, create_article, delete, verify
from diplopedia.gardening import LISTS
from diplopedia.models import Article
from diplopedia.versions import Version
from people.models import Region
from tests.factories import MemberFactory, UserFactory, keep_to, write
from tests.visitor import Visitor, links, soup

pytestmark = pytest.mark.django_db


def listed(visitor: Visitor, name: str, **query: str) -> list[str]:
    """Return the titles in a list, in its order."""
    page = soup(visitor.opens(f"/wiki/lists/{name}/", **query))
    return [a.get_text() for a in page.select("main .plain--list > li > a")]


def counts(visitor: Visitor) -> dict[str, int]:
    """Return what the page of all lists says is in each, by address."""
    page = soup(visitor.opens("/wiki/lists/"))
    return {
        a["href"].strip("/").rpartition("/")[2]: int(a.select_one(".num").get_text())
        for a in page.select("main .kinds a")
    }


def test_a_page_is_an_orphan_until_another_one_names_it(reader):
    write("Port of Djibouti", "See [[Port of Djibouti]] itself.")
    assert listed(reader, "orphans") == ["Port of Djibouti"]
    write("Djibouti", "It lives on the [[port of  djibouti]].")
    assert listed(reader, "orphans") == ["Djibouti"]
    assert listed(reader, "most-linked") == ["Port of Djibouti"]


def test_a_link_by_another_name_counts_once(reader):
    add_alias(write("African Union", "One."), "AU")
    write("Addis Ababa", "Seat of the [[AU]], the [[African Union]].")
    assert "African Union" not in listed(reader, "orphans")
    assert "1 page links to it" in reader.sees("/wiki/lists/most-linked/")


def test_what_a_hidden_page_links_to_is_an_orphan_for_others(reader):
    member = MemberFactory()
    write("Djibouti", "One.")
    secret = write("Secret", "About [[Djibouti]] and [[Treaty of nothing]].", author=member)
    keep_to(secret, Group.objects.get(name="Negotiators"), by=member)
    assert listed(reader, "orphans") == ["Djibouti"]
    assert listed(Visitor(member), "orphans") == ["Secret"]
    assert all("Secret" not in listed(reader, name) for name in LISTS)
    assert counts(reader)["wanted"] == 0


def test_a_link_to_a_page_that_is_wanted_is_a_way_on_and_one_to_itself_is_not(reader):
    write("One", "See [[Two]].")
    write("Alone", "See [[Alone]] and https://example.org.")
    assert listed(reader, "dead-ends") == ["Alone"]


def test_a_topic_or_a_region_files_a_page(reader):
    write("Nowhere", "One.")
    write("Topical", "One.", tags=frozenset({"ports"}))
    write("Placed", "One.", regions=frozenset({Region.objects.get(slug="djibouti").pk}))
    assert listed(reader, "unfiled") == ["Nowhere"]


def test_long_and_short_pages_are_listed_longest_and_shortest_first(reader):
    for title, size in (("Huge", 30_000), ("Big", 21_000), ("Middling", 5_000), ("Small", 300), ("Tiny", 3)):
        write(title, "word " * (size // 5))
    assert listed(reader, "long") == ["Huge", "Big"]
    assert listed(reader, "short") == ["Tiny", "Small"]


def test_a_page_is_stale_when_its_review_is_due_or_nobody_edited_it_for_years(reader, rosa):
    now = timezone.now()
    for title, verified in (("Due", 200), ("Fresh", 20)):
        page = write(title, "One.")
        Article.objects.filter(pk=page.pk).update(review_every=6)
        verify(page, rosa, page.latest_edit, now - datetime.timedelta(days=verified))
    old = Change(rosa, created=now - datetime.timedelta(days=1200), imported=True)
    create_article("Old", Version(body="One."), old)
    assert listed(reader, "stale") == ["Old", "Due"]
    assert "review due since" in reader.sees("/wiki/lists/stale/")


def test_the_newest_page_comes_first_and_a_deleted_one_is_in_no_list(reader, rosa):
    for title in ("First", "Second", "Gone"):
        write(title, "One.")
    delete(Article.objects.get(title="Gone"), Change(rosa))
    assert listed(reader, "new") == ["Second", "First"]
    assert all("Gone" not in listed(reader, name) for name in LISTS)


def test_each_number_leads_to_a_list_of_so_many(reader):
    for n in range(3):
        write(f"Page {n}", f"See [[Page {(n + 1) % 2}]] and [[Wanted {n}]].")
    write("Alone", "One.")
    for name, count in counts(reader).items():
        if name in LISTS:
            assert len(listed(reader, name)) == count, name
    assert counts(reader)["wanted"] == 3


def test_the_numbers_follow_every_change(reader, rosa):
    page = write("Alone", "One.")
    assert counts(reader)["orphans"] == 1
    delete(page, Change(rosa))
    assert counts(reader)["orphans"] == 0


def test_a_list_is_paged_and_one_that_does_not_exist_is_missing(reader, rosa):
    for n in range(61):
        write(f"Page {n:02}", "One.", author=rosa)
    assert listed(reader, "orphans", page="2") == ["Page 60"]
    assert reader.opens("/wiki/lists/nothing/").status_code == 404


def test_the_wiki_leads_to_the_lists(reader):
    assert "/wiki/lists/" in links(reader.opens("/wiki/")).values()


@pytest.mark.parametrize("name", ["", *(f"{name}/" for name in LISTS)])
def test_lists_take_as_many_queries_for_many_pages_as_for_few(reader, rosa, name):
    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert reader.opens(f"/wiki/lists/{name}").status_code == 200
        return len(captured)

    write("Second", "See [[First]].", author=rosa)
    write("First", "See [[Second]].", author=rosa)
    write("Alone", "One.", author=rosa)
    few = asked()
    for n in range(12):
        add_alias(write(f"Page {n}", f"See [[First]] and [[Name {n}]].", author=UserFactory()), f"Name {n}")
    assert asked() == few <= 20
