"""Historical people in the directory: what is asked of them, and what is said of jobs whose end nobody recorded."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.factories import write
from tests.people.conftest import person, served
from tests.people.test_directory import heading, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_dictionary")]


@pytest.fixture
def rudolf(kabul):
    rudolf = person("Rudolf Recorded", historical=True, born=1895, died=1981)
    served(rudolf, kabul, 1940, title="Chargé d’Affaires ad interim")
    return rudolf


@pytest.fixture
def bay(kabul):
    bay = person("Bay Recorded", historical=True, born=1888, died=1955)
    served(bay, kabul, 1946, 1953, title="Ambassador")
    return bay


def test_a_job_without_an_end_is_not_held_for_ever(browse, rudolf, bay):
    """Somebody whose leaving nobody wrote down in 1940 was not there in 1950, and is not there now."""
    assert listed(browse("/people/?who=records&served=Kabul+1950")) == ["Bay Recorded"]
    assert listed(browse("/people/?who=records&served=Kabul+1940")) == ["Rudolf Recorded"]
    assert listed(browse("/people/?who=records&served=Kabul+1930-1945")) == ["Rudolf Recorded"]
    assert heading(browse("/people/?who=records&now=Kabul")) == "No historical record is in Kabul now"


def test_who_was_there_without_an_end_does_not_come_first(browse, rudolf, bay):
    assert listed(browse("/people/?who=records&served=Kabul")) == ["Bay Recorded", "Rudolf Recorded"]


def test_who_declined_is_said_to_have_and_follows_nobody(browse, rudolf, bay, kabul):
    declined = person("Dora Declined", historical=True)
    served(declined, kabul, 1953, title="Ambassador", note="Declined appointment.")
    next_one = person("Nora Next", historical=True)
    served(next_one, kabul, 1953, 1956, title="Ambassador")
    page = browse(f"/people/{declined.user.username}/")
    assert "Declined appointment." in page
    answer = BeautifulSoup(browse("/people/?who=records&served=Kabul+1953"), "html.parser").text
    assert "Ambassador. Declined appointment." in answer
    posts = BeautifulSoup(browse(f"/people/{bay.user.username}/"), "html.parser").select_one("#posts").text
    assert "Followed by Nora Next" in posts
    assert "Dora" not in posts


def links(page: str) -> dict[str, str]:
    """The buttons beside the answer, by their words."""
    head = BeautifulSoup(page, "html.parser").find("h1").parent
    return {link.get_text(strip=True): link["href"] for link in head.find_all("a")}


@pytest.mark.parametrize("asked", ["q=Recorded", "name=Recorded", "served=Kabul", "q=Recorded+in+Kabul"])
def test_a_question_that_records_answer_leads_to_them(browse, rudolf, bay, index, asked):
    index()
    button = links(browse(f"/people/?{asked}"))["2 historical records"]
    page = browse(f"/people/{button}")
    assert sorted(listed(page)) == ["Bay Recorded", "Rudolf Recorded"]
    back = links(page)["Colleagues of today"]
    assert heading(browse(f"/people/{back}")).startswith("Nobody ")  # the question is kept


@pytest.mark.parametrize("asked", ["", "lang=pus", "letter=b", "q=Recorded&lang=pus", "q=Nobodywhatever"])
def test_nothing_is_said_of_records_where_none_can_answer(browse, rudolf, bay, asked):
    assert not [words for words in links(browse(f"/people/?{asked}")) if "record" in words.lower()]


def test_records_are_not_counted_beside_pages_of_colleagues(browse, rudolf, kabul):
    """Of a question that many answer the records are not what was looked for."""
    for number in range(26):
        served(person(f"Colleague {number}"), kabul, 2020)
    assert links(browse("/people/?served=Kabul")) == {}


def test_the_search_offers_nobody_to_ask_who_is_a_record(browse, bay, rudolf, index, reader):
    """Nor does it tell of other names in which nothing is asked for that the name itself does not show."""
    write("Recorded history of the Bay", author=reader)
    bay.other_names = ["B. Recorded", "Bay O. Recorded", "Charles Recorded"]
    bay.save()
    index()
    page = BeautifulSoup(browse("/search/?q=Bay+Recorded"), "html.parser")
    assert page.find(id="hp").contents[0].strip() == "People"
    assert "also called" not in page.get_text()
    named = BeautifulSoup(browse("/search/?q=Charles"), "html.parser")
    assert "also called Charles Recorded" in named.get_text()
    person("Clara Recorded")
    index()
    assert "Colleagues to ask" in browse("/search/?q=Recorded")
