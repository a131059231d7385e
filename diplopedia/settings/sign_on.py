"""What the environment says of one identity provider, OpenID Connect or SAML: checked at start, with right values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from django.core.exceptions import ImproperlyConfigured

from diplopedia.settings import environment as env

# The word in our addresses: /accounts/oidc/sso/login/callback/ and /accounts/saml/sso/acs/.
SLUG = "sso"
OIDC = ("OIDC_URL", "OIDC_CLIENT_ID", "OIDC_SECRET")
SAML = ("SAML_METADATA_URL", "SAML_ENTITY_ID", "SAML_SSO_URL", "SAML_CERTIFICATE")
REST = ("SSO_NAME", "SSO_ID_ATTRIBUTE", "SSO_TRUST_EMAIL", "SSO_ONLY", "SSO_ORIGINS", "SSO_ATTRIBUTES")
ATTRIBUTES = ("email", "given_name", "family_name", "title", "office", "post", "phone")
OVERWRITTEN = ("title", "office", "post", "phone", "languages")
EXAMPLE = (
    "For example: OIDC_URL=https://login.example.org/realms/ministry OIDC_CLIENT_ID=diplopedia OIDC_SECRET=…"
)
LOCAL = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class SignOn:
    """Settings of single sign-on; those of none when no provider is named."""

    providers: dict[str, Any] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)
    number: str = "sub"
    attributes: dict[str, str] = field(default_factory=dict)
    trust_email: str = "no"
    only: bool = False


def read() -> SignOn:
    """Return what is configured. Raises ImproperlyConfigured for half a provider, two, or what is no address."""
    has_oidc, has_saml = (any(map(env.text, names)) for names in (OIDC, SAML))
    if has_oidc and has_saml:
        raise ImproperlyConfigured(
            "OIDC_… and SAML_… are both set: people are known by the numbers of one provider. Remove one of them."
        )
    if not has_oidc and not has_saml:
        if said := [name for name in REST if env.text(name)]:
            raise ImproperlyConfigured(
                f"{', '.join(said)}: no identity provider is named that this could be about. {EXAMPLE}"
            )
        return SignOn()
    providers, origin = oidc() if has_oidc else saml()
    return SignOn(
        providers=providers,
        origins=sorted({origin, *map(origin_of, env.words("SSO_ORIGINS"))}),
        number=env.text("SSO_ID_ATTRIBUTE") or "sub",
        attributes=attributes(),
        trust_email=env.choice("SSO_TRUST_EMAIL", "no", "verified", "always"),
        only=env.flag("SSO_ONLY", False),
    )


def oidc() -> tuple[dict[str, Any], str]:
    """Return allauth's settings of an OpenID Connect provider, and its origin."""
    needed("OIDC_", OIDC, EXAMPLE)
    url = address("OIDC_URL")
    app = {
        "provider_id": SLUG,
        "name": name(),
        "client_id": env.text("OIDC_CLIENT_ID"),
        "secret": env.text("OIDC_SECRET"),
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}, origin_of(url)


def saml() -> tuple[dict[str, Any], str]:
    """Return allauth's settings of a SAML provider, and the origin where people sign in."""
    number = env.text("SSO_ID_ATTRIBUTE")
    if not number:
        raise ImproperlyConfigured(
            "SSO_ID_ATTRIBUTE must name the attribute with a number that is one person's for good, for example "
            "SSO_ID_ATTRIBUTE=http://schemas.microsoft.com/identity/claims/objectidentifier; or "
            "SSO_ID_ATTRIBUTE=NameID if your provider never gives a NameID to a second person."
        )
    provider, origin = saml_provider()
    mapping = {} if number == "NameID" else {"uid": [number]}
    advanced = {
        "strict": True,
        "reject_idp_initiated_sso": True,
        "want_name_id": number == "NameID",
        "allow_single_label_domains": True,  # a site within a ministry may be http://wiki/
    }
    app = {
        "provider_id": "saml",
        "name": name(),
        "client_id": SLUG,
        "settings": {"idp": provider, "attribute_mapping": mapping, "advanced": advanced},
    }
    return {"saml": {"APPS": [app]}}, origin


