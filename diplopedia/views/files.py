"""Uploads: one door for every image, resized copy and document, behind the same question as their article."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from wagtail.images.models import SourceImageIOError

from diplopedia.models import Rendition, WikiDocument, WikiImage

WIDTHS = (400, 800, 1200)
INLINE = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
CLOSED = "default-src 'none'; sandbox"


@require_safe
def image(request: HttpRequest, pk: int, width: int) -> HttpResponseBase:
    """Send an image at most this wide; only a few widths are made."""
    found: WikiImage = get_object_or_404(WikiImage.objects.readable_by(request.user), pk=pk)
    size = next((known for known in WIDTHS if width <= known), WIDTHS[-1])
    try:
        resized = found.get_rendition(f"width-{size}")
    except SourceImageIOError as error:
        raise Http404 from error  # the row is there, the file is not
    return send(resized.file.name, keep=found.article_id is None)


@require_safe
def document(request: HttpRequest, pk: int, **_name: str) -> HttpResponseBase:
    """Send a document, under its own name."""
    found = get_object_or_404(WikiDocument.objects.readable_by(request.user), pk=pk)
    return send(found.file.name, attachment=found.filename)


@require_safe
def upload(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send a file by its name in storage, as the administration asks for it."""
    images = WikiImage.objects.readable_by(request.user)
    known = (
        images.filter(file=path).exists()
        or Rendition.objects.filter(file=path, image__in=images.values("pk")).exists()
        or WikiDocument.objects.readable_by(request.user).filter(file=path).exists()
    )
    if not known:
        raise Http404
    return send(path)


def send(name: str, *, attachment: str = "", keep: bool = False) -> HttpResponseBase:
    """Send a stored file: pictures to be seen, everything else to be saved; never to be run.

    With `keep`, a reader's browser may keep it: only for what no article can take away from them.
    """
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    inline = kind in INLINE and not attachment
    if settings.FILE_SERVING == "x-accel":
        response: HttpResponseBase = HttpResponse(content_type=kind)
        response["X-Accel-Redirect"] = f"/protected/{quote(name)}"
    else:
        response = opened(name)
    response["Content-Type"] = kind if inline else "application/octet-stream"
    response["Content-Disposition"] = (
        content_disposition_header(not inline, PurePosixPath(attachment or name).name) or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CLOSED
    response["Cache-Control"] = "private, max-age=3600" if inline and keep else "private, no-store"
    return response


def opened(name: str) -> FileResponse:
    """Return a response that streams a file of the media folder. Raises Http404."""
    root = settings.MEDIA_ROOT.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"))
