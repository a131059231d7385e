"""Markdown as editors expect it, and nothing that a reader must fear."""

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplopedia.markdown import (
    MAX_CHARACTERS,
    Target,
    TextTooDeep,
    TextTooLarge,
    keys,
    normalise,
    render,
    replace_section,
    resolve,
    section_id,
    split_lead,
    split_sections,
    title_key,
)
from tests.diplopedia import hostile


def html(text: str) -> str:
    """The stored html without the directions that every block carries."""
    return render(text).html.replace(' dir="auto"', "")


def link_keys(text: str, language: str = "en") -> list[str]:
    return [link.key for link in render(text, language=language).links]


# --- what editors write ----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("kind", "classes", "label"),
    [
        ("NOTE", "note", "Note"),
        ("tip", "note", "Note"),
        ("WARNING", "note note--warn", "Warning"),
        ("Caution", "note note--warn", "Warning"),
    ],
)
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


# --- wiki links ------------------------------------------------------------------------------------------------


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


# --- headings and sections -------------------------------------------------------------------------------------


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


# --- lead and plain text ---------------------------------------------------------------------------------------


def test_the_lead_is_what_stands_before_the_first_heading() -> None:
    found = render("One *a*[^1].\n\nTwo.\n\n## H\n\nThree.\n\n[^1]: note")
    assert found.lead == "One a. Two."
    assert "fnref" not in found.lead_html
    lead, rest = split_lead(found.html)
    assert 'id="fnref-1"' in lead
    assert "Two." in lead
    assert rest.startswith("<h2")


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


# --- filling in ------------------------------------------------------------------------------------------------

LOOKUP = {
    "en:here": Target("/wiki/here/?a=1&b=2", "Here"),
    "@rosa": Target("/people/rosa/", "Rosa <Ç>"),
    "image:1": Target("/i/1.webp", "One", 800, 600, "/i/1.webp 800w, /i/1s.webp 400w"),
    "document:1": Target("/d/1/", 'The "treaty"'),
}

NEW = '<a class="wanted" href="/wiki/new/?title={}&amp;language={}" title="No page yet">'
IMAGE = (
    '<img src="/i/1.webp" alt="a &quot;b&quot;" width="800" height="600" srcset="/i/1.webp 800w, /i/1s.webp 400w" '
    'sizes="(min-width: 64em) 41rem, 100vw" loading="lazy" decoding="async">'
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[[Here|x & y]]", '<a href="/wiki/here/?a=1&amp;b=2">x &amp; y</a>'),
        ("[[Here#The Part]]", '<a href="/wiki/here/?a=1&amp;b=2#s-the-part">Here</a>'),
        ("[[@rosa]]", '<a href="/people/rosa/">Rosa &lt;Ç&gt;</a>'),
        ("[[@rosa|our Rosa]]", '<a href="/people/rosa/">our Rosa</a>'),
        ("[[@nobody]]", '<a class="wanted" title="No colleague by this name">nobody</a>'),
        (
            "[[Gone & lost]]",
            NEW.format("Gone+%26+lost", "en") + "Gone &amp; lost</a>",
        ),
        (
            "[[fr:Été|x]]",
            NEW.format("%C3%89t%C3%A9", "fr") + "x</a>",
        ),
        ("[the *text*](document:1)", '<a href="/d/1/" title="The &quot;treaty&quot;">the <em>text</em></a>'),
        ("[x](document:2)", '<a class="wanted" title="Document not available">x</a>'),
        ("a ![alt](image:2)", '<span class="wanted">Image not available</span>'),
        ('![a "b"](image:1)', IMAGE),
        (
            "[![a](image:1) b](document:1)",
            '<a href="/d/1/" title="The &quot;treaty&quot;"><img src="/i/1.webp" alt="a"',
        ),
    ],
)
def test_resolving(text: str, shown: str) -> None:
    assert shown in resolve(render(text).html, LOOKUP)


def test_everything_is_filled_and_the_rest_untouched() -> None:
    stored = render(
        '## H\n\n[[Here]] [[Gone]] ![x](image:1) [y](document:1) `<a class="wl" data-key="k">`'
    ).html
    shown = resolve(stored, LOOKUP)
    assert "data-" not in re.sub(r"<code>.*?</code>", "", shown)
    assert "&lt;a class=&quot;wl&quot;" in shown or '&lt;a class="wl"' in shown
    assert resolve(shown, {}) == shown


