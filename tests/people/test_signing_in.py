"""Signing in through an identity provider: whom it lets in, and as whom."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from diplopedia.settings import sign_on
from people import filling
from people.models import Profile, User
from tests.factories import PASSWORD, OfficeFactory, UserFactory
from tests.people import identity
from tests.people.identity import (
    KEY,
    STRANGERS_KEY,
    Provider,
    ask_saml,
    assertion,
    begin,
    browser,
    come,
    pem,
    post_saml,
)
from tests.visitor import words

pytestmark = pytest.mark.django_db
REFUSED = "We could not tell who you are"
FAILED = "Signing in did not work"
ANA = {"email": "ana.silva@ministry.example", "given_name": "Ana", "family_name": "Silva"}
NUMBER = "urn:example:number"


@pytest.fixture(autouse=True)
def nothing_used_before() -> None:
    cache.clear()


@pytest.fixture
def client() -> Client:
    return browser()


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with identity.serving(Provider()) as provider:
        said = {"OIDC_URL": provider.url, "OIDC_CLIENT_ID": identity.CLIENT, "OIDC_SECRET": identity.SECRET}
        configure(settings, monkeypatch, said)
        provider.says(**ANA)
        yield provider


@pytest.fixture
def saml(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "idp.pem").write_text(identity.CERTIFICATE)
    said = {"SAML_ENTITY_ID": identity.IDP, "SAML_SSO_URL": f"{identity.IDP}/sso"}
    said |= {"SAML_CERTIFICATE": str(tmp_path / "idp.pem"), "SSO_ID_ATTRIBUTE": NUMBER}
    configure(settings, monkeypatch, said | {"SSO_TRUST_EMAIL": "always"})


def configure(settings: Any, monkeypatch: pytest.MonkeyPatch, said: dict[str, str]) -> None:
    """Set what follows from the environment."""
    for name, value in (said | {"SSO_NAME": "the Ministry"}).items():
        monkeypatch.setenv(name, value)
    found = sign_on.read()
    settings.SOCIALACCOUNT_PROVIDERS = found.providers
    settings.SSO_ID_ATTRIBUTE, settings.SSO_TRUST_EMAIL = found.number, found.trust_email


def who(client: Client) -> User | None:
    """Return who is signed in."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


# --- somebody new --------------------------------------------------------------------------------------------------


def test_the_first_sign_in_makes_an_account_and_fills_the_profile(client, provider, settings):
    office = OfficeFactory.create(name="Consular Affairs", acronym="CA")
    settings.SSO_ATTRIBUTES = {"title": "jobTitle", "office": "department", "phone": "phone_number"}
    provider.says(**ANA, jobTitle="Vice consul", department="ca", phone_number="+93 20 1234")
    response = come(client, next="/people/")
    assert response["Location"] == "/people/"
    user = who(client)
    assert user is not None
    assert (user.username, user.email, user.directory_id) == ("ana.silva", ANA["email"], "4711")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    profile = user.profile
    assert (profile.name, profile.title, profile.phone) == ("Ana Silva", "Vice consul", "+93 20 1234")
    assert (profile.office, profile.sort_name) == (office, "Silva, Ana")


def test_the_second_sign_in_is_the_same_person_whatever_the_address_is_now(client, provider):
    come(client)
    first = who(client)
    other = browser()
    provider.says(email="ana.pereira@ministry.example", given_name="Ana", family_name="Pereira")
    come(other)
    assert who(other) == first
    assert User.objects.count() == 1


def test_what_the_person_wrote_stays_unless_the_directory_knows_better(client, provider, settings):
    settings.SSO_ATTRIBUTES = {"title": "jobTitle", "phone": "phone_number"}
    settings.SSO_OVERWRITES = ["phone"]
    provider.says(**ANA, jobTitle="Vice consul", phone_number="1")
    come(client)
    profile = User.objects.get().profile
    profile.title = "Consul, as I say"
    profile.save()
    provider.says(**ANA, jobTitle="Attaché", phone_number="2")
    come(browser())
    profile.refresh_from_db()
    assert (profile.title, profile.phone) == ("Consul, as I say", "2")


def test_what_somebody_saves_while_they_sign_in_stays(client, provider, settings, monkeypatch):
    settings.SSO_ATTRIBUTES = {"title": "jobTitle"}
    come(client)
    honest = filling.understood

    def slowly(profile, *rest):
        Profile.objects.filter(pk=profile.pk).update(phone="Saved at this moment", title="Consul, as I say")
        return honest(profile, *rest)

    monkeypatch.setattr(filling, "understood", slowly)
    provider.says(**ANA, jobTitle="Attaché")
    come(browser())
    profile = Profile.objects.get()
    assert (profile.phone, profile.title) == ("Saved at this moment", "Consul, as I say")


