"""Through the one door and out again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD
from tests.journeys import deployed

no_passkeys = pytest.mark.skipif(
    bool(deployed.URL), reason="browsers refuse passkeys where a certificate was made for the test"
)


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


@no_passkeys
def test_a_passkey_is_added_and_opens_the_door_without_a_password(visit, member, site):
    page = visit(
        None, site.replace("127.0.0.1", "localhost") + "/accounts/login/?next=/accounts/2fa/webauthn/add/"
    )
    with_passkeys(page)
    page.get_by_label(re.compile("E-?mail")).fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)  # before what opens the door is changed
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page).to_have_url(re.compile("/accounts/2fa/(?!webauthn/add)"))
    page.context.clear_cookies()
    page.goto(site.replace("127.0.0.1", "localhost") + "/people/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/people/"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(r"/people/$"))
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


@no_passkeys
def test_a_key_that_is_not_known_is_said(visit, site):
    page = visit(None, site.replace("127.0.0.1", "localhost") + "/accounts/login/")
    with_passkeys(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No key answered that is known here")
    expect(page.get_by_label("Password")).to_be_visible()


def with_passkeys(page: Page) -> None:
    """Let the browser keep passkeys, and press the finger on the reader whenever it is asked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_signing_out_closes_the_door(visit, member):
    page = visit(member, "/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    page.goto("/wiki/")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
