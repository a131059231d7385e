"""What every answer carries, and what no reading does: nothing runs but our own scripts, and a GET writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import get_resolver

from diplopedia.models import Article
from tests.factories import keep_to, revise, write
from tests.url_policies import Policy, policy, routes
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.django_db

ROUTES = sorted(set(routes(get_resolver().url_patterns)))
WRITING = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)


@pytest.fixture
def page(member) -> Article:
    page = write("Djibouti", "See [[Addis Ababa]].", author=member, tags=frozenset({"Ports"}))
    revise(page, "See [[Addis Ababa]] again.", author=member)
    return page


def addresses(page: Article, *wanted: Policy) -> list[str]:
    """Return every address with one of these policies, about a page and its author."""
    values = {
        "slug": page.wiki_slug,
        "handle": page.latest_edit.author.username if page.latest_edit else "",
        "number": "1",
        "section": "about",
        "page": "markdown",
    }

    def filled(route: str) -> str:
        def value(found: re.Match[str]) -> str:
            if route.startswith("wiki/") and found[1] == "slug" and "<str:slug>/" not in route:
                return {"wiki/kinds/": "case-study", "wiki/regions/": "djibouti"}.get(
                    route[: route.index("<")], "x"
                )
            return values.get(found[1], "1")

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, route).replace(
            "wiki/tags/djibouti", "wiki/tags/ports"
        )

    return [filled(route) for route in ROUTES if policy(route) in wanted and "(" not in route]


READERS = (Policy.COLLEAGUE, Policy.ARTICLE, Policy.SELF, Policy.PUBLIC, Policy.DOOR)


@contextmanager
def watched(found: list[str]) -> Iterator[None]:
    """Collect every statement that writes, but for the session and savepoints, which write nothing themselves."""

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITING.match(sql) and "django_session" not in sql:
            found.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.slow
def test_reading_writes_nothing(page, member, outsider, administrator, settings):
    settings.SEARCH_DRAIN = "worker"  # what waits for the search is not the reader's to bring there
    fresh = Article.objects.get(pk=page.pk)
    for user in (member, outsider, administrator):
        visitor = Visitor(user)
        visitor.opens("/")  # what signing in writes is written
        for url in [*addresses(fresh, *READERS), "/wiki/nothing-here/", "/search/?q=djibouti", "/admin/"]:
            if "logout" in url or "3rdparty" in url or "2fa" in url:
                continue
            found: list[str] = []
            with watched(found):
                assert visitor.opens(url).status_code < 500, url
            assert found == [], url


def test_the_watch_sees_a_write(page, reader):
    found: list[str] = []
    with watched(found):
        reader.publishes(f"{page.get_absolute_url()}edit/", body="Two.")
    assert any("diplopedia_edit" in sql for sql in found)


def directives(response: Any) -> dict[str, set[str]]:
    """Return the content policy of an answer: directive to its values."""
    parts = (part.split() for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.slow
@pytest.mark.rendering
def test_every_page_carries_the_headers_that_keep_it_safe(page, member):
    fresh = Article.objects.get(pk=page.pk)
    keep_to(write("Kept", "x", author=member), Group.objects.get(name="Negotiators"), by=member)
    cases = [
        (Visitor(member), url)
        for url in [*addresses(fresh, *READERS), "/wiki/no-such-page/", "/nowhere", "/wiki/kept/"]
    ]
    cases += [
        (Visitor(None), url) for url in ["/", "/accounts/login/", "/health/", "/nowhere", "/wiki/kept/"]
    ]
    for visitor, url in cases:
        if url.startswith("/admin/"):  # the administration has a policy of its own
            continue
        response = visitor.opens(url)
        policy_of = directives(response)
        assert policy_of["default-src"] == {"'none'"}, url
        allowed = {source for sources in policy_of.values() for source in sources}
        assert not allowed & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "blob:"}, url
        assert all(s in {"'none'", "'self'", "data:"} or s.startswith("'nonce-") for s in allowed), url
        assert "data:" not in policy_of["script-src"], url
        assert policy_of["frame-ancestors"] == policy_of["base-uri"] == {"'none'"}, url
        assert policy_of["form-action"] == {"'self'"}, url
        assert response["X-Content-Type-Options"] == "nosniff", url
        assert response["X-Frame-Options"] == "DENY", url
        assert response["Referrer-Policy"] == "same-origin", url
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", url
        assert "no-store" in response["Cache-Control"], url


def test_refusals_and_errors_carry_them_too(page, reader):
    Article.objects.filter(pk=page.pk).update(locked=True)
    answers = [
        reader.sends(f"{page.get_absolute_url()}edit/", body="x"),
        reader.sends(f"{page.get_absolute_url()}edit/", body=""),
        reader.opens("/search/?q=%00"),
        reader.opens("/wiki/preview/"),
    ]
    assert [answer.status_code for answer in answers] == [403, 422, 400, 405]
    for answer in answers:
        assert directives(answer)["default-src"] == {"'none'"}, answer.status_code
        assert "no-store" in answer["Cache-Control"], answer.status_code
        assert answer["X-Content-Type-Options"] == "nosniff", answer.status_code


@pytest.mark.slow
@pytest.mark.rendering
def test_no_page_has_anything_that_the_policy_would_refuse(page, member):
    visitor = Visitor(member)
    for url in addresses(Article.objects.get(pk=page.pk), Policy.COLLEAGUE, Policy.ARTICLE, Policy.SELF):
        response = visitor.opens(url)
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        tree = soup(response)
        inline = [tag for tag in tree.select("script:not([src])") if tag.get("type") != "application/json"]
        assert inline == [], url
        assert tree.select("[style], style, iframe, object, embed, base") == [], url
        handlers = [name for tag in tree.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert handlers == [], url
        assert all(str(tag["src"]).startswith("/") for tag in tree.select("script[src], img[src]")), url


def test_sessions_and_tokens_are_kept_from_scripts(rosa):
    visitor = Visitor(None)
    visitor.opens("/accounts/login/")
    visitor.sends("/accounts/login/", login=rosa.email, password="correct horse battery staple")
    visitor.opens("/wiki/new/?kind=plain")
    for name in ("sessionid", "csrftoken"):
        assert visitor.client.cookies[name]["httponly"], name
        assert visitor.client.cookies[name]["samesite"] == "Lax", name
