"""Doors that lead elsewhere: other sign-in pages to the one, missing pages to their beginning."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import server_error

from diplopedia import outages
from diplopedia.models import Article
from diplopedia.views.deleted import gone_from
from diplopedia.views.reading import Missing, title_of
from people.requests import reader_of

CLOSEST = 6


@login_not_required
def login_door(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """Lead any other sign-in page to allauth's, where lockout and second factors are."""
    following = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        following, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    query = f"?{urlencode({'next': following})}" if safe else ""
    return redirect(f"{reverse('account_login')}{query}")


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page; of the wiki, offer to write it. Hidden pages look exactly the same."""
    if not isinstance(exception, Missing) or not request.user.is_authenticated:
        return render(request, "404.html", status=404)
    title = title_of(exception.slug)
    words = [word for word in title.casefold().split() if len(word) > 2][:3]
    near = Article.objects.readable_by(request.user).for_lists()
    for word in words[:1]:
        near = near.filter(title_key__contains=word)
    context = {
        "title": title,
        "gone": gone_from(exception.slug, reader_of(request)),
        "new_url": f"{reverse('new')}?{urlencode({'title': title})}",
        "near": near.order_by("title_key")[:CLOSEST] if words else [],
    }
    return render(request, "diplopedia/missing.html", context, status=404)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why something is not allowed."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that something broke; or, where even who is asking could not be found out, that it is away."""
    return outages.answer(sys.exception()) or server_error(request)
