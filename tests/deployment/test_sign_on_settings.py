"""Settings of single sign-on are checked at start: half a provider, or one that anybody could be, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from diplopedia.settings import sign_on
from tests.people.identity import CERTIFICATE

OIDC = {"OIDC_URL": "https://login.example.org/realms/x", "OIDC_CLIENT_ID": "wiki", "OIDC_SECRET": "s3cret"}
METADATA = {"SAML_METADATA_URL": "https://login.example.org/metadata", "SAML_ENTITY_ID": "urn:idp"}
NUMBER = {"SSO_ID_ATTRIBUTE": "urn:number"}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that this run of the tests was told."""
    for name in (*sign_on.OIDC, *sign_on.SAML, *sign_on.REST, "SSO_OVERWRITES", "SYNC_MOST_CLOSED"):
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> sign_on.SignOn:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return sign_on.read()


def test_without_a_provider_there_is_none():
    found = sign_on.read()
    assert (found.providers, found.origins, found.only) == ({}, [], False)


def test_openid_connect_by_three_values(monkeypatch):
    found = read(
        monkeypatch, **OIDC, SSO_NAME="the Ministry", SSO_ATTRIBUTES="title=jobTitle, office=department"
    )
    (app,) = found.providers["openid_connect"]["APPS"]
    assert (app["provider_id"], app["name"], app["client_id"]) == ("sso", "the Ministry", "wiki")
    assert app["settings"] == {"server_url": OIDC["OIDC_URL"], "oauth_pkce_enabled": True}
    assert found.origins == ["https://login.example.org"]
    assert found.attributes == {"title": "jobTitle", "office": "department"}
    assert (found.number, found.trust_email, found.only) == ("sub", "no", False)


def test_saml_by_metadata_or_by_three_values(monkeypatch, tmp_path):
    (app,) = read(monkeypatch, **METADATA, **NUMBER).providers["saml"]["APPS"]
    assert app["settings"]["idp"] == {"metadata_url": METADATA["SAML_METADATA_URL"], "entity_id": "urn:idp"}
    assert app["settings"]["attribute_mapping"] == {"uid": ["urn:number"]}
    monkeypatch.delenv("SAML_METADATA_URL")
    path = tmp_path / "idp.pem"
    path.write_text(CERTIFICATE)
    given = {"SAML_SSO_URL": "https://sign.example.org:8443/sso", "SAML_CERTIFICATE": str(path)}
    found = read(monkeypatch, **given, SSO_ID_ATTRIBUTE="NameID", SSO_ORIGINS="https://other.example.org")
    (app,) = found.providers["saml"]["APPS"]
    assert app["settings"]["idp"]["x509cert"] == CERTIFICATE
    assert app["settings"]["advanced"]["want_name_id"] is True
    assert found.origins == ["https://other.example.org", "https://sign.example.org:8443"]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"OIDC_URL": "https://a.example"}, "without OIDC_CLIENT_ID and OIDC_SECRET"),
        ({**OIDC, **METADATA, **NUMBER}, "both set"),
        (
            {**OIDC, "OIDC_URL": "http://login.example.org"},
            "OIDC_URL must be an address that begins with https://",
        ),
        ({**OIDC, "OIDC_URL": "https://user:pw@login.example.org"}, "without a user in it"),
        ({**OIDC, "OIDC_URL": "https://a:99999"}, "OIDC_URL must be an address"),
        ({**OIDC, "OIDC_URL": "login.example.org"}, "OIDC_URL must be an address"),
        (
            {**OIDC, "SSO_TRUST_EMAIL": "yes"},
            "SSO_TRUST_EMAIL=always or SSO_TRUST_EMAIL=no or SSO_TRUST_EMAIL=verified",
        ),
        ({**OIDC, "SSO_ATTRIBUTES": "salary=pay"}, "SSO_ATTRIBUTES: salary is not understood"),
        ({**OIDC, "SSO_ATTRIBUTES": "title"}, "SSO_ATTRIBUTES: title is not understood"),
        ({**OIDC, "SSO_ORIGINS": "https://a.example;script-src"}, "is not the address of a site"),
        ({**OIDC, "SSO_ORIGINS": "*"}, "is not the address of a site"),
        ({**OIDC, "SSO_ONLY": "perhaps"}, "SSO_ONLY=yes or SSO_ONLY=no"),
        ({"SSO_ONLY": "yes"}, "SSO_ONLY: no identity provider is named"),
        (METADATA, "SSO_ID_ATTRIBUTE must name the attribute with a number that is one person's for good"),
        ({**NUMBER, "SAML_METADATA_URL": "https://a.example"}, "without SAML_ENTITY_ID"),
        ({**NUMBER, "SAML_ENTITY_ID": "urn:idp"}, "without SAML_SSO_URL and SAML_CERTIFICATE"),
        ({**NUMBER, **METADATA, "SAML_SSO_URL": "https://a.example"}, "SAML_METADATA_URL says this already"),
    ],
)
def test_what_cannot_work_or_cannot_be_safe_is_said_with_its_cure(monkeypatch, variables, said):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(monkeypatch, **variables)
    assert said in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert "user:pw" not in str(refused.value)


def test_a_certificate_is_looked_at(monkeypatch, tmp_path: Path):
    path = tmp_path / "idp.pem"
    path.write_text("nothing")
    given = {"SAML_ENTITY_ID": "urn:idp", "SAML_SSO_URL": "https://a.example", "SAML_CERTIFICATE": str(path)}
    with pytest.raises(ImproperlyConfigured, match="holds no certificate in PEM format"):
        read(monkeypatch, **given, **NUMBER)
    with pytest.raises(ImproperlyConfigured, match="SAML_CERTIFICATE='/none' cannot be read"):
        read(monkeypatch, SAML_CERTIFICATE="/none")


def test_what_the_directory_knows_better_and_how_many_it_may_close(monkeypatch):
    assert sign_on.overwritten() == []
    monkeypatch.setenv("SSO_OVERWRITES", "title, office")
    assert sign_on.overwritten() == ["title", "office"]
    monkeypatch.setenv("SSO_OVERWRITES", "email")
    with pytest.raises(ImproperlyConfigured, match="SSO_OVERWRITES: email is not understood"):
        sign_on.overwritten()
    monkeypatch.setenv("SYNC_MOST_CLOSED", "101")
    with pytest.raises(ImproperlyConfigured, match="SYNC_MOST_CLOSED=101 is more than all"):
        sign_on.percent("SYNC_MOST_CLOSED", 10)
