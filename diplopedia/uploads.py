"""What an uploaded file is, by what is in it: its name and what a browser says about it prove nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

IMAGES = {"AVIF": "avif", "GIF": "gif", "JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MOST_FRAMES = 300
LONGEST_STEM = 60
OFFICE_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
MOST_PARTS = 10_000
MOST_UNPACKED = 500 * 1024 * 1024
HEAD = 4096
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")


class FileRefused(ValueError):
    """The file cannot be added; the message says why and what helps."""


class Checked(NamedTuple):
    """A file that may be kept: what it is, and under which names."""

    is_image: bool
    filename: str
    title: str


def checked(upload: UploadedFile) -> Checked:
    """Return what a file is. Raises FileRefused."""
    if not upload.size:
        raise FileRefused(_("This file is empty."))
    title = " ".join(PurePosixPath(str(upload.name).replace("\\", "/")).name.split())[:200] or _("File")
    stem, _dot, ending = title.rpartition(".")
    ending = ending.lower()
    name = slugify(stem)[:LONGEST_STEM].strip("-") or "file"
    if ending in settings.WAGTAILIMAGES_EXTENSIONS or not stem:
        return Checked(True, f"{name}.{image_ending(upload)}", stem or title)
    if ending not in settings.WAGTAILDOCS_EXTENSIONS:
        raise FileRefused(
            _("Files of this kind cannot be added. Pictures may be %(images)s, documents %(documents)s.")
            % {
                "images": named(settings.WAGTAILIMAGES_EXTENSIONS),
                "documents": named(settings.WAGTAILDOCS_EXTENSIONS),
            }
        )
    check_size(upload, settings.DOCUMENT_MAX_BYTES)
    if not SIGNS[ending](upload, ending):
        raise FileRefused(
            _(
                "This file is called .%(ending)s, but is something else inside. "
                "Save it as .%(ending)s again, and add that."
            )
            % {"ending": ending}
        )
    return Checked(False, f"{name}.{ending}", stem)


def named(endings: list[str]) -> str:
    """Return endings as people write them."""
    return ", ".join(ending.upper() for ending in endings if ending != "jpeg")


def check_size(upload: UploadedFile, most: int) -> None:
    """Raise FileRefused where a file is larger than that."""
    if upload.size and upload.size > most:
        raise FileRefused(
            _("This file has %(size)s; it may have %(limit)s.")
            % {"size": filesizeformat(upload.size), "limit": filesizeformat(most)}
        )


def image_ending(upload: UploadedFile) -> str:
    """Return the ending that fits a picture. Raises FileRefused for what is none, is damaged or has too many pixels."""
    check_size(upload, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
    upload.seek(0)
    try:
        with Image.open(upload, formats=tuple(IMAGES)) as picture:
            check_pixels(picture)
            picture.draft("RGB", (64, 64))
            picture.load()
            return IMAGES[picture.format or ""]
    except (Image.DecompressionBombError, MemoryError) as error:
        raise FileRefused(too_many_pixels()) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused(
            _("This is no picture that can be shown. Save it as PNG or JPEG, and add that.")
        ) from error
    finally:
        upload.seek(0)


def check_pixels(picture: Image.Image) -> None:
    """Raise FileRefused where a picture, or all its frames, are larger than what is worked on."""
    frames = getattr(picture, "n_frames", 1)
    if picture.width * picture.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS or frames > MOST_FRAMES:
        raise FileRefused(too_many_pixels())


def too_many_pixels() -> str:
    """Say how large a picture may be."""
    millions = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
    return (
        _("This picture is too large: it may have %d million pixels. Make it smaller, and add that.")
        % millions
    )


def head(upload: UploadedFile) -> bytes:
    """Return how a file begins."""
    upload.seek(0)
    start: bytes = upload.read(HEAD)
    upload.seek(0)
    return start


def is_pdf(upload: UploadedFile, _ending: str) -> bool:
    """Whether a file begins as PDF does."""
    return head(upload).startswith(b"%PDF-")


def is_text(upload: UploadedFile, _ending: str) -> bool:
    """Whether a file is plain text: no bytes that no text has, and not what browsers take for a page."""
    start = head(upload)
    return b"\x00" not in start and not start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP)


def is_office(upload: UploadedFile, ending: str) -> bool:
    """Whether a file is a package of this office format, without programs in it and not made to burst."""
    parts = parts_of(upload)
    names = [part.filename for part in parts]
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(OFFICE_PARTS[ending]) for name in names)
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
    )


def is_open_document(upload: UploadedFile, _ending: str) -> bool:
    """Whether a file is a package of an open document text."""
    parts = parts_of(upload)
    if not parts or parts[0].filename != "mimetype" or parts[0].file_size > 100:
        return False
    with zipfile.ZipFile(upload) as package:
        return package.read(parts[0]).startswith(b"application/vnd.oasis.opendocument.text")


def parts_of(upload: IO[bytes] | UploadedFile) -> list[zipfile.ZipInfo]:
    """Return the parts of a package without unpacking them; none where it is no package, or one made to burst."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []
    finally:
        upload.seek(0)
    bursts = len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED
    return [] if bursts else parts


SIGNS: dict[str, Callable[[UploadedFile, str], bool]] = {
    "csv": is_text,
    "docx": is_office,
    "odt": is_open_document,
    "pdf": is_pdf,
    "pptx": is_office,
    "txt": is_text,
    "xlsx": is_office,
}