def test_an_unknown_office_or_too_long_a_title_is_left_out(client, provider, settings, caplog):
    settings.SSO_ATTRIBUTES = {"title": "jobTitle", "office": "department"}
    provider.says(**ANA, jobTitle="x" * 200, department="Nowhere")
    come(client)
    user = who(client)
    assert user is not None
    assert (user.profile.title, user.profile.office) == ("", None)
    assert "“Nowhere” is no office here" in caplog.text


def test_nothing_of_what_the_provider_says_is_kept_beside_the_profile(client, provider):
    provider.says(**ANA, groups=["Secret group"], birthdate="1980-01-01")
    come(client)
    assert SocialAccount.objects.get().extra_data == {}


def test_addresses_from_elsewhere_open_no_account(client, provider):
    provider.says(email="ana@elsewhere.example")
    assert "No account yet?" in words(come(client))
    assert not User.objects.exists()


def test_without_listed_domains_only_those_who_are_here_come_in(client, provider, settings):
    settings.STAFF_DOMAINS = []
    come(client)
    assert not User.objects.exists()
    user = UserFactory.create(directory_id="4711")
    come(client)
    assert who(client) == user


@pytest.mark.parametrize("verified", [False, "false", "", None, 0, "no"])
def test_an_address_that_the_provider_did_not_verify_opens_none(client, provider, verified):
    provider.says(**ANA, email_verified=verified)
    response = come(client)
    assert response.status_code == 403
    assert REFUSED in words(response)
    assert not User.objects.exists()


def test_that_one_address_is_verified_says_nothing_of_another_claim(client, provider, settings):
    settings.SSO_ATTRIBUTES = {"email": "upn"}
    provider.says(email="mallory@ministry.example", upn=ANA["email"])
    assert come(client).status_code == 403
    assert not User.objects.exists()


def test_a_provider_whose_addresses_are_the_ministrys_need_not_say_so(client, provider, settings):
    settings.SSO_TRUST_EMAIL = "always"
    provider.says(**ANA, email_verified=None)
    come(client)
    assert who(client) is not None


# --- somebody who is here ------------------------------------------------------------------------------------------


def test_a_homonym_is_somebody_else(client, provider):
    here = UserFactory.create(first_name="Ana", last_name="Silva", username="ana.silva")
    provider.says(**{**ANA, "email": "ana.silva2@ministry.example"})
    come(client)
    user = who(client)
    assert user is not None
    assert user != here
    assert user.username == "ana.silva2"
    here.refresh_from_db()
    assert here.directory_id is None


def test_a_colleagues_address_leads_to_no_account_unless_the_site_says_so(client, provider, settings, caplog):
    here = UserFactory.create(email=ANA["email"])
    assert come(client).status_code == 403
    assert who(client) is None
    assert "has this address and no number yet" in caplog.text
    settings.SSO_TRUST_EMAIL = "verified"
    come(client)
    assert who(client) == here
    here.refresh_from_db()
    assert here.directory_id == "4711"


def unverified(user: User) -> User:
    """Return the account as whoever only signed up with an address leaves it."""
    EmailAddress.objects.filter(user=user).update(verified=False)
    return user


def spoil_unverified_here(user: User) -> None:
    User.objects.filter(pk=unverified(user).pk).update(last_login=timezone.now())


def spoil_not_empty(user: User) -> None:
    unverified(user).groups.add(Group.objects.create(name="Negotiators"))


def spoil_entered_by_an_administrator(user: User) -> None:
    Profile.objects.filter(user=unverified(user)).update(title="Consul")


def spoil_unverified_here_and_verified_elsewhere(user: User) -> None:
    spoil_unverified_here(user)
    EmailAddress.objects.create(user=UserFactory.create(), email=user.email, verified=True)


def spoil_administrator(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)


