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
from discussion.actions import open_thread
from manners.actions import report
from manners.reportables import matter
from tests.factories import keep_to, revise, write
from tests.url_policies import BRANCHES, POLICIES, Policy, policy, routes

TOKEN = "zyxquartet"
ROUTES = sorted(set(routes(get_resolver().url_patterns)))
LOGIN = "/accounts/login/"
DOORS = {LOGIN, *(f"/{route}" for route in ROUTES if policy(route) is Policy.DOOR)}
METHODS = ("get", "post")
# Where a second factor is set up, and what that needs.
SETTING_UP = (
    "accounts/2fa/", "accounts/reauthenticate/", "accounts/logout/", "accounts/email/", "accounts/confirm-email/",
)  # fmt: skip


def of(*wanted: Policy) -> list[str]:
    return [route for route in ROUTES if policy(route) in wanted]


@pytest.fixture
def world(member: Any, outsider: Any, disabled: Any) -> SimpleNamespace:
    """A page kept to a group, whose every part says the token, and those who try to read it."""
    body, tags = f"{TOKEN} text, see [[{TOKEN} wanted]].", frozenset({f"{TOKEN} tag"})
    article = write(f"{TOKEN} title", body, author=member, tags=tags)
    revise(article, f"Again: {body}", author=member, summary=f"{TOKEN} summary")
    article = keep_to(article, Group.objects.get(name="Negotiators"), by=member)
    document = WikiDocument.objects.create(
        title=f"{TOKEN} file", article=article, file=ContentFile(b"secret", name=f"{TOKEN}.txt")
    )
    said = open_thread(member, "article", article.pk, f"{TOKEN} thread", f"{TOKEN} comment")
    reported = report(member, "article", matter("article", article.pk, member), "other")
    people = {"member": member, "outsider": outsider, "disabled": disabled, "nobody": None}
    clients = {name: signed_in(user) for name, user in people.items()}
    return SimpleNamespace(
        **clients, author=member, article=article, document=document, said=said, report=reported
    )


def signed_in(user: Any) -> Client:
    """Return a client signed in as somebody, or as nobody."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def address(route: str, world: SimpleNamespace, **changed: Any) -> str:
    """Return an address of this route that leads to the restricted page, its file or its author."""
    values = {
        "slug": world.article.wiki_slug,
        "handle": world.author.username,
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
        "thread": world.said.thread_id,
        "comment": world.said.pk,
        "kind": "article",
        "report": world.report.pk,
    } | changed

    def fill(found: re.Match[str]) -> str:
        return str(values.get(found["name"], world.article.pk))

    # Parameters of paths, then groups of regular expressions, whose brackets may be nested once.
    plain = re.sub(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)", fill, route)
    plain = plain.replace(".*", "x")
    plain = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", fill, plain)
    return "/" + re.sub(r"\\(.)", r"\1", plain)


def ask(client: Client, method: str, url: str) -> Any:
    return client.post(url) if method == "post" else client.get(url)


def is_shut(response: Any) -> bool:
    """Whether the answer is the way to the sign-in page, or to a door that leads there."""
    return response.status_code == 302 and response.url.partition("?")[0] in DOORS


def shown(response: Any) -> str:
    """Return what the answer shows, without its own address, which the asker knows."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode().replace(response.wsgi_request.get_full_path(), "")


def test_every_address_has_a_policy():
    assert [route for route in ROUTES if policy(route) is None] == []


def test_every_policy_has_an_address():
    assert sorted(set(POLICIES) - set(ROUTES)) == []
    assert [branch for branch in BRANCHES if not any(route.startswith(branch) for route in ROUTES)] == []


@pytest.mark.parametrize(("who", "method"), [("nobody", "get"), ("nobody", "post"), ("disabled", "get")])
def test_nobody_reads_without_an_open_account(world, who, method):
    closed = of(*set(Policy) - {Policy.PUBLIC, Policy.DOOR})
    opened = {route: ask(getattr(world, who), method, address(route, world)) for route in closed}
    assert {route: answer.status_code for route, answer in opened.items() if not is_shut(answer)} == {}


