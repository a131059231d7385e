"""What a watched search counts as found: what really meets it, all of it, once, while its reader may know why."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from diplopedia.actions import Change, delete
from notices import actions, holding, looking, mailing
from notices.models import Letter, Notice, SearchMatch
from people.models import LanguageSkill, User
from people.models.audience import Audience
from search import outbox
from search.deadlines import Deadline
from search.engines import SearchUnavailable
from tests.factories import UserFactory, revise, speak, write
from tests.notices.hours import look
from tests.visitor import Visitor, soup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]
DARI = "Dari 3/3"
TOO_MUCH = "finds too much: nothing new is told."
NEW = f"New for your search “{DARI}”"


def told() -> list[tuple[str, int]]:
    """What was told, in turn."""
    return list(Notice.objects.order_by("pk").values_list("event__subject_kind", "event__subject_pk"))


@pytest.fixture
def found(samuel: User) -> LanguageSkill:
    """A colleague's Dari, of which Samuel was told."""
    actions.watch(samuel, "search", DARI)
    look()
    skill = speak(UserFactory(), "prs", 6, 6)
    assert look() == 1
    outbox.drain()
    return skill


def hide(skill: LanguageSkill, audience: str = Audience.ME) -> None:
    """Let others see a fact no more."""
    skill.audience = audience
    skill.save()
    outbox.drain()


def send() -> mailing.Sent:
    """Send what is due, as if two days had passed."""
    Notice.objects.update(created=timezone.now() - timedelta(days=2))
    mailing.write_letters()
    return mailing.send_letters()


def down(*_args: Any, **_known: Any) -> Any:
    raise SearchUnavailable("away")


# --- only what meets it ----------------------------------------------------------------------------------------------


def test_who_has_but_the_rest_is_neither_told_nor_known(rosa, samuel):
    speak(rosa, "prs", 6, 6)
    actions.watch(samuel, "search", "Dari speaker zither")
    look()
    speak(UserFactory(), "prs", 6, 6)
    assert look() == 0
    assert not SearchMatch.objects.exists()
    rosa.profile.about = "Plays the zither."
    rosa.profile.save()
    assert look() == 1
    assert told() == [("person", rosa.profile.pk)]


def test_a_page_with_some_of_the_words_is_told_when_it_has_all(rosa, samuel):
    page = write("Zebra herd", author=rosa)
    actions.watch(samuel, "search", "zebra crossing")
    look()
    write("Zebra stripes", author=rosa)
    assert look() == 0
    revise(page, "It stands at the crossing.", author=rosa)
    assert look() == 1
    assert told() == [("article", page.pk)]


def test_another_spelling_does_not_count(rosa, samuel):
    actions.watch(samuel, "search", "zebrra")
    look()
    page = write("Zebra herd", author=rosa)
    assert look() == 0
    revise(page, "They call it a zebrra.", author=rosa)
    assert look() == 1


def test_a_level_too_low_is_told_when_it_is_reached(rosa, samuel):
    skill = speak(rosa, "prs", 6, 5)
    actions.watch(samuel, "search", DARI)
    look()
    assert look() == 0
    skill.reading = 6
    skill.save()
    assert look() == 1


# --- all of it, once -------------------------------------------------------------------------------------------------


def test_a_colleague_beyond_the_newest_matches_is_told(rosa, samuel, monkeypatch):
    monkeypatch.setattr(looking, "BATCH", 2)
    monkeypatch.setattr(looking, "MOST_TOLD", 2)
    for _ in range(5):
        colleague = UserFactory()
        speak(colleague, "prs", 6, 6)
        colleague.profile.confirm()
    actions.watch(samuel, "search", DARI)
    assert look() == 0
    assert SearchMatch.objects.filter(told_at=None).count() == 5
    speak(rosa, "prs", 6, 6)
    assert look() == 1
    assert told() == [("person", rosa.profile.pk)]


def test_what_is_too_much_for_one_look_is_told_at_the_next(rosa, samuel, monkeypatch):
    monkeypatch.setattr(looking, "MOST_TOLD", 2)
    actions.watch(samuel, "search", "zebra")
    look()
    pages = [write(f"Zebra {n}", author=rosa) for n in range(3)]
    assert [look(), look(), look()] == [2, 1, 0]
    assert sorted(told()) == sorted(("article", page.pk) for page in pages)


def test_what_met_it_once_is_not_told_again(rosa, samuel):
    actions.watch(samuel, "search", "zebra")
    look()
    page = write("Herd", "Of zebras.", author=rosa)
    assert look() == 1
    revise(page, "Of lions.", author=rosa)
    look()
    revise(page, "Of zebras after all.", author=rosa)
    assert look() == 0


