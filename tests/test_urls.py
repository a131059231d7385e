"""Every address of the site is tried by those who may not open it; one without a declared policy fails."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver

from diplopedia.models import WikiDocument
from tests.factories import keep_to, revise, write
from tests.url_policies import BRANCHES, POLICIES, Policy, policy, routes

TOKEN = "zyxquartet"
ROUTES = sorted(set(routes(get_resolver().url_patterns)))
LOGIN = "/accounts/login/"
METHODS = ("get", "post")


def of(*wanted: Policy) -> list[str]:
    return [route for route in ROUTES if policy(route) in wanted]


@pytest.fixture
def world(member: Any, outsider: Any, disabled: Any) -> SimpleNamespace:
    """A page kept to a group, whose every part says the token, and those who try to read it."""
    article = write(
        f"{TOKEN} title",
        f"{TOKEN} text, see [[{TOKEN} wanted]].",
        author=member,
        tags=frozenset({f"{TOKEN} tag"}),
    )
    revise(article, f"{TOKEN} text again, see [[{TOKEN} wanted]].", author=member, summary=f"{TOKEN} summary")
    article = keep_to(article, Group.objects.get(name="Negotiators"), by=member)
    document = WikiDocument.objects.create(
        title=f"{TOKEN} file", article=article, file=ContentFile(b"secret", name=f"{TOKEN}.txt")
    )
    return SimpleNamespace(
        member=member, outsider=outsider, disabled=disabled, article=article, document=document
    )


def address(route: str, world: SimpleNamespace, **changed: Any) -> str:
    """Return an address of this route that leads to the restricted page, its file or its author."""
    values = {
        "slug": world.article.wiki_slug,
        "handle": world.member.username,
        "number": 1,
        "pk": world.document.pk if "documents" in route else world.article.pk,
        "page_id": world.article.pk,
        "revision_id": world.article.latest_revision_id,
        "width": 400,
        "filename": f"{TOKEN}.txt",
        "path": world.document.file.name,
        "section": "about",
        "page": "markdown",
        "key": "abc",
    } | changed

    def fill(found: re.Match[str]) -> str:
        return str(values.get(found["name"], world.article.pk))

    # Parameters of paths, then groups of regular expressions, whose brackets may be nested once.
    plain = re.sub(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)", fill, route)
    plain = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", fill, plain)
    return "/" + re.sub(r"\\(.)", r"\1", plain)


def ask(user: Any, method: str, url: str) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    return getattr(client, method)(url)


def is_shut(response: Any) -> bool:
    """Whether the answer is the way to the sign-in page."""
    return response.status_code == 302 and response.url.startswith(LOGIN)


def test_every_address_has_a_policy():
    assert [route for route in ROUTES if policy(route) is None] == []


def test_every_policy_has_an_address():
    assert sorted(set(POLICIES) - set(ROUTES)) == []
    assert [branch for branch in BRANCHES if not any(route.startswith(branch) for route in ROUTES)] == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("who", [None, "disabled"])
def test_nobody_reads_without_an_open_account(world, who, method):
    user = getattr(world, who) if who else None
    closed = of(*set(Policy) - {Policy.PUBLIC, Policy.DOOR})
    opened = {route: ask(user, method, address(route, world)) for route in closed}
    assert {route: answer.status_code for route, answer in opened.items() if not is_shut(answer)} == {}


def test_every_other_sign_in_door_leads_to_the_one(world):
    for route in of(Policy.DOOR):
        for method in METHODS:
            assert is_shut(ask(None, method, address(route, world))), route


@pytest.mark.parametrize("route", of(Policy.PUBLIC))
def test_public_pages_show_nothing_of_the_wiki(world, route):
    response = ask(None, "get", address(route, world))
    assert response.status_code < 500
    assert TOKEN not in response.content.decode().replace(response.wsgi_request.path, "")


@pytest.mark.parametrize("route", of(Policy.ARTICLE, Policy.FILE))
def test_a_restricted_page_looks_like_a_missing_one_to_outsiders(world, route):
    missing = {"slug": "no-such-page", "pk": 999_999, "path": "no/such.txt"}
    for method in METHODS:
        hidden = ask(world.outsider, method, address(route, world))
        absent = ask(world.outsider, method, address(route, world, **missing))
        assert hidden.status_code == absent.status_code
        assert hidden.status_code in {404, 405}, hidden.status_code
    assert 404 in {ask(world.outsider, method, address(route, world)).status_code for method in METHODS}


def test_a_restricted_page_says_the_very_words_of_a_missing_one(world):
    hidden = ask(world.outsider, "get", f"/wiki/{world.article.wiki_slug}/").content.decode()
    absent = ask(world.outsider, "get", "/wiki/no-such-page/").content.decode()

    def anonymised(page: str, slug: str) -> str:
        words = slug.replace("-", " ")
        page = re.sub(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        title = words.capitalize()
        for form in (slug, words, title, quote(title), quote_plus(title)):
            page = page.replace(form, "…")
        return page

    assert anonymised(hidden, world.article.wiki_slug) == anonymised(absent, "no-such-page")


@pytest.mark.parametrize("route", of(Policy.ARTICLE, Policy.FILE))
def test_a_member_of_the_group_is_let_in(world, route):
    # Some addresses take only a form; none may answer that there is nothing.
    answers = {ask(world.member, method, address(route, world)).status_code for method in METHODS}
    if "images" not in route:  # the page has no image
        assert 404 not in answers
    assert max(answers) < 500


@pytest.mark.parametrize("route", of(Policy.COLLEAGUE))
def test_pages_for_everybody_say_nothing_of_a_restricted_one(world, route):
    response = ask(world.outsider, "get", address(route, world))
    assert response.status_code < 500
    asked = response.wsgi_request.get_full_path()
    assert TOKEN not in response.content.decode().replace(asked, "") or response.status_code == 404


@pytest.mark.parametrize("route", of(Policy.SELF))
def test_nobody_edits_another_persons_profile(world, route):
    for method in METHODS:
        assert ask(world.outsider, method, address(route, world)).status_code in {403, 404, 405}


def test_the_administration_is_shut_to_colleagues(world):
    answers = {
        (route, method): ask(user, method, address(route, world))
        for route in of(Policy.STAFF)
        for method in METHODS
        for user in (world.outsider, world.member)
    }
    shut = {302, 403, 404, 405}
    assert {
        key: answer.status_code for key, answer in answers.items() if answer.status_code not in shut
    } == {}
    leaking = [key for key, answer in answers.items() if TOKEN in answer.content.decode(errors="replace")]
    assert leaking == []
