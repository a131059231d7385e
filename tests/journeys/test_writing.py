"""What the hands do in the editor: complete names, paste from elsewhere, use the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from diplopedia.actions import add_alias
from tests.factories import write
from tests.journeys import browser

PASTE = """([html, plain]) => {
    const held = new DataTransfer();
    if (html) held.setData("text/html", html);
    held.setData("text/plain", plain);
    const area = document.querySelector("textarea[name=body]");
    area.focus();
    area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true}));
}"""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p {margin: 0}</style></head><body>
<!--StartFragment--><h1 style='color:red'>Report<o:p></o:p></h1>
<p class=MsoNormal style='margin:0'>The <b>port</b> of&nbsp;Djibouti, <i>see</i>
<a href="https://un.example/a(1)">the note</a>.</p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span><![endif]>First</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o </span>Below</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>1.<span>&nbsp;</span></span>Number</p>
<!--EndFragment--></body></html>"""
SHEET = """<table><tr><td>Partner</td><td>2024</td></tr>
<tr><td>Ghana | Togo</td><td align=right>12.1</td></tr></table>"""
WEB = """<meta charset='utf-8'><div><h4>Ways</h4><ul><li>Sea<ul><li>Ferry</li></ul></li>
<li><strong>Air</strong></li></ul>
<ol><li>One</li><li>Two</li></ol><blockquote><p>Said.</p></blockquote><p>A*b [c]<br>next</p><img src=x onerror=alert(1)>
<script>alert(1)</script><a href="javascript:alert(1)">bad</a></div>"""
DOCS = """<b style="font-weight:normal;" id="docs-internal">
<p><span style="font-weight:700">Bold</span><span> and plain</span></p></b>"""

PASTED = {
    "word": (
        WORD,
        """## Report

The **port** of Djibouti, *see* [the note](https://un.example/a%281%29).

- First
   - Below
1. Number""",
    ),
    "spreadsheet": (SHEET, "| Partner | 2024 |\n| --- | --- |\n| Ghana \\| Togo | 12.1 |"),
    "web": (
        WEB,
        "#### Ways\n\n- Sea\n   - Ferry\n- **Air**\n1. One\n2. Two\n\n> Said.\n\nA\\*b \\[c\\]\\\nnext\n\nbad",
    ),
    "shared document": (DOCS, "**Bold** and plain"),
}


def editor(visit, outsider, body: str = " ") -> Page:
    article = write(body=f"{body} ")
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    page.wait_for_function("document.querySelector('text-expander')")
    return page


def test_what_is_pasted_becomes_markdown(visit, outsider):
    page = editor(visit, outsider)
    text = page.get_by_label("Text", exact=True)
    for name, (html, markdown) in PASTED.items():
        text.fill("")
        page.evaluate(PASTE, [html, "plain"])
        assert text.input_value() == markdown, name
    text.fill("the treaty")
    text.select_text()
    page.evaluate(PASTE, ["", "https://treaties.example/12"])
    expect(text).to_have_value("[the treaty](https://treaties.example/12)")
    text.press("Control+z")
    expect(text).to_have_value("the treaty")


def test_titles_other_names_and_people_are_completed_with_the_keyboard_alone(visit, outsider, member, index):
    page = write("United Arab Emirates", "A federation.")
    add_alias(page, "UAE")
    member.profile.preferred_name = "Farida Łukasik"
    member.profile.save()
    index()
    page = editor(visit, outsider)
    text = page.get_by_label("Text", exact=True)
    text.fill("")
    text.press_sequentially("See [[UAE")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("United Arab Emirates")
    assert browser.axe_report(page) == ""
    expect(option).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("Arrow keys choose")).to_have_text(
        "Suggestions: 1. Arrow keys choose, Enter takes one, Escape closes."
    )
    assert text.get_attribute("aria-activedescendant") == option.get_attribute("id")
    text.press("Enter")
    expect(text).to_have_value("See [[United Arab Emirates]] ")
    text.press_sequentially("and ask @Lukas")
    expect(page.get_by_role("option").first).to_contain_text("Farida")
    text.press("Enter")
    expect(text).to_have_value(f"See [[United Arab Emirates]] and ask [[@{member.username}]] ")
    text.press_sequentially("[[United")
    expect(page.get_by_role("option").first).to_be_visible()
    text.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)


@pytest.mark.parametrize("size", [browser.PHONE, browser.LAPTOP], ids=["phone", "laptop"])
def test_shortcuts_save_and_publish(visit, outsider, size):
    article = write(body="One.")
    page = visit(outsider, f"{article.get_absolute_url()}edit/", size=size)
    text = page.get_by_label("Text", exact=True)
    text.fill("One")
    text.select_text()
    text.press("Control+b")
    expect(text).to_have_value("**One**")
    text.fill("Two.")
    text.press("Control+s")
    expect(page.locator("[data-state]")).to_contain_text("saved on the server")
    text.press("Control+Enter")
    expect(page.get_by_text("Published: this is revision 2")).to_be_visible()