def test_a_search_that_finds_too_much_tells_nothing(rosa, samuel, monkeypatch):
    monkeypatch.setattr(looking, "MOST_KNOWN", 2)
    for n in range(2):
        write(f"Zebra {n}", author=rosa)
    actions.watch(samuel, "search", "zebra")
    look()
    write("Zebra herd", author=rosa)
    assert look() == 0


def test_a_search_that_finds_too_much_says_so_until_there_is_room(rosa, samuel, monkeypatch):
    monkeypatch.setattr(looking, "MOST_KNOWN", 2)
    pages = [write(f"Zebra {n}", author=rosa) for n in range(2)]
    speak(rosa, "prs", 6, 6)
    for words in ("zebra", DARI):
        actions.watch(samuel, "search", words)
    look()
    reader = Visitor(samuel)
    assert reader.sees("/notices/watching/").count(TOO_MUCH) == 1
    delete(pages[0], Change(rosa, "A mistake"))
    assert look() == 0
    assert TOO_MUCH not in reader.sees("/notices/watching/")
    herd = write("Zebra herd", author=rosa)
    assert look() == 1
    assert told() == [("article", herd.pk)]


# --- as long as its reader may know why ---------------------------------------------------------------------------


@pytest.mark.parametrize("audience", [Audience.ME, Audience.OFFICE])
def test_a_fact_that_is_hidden_is_no_longer_in_the_list(found, samuel, audience):
    reader = Visitor(samuel)
    assert NEW in reader.sees("/notices/")
    hide(found, audience)
    seen = reader.sees("/notices/")
    assert NEW not in seen
    assert found.profile.name not in seen


def test_a_fact_that_is_hidden_is_in_no_letter(found):
    hide(found)
    assert send()[::2] == (0, 1)
    assert not mail.outbox


def test_a_fact_that_is_still_there_is_in_the_letter(found):
    assert send().sent == 1
    assert NEW in mail.outbox[0].body


def test_a_notice_that_no_longer_holds_waits_for_nobody(found, samuel):
    hide(found)
    look()
    assert not Notice.objects.unseen().exists()
    hide(found, Audience.ALL)
    assert look() == 0
    assert NEW in Visitor(samuel).sees("/notices/")


def test_who_is_found_is_not_said_while_the_search_is_away(found, rosa, samuel, monkeypatch):
    actions.watch(samuel, "search", "zebra")
    look()
    write("Zebra herd", author=rosa)
    look()
    monkeypatch.setattr(holding, "meeting", down)
    seen = Visitor(samuel).sees("/notices/")
    assert NEW not in seen
    assert "Zebra herd" in seen


def test_what_was_held_back_while_the_search_is_away_is_not_marked_as_seen(found, rosa, samuel, monkeypatch):
    actions.watch(samuel, "search", "zebra")
    look()
    write("Zebra herd", author=rosa)
    look()
    reader = Visitor(samuel)
    with monkeypatch.context() as patch:
        patch.setattr(holding, "meeting", down)
        reader.sends("/notices/seen/", bar_of(reader))
    assert Notice.objects.unseen().get().event.words == {"query": DARI}
    reader.sends("/notices/seen/", bar_of(reader))
    assert not Notice.objects.unseen().exists()


def bar_of(reader: Visitor) -> dict[str, str]:
    """Return what “I have seen them all” sends."""
    form = soup(reader.opens("/notices/")).select_one(".told__bar")
    assert form is not None
    return {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}


def test_a_letter_waits_for_the_search(found, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(holding, "meeting", down)
        patch.setattr(looking, "engine", lambda: SimpleNamespace(check=down))
        assert send()[:2] == (0, 1)
    assert Letter.objects.get().tries == 0
    assert mailing.send_letters().sent == 1


def test_a_letter_that_the_search_refuses_is_tried_later_and_seen_by_administrators(
    found, administrator, monkeypatch
):
    monkeypatch.setattr(holding, "meeting", down)
    assert send()[:2] == (0, 1)
    assert Letter.objects.get().tries == 1
    assert not Letter.objects.due().exists()
    assert "SearchUnavailable: away" in Visitor(administrator).sees("/admin/failed-notices/")


def test_each_search_of_a_letter_has_its_time_and_a_page_one_for_all(found, samuel, monkeypatch):
    actions.watch(samuel, "search", "Dari")
    look()
    speak(UserFactory(), "prs", 6, 6)
    assert look() == 2
    usual, asked = holding.meeting, list[Deadline]()

    def meeting(query: Any, some: Any, user: Any, deadline: Deadline) -> Any:
        asked.append(deadline)
        return usual(query, some, user, deadline)

    monkeypatch.setattr(holding, "meeting", meeting)
    Visitor(samuel).sees("/notices/")
    assert len(asked) == 2
    assert asked[0] is asked[1]
    asked.clear()
    assert send().sent == 1
    assert len(asked) == 2
    assert asked[0] is not asked[1]
