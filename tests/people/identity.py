"""Identity providers for tests: OpenID Connect on a port of this machine, and SAML as signed XML."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.http import HttpResponse
from django.test import Client
from onelogin.saml2.utils import OneLogin_Saml2_Utils

CLIENT, SECRET = "diplopedia", "a secret of both"
HOST = "http://testserver"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KEY, STRANGERS_KEY = new_key(), new_key()


def pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login.example.org")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
    signed = made.not_valid_after(now + dt.timedelta(days=9)).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


# --- OpenID Connect ------------------------------------------------------------------------------------------------


class Provider:
    """An OpenID Connect provider. Whoever comes is `claims`; `token` may be replaced by one of an attacker."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.asked: dict[str, dict[str, list[str]]] = {}
        self.sign: Any = lambda claims: jwt.encode(claims, pem(KEY), "RS256", headers={"kid": "one"})
        self.broken = False
        self.url = ""

    def says(self, sub: str = "4711", **claims: Any) -> None:
        """Set who comes next."""
        self.claims = {"sub": sub, "email_verified": True, **claims}

    def id_token(self) -> str:
        now = int(time.time())
        about = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300}
        return self.sign(about | self.claims)

    def answer(self, path: str, query: dict[str, list[str]], authorization: str) -> tuple[int, Any]:
        """Return status and answer to a request; a text is where the browser is sent."""
        if self.broken:
            return 503, {}
        if path == "/authorize":
            code = secrets.token_hex(8)
            self.asked[code] = query
            return 302, f"{query['redirect_uri'][0]}?{urlencode({'code': code, 'state': query['state'][0]})}"
        if path == "/token":
            return self.exchange(query)
        if path == "/me" and authorization != "Bearer access":
            return 401, {}
        return 200, self.page(path)

    def page(self, path: str) -> Any:
        """Return what is at an address."""
        if path == "/me":
            return self.userinfo or self.claims
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        ends = {"authorization": "authorize", "token": "token", "userinfo": "me"}
        found = {f"{name}_endpoint": f"{self.url}/{end}" for name, end in ends.items()}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **found}

    def exchange(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        """Give a token for a code, once, to who has the secret and began this."""
        asked = self.asked.pop(query["code"][0], {})
        digest = hashlib.sha256(query["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same = asked.get("code_challenge") == [challenge]
        if not same or query["client_secret"] != [SECRET] or query["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.id_token()}


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    """Serve a provider on a port that is free."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond(parse_qs(urlsplit(self.path).query))

        def do_POST(self) -> None:
            self.respond(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def respond(self, query: dict[str, list[str]]) -> None:
            path = urlsplit(self.path).path
            status, answer = provider.answer(path, query, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Location" if status == 302 else "X-None", answer if status == 302 else "")
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"" if status == 302 else json.dumps(answer).encode())

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def browser(**about: Any) -> Client:
    """Return a client that names the host, as browsers do and SAML asks."""
    return Client(HTTP_HOST="testserver", **about)


def begin(client: Client, **query: str) -> str:
    """Press the button of the sign-in page; return where the provider sends the browser."""
    response = client.post(f"/accounts/oidc/sso/login/?{urlencode({'process': 'login', **query})}")
    assert response.status_code == 302, response.content
    back = requests.get(response["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return back.removeprefix(HOST)


def come(client: Client, **query: str) -> HttpResponse:
    """Sign in with the provider, as a browser does."""
    return client.get(begin(client, **query))


# --- SAML ----------------------------------------------------------------------------------------------------------

IDP = "https://login.example.org/saml"
ACS = f"{HOST}/accounts/saml/sso/acs/"
US = f"{HOST}/accounts/saml/sso/metadata/"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"


def moment(seconds: float = 0) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(asked: str, attributes: dict[str, str], *, audience: str = US, lasts: float = 300) -> str:
    """Return an unsigned assertion about a person, in answer to a request of ours."""
    answers = f' InResponseTo="{asked}"' if asked else ""
    said = "".join(
        f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
        for name, value in attributes.items()
    )
    return (
        f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{secrets.token_hex(8)}" '
        f'Version="2.0" IssueInstant="{moment()}"><saml:Issuer>{IDP}</saml:Issuer>'
        "<saml:Subject><saml:NameID>name-id</saml:NameID>"
        f'<saml:SubjectConfirmation Method="{BEARER}"><saml:SubjectConfirmationData NotOnOrAfter="{moment(lasts)}" '
        f'Recipient="{ACS}"{answers}/></saml:SubjectConfirmation></saml:Subject>'
        f'<saml:Conditions NotBefore="{moment(-60)}" NotOnOrAfter="{moment(lasts)}"><saml:AudienceRestriction>'
        f"<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{moment()}" SessionIndex="_1"><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
        f"</saml:AuthnStatement><saml:AttributeStatement>{said}</saml:AttributeStatement></saml:Assertion>"
    )


def signed(xml: str, key: rsa.RSAPrivateKey = KEY) -> str:
    """Sign the outermost element."""
    sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    digest = "http://www.w3.org/2001/04/xmlenc#sha256"
    text = OneLogin_Saml2_Utils.add_sign(xml, pem(key), CERTIFICATE, False, sha256, digest)
    return text.decode() if isinstance(text, bytes) else text


def response(asked: str, inner: str) -> str:
    """Put an assertion into a response."""
    answers = f' InResponseTo="{asked}"' if asked else ""
    return (
        '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{secrets.token_hex(8)}" Version="2.0" '
        f'IssueInstant="{moment()}" Destination="{ACS}"{answers}><saml:Issuer>{IDP}</saml:Issuer><samlp:Status>'
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f"{inner}</samlp:Response>"
    )


CERTIFICATE = certificate(KEY)


def ask_saml(client: Client, **query: str) -> str:
    """Press the button of the sign-in page; return the number of our request."""
    answer = client.post(f"/accounts/saml/sso/login/?{urlencode({'process': 'login', **query})}")
    assert answer.status_code == 302, answer.content
    sent = parse_qs(urlsplit(answer["Location"]).query)["SAMLRequest"][0]
    xml = OneLogin_Saml2_Utils.decode_base64_and_inflate(sent).decode()
    return xml.split(' ID="')[1].split('"')[0]


def sent(xml: str) -> dict[str, str]:
    """Return what the browser posts."""
    return {"SAMLResponse": base64.b64encode(xml.encode()).decode()}


def post_saml(client: Client, xml: str) -> HttpResponse:
    """Let the browser post a response, as from another site: without our cookies; then follow."""
    outside = browser()
    first = outside.post("/accounts/saml/sso/acs/", sent(xml))
    if first.status_code != 302:
        return first
    client.cookies["saml-acs-session"] = outside.cookies["saml-acs-session"].value
    return client.get(first["Location"])
