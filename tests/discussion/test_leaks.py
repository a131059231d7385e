"""Talk about a page kept to a group is met by no door from outside, and found in the search by nobody there."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from pytest_django.fixtures import Settings

from diplopedia.actions import Change, Seen, bring_back, delete, join, rename, restrict
from diplopedia.models import Article
from discussion import actions
from discussion.models import Comment
from discussion.searchables import TalkSource
from notices.models import Event
from people.models import User
from search import outbox, upkeep
from search.engines import engine
from search.query import Query
from tests.diplopedia.hostile import ALL
from tests.diplopedia.test_hostile_text import frame_of, harmless
from tests.factories import keep_to, write
from tests.visitor import Visitor, words

pytestmark = pytest.mark.django_db

TOKEN = "zyxquartet"


@pytest.fixture(autouse=True)
def own_index(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    upkeep.rebuild()


@pytest.fixture
def said(member: User) -> Comment:
    """A thread whose every part says the token, on an open page."""
    page = write("Open page", "Text about ports.", author=member)
    first = actions.open_thread(
        member, "article", page.pk, f"{TOKEN} thread", f"{TOKEN} words", quote=f"{TOKEN} passage"
    )
    actions.edit(first, member, f"{TOKEN} other words")
    return first


def page_of(said: Comment) -> Article:
    return Article.objects.get(pk=said.thread.subject_pk)


def doors(said: Comment) -> list[str]:
    talk = f"{page_of(said).get_absolute_url()}talk/"
    thread, comment = f"{talk}{said.thread_id}/", f"{talk}comments/{said.pk}/"
    return [talk, f"{talk}?show=resolved", f"{talk}new/", thread, f"{thread}?reply={said.pk}", comment,
            *(f"{comment}{verb}/" for verb in ("edit", "withdraw", "earlier")), f"{thread}resolve/"]  # fmt: skip


def found(user: User, text: str = TOKEN) -> list[str]:
    outbox.drain(wait=5)
    results = engine().search(Query.parse(text).matching(principals=user.principals))
    return [hit.name for hit in results if hit.kind == "talk"]


def hidden_from(visitor: Visitor, said: Comment) -> None:
    for url in doors(said):
        for response in (visitor.opens(url), visitor.sends(url, body="x", title="x", action="send")):
            assert response.status_code in {404, 405}, url
            assert TOKEN not in response.content.decode(), url
    for url in (
        "/",
        "/changes/",
        f"/search/?q={TOKEN}+words",
        f"/search/suggest/?q={TOKEN}",
        "/search/?q=kind:talk",
    ):
        shown = (
            visitor.opens(url).content.decode().replace(f"{TOKEN} words", "").replace(f"{TOKEN}+words", "")
        )
        assert f"{TOKEN} thread" not in shown, url
        assert f"{TOKEN} other" not in shown, url
    assert found(visitor.user) == []


def test_talk_is_found_by_title_words_and_author_and_leads_to_the_thread(said, outsider, member):
    assert found(outsider) == [f"{TOKEN} thread"]
    assert found(outsider, "other words") == [f"{TOKEN} thread"]
    visitor = Visitor(outsider)
    assert f"{TOKEN} thread Talk: Open page" in words(visitor.opens("/search/", q=f"{TOKEN} thread"))
    assert f"{TOKEN} thread" in words(visitor.opens("/search/", q=f"by:{member.username} kind:talk"))
    assert "talk/" in visitor.opens("/search/suggest/", q=TOKEN).content.decode()


def test_restricting_a_page_hides_its_talk_everywhere_and_opening_it_shows_it_again(said, outsider, member):
    outside, inside = Visitor(outsider), Visitor(member)
    assert found(outsider) == [f"{TOKEN} thread"]
    keep_to(page_of(said), Group.objects.get(name="Negotiators"), by=member)
    hidden_from(outside, said)
    assert found(member) == [f"{TOKEN} thread"]
    assert f"{TOKEN} other words" in inside.sees(doors(said)[0])
    member.groups.clear()
    hidden_from(Visitor(User.objects.get(pk=member.pk)), said)
    outsider.groups.add(Group.objects.get(name="Negotiators"))
    assert found(User.objects.get(pk=outsider.pk)) == [f"{TOKEN} thread"]
    restrict(page_of(said), [], [], Change(User.objects.get(pk=outsider.pk)))
    assert found(User.objects.get(pk=member.pk)) == [f"{TOKEN} thread"]
    assert [key for key in upkeep.verify().different if key.kind == "talk"] == []


def test_a_restriction_counts_before_the_engine_knows(said, outsider, member, monkeypatch):
    assert found(outsider) == [f"{TOKEN} thread"]
    monkeypatch.setattr(outbox, "drain_quietly", lambda: False)
    keep_to(page_of(said), Group.objects.get(name="Negotiators"), by=member)
    for url in (f"/search/?q={TOKEN}+thread", "/search/?q=kind:talk"):
        assert "Talk: Open page" not in words(Visitor(outsider).opens(url))
    assert "/talk/" not in Visitor(outsider).opens("/search/suggest/", q=TOKEN).content.decode()


def test_a_deleted_group_leaves_its_talk_to_administrators(said, outsider, member):
    group = Group.objects.get(name="Negotiators")
    keep_to(page_of(said), group, by=member)
    assert found(member) == [f"{TOKEN} thread"]
    group.delete()
    assert found(User.objects.get(pk=member.pk)) == []


def test_deleting_and_renaming_a_page_move_its_talk_in_the_search(said, outsider, member):
    assert found(outsider) == [f"{TOKEN} thread"]
    delete(page_of(said), Change(member))
    assert found(outsider) == []
    bring_back(page_of(said), Change(member))
    rename(page_of(said), "Moved page", Change(member))
    outbox.drain(wait=5)
    assert "Talk: Moved page" in words(Visitor(outsider).opens("/search/", q=f"{TOKEN} thread"))


def test_talk_of_a_merged_page_stays_with_the_page_that_is_restricted_since(said, outsider, member):
    goes, stays = page_of(said), write("Other page", author=member)
    join(goes, stays, "Both.", Change(member), seen=Seen(1, 1))
    stays = keep_to(Article.objects.get(pk=stays.pk), member.groups.get(), by=member)
    actions.reply(member, said.thread, f"{TOKEN} for members")
    back = bring_back(Article.objects.get(pk=goes.pk), Change(outsider)).article
    assert TOKEN not in Visitor(outsider).sees(f"{back.get_absolute_url()}talk/")
    assert Visitor(outsider).opens(f"{back.get_absolute_url()}talk/{said.thread_id}/").status_code == 404
    assert "for members" in Visitor(member).sees(f"{stays.get_absolute_url()}talk/")
    assert found(outsider) == []
    assert found(member)


def test_withdrawn_and_hidden_words_are_found_by_nobody(said, outsider, member):
    assert found(outsider, f"{TOKEN} other") == [f"{TOKEN} thread"]
    second = actions.reply(member, said.thread, "quixotically spoken")
    assert found(outsider, "quixotically") == [f"{TOKEN} thread"]
    actions.hide(second, "Not kind.")
    assert found(outsider, "quixotically") == []
    actions.show(second)
    assert found(outsider, "quixotically") == [f"{TOKEN} thread"]
    actions.withdraw(second, member)
    assert found(outsider, "quixotically") == []


def frames_of(visitor: Visitor, talk: str, page: Article) -> dict[str, dict[str, int]]:
    """What the pages of talk have of their own, with harmless words."""
    said = actions.open_thread(visitor.user, "article", page.pk, "Title", "Words.", quote="One")
    places = {
        "list": "",
        "thread": f"{said.thread_id}/",
        "new": "new/",
        "earlier": f"comments/{said.pk}/earlier/",
    }
    return {name: frame_of(visitor, f"{talk}{place}") for name, place in places.items()}


def test_hiding_the_first_comment_hides_title_and_passage_and_showing_it_shows_them(said, outsider, member):
    actions.reply(member, said.thread, "A calm answer.")
    actions.resolve(said.thread, member)
    talk = f"{page_of(said).get_absolute_url()}talk/"
    pages = [talk, f"{talk}?show=resolved", f"{talk}{said.thread_id}/", f"{talk}{said.thread_id}/?page=2"]
    actions.hide(said, "Rude.")
    actions.reply(outsider, said.thread, "Another.")
    assert not [event for event in Event.objects.all() if TOKEN in str(event.words)]
    actions.resolve(said.thread, member)
    for url in pages:
        seen = Visitor(outsider).sees(url)
        assert TOKEN not in seen, url
        assert "Hidden by the moderators" in seen, url
    assert found(outsider) == []
    assert not TalkSource().fallback(TOKEN, outsider)
    assert found(outsider, "calm")
    actions.show(said)
    for url in pages:
        assert TOKEN in Visitor(outsider).sees(url), url
    assert found(outsider)
    assert TalkSource().fallback(TOKEN, outsider)


def test_hiding_an_answer_hides_no_title(said, outsider, member):
    actions.hide(actions.reply(member, said.thread, "Rude."), "Rude.")
    assert f"{TOKEN} thread" in Visitor(outsider).sees(f"{page_of(said).get_absolute_url()}talk/")


@pytest.mark.slow
def test_no_comment_title_or_passage_does_anything(outsider):
    plain, page = write("Plain"), write("Page")
    visitor = Visitor(outsider)
    frames = frames_of(visitor, f"{plain.get_absolute_url()}talk/", plain)
    talk = f"{page.get_absolute_url()}talk/"
    for start in range(0, len(ALL), 40):
        body = "\n\n".join(["Before.", *ALL[start : start + 40], "After."])
        first = actions.open_thread(outsider, "article", page.pk, ALL[start][:200], body, quote=body[:2000])
        actions.edit(first, outsider, f"{body}\n\nAgain.")
        here = f"{talk}{first.thread_id}/"
        harmless(visitor.opens(here), frames["thread"])
        harmless(visitor.opens(f"{talk}comments/{first.pk}/earlier/"), frames["earlier"])
        harmless(
            visitor.sends(f"{talk}new/", title=ALL[start], body=body[:9000], action="preview"), frames["new"]
        )
    harmless(visitor.opens(talk), frames["list"])
    for vector in ALL[::8]:  # as short comments and titles of their own
        first = actions.open_thread(outsider, "article", page.pk, vector[:200], vector, quote=vector)
        harmless(visitor.opens(f"{talk}{first.thread_id}/"), frames["thread"])
