"""A connection that breaks while Publish is being sent changes no page."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from diplopedia.models import Article
from diplopedia.wsgi import application
from tests.factories import write

# The application opens and closes connections, as it does for a server.
pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "The beginning of a long text. " * 200


def sent(client: Client, url: str, body: bytes, content_type: str, arrived: int) -> str:
    """Send a form of which only so many bytes arrive, as a server hands it on, and return the status."""
    said: list[str] = []
    environ = client._base_environ(
        PATH_INFO=url,
        REQUEST_METHOD="POST",
        CONTENT_TYPE=content_type,
        CONTENT_LENGTH=str(len(body)),
        HTTP_COOKIE="; ".join(f"{name}={one.value}" for name, one in client.cookies.items()),
    ) | {"wsgi.input": io.BytesIO(body[:arrived])}
    answer = application(environ, lambda status, headers, error=None: said.append(status))
    b"".join(answer)
    return said[0].partition(" ")[0]


@pytest.mark.parametrize("multipart", [False, True])
@pytest.mark.parametrize("part", [0.5, 1])
def test_a_text_that_was_cut_off_is_not_published(outsider, multipart, part):
    article, client = write(body="One."), Client()
    client.force_login(outsider)
    url = f"{article.get_absolute_url()}edit/"
    client.get(url)
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    fields = {"csrfmiddlewaretoken": token, "body": WORDS, "action": "publish"}
    body = encode_multipart(BOUNDARY, fields) if multipart else urlencode(fields).encode()
    form = MULTIPART_CONTENT if multipart else "application/x-www-form-urlencoded"
    status = sent(client, url, body, form, int(len(body) * part))
    kept = Article.objects.get(pk=article.pk).body
    assert (status, kept) == (("302", WORDS) if part == 1 else ("403", "One."))
