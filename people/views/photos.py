"""A person's photo: sent to who may see it, chosen and removed by who may edit the profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from people import photos
from people.models import Profile
from people.models.audience import Audience
from people.permissions import may_edit
from people.requests import reader_of
from people.views.profiles import find

CLOSED = "default-src 'none'; sandbox"
KEPT = "private, max-age=86400, immutable"  # another photo has another address


@require_safe
def photo(request: HttpRequest, handle: str, key: str, size: int) -> HttpResponse:
    """Send a photo in one of its sizes. One that is not for this reader is as if it did not exist."""
    people = Profile.objects.select_related("user").filter(user__username=handle, photo_key=key)
    person = people.first()
    if person is None or size not in photos.SIZES or not photos.may_see(person, reader_of(request)):
        raise Http404
    try:
        content = photos.read(person, size)
    except OSError as error:
        raise Http404 from error  # the row is there, the file is not
    response = HttpResponse(content, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CLOSED
    response["Cache-Control"] = KEPT if person.photo_audience == Audience.ALL else "private, no-store"
    return response


def _slider(label: Any, start: int, least: int, most: int) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"type": "range"})
    return forms.IntegerField(
        label=label, initial=start, min_value=least, max_value=most, required=False, widget=widget
    )


class PhotoForm(forms.Form):
    """A picture, which square of it, and who sees it. Without a script the square is the middle."""

    file = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    across = _slider(gettext_lazy("Left or right"), 50, 0, 100)
    down = _slider(gettext_lazy("Up or down"), 50, 0, 100)
    closer = _slider(gettext_lazy("Closer"), 100, 100, 100 * photos.CLOSEST)
    audience = forms.ChoiceField(label=gettext_lazy("Who sees it"), choices=Audience.choices)

    def __init__(self, *args: Any, has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_photo = has_photo
        self.fields["file"].help_text = _("JPEG, PNG, WebP or AVIF, up to %(size)s.") % {
            "size": filesizeformat(photos.MOST_BYTES)
        }

    def clean(self) -> dict[str, Any]:
        """Look into the picture; `squares` are what is kept of it, none where only the audience changes."""
        data = super().clean() or self.cleaned_data
        file = data.get("file")
        data["squares"] = {}
        if file is None and not self.has_photo and "file" not in self.errors:
            self.add_error("file", _("Choose a picture."))
        elif file is not None:
            self._look_into(file, data)
        return data

    def _look_into(self, file: Any, data: dict[str, Any]) -> None:
        usual = photos.Crop()
        chosen = {name: data.get(name) for name in ("across", "down", "closer")}
        crop = photos.Crop(
            **{name: getattr(usual, name) if at is None else at for name, at in chosen.items()}
        )
        try:
            photos.check_bytes(file.size)
            data["squares"] = photos.squares(file, crop)
        except photos.PhotoRefused as refused:
            self.add_error("file", str(refused))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, handle: str) -> HttpResponse:
    """Choose a photo, say who sees it, or remove it: one's own; administrators help those who cannot."""
    person, editor = find(handle), reader_of(request)
    if not may_edit(editor, person):
        raise PermissionDenied(_("Only the person can change a profile."))
    if "remove" in request.POST:
        photos.replace(person, {})
        messages.success(request, _("The photo is removed."))
        return redirect(person)
    has_photo = photos.may_see(person, editor)
    initial = {"audience": person.photo_audience if has_photo else Audience.ALL}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PhotoForm(*sent, has_photo=has_photo, initial=initial)
    if form.is_valid():
        _save(person, form.cleaned_data)
        messages.success(request, _("Saved. Colleagues see it now."))
        return redirect(person)
    context = {"person": person, "oneself": person.user_id == editor.pk, "form": form, "has_photo": has_photo}
    return render(request, "people/photo.html", context, status=422 if form.is_bound else 200)


def _save(person: Profile, data: dict[str, Any]) -> None:
    person.photo_audience = data["audience"]
    if data["squares"]:
        photos.replace(person, data["squares"])
    else:
        person.save(update_fields=["photo_audience"])