def spoil_closed(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def spoil_number(user: User) -> None:
    User.objects.filter(pk=user.pk).update(directory_id="another")


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_unverified_here,
        spoil_not_empty,
        spoil_entered_by_an_administrator,
        spoil_unverified_here_and_verified_elsewhere,
        spoil_administrator,
        spoil_closed,
        spoil_number,
    ],
)
@pytest.mark.parametrize("trust", ["verified", "always"])
def test_an_address_alone_never_opens_an_account_that_may_be_somebody_elses(
    client, provider, settings, spoil, trust
):
    settings.SSO_TRUST_EMAIL = trust
    spoil(UserFactory.create(email=ANA["email"]))
    before = User.objects.count()
    response = come(client)
    assert (response.status_code, who(client)) == (403, None)
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("trust", ["no", "verified"])
def test_nobody_keeps_a_colleague_out_by_signing_up_with_their_address(
    client, provider, settings, caplog, trust
):
    settings.SSO_TRUST_EMAIL = trust
    stranger = browser()
    stranger.post("/accounts/signup/", {"email": ANA["email"], "password1": PASSWORD, "password2": PASSWORD})
    squatter = User.objects.get()
    come(client)
    ana = who(client)
    assert ana is not None
    assert ana.pk != squatter.pk
    assert (User.objects.get(), ana.directory_id, ana.username) == (ana, "4711", "ana.silva")
    assert not ana.has_usable_password()
    stranger.post("/accounts/login/", {"login": ANA["email"], "password": PASSWORD})
    assert who(stranger) is None
    assert "gives way" in caplog.text


def test_nobody_keeps_a_colleague_out_by_adding_their_address(client, provider, settings):
    settings.SSO_TRUST_EMAIL = "verified"
    here = UserFactory.create(email=ANA["email"])
    EmailAddress.objects.create(user=UserFactory.create(), email=here.email.upper(), verified=False)
    come(client)
    assert who(client) == here


def test_all_refusals_say_the_same_words(client, provider):
    unverified = {**ANA, "email_verified": False}
    provider.says(**unverified)
    nobody = words(come(client))
    UserFactory.create(email=ANA["email"])
    assert words(come(browser())) == nobody
    provider.says(**ANA)
    assert words(come(browser())) == nobody
    provider.says(**ANA, sub="")
    User.objects.update(is_active=False)
    provider.says(**ANA)
    assert words(come(browser())) == nobody


def test_a_closed_account_stays_closed(client, provider):
    come(client)
    User.objects.update(is_active=False)
    other = browser()
    assert "This account is closed" in words(other.get(come(other)["Location"]))
    assert who(other) is None
    assert client.get("/people/").status_code == 302


def test_a_closed_account_known_by_its_number_is_not_bound(client, provider):
    UserFactory.create(directory_id="4711", is_active=False)
    come(client)
    assert who(client) is None
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("number", [None, "4711"])
def test_whom_the_directory_numbered_confirms_no_address_at_the_first_sign_in(
    client, provider, tmp_path, mailoutbox, number
):
    here = UserFactory.create(email="Ana.Silva@ministry.example", directory_id=number)
    EmailAddress.objects.filter(user=here).delete()
    people = tmp_path / "people.csv"
    people.write_text(f"id,email,given_name,family_name\n4711,{','.join(ANA.values())}\n")
    call_command("sync_people", people, stdout=StringIO())
    assert come(client)["Location"] == "/"
    assert who(client) == here
    assert not mailoutbox


def test_somebody_who_is_signed_in_connects_the_provider_themselves(provider):
    here = UserFactory.create(email="old@ministry.example", is_superuser=True)
    client = browser()
    client.post("/accounts/login/", {"login": here.email, "password": PASSWORD})
    assert come(client, process="connect")["Location"] == "/accounts/reauthenticate/"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    come(other := browser())
    assert who(other) == here
    here.refresh_from_db()
    assert here.directory_id == "4711"


def test_who_finds_a_session_open_connects_nobody_to_it(provider, settings):
    here = UserFactory.create(email="victim@ministry.example")
    client = browser()
    client.post("/accounts/login/", {"login": here.email, "password": PASSWORD})
    provider.says("666", email="mallory@ministry.example", given_name="M", family_name="Y")
    assert come(client, process="connect")["Location"] == "/accounts/reauthenticate/"
    client.post("/accounts/reauthenticate/", {"password": "a guess"})
    here.refresh_from_db()
    assert here.directory_id is None
    come(other := browser())
    assert who(other) != here


def test_nobody_connects_a_person_who_has_an_account(provider):
    owner = UserFactory.create(directory_id="4711")
    thief = UserFactory.create()
    client = browser()
    client.force_login(thief)
    assert come(client, process="connect").status_code == 403
    thief.refresh_from_db()
    assert thief.directory_id is None
    come(other := browser())
    assert who(other) == owner


# --- tokens and answers --------------------------------------------------------------------------------------------


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, "none")


