"""The page as it stood on a day, and a long history narrowed to what one looks for."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diplopedia.actions import Change, delete, save_edit
from diplopedia.models import Article
from diplopedia.versions import Version
from tests.factories import MemberFactory, OfficeFactory, UserFactory, keep_to, revise, write
from tests.visitor import links, soup

pytestmark = pytest.mark.django_db


def noon(day: int) -> datetime.datetime:
    return datetime.datetime(2026, 8, day, 12, tzinfo=timezone.get_current_timezone())


def saved(page: Article, body: str, author, when: datetime.datetime, **change) -> None:
    fresh = Article.objects.get(pk=page.pk)
    save_edit(
        fresh, Version(body=body), Change(author, created=when, **change), base=fresh.latest_edit.number
    )


@pytest.fixture
def page(rosa, samuel) -> Article:
    """A page whose edits 2 to 4 were made on 3, 10 and 20 August 2026; the first is of today."""
    page = write("Djibouti", "One.", author=rosa)
    saved(page, "Two.", rosa, noon(3), summary="Second")
    saved(page, "Three.", samuel, noon(10), summary="Third", minor=True)
    saved(page, "Four.", samuel, noon(20), summary="Fourth", kind="revert")
    return Article.objects.get(pk=page.pk)


def address(page: Article) -> str:
    return f"{page.get_absolute_url()}at/"


# -- as of a day --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "number", "body"),
    [
        ("2026-08-03", 2, "Two."),
        ("2026-08-09", 2, "Two."),
        ("2026-08-10", 3, "Three."),
        ("2026-08-31", 4, "Four."),
    ],
)
def test_a_day_shows_the_text_of_its_end_and_its_lasting_link(reader, page, day, number, body):
    response = reader.opens(address(page), date=day)
    assert soup(response).select_one(".prose").get_text().strip() == body
    assert "The page as it stood at the end of" in response.content.decode()
    assert (
        links(response)[f"Lasting link to revision {number}"] == f"{page.get_absolute_url()}history/{number}/"
    )


def test_a_day_to_come_is_today(reader, page):
    text = reader.sees(address(page), date="9999-12-31")
    assert f"at the end of {timezone.localdate():%-d %B %Y}" in text


def test_before_the_first_edit_it_is_said_who_began_the_page(reader, page):
    text = reader.sees(address(page), date="2026-08-01")
    assert "On that day this page was not there yet. Rosa Çelik began it on" in text


@pytest.mark.parametrize("day", ["", "2026-02-31", "yesterday", "0000-00-00", "2026-08-03'--"])
def test_what_is_no_day_is_asked_again(reader, page, day):
    response = reader.opens(address(page), date=day)
    assert response.status_code == 400
    assert "Give a day that the calendar has" in response.content.decode()
    assert soup(response).select_one("input[type=date]")


def test_a_page_that_was_deleted_then_says_so(reader, page, rosa):
    delete(page, Change(rosa, created=noon(25)))
    Article.objects.filter(pk=page.pk).update(deleted_at=None)
    assert "It had been deleted by then" in reader.sees(address(page), date="2026-08-26")


def test_the_history_asks_for_a_day(reader, page):
    form = soup(reader.opens(f"{page.get_absolute_url()}history/")).select_one(
        f"form[action='{address(page)}']"
    )
    assert form.select_one("input[type=date][name=date]")


# -- a history narrowed -------------------------------------------------------------------------------------------


def rows(visitor, page: Article, **asked: str) -> list[int]:
    found = soup(visitor.opens(f"{page.get_absolute_url()}history/", **asked))
    return [int(row.get_text()) for row in found.select("table.hist td.num[data-l=Revision] a")]


def test_the_history_is_narrowed_by_author_kind_days_and_size(reader, page):
    assert rows(reader, page, author="samuel.okafor") == [4, 3]
    assert rows(reader, page, kind="revert") == [4]
    assert rows(reader, page, since="2026-08-03", until="2026-08-10") == [3, 2]
    assert rows(reader, page, until="2026-08-09") == [2]
    assert rows(reader, page, author="samuel.okafor", hide_minor="1") == [4]
    assert rows(reader, page, kind="nonsense", since="never", until="2026-02-31") == [4, 3, 2, 1]


def test_what_was_asked_for_stays_in_the_form(reader, page):
    found = soup(reader.opens(f"{page.get_absolute_url()}history/", kind="revert", since="2026-08-03"))
    assert found.select_one("select[name=kind] option[selected]")["value"] == "revert"
    assert found.select_one("input[name=since]")["value"] == "2026-08-03"


@pytest.mark.slow
def test_a_long_history_takes_as_many_queries_as_a_short_one(reader, samuel):
    page = write("Long", "Nothing.")
    counts = []
    for number in (3, 60):
        for n in range(number):
            revise(page, f"Text {number} {n}.", author=samuel)
        reader.opens(f"{page.get_absolute_url()}history/")
        with CaptureQueriesContext(connection) as captured:
            reader.opens(f"{page.get_absolute_url()}history/", kind="edit", since="2020-01-01")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14


# -- contributions ------------------------------------------------------------------------------------------------


def test_contributions_are_all_that_one_may_see(reader, page, samuel):
    text = reader.sees("/people/samuel.okafor/contributions/")
    assert "Contributions of Samuel Okafor" in text
    assert "Fourth" in text
    assert "Third" in text
    assert "Second" not in text
    assert "Third" not in reader.sees("/people/samuel.okafor/contributions/", hide_minor="1")
    assert "Fourth" not in reader.sees("/people/samuel.okafor/contributions/", begun="1")
    assert "Djibouti" in reader.sees("/people/rosa.celik/contributions/", begun="1")
    assert reader.opens("/people/nobody/contributions/").status_code == 404
    profile = links(reader.opens("/people/samuel.okafor/"))
    assert profile["All contributions"] == "/people/samuel.okafor/contributions/"


def test_contributions_to_a_restricted_page_are_its_readers_alone(reader):
    member = MemberFactory()
    page = write("Secret talks", "Text.", author=member)
    revise(page, "More.", author=member, summary="Hidden summary")
    keep_to(page, member.groups.get(), by=member)
    text = reader.sees(f"/people/{member.username}/contributions/")
    assert "Secret talks" not in text
    assert "Hidden summary" not in text
    assert "Nothing here" in text


# -- recent changes -----------------------------------------------------------------------------------------------


def test_recent_changes_are_narrowed_by_tag_and_office(reader):
    bureau = OfficeFactory(name="Bureau of Ports", slug="ports-bureau")
    desk = OfficeFactory(name="Djibouti Desk", slug="djibouti-desk", parent=bureau)
    clerk = UserFactory()
    clerk.profile.office = desk
    clerk.profile.save()
    write("Filed", "Text.", author=clerk, tags=frozenset({"Free ports"}))
    write("Other", "Text.")
    for asked in (
        {"tag": "free-ports"},
        {"tag": "Free ports"},
        {"office": "ports-bureau"},
        {"office": "djibouti-desk"},
    ):
        text = reader.sees("/changes/", **asked)
        assert "Filed" in text, asked
        assert "Other" not in text, asked
    assert "Other" in reader.sees("/changes/", office="nonsense")
    chosen = soup(reader.opens("/changes/", office="ports-bureau", tag="Free ports"))
    assert chosen.select_one("select[name=office] option[selected]")["value"] == "ports-bureau"
    assert chosen.select_one("input[name=tag]")["value"] == "Free ports"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_no_days_anywhere(reader, page, settings, zone, day):
    settings.TIME_ZONE = zone
    url = page.get_absolute_url()
    with timezone.override(zone):
        for asked in (f"{url}history/?since={day}", f"{url}history/?until={day}"):
            assert reader.opens(asked).status_code == 200
