"""A photo is a small square without anything else of the picture, and only for those whom its owner lets see it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from people import photos
from people.models import Profile, Region
from people.searchables import PeopleSource
from search.results import Face
from tests.factories import OfficeFactory, write
from tests.people.conftest import knows, person, served

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def farida(kabul):
    return person("Farida Łukasik", post=kabul)


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **more: Any) -> bytes:
    """A picture whose left quarter is red, the middle half green, the right quarter blue."""
    whole = Image.new("RGB", size, "green")
    whole.paste("red", (0, 0, size[0] // 4, size[1]))
    whole.paste("blue", (size[0] * 3 // 4, 0, size[0], size[1]))
    held = io.BytesIO()
    whole.save(held, kind, **more)
    return held.getvalue()


def secretive() -> bytes:
    """A picture that says where it was taken, by whom, and in which colours."""
    exif = Image.Exif()
    exif[0x010E] = "zzqx-where"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, icc_profile=b"zzqx-colours", xmp=b"<x>zzqx-who</x>", comment=b"zzqx-comment")


def sends(client: Any, profile: Profile, content: bytes | None = None, **fields: Any) -> Any:
    file = {} if content is None else {"file": SimpleUploadedFile("me.jpg", content)}
    data = {"audience": "all", **fields, **file}
    return client.post(f"/people/{profile.user.username}/photo/", data)


def with_photo(profile: Profile, audience: str = "all") -> str:
    """Give somebody a photo; return where it is."""
    profile.photo_audience = audience
    photos.replace(profile, photos.squares(io.BytesIO(picture()), photos.Crop()))
    return f"/people/{profile.user.username}/photo/{profile.photo_key}/72/"


def colour(content: bytes, at: tuple[int, int]) -> str:
    red, green, blue = Image.open(io.BytesIO(content)).convert("RGB").getpixel(at)
    return max(("red", red), ("green", green), ("blue", blue), key=lambda one: one[1])[0]


def test_a_photo_is_the_middle_of_a_picture_small_and_without_what_cameras_write(
    farida, client_for, reader, media
):
    assert secretive().count(b"zzqx") == 4
    assert sends(client_for(farida.user), farida, secretive()).status_code == 302
    farida.refresh_from_db()
    for size in photos.SIZES:
        answer = client_for(reader).get(f"/people/{farida.user.username}/photo/{farida.photo_key}/{size}/")
        shown = Image.open(io.BytesIO(answer.content))
        assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", (size, size), {})
        assert not any(kind in answer.content for kind in (b"zzqx", b"EXIF", b"ICCP", b"XMP"))
        assert len(answer.content) < 12_000
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, max-age=86400, immutable"
    assert [colour(answer.content, (x, 160)) for x in (10, 160, 310)] == ["red", "green", "blue"]
    kept = sorted(file.name for file in media.rglob("*") if file.is_file())
    assert kept == [f"{farida.photo_key}-320.webp", f"{farida.photo_key}-72.webp"]
    assert client_for(reader).get(f"/files/photos/{kept[0]}").status_code == 404


def test_one_chooses_the_square(farida, client_for):
    sends(client_for(farida.user), farida, picture("PNG"), across="0", down="50", closer="400")
    farida.refresh_from_db()
    large = photos.read(farida, photos.LARGE)
    assert {colour(large, at) for at in ((5, 5), (160, 160), (315, 315))} == {"red"}


def test_a_picture_on_its_side_is_set_upright(farida, client_for):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right: what is on the left comes to the top
    sends(client_for(farida.user), farida, picture(exif=exif))
    farida.refresh_from_db()
    large = photos.read(farida, photos.LARGE)
    assert [colour(large, (160, y)) for y in (10, 160, 310)] == ["red", "green", "blue"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no picture that can be shown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no picture that can be shown"),
        (picture("GIF"), "is no picture that can be shown"),
        (picture()[:2000], "is no picture that can be shown"),
        (picture(size=(71, 200)), "each side needs 72 pixels"),
    ],
)
def test_what_is_no_photo_is_refused_with_words(farida, client_for, content, words):
    answer = sends(client_for(farida.user), farida, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    farida.refresh_from_db()
    assert farida.photo_key == ""


def test_a_flood_of_pixels_and_a_large_file_are_refused_unpacked(farida, client_for, monkeypatch):
    flood = io.BytesIO()
    Image.new("1", (4000, 4001)).save(flood, "PNG")
    monkeypatch.setattr(photos, "_cut", lambda *_: pytest.fail("it was unpacked"))
    answer = sends(client_for(farida.user), farida, flood.getvalue())
    assert "a photo may have 16 million pixels" in answer.content.decode()
    monkeypatch.setattr(photos, "MOST_BYTES", 1000)
    assert "a photo may have 1000" in sends(client_for(farida.user), farida, picture()).content.decode()


def test_a_jpeg_may_be_larger_as_it_is_unpacked_at_a_fraction(farida, client_for, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PIXELS", 100_000)
    client = client_for(farida.user)
    assert sends(client, farida, picture("PNG")).status_code == 422
    assert sends(client, farida, picture("JPEG")).status_code == 302
    telephone = picture("MPO", save_all=True, append_images=[Image.new("RGB", (80, 80))])
    assert sends(client, farida, telephone).status_code == 302


def test_one_picture_is_unpacked_at_a_time(farida, client_for, monkeypatch):
    def cut(*_: Any) -> Image.Image:
        assert not photos._one_at_a_time.acquire(blocking=False)
        return Image.new("RGB", (photos.LARGE, photos.LARGE))

    monkeypatch.setattr(photos, "_cut", cut)
    assert sends(client_for(farida.user), farida, picture()).status_code == 302
    assert photos._one_at_a_time.acquire(blocking=False)
    photos._one_at_a_time.release()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("at", "byte"), [(17, 0), (88, 1)])
def test_broken_words_of_a_camera_break_nothing(farida, client_for, at, byte):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825] = 6, "x" * 30, {1: "N", 2: (1.0, 2.0, 3.0)}
    broken = bytearray(picture(exif=exif.tobytes()))
    broken[broken.find(b"Exif") + at] = byte  # struct.error, TypeError
    assert sends(client_for(farida.user), farida, bytes(broken)).status_code in (302, 422)


def test_nothing_chosen_is_said(farida, client_for):
    assert "Choose a picture." in sends(client_for(farida.user), farida).content.decode()


def test_only_oneself_and_administrators_choose_it(farida, client_for, reader):
    assert client_for(reader).get(f"/people/{farida.user.username}/photo/").status_code == 403
    assert sends(client_for(reader), farida, picture()).status_code == 403
    assert sends(client_for(reader), farida, remove="1").status_code == 403
    reader.is_superuser = True
    reader.save()
    assert sends(client_for(reader), farida, picture()).status_code == 302


def test_another_photo_takes_the_place_of_the_former_and_none_is_left_when_it_is_removed(
    farida, client_for, media, django_capture_on_commit_callbacks
):
    first = with_photo(farida)
    with django_capture_on_commit_callbacks(execute=True):
        sends(client_for(farida.user), farida, picture("WEBP"))
    assert client_for(farida.user).get(first).status_code == 404
    assert len(list(media.rglob("*.webp"))) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert sends(client_for(farida.user), farida, remove="1").status_code == 302
    farida.refresh_from_db()
    assert (farida.photo_key, list(media.rglob("*.webp"))) == ("", [])
    with_photo(farida)
    with django_capture_on_commit_callbacks(execute=True):
        farida.delete()
    assert list(media.rglob("*.webp")) == []


def test_no_file_of_a_photo_that_could_not_be_saved_is_left_and_the_former_stays(farida, media, monkeypatch):
    with_photo(farida)
    before = set(media.rglob("*.webp"))

    def refuse(*_args: Any, **_more: Any) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(Profile, "save", refuse)
    with pytest.raises(OSError, match="full"):
        photos.replace(farida, photos.squares(io.BytesIO(picture()), photos.Crop()))
    assert set(media.rglob("*.webp")) == before


def doors(farida: Profile) -> tuple[str, ...]:
    """Where a photo would stand."""
    own = f"/people/{farida.user.username}/"
    return (own, f"{own}card/", "/people/", "/people/?served=Kabul", "/people/posts/kabul/")


@pytest.mark.parametrize(("audience", "seen_by"), [("all", "rbo"), ("office", "bo"), ("me", "o")])
def test_it_is_shown_to_those_it_is_for(farida, kabul, legal, reader, client_for, audience, seen_by):
    served(farida, kabul, 2020)
    below = OfficeFactory.create(name="Treaties", slug="treaties", parent=legal)
    people = {"r": reader, "b": person("Ben Below", office=below).user, "o": farida.user}
    farida.office = legal
    farida.save()
    place = with_photo(farida, audience)
    for name, user in people.items():
        client = client_for(user)
        assert client.get(place).status_code == (200 if name in seen_by else 404), name
        for door in doors(farida):
            page = (
                client.get(door).content.decode().partition("<main")[2] or client.get(door).content.decode()
            )
            assert (farida.photo_key in page) is (name in seen_by), (name, door)
    if audience != "all":
        assert client_for(farida.user).get(place)["Cache-Control"] == "private, no-store"
    assert (
        farida.photo_key
        not in client_for(reader).get(f"/people/{farida.user.username}/vcard/").content.decode()
    )


def test_a_page_kept_for_several_readers_shows_no_photo_that_is_for_one_alone(farida, client_for):
    knows(farida, "afg")
    page = write("Afghanistan", "A country.", regions=frozenset({Region.objects.get(code="afg").pk}))
    with_photo(farida)
    body = client_for(farida.user).get(page.get_absolute_url()).content.decode()
    assert farida.photo_key in body.partition("<main")[2]
    farida.photo_audience = "me"
    farida.save(update_fields=["photo_audience"])
    body = client_for(farida.user).get(page.get_absolute_url()).content.decode()
    assert farida.photo_key not in body.partition("<main")[2]


def test_a_hit_of_the_search_has_the_photo_for_those_it_is_for(farida, reader):
    with_photo(farida, "office")
    faces = PeopleSource().faces([farida.pk], reader)
    assert faces == {farida.pk: Face("", "FŁ")}
    assert farida.photo_key in PeopleSource().faces([farida.pk], farida.user)[farida.pk].photo


def test_a_photo_for_oneself_alone_is_not_told_to_who_helps_editing(farida, client_for, reader):
    with_photo(farida, "me")
    reader.is_superuser = True
    reader.save()
    page = client_for(reader).get(f"/people/{farida.user.username}/photo/").content.decode()
    assert "Remove the photo" not in page
    assert 'value="all" selected' in page


def test_the_photo_of_a_leaver_is_shown_to_nobody(farida, client_for, reader):
    place = with_photo(farida)
    farida.left_at = "2024-05-01"
    farida.save()
    assert client_for(reader).get(place).status_code == 404
    assert farida.photo_key not in client_for(reader).get(f"/people/{farida.user.username}/").content.decode()


def test_a_list_asks_as_often_with_photos_as_without(
    farida, kabul, client_for, reader, django_assert_max_num_queries
):
    client = client_for(reader)
    client.get("/people/posts/kabul/")
    with django_assert_max_num_queries(30) as without:
        client.get("/people/posts/kabul/")
    for n in range(5):
        with_photo(person(f"Other Number{n}", post=kabul), "office")
    with django_assert_max_num_queries(len(without)):
        assert client.get("/people/posts/kabul/").content.count(b"Other Number") >= 5
