"""A picture comes into the text by drop, paste or choice, with words for those who cannot see it."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from diplopedia.models import WikiImage
from tests.factories import write
from tests.journeys import browser

HAND_OVER = """([how, name, type, data]) => {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    const held = new DataTransfer();
    held.items.add(new File([bytes], name, {type}));
    const area = document.querySelector("textarea[name=body]");
    const event = how === "drop"
        ? new DragEvent("drop", {dataTransfer: held, bubbles: true, cancelable: true})
        : new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true});
    area.dispatchEvent(event);
}"""


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(held, "PNG")
    return held.getvalue()


def hand_over(page: Page, how: str, name: str, type_: str, content: bytes) -> None:
    """Drop or paste a file, as a hand would."""
    page.wait_for_function(
        "document.querySelector('dialog[data-add]') && document.querySelector('text-expander')"
    )
    page.evaluate(HAND_OVER, [how, name, type_, base64.b64encode(content).decode()])


@pytest.mark.parametrize("how", ["drop", "paste", "choose"])
def test_a_picture_is_added_where_the_cursor_is(visit, outsider, how):
    article = write(body="Before.")
    size = browser.PHONE if how == "choose" else browser.LAPTOP
    page = visit(outsider, f"{article.get_absolute_url()}edit/", size=size)
    text = page.get_by_label("Text", exact=True)
    text.press("Control+End")
    if how == "choose":
        page.get_by_role("button", name="Picture or document").click()
        file = {"name": "port.png", "mimeType": "image/png", "buffer": picture()}
        page.get_by_label("File", exact=True).set_input_files(file)
    else:
        hand_over(page, how, "port.png", "image/png", picture())
    dialog = page.get_by_role("dialog")
    assert browser.axe_report(page) == ""
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say what the picture shows")
    dialog.get_by_label("What does it show?").fill("The port")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog).to_be_hidden()
    kept = WikiImage.objects.get()
    expect(text).to_have_value(f"Before.\n\n![The port](image:{kept.pk})")
    assert kept.article == article


def test_a_file_that_is_refused_leaves_text_and_form_as_they_are(visit, outsider):
    article = write(body="Before.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    page.get_by_label("Text", exact=True).fill("My words.")
    hand_over(page, "drop", "plan.svg", "image/svg+xml", b"<svg></svg>")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What does it show?").fill("The port")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be added")
    expect(dialog.get_by_label("What does it show?")).to_have_value("The port")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("alert")).to_contain_text("No connection")
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("My words.")
