"""Markdown as editors expect it."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplopedia.markdown import (
    render,
    replace_section,
    split_sections,
    title_key,
)


def html(text: str) -> str:
    """The stored html without the directions that every block carries."""
    return render(text).html.replace(' dir="auto"', "")


def link_keys(text: str, language: str = "en") -> list[str]:
    return [link.key for link in render(text, language=language).links]


# --- what editors write ------------------------------------------------------------------------------------------


def test_a_list_needs_no_blank_line_before_it() -> None:
    assert "<li>a</li>\n<li>b</li>" in html("Text before\n- a\n- b")


def test_two_spaces_nest_a_list() -> None:
    assert re.search(r"<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>", html("- a\n  - b"))


def test_code_may_stand_inside_a_list() -> None:
    page = html("- a\n\n  ```python\n  x = 1 < 2\n  ```\n- b")
    assert '<pre tabindex="0"><code>x = 1 &lt; 2\n</code></pre>' in page
    assert page.count("<ul>") == 1


def test_struck_text() -> None:
    assert "<s>old</s> new" in html("~~old~~ new")


def test_tasks_are_boxes_nobody_can_click() -> None:
    page = html("- [ ] call\n- [x] written")
    assert '<li class="task"><input type="checkbox" disabled="" aria-label="To do"> call</li>' in page
    assert '<input type="checkbox" disabled="" checked="" aria-label="Done"> written' in page


def test_tables_align_by_class_and_scroll_by_keyboard() -> None:
    page = html("| Name | Size |\n|---|--:|\n| a | 1 |")
    assert '<div class="scroll-x" tabindex="0" role="region" aria-label="Table: Name, Size"><table>' in page
    assert '<th scope="col" class="r">Size</th>' in page
    assert '<td class="r">1</td>' in page
    assert "style" not in page


def test_a_table_takes_its_caption_from_the_line_before() -> None:
    page = html("Table: Main *figures*\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert 'aria-label="Table: Main figures"><table><caption>Main <em>figures</em></caption>' in page
    assert "Table: Main *" not in page
    assert page.count("figures") == 2


def test_a_link_with_a_label_stands_in_a_table() -> None:
    page = html("| a | b |\n|---|---|\n| [[Title|label]] | [[Other\\|name]] |")
    assert link_keys("| a |\n|---|\n| [[Title|label]] |") == ["en:title"]
    assert ">label</a></td>" in page
    assert ">name</a></td>" in page


def test_footnotes_have_labels_and_ids_of_their_own() -> None:
    page = html("a[^x] b[^y] c[^x]\n\n[^x]: First.\n[^y]: Second.")
    assert '<sup><a href="#fn-1" id="fnref-1" aria-label="Note 1">1</a></sup>' in page
    assert '<section class="notes" aria-label="Notes">' in page
    assert 'href="#fnref-1-2" aria-label="Back to note 1 in the text"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 5


CALL_OUTS = {"NOTE": ("note", "Note"), "tip": ("note", "Note"), "Caution": ("note note--warn", "Warning")}


@pytest.mark.parametrize(("kind", "classes", "label"), [(kind, *shown) for kind, shown in CALL_OUTS.items()])
def test_call_outs_are_notes(kind: str, classes: str, label: str) -> None:
    page = html(f"> [!{kind}] *Mind* this\n> Body")
    assert f'<div class="{classes}" role="note" aria-label="{label}">' in page
    assert '<p class="note__title"><b><em>Mind</em> this</b></p>' in page
    assert "<p>Body</p>" in page
    assert "[!" not in page


def test_an_unknown_call_out_stays_a_quotation() -> None:
    assert "<blockquote>\n<p>[!JOKE] x</p>" in html("> [!JOKE] x")


def test_a_position_says_whose_it_is_and_since_when() -> None:
    page = html("> [!POSITION] Office of Law, Treaties, 2026-03-03\n> No recognition.")
    assert '<section class="stance" aria-label="Attributed position">' in page
    assert "<span>Position of <b>Office of Law, Treaties</b></span>" in page
    assert '<span>as of <time datetime="2026-03-03">3 March 2026</time></span>' in page
    assert "<p>No recognition.</p>" in page


@pytest.mark.parametrize("line", ["Office", "Office, 2026-13-40", "Office, soon"])
def test_a_position_without_a_date_keeps_its_words(line: str) -> None:
    page = html(f"> [!POSITION] {line}\n> Text")
    assert f"<b>{line}</b>" in page
    assert "<time" not in page


def test_labels_are_in_the_language_of_the_text() -> None:
    assert "mars 2026" in render("> [!POSITION] Office, 2026-03-03\n> x", language="fr").html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("www.a.example, and", "https://www.a.example"),
        ("<https://a.example/y>", "https://a.example/y"),
        ("https://a.example/?q=1&r=2", "https://a.example/?q=1&amp;r=2"),
    ],
)
def test_bare_addresses_are_links(text: str, address: str) -> None:
    assert f'<a class="external" rel="noopener noreferrer" href="{address}">' in html(text)


@pytest.mark.parametrize(
    "text", ["`https://a.example`", "    https://a.example", "x@https://a.example", "http://"]
)
def test_no_links_where_none_are_meant(text: str) -> None:
    assert "<a" not in html(text)


@pytest.mark.parametrize(
    ("href", "stored"),
    [
        ("/wiki/x/", '<a href="/wiki/x/">'),
        ("#History", '<a href="#s-history">'),
        ("mailto:a@b.example", '<a href="mailto:a@b.example">'),
        ("tel:+3312345", '<a href="tel:+3312345">'),
        ("//host/x", '<a class="external" rel="noopener noreferrer" href="https://host/x">'),
        ("document:7", '<a class="wd" data-key="document:7">'),
    ],
)
def test_links_lead_where_they_may(href: str, stored: str) -> None:
    assert f"{stored}label</a>" in html(f"[label]({href})")


@pytest.mark.parametrize("href", ["ftp://host/x", "notes.html", "image:3", "document:x", "?q=1"])
def test_other_links_keep_only_their_words(href: str) -> None:
    assert html(f"[label]({href})") == '<div class="lead">\n<p>label</p>\n</div>\n'


def test_image_is_a_figure_with_its_caption() -> None:
    page = html('![A *bridge*](image:12 "The bridge & us")')
    assert page == (
        '<figure><img class="wi" data-key="image:12" alt="A bridge">'
        "<figcaption>The bridge &amp; us</figcaption></figure>"
    )


def test_image_in_a_sentence_is_no_figure() -> None:
    assert '<p>see <img class="wi" data-key="image:3" alt="it"> here</p>' in html("see ![it](image:3) here")


def test_nothing_remote_is_loaded() -> None:
    page = html("![map](https://a.example/map.png)")
    assert "<img" not in page
    assert 'href="https://a.example/map.png">map</a>' in page


def test_allowed_html() -> None:
    page = html(
        'H<sub>2</sub>O x<SUP>2</SUP> <kbd>Ctrl</kbd><br/><abbr title="United &amp; Nations">UN</abbr>'
    )
    assert "H<sub>2</sub>O x<sup>2</sup> <kbd>Ctrl</kbd><br>" in page
    assert '<abbr title="United &amp; Nations">UN</abbr>' in page


def test_details_hold_markdown() -> None:
    page = html(
        "<details>\n<summary>More *here*</summary>\n\n- a\n\n<details>\n\nb\n\n</details>\n\n</details>\n\nc"
    )
    assert "<details>\n<summary>More <em>here</em></summary>\n<ul>" in page
    assert page.count("<details>") == page.count("</details>") == 2
    assert page.endswith("</details>\n<p>c</p>\n")


def test_unclosed_details_are_words() -> None:
    assert "&lt;details&gt;" in html("<details>\n\ntext")


def test_comments_vanish() -> None:
    assert html("<!-- aa -->\n\nb<!-- aa -->c").split() == ["<p>bc</p>"]


def test_text_finds_its_own_direction() -> None:
    page = render("שלום\n\n- سلام\n\n## 中\n\n| a |\n|---|\n| b |").html
    assert page.count('dir="auto"') == 5


# --- wiki links --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "label", "fragment"),
    [
        ("[[Berlin Airlift]]", "en:berlin airlift", "Berlin Airlift", ""),
        ("[[ Berlin_Airlift |the  airlift ]]", "en:berlin airlift", "the  airlift", ""),
        ("[[Berlin#The Start|x]]", "en:berlin", "x", "s-the-start"),
        ("[[fr:Été]]", "fr:été", "Été", ""),
        ("[[UN: a history]]", "en:un: a history", "UN: a history", ""),
        ("[[@Rosa.Celik]]", "@rosa.celik", "Rosa.Celik", ""),
        ("[[@Rosa Çelik|Rosa]]", "@rosa çelik", "Rosa", ""),
        ("[[日本]]", "en:日本", "日本", ""),
    ],
)
def test_wiki_links(text: str, key: str, label: str, fragment: str) -> None:
    page = html(text)
    assert link_keys(text) == [key]
    assert f'data-key="{key}"' in page
    assert f">{label}</a>" in page
    assert ('data-fragment="' + fragment in page) if fragment else ("data-fragment" not in page)


def test_links_go_to_the_language_of_the_text() -> None:
    assert link_keys("[[Titre]] [[en:Title]]", language="fr") == ["fr:titre", "en:title"]


@pytest.mark.parametrize(
    "text",
    [
        r"\[[Title]]",
        "`[[Title|x]]`",
        "```\n[[Title|x]]\n```",
        "[[]]",
        "[[ | x]]",
        "[[@]]",
        "[[a\nb]]",
        "[[a]](/b)",
    ],
)
def test_no_wiki_links_here(text: str) -> None:
    assert link_keys(text) == []
    assert "\ufdd0" not in render(text).html
    assert "\ufdd0" not in render(text).text


def test_code_keeps_its_bar() -> None:
    assert "<code>[[Title|x]]</code>" in html("`[[Title|x]]`")


def test_a_section_of_the_same_page() -> None:
    assert '<a href="#s-history">History</a>' in html("[[#History]]")


def test_links_are_listed_once_in_order() -> None:
    assert link_keys("[[B]] [[A]] ![x](image:2) [d](document:3) [[b]]\n\n- [[C]]") == [
        "en:b",
        "en:a",
        "image:2",
        "document:3",
        "en:c",
    ]


@given(st.text(max_size=60))
def test_title_keys_are_stable(title: str) -> None:
    key = title_key(title)
    assert title_key(key) == key
    assert title_key(f"  {title}_ ") == key
    assert title_key(title.upper().lower()) == title_key(title.upper())
    assert unicodedata.is_normalized("NFC", key)


def test_titles_that_look_alike_are_alike() -> None:
    assert title_key("E\u0301te\u0301  du_Nord") == title_key("\u00e9t\u00e9 DU NORD")
    assert title_key("Ber\u200blin\u202e") == "berlin"


# --- headings and sections ---------------------------------------------------------------------------------------


def test_headings_have_stable_unique_ids_of_every_script() -> None:
    found = render("## A b\n## A b\n### 中文 हिन्दी\n## A b 2\n## !?\n## A b")
    assert [h.id for h in found.contents] == [
        "s-a-b",
        "s-a-b-2",
        "s-中文-हिन्दी",
        "s-a-b-2-2",
        "s-section",
        "s-a-b-3",
    ]
    assert [h.id for h in found.contents] == re.findall(r'<h\d id="([^"]+)"', found.html)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# One\n\n## Two", [2, 2]),
        ("# One\n\n## Two\n\n# Three", [2, 3, 2]),
        ("###### Six", [5]),
        ("Title\n---", [2]),
        ("> ## Quoted\n\n- ## Listed", []),
    ],
)
def test_heading_levels(text: str, levels: list[int]) -> None:
    assert [h.level for h in render(text).contents] == levels
    assert "<h1" not in render(text).html
    assert "<h6" not in render(text).html


def test_contents_are_plain_text() -> None:
    assert render("## A *b* [[C|d]] `e` <f>").contents[0].text == "A b d e <f>"


SECTIONED = (
    "Lead.\n\n## A\n\na\n\n```\n## not a heading\n```\n\n### A1\n\na1\n\n"
    "B\n---\nb\n\n> ## quoted\n\n## A\n\nend"
)


def test_sections_are_those_of_the_page() -> None:
    sections = split_sections(SECTIONED)
    assert [s.id for s in sections[1:]] == [h.id for h in render(SECTIONED).contents]
    assert [SECTIONED[s.start : s.end].split("\n")[0] for s in sections] == [
        "Lead.",
        "## A",
        "### A1",
        "B",
        "## A",
    ]
    assert SECTIONED[sections[1].start : sections[1].end].endswith("a1\n\n")


def test_replacing_a_section_leaves_the_others() -> None:
    changed = replace_section(SECTIONED, 1, "## New\n\nn")
    assert changed == "Lead.\n\n## New\n\nn\n\nB\n---\nb\n\n> ## quoted\n\n## A\n\nend"
    with pytest.raises(IndexError):
        replace_section(SECTIONED, 9, "x")


@given(
    st.lists(
        st.sampled_from(["## A\n", "# B\n", "text\n", "\n", "```\n", "- x\n", "> ## q\n", "C\n", "===\n"])
    )
)
def test_sections_cover_any_text(lines: list[str]) -> None:
    text = "".join(lines)
    sections = split_sections(text)
    assert [s.id for s in sections[1:]] == [h.id for h in render(text).contents]
    starts = [s.start for s in sections]
    assert starts == sorted(starts)
    assert "".join(text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)) == text
    assert all(s.start <= s.end <= len(text) for s in sections)


# --- lead and plain text -----------------------------------------------------------------------------------------


def test_the_lead_is_what_stands_before_the_first_heading() -> None:
    found = render("One *a*[^1].\n\nTwo.\n\n## H\n\nThree.\n\n[^1]: note")
    assert found.lead == "One a. Two."
    lead, _end, rest = found.html.partition("</div>")
    assert lead.startswith('<div class="lead">')
    assert 'id="fnref-1"' in lead
    assert "Two." in lead
    assert rest.lstrip().startswith("<h2")


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("", ""),
        ("One.\n\nTwo.", "One."),
        ("## H\n\nOne.\n\nTwo.", "One."),
        ("- a list\n\nOne.\n\n## H", "One."),
        ("- a\n\n> b", ""),
        ("A\n\nB\n\nC\n\nD\n\n## H", "A B C"),
        ("![x](image:1)\n\nOne.\n\n## H", "One."),
    ],
)
def test_leads(text: str, lead: str) -> None:
    assert render(text).lead == lead


def test_plain_text_has_words_and_no_markup() -> None:
    text = (
        "## *H*\n\n- [[A b|c]] [d](/e) `f`\n\n| g |\n|---|\n| **h** |\n\n![i](image:1)\n\n"
        "j[^1]\n\n[^1]: k\n\n```\nl [[m|n]]\n```"
    )
    assert render(text).text == "H\nc d f\ng\nh\ni\nj\nl [[m|n]]\nk"
