"""Since I last read: noted seldom and by POST alone, shown to nobody else, forgotten in time."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diplopedia import readings
from diplopedia.models import Article, Reading
from tests.factories import MemberFactory, UserFactory, keep_to, revise, write
from tests.visitor import Visitor, links, soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(samuel) -> Article:
    page = write("Djibouti", "One.", author=samuel)
    revise(page, "Two.", author=samuel)
    return Article.objects.get(pk=page.pk)


def asks(visitor, page: Article) -> bool:
    """Whether the page asks for a note that it is read."""
    return soup(visitor.opens(page.get_absolute_url())).select_one("form[data-read]") is not None


def reads(visitor, page: Article):
    """Read the page as a browser with scripts does: it sends the form that it finds."""
    form = soup(visitor.opens(page.get_absolute_url())).select_one("form[data-read]")
    assert form is not None, "the page asks for no note"
    fields = {control["name"]: control["value"] for control in form.select("input[name=number]")}
    return visitor.sends(str(form["action"]), fields)


def test_what_changed_since_one_read_it(reader, page, samuel):
    assert "since you last read" not in reader.sees(page.get_absolute_url())
    assert reads(reader, page).status_code == 204
    assert "since you last read" not in reader.sees(page.get_absolute_url())
    for body in ("Three.", "Four.", "Five."):
        revise(page, body, author=samuel)
    response = reader.opens(page.get_absolute_url())
    assert "3 edits since you last read this page." in response.content.decode()
    assert links(response)["Show changes"] == f"{page.get_absolute_url()}compare/?from=2&to=5"
    assert "From revision 2 to 5" in reader.sees(f"{page.get_absolute_url()}compare/", **{"from": 2, "to": 5})
    history = reader.sees(f"{page.get_absolute_url()}history/")
    assert "You read revision 2 on" in history
    reads(reader, page)
    assert "since you last read" not in reader.sees(page.get_absolute_url())
    assert "You read revision 5 on" in reader.sees(f"{page.get_absolute_url()}history/")


def test_ones_own_edits_count_as_read(reader, page, rosa, samuel):
    reads(reader, page)
    revise(page, "Three.", author=samuel)
    revise(page, "Four.", author=rosa)
    assert "since you last read" not in reader.sees(page.get_absolute_url())
    revise(page, "Five.", author=samuel)
    response = reader.opens(page.get_absolute_url())
    assert "1 edit since you last read this page." in response.content.decode()
    assert links(response)["Show changes"].endswith("?from=4&to=5")


def test_who_edited_without_scripts_is_told_too(reader, page, rosa, samuel):
    revise(page, "Three.", author=rosa)
    assert "since you last read" not in reader.sees(page.get_absolute_url())
    revise(page, "Four.", author=samuel)
    assert "1 edit since you last read this page." in reader.sees(page.get_absolute_url())


def test_reading_alone_writes_nothing(reader, page):
    for _ in range(2):
        reader.opens(page.get_absolute_url())
    assert reader.opens(f"{page.get_absolute_url()}read/").status_code == 405
    assert Reading.objects.count() == 0


def test_a_note_is_asked_for_only_where_there_is_something_to_note(reader, page):
    assert asks(reader, page)
    reads(reader, page)
    assert not asks(reader, page)
    Reading.objects.update(read_at=timezone.now() - datetime.timedelta(days=31))
    assert asks(reader, page)
    reads(reader, page)
    revise(page, "Three.")
    assert asks(reader, page)


def test_an_older_tab_does_not_take_back_what_was_read(reader, page):
    reads(reader, page)
    reader.sends(f"{page.get_absolute_url()}read/", {"number": "1"})
    assert Reading.objects.get().number == 2


@pytest.mark.parametrize("number", ["", "0", "-1", "3", "99999999999999999999", "²", "one"])
def test_what_was_not_there_to_read_is_not_noted(reader, page, number):
    assert reader.sends(f"{page.get_absolute_url()}read/", {"number": number}).status_code == 204
    assert Reading.objects.count() == 0


def test_what_one_reads_is_nobody_elses(reader, page, samuel, administrator):
    reads(reader, page)
    revise(page, "Three.", author=samuel)
    assert "since you last read" in reader.sees(page.get_absolute_url())
    for visitor in (Visitor(UserFactory()), Visitor(administrator)):
        assert "since you last read" not in visitor.sees(page.get_absolute_url())
        assert "You read revision" not in visitor.sees(f"{page.get_absolute_url()}history/")


def test_a_restricted_page_is_neither_noted_nor_told(reader):
    member = MemberFactory()
    page = keep_to(write("Kept", "Text.", author=member), member.groups.get(), by=member)
    assert reader.sends(f"{page.get_absolute_url()}read/", {"number": "1"}).status_code == 404
    assert Reading.objects.count() == 0


def test_it_costs_an_article_one_query_more(reader, page):
    with CaptureQueriesContext(connection) as captured:
        readings.around(page.pk, 2, reader.user)
    assert len(captured) == 1


# -- many at once -------------------------------------------------------------------------------------------------


def test_notes_are_written_together(page, samuel):
    others = [write(f"Page {n}") for n in range(5)]
    notes = readings.Notes()
    notes.waiting = {(samuel.pk, one.pk): 1 for one in others} | {(UserFactory().pk, page.pk): 2}
    with CaptureQueriesContext(connection) as captured:
        notes.write()
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 2
    assert Reading.objects.count() == 6
    assert notes.waiting == {}


def a_moment_later(notes: readings.Notes) -> None:
    """Do now, in a thread as it would, what the notes' timer is going to do."""
    timer = notes.timer
    timer.cancel()
    thread = threading.Thread(target=timer.function)
    thread.start()
    thread.join()


def test_notes_wait_a_moment_and_the_newest_of_each_counts(page, samuel, settings, monkeypatch):
    settings.READINGS_WAIT = 600
    written: list[dict[tuple[int, int], int]] = []
    monkeypatch.setattr(readings, "write", written.append)
    notes = readings.Notes()
    for number in (1, 2, 1):
        notes.add(samuel.pk, page.pk, number)
    assert written == []
    a_moment_later(notes)
    assert written == [{(samuel.pk, page.pk): 2}]
    notes.add(samuel.pk, page.pk, 2)
    a_moment_later(notes)
    assert len(written) == 2


def test_no_more_than_so_many_wait(settings, monkeypatch):
    settings.READINGS_WAIT = 60
    monkeypatch.setattr(readings, "MOST_WAITING", 3)
    notes = readings.Notes()
    for article in range(5):
        notes.add(1, article, 1)
    notes.timer.cancel()
    assert len(notes.waiting) == 3


def test_a_database_that_does_not_answer_disturbs_no_reader(page, samuel, monkeypatch, caplog):
    def fails(notes):
        raise DatabaseError("away")

    monkeypatch.setattr(readings, "write", fails)
    readings.Notes().add(samuel.pk, page.pk, 1)
    assert "1 notes of what was read are lost: away" in caplog.text


# -- forgetting ---------------------------------------------------------------------------------------------------


def test_old_notes_are_forgotten(reader, page, capsys, settings):
    reads(reader, page)
    call_command("forget_readings")
    assert Reading.objects.count() == 1
    Reading.objects.update(
        read_at=timezone.now() - datetime.timedelta(days=settings.READINGS_KEPT_DAYS, hours=1)
    )
    call_command("forget_readings")
    assert Reading.objects.count() == 0
    assert "Forgot 1 notes" in capsys.readouterr().out
    with pytest.raises(CommandError, match="from 0 on"):
        call_command("forget_readings", days=-1)