def by_a_stranger(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, pem(STRANGERS_KEY), "RS256", headers={"kid": "one"})


def by_our_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, identity.SECRET.ljust(64), "HS256", headers={"kid": "one"})


def with_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, pem(KEY), "RS256", headers={"kid": "two"})


def no_token(claims: dict[str, Any]) -> str:
    return "nonsense"


@pytest.mark.parametrize("sign", [unsigned, by_a_stranger, by_our_secret, with_another_key, no_token])
def test_a_token_that_the_provider_did_not_sign_is_refused(client, provider, sign):
    provider.sign = sign
    response = come(client)
    assert response.status_code == 401
    assert FAILED in words(response)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another site"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"iat": 99999999999},
        {"sub": None},
        {"sub": 12},
    ],
)
def test_a_token_for_somebody_else_of_somebody_else_or_of_another_time_is_refused(client, provider, claims):
    provider.says(**{**ANA, **claims})
    assert come(client).status_code == 401
    assert not User.objects.exists()


def test_userinfo_of_somebody_else_is_refused(client, provider):
    provider.userinfo = {"sub": "another", **ANA}
    assert come(client).status_code == 401
    assert not User.objects.exists()


def test_an_address_of_userinfo_verifies_no_other_one(client, provider):
    provider.claims = {"sub": "4711", "email": ANA["email"]}
    provider.userinfo = {"sub": "4711", "email": "mallory@ministry.example", "email_verified": True}
    assert come(client).status_code == 403


def test_an_answer_counts_once_and_in_the_session_that_asked(client, provider):
    back = begin(client)
    other = browser()
    assert other.get(back).status_code == 401
    assert who(other) is None
    client.get(back)
    assert who(client) is not None
    again = browser()
    assert again.get(back).status_code == 401
    assert who(again) is None


def test_a_code_from_elsewhere_is_refused(client, provider):
    mine, theirs = begin(client), begin(browser())
    code = theirs.split("code=")[1].split("&")[0]
    state = mine.split("state=")[1]
    assert client.get(f"/accounts/oidc/sso/login/callback/?code={code}&state={state}").status_code == 401
    assert who(client) is None


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_nobody_is_led_away(client, provider, where):
    assert come(client, next=where)["Location"] == "/"


def test_a_provider_that_is_away_is_said_with_words(client, provider):
    back = begin(client)
    provider.broken = True
    for response in (client.post("/accounts/oidc/sso/login/"), client.get(back)):
        assert response.status_code == 401
        assert FAILED in words(response)


def test_a_link_leads_to_a_button_and_nowhere_else(client, provider):
    page = client.get("/accounts/oidc/sso/login/?process=login")
    assert page.status_code == 200
    assert "Sign in with the Ministry" in words(page)


def test_the_button_takes_a_token_of_the_form(provider):
    careful = browser(enforce_csrf_checks=True)
    assert careful.post("/accounts/oidc/sso/login/").status_code == 403


def test_cancelling_is_no_error(client, provider):
    back = begin(client)
    state = back.split("state=")[1]
    response = client.get(
        f"/accounts/oidc/sso/login/callback/?error=access_denied&state={state}", follow=True
    )
    assert "You did not sign in" in words(response)


# --- SAML ----------------------------------------------------------------------------------------------------------


def about_ana(**more: str) -> dict[str, str]:
    return {NUMBER: "4711", "mail": ANA["email"], "givenName": "Ana", "sn": "Silva", **more}


def good(asked: str, **more: Any) -> str:
    return identity.response(asked, identity.signed(assertion(asked, about_ana(), **more)))


def test_saml_makes_an_account_and_finds_it_again(client, saml):
    asked = ask_saml(client, next="/people/")
    response = post_saml(client, good(asked))
    assert response["Location"] == "/people/"
    user = who(client)
    assert user is not None
    assert (user.directory_id, user.email, user.profile.name) == ("4711", ANA["email"], "Ana Silva")
    other = browser()
    post_saml(other, good(ask_saml(other)))
    assert who(other) == user


def test_a_signed_response_will_do(client, saml):
    asked = ask_saml(client)
    post_saml(client, identity.signed(identity.response(asked, assertion(asked, about_ana()))))
    assert who(client) is not None


def unsigned_assertion(asked: str) -> str:
    return identity.response(asked, assertion(asked, about_ana()))


def assertion_by_a_stranger(asked: str) -> str:
    return identity.response(asked, identity.signed(assertion(asked, about_ana()), STRANGERS_KEY))


