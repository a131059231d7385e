"""Who may open which address. An address that is not here fails the build: decide, then write it down.

PUBLIC     anybody, without signing in
DOOR       leads to the one sign-in page
COLLEAGUE  everybody who is signed in, and nobody else
ARTICLE    who may read the article; for others exactly as if it did not exist
FILE       who may read the article that the file belongs to; for others as if it did not exist
MODERATOR  moderators who may read what a report is about, and who has a part in it; for others as if it did not exist
SELF       the person themselves; administrators too
STAFF      those who may enter the administration
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum, auto
from typing import Any

from django.urls import URLPattern, URLResolver


class Policy(StrEnum):
    """Who may open an address."""

    PUBLIC = auto()
    DOOR = auto()
    COLLEAGUE = auto()
    ARTICLE = auto()
    FILE = auto()
    MODERATOR = auto()
    SELF = auto()
    STAFF = auto()


# Exact addresses, as routes.
POLICIES: dict[str, Policy] = {
    "health/": Policy.PUBLIC,
    "ready/": Policy.PUBLIC,
    "favicon.ico": Policy.PUBLIC,
    "admin/login/": Policy.DOOR,
    "_util/login/": Policy.DOOR,
    "django-admin/login/": Policy.DOOR,
    "admin/password_reset/": Policy.DOOR,
    "": Policy.COLLEAGUE,
    "changes/": Policy.COLLEAGUE,
    "drafts/": Policy.COLLEAGUE,
    "drafts/<int:pk>/": Policy.SELF,
    "drafts/<int:pk>/discard/": Policy.SELF,
    # The token in the address says whose feed it is; without a good one there is none.
    "feeds/<str:token>/<str:of>.atom": Policy.PUBLIC,
    "feeds/<str:token>/<str:of>/<str:slug>.atom": Policy.PUBLIC,
    "help/": Policy.COLLEAGUE,
    "people/me/": Policy.COLLEAGUE,
    "people/me/language/": Policy.COLLEAGUE,
    "notices/": Policy.COLLEAGUE,
    "notices/seen/": Policy.COLLEAGUE,
    "notices/watching/": Policy.COLLEAGUE,
    "notices/watch/": Policy.COLLEAGUE,
    "notices/settings/": Policy.COLLEAGUE,
    "notices/feeds/": Policy.COLLEAGUE,
    # Links in e-mails: signed, and good for stopping alone.
    "notices/stop/<str:token>/": Policy.PUBLIC,
    "help/<slug:page>/": Policy.COLLEAGUE,
    "search/": Policy.COLLEAGUE,
    "search/suggest/": Policy.COLLEAGUE,
    "people/": Policy.COLLEAGUE,
    "manners/conduct/": Policy.COLLEAGUE,
    "manners/queue/": Policy.MODERATOR,
    "manners/reports/<int:report>/": Policy.MODERATOR,
    "manners/report/<slug:kind>/<int:pk>/": Policy.ARTICLE,
    "people/languages/": Policy.COLLEAGUE,
    "people/offices/": Policy.COLLEAGUE,
    "people/offices/<slug:slug>/": Policy.COLLEAGUE,
    "people/posts/": Policy.COLLEAGUE,
    "people/posts/<slug:slug>/": Policy.COLLEAGUE,
    "people/languages/languages.csv": Policy.COLLEAGUE,
    "people/offices/offices.csv": Policy.COLLEAGUE,
    # Links lead to the first, which says what is taken along; only a POST gives it.
    "people/search/": Policy.COLLEAGUE,
    "people/search/people.csv": Policy.COLLEAGUE,
    "people/search/people.vcf": Policy.COLLEAGUE,
    "people/search/print/": Policy.COLLEAGUE,
    "people/<str:handle>/": Policy.COLLEAGUE,
    "people/<str:handle>/contributions/": Policy.COLLEAGUE,
    "people/<str:handle>/vcard/": Policy.COLLEAGUE,
    "people/<str:handle>/card/": Policy.COLLEAGUE,
    "people/<str:handle>/photo/": Policy.SELF,
    # Who sees a photo is a question of its own: tests/people/test_photos.py asks it.
    "people/<str:handle>/photo/<str:key>/<int:size>/": Policy.COLLEAGUE,
    "people/<str:handle>/confirm/": Policy.SELF,
    "people/<str:handle>/merge/": Policy.STAFF,
    # Links in the yearly e-mail: signed, and good for one confirmation.
    "people/confirm/<str:token>/": Policy.PUBLIC,
    "people/<str:handle>/correct/": Policy.COLLEAGUE,
    "people/<str:handle>/corrections/": Policy.SELF,
    "people/<str:handle>/endorse/": Policy.COLLEAGUE,
    "people/<str:handle>/endorse/withdraw/": Policy.COLLEAGUE,
    "people/me/suggest/": Policy.COLLEAGUE,
    "people/<str:handle>/edit/": Policy.SELF,
    "people/<str:handle>/edit/<slug:section>/": Policy.SELF,
    "wiki/": Policy.COLLEAGUE,
    "wiki/new/": Policy.COLLEAGUE,
    "wiki/preview/": Policy.COLLEAGUE,
    "wiki/kinds/<slug:slug>/": Policy.COLLEAGUE,
    "wiki/tags/<str:slug>/": Policy.COLLEAGUE,
    "wiki/regions/<slug:slug>/": Policy.COLLEAGUE,
    "wiki/case-studies/": Policy.COLLEAGUE,
    "wiki/letters/": Policy.COLLEAGUE,
    "wiki/wanted/": Policy.COLLEAGUE,
    "wiki/name/": Policy.COLLEAGUE,
    "wiki/lists/": Policy.COLLEAGUE,
    "wiki/lists/<slug:name>/": Policy.COLLEAGUE,
    "wiki/lists/lost-sections/": Policy.COLLEAGUE,
    "wiki/lists/deleted/": Policy.COLLEAGUE,
    "wiki/random/": Policy.COLLEAGUE,
    "wiki/<str:slug>/": Policy.ARTICLE,
    "wiki/<str:slug>/edit/": Policy.ARTICLE,
    "wiki/<str:slug>/editing/": Policy.ARTICLE,
    "wiki/<str:slug>/history/": Policy.ARTICLE,
    "wiki/<str:slug>/history/<int:number>/": Policy.ARTICLE,
    "wiki/<str:slug>/history/<int:number>/restore/": Policy.ARTICLE,
    "wiki/<str:slug>/history/<int:number>/thanks/": Policy.ARTICLE,
    "wiki/<str:slug>/history/<int:number>/undo/": Policy.ARTICLE,
    "wiki/<str:slug>/at/": Policy.ARTICLE,
    "wiki/<str:slug>/blame/": Policy.ARTICLE,
    "wiki/<str:slug>/read/": Policy.ARTICLE,
    "wiki/<str:slug>/compare/": Policy.ARTICLE,
    "wiki/<str:slug>/links/": Policy.ARTICLE,
    "wiki/<str:slug>/languages/": Policy.ARTICLE,
    "wiki/<str:slug>/names/": Policy.ARTICLE,
    "wiki/<str:slug>/names/<int:alias>/remove/": Policy.ARTICLE,
    "wiki/<str:slug>/join/": Policy.ARTICLE,
    "wiki/<str:slug>/split/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/new/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/<int:thread>/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/<int:thread>/resolve/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/comments/<int:comment>/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/comments/<int:comment>/earlier/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/comments/<int:comment>/edit/": Policy.ARTICLE,
    "wiki/<str:slug>/talk/comments/<int:comment>/withdraw/": Policy.ARTICLE,
    "wiki/<str:slug>/rename/": Policy.ARTICLE,
    "wiki/<str:slug>/access/": Policy.ARTICLE,
    "wiki/<str:slug>/verify/": Policy.ARTICLE,
    "wiki/<str:slug>/delete/": Policy.ARTICLE,
    "wiki/<str:slug>/deleted/": Policy.ARTICLE,
    "files/add/": Policy.COLLEAGUE,
    "files/images/<int:pk>/<int:width>/": Policy.FILE,
    "files/documents/<int:pk>/<str:filename>": Policy.FILE,
    "files/<path:path>": Policy.FILE,
    # Texts and icons of the administration's pages, without anything of the wiki.
    "admin/jsi18n/": Policy.COLLEAGUE,
    "admin/sprite/": Policy.COLLEAGUE,
    # Signing in and what is needed before it.
    "accounts/login/": Policy.PUBLIC,
    "accounts/signup/": Policy.PUBLIC,
    "accounts/logout/": Policy.PUBLIC,
    "accounts/inactive/": Policy.PUBLIC,
    "accounts/confirm-email/": Policy.PUBLIC,
    "accounts/login/code/confirm/": Policy.PUBLIC,
}

# Whole branches whose addresses are other people's: the longest prefix counts.
BRANCHES: dict[str, Policy] = {
    "admin/": Policy.STAFF,
    "accounts/": Policy.COLLEAGUE,
    "accounts/password/reset/": Policy.PUBLIC,
    "accounts/confirm-email/": Policy.PUBLIC,
    "accounts/3rdparty/login/": Policy.PUBLIC,
    "accounts/3rdparty/signup/": Policy.PUBLIC,
    "accounts/2fa/authenticate/": Policy.PUBLIC,
    "accounts/2fa/webauthn/login/": Policy.PUBLIC,
    "accounts/oidc/": Policy.PUBLIC,
    "accounts/saml/": Policy.PUBLIC,
}


def policy(route: str) -> Policy | None:
    """Return the policy of a route: its own, or that of the longest branch it stands on."""
    if route in POLICIES:
        return POLICIES[route]
    branches = [branch for branch in BRANCHES if route.startswith(branch)]
    return BRANCHES[max(branches, key=len)] if branches else None


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Yield every route below these patterns; anchors of regular expressions are left out."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route.removesuffix("$").removesuffix(r"\Z")
