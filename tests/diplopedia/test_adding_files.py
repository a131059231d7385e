"""Pictures and documents from the editor: checked by what is in them, as private as their page, refused kindly."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import PurePosixPath
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from diplopedia.actions import Writing, save_draft
from diplopedia.actions.forgetting import named_somewhere
from diplopedia.models import WikiDocument, WikiImage
from tests.factories import MemberFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of, soup, words

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 20)) -> bytes:
    """Return the bytes of a small picture."""
    held = io.BytesIO()
    Image.new("RGB", size, "teal").save(held, kind)
    return held.getvalue()


def package(*names: str, mimetype: str = "") -> bytes:
    """Return a zip with parts of these names."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as parts:
        if mimetype:
            parts.writestr("mimetype", mimetype)
        for name in names:
            parts.writestr(name, "x")
    return held.getvalue()


def adds(visitor: Visitor, name: str, content: bytes, page: Any = None, **fields: Any) -> Any:
    """Add a file as the editor's script does."""
    address = f"/files/add/?page={page.wiki_slug}" if page else "/files/add/"
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return visitor.client.post(address, {"file": file, **fields}, headers={"accept": "application/json"})


def test_a_picture_is_added_described_and_shown(reader, rosa):
    page = write("Djibouti", "One.")
    answer = adds(reader, "IMG 01 (ä).PNG", picture(), page, alt="The [old] port", caption='Seen "from" sea')
    assert answer.status_code == 201
    kept = WikiImage.objects.get()
    assert answer.json()["markdown"] == rf'![The \[old\] port](image:{kept.pk} "Seen \"from\" sea")'
    assert (kept.article, kept.uploaded_by_user, kept.description) == (page, rosa, "The [old] port")
    assert (kept.width, kept.height, kept.pending) == (30, 20, False)
    assert kept.file_size == len(picture())
    reader.publishes(f"{page.get_absolute_url()}edit/", body=answer.json()["markdown"])
    shown = soup(reader.opens(page.get_absolute_url())).select_one(".text figure img, .text p img")
    assert shown["alt"] == "The [old] port"
    assert reader.opens(shown["src"]).status_code == 200


def test_a_picture_needs_words_or_the_word_that_it_is_decoration(reader):
    refused = adds(reader, "a.png", picture(), alt="  ")
    assert (refused.status_code, WikiImage.objects.count()) == (422, 0)
    assert "only decoration" in refused.json()["refused"][0]
    answer = adds(reader, "a.png", picture(), decorative="on", alt="not this")
    assert answer.json()["markdown"] == f"![](image:{WikiImage.objects.get().pk})"