def for_another_site(asked: str) -> str:
    return good(asked, audience="https://another.example")


def of_yesterday(asked: str) -> str:
    return good(asked, lasts=-600)


def changed_after_signing(asked: str) -> str:
    return good(asked).replace(">4711<", ">1<")


def wrapped(asked: str) -> str:
    """A signed assertion hidden in the response, and another one where people look."""
    true = identity.signed(assertion(asked, about_ana()))
    false = assertion(asked, about_ana(**{NUMBER: "1"}))
    return identity.response(asked, f"<samlp:Extensions>{true}</samlp:Extensions>{false}")


def with_a_comment(asked: str) -> str:
    """Canonical XML has no comments: a signature holds although one cuts a number in two."""
    return good(asked).replace(">4711<", ">47<!-- -->11<").replace("4711", "4711")


def with_entities(asked: str) -> str:
    doctype = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return doctype + good(asked).replace("Silva", "&a;")


@pytest.mark.parametrize(
    "forge",
    [
        unsigned_assertion,
        assertion_by_a_stranger,
        for_another_site,
        of_yesterday,
        changed_after_signing,
        wrapped,
        with_entities,
        lambda _asked: "<x/>",
        lambda _asked: "no XML",
        lambda _asked: "",
    ],
)
def test_what_the_provider_did_not_sign_for_us_now_is_refused_and_not_kept(client, saml, forge):
    asked = ask_saml(client)
    sessions = Session.objects.count()
    assert browser().post("/accounts/saml/sso/acs/", identity.sent(forge(asked))).status_code == 401
    assert Session.objects.count() == sessions
    response = post_saml(client, forge(asked))
    assert response.status_code == 401
    assert who(client) is None
    assert not User.objects.exists()


def test_a_comment_in_a_number_makes_nobody_else_of_them(client, saml):
    UserFactory.create(directory_id="47")
    post_saml(client, with_a_comment(ask_saml(client)))
    user = who(client)
    assert user is None or user.directory_id == "4711"


def test_an_assertion_counts_once(client, saml):
    asked = ask_saml(client)
    answer = good(asked)
    post_saml(client, answer)
    assert who(client) is not None
    thief = browser()
    ask_saml(thief)
    assert post_saml(thief, answer).status_code == 401
    assert who(thief) is None


def test_an_assertion_for_another_session_is_refused(client, saml):
    answer = good(ask_saml(client))
    thief = browser()
    ask_saml(thief)
    assert post_saml(thief, answer).status_code == 401
    assert who(thief) is None


def test_a_stolen_assertion_in_an_own_response_is_refused(client, saml):
    answer = identity.signed(assertion(ask_saml(client), about_ana()))
    thief = browser()
    assert post_saml(thief, identity.response(ask_saml(thief), answer)).status_code == 401
    assert who(thief) is None


def test_an_assertion_that_answers_nobody_counts_once_whoever_wraps_it(client, saml):
    told = identity.signed(assertion("", about_ana()))
    post_saml(client, identity.response(ask_saml(client), told))
    assert who(client) is not None
    thief = browser()
    assert post_saml(thief, identity.response(ask_saml(thief), told)).status_code == 401
    assert who(thief) is None


def test_nobody_comes_in_unasked(client, saml):
    assert post_saml(client, good("")).status_code == 401
    assert who(client) is None


def test_without_the_attribute_with_the_number_nobody_comes_in(client, saml):
    asked = ask_saml(client)
    said = about_ana()
    del said[NUMBER]
    response = post_saml(client, identity.response(asked, identity.signed(assertion(asked, said))))
    assert response.status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"SAMLResponse": "%%%"}, {"SAMLResponse": "a"}, {"SAMLResponse": "x" * 600_000}]
)
def test_nonsense_posted_by_anybody_is_refused_and_not_kept(client, saml, sent):
    assert client.post("/accounts/saml/sso/acs/", sent).status_code == 401
    assert client.get("/accounts/saml/sso/acs/finish/").status_code == 401
    assert not Session.objects.exists()


def test_metadata_name_where_to_come_back_and_no_log_out(client, saml):
    said = client.get("/accounts/saml/sso/metadata/").content.decode()
    assert identity.ACS in said
    assert "SingleLogout" not in said
    assert client.get("/accounts/saml/sso/sls/?SAMLRequest=x").status_code == 404


def test_saml_leads_nobody_away(client, saml):
    asked = ask_saml(client, next="https://evil.example/")
    assert post_saml(client, good(asked))["Location"] == "/"


# --- without a provider --------------------------------------------------------------------------------------------


