"""Every kind of page, in light and dark, on a phone and a laptop: nothing that the accessibility rules refuse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from diplopedia.actions import verify
from people.models import Region
from tests.factories import UserFactory, revise, speak, write
from tests.journeys import browser

BODY = """The embassy stands near the port. See [[Addis Ababa]] and [[Nowhere yet]].

## Getting there

| From | Hours |
| --- | ---: |
| Paris | 7 |

- by air
- by sea

> Ask before you drive.[^1]

[^1]: The road closes in the rain.
"""
PATHS = (
    "/",
    "/changes/",
    "/wiki/",
    "/wiki/new/",
    "/wiki/new/?title=Gulf+of+Aden&kind=case-study",
    "/wiki/case-studies/",
    "/wiki/kinds/case-study/",
    "/wiki/regions/djibouti/",
    "/wiki/tags/ports/",
    "/wiki/letters/",
    "/wiki/wanted/",
    "/wiki/no-such-page/",
    "{article}",
    "{article}edit/",
    "{article}history/",
    "{article}history/1/",
    "{article}history/1/restore/",
    "{article}history/2/undo/",
    "{article}compare/?from=1&to=2",
    "{article}blame/",
    "{article}at/?date=1999-01-01",
    "{article}links/",
    "{article}access/",
    "{article}rename/",
    "{article}delete/",
    "/search/?q=embassy",
    "/search/?q=speaks:tir%3E%3D1",
    "/search/?q=wombatology",
    "/people/",
    "/people/?q=who+speaks+Tigrinya+at+3+or+Dari+and+is+in+Asmara",
    "/people/?lang=tir&speaks=5&served=Kenya",
    "/people/languages/",
    "/people/offices/",
    "/people/posts/",
    "/people/{speaker}/",
    "/people/{speaker}/contributions/",
    "/people/{me}/edit/",
    "/people/{me}/edit/languages/",
    "/help/",
    "/help/history/",
)
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"size": browser.LAPTOP},
    "dark": {"size": browser.LAPTOP, "dark": True},
    "phone": {"size": browser.PHONE},
}


@pytest.fixture
def world(outsider: Any, index: Any) -> dict[str, str]:
    """A page with everything a page can have, and somebody who speaks."""
    region = Region.objects.get(code="dji")
    write("Addis Ababa", "The African Union has its seat here.")
    article = write(
        "Djibouti Post", BODY, tags=frozenset({"ports"}), regions=frozenset({region.pk}), kind="post-note"
    )
    edit = revise(article, BODY + "\nMore.\n", summary="More")
    verify(article, edit.author, edit)
    speaker = UserFactory(first_name="Selam", last_name="Woldu")
    speak(speaker, "tir", 8, 7)
    index()
    return {"article": article.get_absolute_url(), "speaker": speaker.username, "me": outsider.username}


def widest(page: Page) -> str:
    """Return what makes the page scroll sideways, or an empty text."""
    too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return f"{page.url} scrolls sideways" if too_wide else ""


@pytest.mark.parametrize("look", LOOKS)
def test_every_kind_of_page_is_clean(visit, outsider, world, look):
    page = visit(outsider, "/", **LOOKS[look])
    rule = "color-contrast" if look == "dark" else ""
    found = []
    for path in PATHS:
        page.goto(path.format(**world))
        found += [browser.axe_report(page, only=rule), widest(page)]
    assert not any(found), "\n".join(filter(None, found))


@pytest.mark.parametrize("look", LOOKS)
def test_the_sign_in_page_is_clean(visit, look):
    page = visit(None, "/accounts/login/", **LOOKS[look])
    assert not browser.axe_report(page)
