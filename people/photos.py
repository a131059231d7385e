"""Photographs of people: any picture goes in, small squares of it come out, with nothing else of it.

Files lie in the storage's folder "photos", which no address leads to: people.views.photos sends them to those who
may see them. Each upload has a name of its own, so that browsers may keep what they have of an address.
"""

from __future__ import annotations

import io
import secrets
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore
from typing import IO, TYPE_CHECKING

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import ExifTags, Image

from people.models import Profile

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

FORMATS = ("AVIF", "JPEG", "PNG", "WEBP")
JPEGS = ("JPEG", "MPO")  # telephones put a second picture into an MPO
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 16_000_000  # unpacked whole: a small file may be a flood
MOST_PIXELS_JPEG = 50_000_000  # unpacked at a fraction of its size
SMALL, LARGE = 72, 320  # pixels of a side: in lists, and on the profile
SIZES = (SMALL, LARGE)
CLOSEST = 4  # times
PALETTES = ("1", "P", "PA")
METADATA = {"exif", "icc_profile", "xmp"}
_Turn = Image.Transpose
TURNS = {
    2: _Turn.FLIP_LEFT_RIGHT,
    3: _Turn.ROTATE_180,
    4: _Turn.FLIP_TOP_BOTTOM,
    5: _Turn.TRANSPOSE,
    6: _Turn.ROTATE_270,
    7: _Turn.TRANSVERSE,
    8: _Turn.ROTATE_90,
}
# What Pillow raises where a file is not what it says.
BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_one_at_a_time = BoundedSemaphore()  # so that several at once do not take the memory of several

Squares = Mapping[int, bytes]


class PhotoRefused(ValueError):
    """The picture cannot be a photo; the message says why and what helps."""


@dataclass(frozen=True)
class Crop:
    """Which square of a picture: how far across and down it lies, in per cent of the room there is for it.

    `closer` 100 is the largest square there is, 200 one of half its side.
    """

    across: int = 50
    down: int = 50
    closer: int = 100

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Left, upper, right and lower edge in a picture of this size."""
        side = min(width, height) * 100 / self.closer
        left, upper = (width - side) * self.across / 100, (height - side) * self.down / 100
        return left, upper, left + side, upper + side


def squares(upload: IO[bytes], crop: Crop) -> Squares:
    """A square of a picture in each size, as WebP without metadata. Raises PhotoRefused."""
    try:
        with _one_at_a_time, Image.open(upload, formats=FORMATS) as picture:
            _check_size(picture)
            picture.draft("RGB", (LARGE * CLOSEST, LARGE * CLOSEST))
            large = _cut(_upright(picture), crop)
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PhotoRefused(_too_many_pixels(MOST_PIXELS_JPEG)) from error
    except BROKEN as error:
        raise PhotoRefused(_("This is no picture that can be shown. Save it as JPEG or PNG.")) from error
    small = large.resize((SMALL, SMALL), Image.Resampling.LANCZOS)
    return {LARGE: _webp(large), SMALL: _webp(small)}


def as_before(content: bytes) -> Squares:
    """The squares of a photo that was taken out of a site: the large one as it was. Raises PhotoRefused."""
    made = squares(io.BytesIO(content), Crop())
    with Image.open(io.BytesIO(content)) as picture:
        ours = (picture.format, picture.size) == (
            "WEBP",
            (LARGE, LARGE),
        ) and not METADATA & picture.info.keys()
    return {**made, LARGE: content} if ours else made


def check_bytes(size: int) -> None:
    """Raise PhotoRefused where a file is larger than what is worked on."""
    if size > MOST_BYTES:
        said = {"size": filesizeformat(size), "limit": filesizeformat(MOST_BYTES)}
        raise PhotoRefused(_("This file has %(size)s; a photo may have %(limit)s.") % said)


def _check_size(picture: Image.Image) -> None:
    """Look at what a picture says of its size, before any of it is unpacked."""
    most = MOST_PIXELS_JPEG if picture.format in JPEGS else MOST_PIXELS
    if picture.width * picture.height > most:
        raise PhotoRefused(_too_many_pixels(most))
    if min(picture.size) < SMALL:
        raise PhotoRefused(
            _("This picture is too small: each side needs %(n)d pixels or more.") % {"n": SMALL}
        )


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as it was held; what cameras write need not be sound."""
    try:
        turn = TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 0))
    except BROKEN:
        turn = None
    return picture.transpose(turn) if turn is not None else picture


