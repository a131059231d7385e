"""Talking about a page, with scripts and without; words that are not lost; manners."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from playwright.sync_api import Page, expect

from discussion.actions import open_thread, reply
from discussion.models import Comment, Thread
from manners.models import Code
from tests.factories import UserFactory, write
from tests.journeys import browser


def sends(page: Page, name: str = "Send") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def until_copies(page: Page, count: int) -> None:
    """Wait until the browser has so many copies: scripts run later than words are seen, and tabs hear of others."""
    counted = "Object.keys(localStorage).filter(key => key.includes('talk')).length"
    page.wait_for_function(f"count => {counted} === count", arg=count)


def until_kept(page: Page, text: str) -> None:
    """Wait until the browser has its copy."""
    page.wait_for_function("text => Object.values(localStorage).some(kept => kept.includes(text))", arg=text)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_thread_is_begun_answered_and_settled(visit, outsider, member, scripts):
    article = write()
    page = visit(outsider, article.get_absolute_url(), scripts=scripts)
    page.get_by_role("link", name="Talk").click()
    expect(page.get_by_role("heading", name="No open threads")).to_be_visible()
    page.get_by_role("link", name="New thread").click()
    page.get_by_label("What is it about?").fill("Which port?")
    page.get_by_role("textbox", name="Comment").fill("Old or **new**?")
    sends(page, "Preview")
    expect(page.locator(".shown strong")).to_have_text("new")
    sends(page, "Begin the thread")
    expect(page.get_by_role("heading", name="Which port?")).to_be_visible()

    answering = visit(member, f"{article.get_absolute_url()}talk/", scripts=scripts)
    answering.get_by_role("link", name="Reply to “Which port?”").click()
    answering.get_by_role("textbox", name="Comment").fill("The new one.")
    sends(answering)
    expect(answering.locator(".replies .words")).to_have_text("The new one.")
    answering.get_by_role("button", name="Mark as resolved").click()
    expect(answering.get_by_text("Resolved:")).to_be_visible()

    page.get_by_role("link", name="All threads").click()
    expect(page.get_by_role("heading", name="No open threads")).to_be_visible()
    page.locator("details.resolved summary").click()
    expect(page.get_by_role("link", name="Which port?")).to_be_visible()


def test_a_chosen_passage_is_quoted_on_the_talk_page(visit, outsider):
    article = write()
    page = visit(outsider, article.get_absolute_url())
    link = page.get_by_role("link", name="Quote on the talk page")
    expect(link).to_be_hidden()
    page.locator(".prose p").first.select_text()
    link.click()
    expect(page.get_by_label("Passage of the page")).to_have_value(
        re.compile("The embassy stands near the port.")
    )
    page.get_by_label("What is it about?").fill("Is it?")
    page.get_by_role("textbox", name="Comment").fill("It moved.")
    sends(page, "Begin the thread")
    expect(page.locator("blockquote.quote")).to_contain_text("The embassy stands near the port.")
    page.get_by_role("link", name="In the page").click()
    expect(page).to_have_url(re.compile(re.escape(article.get_absolute_url())))
    assert Thread.objects.get().quoted == 1


def test_words_survive_a_closed_tab_and_go_when_they_are_sent(visit, outsider):
    article = write()
    thread = open_thread(UserFactory(), "article", article.pk, "Which port?", "Old or new?").thread
    page = visit(outsider, f"{article.get_absolute_url()}talk/{thread.pk}/")
    page.get_by_role("textbox", name="Comment").fill("Long thoughts.")
    until_kept(page, "Long thoughts.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{article.get_absolute_url()}talk/")
    page.goto(f"{article.get_absolute_url()}talk/{thread.pk}/")
    page.get_by_role("button", name="Put them back").click()
    expect(page.get_by_role("textbox", name="Comment")).to_have_value("Long thoughts.")
    sends(page)
    expect(page.locator(".replies .words")).to_have_text("Long thoughts.")
    until_copies(page, 0)
    assert Comment.objects.filter(author=outsider).count() == 1


def test_two_tabs_of_one_thread_keep_the_words_of_each(visit, outsider):
    article = write()
    thread = open_thread(UserFactory(), "article", article.pk, "Which port?", "Old or new?").thread
    url = f"{article.get_absolute_url()}talk/{thread.pk}/"
    one = visit(outsider, url)
    other = one.context.new_page()
    other.goto(one.url)
    for page, text in ((one, "Thoughts of one."), (other, "Thoughts of the other.")):
        page.get_by_role("textbox", name="Comment").fill(text)
        until_kept(page, text)
    until_copies(other, 2)
    sends(other)
    expect(other.locator(".replies .words")).to_have_text("Thoughts of the other.")
    other.get_by_role("button", name="Put them back").click()
    expect(other.get_by_role("textbox", name="Comment")).to_have_value("Thoughts of one.")


def test_a_colleague_is_named_by_beginning_to_type_the_name(visit, outsider, index):
    article = write()
    named = UserFactory(first_name="Farida", last_name="Quillfeather")
    index()
    page = visit(outsider, f"{article.get_absolute_url()}talk/new/")
    page.get_by_label("What is it about?").fill("Which port?")
    comment = page.get_by_role("textbox", name="Comment")
    expect(page.locator("text-expander")).to_be_attached()
    comment.click()
    comment.press_sequentially("Ask @Quillf", delay=60)
    page.get_by_role("option", name=re.compile("Quillfeather")).click()
    expect(comment).to_have_value(re.compile(rf"Ask \[\[@{named.username}\]\]"))
    sends(page, "Begin the thread")
    expect(page.locator(".words a")).to_have_text("Farida Quillfeather")


def test_talk_and_reports_keep_to_the_rules_of_accessibility(visit, outsider, member):
    article = write()
    first = open_thread(
        member, "article", article.pk, "Which port?", "Old or new?", quote="The embassy", quoted=1
    )
    reply(outsider, first.thread, "# New\n\nSee [[Addis Ababa]], [[@nobody]].", parent=None)
    talk = f"{article.get_absolute_url()}talk/"
    own = Comment.objects.get(author=outsider)
    for place in (talk, f"{talk}new/", f"{talk}{first.thread_id}/", f"{talk}comments/{own.pk}/edit/",
                  f"{talk}comments/{own.pk}/withdraw/", f"/manners/report/comment/{first.pk}/"):  # fmt: skip
        page = visit(outsider, place)
        report = browser.axe_report(page)
        assert not report, report
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


def test_a_newcomer_accepts_the_code_reports_a_comment_and_hears_the_decision(visit, outsider, member):
    article = write()
    open_thread(member, "article", article.pk, "Which port?", "You quibbler!")
    moderator = UserFactory(first_name="Mona", last_name="Moderator")
    moderator.groups.add(Group.objects.get(name="Moderators"))
    page = visit(outsider, article.get_absolute_url())
    code = Code.objects.create(text="Be **kind**.")
    try:
        page.goto(f"{article.get_absolute_url()}talk/")
        expect(page.get_by_role("heading", name="Code of conduct")).to_be_visible()
        page.get_by_role("button", name="I accept it").click()
        expect(page).to_have_url(re.compile("/talk/$"))
        page.get_by_role("link", name=re.compile("^Report")).click()
        page.get_by_label("It is unkind or attacks somebody").check()
        sends(page, "Send the report")
        expect(page.get_by_text("The moderators will look at it.")).to_be_visible()
        code.acceptances.create(user=moderator)
        deciding = visit(moderator, "/manners/queue/")
        deciding.get_by_role("link", name=re.compile("unkind")).click()
        deciding.get_by_label("Hide the comment").check()
        deciding.get_by_label("Why?").fill("Attack the matter.")
        deciding.get_by_role("button", name="Decide").click()
        expect(deciding.get_by_role("heading", name="What was decided")).to_be_visible()
        page.reload()
        expect(page.get_by_text("The reason: Attack the matter.")).to_be_visible()
    finally:
        cache.clear()
