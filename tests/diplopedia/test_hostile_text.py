"""Text made to do harm, through the forms: wherever it is shown again, it is text."""

from __future__ import annotations

import re
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest

from diplopedia.models import Article
from tests.diplopedia.hostile import ALL
from tests.factories import UserFactory, write
from tests.visitor import Fields, Visitor, soup

pytestmark = [pytest.mark.django_db, pytest.mark.rendering]

# Elements and attributes that no text of a colleague may bring into a page.
FORBIDDEN = (
    "iframe, object, embed, applet, base, style, math, foreignObject, meta[http-equiv], [style], [srcdoc], "
    "link[rel=import]"
)
SHORT = [vector for vector in ALL if len(" ".join(vector.split())) <= 90]
FIELDS = SHORT[:: len(SHORT) // 36]


def harmless(response: Any, frame: dict[str, int]) -> None:
    """Check that a page has no more scripts and forms than an ordinary one, and nothing that runs or leads astray."""
    tree = soup(response)
    assert tree.select(f"main :is({FORBIDDEN})") == []
    assert len(tree.select("script")) == frame["script"]
    assert [tag for tag in tree.select("script") if not str(tag.get("src", "")).startswith("/static/")] == []
    for tag in tree.find_all(True):
        assert not [name for name in tag.attrs if name.lower().startswith("on")], tag
        for name in (
            "href",
            "src",
            "action",
            "formaction",
            "data",
            "poster",
            "xlink:href",
            "srcset",
            "background",
        ):
            value = str(tag.get(name, "")).strip()
            scheme = urlsplit(re.sub(r"[\x00-\x20]", "", value)).scheme.lower() if value else ""
            assert scheme in {"", "http", "https", "mailto", "tel"}, tag
            assert tag.name == "a" or name not in {"src", "action", "formaction"} or not scheme, tag
    for form in tree.select("form[action]"):
        assert str(form["action"]).startswith(("/", "?")), form


def frame_of(visitor: Visitor, url: str) -> dict[str, int]:
    return {"script": len(soup(visitor.opens(url)).select("script"))}


@pytest.mark.slow
def test_no_text_does_anything_on_any_page_that_shows_it(reader):
    """All vectors of the corpus as bodies, in pages of forty, on each page that shows a body."""
    plain = write("Plain", "One.")
    frame = {
        view: frame_of(reader, plain.get_absolute_url() + view)
        for view in ("", "edit/", "history/1/", "compare/")
    }
    assert len(ALL) >= 100
    for start in range(0, len(ALL), 40):
        vectors = ALL[start : start + 40]
        page = write(f"Page {start}", "One.")
        url = page.get_absolute_url()
        body = "\n\n".join(["Before.", *vectors, "After."])
        assert reader.publishes(f"{url}edit/", body=body).status_code == 302
        for view in ("", "edit/", "compare/"):
            harmless(reader.opens(url + view), frame[view])
        harmless(reader.opens(f"{url}history/2/"), frame["history/1/"])
        form = reader.form(f"{url}edit/")
        harmless(reader.sends(f"{url}edit/", form, body=body, action="preview"), frame["edit/"])
        harmless(reader.sends(f"{url}edit/", form, body=body[::-1], action="changes"), frame["edit/"])
        harmless(reader.sends("/wiki/preview/", body=body), {"script": 0})


def begin(visitor: Visitor, form: Fields, number: int, vector: str, frame: dict[str, int]) -> None:
    """Begin a page whose every field is the text; where it may not be a title, with another title."""
    fields = {
        "key": "",
        "fact_period": vector,
        "fact_lessons": vector,
        "summary": vector,
        "tags": f"a {vector}",
        "body": "One.",
    }
    response = visitor.sends("/wiki/new/", form | fields, title=f"Safe {vector}", action="publish")
    if response.status_code == 422:
        harmless(response, frame)
        response = visitor.sends("/wiki/new/", form | fields, title=f"Safe {number}", action="publish")
    assert response.status_code == 302, vector


@pytest.mark.slow
def test_no_title_tag_fact_or_summary_does_anything(reader):
    plain = write("Plain", "One.", kind="case-study", tags=frozenset({"Ports"}))
    home = plain.get_absolute_url()
    shown = ("", "edit/", "history/", "history/1/", "compare/", "links/", "rename/", "access/", "delete/")
    lists = ("/", "/changes/", "/wiki/", "/wiki/case-studies/", "/wiki/tags/ports/", "/search/?q=plain")
    frame = {url: frame_of(reader, url) for url in (*(home + view for view in shown), *lists)}
    assert len(FIELDS) >= 30
    form = reader.form("/wiki/new/", kind="case-study", title="x")
    for number, vector in enumerate(FIELDS):
        begin(reader, form, number, vector, frame[f"{home}edit/"])
    pages = list(Article.objects.exclude(pk=plain.pk))
    for page in pages:
        harmless(reader.opens(page.get_absolute_url()), frame[home])
        harmless(reader.opens(f"/wiki/tags/{page.tags.first().slug}/"), frame["/wiki/tags/ports/"])
    for page, view in product(pages[::9], shown):
        harmless(reader.opens(page.get_absolute_url() + view), frame[home + view])
    for url in lists:
        harmless(reader.opens(url), frame[url])
    for vector in FIELDS[::6]:
        harmless(reader.opens("/search/", q=vector), frame["/search/?q=plain"])


@pytest.mark.slow
def test_no_address_and_no_parameter_does_anything(reader):
    new = frame_of(reader, "/wiki/new/?title=x")
    editor = frame_of(reader, "/wiki/new/?title=x&kind=plain")
    missing = frame_of(reader, "/wiki/nothing/")
    for vector in FIELDS[::5]:
        harmless(reader.opens("/wiki/new/", title=vector, language=vector), new)
        harmless(reader.opens("/wiki/new/", title=vector, kind="plain", language=vector), editor)
        for url in ("/changes/", "/wiki/letters/", "/wiki/case-studies/"):
            response = reader.opens(
                url, author=vector, letter=vector, kind=vector, region=vector, country=vector
            )
            harmless(response, frame_of(reader, url))
        if not {"/", "?", "#", "\n"} & set(vector):
            harmless(reader.opens(f"/wiki/{vector}/"), missing)


def test_a_name_of_a_colleague_is_text_too(reader):
    frame = frame_of(reader, write("Plain", "One.").get_absolute_url())
    hostile = UserFactory(first_name="<script>alert(1)</script>", last_name='"><img src=x onerror=alert(1)>')
    page = write(
        "Page", f"Ask [[@{hostile.username}]].", author=hostile, contacts=frozenset({hostile.profile.pk})
    )
    for view in ("", "history/", "history/1/", "compare/"):
        response = reader.opens(page.get_absolute_url() + view)
        assert "&lt;script&gt;" in response.content.decode()
        if not view:
            harmless(response, frame)
        assert soup(response).select("main script, main img") == []


def test_template_syntax_stays_text(reader):
    page = write("Page", "{{ request.user.password }} {% load x %} {{ 7|add:7 }} ${7*7}")
    said = reader.sees(page.get_absolute_url())
    assert "{{ request.user.password }} {% load x %} {{ 7|add:7 }} ${7*7}" in said
