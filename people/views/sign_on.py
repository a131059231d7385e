"""Single sign-on: allauth's views, with what they leave open closed.

Each answers with words where the provider does not answer, or answers nonsense. Tokens are verified by their
signature, whatever brought them. What is posted to SAML's address is kept for the second step only if the provider
signed it and it was never used before. Single log-out is not offered.
"""

from __future__ import annotations

import binascii
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import jwt
import xmlsec
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml import utils as saml
from allauth.socialaccount.providers.saml import views as saml_views
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from lxml.etree import LxmlError
from onelogin.saml2.auth import OneLogin_Saml2_Settings
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from requests import RequestException

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
# Keys that only the provider has. With a shared secret, whoever has ours could sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
NEEDED = ["exp", "iat", "iss", "aud", "sub"]
CLOCKS_DIFFER = 60  # seconds
LARGEST_ANSWER = 512 * 1024  # bytes; responses with many groups have some ten thousand
LONGEST_MEMORY = 24 * 60 * 60  # seconds for which an assertion that says no end is remembered
TROUBLE = (
    RequestException,
    OAuth2Error,
    OneLogin_Saml2_Error,
    OneLogin_Saml2_ValidationError,
    LxmlError,
    xmlsec.Error,
    ImproperlyConfigured,
    PermissionDenied,
    IntegrityError,  # two first sign-ins of one person at the same moment
)
# What an answer that is nonsense leads to, and a mistake of ours, too: the log says where.
MISTAKES = (KeyError, TypeError, ValueError)


def kindly(view: View) -> View:
    """Say with words that signing in did not work, and in the log why."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (SocialApp.DoesNotExist, Http404) as error:
            raise Http404 from error
        except (*TROUBLE, *MISTAKES) as error:
            log.warning(
                "Single sign-on failed: %s: %s",
                type(error).__name__,
                " ".join(str(error).split())[:500],
                exc_info=not isinstance(error, TROUBLE),
            )
            return render_authentication_error(request, None, exception=error)

    return answer


# --- OpenID Connect ------------------------------------------------------------------------------------------------


class VerifyingAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's, but a token counts by its signature, and what the provider says is one set of claims."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Return who signs in. Raises OAuth2Error for a token that is not ours, or two people in one answer."""
        claims = self._decode_id_token(app, kwargs["response"].get("id_token", ""))
        if "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is of somebody else than the token")
            if claims.get("email", more.get("email")) != more.get("email"):
                more.pop("email_verified", None)
            claims = {**more, **claims}
        return self.get_provider().sociallogin_from_response(request, claims)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                id_token,
                self._key(id_token),
                algorithms=ALGORITHMS,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCKS_DIFFER,
                options={"require": NEEDED},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the token is refused: {error}") from error

    def _key(self, id_token: str) -> jwt.PyJWK:
        """Return the provider's key that a token says it is signed with."""
        wanted = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = [
            key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.public_key_use in {None, "sig"}
        ]
        named = [key for key in keys if key.key_id == wanted] or (keys if wanted is None else [])
        if len(named) != 1:
            raise OAuth2Error(f"the provider has no key “{wanted}”")
        return named[0]


@kindly
def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider; a page with a button first where somebody follows a link."""
    return OAuth2LoginView.adapter_view(VerifyingAdapter(request, provider_id))(request)


@kindly
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take who comes back."""
    return OAuth2CallbackView.adapter_view(VerifyingAdapter(request, provider_id))(request)


# --- SAML ----------------------------------------------------------------------------------------------------------


@kindly
def saml_login(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Lead to the provider; a page with a button first where somebody follows a link."""
    return saml_views.login(request, organization_slug=organization_slug)


@csrf_exempt
@kindly
def saml_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Take what the provider has the browser post here, without our cookies: keep it for the second step.

    Anybody may post here. So nothing is kept that the provider did not sign, and each assertion once.
    """
    provider = saml.get_app_or_404(request, organization_slug).get_provider(request)
    if request.method != "POST":
        raise Http404
    if len(request.body) > LARGEST_ANSWER:
        raise PermissionDenied("the response is too large")
    auth = saml.build_auth(request, provider)
    try:
        auth.process_response()
    except binascii.Error as error:
        raise ValueError("the response is no Base64") from error
    if auth.get_errors():
        raise PermissionDenied(f"the response is refused: {auth.get_last_error_reason()}")
    remember(auth)
    return saml_views.acs(request, organization_slug=organization_slug)


def remember(auth: Any) -> None:
    """Let an assertion be used once. Raises PermissionDenied the second time."""
    ends = auth.get_last_assertion_not_on_or_after()
    lasts = max(ends - time.time(), 0) + CLOCKS_DIFFER if ends else LONGEST_MEMORY
    if not cache.add(f"saml:used:{auth.get_last_assertion_id()}", True, timeout=int(lasts) + 1):
        raise PermissionDenied("the assertion was used before")


@kindly
def saml_finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Take who comes back, with our cookies now."""
    return saml_views.finish_acs(request, organization_slug=organization_slug)


@kindly
def saml_metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Say to the provider where people come back to."""
    app = saml.get_app_or_404(request, organization_slug)
    config = saml.build_saml_config(request, app.settings, organization_slug)
    del config["sp"]["singleLogoutService"]
    ours = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True)
    return HttpResponse(ours.get_sp_metadata(), content_type="text/xml")


@csrf_exempt
@login_not_required
def saml_logout(_request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Single log-out is not offered: a request of anybody's could end a colleague's session."""
    raise Http404(organization_slug)
