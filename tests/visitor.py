"""Somebody with a browser that runs no scripts: opens pages, reads them, fills in their forms and sends them."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client

from people.models import User

Fields = dict[str, Any]


class Visitor:
    """A person's browser. `opens` gives the answer, `sees` its words, `form` what its form would send."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def opens(self, url: str, **query: Any) -> HttpResponse:
        """Follow an address."""
        return self.client.get(url, query or None)

    def sees(self, url: str, **query: Any) -> str:
        """Return the words of a page that must be there."""
        response = self.opens(url, **query)
        assert response.status_code == 200, (url, response.status_code)
        return words(response)

    def sends(self, url: str, fields: Fields | None = None, **changes: Any) -> HttpResponse:
        """Send a form."""
        return self.client.post(url, {**(fields or {}), **changes})

    def form(self, url: str, **query: Any) -> Fields:
        """Open a page and return what its form would send if nothing were touched."""
        return fields_of(self.opens(url, **query))

    def publishes(self, url: str, **changes: Any) -> HttpResponse:
        """Open the editor at an address, change some fields and press Publish."""
        return self.sends(url, self.form(url), action="publish", **changes)


def soup(response: HttpResponse) -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(response.content, "html.parser")


def words(response: HttpResponse) -> str:
    """Return the words between the tags, with single spaces and none before a comma."""
    return re.sub(r"\s+([,.])", r"\1", " ".join(soup(response).get_text(" ").split()))


def links(response: HttpResponse) -> dict[str, str]:
    """Return the links of a page: the words of each and where it leads."""
    return {" ".join(a.get_text(" ").split()): str(a["href"]) for a in soup(response).select("main a[href]")}


def fields_of(response: HttpResponse, which: str = "main form[method=post]") -> Fields:
    """Return what a form would send, buttons aside: the first by POST in the page's main part, if no other is meant."""
    form = soup(response).select_one(which)
    assert form is not None, "the page has no form"
    fields: Fields = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        for value in values(control):
            add(fields, str(control["name"]), value)
    return fields


def add(fields: Fields, name: str, value: str) -> None:
    """Add a value; several of one name become a list."""
    if name in fields:
        before = fields[name]
        fields[name] = [*(before if isinstance(before, list) else [before]), value]
    else:
        fields[name] = value


def values(control: Tag) -> list[str]:
    """Return what a control sends as it stands."""
    if control.has_attr("disabled"):
        return []
    if control.name == "textarea":
        return [control.get_text().removeprefix("\r\n").removeprefix("\n")]
    if control.name == "select":
        return chosen(control)
    kind = control.get("type", "text")
    if kind in {"submit", "button", "reset", "image"}:
        return []
    if kind in {"checkbox", "radio"} and not control.has_attr("checked"):
        return []
    return [str(control.get("value", "on" if kind == "checkbox" else ""))]


def chosen(select: Tag) -> list[str]:
    """Return the chosen options; without a choice, a menu sends its first."""
    options = select.select("option")
    marked = [option for option in options if option.has_attr("selected")]
    if not marked and not select.has_attr("multiple"):
        marked = options[:1]
    return [str(option.get("value", option.get_text())) for option in marked]
