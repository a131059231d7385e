"""Saved searches: what they find anew is told, as far as their owner may know it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from discussion.actions import open_thread
from notices import actions, looking, mailing
from notices.models import MOST_TRIES, Notice, Preference, Watch
from notices.showing import grouped
from search.engines import SearchUnavailable
from tests.factories import keep_to, revise, write
from tests.notices.hours import look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]


def told(user: Any) -> list[str]:
    return [str(notice.event.words["query"]) for notice in Notice.objects.readable_by(user)]


def test_what_was_there_is_not_new_and_what_comes_is_told_once(rosa, samuel):
    write("Zebra crossing", author=rosa)
    actions.watch(samuel, "search", "zebra")
    assert look() == 0
    page = write("Zebra herd", author=rosa)
    write("Lions", author=rosa)
    assert look() == 1
    assert Notice.objects.get(user=samuel).event.subject_pk == page.pk
    revise(page, "Zebras again.", author=rosa)
    assert look() == 0
    assert told(samuel) == ["zebra"]


def test_what_comes_right_after_a_search_was_watched_is_told(rosa, reader, samuel):
    write("Zebra crossing", author=rosa)
    reader.sends("/notices/watch/", kind="search", key="zebra", on="1")
    write("Zebra herd", author=rosa)
    assert look() == 1
    assert told(samuel) == ["zebra"]


def test_who_watches_the_page_is_not_told_of_anothers_search(rosa, samuel):
    actions.watch(samuel, "search", "zebra")
    look()
    write("Zebra herd", author=rosa)
    look()
    assert not Notice.objects.filter(user=rosa).exists()


def test_what_only_others_may_read_is_not_found(member, samuel):
    actions.watch(samuel, "search", "zebra")
    look()
    page = write("Zebra herd", author=member)
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    assert look() == 0
    assert told(samuel) == []


def test_a_search_that_is_down_waits(rosa, samuel, monkeypatch):
    def down(*_args: Any, **_known: Any) -> None:
        raise SearchUnavailable("away")

    actions.watch(samuel, "search", "zebra")
    monkeypatch.setattr(looking, "keys", down)
    assert looking.look() == 0
    assert Watch.objects.get().looked_at is None


def test_a_search_that_always_fails_is_tried_later_and_later_and_set_aside_in_the_end(samuel, monkeypatch):
    tries: list[str] = []

    def odd(query: Any, *_args: Any, **_known: Any) -> Any:
        tries.append(str(query))
        raise ValueError("odd")

    watch = actions.watch(samuel, "search", "zebra")
    monkeypatch.setattr(looking, "keys", odd)
    looking.look()
    looking.look()
    watch.refresh_from_db()
    assert (len(tries), watch.tries, watch.error) == (1, 1, "ValueError: odd")
    for _ in range(20):
        Watch.objects.update(not_before=timezone.now())
        looking.look()
    assert len(tries) == MOST_TRIES
    assert Watch.objects.set_aside().get() == watch
    monkeypatch.setattr(looking, "keys", lambda *_args, **_known: [])
    Watch.objects.retry()
    looking.look()
    assert not Watch.objects.troubled().exists()


def test_a_search_that_is_watched_again_tells_nothing_of_the_time_between(rosa, reader, samuel):
    fields = {"kind": "search", "key": "zebra"}
    reader.sends("/notices/watch/", fields, on="1")
    look()
    reader.sends("/notices/watch/", fields)
    write("Zebra crossing", author=rosa)
    reader.sends("/notices/watch/", fields, on="1")
    assert look() == 0
    write("Zebra herd", author=rosa)
    reader.sends("/notices/watch/", fields, on="1")
    assert look() == 1
    assert told(samuel) == ["zebra"]


def test_a_search_that_was_set_aside_is_asked_again_where_it_is_watched_again(rosa, reader, samuel):
    fields = {"kind": "search", "key": "zebra"}
    watch = actions.watch(samuel, "search", "zebra")
    watch.tries = MOST_TRIES
    watch.failed(ValueError("odd"))
    reader.sends("/notices/watch/", fields)
    reader.sends("/notices/watch/", fields, on="1")
    watch.refresh_from_db()
    assert (watch.tries, watch.error, watch.set_aside_at) == (0, "", None)
    look()
    watch.refresh_from_db()
    assert watch.looked_at


@pytest.mark.parametrize("error", [ValueError("odd"), SearchUnavailable("odd")])
def test_one_search_that_cannot_be_asked_does_not_hold_up_the_others(samuel, monkeypatch, caplog, error):
    for words in ("zebra", "lion"):
        actions.watch(samuel, "search", words)
    usual = looking.keys

    def odd(query: Any, *args: Any, **known: Any) -> Any:
        if "zebra" in str(query):
            raise error
        return usual(query, *args, **known)

    monkeypatch.setattr(looking, "keys", odd)
    looking.look()
    assert list(Watch.objects.exclude(looked_at=None).values_list("key", flat=True)) == ["lion"]
    assert "odd" in caplog.text


def test_the_engine_is_asked_outside_a_transaction(samuel, monkeypatch):
    actions.watch(samuel, "search", "zebra")
    usual, depth = looking.keys, len(connection.savepoint_ids)

    def keys(*args: Any, **known: Any) -> Any:
        assert len(connection.savepoint_ids) == depth
        return usual(*args, **known)

    monkeypatch.setattr(looking, "keys", keys)
    looking.look()
    assert Watch.objects.get().looked_at


def test_talk_is_found_too(rosa, samuel):
    page = write("Port", author=rosa)
    actions.watch(samuel, "search", "zebra")
    look()
    thread = open_thread(rosa, "article", page.pk, "Zebra crossing", "Where is it?").thread
    assert look() == 1
    notice = Notice.objects.readable_by(samuel).with_all().get()
    (group,) = grouped([notice])
    assert (notice.event.subject_kind, notice.event.subject_pk) == ("thread", thread.pk)
    assert group.lines[0].url.endswith(f"/talk/{thread.pk}/")


def test_a_letter_about_a_search_has_the_way_to_stop_that_search(rosa, samuel):
    for words in ("zebra", "lion"):
        actions.watch(samuel, "search", words)
    look()
    write("Zebra herd", author=rosa)
    look()
    Notice.objects.update(created=timezone.now() - timedelta(days=2))
    mailing.write_letters()
    assert mailing.send_letters().sent == 1
    (letter,) = mail.outbox
    assert "Stop watching “zebra”" in letter.body
    stop = str(letter.extra_headers["List-Unsubscribe"]).strip("<>")
    Client().post(stop.removeprefix("http://127.0.0.1:8000"))
    assert [watch.key for watch in Watch.objects.kept().filter(user=samuel)] == ["lion"]
    assert Preference.of(samuel).watched == Preference.Pace.DAILY


def test_within_the_hour_it_is_not_asked_again(samuel, monkeypatch):
    actions.watch(samuel, "search", "zebra")
    looking.look()
    monkeypatch.setattr(looking, "keys", lambda *_args, **_known: pytest.fail("asked again"))
    looking.look()
