"""Who has to have a second factor, and what is shut to them until they do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import User
from tests.factories import PASSWORD, UserFactory
from tests.visitor import words

pytestmark = pytest.mark.django_db
SETUP = "/accounts/2fa/"
HALF_MINUTE = 30  # seconds that a code is shown


@pytest.fixture
def required(settings: Any) -> None:
    settings.MFA_REQUIRED_GROUPS = ["Negotiators"]


def key_of(user: User, kind: str = Authenticator.Type.TOTP) -> Authenticator:
    return Authenticator.objects.create(user=user, type=kind, data={"secret": "x"})


def questions(client: Client, address: str = "/people/") -> int:
    """Return how many queries a page takes the second time."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_member_of_the_group_is_led_to_set_one_up_and_told_why(required, client_for, member):
    client = client_for(member)
    assert client.get("/people/")["Location"] == SETUP
    page = words(client.get(SETUP))
    assert "With your tasks you need a second step to sign in" in page
    assert "Authenticator" in page


def test_once_it_is_set_up_everything_is_open(required, member, monkeypatch):
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: 100 * HALF_MINUTE))
    client = Client()
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    activate = "/accounts/2fa/totp/activate/"
    page = client.get(activate)
    if page.status_code == 302:
        assert page["Location"].startswith("/accounts/reauthenticate/")
        client.post(page["Location"], {"password": PASSWORD})
    client.get(activate)
    # Its half minute was over while it was typed.
    code = auth.format_hotp_value(auth.hotp_value(client.session[auth.SECRET_SESSION_KEY], 99))
    client.post(activate, {"code": code})
    assert Authenticator.objects.filter(user=member, type="totp").exists()
    assert client.get("/people/").status_code == 200
    assert "With your tasks" not in words(client.get(SETUP))


def test_a_passkey_opens_the_door_by_itself(client, settings):
    page = words(client.get("/accounts/login/"))
    assert "Use a passkey" in page
    options = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    asked = options["request_options"]["publicKey"]
    assert asked["userVerification"] == "required", "with a finger or a PIN it is two factors in one"
    assert not asked["allowCredentials"], "nobody learns whose keys there are"
    settings.SSO_ONLY = True
    page = client.get("/accounts/login/").content.decode()
    assert "passkey" not in page


def test_others_notice_nothing(required, client_for, outsider):
    client = client_for(outsider)
    assert client.get("/people/").status_code == 200
    assert "With your tasks" not in words(client.get(SETUP))


def test_without_the_setting_nobody_notices(client_for, member, administrator):
    for user in (member, administrator):
        assert client_for(user).get("/people/").status_code == 200


def test_joining_the_group_and_giving_up_the_last_key_count_at_the_next_request(
    required, client_for, outsider
):
    client = client_for(outsider)
    assert client.get("/people/").status_code == 200
    outsider.groups.add(Group.objects.get_or_create(name="Negotiators")[0])
    assert client.get("/people/")["Location"] == SETUP
    key = key_of(outsider)
    assert client.get("/people/").status_code == 200
    key.delete()
    assert client.get("/people/")["Location"] == SETUP


def test_recovery_codes_alone_are_none(required, client_for, member):
    key_of(member, Authenticator.Type.RECOVERY_CODES)
    assert client_for(member).get("/people/")["Location"] == SETUP


def test_a_passkey_is_one(required, client_for, member):
    key_of(member, Authenticator.Type.WEBAUTHN)
    assert client_for(member).get("/people/").status_code == 200


def test_administrators_are_always_among_them(required, client_for, administrator):
    assert client_for(administrator).get("/admin/")["Location"] == SETUP


@pytest.mark.parametrize("address", ["pages/", "images/", "documents/"])
def test_views_that_ask_for_themselves_are_shut_too(required, client_for, administrator, address):
    client = client_for(administrator)
    assert client.get(f"/admin/api/main/{address}")["Location"] == SETUP
    key_of(administrator)
    assert client.get(f"/admin/api/main/{address}").status_code == 200


def test_a_star_means_everybody(settings, client_for, outsider):
    settings.MFA_REQUIRED_GROUPS = ["*"]
    assert client_for(outsider).get("/")["Location"] == SETUP


def test_what_was_being_written_is_shown_again(required, client_for, member):
    response = client_for(member).post("/wiki/new/", {"title": "Port", "body": "My words", "me": member.pk})
    assert response.status_code == 401
    assert b"My words" in response.content


def test_it_costs_no_query(settings, client_for, outsider, member):
    before = questions(client_for(outsider)), questions(client_for(member))
    key_of(member)
    settings.MFA_REQUIRED_GROUPS = ["Negotiators"]
    assert (questions(client_for(outsider)), questions(client_for(member))) == before


def test_the_health_of_the_site_and_signing_out_ask_for_none(required, client_for, member):
    client = client_for(member)
    assert client.get("/health/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 200


def test_many_groups_are_one_question(settings, client_for):
    settings.MFA_REQUIRED_GROUPS = ["No such group", "Negotiators"]
    user = UserFactory.create()
    assert client_for(user).get("/people/").status_code == 200