def test_editors_get_a_link_at_each_main_section() -> None:
    stored = render("## A & b\n\n### C\n\n> ## D\n\n## E").html
    shown = resolve(stored, {}, edit_url="/wiki/x/edit/")
    assert (
        '<span>A &amp; b</span><a href="/wiki/x/edit/?section=1" aria-label="Edit section A &amp; b">Edit</a></h2>'
        in shown
    )
    assert 'section=3" aria-label="Edit section E"' in shown
    assert shown.count("Edit</a>") == 2
    assert "Edit" not in resolve(stored, {})


def test_keys_are_those_of_the_links() -> None:
    found = render('[[A "q" & b]] [[@c]] ![](image:1) [x](document:2)')
    assert (
        keys(found.html)
        == {link.key for link in found.links}
        == {'en:a "q" & b', "@c", "image:1", "document:2"}
    )


def test_labels_follow_the_reader_not_the_page() -> None:
    assert "No page yet" not in render("[[Gone]]").html
    assert "wanted" not in render("[[Gone]]").html


# --- what must never come out ----------------------------------------------------------------------------------

TAGS = re.compile(
    r"a|abbr|b|blockquote|br|caption|code|details|div|em|figcaption|figure|h[2-5]|header|hr|img|input|kbd|li|ol|p|pre|s"
    r"|section|span|strong|sub|summary|sup|table|tbody|td|th|thead|time|tr|ul"
)
ATTRIBUTES = re.compile(
    r"alt|aria-label|checked|class|data-(fragment|key|label|name|section|title)|datetime|decoding|dir|disabled|height"
    r"|href|id|loading|rel|role|scope|sizes|src|srcset|start|tabindex|title|type|width"
)
CLASSES = re.compile(
    r"c|external|lead|note( note--warn)?|note__title|notes|r|scroll-x|stance|task|wanted|w[ldei]"
)


