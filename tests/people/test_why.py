"""Why somebody was found, beside what is on their profile: what they wrote, verified and answer for."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.actions import Change, delete, restrict, save_edit, verify
from diplopedia.models import Article
from diplopedia.versions import Version
from people import merging
from people.models import Post, Profile, Region
from tests.factories import revise, write
from tests.people.conftest import knows, neutral, person, served, skilled

pytestmark = pytest.mark.django_db


@pytest.fixture
def farida(kabul: Post) -> Profile:
    profile = person("Farida Łukasik", "farida")
    served(profile, kabul, 2022)
    return profile


def on(code: str, title: str, author: Profile | None, **more: Any) -> Article:
    """Write an article about a country."""
    regions = frozenset({Region.objects.get(code=code).pk})
    return write(title, "Text.", author=author.user if author else None, regions=regions, **more)


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def answers_for(article: Article, profile: Profile) -> None:
    Article.contacts.through.objects.create(article=article, profile=profile)


def said(page: str, of: str = "Farida Łukasik") -> list[tuple[str, str]]:
    """The reasons in the row of somebody: their words and where they lead."""
    cells = BeautifulSoup(page, "html.parser").select("table.matches tbody tr")
    row = next(row for row in cells if row.select_one(".pname").get_text() == of)
    lines = row.select("td:last-child > span:not(.num)")
    return [(line.get_text(), line.a["href"] if line.a else "") for line in lines]


def words(page: str, of: str = "Farida Łukasik") -> list[str]:
    return [text for text, _url in said(page, of)]


def names(page: str) -> list[str]:
    return [one.get_text() for one in BeautifulSoup(page, "html.parser").select(".matches .pname")]


def test_what_somebody_wrote_on_the_country_of_a_post_leads_to_a_list_of_it(farida, browse, own_dictionary):
    on("afg", "Salang Tunnel", farida)
    on("afg", "Helmand Water", farida)
    on("ken", "Mombasa Port", farida)
    ((text, url),) = said(browse("/people/?q=served+in+Kabul"))
    assert text == "Wrote 2 articles on Afghanistan"
    listed = browse(url)
    assert "Salang Tunnel" in listed
    assert "Helmand Water" in listed
    assert "Mombasa Port" not in listed
    assert "Mombasa Port" in browse("/people/farida/contributions/?region=nowhere")


def test_a_single_page_is_named_and_named_once(farida, kabul, browse):
    page = on("afg", "Salang Tunnel", farida)
    revise(page, "Text again.", author=farida.user)
    assert said(browse("/people/?served=kabul")) == [
        ("Wrote 2 revisions of Salang Tunnel", page.get_absolute_url())
    ]
    answers_for(page, farida)
    assert words(browse("/people/?served=kabul")) == ["Contact for Salang Tunnel"]


def test_pages_verified_and_answered_for_count(farida, browse):
    for title in ("Salang Tunnel", "Helmand Water", "Wakhan"):
        page = fresh(on("afg", title, None))
        verify(page, farida.user, page.latest_edit)
    assert words(browse("/people/?served=kabul")) == ["Verified 3 articles on Afghanistan"]
    for title in ("Bamiyan", "Herat"):
        answers_for(on("afg", title, None), farida)
    assert words(browse("/people/?served=kabul")) == [
        "Contact for 2 articles on Afghanistan",
        "Verified 3 articles on Afghanistan",
    ]


def test_a_region_is_all_that_lies_in_it(farida, browse):
    knows(farida, "afg")
    on("afg", "Salang Tunnel", farida)
    on("ind", "Delhi Metro", farida)
    on("fra", "Calais Port", farida)
    assert words(browse("/people/?region=asia")) == ["Wrote 2 articles on Asia"]


def test_a_topic_is_what_pages_are_tagged_with(farida, browse):
    skilled(farida, "water law")
    write("Rivers", author=farida.user, tags=frozenset({"Water law"}))
    write("Lakes", author=farida.user, tags=frozenset({"Water law"}))
    write("Roads", author=farida.user)
    ((text, url),) = said(browse("/people/?skill=water-law"))
    assert text == "Wrote 2 articles on water law"
    assert "Rivers" in browse(url)
    assert "Roads" not in browse(url)


def test_of_several_places_of_which_one_is_enough_all_count(farida, nairobi, browse):
    on("afg", "Salang Tunnel", farida)
    on("ken", "Mombasa Port", farida)
    assert words(browse("/people/?also=post:kabul,nairobi")) == ["Wrote 2 articles on Afghanistan or Kenya"]


def test_pages_kept_from_the_reader_leave_no_trace(farida, browse, member):
    """Not in the number, not by the title, and not from the moment on that a page is kept to some."""
    for address in ("/people/?served=kabul", "/people/farida/contributions/?region=afghanistan"):
        browse(address)
    without = neutral(browse("/people/?served=kabul"))
    page = on("afg", "Salang Tunnel", farida)
    farida.user.groups.set(member.groups.all())
    answers_for(page, farida)
    verify(fresh(page), farida.user, fresh(page).latest_edit)
    assert words(browse("/people/?served=kabul")) == ["Contact for Salang Tunnel"]
    restrict(fresh(page), member.groups.all(), [], Change(author=farida.user))
    assert neutral(browse("/people/?served=kabul")) == without
    assert words(browse("/people/?served=kabul", user=member)) == ["Contact for Salang Tunnel"]
    assert "Salang" not in browse("/people/farida/contributions/?region=afghanistan")


def test_minor_edits_and_deleted_pages_are_nothing_written(farida, browse):
    gone = on("afg", "Salang Tunnel", farida)
    delete(gone, Change(author=farida.user))
    touched = fresh(on("afg", "Helmand Water", None))
    version = replace(Version.of(touched), body="Text again.")
    save_edit(touched, version, Change(author=farida.user, minor=True), base=touched.latest_edit.number)
    assert words(browse("/people/?served=kabul")) == []


def test_it_is_a_reason_and_no_condition(farida, kabul, browse):
    writer = person("Wanda Writer")
    for title in ("Salang Tunnel", "Helmand Water"):
        on("afg", title, writer)
    also = person("Zeno Zimmer")
    served(also, kabul, 2022)
    on("afg", "Wakhan", also)
    assert names(browse("/people/?served=kabul")) == ["Farida Łukasik", "Zeno Zimmer"]


def test_what_was_written_under_an_account_that_went_into_another_counts(farida, administrator, browse):
    double = person("Farida Lukasik", "double")
    on("afg", "Salang Tunnel", farida)
    on("afg", "Helmand Water", double)
    merging.merge(farida, double, administrator)
    ((text, url),) = said(browse("/people/?served=kabul"))
    assert text == "Wrote 2 articles on Afghanistan"
    assert "Helmand Water" in browse(url)


def test_nothing_is_said_where_no_place_or_topic_is_asked_for(farida, browse):
    on("afg", "Salang Tunnel", farida)
    assert words(browse("/people/?name=Farida")) == []
    assert "Salang" not in browse("/people/")


def test_it_costs_one_query_however_many_they_are(farida, kabul, nairobi, reader, client_for):
    client = client_for(reader)

    def queries(address: str) -> int:
        """How many ask about the pages of people."""
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len([query for query in asked if "diplopedia_article_contacts" in query["sql"]])

    served(farida, nairobi, 2019, 2021)
    knows(farida, "ind")
    for number in range(4):
        profile = person(f"Extra Person{number}")
        served(profile, kabul, 2020)
        answers_for(on("afg", f"Page {number}", profile), farida)
        on("afg", f"Other page {number}", profile)
    assert queries("/people/?served=kabul") == 1
    assert queries("/people/?served=kabul&served=nairobi&region=asia") == 1
    assert queries("/people/?name=Farida") == 0
    assert queries("/people/?served=nairobi&name=Extra") == 0, "nobody is found"


def test_it_is_said_in_french(farida, reader, browse):
    on("afg", "Salang Tunnel", farida)
    on("afg", "Helmand Water", farida)
    reader.language = "fr"
    reader.save()
    assert words(browse("/people/?served=kabul")) == ["A écrit 2 articles (Afghanistan)"]


def test_the_search_says_it_too(farida, browse, index, own_dictionary):
    on("afg", "Salang Tunnel", farida)
    on("afg", "Helmand Water", farida)
    index()
    for query in ("served in Kabul", "Kabul", "post:kabul", "served in Afghanistan"):
        hit = BeautifulSoup(browse(f"/search/?q={query}"), "html.parser").select_one(".hit--who")
        assert [one.get_text() for one in hit.select(".why li")] == [
            "Kabul since 2022",
            "Wrote 2 articles on Afghanistan",
        ], query


def test_it_is_taken_along(farida, kabul, reader, client_for):
    served(person("Bo Lund"), kabul, 2020)
    page = on("afg", "Salang Tunnel", farida)
    on("afg", "Helmand Water", farida)
    answers_for(page, farida)
    client = client_for(reader)
    told = ["Contact for Salang Tunnel", "Wrote 2 articles on Afghanistan"]
    sent = client.post("/people/search/people.csv?served=kabul")
    rows = list(csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode().removeprefix("\ufeff"))))
    assert {row["Name"]: row["Pages"] for row in rows} == {"Farida Łukasik": "; ".join(told), "Bo Lund": ""}
    printed = unescape(client.post("/people/search/print/?served=kabul").content.decode())
    assert all(f"<div>{one}</div>" in printed for one in told)
    sent = client.post("/people/search/people.csv?name=Farida")
    assert "Pages" not in b"".join(sent.streaming_content).decode().splitlines()[0].split(",")
