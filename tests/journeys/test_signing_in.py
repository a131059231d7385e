"""Through the one door and out again."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.factories import PASSWORD


def test_a_colleague_signs_in_and_arrives_where_she_was_going(visit, member):
    page = visit(None, "/changes/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))

    page.get_by_label(re.compile("E-?mail")).fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url(re.compile(r"/changes/$"))
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_a_wrong_password_is_refused_with_words_and_the_address_is_kept(visit, member):
    page = visit(None, "/accounts/login/")
    page.get_by_label(re.compile("E-?mail")).fill(member.email)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_label(re.compile("E-?mail"))).to_have_value(member.email)
    expect(page.get_by_text(re.compile("not correct|do not match", re.IGNORECASE))).to_be_visible()


def test_signing_out_closes_the_door(visit, member):
    page = visit(member, "/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    page.goto("/wiki/")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
