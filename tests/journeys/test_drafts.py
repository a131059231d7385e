"""No word is lost: the connection goes, the session ends, the window closes, somebody writes in two windows."""

from __future__ import annotations

import re

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from diplopedia.models import Draft
from tests.factories import revise, write
from tests.journeys import browser
from tests.journeys.conftest import session_of

SAVED = re.compile(r"saved on the server \d\d:\d\d")


def editor(page: Page) -> Locator:
    """Return where the text is written."""
    return page.get_by_label("Text", exact=True)


def type_text(page: Page, text: str) -> None:
    editor(page).fill(text)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def publish(page: Page, revision: int = 2) -> None:
    press(page, "Publish")
    expect(page.get_by_text(f"Published: this is revision {revision}")).to_be_visible()


def state(page: Page):
    return page.locator("[data-state]")


def trouble(page: Page):
    return page.locator("[data-trouble]")


def test_words_are_on_the_server_a_moment_after_one_stops_typing(visit, outsider):
    article = write(body="One.")
    url = f"{article.get_absolute_url()}edit/"
    page = visit(outsider, url)
    type_text(page, "Two.")
    expect(state(page)).to_have_text(SAVED)
    assert Draft.objects.get().body == "Two."
    assert page.evaluate("Object.keys(localStorage).length") == 0

    page.reload()
    page.get_by_role("link", name="Go on with your draft").click()
    expect(editor(page)).to_have_value("Two.")
    elsewhere = visit(outsider, url)
    elsewhere.get_by_role("link", name="Go on with your draft").click()
    expect(editor(elsewhere)).to_have_value("Two.")
    publish(elsewhere)
    assert not Draft.objects.exists()


def test_without_a_connection_the_page_stays_and_the_words_with_it(visit, outsider):
    article = write(body="One.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    page.context.set_offline(True)
    type_text(page, "Two.")
    expect(state(page)).to_contain_text("Not on the server yet")
    press(page, "Publish")
    expect(trouble(page)).to_contain_text("No connection")
    expect(editor(page)).to_have_value("Two.")
    type_text(page, "Two, three.")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    expect(trouble(page)).to_be_empty()
    publish(page)
    expect(page.get_by_text("Two, three.")).to_be_visible()


def test_a_server_that_restarts_while_one_writes_gets_the_words_afterwards(visit, outsider):
    article = write(body="One.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    page.route("**/drafts/**", lambda route: route.fulfill(status=502, body="Bad gateway"))
    type_text(page, "Two.")
    expect(state(page)).to_contain_text("Not on the server yet")
    press(page, "Publish")
    expect(trouble(page)).to_contain_text("No connection")
    page.unroute("**/drafts/**")
    expect(state(page)).to_have_text(SAVED)
    publish(page)
    assert article.edits.get(number=2).body == "Two."


def test_a_choice_between_two_texts_waits_for_the_connection(visit, outsider):
    article = write(body="The port closes at six.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    revise(article, "The port closes at eight.")
    type_text(page, "The port never closes.")
    press(page, "Publish")
    page.get_by_label("Paragraph written from both").fill("It closes when it likes.")
    page.context.set_offline(True)
    press(page, "Publish the merged page")
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    expect(page.get_by_label("Paragraph written from both")).to_have_value("It closes when it likes.")
    page.context.set_offline(False)
    press(page, "Publish the merged page")
    expect(page.get_by_text("It closes when it likes.")).to_be_visible()
    assert not Draft.objects.exists()


def test_a_window_closed_without_a_connection_loses_nothing(visit, outsider):
    article = write(body="One.\n\nLast.")
    url = f"{article.get_absolute_url()}edit/"
    page = visit(outsider, url)
    type_text(page, "Two.\n\nLast.")
    expect(state(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    type_text(page, "Two, three.\n\nLast.")
    expect(state(page)).to_contain_text("Not on the server yet")
    # A closing window is out of the hands of who took its connection away: its last request may yet go through.
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no connection')); }")
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_event("close"):  # or it would send its words once there is a connection
        page.close(run_before_unload=True)

    revise(article, "One.\n\nLast, by another.")
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(url)
    press(again, "Put them back")
    expect(editor(again)).to_have_value("Two, three.\n\nLast.")
    publish(again, revision=3)
    expect(again.get_by_text("Two, three.")).to_be_visible()
    expect(again.get_by_text("Last, by another.")).to_be_visible()
    assert again.evaluate("Object.keys(localStorage).length") == 0
    assert not Draft.objects.exists()


def test_words_typed_just_before_the_window_closes_are_on_the_server(visit, outsider):
    article = write(body="One.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    type_text(page, "Two.")
    page.goto("/help/")
    while not Draft.objects.exists():  # what is sent on the way out arrives after the next page
        page.wait_for_timeout(200)
    page.goto("/drafts/")
    page.get_by_role("link", name="Djibouti Post").click()
    expect(editor(page)).to_have_value("Two.")


def test_a_session_that_ends_before_publishing_loses_nothing(visit, outsider, site):
    article = write(body="One.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    page.context.clear_cookies()
    type_text(page, "Two.")
    expect(trouble(page)).to_contain_text("You are signed out")
    press(page, "Publish")
    expect(page.get_by_role("link", name="sign in in a new window")).to_be_visible()
    expect(editor(page)).to_have_value("Two.")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="sign in in a new window").click()
    window = opened.value
    window.get_by_label("E-mail address").fill(outsider.email)
    window.get_by_label("Password").fill("correct horse battery staple")
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_role("heading", name="Your drafts")).to_be_visible()
    window.close()
    publish(page)
    expect(page.get_by_text("Two.")).to_be_visible()


def test_another_person_in_the_same_browser_gets_nothing_of_it(visit, outsider, member, site):
    article = write(body="One.")
    url = f"{article.get_absolute_url()}edit/"
    page = visit(outsider, url)
    page.context.set_offline(True)
    type_text(page, "Words of mine.")
    expect(state(page)).to_contain_text("Not on the server yet")
    page.context.set_offline(False)
    page.close()
    page.context.clear_cookies()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(member), "url": site}
    page.context.add_cookies([cookie])
    other = page.context.new_page()
    other.goto(url)
    other.wait_for_load_state("load")
    expect(other.locator("[data-restore]")).to_be_hidden()
    expect(editor(other)).to_have_value("One.")


def test_two_windows_of_one_person_keep_their_words_apart(visit, outsider):
    article = write(body="One.")
    url = f"{article.get_absolute_url()}edit/"
    first = visit(outsider, url)
    second = first.context.new_page()
    second.goto(url)
    type_text(first, "First window.")
    expect(state(first)).to_have_text(SAVED)
    type_text(second, "Second window.")
    expect(state(second)).to_have_text(SAVED)
    publish(first)
    second.reload()
    second.get_by_role("link", name="Go on with your draft").click()
    expect(editor(second)).to_have_value("Second window.")


def test_a_button_pressed_twice_is_one_edit_and_going_back_shows_the_newest(visit, outsider):
    article = write(body="One.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    type_text(page, "Two.")
    page.get_by_role("button", name="Publish").dblclick()
    expect(page.get_by_text("Published: this is revision 2")).to_be_visible()
    assert article.edits.count() == 2
    page.go_back()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Two.")


def test_without_scripts_a_button_saves_the_draft(visit, outsider):
    article = write(body="One.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/", scripts=False, size=browser.PHONE)
    type_text(page, "Two.")
    press(page, "Save draft")
    expect(page.get_by_role("status").get_by_text("Draft saved on the server")).to_be_visible()
    expect(editor(page)).to_have_value("Two.")
