"""Who hears of talk: those who watch the page, those in the thread, those who are named; nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from diplopedia.models import Article
from discussion import actions, telling
from notices import actions as notices
from notices.models import Notice
from people.models import User
from tests.factories import MemberFactory, UserFactory, keep_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "afterwards", notices.spread_quietly)


def heard(user: User) -> list[str]:
    return list(
        Notice.objects.filter(user=user, event__subject_kind="thread")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_watchers_participants_and_those_named_hear_of_talk_each_once(page, rosa, samuel):
    watcher, named = UserFactory(), UserFactory()
    notices.watch(watcher, "article", page.pk)
    first = actions.open_thread(rosa, "article", page.pk, "Thread", f"Ask [[@{named.username}]].")
    assert [heard(user) for user in (rosa, samuel, watcher, named)] == [[], [], ["talk"], ["mention"]]
    actions.reply(samuel, first.thread, "Yes.")
    assert [heard(user) for user in (rosa, samuel, watcher, named)] == [
        ["reply"],
        [],
        ["talk", "talk"],
        ["mention"],
    ]
    actions.resolve(first.thread, samuel)
    assert heard(rosa) == ["reply", "resolve"]


def test_a_changed_comment_tells_only_those_it_names_anew(page, rosa, samuel):
    watcher = UserFactory()
    first = actions.open_thread(rosa, "article", page.pk, "Thread", "Who knows?")
    notices.watch(watcher, "article", page.pk)
    for body in ("Who knows, [[@samuel.okafor]]?", "Who knows that, [[@samuel.okafor]]?"):
        actions.edit(first, rosa, body)
    assert heard(samuel) == ["mention"]
    assert heard(watcher) == []


def test_a_notice_leads_to_the_comment_and_quotes_it_only_while_it_is_shown(page, rosa, samuel):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "Say, [[@samuel.okafor]]: **now**?")
    notice = Notice.objects.select_related("event").get(user=samuel)
    assert notice.event.url == f"{page.get_absolute_url()}talk/comments/{said.pk}/"
    assert "now" in telling.Threads().quoted([notice])[notice.pk][0].new
    actions.withdraw(said, rosa)
    assert telling.Threads().quoted([notice]) == {}
    assert "now" not in str(notice.event.words)


def test_nobody_hears_of_talk_that_they_may_not_read(page, rosa, samuel):
    member = MemberFactory()
    notices.watch(samuel, "article", page.pk)
    kept = keep_to(Article.objects.get(pk=page.pk), Group.objects.get(name="Negotiators"), by=member)
    actions.open_thread(member, "article", kept.pk, "Secret", f"Psst, [[@{rosa.username}]].")
    for user in (rosa, samuel):
        assert not telling.Threads().readable_by(user).exists()
    assert telling.Threads().readable_by(member).exists()
