"""What people see while the shared cache or the database is away, and what the log says of it."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from diplopedia import shared_cache
from diplopedia.logs import Lines
from diplopedia.outages import CacheDown
from diplopedia.settings import environment as env
from tests.deployment.processes import free_port, running, wait_for
from tests.factories import PASSWORD, write
from tests.visitor import Visitor, words

pytestmark = pytest.mark.django_db
NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_cache(settings: Any) -> Iterator[None]:
    """A shared cache at an address where nobody listens."""
    settings.CACHES = {"default": env.cache(NOBODY_LISTENS)}
    yield
    caches.close_all()


@pytest.fixture
def no_database(request: Any) -> Iterator[None]:
    """A database whose server is gone: every statement fails."""

    def fail(*_args: Any) -> Any:
        raise getattr(request, "param", OperationalError)("the connection is closed")

    with connection.execute_wrapper(fail):
        yield


def test_without_the_cache_reading_and_writing_go_on(no_cache, member):
    page = write("Djibouti", "One.")
    visitor = Visitor(member)
    assert visitor.publishes(f"{page.get_absolute_url()}edit/", body="Two.").status_code == 302
    assert "Two." in visitor.sees(page.get_absolute_url())
    assert visitor.opens("/").status_code == 200
    assert visitor.opens("/search/?q=djibouti").status_code == 200
    assert visitor.opens("/people/").status_code == 200


def test_without_the_cache_signing_in_fails_closed_with_words(no_cache, member):
    visitor = Visitor(None)
    assert visitor.opens("/accounts/login/").status_code == 200
    answer = visitor.sends("/accounts/login/", login=member.email, password=PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Nobody can sign in at the moment" in words(answer)
    assert visitor.opens("/").status_code == 302


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 1), ("nowhere.invalid", 25)])
def test_without_the_mail_server_everything_that_needs_no_mail_goes_on(settings, caplog, member, host, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    visitor = Visitor(None)
    for email in (member.email, "nobody@ministry.example"):
        answer = visitor.sends("/accounts/password/reset/", email=email)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert "The mail could not be sent" in words(answer)
    assert "The mail did not do its part" in caplog.text
    assert visitor.sends("/accounts/login/", login=member.email, password=PASSWORD).status_code == 302
    assert visitor.opens("/").status_code == 200


def test_a_cache_that_is_away_keeps_nothing_and_is_left_alone_for_a_while(no_cache, caplog):
    cache.set("a", 1)
    assert cache.get("a") is None
    assert cache.get("a", "otherwise") == "otherwise"
    assert cache.get_or_set("a", lambda: 3) == 3
    assert cache.get_many(["a"]) == {}
    cache.set_many({"a": 1})
    cache.delete_many(["a"])
    assert not cache.has_key("a")
    assert not cache.delete("a")
    assert not cache.touch("a")
    assert len([record for record in caplog.records if "cache does not answer" in record.message]) == 1


def test_what_nobody_may_guess_fails_aloud(no_cache):
    for _ in range(2):
        with pytest.raises(CacheDown):
            cache.add("limit", 1)


@pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
def test_a_cache_that_goes_away_and_comes_back_is_used_again(settings, monkeypatch, tmp_path, member):
    port = free_port()
    command = [
        "redis-server",
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(tmp_path),
    ]
    patience = {"socket_connect_timeout": 60, "socket_timeout": 60}  # of a machine that is busy
    settings.CACHES = {"default": env.cache(f"redis://127.0.0.1:{port}/0") | {"OPTIONS": patience}}
    monkeypatch.setattr(shared_cache, "PAUSE", 0.0)
    try:
        with running(command, tmp_path / "log"):
            wait_for(f"redis://127.0.0.1:{port}")
            cache.set("a", 1)
            assert (cache.get("a"), cache.get_or_set("b", lambda: 2), cache.get("b")) == (1, 2, 2)
            assert cache.add("limit", 1)
            assert not cache.add("limit", 1)
            sign_in = Visitor(None).sends("/accounts/login/", login=member.email, password=PASSWORD)
            assert sign_in.status_code == 302
        assert cache.get("a", "away") == "away"
        with pytest.raises(CacheDown):
            cache.add("limit", 1)
        with running(command, tmp_path / "log"):
            wait_for(f"redis://127.0.0.1:{port}")
            cache.set("a", 3)
            assert cache.get("a") == 3
    finally:
        caches.close_all()


@pytest.mark.parametrize("no_database", [OperationalError, InterfaceError], indirect=True)
@pytest.mark.parametrize("path", ["/", "/wiki/djibouti/", "/search/?q=x", "/people/", "/accounts/login/"])
def test_without_the_database_everybody_is_told_to_try_again(member, path, no_database):
    visitor = Visitor(None)
    visitor.client.cookies["sessionid"] = "of somebody"
    visitor.client.raise_request_exception = False
    answer = visitor.opens(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "does not work at the moment" in words(answer)


def test_an_error_of_ours_is_no_outage(member, monkeypatch):
    def broken(*_args: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("home.views.case_to_read", broken)
    visitor = Visitor(member)
    visitor.client.raise_request_exception = False
    answer = visitor.opens("/")
    assert answer.status_code == 500
    assert "Something broke on our side" in words(answer)


@pytest.mark.parametrize("given", ["0f8fad5b-d9cb-469f-a165-70867728950e", "a" * 64])
def test_a_request_keeps_the_name_that_its_proxy_gave_it(db, given):
    assert Client().get("/health/", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "two\nlines-of-log", "<script>alert(1)"])
def test_a_request_without_a_usable_name_gets_one(db, given):
    named = Client().get("/health/", headers={"X-Request-ID": given})["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", named)


def test_a_line_of_the_log_is_one_object_with_its_request(member, monkeypatch):
    lines: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    def broken(*_args: Any) -> Any:
        raise ZeroDivisionError("one\ntwo")

    monkeypatch.setattr("home.views.case_to_read", broken)
    handler = Listening()
    handler.setFormatter(Lines())
    logging.getLogger("django.request").addHandler(handler)
    client = Client(raise_request_exception=False)
    client.force_login(member)
    try:
        client.get("/", headers={"X-Request-ID": "one-of-the-proxy"})
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert len(lines) == 1
    assert "\n" not in lines[0]
    said = json.loads(lines[0])
    assert (said["level"], said["request"]) == ("ERROR", "one-of-the-proxy")
    assert "ZeroDivisionError: one\ntwo" in said["error"]