def _too_many_pixels(most: int) -> str:
    return _("This picture is too large: a photo may have %(n)d million pixels. Make it smaller.") % {
        "n": most // 1_000_000
    }


def _cut(picture: Image.Image, crop: Crop) -> Image.Image:
    """The square as a new picture, on white: what the old one carries along (place, camera, preview) is left behind."""
    whole = picture.convert("RGBA") if picture.mode in PALETTES else picture
    box = crop.box(*whole.size)
    cut = whole.resize((LARGE, LARGE), Image.Resampling.LANCZOS, box=box, reducing_gap=3).convert("RGBA")
    square = Image.new("RGB", cut.size, "white")
    square.paste(cut, mask=cut.getchannel("A"))
    return square


def _webp(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    picture.save(held, "WEBP", quality=80, method=6)
    return held.getvalue()


# --- where they are ------------------------------------------------------------------------------------------------


def file_name(key: str, size: int) -> str:
    """The name of a photo's file in the storage."""
    return f"photos/{key}-{size}.webp"


def opened(person: Profile, size: int) -> File[bytes]:
    """The file of somebody's photo. Raises OSError where it is gone."""
    return default_storage.open(file_name(person.photo_key, size))


def read(person: Profile, size: int) -> bytes:
    """What is in it. Raises OSError where it is gone."""
    with opened(person, size) as file:
        return bytes(file.read())


def is_same(person: Profile, made: Squares) -> bool:
    """Whether somebody has this photo already."""
    try:
        return bool(person.photo_key) and read(person, LARGE) == made[LARGE]
    except OSError:
        return False


def replace(person: Profile, made: Squares) -> None:
    """Put a photo in the place of the one that is there; without squares there is none any more.

    `person.photo_audience` is saved, too. The files of the former photo go when that is certain, those of the new
    one where it fails; of a transaction around this nobody tells that it was taken back: do this last in it.
    """
    key = secrets.token_hex(8) if made else ""
    try:
        with transaction.atomic():
            former = Profile.objects.select_for_update().values_list("photo_key", flat=True).get(pk=person.pk)
            _store(key, made)
            person.photo_key = key
            person.save(update_fields=["photo_key", "photo_audience"])
            forget(former)
    except BaseException:
        for name in _names(key):
            default_storage.delete(name)
        raise


def forget(key: str) -> None:
    """Remove the files of a photo once the transaction holds."""
    for name in _names(key):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def _store(key: str, made: Squares) -> None:
    for size, content in made.items():
        default_storage.save(file_name(key, size), ContentFile(content))


def _names(key: str) -> Iterator[str]:
    return (file_name(key, size) for size in SIZES if key)


# --- who sees them -------------------------------------------------------------------------------------------------


def may_see(person: Profile, reader: User | AnonymousUser) -> bool:
    """Whether there is a photo that this reader may see. That of a colleague who left is shown to nobody."""
    return _is_shown(person) and person.shows("photo", reader)


def url(person: Profile, reader: User | AnonymousUser, size: int = SMALL) -> str:
    """The address of a photo; empty where there is none for this reader."""
    return _address(person, size) if may_see(person, reader) else ""


def shared_url(person: Profile, reader: User, size: int = SMALL) -> str:
    """The same for pages that are kept for all who hold the same offices: without what only this reader may see."""
    return _address(person, size) if _is_shown(person) and person.shares("photo", reader) else ""


def _is_shown(person: Profile) -> bool:
    return bool(person.photo_key) and (person.is_colleague or person.historical)


def _address(person: Profile, size: int) -> str:
    return reverse("people:photo", args=[person.user.username, person.photo_key, size])
