"""Adding a picture or a document to a page: from the editor by its script, or on a page of its own."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diplopedia import actions
from diplopedia.models import Article, Link, WikiDocument, WikiImage
from diplopedia.permissions import check_edit
from diplopedia.uploads import FileRefused, checked, named
from diplopedia.views.reading import readable
from people.models import User
from people.requests import reader_of

SHOWN = 100
THUMBNAIL = 400


class AddFileForm(forms.Form):
    """A file, and for a picture what it shows."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=400, allow_empty_file=True)
    alt = forms.CharField(
        label=gettext_lazy("What does it show?"),
        help_text=gettext_lazy("Read aloud to colleagues who cannot see it."),
        required=False,
        max_length=250,
    )
    decorative = forms.BooleanField(
        label=gettext_lazy("It is decoration: it says nothing that the text does not say."), required=False
    )
    caption = forms.CharField(
        label=gettext_lazy("Caption below it, if it needs one"), required=False, max_length=200
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = limits()

    def clean(self) -> dict[str, Any]:
        """Look into the file; ask for words about a picture."""
        data = super().clean() or {}
        if "file" not in data:
            return data
        try:
            found = data["checked"] = checked(data["file"])
        except FileRefused as refused:
            self.add_error("file", str(refused))
            return data
        if found.is_image and not data.get("decorative") and not data.get("alt", "").strip():
            self.add_error("alt", _("Say what the picture shows, or that it is only decoration."))
        return data


def limits() -> str:
    """Say what may be added, before somebody tries."""
    return _(
        "Pictures (%(images)s) up to %(image_size)s and %(pixels)s million pixels; "
        "documents (%(documents)s) up to %(size)s."
    ) % {
        "images": named(settings.WAGTAILIMAGES_EXTENSIONS),
        "image_size": filesizeformat(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE),
        "pixels": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000,
        "documents": named(settings.WAGTAILDOCS_EXTENSIONS),
        "size": filesizeformat(settings.DOCUMENT_MAX_BYTES),
    }


def add_file(request: HttpRequest) -> HttpResponse:
    """Add a file to the page that `?page=` names, or to one that is not there yet. Scripts get its line as JSON."""
    slug = request.GET.get("page", "").replace("\x00", "")
    page = readable(request, slug) if slug else None
    if page is not None:
        check_edit(reader_of(request), page)
    posted = request.method == "POST"
    form = AddFileForm(request.POST, request.FILES) if posted else AddFileForm()
    line = added(request, form, page) if posted and form.is_valid() else ""
    if "application/json" in request.headers.get("Accept", "") and posted:
        refused = [error for errors in form.errors.values() for error in errors]
        return JsonResponse({"markdown": line} if line else {"refused": refused}, status=201 if line else 422)
    context = {
        "form": AddFileForm() if line else form,
        "article": page,
        "added": line,
        "days": settings.DRAFT_DAYS,
        "files": files_of(page, reader_of(request)) if page else [],
    }
    return render(request, "diplopedia/add_file.html", context, status=422 if posted and not line else 200)


def added(request: HttpRequest, form: AddFileForm, page: Article | None) -> str:
    """Keep the file and return the line that names it; where it is refused, the form says why."""
    data = form.cleaned_data
    alt = "" if data["decorative"] else " ".join(data["alt"].split())
    try:
        kept = actions.add_file(data["file"], data["checked"], reader_of(request), page, alt=alt)
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return ""
    return line_of(kept, alt, " ".join(data["caption"].split()))


def line_of(kept: WikiImage | WikiDocument, alt: str = "", caption: str = "") -> str:
    """Return the Markdown that shows a picture or leads to a document."""
    if isinstance(kept, WikiDocument):
        return f"[{escaped(kept.title)}](document:{kept.pk})"
    words = caption.replace("\\", "\\\\").replace('"', '\\"')
    return f"![{escaped(alt)}](image:{kept.pk}" + (f' "{words}")' if words else ")")


def escaped(words: str) -> str:
    """Return words that stay words between square brackets."""
    for mark in ("\\", "[", "]", "`", "*", "_", "<"):
        words = words.replace(mark, f"\\{mark}")
    return words


class FileRow(NamedTuple):
    """A file in the list of a page, and the pages that name it, as far as this reader may know of them."""

    file: WikiImage | WikiDocument
    is_image: bool
    url: str
    markdown: str
    used_by: list[tuple[str, str]]


def files_of(page: Article, reader: User) -> list[FileRow]:
    """Return the files of a page, newest first, in a number of queries that does not depend on how many."""
    images = WikiImage.objects.filter(article=page).select_related("uploaded_by_user__profile")
    documents = WikiDocument.objects.filter(article=page).select_related("uploaded_by_user__profile")
    found: list[WikiImage | WikiDocument] = [
        *images.order_by("-created_at")[:SHOWN],
        *documents.order_by("-created_at")[:SHOWN],
    ]
    used = used_by([file.key for file in found], reader)
    return [
        FileRow(
            file, isinstance(file, WikiImage), address_of(file),
            line_of(file, file.description if isinstance(file, WikiImage) else ""), used.get(file.key, []),
        )
        for file in found
    ]  # fmt: skip


def address_of(file: WikiImage | WikiDocument) -> str:
    """Return where a file is sent from."""
    if isinstance(file, WikiImage):
        return reverse("image", args=[file.pk, THUMBNAIL])
    return reverse("wagtaildocs_serve", args=[file.pk, file.filename])


def used_by(keys: list[str], reader: User) -> dict[str, list[tuple[str, str]]]:
    """Return which pages name which of these files, titles and addresses, for a reader."""
    readers = Article.objects.readable_by(reader)
    rows = Link.objects.filter(readers.has("source"), target_key__in=keys).order_by("source__title_key")
    pages: dict[str, list[tuple[str, str]]] = {}
    for key, title, slug in rows.values_list("target_key", "source__title", "source__wiki_slug"):
        pages.setdefault(key, []).append((title, slug))
    return pages
