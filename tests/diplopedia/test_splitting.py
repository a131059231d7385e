"""A section becomes a page of its own: for the same readers, with its notes, and with the names of its authors."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from diplopedia.composing import parted
from diplopedia.models import Article, Edit
from tests.factories import OfficeFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of, words

pytestmark = pytest.mark.django_db

BODY = """A country.[^1]

## History

Long ago.[^1]

### The port

Since 1888.[^2]

## Economy

Trade.

[^1]: Gazette.
[^2]: Annals.
"""
URL = "/wiki/djibouti/split/"


@pytest.fixture
def page(rosa):
    return write("Djibouti", BODY, author=rosa, tags=frozenset({"africa"}))


def made() -> Article:
    """Return the newest page."""
    return Article.objects.latest("pk")


def test_a_section_becomes_a_page_and_leaves_its_heading_with_a_link(page, other):
    form = other.form(URL, section="1")
    assert form["title"] == "History"
    answer = other.sends(URL, form, title="History of Djibouti", instead="It began with the port.")
    assert answer.url == "/wiki/history-of-djibouti/"
    assert made().body == "Long ago.[^1]\n\n## The port\n\nSince 1888.[^2]\n\n[^1]: Gazette.\n[^2]: Annals.\n"
    left = Article.objects.get(pk=page.pk).body
    assert "## History\n\nIt began with the port.\n\nSee [[History of Djibouti]].\n\n## Economy" in left
    assert "Long ago" not in left
    assert "A country.[^1]" in left


def test_its_history_names_the_page_and_those_who_wrote_it(page, samuel, other):
    revise(page, f"{BODY}\nMore.", author=samuel)
    other.sends(URL, other.form(URL, section="1"))
    first = made().latest_edit
    assert (first.kind, first.number) == ("split", 1)
    for told in ("History", "Djibouti", "revision 2", "Samuel Okafor", "Rosa Çelik"):
        assert told in first.summary
    last = Article.objects.get(pk=page.pk).latest_edit
    assert (last.kind, last.number) == ("split", 3)
    assert "History" in last.summary


def test_it_has_the_readers_topics_owner_and_protection_of_the_page(page, member, reader):
    office = OfficeFactory()
    Article.objects.filter(pk=page.pk).update(office=office)
    keep_to(Article.objects.get(pk=page.pk), Group.objects.get(name="Negotiators"), by=member)
    visitor = Visitor(member)
    assert visitor.sends(URL, visitor.form(URL, section="1")).status_code == 302
    new = made()
    assert {tag.name for tag in new.tags.all()} == {"africa"}
    assert new.office == office
    assert new.principals() == Article.objects.get(pk=page.pk).principals()
    assert reader.opens(new.get_absolute_url()).status_code == 404
    assert new.get_absolute_url() not in reader.opens("/search/", q="Long ago").content.decode()


def test_a_link_of_ones_own_words_is_not_doubled(page, other):
    other.sends(URL, other.form(URL, section="1"), title="Past", instead="All about it: [[Past|the past]].")
    assert "See [[Past]]" not in Article.objects.get(pk=page.pk).body


def test_a_title_that_is_taken_is_refused_and_nothing_is_changed(page, other):
    write("History", "Mine.")
    answer = other.sends(URL, other.form(URL, section="1"), instead="Kept words.")
    assert "not available" in words(answer)
    assert fields_of(answer)["instead"] == "Kept words."
    assert Article.objects.get(pk=page.pk).body == BODY


def test_a_section_is_not_cut_out_of_a_text_nobody_looked_at(page, other, samuel):
    form = other.form(URL, section="1")
    revise(page, f"Before.\n\n## New\n\nOne.\n\n{BODY}", author=samuel)
    assert "meanwhile" in words(other.sends(URL, form))
    assert Edit.objects.filter(kind="split").count() == 0


def test_splitting_twice_is_once(page, other):
    form = other.form(URL, section="1")
    assert [other.sends(URL, form).url for _ in range(2)] == ["/wiki/history/"] * 2
    assert Edit.objects.filter(kind="split").count() == 2


def test_a_page_without_sections_says_what_to_do(other):
    write("Djibouti", "One paragraph.")
    assert "This page has no sections" in other.sees(URL)


def test_an_empty_section_and_one_that_is_not_there_are_refused(page, other):
    revise(page, "## Empty\n\n## Full\n\nText.")
    form = other.form(URL, section="1")
    assert "nothing in this section" in words(other.sends(URL, form))
    assert "errorlist" in other.sends(URL, form, section="7").content.decode()
    assert Edit.objects.filter(kind="split").count() == 0


@pytest.mark.parametrize(
    ("text", "stays", "goes"),
    [
        ("## A\n\nx\n\n#### B\n\ny", "## A\n\nSee.\n\n", "x\n\n### B\n\ny\n"),
        ("# A\nx\n# C\n", "# A\n\nSee.\n\n# C\n", "x\n"),
        ("A\n---\n\nx\n", "A\n---\n\nSee.\n\n", "x\n"),
        ("## A\n\n```\n## no heading\n```\n", "## A\n\nSee.\n\n", "```\n## no heading\n```\n"),
    ],
)
def test_headings_move_up_and_code_stays_code(text, stays, goes):
    found = parted(text, 1, "See.")
    assert (found.stays, found.goes) == (stays, goes)
