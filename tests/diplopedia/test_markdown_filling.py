"""Placeholders of stored html, filled for one reader."""

import re

import pytest

from diplopedia.markdown import (
    Target,
    keys,
    render,
    resolve,
)

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
