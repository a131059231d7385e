"""Who wrote each paragraph: across moves, rewordings and restored texts, and never slower for a longer history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from diplopedia import blame as blaming
from diplopedia.actions import Change, restore, restrict
from diplopedia.blame import Origin, Origins, blame
from diplopedia.models import Article, Edit
from tests.factories import revise, write
from tests.visitor import links, soup

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
PORT, TRAIN, SUMMER = "The port is busy with ships.", "The train is slow and old.", "The summer is hot."


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def origins(*texts: str) -> list[Origin]:
    """Return where the paragraphs of the last of these texts come from; they are edits 1, 2 and so on."""
    found = Origins.of(texts[0], 1)
    for number, text in enumerate(texts[1:], start=2):
        found = found.then(text, number)
    return found.origins


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def of(*numbers: int) -> list[Origin]:
    return [Origin(number, number) for number in numbers]


# -- what is whose ------------------------------------------------------------------------------------------------


def test_a_paragraph_is_of_the_edit_that_brought_it():
    assert origins(text(PORT), text(PORT, TRAIN), text(SUMMER, PORT, TRAIN)) == of(3, 1, 2)


def test_a_moved_paragraph_stays_its_authors():
    assert origins(text(PORT, TRAIN), text(PORT, TRAIN, SUMMER), text(SUMMER, TRAIN, PORT)) == of(2, 1, 1)


def test_a_reworded_paragraph_is_its_changers_and_knows_where_it_began():
    assert origins(text(PORT, TRAIN), text(PORT.replace("busy", "full"), TRAIN)) == [
        Origin(1, 2),
        Origin(1, 1),
    ]
    again = text(PORT.replace("busy", "full").replace("ships", "boats"), TRAIN)
    assert origins(text(PORT, TRAIN), text(PORT.replace("busy", "full"), TRAIN), again) == [
        Origin(1, 3),
        Origin(1, 1),
    ]


def test_what_comes_back_is_its_authors_again():
    assert origins(text(PORT, TRAIN), text("Vandalised."), text(PORT, TRAIN)) == of(1, 1)


def test_white_space_makes_nobody_an_author():
    assert origins(text(PORT, TRAIN), f"{PORT}\n\n\n\n{TRAIN}   \n\n") == of(1, 1)


def test_of_two_equal_paragraphs_the_added_one_is_new():
    assert origins(text("- yes", PORT), text("- yes", PORT, "- yes")) == of(1, 1, 2)


PARAGRAPHS = st.lists(
    st.sampled_from([PORT, TRAIN, SUMMER, "- yes", "- no", "## Head", "Other words."]), max_size=8
)


@given(st.lists(PARAGRAPHS, min_size=1, max_size=6))
def test_every_paragraph_has_an_origin_that_has_it(texts):
    found = origins(*(text(*paragraphs) for paragraphs in texts))
    assert len(found) == len(blaming.words(text(*texts[-1])))
    for block, origin in zip(blaming.words(text(*texts[-1])), found, strict=True):
        assert 1 <= origin.began <= origin.worded <= len(texts)
        assert block in blaming.words(text(*texts[origin.worded - 1]))


# -- the page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(rosa, samuel) -> Article:
    page = write("Djibouti", f"## Transport\n\n{PORT}\n\n{TRAIN}", author=rosa)
    revise(page, f"## Transport\n\n{PORT}\n\n{TRAIN}\n\n{SUMMER}", author=samuel, summary="Heat")
    revise(
        page,
        f"## Transport\n\n{PORT}\n\n{TRAIN.replace('old', 'new')}\n\n{SUMMER}",
        author=samuel,
        summary="New",
    )
    return Article.objects.get(pk=page.pk)


def passages(response) -> list[tuple[str, str]]:
    """Return who and what of each passage."""
    rows = soup(response).select("ol.blame > li")
    return [
        (
            " ".join(row.select_one(".blame__who").get_text(" ").split()),
            row.select_one(".blame__text").get_text(" "),
        )
        for row in rows
    ]


def test_the_page_says_who_wrote_what_when_and_why(reader, page):
    first, second, third = passages(reader.opens(f"{page.get_absolute_url()}blame/"))
    assert first[0].startswith("Rosa Çelik")
    assert "Transport" in first[1]
    assert PORT in first[1]
    assert second[0].startswith("Samuel Okafor")
    assert "revision 3 : New" in second[0]
    assert "Begun by Rosa Çelik , revision 1" in second[0]
    assert "new" in second[1]
    assert "revision 2 : Heat" in third[0]
    assert "Begun by" not in third[0]
    assert links(reader.opens(f"{page.get_absolute_url()}history/"))["Who wrote what"].endswith(
        "/djibouti/blame/"
    )


def test_a_restored_text_is_its_authors(reader, page, samuel):
    revise(page, "All else.", author=samuel)
    fresh = Article.objects.get(pk=page.pk)
    restore(fresh, page.edits.get(number=1), Change(samuel), base=4)
    ((who, _text),) = passages(reader.opens(f"{page.get_absolute_url()}blame/"))
    assert who.startswith("Rosa Çelik")


def test_markup_is_shown_as_text(reader, page):
    revise(page, "<script>alert(1)</script>")
    assert "<script>alert" not in reader.opens(f"{page.get_absolute_url()}blame/").content.decode()


# -- a long history -----------------------------------------------------------------------------------------------


def latest(page: Article) -> Edit:
    return page.edits.select_related("revision").first()


def numbers(page: Article) -> list[Origin]:
    return [run.origin for run in blame(page, latest(page)).runs]


def test_an_edit_that_changed_no_text_is_nobodys_words(page, rosa):
    expected = numbers(page)
    restrict(page, [], [], Change(rosa))
    assert numbers(page) == expected


def test_it_goes_on_from_what_is_kept(page):
    expected = numbers(page)
    with CaptureQueriesContext(connection) as captured:
        assert numbers(page) == expected
    assert len(captured) == 1  # the latest edit
    revise(page, f"{latest(page).body}\n\nThe wind blows from the sea.")
    read: list[int] = []
    then = Origins.then

    def counted(self, text, number):
        read.append(number)
        return then(self, text, number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Origins, "then", counted)
        going_on = numbers(page)
    assert read == [4]
    cache.clear()
    assert going_on == numbers(page) == [*expected, Origin(4, 4)]


@pytest.mark.parametrize("other", [{"edit": 10**9, "number": 1}, {"created": LONG_AGO}])
def test_what_was_kept_of_another_history_is_not_used(page, other):
    """As after a back-up was restored: what is written next may have the keys of what was lost."""
    numbers(page)
    key = f"blame:2:{page.pk}"
    cache.set(key, cache.get(key)._replace(origins=of(77, 77), **other))
    assert numbers(page) == [Origin(1, 1), Origin(1, 3), Origin(2, 2)]


def test_only_the_last_of_very_many_edits_are_read_and_that_is_said(reader, page, monkeypatch):
    monkeypatch.setattr(blaming, "MOST_EDITS", 2)
    assert numbers(page) == [Origin(2, 2), Origin(2, 3), Origin(2, 2)]
    text = reader.sees(f"{page.get_absolute_url()}blame/")
    assert "what is said to be of revision 2 may be older" in text


# -- a reading that takes long ------------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(blaming, "SECONDS", 0)


def reading(page: Article) -> tuple[int, list[Origin]]:
    """Return up to which edit one reading came, and what it said."""
    found = blame(page, latest(page))
    return found.until, [run.origin for run in found.runs]


def test_readings_that_end_early_find_together_what_one_finds(page, samuel, monkeypatch):
    revise(page, f"{SUMMER}\n\n{PORT}", author=samuel)
    revise(page, f"{SUMMER}\n\n{TRAIN}\n\n{PORT.replace('busy', 'full')}", author=samuel)
    whole = reading(page)
    assert whole[0] == 5
    cache.clear()
    monkeypatch.setattr(blaming, "SECONDS", 0)
    monkeypatch.setattr(blaming, "AT_ONCE", 2)
    hasty = [reading(page) for _time in range(5)]
    assert [until for until, _origins in hasty] == [2, 3, 4, 5, 5]
    assert hasty[-1] == hasty[-2] == whole


def test_texts_are_taken_a_few_at_once(page, monkeypatch):
    expected = numbers(page)
    for few in (1, 2, 3):
        cache.clear()
        monkeypatch.setattr(blaming, "AT_ONCE", few)
        assert numbers(page) == expected


def test_what_is_known_is_said_and_what_is_not_yet_is_said_to_be_unknown(reader, page, hasty):
    address = f"{page.get_absolute_url()}blame/"
    first = reader.opens(address)
    assert "compared up to revision 2 of 3" in " ".join(soup(first).get_text(" ").split())
    port, train, summer = passages(first)
    assert port[0].startswith("Rosa Çelik")
    assert train[0] == "After revision 2: not known yet Begun by Rosa Çelik , revision 1"
    assert summer[0].startswith("Samuel Okafor")
    assert links(first)["Go on comparing"] == address
    then = reader.opens(address)
    assert "Go on comparing" not in links(then)
    assert "revision 3 : New" in passages(then)[1][0]
