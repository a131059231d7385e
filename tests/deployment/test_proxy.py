"""nginx as it is configured for a deployment: what it adds, what it hides, and how it sends uploads."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.images.tests.utils import get_test_image_file

from diplopedia.models import WikiDocument, WikiImage
from tests.deployment import proxy

needs_nginx = pytest.mark.skipif(proxy.may_be_missed(), reason="nginx is not installed")
STRANGE = "Żółć? 100% #1 outline.txt"


class Site(BaseHTTPRequestHandler):
    """Stands for the site: answers with what a request asked for in its address and tells what reached it."""

    protocol_version = "HTTP/1.1"
    heard: list[dict[str, str]] = []

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.heard.append(
            {"path": self.path, **{name.lower(): value for name, value in self.headers.items()}}
        )
        said = b"<p>A page.</p>" * 200
        self.send_response(200)
        if self.path.startswith("/files/"):
            said = b""
            self.send_header("X-Accel-Redirect", self.path.replace("/files/", "/protected/"))
            self.send_header("Content-Disposition", "attachment")
            self.send_header("Strict-Transport-Security", "max-age=31536000")
            self.send_header("Cache-Control", "private, no-store")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = answer  # noqa: N815 - the names are the server's

    def log_message(self, *_args: Any) -> None:
        """Keep quiet."""


class Answer(NamedTuple):
    status: int
    headers: Any
    body: bytes


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        """Leave them to the test."""


@pytest.fixture(scope="module")
def media(tmp_path_factory: Any) -> Path:
    folder = Path(tmp_path_factory.mktemp("media"))
    (folder / "documents").mkdir()
    (folder / "documents/plan.txt").write_text("The plan.")
    (folder / "documents" / STRANGE).write_text("Strange.")
    (folder.parent / "secret_key").write_text("secret")
    return folder


@contextmanager
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def front(tmp_path_factory: Any, media: Path) -> Iterator[proxy.Proxy]:
    folder = Path(tmp_path_factory.mktemp("nginx"))
    with site() as web, proxy.nginx(folder, web, media) as running:
        yield running


def ask(front: proxy.Proxy, path: str, base: str = "", data: bytes | None = None, **headers: str) -> Answer:
    trust = ssl.create_default_context(cafile=str(front.certificate))
    sent = Request(
        f"{base or front.url}{path}", data, {name.replace("_", "-"): v for name, v in headers.items()}
    )
    try:
        response: HTTPResponse | HTTPError = build_opener(HTTPSHandler(context=trust), NoRedirects()).open(
            sent
        )
    except HTTPError as error:
        response = error
    with response:
        return Answer(response.status or 0, response.headers, response.read())


@needs_nginx
def test_without_tls_everybody_is_sent_to_the_site_itself(front):
    answer = ask(front, "/wiki/a/?b=c", base=front.plain, Host="127.0.0.1")
    assert (answer.status, answer.headers["Location"]) == (301, f"{front.url}/wiki/a/?b=c")


@needs_nginx
def test_the_site_is_told_who_asks_and_nobody_can_claim_to_be_another(front):
    ask(front, "/", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http", X_Request_ID="chosen-outside")
    heard = Site.heard[-1]
    assert heard["x-forwarded-for"] == "127.0.0.1"
    assert heard["x-forwarded-proto"] == "https"
    assert heard["host"] == front.url.removeprefix("https://")
    assert len(heard["x-request-id"]) == 32


@needs_nginx
def test_pages_are_compressed(front):
    answer = ask(front, "/", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.body).startswith(b"<p>A page.</p>")


@needs_nginx
def test_a_file_that_the_site_allows_is_sent_with_the_headers_that_keep_it_closed(front):
    answer = ask(front, "/files/documents/plan.txt")
    assert (answer.status, answer.body) == (200, b"The plan.")
    said = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "Cache-Control": "private, no-store",
        "Content-Disposition": "attachment",
        "Content-Type": "text/html",
    }
    assert {name: answer.headers.get_all(name) for name in said} == {
        name: [value] for name, value in said.items()
    }


@needs_nginx
@pytest.mark.parametrize(
    "path",
    ["/protected/documents/plan.txt", "/protected/", "/media/documents/plan.txt", "/protected/../nginx.conf"],
)
def test_nobody_gets_a_file_without_asking_the_site(front, path):
    assert b"The plan." not in ask(front, path).body
    if path.startswith("/protected/d"):
        assert ask(front, path).status == 404


@needs_nginx
@pytest.mark.parametrize(
    "path", ["/files/../secret_key", "/files/%2e%2e/secret_key", "/files/documents/none.txt"]
)
def test_no_name_leads_out_of_the_folder(front, path):
    answer = ask(front, path)
    assert answer.status >= 400 or b"A page." in answer.body
    assert b"secret" not in answer.body


@needs_nginx
def test_what_is_larger_than_any_upload_is_refused_before_it_reaches_the_site(front):
    assert ask(front, "/wiki/new/", data=b"x" * (26 * 1024 * 1024)).status == 413
    assert ask(front, "/wiki/new/", data=b"x" * (20 * 1024 * 1024)).status == 200


@needs_nginx
def test_a_site_that_is_being_restarted_is_said_kindly(tmp_path, media):
    with proxy.nginx(tmp_path, "127.0.0.1:1", media) as running:
        answer = ask(running, "/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert b"your text is still there" in answer.body


# -- what the site says to nginx --------------------------------------------------------------------------------------


@pytest.fixture
def x_accel(settings: Any, tmp_path: Path, client_for: Any, outsider: Any) -> Client:
    settings.FILE_SERVING = "x-accel"
    settings.MEDIA_ROOT = tmp_path
    return client_for(outsider)


@pytest.mark.django_db
def test_images_copies_and_documents_are_all_left_to_nginx(x_accel):
    image = WikiImage.objects.create(title="Port", file=get_test_image_file("port.png"))
    document = WikiDocument.objects.create(title="Plan", file=ContentFile(b"x", name="plan.txt"))
    copy = image.get_rendition("width-400")
    paths = {
        f"/files/images/{image.pk}/400/": copy.file.name,
        f"/files/{image.file.name}": image.file.name,
        f"/files/{copy.file.name}": copy.file.name,
        document.url: document.file.name,
        f"/files/{document.file.name}": document.file.name,
    }
    for path, name in paths.items():
        answer = x_accel.get(path)
        assert answer.status_code == 200, path
        assert answer["X-Accel-Redirect"] == f"/protected/{name}"
        assert answer.content == b""


@pytest.mark.django_db
def test_nothing_is_left_to_nginx_that_this_reader_may_not_have(x_accel, client_for, member):
    document = WikiDocument.objects.create(title="Plan", file=ContentFile(b"x", name="plan.txt"))
    for path in (document.url, f"/files/{document.file.name}"):
        assert "X-Accel-Redirect" in client_for(member).get(path)
        for client in (Client(), x_accel):
            answer = client.get(path) if client is not x_accel else client.get("/files/documents/none.txt")
            assert "X-Accel-Redirect" not in answer


@needs_nginx
@pytest.mark.django_db
def test_a_name_in_any_script_reaches_its_file(x_accel, front, media):
    document = WikiDocument.objects.create(title="Plan", file=f"documents/{STRANGE}")
    redirect = x_accel.get(f"/files/documents/{document.pk}/x.txt")["X-Accel-Redirect"]
    assert redirect.isascii()
    answer = ask(front, redirect.replace("/protected/", "/files/"))
    assert answer.body == b"Strange."
