"""The result page and the suggestions, through their addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from search import upkeep
from search.engines import Engine
from tests.search.samples import Notes, note

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User | None], Client]


@pytest.fixture
def site(empty_engine: Engine, notes: Notes, outsider: User, client_for: ClientFor) -> Client:
    """An outsider before a site with some notes."""
    for number in range(25):
        note(f"Visa note {number:02}")
    note("<b>Bold</b> title", body="A <script>alert(1)</script> text")
    note("Zorblax", "g:7")
    upkeep.rebuild()
    return client_for(outsider)


def page(client: Client, **params: Any) -> str:
    """The text of a result page."""
    response = client.get(reverse("search:search"), params)
    assert response.status_code == 200
    return response.content.decode()


def fragment(client: Client, **params: Any) -> str:
    """The results alone, as a script asks for them."""
    response = client.get(reverse("search:search"), params, headers={"HX-Request": "true"})
    return response.content.decode()


def test_hits_are_listed_marked_and_counted(site: Client) -> None:
    html = page(site, q="visa")
    assert "<mark>Visa</mark> note" in html
    assert html.count('class="hit"') == 20
    assert "of 25" in html
    assert "Zorblax" not in page(site, q="")


@pytest.mark.parametrize("number", ["abc", "2", "999", "-3", "9" * 50])
def test_any_page_number_shows_a_page(site: Client, number: str) -> None:
    assert 'class="hit"' in page(site, q="visa", page=number)


def test_text_is_never_markup(site: Client) -> None:
    html = page(site, q="bold script")
    assert "&lt;b&gt;" in html
    assert "<script>alert" not in html
    assert "<i>x</i>" not in page(site, q='<i>x</i>"><i>x</i>')


# New in every answer, and no secret of anybody's.
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="\w+">')


def test_a_secret_is_like_nonsense(site: Client) -> None:
    secret, nonsense = (TOKEN.sub("", fragment(site, q=word)) for word in ("zorblax", "xqzwvkj"))
    assert secret.replace("zorblax", "xqzwvkj") == nonsense
    assert "/wiki/new/?title=xqzwvkj" in nonsense


def test_a_scripted_page_gets_the_results_alone(site: Client) -> None:
    html = fragment(site, q="visa")
    assert "<html" not in html
    assert 'class="hit"' in html


def test_a_slip_is_answered_with_a_question(site: Client) -> None:
    html = page(site, q="vissa")
    assert "Did you mean" in html
    assert "?q=visa" in html


def test_chips_and_tabs_lead_on(site: Client) -> None:
    html = page(site, q="visa", kind="note")
    assert "Kind: Notes" in html
    assert 'aria-current="page"' in html


@pytest.mark.parametrize(
    ("text", "asks"), [("who speaks Zorblaxian 3/3?", True), ("who has a boat", True), ("visa note", False)]
)
def test_a_question_about_people_leads_to_the_directory_which_knows_who_nearly_fits(
    site: Client, text: str, asks: bool
) -> None:
    links = re.findall(r'href="(/people/\?q=[^"]*)"', page(site, q=text))
    assert {parse_qs(link.partition("?")[2])["q"][0] for link in links} == ({text} if asks else set())


def test_suggestions_as_data_and_as_a_list(site: Client) -> None:
    url = reverse("search:suggest")
    items = json.loads(site.get(url, {"q": "vis"}, headers={"Accept": "application/json"}).content)["items"]
    assert items[0].keys() == {"kind", "title", "url", "detail"}
    assert len(items) == 8
    assert 'role="option"' in site.get(url, {"q": "vis"}, headers={"Accept": "text/html"}).content.decode()
    assert (
        json.loads(site.get(url, {"q": "zor"}, headers={"Accept": "application/json"}).content)["items"] == []
    )
    none = site.get(url, {"q": "vis", "kind": "person"}, headers={"Accept": "application/json"})
    assert json.loads(none.content)["items"] == []


def test_without_an_engine_titles_are_still_found(site: Client, settings: Any, tmp_path: Any) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"
    html = page(site, q="visa note 07")
    assert "being repaired" in html
    assert "Visa note 07" in html
    assert "Zorblax" not in page(site, q="zorblax").replace("Results for zorblax", "").replace("zorblax", "")
    items = site.get(reverse("search:suggest"), {"q": "zor"}, headers={"Accept": "application/json"})
    assert json.loads(items.content)["items"] == []


def test_a_page_costs_few_queries_whatever_it_shows(site: Client, django_assert_max_num_queries: Any) -> None:
    page(site, q="visa")
    with django_assert_max_num_queries(8):
        page(site, q="visa")


def test_nobody_unknown_searches(client_for: ClientFor) -> None:
    for name in ("search:search", "search:suggest"):
        assert client_for(None).get(reverse(name), {"q": "visa"}).status_code in (302, 401, 403)
