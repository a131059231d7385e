"""Saved searches: what they find anew is told, as far as their owner may know it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from notices import actions, looking
from notices.models import Notice, Watch
from search import outbox, upkeep
from search.engines import SearchUnavailable
from tests.factories import keep_to, revise, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    """Search with an index of one's own."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    upkeep.rebuild()


def look() -> int:
    """Look again, as if an hour had passed."""
    outbox.drain()
    Watch.objects.exclude(looked_at=None).update(looked_at=timezone.now() - timedelta(hours=2))
    return looking.look()


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
    def down(*_args: Any) -> None:
        raise SearchUnavailable("away")

    actions.watch(samuel, "search", "zebra")
    monkeypatch.setattr(looking, "find", down)
    assert looking.look() == 0
    assert Watch.objects.get().looked_at is None


def test_within_the_hour_it_is_not_asked_again(samuel, monkeypatch):
    actions.watch(samuel, "search", "zebra")
    looking.look()
    monkeypatch.setattr(looking, "find", lambda *_args: pytest.fail("asked again"))
    looking.look()
