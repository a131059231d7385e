"""The result page and the suggestions. Thin: parse, find, show."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from search import actions, panels
from search.deadlines import Deadline
from search.dictionary import dictionary
from search.engines import SearchUnavailable
from search.query import Query, values_of
from search.results import Hit, Results
from search.sources import source
from search.wording import hits_worded, suggestions_worded, with_faces, with_told

log = logging.getLogger(__name__)
MOST_SUGGESTIONS = 8


class Pages(Paginator[Hit]):
    """Pages of results of which only one was fetched."""

    def __init__(self, results: Results, size: int) -> None:
        super().__init__(results, size)
        self.results = results

    @cached_property
    def count(self) -> int:
        """The number of all hits."""
        return self.results.total


class SearchView(View):
    """Articles, people and everything else in one ranked list, narrowed by facets; every state has an address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer a query; `?page=abc` is the first page, and one beyond the end is the last."""
        query = Query.parse(request.GET.get("q", ""), request.GET, dictionary=dictionary())
        query, results, down = answer(query, request.user)
        if refused := refusal(request, query, results):
            return refused
        template = "search/_results.html" if "HX-Request" in request.headers else "search/results.html"
        results = replace(results, hits=hits_worded(results.hits))
        response = render(request, template, context(query, results, down, request.user))
        patch_vary_headers(response, ["HX-Request"])
        return response


def answer(query: Query, user: Any) -> tuple[Query, Results, bool]:
    """The query as it was answered, the results, and whether the engine is down."""
    deadline = Deadline.of_a_reader()
    try:
        results = actions.find(query, user, deadline)
        last = Pages(results, query.size).num_pages
        if query.page > last:
            query = query.matching(page=last)
            results = actions.find(query, user, deadline)
    except SearchUnavailable as error:
        log.warning("Search falls back to the database: %s", error)
        return query, actions.fall_back(query, user), True
    return query, results, False


def refusal(request: HttpRequest, query: Query, results: Results) -> HttpResponse | None:
    """The answer of the first source that lets none of its kind be shown now; a script opens it as a page."""
    for kind, number in Counter(hit.kind for hit in results).items():
        known = source(kind)
        if known and (refused := known.refusal(request, number, query.page)):
            refused["HX-Redirect"] = request.get_full_path()
            return refused
    return None


def context(query: Query, results: Results, down: bool, user: Any) -> dict[str, Any]:
    """What the result page shows."""
    people = [hit for hit in results if hit.kind == panels.PERSON]
    people = with_told(with_faces(people, user), query.asked_for, user)
    return {
        "query": query.text,
        "asked": query,
        "results": results,
        "down": down,
        "page": Page(results, query.page, Pages(results, query.size)),
        "people": people,
        "to_ask": any(hit.face.to_ask for hit in people if hit.face),
        "others": [hit for hit in results if hit.kind != panels.PERSON],
        "only_people": bool(people) and len(people) == len(results),
        "tabs": panels.tabs(query, results),
        "panels": panels.panels(query, results),
        "chips": [
            {"label": _("%(label)s: %(value)s") % {"label": c.label, "value": c.value}, "url": c.remove_url}
            for c in panels.chips(query, results)
        ],
        "kinds": query.selected("kind"),
        "suggestion_url": "?" + urlencode({"q": results.suggestion}),
        "wanted": " ".join(word.text for word in query.words)[:200],
    }


class SuggestView(View):
    """Titles and names while one types: JSON for scripts, a fragment of HTML otherwise."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer `?q=`, of all kinds or of those in `?kind=`."""
        text, kinds = request.GET.get("q", "")[:200], values_of(request.GET, "kind")
        found = suggestions_worded(actions.suggest(text, request.user, MOST_SUGGESTIONS, kinds))
        response: HttpResponse
        if request.accepts("text/html") and "application/json" not in request.headers.get("Accept", ""):
            response = render(request, "search/suggestions.html", {"suggestions": found})
        else:
            items = [{"kind": s.kind, "title": s.name, "url": s.url, "detail": s.detail} for s in found]
            response = JsonResponse({"items": items})
        patch_vary_headers(response, ["Accept"])
        return response