def test_without_a_provider_nothing_shows_and_its_addresses_are_missing(client):
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in with" not in page
    assert 'name="password"' in page
    for end in ("oidc/sso/login/", "oidc/sso/login/callback/", "saml/sso/login/", "saml/sso/metadata/"):
        assert client.get(f"/accounts/{end}").status_code == 404
    xml = base64.b64encode(b"<x/>").decode()
    assert client.post("/accounts/saml/sso/acs/", {"SAMLResponse": xml}).status_code == 404
    assert client.get("/accounts/saml/sso/acs/finish/").status_code == 404
    assert not Session.objects.exists()


def test_with_a_provider_its_button_stands_before_the_password(client, provider):
    page = client.get("/accounts/login/?next=/people/").content.decode()
    assert page.index("Sign in with the Ministry") < page.index('name="password"')
    assert 'action="/accounts/oidc/sso/login/?process=login&amp;next=%2Fpeople%2F"' in page


def test_where_the_provider_is_the_only_way_no_password_opens(client, provider, settings):
    settings.SSO_ONLY = True
    user = UserFactory.create()
    page = client.get("/accounts/login/").content.decode()
    assert 'name="password"' not in page
    assert "Sign in with the Ministry" in page
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert who(client) is None
    client.post(
        "/accounts/signup/", {"email": "a@ministry.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert User.objects.count() == 1
    come(client)
    assert who(client) is not None
    assert not browser().login(email=user.email, password=PASSWORD)


def test_who_is_signed_in_still_gives_their_password_before_they_change_a_second_factor(provider, settings):
    user = UserFactory.create()
    client = browser()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    settings.SSO_ONLY = True
    assert client.post("/accounts/reauthenticate/", {"password": "a guess"}).status_code == 200
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_the_log_says_why_and_the_page_does_not(client, provider, caplog):
    caplog.set_level(logging.WARNING, "people")
    provider.says(**ANA, email_verified=False)
    page = words(come(client))
    assert "verified" not in page
    assert "does not say that it verified the e-mail address" in caplog.text


@pytest.mark.parametrize(
    ("error", "traced"),
    [
        (KeyError("sub"), True),
        (TypeError("no list"), True),
        (ValueError("no number"), True),
        (ImproperlyConfigured("no endpoint"), False),
    ],
)
def test_what_may_be_our_own_mistake_is_logged_with_where_it_happened(
    client, provider, caplog, monkeypatch, error, traced
):
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("people.views.sign_on.VerifyingAdapter.complete_login", fail)
    page = words(come(client))
    assert FAILED in page
    record = next(one for one in caplog.records if "Single sign-on failed" in one.message)
    assert bool(record.exc_info) is traced


# --- a second factor that the provider has seen --------------------------------------------------------------------


def test_a_second_factor_shown_to_the_provider_counts_in_that_session(client, provider, settings):
    settings.MFA_REQUIRED_GROUPS = ["*"]
    provider.says(**ANA, amr=["pwd"])
    come(client)
    assert client.get("/people/")["Location"] == "/accounts/2fa/"
    provider.says(**ANA, amr=["pwd", "mfa"])
    come(other := browser())
    assert other.get("/people/").status_code == 200
    assert client.get("/people/")["Location"] == "/accounts/2fa/"


def test_saml_says_so_by_an_attribute(client, saml, settings):
    settings.MFA_REQUIRED_GROUPS = ["*"]
    methods = "http://schemas.microsoft.com/claims/"
    shown = {f"{methods}authnmethodsreferences": f"{methods}multipleauthn"}
    asked = ask_saml(client)
    post_saml(client, identity.response(asked, identity.signed(assertion(asked, about_ana() | shown))))
    assert client.get("/people/").status_code == 200


def test_account_and_provider_are_joined_and_taken_apart_at_ones_own_page(provider):
    here = UserFactory.create(email="old@ministry.example")
    client = browser()
    client.post("/accounts/login/", {"login": here.email, "password": PASSWORD})
    assert "Connect the Ministry" in words(client.get("/accounts/3rdparty/"))
    come(client, process="connect")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/3rdparty/")
    assert "You can sign in with the Ministry." in words(page)
    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_the_tab_of_single_sign_on_is_there_with_a_provider_alone(client_for, outsider, provider, settings):
    client = client_for(outsider)
    assert 'href="/accounts/3rdparty/"' in client.get("/accounts/email/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert 'href="/accounts/3rdparty/"' not in client.get("/accounts/email/").content.decode()