def saml_provider() -> tuple[dict[str, str], str]:
    """Return where a SAML provider is and what it signs with: by its metadata, or by three values."""
    if env.text("SAML_METADATA_URL"):
        needed(
            "SAML_",
            ("SAML_METADATA_URL", "SAML_ENTITY_ID"),
            "SAML_ENTITY_ID is the provider’s own name in its metadata.",
        )
        if said := [name for name in ("SAML_SSO_URL", "SAML_CERTIFICATE") if env.text(name)]:
            raise ImproperlyConfigured(f"{', '.join(said)}: SAML_METADATA_URL says this already. Remove one.")
        url = address("SAML_METADATA_URL")
        return {"metadata_url": url, "entity_id": env.text("SAML_ENTITY_ID")}, origin_of(url)
    needed("SAML_", ("SAML_ENTITY_ID", "SAML_SSO_URL", "SAML_CERTIFICATE"), "Or name SAML_METADATA_URL.")
    url = address("SAML_SSO_URL")
    return {
        "entity_id": env.text("SAML_ENTITY_ID"),
        "sso_url": url,
        "x509cert": certificate("SAML_CERTIFICATE"),
    }, origin_of(url)


def needed(beginning: str, names: tuple[str, ...], cure: str) -> None:
    """Raise ImproperlyConfigured unless all of these are set."""
    if missing := [name for name in names if not env.text(name)]:
        raise ImproperlyConfigured(
            f"{beginning}… is set without {' and '.join(missing)}: people could not sign in. {cure}"
        )


def address(variable: str) -> str:
    """Return an address that nobody on the way can read or change: https, or this very machine."""
    url = env.text(variable).rstrip("/")
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:  # a port beyond all ports
        good = False
    if not good or (parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL)):
        raise ImproperlyConfigured(
            f"{variable} must be an address that begins with https://, without a user in it: what comes from there "
            f"says who people are. For example: {variable}=https://login.example.org/…"
        )
    return url


def origin_of(url: str) -> str:
    """Return scheme, host and port. Raises ImproperlyConfigured for what has none."""
    parts = urlsplit(url)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.netloc
        or not set(parts.netloc).isdisjoint(" ;,'\"")
    ):
        raise ImproperlyConfigured(
            f"SSO_ORIGINS: {url!r} is not the address of a site. For example: SSO_ORIGINS=https://login.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def certificate(variable: str) -> str:
    """Return the certificate in a file. Raises ImproperlyConfigured where there is none."""
    path = env.certificates(variable)
    text = Path(path).read_bytes()
    try:
        x509.load_pem_x509_certificate(text)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{variable}={path!r} holds no certificate in PEM format. Ask the provider for the one it signs with."
        ) from error
    return text.decode("ascii", "replace")


def name() -> str:
    """Return what the button says after “Sign in with”."""
    return env.text("SSO_NAME") or "single sign-on"


def attributes() -> dict[str, str]:
    """Return what the provider calls what we know of people: `title=jobTitle,office=department`."""
    pairs = [item.partition("=") for item in env.words("SSO_ATTRIBUTES")]
    if wrong := [
        ours for ours, _equals, theirs in pairs if ours.strip() not in ATTRIBUTES or not theirs.strip()
    ]:
        raise ImproperlyConfigured(
            f"SSO_ATTRIBUTES: {', '.join(wrong)} is not understood. Name some of {', '.join(ATTRIBUTES)}, each with "
            "what the provider calls it. For example: SSO_ATTRIBUTES=title=jobTitle,office=department"
        )
    return {ours.strip(): theirs.strip() for ours, _equals, theirs in pairs}


def overwritten() -> list[str]:
    """Return what the directory knows better than the person. Raises ImproperlyConfigured for other words."""
    said = env.words("SSO_OVERWRITES")
    if wrong := [word for word in said if word not in OVERWRITTEN]:
        raise ImproperlyConfigured(
            f"SSO_OVERWRITES: {', '.join(wrong)} is not understood. Name some of {', '.join(OVERWRITTEN)}. "
            "For example: SSO_OVERWRITES=title,office"
        )
    return said


def percent(variable: str, default: int) -> int:
    """Return a share from 0 to 100."""
    value = env.number(variable, default)
    if value > 100:
        raise ImproperlyConfigured(f"{variable}={value} is more than all. For example: {variable}={default}")
    return value
