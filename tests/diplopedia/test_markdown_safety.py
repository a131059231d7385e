"""Nothing comes out of a text that a reader or a server must fear."""

import re
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
    resolve,
    section_id,
    split_sections,
)
from tests.diplopedia import hostile

LOOKUP = {
    "en:here": Target("/wiki/here/?a=1&b=2", "Here"),
    "@rosa": Target("/people/rosa/", "Rosa <Ç>"),
    "image:1": Target("/i/1.webp", "One", 800, 600, "/i/1.webp 800w, /i/1s.webp 400w"),
    "document:1": Target("/d/1/", 'The "treaty"'),
}


# --- what must never come out ------------------------------------------------------------------------------------


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

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}]>")


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


# --- bounds ------------------------------------------------------------------------------------------------------


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
    assert 'data-fragment="s-elan-vital"' in render("[[A#Élan vital!]]").html