def test_who_lacks_a_required_second_factor_gets_no_further_than_setting_it_up(world, settings):
    settings.MFA_REQUIRED_GROUPS = ["Negotiators"]
    shut = [
        route for route in of(*set(Policy) - {Policy.PUBLIC, Policy.DOOR}) if not route.startswith(SETTING_UP)
    ]
    assert len(shut) > 100
    for method in METHODS:
        opened = {route: ask(world.member, method, address(route, world)) for route in shut}
        led = {
            route for route, answer in opened.items() if answer.headers.get("Location") == "/accounts/2fa/"
        }
        assert sorted(set(shut) - led) == []


def test_every_other_sign_in_door_leads_to_the_one(world):
    for route in of(Policy.DOOR):
        for method in METHODS:
            assert ask(world.nobody, method, address(route, world)).url.startswith(LOGIN), route


def test_public_pages_show_nothing_of_the_wiki(world):
    for route in of(Policy.PUBLIC):
        response = ask(world.nobody, "get", address(route, world))
        assert response.status_code < 500, route
        assert TOKEN not in shown(response), route


def test_a_restricted_page_looks_like_a_missing_one_to_outsiders(world):
    missing = {"slug": "no-such-page", "pk": 999_999, "path": "no/such.txt"}
    for route in of(Policy.ARTICLE, Policy.FILE):
        hidden = [ask(world.outsider, method, address(route, world)).status_code for method in METHODS]
        absent = [
            ask(world.outsider, method, address(route, world, **missing)).status_code for method in METHODS
        ]
        # An address that takes only forms, or none, says so to everybody.
        assert hidden == absent, route
        assert 404 in hidden, route
        assert set(hidden) <= {404, 405}, route


def test_reports_are_missing_for_those_who_have_no_part_in_them(world):
    for route in of(Policy.MODERATOR):
        for method in METHODS:
            assert ask(world.outsider, method, address(route, world)).status_code in {404, 405}, route


def test_a_restricted_page_says_the_very_words_of_a_missing_one(world):
    absent_slug = "qwertyquartet-title"
    hidden = ask(world.outsider, "get", f"/wiki/{world.article.wiki_slug}/").content.decode()
    absent = ask(world.outsider, "get", f"/wiki/{absent_slug}/").content.decode()

    def anonymised(page: str, slug: str) -> str:
        words = slug.replace("-", " ")
        page = re.sub(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        title = words.capitalize()
        for form in (slug, words, title, quote(title), quote_plus(title)):
            page = page.replace(form, "…")
        return page

    assert anonymised(hidden, world.article.wiki_slug) == anonymised(absent, absent_slug)


def test_a_member_of_the_group_is_let_in(world):
    for route in of(Policy.ARTICLE, Policy.FILE):
        answers = {ask(world.member, method, address(route, world)).status_code for method in METHODS}
        assert max(answers) < 500, route
        # The page has no image.
        assert "images" in route or 404 not in answers, route


def test_pages_for_everybody_say_nothing_of_a_restricted_one(world):
    for route in of(Policy.COLLEAGUE):
        response = ask(world.outsider, "get", address(route, world))
        assert response.status_code < 500, route
        assert response.status_code == 404 or TOKEN not in shown(response), route


def test_nobody_edits_another_persons_profile(world):
    for route in of(Policy.SELF):
        for method in METHODS:
            assert ask(world.outsider, method, address(route, world)).status_code in {403, 404, 405}, route


@pytest.mark.parametrize("method", METHODS)
def test_the_administration_is_shut_to_colleagues(world, method):
    answers = {route: ask(world.member, method, address(route, world)) for route in of(Policy.STAFF)}
    shut = {302, 403, 404, 405}
    assert {
        route: answer.status_code for route, answer in answers.items() if answer.status_code not in shut
    } == {}
