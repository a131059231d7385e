"""What whoever watches the site may ask without signing in. The answers name no server, version or content."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from diplopedia.readiness import Service, behind, troubles

# Seconds after which a change that is not searchable yet is a matter for somebody.
LATE = 300
NEEDED = {Service.DATABASE, Service.TABLES}
TOLD = (Service.DATABASE, Service.TABLES, Service.SEARCH)


@login_not_required
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Say that this process answers. Asks nothing else, so that nobody restarts it for what a restart cannot cure."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Say whether this process can serve: 200 if readers and editors can work, 503 if not.

    Without its search engine the site is degraded, and serves: the database answers searches alone.
    """
    troubled = {trouble.service for trouble in troubles()}
    if troubled & NEEDED:
        return JsonResponse({"status": "not ready", **states(troubled)}, status=503)
    seconds = behind()
    status = "degraded" if troubled or seconds > LATE else "ready"
    return JsonResponse({"status": status, **states(troubled), "search_behind_seconds": seconds})


def states(troubled: set[Service]) -> dict[str, str]:
    """Return a word for each thing that the site stands on."""
    unknown = {Service.TABLES} if Service.DATABASE in troubled else set()
    found = {Service.SEARCH if service is Service.INDEX else service for service in troubled | unknown}
    return {str(service): "trouble" if service in found else "ok" for service in TOLD}
