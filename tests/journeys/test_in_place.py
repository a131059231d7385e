"""Editing a profile where its sections stand: with the keyboard alone."""

from __future__ import annotations

import re

from django.conf import settings
from playwright.sync_api import Page, Route, expect

from people.models import LanguageSkill
from tests.journeys import browser


def test_a_language_is_added_in_its_place_with_the_keyboard(visit, member):
    page = visit(member, f"/people/{member.username}/", size=browser.PHONE)
    section = page.locator("section#languages")
    section.get_by_role("link", name="Edit Languages").press("Enter")
    box = section.get_by_role("combobox", name="Language").first
    expect(box).to_be_focused()
    box.press_sequentially("tigrig")
    option = section.get_by_role("option", name="Tigrinya")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("Tigrinya")
    section.get_by_role("button", name="Save").press("Enter")
    expect(section.get_by_role("alert")).to_be_focused()  # the levels are missing
    expect(section.get_by_label("Language").first).to_have_value("Tigrinya")
    section.get_by_label("Speaks").first.select_option(
        label="3 – works in it: meetings, and discussion of most subjects (C1)"
    )
    section.get_by_label("Reads").first.select_option("5")
    section.get_by_role("button", name="Add another").press("Enter")
    expect(section.get_by_label("Language").nth(1)).to_be_focused()
    section.get_by_role("button", name="Save").press("Enter")
    expect(section.get_by_role("rowheader", name="Tigrinya")).to_be_visible()
    expect(section.get_by_role("status")).to_have_text("Saved. Colleagues see it now.")
    expect(section.get_by_role("link", name="Edit Languages")).to_be_focused()
    assert LanguageSkill.objects.get(profile=member.profile).levels == "3/2+"


def held(page: Page, text: str) -> list[Route]:
    """Keep back what is suggested for a text; whoever gets the list lets it go on."""
    kept: list[Route] = []

    def keep(route: Route) -> None:
        kept.append(route)

    page.route(re.compile(rf"/people/me/suggest/.*&q={text}$"), keep)
    return kept


def test_suggestions_come_though_those_asked_for_before_are_still_on_their_way(visit, member):
    page = visit(member, f"/people/{member.username}/edit/languages/")
    held(page, "tig")
    box = page.get_by_label("Language").first
    box.focus()
    with page.expect_request(re.compile("&q=tig$")):
        box.press_sequentially("tig")
    box.press_sequentially("rin")
    expect(page.get_by_role("option", name="Tigrinya")).to_be_visible()


def test_a_suggestion_stays_marked_where_newer_ones_have_it_too(visit, member):
    page = visit(member, f"/people/{member.username}/edit/languages/")
    late = held(page, "tigrin")
    box, option = page.get_by_label("Language").first, page.get_by_role("option", name="Tigrinya")
    box.focus()
    box.press_sequentially("tigri")
    expect(option).to_be_visible()
    with page.expect_request(re.compile("&q=tigrin$")):
        box.press_sequentially("n")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    option.evaluate("row => row.dataset.earlier = 'yes'")
    late.pop().continue_()
    expect(page.locator("[data-earlier]")).to_have_count(0)
    box.press("Enter")
    expect(box).to_have_value("Tigrinya")


def test_escape_leaves_a_form_and_asks_first_where_something_was_typed(visit, member):
    page = visit(member, f"/people/{member.username}/")
    section = page.locator("section#contact")
    pen = section.get_by_role("link", name="Edit Contact and hours")
    pen.click()
    phone = section.get_by_label("Telephone", exact=True)
    expect(phone).to_be_focused()
    phone.press("Escape")
    expect(pen).to_be_focused()
    pen.click()
    phone.fill("+1 555")
    page.once("dialog", lambda asked: asked.dismiss())
    phone.press("Escape")
    expect(phone).to_have_value("+1 555")


def test_what_was_typed_stays_when_the_session_is_over(visit, member):
    page = visit(member, f"/people/{member.username}/")
    section = page.locator("section#contact")
    section.get_by_role("link", name="Edit Contact and hours").click()
    section.get_by_label("Telephone", exact=True).fill("+1 555")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    section.get_by_role("button", name="Save").click()
    expect(section.get_by_role("alert")).to_contain_text("Nothing is lost")
    expect(section.get_by_label("Telephone", exact=True)).to_have_value("+1 555")
