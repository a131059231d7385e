"""The choice of one's language: of pages, e-mails and feeds."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.requests import back, reader_of


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language on the account, and lead back to the page in it."""
    reader, language = reader_of(request), request.POST.get("language", "")
    if language and language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("There is no such language here."))
    reader.language = language
    reader.save(update_fields=["language"])
    return redirect(back(request, "/"))
