"""From an article to a better article, with scripts and without; two editors at once; history and its uses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from diplopedia.actions.drafting import Writing, save_draft
from diplopedia.models import Presence
from tests.factories import revise, write
from tests.journeys import browser


def write_text(page: Page, text: str) -> None:
    page.get_by_label("Text", exact=True).fill(text)


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_first_edit_is_two_clicks_and_a_text(visit, outsider, scripts):
    article = write()
    page = visit(outsider, article.get_absolute_url(), scripts=scripts)
    page.get_by_role("link", name="Edit", exact=True).click()
    write_text(page, "The embassy moved to the Plateau du Serpent in 2022.")
    publish(page)

    expect(page).to_have_url(re.compile(re.escape(article.get_absolute_url()) + r"(\?|$)"))
    expect(page.get_by_text("moved to the Plateau du Serpent")).to_be_visible()
    article.refresh_from_db()
    assert article.latest_edit.author == outsider


def test_one_types_at_once_and_the_keyboard_is_enough_to_publish(visit, outsider):
    article = write(body="near the port.")
    page = visit(outsider, article.get_absolute_url())
    page.get_by_role("link", name="Edit", exact=True).press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("The embassy stands ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("The embassy stands near the port.")).to_be_visible()


def test_in_a_window_of_few_lines_nothing_stands_before_the_text(visit, outsider):
    article = write(body="One.\n\n" * 40)
    page = visit(outsider, f"{article.get_absolute_url()}edit/", size=(683, 384))  # a laptop at 200 %
    page.mouse.wheel(0, 400)
    seen = """() => [40, 150, 250, 340].every(y => document.elementFromPoint(340, y)?.closest("textarea"))"""
    page.wait_for_function(seen)


def test_a_preview_shows_the_text_and_saves_nothing(visit, outsider):
    article = write()
    page = visit(outsider, f"{article.get_absolute_url()}edit/", scripts=False)
    write_text(page, "A **bold** claim.")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator(".view strong")).to_have_text("bold")
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("bold"))
    article.refresh_from_db()
    assert article.latest_edit.number == 1


def test_a_red_link_leads_to_a_new_page(visit, outsider):
    article = write()
    page = visit(outsider, article.get_absolute_url())
    page.get_by_role("link", name="Addis Ababa").first.click()
    page.get_by_role("button", name="Another page").click()
    expect(page.get_by_label("Title")).to_have_value("Addis Ababa")
    write_text(page, "The African Union has its seat here.")
    publish(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Addis Ababa")
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("link", name="Addis Ababa").first).not_to_have_class(re.compile("wanted"))


def test_two_editors_of_different_paragraphs_are_merged(visit, outsider, member):
    article = write(body="First paragraph.\n\nSecond paragraph.")
    mine = visit(outsider, f"{article.get_absolute_url()}edit/")
    theirs = visit(member, f"{article.get_absolute_url()}edit/")
    write_text(theirs, "First paragraph.\n\nSecond paragraph, improved by the other.")
    publish(theirs)
    expect(theirs).not_to_have_url(re.compile("/edit/"))
    write_text(mine, "First paragraph, improved by me.\n\nSecond paragraph.")
    publish(mine)

    expect(mine.get_by_text("improved by me")).to_be_visible()
    expect(mine.get_by_text("improved by the other")).to_be_visible()


def test_two_editors_of_one_paragraph_see_both_texts_and_lose_neither(visit, outsider, member):
    article = write(body="The port closes at six.")
    mine = visit(outsider, f"{article.get_absolute_url()}edit/")
    theirs = visit(member, f"{article.get_absolute_url()}edit/")
    write_text(theirs, "The port closes at eight.")
    publish(theirs)
    expect(theirs).not_to_have_url(re.compile("/edit/"))
    write_text(mine, "The port never closes.")
    publish(mine)

    expect(mine.get_by_text("Nothing is lost")).to_be_visible()
    expect(mine.get_by_text("eight").first).to_be_visible()
    expect(mine.get_by_text("never closes").first).to_be_visible()
    article.refresh_from_db()
    assert article.body == "The port closes at eight."

    mine.get_by_label("Keep mine").check()
    mine.get_by_role("button", name="Publish the merged page").click()
    expect(mine).not_to_have_url(re.compile("/edit/"))
    article.refresh_from_db()
    assert article.body == "The port never closes."
    assert [edit.number for edit in article.edits.all()] == [3, 2, 1]


def test_any_two_revisions_are_compared(visit, outsider):
    article = write(body="One ship.")
    revise(article, "Two ships.")
    revise(article, "Three ships and a boat.")
    page = visit(outsider, f"{article.get_absolute_url()}history/")
    page.get_by_label("Compare from revision 1").check()
    page.get_by_label("Compare to revision 3").check()
    page.get_by_role("button", name="Compare the two chosen").click()

    expect(page.get_by_role("heading", name="From revision 1 to 3")).to_be_visible()
    expect(page.locator("del").first).to_be_visible()
    expect(page.locator("ins").first).to_be_visible()


def test_an_old_revision_is_restored_as_a_new_one(visit, outsider):
    article = write(body="What was right.")
    revise(article, "What was wrong.")
    page = visit(outsider, f"{article.get_absolute_url()}history/1/")
    page.get_by_role("link", name="Restore it").click()
    page.get_by_role("button", name="Restore").click()

    expect(page.get_by_text("What was right.")).to_be_visible()
    article.refresh_from_db()
    assert (article.latest_edit.number, article.latest_edit.kind) == (3, "revert")


# A slow browser draws a long page in pieces while it reads it: two frames after that it is drawn as a whole.
AT_REST = """() => new Promise(tell =>
    requestAnimationFrame(() => requestAnimationFrame(() => tell(performance.now()))))"""
# What moved on the page since then although nobody had touched it just before, and how much of the window that was.
SHIFTS = """since => new Promise(tell => {
    const told = shift => [shift.value, shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 120) ?? "gone")];
    const later = list => list.filter(({ startTime }) => startTime >= since).map(told);
    new PerformanceObserver(list => tell(later(list.getEntries()))).observe({type: "layout-shift", buffered: true});
    setTimeout(tell, 500, []);
})"""
LEAST = 0.002  # of the window: a word that grows in its own line is less


@pytest.mark.parametrize("size", [browser.PHONE, browser.LAPTOP], ids=["phone", "laptop"])
def test_nothing_moves_under_the_hand_while_one_writes(visit, outsider, size):
    page = visit(outsider, "/wiki/new/?kind=plain&title=Keren", size=size)
    button = page.get_by_role("button", name="Publish")
    page.wait_for_load_state("load")
    rested = page.evaluate(AT_REST)
    before = button.bounding_box()
    page.get_by_label("Text", exact=True).press_sequentially("A town.")
    expect(page.get_by_text("saved on the server")).to_be_visible()
    assert button.bounding_box() == before
    assert [moved for moved in page.evaluate(SHIFTS, rested) if moved[0] > LEAST] == []


@pytest.mark.parametrize("size", [browser.PHONE, browser.LAPTOP], ids=["phone", "laptop"])
def test_nothing_moves_when_others_come_and_the_draft_is_saved(visit, outsider, member, size):
    article = write(body="One.\n\n## Two\n\nThree.")
    save_draft(outsider, Writing(key="earlier", fields={"body": ["Begun."]}, article=article, base=1))
    page = visit(outsider, f"{article.get_absolute_url()}edit/", size=size)
    text = page.get_by_label("Text", exact=True)
    page.wait_for_load_state("load")
    rested = page.evaluate(AT_REST)
    before = text.bounding_box()
    visit(member, f"{article.get_absolute_url()}edit/", size=size)
    while Presence.objects.count() < 2:
        page.wait_for_timeout(100)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("is editing this page now")).to_be_visible()
    text.press_sequentially("More. ")
    expect(page.get_by_text("saved on the server")).to_be_visible()
    assert text.bounding_box() == before
    assert [moved for moved in page.evaluate(SHIFTS, rested) if moved[0] > LEAST] == []
