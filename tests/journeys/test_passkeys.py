"""A key opens the door by itself; not at the deployed site, as browsers refuse keys with a certificate of a test."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD


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
