"""What views read from requests: numbers that may be anything, keys that make a POST one."""

from __future__ import annotations

import secrets

from django.http import HttpRequest


def number(request: HttpRequest, name: str, default: int, *, low: int = 1, high: int = 1_000_000) -> int:
    """Return a number from the address, within bounds; anything else is the default."""
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return default
    return min(max(int(text), low), high)


def posted_key(request: HttpRequest) -> str:
    """Return the key of a form: the one that was posted, else a new one."""
    return request.POST.get("key", "")[:64] or secrets.token_urlsafe(18)