def test_without_scripts_a_page_takes_the_file_and_gives_its_line(reader):
    page = write("Djibouti", "One.")
    link = soup(reader.opens(f"{page.get_absolute_url()}edit/")).select_one("a.plain-only")
    assert "50 million pixels" in reader.sees(link["href"])
    file = SimpleUploadedFile("Note.pdf", b"%PDF-1.7 x")
    response = reader.client.post(link["href"], {"file": file})
    document = WikiDocument.objects.get()
    assert soup(response).select_one("#added")["value"] == f"[Note](document:{document.pk})"
    assert "No page shows it" in words(response)
    reader.publishes(f"{page.get_absolute_url()}edit/", body=f"[Note](document:{document.pk})")
    assert "Used by Djibouti" in reader.sees(link["href"])
    refused = reader.client.post(link["href"], {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert (refused.status_code, "Nothing is lost" in words(refused)) == (422, True)


GOOD = {
    "a.avif": ("AVIF", None), "a.gif": ("GIF", None), "a.jpg": ("JPEG", None), "a.webp": ("WEBP", None),
    "n.pdf": (None, b"%PDF-1.4"), "n.csv": (None, b"a;b\n1;2\n"), "n.txt": (None, "naïve".encode()),
    "n.docx": (None, package("[Content_Types].xml", "word/document.xml")),
    "n.xlsx": (None, package("[Content_Types].xml", "xl/workbook.xml")),
    "n.pptx": (None, package("[Content_Types].xml", "ppt/presentation.xml")),
    "n.odt": (None, package("content.xml", mimetype="application/vnd.oasis.opendocument.text")),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_may_be_added_is_added(reader, name):
    kind, content = GOOD[name]
    answer = adds(reader, name, content or picture(kind), alt="A picture")
    assert answer.status_code == 201, answer.json()
    assert WikiImage.objects.count() + WikiDocument.objects.count() == 1


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "nothing": ("a.png", b""),
    "svg": ("a.svg", SVG),
    "svg as picture": ("a.png", SVG),
    "svg as text": ("a.txt", SVG),
    "page as text": ("a.csv", b"\xef\xbb\xbf\n <!DOCTYPE html><p>"),
    "page": ("a.html", b"<html>"),
    "program": ("a.exe", b"MZ"),
    "no ending": ("README", b"text"),
    "page as picture": ("a.gif", b"<html><img>"),
    "half a picture": ("a.png", picture(size=(300, 300))[:120]),
    "bytes as text": ("a.txt", b"a\x00b"),
    "picture as pdf": ("a.pdf", picture()),
    "zip as docx": ("a.docx", package("x.txt")),
    "sheet as docx": ("a.docx", package("[Content_Types].xml", "xl/workbook.xml")),
    "macros": ("a.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
    "macro format": ("a.docm", package("[Content_Types].xml", "word/document.xml")),
    "no zip": ("a.xlsx", b"PK\x03\x04nothing"),
    "other open document": ("a.odt", package(mimetype="application/vnd.oasis.opendocument.spreadsheet")),
    "postscript as picture": ("a.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_may_not_be_added_is_refused_with_the_reason(reader, name):
    answer = adds(reader, *BAD[name], alt="A picture")
    assert answer.status_code == 422
    assert answer.json()["refused"][0]
    assert not WikiImage.objects.exists()
    assert not WikiDocument.objects.exists()


def test_a_picture_under_a_wrong_name_gets_the_right_one(reader):
    adds(reader, "../../etc/<b>x\x01.jpg", picture("GIF"), alt="x")
    kept = WikiImage.objects.get()
    assert PurePosixPath(kept.file.name).suffix == ".gif"
    assert ".." not in kept.file.name
    assert "<" not in kept.file.name


def test_limits_of_size_pixels_and_days(reader, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1_000_000
    assert (
        "1 million pixels" in adds(reader, "a.png", picture(size=(1001, 1000)), alt="x").json()["refused"][0]
    )
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = settings.DOCUMENT_MAX_BYTES = 100
    for name, content in (("a.png", picture(size=(900, 900))), ("a.pdf", b"%PDF-" + b"x" * 100)):
        assert "it may have 100" in adds(reader, name, content, alt="x").json()["refused"][0].replace(
            "\xa0", " "
        )
    settings.FILES_PER_DAY = 1
    assert adds(reader, "a.txt", b"a").status_code == 201
    assert "tomorrow" in adds(reader, "a.txt", b"a").json()["refused"][0]


def test_a_file_of_a_restricted_page_is_as_private_as_the_page(reader):
    member = MemberFactory()
    page = keep_to(write("Kept", "x", author=member), Group.objects.get(name="Negotiators"), by=member)
    assert adds(Visitor(member), "a.png", picture(), page, alt="x").status_code == 201
    image = WikiImage.objects.get()
    assert Visitor(member).opens(f"/files/images/{image.pk}/400/").status_code == 200
    assert reader.opens(f"/files/images/{image.pk}/400/").status_code == 404
    hidden, missing = (adds(reader, "a.png", picture(), p, alt="x") for p in (page, write("Gone", "x")))
    assert (hidden.status_code, missing.status_code) == (404, 201)
    assert reader.opens("/files/add/", page=page.wiki_slug).status_code == 404
    assert reader.opens("/files/add/", page="no-such-page").status_code == 404


def test_a_file_of_a_page_that_is_not_there_yet_is_its_authors_alone_until_it_is(reader, other):
    line = adds(reader, "a.png", picture(), alt="The port").json()["markdown"]
    image = WikiImage.objects.get()
    url = f"/files/images/{image.pk}/400/"
    assert (reader.opens(url).status_code, other.opens(url).status_code) == (200, 404)
    other.publishes("/wiki/new/?title=Theirs&kind=plain", body=line)
    assert other.opens(url).status_code == 404
    reader.publishes("/wiki/new/?title=Djibouti&kind=plain", body=line)
    image.refresh_from_db()
    assert (image.article.title, image.pending) == ("Djibouti", False)
    assert other.opens(url).status_code == 200


def test_a_waiting_file_shows_nothing_through_anothers_page(reader, other):
    """What one reader sees is kept for others who hold the same: the uploader's look must not tell a title."""
    adds(reader, "Zyxquartet.pdf", b"%PDF-1.7")
    file = WikiDocument.objects.get()
    page = write("Trap", f"[x](document:{file.pk})", author=other.user)
    for visitor in (reader, other, reader, other):
        assert b"Zyxquartet" not in visitor.opens(page.get_absolute_url()).content
    preview = {"body": f"[x](document:{file.pk})"}
    assert b"zyxquartet" in reader.sends("/wiki/preview/", preview).content.lower()
    assert b"zyxquartet" not in other.sends("/wiki/preview/", preview).content.lower()


def test_files_that_wait_for_nothing_any_more_are_removed_by_the_command_alone(
    reader, rosa, settings, capsys
):
    lines = {
        name: adds(reader, f"{name}.png", picture(), alt=name).json()["markdown"]
        for name in ("draft", "revision", "page", "nothing", "young")
    }
    adds(reader, "nothing.pdf", b"%PDF-1.7")
    page = write("Elsewhere", lines["revision"], author=rosa)
    revise(page, lines["page"], author=rosa)
    WikiImage.objects.update(pending=True, article=None)  # as if others had named what they may not have
    save_draft(rosa, Writing(key="form", fields={"body": [lines["draft"]]}))
    long_ago = timezone.now() - datetime.timedelta(days=settings.DRAFT_DAYS + 1)
    WikiDocument.objects.update(created_at=long_ago)
    WikiImage.objects.exclude(title="young").update(created_at=long_ago)
    call_command("forget_files", "--dry-run")
    assert "2 files" in capsys.readouterr().out
    assert (WikiImage.objects.count(), WikiDocument.objects.count()) == (5, 1)
    call_command("forget_files")
    kept = set(WikiImage.objects.values_list("title", flat=True))
    assert (kept, WikiDocument.objects.count()) == ({"draft", "revision", "page", "young"}, 0)


def test_a_longer_number_does_not_keep_a_file(rosa):
    file = WikiDocument.objects.create(title="x", pending=True, uploaded_by_user=rosa)
    write("Another", f"[x](document:{file.pk}0)", author=rosa)
    assert not named_somewhere([file.key])


def test_the_page_says_how_long_a_file_waits(reader, settings):
    settings.DRAFT_DAYS = 42
    assert "removed after 42 days" in reader.sees("/files/add/")


def test_who_uses_a_file_names_only_pages_one_may_read(reader, rosa):
    member = MemberFactory()
    page = write("Djibouti", "One.")
    adds(reader, "a.png", picture(), page, alt="x")
    line = f"![x](image:{WikiImage.objects.get().pk})"
    keep_to(write("Hidden user", line, author=member), Group.objects.get(name="Negotiators"), by=member)
    write("Open user", line)
    seen = reader.sees("/files/add/", page=page.wiki_slug)
    assert "Used by Open user" in seen
    assert "Hidden user" not in seen


def test_a_refused_file_leaves_the_form_filled(reader):
    file = SimpleUploadedFile("a.svg", SVG)
    response = reader.client.post("/files/add/", {"file": file, "alt": "The port", "caption": "Seen"})
    form = fields_of(response)
    assert (form["alt"], form["caption"]) == ("The port", "Seen")
