"""Talk about an article, as colleagues meet it through its addresses, without scripts."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.actions import Change, Seen, bring_back, delete, join, rename
from diplopedia.models import Article
from discussion import actions, subjects, views, wording
from discussion.models import LONGEST_COMMENT, Comment, Thread
from people.models import User
from tests.factories import UserFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of, soup, words

pytestmark = pytest.mark.django_db


def talk_of(page: Article) -> str:
    return f"{page.get_absolute_url()}talk/"


def begins(
    visitor: Visitor, page: Article, title: str = "Which port?", body: str = "Old or new?", **more: Any
) -> Any:
    """Begin a thread through the form; returns the answer."""
    url = f"{talk_of(page)}new/"
    return visitor.sends(url, visitor.form(url), title=title, body=body, action="send", **more)


def key_in(response: Any) -> str:
    """Return the key of the form for replies."""
    return next(str(tag["value"]) for tag in soup(response).select("#reply input[name=key]"))


def replies(visitor: Visitor, thread: Thread, page: Article, body: str, **more: Any) -> Any:
    url = f"{talk_of(page)}{thread.pk}/"
    form = {"key": key_in(visitor.opens(url))}
    return visitor.sends(url, form, **{"body": body, "action": "send", **more})


def open_count(visitor: Visitor, page: Article) -> str:
    tabs = soup(visitor.opens(page.get_absolute_url())).select(".tabs .tab")
    return next(tab.select_one(".num").get_text() for tab in tabs if "Talk" in tab.get_text())


def titles(visitor: Visitor, page: Article) -> set[str]:
    return {h.get_text() for h in soup(visitor.opens(talk_of(page))).select(".thread h2")}


# -- asking and answering --------------------------------------------------------------------------------------


def test_a_question_is_asked_answered_and_settled(reader, other, page):
    assert "No open threads" in reader.sees(talk_of(page))
    assert open_count(reader, page) == "0"
    asked = begins(reader, page, body="Old or new? [[@samuel.okafor]] may know.")
    thread = Thread.objects.get()
    assert asked.url == f"{talk_of(page)}{thread.pk}/#c-{thread.comments.get().pk}"
    seen = other.sees(talk_of(page))
    assert "Which port?" in seen
    assert "Samuel Okafor may know." in seen
    assert open_count(other, page) == "1"

    answered = replies(other, thread, page, "The **new** one.")
    assert answered.status_code == 302
    shown = soup(reader.opens(asked.url))
    assert [tag.get_text() for tag in shown.select(".words strong")] == ["new"]

    assert reader.sends(f"{talk_of(page)}{thread.pk}/resolve/", state="resolved").status_code == 302
    assert open_count(other, page) == "0"
    listed = soup(other.opens(talk_of(page)))
    assert "Which port?" in listed.select_one("details.resolved").get_text()
    assert listed.select(".thread") == []
    assert "Which port?" in other.sees(talk_of(page), show="resolved")
    assert "Resolved: Rosa Çelik" in other.sees(answered.url)

    replies(other, thread, page, "One more thing.")
    assert open_count(other, page) == "1"
    reader.sends(f"{talk_of(page)}{thread.pk}/resolve/", state="resolved")
    reader.sends(f"{talk_of(page)}{thread.pk}/resolve/", state="open")
    assert Thread.objects.get().resolved_at is None


def test_the_thread_where_somebody_wrote_last_comes_first(reader, page, rosa):
    first, second = (
        actions.open_thread(rosa, "article", page.pk, f"Thread {n}", "Words.").thread for n in (1, 2)
    )
    titles = [h.get_text() for h in soup(reader.opens(talk_of(page))).select(".thread h2")]
    assert titles == ["Thread 2", "Thread 1"]
    replies(reader, first, page, "Again.")
    titles = [h.get_text() for h in soup(reader.opens(talk_of(page))).select(".thread h2")]
    assert titles == ["Thread 1", "Thread 2"]
    assert second.comments.count() == 1


def test_a_form_sent_twice_is_one_comment_and_with_other_words_two(reader, page):
    url = f"{talk_of(page)}new/"
    form = reader.form(url)
    answers = [reader.sends(url, form, title="Once", body="Words.", action="send") for _ in range(2)]
    assert answers[0].url == answers[1].url
    thread = Thread.objects.get()
    url = f"{talk_of(page)}{thread.pk}/"
    key = key_in(reader.opens(url))
    for body in ("Twice.", "Twice.", "Other words."):
        assert reader.sends(url, key=key, body=body, action="send").status_code == 302
    assert [comment.body for comment in thread.comments.all()] == ["Words.", "Twice.", "Other words."]


def test_nothing_written_is_lost_when_a_form_is_refused(reader, page):
    url = f"{talk_of(page)}new/"
    long = "word " * (LONGEST_COMMENT // 5 + 1)
    refused = reader.sends(url, reader.form(url), title="Title", body=long, action="send")
    assert refused.status_code == 422
    assert soup(refused).select_one("textarea[name=body]").get_text().strip() == long.strip()
    assert "at most 10,000 fit here" in words(refused)
    nameless = reader.sends(url, reader.form(url), title=" ", body="My words.", action="send")
    assert nameless.status_code == 422
    assert "My words." in soup(nameless).select_one("textarea[name=body]").get_text()
    assert not Thread.objects.exists()


def test_a_preview_shows_the_comment_and_sends_nothing(reader, page, rosa):
    url = f"{talk_of(page)}new/"
    shown = reader.sends(url, reader.form(url), title="Title", body="A **bold** word.", action="preview")
    assert soup(shown).select_one(".shown strong").get_text() == "bold"
    assert not Thread.objects.exists()
    thread = actions.open_thread(rosa, "article", page.pk, "Thread", "Words.").thread
    shown = replies(reader, thread, page, "An *idea*.", action="preview")
    assert soup(shown).select_one(".shown em").get_text() == "idea"
    assert thread.comments.count() == 1


def test_a_thread_takes_only_so_many_comments_and_says_so(reader, page, rosa, monkeypatch):
    monkeypatch.setattr(actions, "MOST_COMMENTS", 1)
    thread = actions.open_thread(rosa, "article", page.pk, "Thread", "Words.").thread
    refused = replies(reader, thread, page, "One too many.")
    assert refused.status_code == 422
    assert "Begin a new one" in words(refused)
    assert "One too many." in soup(refused).select_one("textarea[name=body]").get_text()


# -- one's own comment ----------------------------------------------------------------------------------------


def test_a_comment_is_changed_by_its_author_and_what_it_said_is_kept(reader, other, page, rosa):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "First words.")
    url = f"{talk_of(page)}comments/{said.pk}/"
    assert (
        reader.sends(
            f"{url}edit/", reader.form(f"{url}edit/"), body="Second words.", action="send"
        ).status_code
        == 302
    )
    seen = other.sees(f"{talk_of(page)}{said.thread_id}/")
    assert "Second words." in seen
    assert "First words." not in seen
    assert "edited" in seen
    assert "First words." in other.sees(f"{url}earlier/")


def test_nobody_changes_or_withdraws_what_another_said(other, page, rosa):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "First words.")
    for verb in ("edit", "withdraw"):
        url = f"{talk_of(page)}comments/{said.pk}/{verb}/"
        assert other.opens(url).status_code == 403
        assert other.sends(url, body="Mine now.", action="send").status_code == 403
    said.refresh_from_db()
    assert (said.body, said.withdrawn_at) == ("First words.", None)


def test_a_withdrawn_comment_keeps_its_place_and_shows_its_words_nowhere(reader, other, page, rosa, samuel):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "Regretted words.")
    actions.edit(said, rosa, "Much regretted words.")
    actions.reply(samuel, said.thread, "Why so?")
    url = f"{talk_of(page)}comments/{said.pk}/"
    assert "Much regretted" in reader.sees(f"{url}withdraw/")
    assert reader.sends(f"{url}withdraw/").status_code == 302
    for visitor in (reader, other):
        for place in (talk_of(page), f"{talk_of(page)}{said.thread_id}/"):
            seen = visitor.sees(place)
            assert "regretted" not in seen.lower()
            assert "Withdrawn by its author." in seen
            assert "Why so?" in seen
        assert visitor.opens(f"{url}earlier/").status_code == 403
    assert reader.opens(f"{url}edit/").status_code == 403
    assert Comment.objects.get(pk=said.pk).body == "Much regretted words."


def test_a_reply_says_whom_it_answers(reader, other, page, rosa, samuel):
    thread = actions.open_thread(rosa, "article", page.pk, "Thread", "One.").thread
    second = actions.reply(samuel, thread, "Two.")
    url = f"{talk_of(page)}{thread.pk}/"
    form = soup(reader.opens(url, reply=second.pk)).select_one("#reply form")
    assert (
        "Reply to Samuel Okafor"
        in soup(reader.opens(url, reply=second.pk)).select_one("#reply h2").get_text()
    )
    fields = {tag["name"]: tag.get("value", "") for tag in form.select("input")}
    reader.sends(url, fields, body="Three.", action="send")
    assert "in reply to Samuel Okafor" in reader.sees(url)
    assert thread.comments.last().parent == second


def test_a_comment_of_another_thread_cannot_be_answered_here(reader, page, rosa):
    one, two = (actions.open_thread(rosa, "article", page.pk, title, "Words.").thread for title in "ab")
    elsewhere = actions.reply(rosa, two, "Elsewhere.")
    replies(reader, one, page, "Here.", parent=elsewhere.pk)
    assert one.comments.last().parent is None


def test_whatever_changes_a_comment_holds_its_thread_first(page, rosa):
    """Where rows are locked, two that take them in different orders wait for each other in vain."""
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "First.")
    verbs = (
        lambda: actions.edit(said, rosa, "Other."),
        lambda: actions.hide(said, "Why."),
        lambda: actions.show(said),
        lambda: actions.reply(rosa, said.thread, "Second."),
        lambda: actions.withdraw(said, rosa),
    )
    for verb in verbs:
        with CaptureQueriesContext(connection) as captured:
            verb()
        rows = [query["sql"] for query in captured if '"discussion_' in query["sql"]]
        assert 'FROM "discussion_thread"' in rows[0], rows[0]


# -- passages ------------------------------------------------------------------------------------------------


def test_a_quoted_passage_leads_to_its_section_and_says_when_it_is_gone(reader, page, rosa):
    begins(reader, page, quote='Fly by way of Addis  Ababa, then drive for "two" hours.')
    thread = Thread.objects.get()
    assert thread.quoted == 1
    seen = soup(reader.opens(talk_of(page)))
    passage = next(a for a in seen.select(".thread a") if a.get_text() == "In the page")
    assert passage["href"] == f"{page.get_absolute_url()}#s-getting-there"
    assert "quoted from revision 1" in words(reader.opens(talk_of(page)))
    revise(page, "The port is old.\n\n## Getting there\n\nTake the train.", author=rosa)
    seen = soup(reader.opens(talk_of(page)))
    assert "not in the page any more" in seen.get_text()
    assert any(a["href"].endswith("/history/1/") for a in seen.select(".thread a"))
    assert "Fly by way of" in seen.get_text()


def test_however_many_passages_are_looked_for_the_page_is_read_once(reader, page, rosa, monkeypatch):
    for title in ("One", "Two", "Three"):
        actions.open_thread(rosa, "article", page.pk, title, "Words.", quote="then drive")
    read = []
    monkeypatch.setattr(subjects, "Sections", lambda html: read.append(html) or wording.Sections(html))
    assert reader.sees(talk_of(page)).count("In the page") == 3
    assert len(read) == 1


def test_a_passage_is_found_in_the_section_where_it_begins():
    text = wording.Sections(
        '<p>Ahead.</p><h2 id="s-a">One</h2><p>Long way_round.</p><h3 id="s-b">Two</h3><p>x</p>'
    )
    assert [text.holding(quote) for quote in ("ahead", "“Long way round. Two”", "two", "X", "gone")] == [
        "", "s-a", "s-b", "s-b", None,
    ]  # fmt: skip


# -- where talk stays ------------------------------------------------------------------------------------------


def test_every_comment_has_an_address_that_holds(reader, page, rosa, monkeypatch):
    monkeypatch.setattr(views, "COMMENTS", 2)
    thread = actions.open_thread(rosa, "article", page.pk, "Thread", "0").thread
    said = [actions.reply(rosa, thread, str(n)) for n in range(1, 5)]
    permanent = f"{talk_of(page)}comments/{said[-1].pk}/"
    there = reader.opens(permanent)
    assert there.url == f"{talk_of(page)}{thread.pk}/?page=3#c-{said[-1].pk}"
    assert soup(reader.opens(there.url)).select_one(f"#c-{said[-1].pk} .words").get_text().strip() == "4"
    rename(Article.objects.get(pk=page.pk), "Djibouti City Post", Change(rosa))
    moved = Article.objects.get(pk=page.pk)
    assert reader.opens(permanent).url == f"{talk_of(moved)}comments/{said[-1].pk}/"
    assert reader.opens(f"{talk_of(page)}{thread.pk}/").url == f"{talk_of(moved)}{thread.pk}/"
    # A form that was open while the page was renamed.
    assert reader.sends(f"{talk_of(page)}{thread.pk}/", body="Still here.", action="send").status_code == 302
    assert "Still here." in [comment.body for comment in thread.comments.all()]


def test_talk_goes_along_when_pages_are_merged_and_comes_back_with_the_page(reader, page, rosa):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "Words.")
    stays = write("Djibouti City", author=rosa)
    join(page, stays, "One text.", Change(rosa), seen=Seen(1, 1))
    permanent = f"{talk_of(page)}comments/{said.pk}/"
    assert "Words." in reader.sees(talk_of(stays))
    assert reader.opens(permanent).url == f"{talk_of(stays)}comments/{said.pk}/"
    bring_back(Article.objects.get(pk=page.pk), Change(rosa))
    assert "Words." in reader.sees(talk_of(page))
    assert "Words." not in reader.sees(talk_of(stays))
    assert reader.opens(permanent).url == f"{talk_of(page)}{said.thread_id}/#c-{said.pk}"


def test_talk_of_pages_merged_in_a_row_comes_back_as_their_names_do(reader, page, rosa):
    last, middle = write("Last", author=rosa), write("Middle", author=rosa)
    for about, title in ((page, "First thread"), (middle, "Middle thread"), (last, "Last thread")):
        actions.open_thread(rosa, "article", about.pk, title, "Words.")
    join(page, middle, "Two.", Change(rosa), seen=Seen(1, 1))
    middle = Article.objects.get(pk=middle.pk)
    join(middle, last, "Three.", Change(rosa), seen=Seen(2, 1))
    bring_back(Article.objects.get(pk=middle.pk), Change(rosa))
    assert titles(reader, middle) == {"First thread", "Middle thread"}
    assert titles(reader, last) == {"Last thread"}
    bring_back(Article.objects.get(pk=page.pk), Change(rosa))
    assert titles(reader, page) == {"First thread"}
    assert titles(reader, middle) == {"Middle thread"}


def test_a_deleted_page_takes_its_talk_out_of_sight_and_back_again(reader, page, rosa):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "Words.")
    doors = [talk_of(page), f"{talk_of(page)}{said.thread_id}/", f"{talk_of(page)}comments/{said.pk}/"]
    delete(Article.objects.get(pk=page.pk), Change(rosa))
    assert {reader.opens(door).status_code for door in doors} == {404}
    bring_back(Article.objects.get(pk=page.pk), Change(rosa))
    assert {reader.opens(door).status_code for door in doors} == {200, 302}


@pytest.mark.parametrize("fate", ["deleted", "restricted", "never was"])
def test_words_sent_to_a_page_that_is_gone_are_shown_to_who_wrote_them(reader, page, rosa, member, fate):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "First.")
    thread, comment = f"{talk_of(page)}{said.thread_id}/", f"{talk_of(page)}comments/{said.pk}/edit/"
    forms = {url: reader.form(url) for url in (f"{talk_of(page)}new/", comment)}
    if fate == "deleted":
        delete(Article.objects.get(pk=page.pk), Change(rosa))
    elif fate == "restricted":
        keep_to(page, member.groups.get(), by=member)
    else:
        forms = {url.replace("djibouti", "nowhere"): form for url, form in forms.items()}
        thread = thread.replace("djibouti", "nowhere")
    for url, form in [*forms.items(), (thread, {})]:
        written = {"title": "My title", "quote": "My passage", "body": "My long\n\nthoughts."}
        answer = reader.sends(url, form, **written, action="send")
        assert answer.status_code == 404
        again = fields_of(answer)
        assert {name: again[name] for name in written} == written
        assert "signed" not in words(answer)
        assert page.title not in words(answer)
        assert soup(answer).select_one("input[type=hidden][name=title]") is None
    assert Comment.objects.count() == 1


def test_words_sent_to_a_page_that_was_merged_arrive_where_its_talk_is(reader, page, rosa):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "First.")
    stays = write("Djibouti City", author=rosa)
    url = f"{talk_of(page)}{said.thread_id}/"
    form = {"key": key_in(reader.opens(url))}
    join(page, stays, "One text.", Change(rosa), seen=Seen(1, 1))
    assert reader.sends(url, form, body="Second.", action="send").status_code == 302
    assert "Second." in reader.sees(f"{talk_of(stays)}{said.thread_id}/")


def test_a_change_of_a_comment_that_was_hidden_meanwhile_is_shown_to_who_wrote_it(reader, page, rosa):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "First.")
    url = f"{talk_of(page)}comments/{said.pk}/edit/"
    form = reader.form(url)
    actions.hide(said, "Rude.")
    answer = reader.sends(url, form, body="Kinder.", action="send")
    assert answer.status_code == 403
    assert fields_of(answer)["body"] == "Kinder."


def test_talk_of_one_page_is_not_reached_through_another(reader, page, rosa):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "Words.")
    elsewhere = talk_of(write("Elsewhere"))
    for door in (
        f"{said.thread_id}/",
        f"comments/{said.pk}/",
        f"comments/{said.pk}/edit/",
        f"comments/{said.pk}/earlier/",
    ):
        assert reader.opens(f"{elsewhere}{door}").status_code == 404, door


# -- the page itself -------------------------------------------------------------------------------------------


def a_long_talk(page: Article, authors: list[User], comments: int) -> Thread:
    thread = actions.open_thread(
        authors[0], "article", page.pk, "Long", "See [[Djibouti Post]].", quote="The port"
    ).thread
    for n in range(comments - 1):
        author = authors[n % len(authors)]
        actions.reply(author, thread, f"Answer {n} to [[@{author.username}]] on [[Page {n}]].")
    return thread


def taken(visitor: Visitor, url: str) -> int:
    visitor.opens(url)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.opens(url).status_code == 200
    return len(captured)


@pytest.mark.slow
def test_three_hundred_comments_take_as_many_queries_as_one(reader, monkeypatch):
    monkeypatch.setattr(views, "COMMENTS", 300)
    authors = [UserFactory() for _ in range(10)]
    counts = []
    for size in (2, 300):
        page = write(f"Page of {size}")
        thread = a_long_talk(page, authors[:size], size)
        urls = (talk_of(page), f"{talk_of(page)}{thread.pk}/", page.get_absolute_url())
        counts.append([taken(reader, url) for url in urls])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20


def test_many_threads_take_as_many_queries_as_one(reader, page, rosa):
    counts = []
    for _ in range(2):
        for n in range(1 if not counts else 9):
            said = actions.open_thread(
                rosa, "article", page.pk, f"Thread {n}", "See [[Djibouti Post]].", quote="port"
            )
            actions.reply(UserFactory(), said.thread, "Yes.")
        counts.append(taken(reader, talk_of(page)))
    assert counts[0] == counts[1]


def test_headings_of_comments_do_not_stand_among_those_of_the_page(reader, page, rosa):
    said = actions.open_thread(
        rosa, "article", page.pk, "Thread", "# Loud\n\n## Louder\n\nA note.[^1]\n\n[^1]: Here."
    )
    actions.reply(rosa, said.thread, "Another.[^1]\n\n[^1]: There.")
    tree = soup(reader.opens(f"{talk_of(page)}{said.thread_id}/"))
    assert tree.select(".words :is(h1, h2, h3, h4, h5, h6)") == []
    levels = [int(tag.name[1]) for tag in tree.select("h1, h2, h3, h4")]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    ids = [tag["id"] for tag in tree.select("[id]")]
    assert len(ids) == len(set(ids))
    for link in tree.select(".words a[href^='#']"):
        assert re.sub("^#", "", str(link["href"])) in ids


def test_control_characters_are_left_out(rosa, page):
    said = actions.open_thread(rosa, "article", page.pk, "Thread", "a\x1eb\x00c\r\nd")
    assert said.body == "abc\nd"


# -- who takes part, and watching --------------------------------------------------------------------------------


def aside(visitor: Visitor, page: Article) -> str:
    """The words beside the threads."""
    return " ".join(soup(visitor.opens(talk_of(page))).select_one("aside").text.split())


def test_beside_the_threads_stands_who_takes_part_and_a_button_to_watch(reader, rosa, samuel, page):
    assert "Nobody has written here yet" in aside(reader, page)
    begun = actions.open_thread(samuel, "article", page.pk, "Which port?", "Old or new?")
    others = [UserFactory() for _ in range(3)]
    for who in (rosa, *others):
        actions.reply(who, begun.thread, "New.")
    silent = actions.reply(UserFactory(first_name="Withdrawn"), begun.thread, "Never mind.")
    actions.withdraw(silent, silent.author)
    seen = aside(reader, page)
    assert seen.startswith("Taking part 5")
    names = ", ".join(str(who.profile) for who in reversed(others))
    assert f"{names} and 2 others" in seen
    button = soup(reader.opens(talk_of(page))).select_one("aside form")
    assert button.text.strip() == "Watch"
    reader.sends("/notices/watch/", {tag["name"]: tag["value"] for tag in button.select("input[name]")})
    assert "Stop watching" in aside(reader, page)
