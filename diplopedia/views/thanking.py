"""Thanking for an edit: one click."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diplopedia import thanking
from diplopedia.views.reading import edit_of, readable
from people.requests import back, reader_of


@require_POST
def thank(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Thank for an edit and go back to where the button stood."""
    page = readable(request, slug)
    edit = edit_of(page, number)
    if thanking.thank(reader_of(request), edit):
        messages.success(request, _("You thanked %s.") % edit.author.profile)
    return redirect(back(request, f"{page.get_absolute_url()}history/"))