class Inspector(HTMLParser):
    """Collects what a browser would make of html and a wiki must not contain."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not TAGS.fullmatch(tag):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._check(tag, name, value or "")

    def _check(self, tag: str, name: str, value: str) -> None:
        if not ATTRIBUTES.fullmatch(name) or (name == "class" and not CLASSES.fullmatch(value)):
            self.found.append(f"{tag} {name}={value}")
        if name == "href" and not re.match(r"(https?://|/(?![/\\])|#|mailto:|tel:)", value):
            self.found.append(f"href={value}")
        if name == "src" and not re.match(r"/(?![/\\])", value):
            self.found.append(f"src={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    handle_decl = handle_pi = unknown_decl = handle_comment


def dangers(page: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(page)
    inspector.close()
    return inspector.found


def test_the_inspector_sees_dangers() -> None:
    for page in [
        "<script>",
        "<p onclick=x>",
        "<a href='javascript:x'>",
        "<img src='//x'>",
        "<p style=x>",
        "<p class=x>",
    ]:
        assert dangers(page), page


@pytest.mark.parametrize("text", hostile.ALL)
def test_hostile_texts_are_harmless(text: str) -> None:
    found = render(text)
    assert dangers(found.html) == []
    assert dangers(found.lead_html) == []
    assert dangers(resolve(found.html, LOOKUP, edit_url="/e/")) == []


@pytest.mark.parametrize("text", hostile.ALL)
def test_no_key_can_be_forged(text: str) -> None:
    found = render(text)
    assert keys(found.html) == {link.key for link in found.links}
    assert "en:secret" not in keys(found.html)
    assert "image:99" not in keys(found.html)
    assert "document:99" not in keys(found.html)
    assert found.html.count('<a class="we"') == sum(h.level == 2 for h in found.contents)


@pytest.mark.parametrize(
    "frame",
    ["## {}", "- {}", "> {}", "| a |\n|---|\n| {} |", "[{}](/x)", "[[A|{}]]", "**{}**", "![{}](image:1)"],
)
def test_hostile_texts_are_harmless_anywhere(frame: str) -> None:
    for text in hostile.ALL:
        found = render(frame.format(text))
        assert dangers(found.html) == [], text
        assert keys(found.html) == {link.key for link in found.links}, text


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "' onload='x", "<b>", "javascript:x"])
def test_hostile_targets_are_escaped(value: str) -> None:
    lookup = {
        key: Target("/x/" + value, value, 1, 1, value) for key in ("en:a", "@a", "image:1", "document:1")
    }
    stored = render("[[A]] [[@a]] ![x](image:1) [y](document:1)").html
    assert dangers(resolve(stored, lookup, edit_url="/e/" + value)) == []


PIECES = st.sampled_from(
    [
        "<",
        ">",
        '"',
        "'",
        "&",
        "[",
        "]",
        "(",
        ")",
        "[[",
        "]]",
        "|",
        "`",
        "*",
        "\\",
        "!",
        "#",
        "\n",
        " ",
        "> ",
        "- ",
        "a",
        "<a ",
        "class=wl",
        "data-key=",
        "javascript:",
        "image:1",
        "https://x",
        "<details>",
        "[^1]",
        "\ufdd0",
        "&lt;",
        "onerror=",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_mixture_is_harmless(text: str) -> None:
    found = render(text)
    assert dangers(found.html) == []
    assert keys(found.html) == {link.key for link in found.links}
    assert dangers(resolve(found.html, LOOKUP)) == []
    assert "\ufdd0" not in found.html + found.text


# --- bounds ----------------------------------------------------------------------------------------------------


@given(st.text())
def test_normalising_is_final_and_rendering_never_fails(text: str) -> None:
    clean = normalise(text)
    assert normalise(clean) == clean
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", clean)
    assert render(text) == render(clean)


def test_control_characters_are_gone() -> None:
    assert render("a\x00b\x08c\r\nd\re\u0301").text == "abc d é"


BOMBS = {
    "brackets": "[" * 8_000,
    "links": "[a](" * 8_000,
    "images": "![" * 8_000,
    "wiki links": "[[" * 10_000,
    "stars": "*" * 25_000,
    "emphasis": "*a **b " * 5_000,
    "underscores": "_a" * 20_000,
    "strikes": "~~a " * 8_000,
    "backticks": "".join("`" * n + " " for n in range(200)),
    "angles": "<" * 20_000,
    "comments": "<!--" * 12_000,
    "tags": "<a " * 20_000,
    "entities": "&" * 20_000,
    "footnotes": "[^a]" * 5_000 + "\n\n[^a]: b",
    "same headings": "# a\n" * 10_000,
    "list items": "- a\n" * 10_000,
    "open details": "<details>\n" * 8_000,
    "references": "[a]: b\n" * 8_000 + "[a]",
    "addresses": "http://a " * 20_000,
    "closing brackets": "http://a" + ")" * 100_000,
    "prose": ("word " * 60 + "\n\n") * 3_300,
    "one line": "word " * 200_000,
    "quotes": '"' * 500_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_read(name: str) -> None:
    assert render(BOMBS[name]).html


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("  " * level + "- x" for level in range(300)),
        "- " * 300 + "x",
        ">" * 5_000,
        "> " * 200 + "x",
        "1. " * 3_000,
        ("|a" * 5_000 + "|\n") + ("|-" * 5_000 + "|\n") + ("|b" * 5_000 + "|\n") * 10,
        "[" * 900_000,
        "a\n" * 400_000,
    ],
    ids=[
        "lists",
        "lists in a line",
        "quotations",
        "quotations in a line",
        "numbers",
        "table",
        "brackets",
        "lines",
    ],
)
def test_what_is_too_deep_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(TextTooDeep, match=r"one level out|Split it"):
        render(text)
    with pytest.raises(TextTooDeep):
        split_sections(text)


def test_twenty_levels_are_not_too_deep() -> None:
    text = "\n".join("  " * level + f"- level {level}" for level in range(20))
    assert "level 19" in render(text).text


def test_what_is_too_large_is_refused_with_the_cure() -> None:
    assert render("a" * MAX_CHARACTERS)
    with pytest.raises(TextTooLarge, match="Split it into several pages"):
        render("a" * (MAX_CHARACTERS + 1))


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"## H{n}\n\n[[Title {n}]] a[^1]\n\n[^1]: note {n}\n\n- [x] {n}" for n in range(40)]
    alone = [render(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(render, texts * 3)) == alone * 3


def test_fragments_and_ids_agree() -> None:
    assert f'id="{section_id("Élan vital!")}"' in render("## Élan vital!").html
    assert 'data-fragment="s-élan-vital"' in render("[[A#Élan vital!]]").html
