"""Addresses of single sign-on, before allauth's own: the same, guarded. They are there whatever is configured."""

from django.urls import re_path

from people.views import sign_on

OIDC = r"^oidc/(?P<provider_id>[^/]+)"
SAML = r"^saml/(?P<organization_slug>[^/]+)"

urlpatterns = [
    re_path(rf"{OIDC}/login/$", sign_on.oidc_login),
    re_path(rf"{OIDC}/login/callback/$", sign_on.oidc_callback),
    re_path(rf"{SAML}/login/$", sign_on.saml_login),
    re_path(rf"{SAML}/acs/$", sign_on.saml_acs),
    re_path(rf"{SAML}/acs/finish/$", sign_on.saml_finish),
    re_path(rf"{SAML}/metadata/$", sign_on.saml_metadata),
    re_path(rf"{SAML}/sls/$", sign_on.saml_logout),
]
