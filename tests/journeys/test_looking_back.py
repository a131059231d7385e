"""A colleague reads a page, others change it, one of the edits is undone: and each step is told to who comes back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.factories import revise, write

BODY = "The port is busy.\n\nThe train is slow.\n\nThe summer is hot."


def test_what_changed_since_one_read_it_is_shown_and_undone(visit, outsider, member):
    article = write("Quokka port", BODY, author=member)
    page = visit(outsider, "/wiki/")
    with page.expect_response(lambda response: response.url.endswith("/read/")) as told:
        page.goto(article.get_absolute_url())
    assert told.value.status == 204

    port = BODY.replace("busy", "empty")
    revise(article, port, author=member, summary="No ships")
    revise(article, port.replace("hot", "long"), author=member, summary="Heat")
    page.goto(article.get_absolute_url())
    expect(page.get_by_text("2 edits since you last read this page.")).to_be_visible()
    page.get_by_role("link", name="Show changes").click()
    expect(page.get_by_role("heading", name="From revision 1 to 3")).to_be_visible()

    page.get_by_role("navigation", name="This page").get_by_role("link", name="History").click()
    page.get_by_role("link", name="Undo revision 2").click()
    expect(page.get_by_role("heading", name="Undo revision 2?")).to_be_visible()
    page.get_by_role("button", name="Undo this edit").click()
    expect(page.get_by_text("Published: this is revision 4.")).to_be_visible()
    expect(page.get_by_text("The port is busy.")).to_be_visible()
    expect(page.get_by_text("The summer is long.")).to_be_visible()
