"""Importing a folder of Markdown files: stories told through the command and the pages it makes."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from wagtail.images.tests.utils import get_test_image_file

from diplopedia import actions
from diplopedia.actions import Change
from diplopedia.importing import verbatim
from diplopedia.importing.folders import addresses, headings, html, linking, marks
from diplopedia.importing.folders.linking import source_id
from diplopedia.importing.folders.liquid import Liquid
from diplopedia.importing.links import Names, rewrite
from diplopedia.models import Article, ArticleTemplate, SourceRecord, WikiDocument, WikiImage
from diplopedia.versions import Version
from people.models import User

pytestmark = pytest.mark.django_db

Files = dict[str, str | bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Files], Path]:
    """Return a function that writes files into a folder called `guide`."""

    def write(files: Files) -> Path:
        for name, content in files.items():
            path = tmp_path / "guide" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "guide"

    return write


@pytest.fixture
def bring(folder: Callable[[Files], Path], capsys: pytest.CaptureFixture[str]) -> Any:
    """Write files, import their folder, and return what the command said."""

    def run(files: Files | None = None, **options: Any) -> str:
        call_command("import_markdown", str(folder(files or {})), **{"verbosity": 2, **options})
        return capsys.readouterr().out

    return run


def picture() -> bytes:
    return get_test_image_file(filename="port.png").file.getvalue()


def titled(title: str) -> Article:
    return Article.objects.get(title=title)


def body(title: str) -> str:
    return titled(title).body


# --- what a file becomes --------------------------------------------------------------------------------------


def test_front_matter_says_what_the_page_is(bring):
    said = bring(
        {
            "leave.md": """---
title: No
description: How long one may stay away.
date: 2021-08-05
authors: [Rosa Çelik, {name: Bo Lund}]
tags: [leave]
keywords: absence, holidays
aliases: [Time off, /old/leave/]
countries: [KEN]
type: how-to
period: summer
licence: CC0-1.0
sidebar: x
colour: red
---
# Something else

Ask first.
"""
        },
        fact=["period"],
    )
    page = titled("No")  # not “False”, which YAML 1.1 makes of it
    edit = page.edits.get()
    assert page.body == "How long one may stay away.\n\n# Something else\n\nAsk first."
    assert {tag.name for tag in page.tags.all()} == {"leave", "absence", "holidays"}
    assert [alias.title for alias in page.other_names.all()] == ["Time off"]
    assert [region.code for region in page.regions.all()] == ["ken"]
    assert page.template == ArticleTemplate.objects.get(slug="how-to")
    assert page.facts == {"period": "summer"}
    assert edit.created.date().isoformat() == "2021-08-05"
    assert edit.summary == "Imported from guide: leave.md. Also by Bo Lund (guide)."
    assert (edit.author.origin, edit.author.is_active) == ("Rosa Çelik (guide)", False)
    assert SourceRecord.objects.get(kind="article").detail["licence"] == "CC0-1.0"
    assert "leave.md: front matter without a place here: colour." in said


# File, its text, the title it gets, and the text that is left. Each is a folder of its own.
TITLES = [
    ("1/a.md", "# The port 1\n\nWords.", "The port 1", "Words."),
    ("2/a.md", "The port 2\n===\n\nWords.", "The port 2", "Words."),
    ("3/a.md", "---\ntitle: The port 3\n---\n# The Port 3\n\nWords.", "The port 3", "Words."),
    ("the_old-port.md", "Words.", "The old port", "Words."),
    ("the-port/index.md", "Words.", "The port", "Words."),
    ("2024-03-01-the-port-5.md", "Words.", "The port 5", "Words."),
    ("6/a.md", '+++\ntitle = "The port 6"\ndate = 2024-03-01\n+++\nWords.', "The port 6", "Words."),
    ("port-7.md", "---\nno front matter\n\nWords.", "Port 7", "---\nno front matter\n\nWords."),
    ("8/a.md", "\ufeff---\r\ntitle: The port 8\r\n---\r\nWords.", "The port 8", "Words."),
]


def test_where_the_title_comes_from(bring):
    bring({name: text for name, text, _title, _left in TITLES})
    assert {page.title: page.body for page in Article.objects.all()} == {
        title: left for _name, _text, title, left in TITLES
    }


def test_entities_in_titles_and_links_are_the_letters_they_stand_for(bring):
    """Nobody sees `&amp;`; what would end the link too early stays written as it was."""
    bring(
        {
            "log-in.md": "---\ntitle: Logging in &amp; Networks\n---\nHow.",
            "start.md": "# Start\n\n[Logging in &amp; Networks](log-in.md), [steps &#93; &lt;1&gt;](log-in.md)",
        }
    )
    assert "[[Logging in & Networks]]" in body("Start")
    assert "|steps &#93; &lt;1&gt;]]" in body("Start")


def test_a_file_in_another_language_is_a_page_in_it(bring):
    bring({"port.fr.md": "# Le port\n\nMots.", "b.md": "---\nlang: fr-CA\n---\n# Deux\n\nMots."})
    assert {page.language for page in Article.objects.all()} == {"fr"}


def test_folders_mean_what_the_rules_say(bring):
    bring(
        {
            "travel-rules/kenya/visa.md": "# Visa\n\nx",
            "hiring/now/start.md": "# Start\n\nx",
            "old/a.md": "# Old\n\nx",
        },
        folders="tags",
        named=["travel-rules/kenya=region:kenya,tag:East Africa", "hiring=kind:how-to", "old=skip"],
    )
    visa, start = titled("Visa"), titled("Start")
    assert {tag.name for tag in visa.tags.all()} == {"travel rules", "East Africa"}
    assert [region.code for region in visa.regions.all()] == ["ken"]
    assert start.template.slug == "how-to"
    assert [tag.name for tag in start.tags.all()] == ["now"]
    assert not Article.objects.filter(title="Old").exists()


def test_folders_can_be_regions_and_unknown_ones_are_named(bring):
    said = bring({"kenya/a.md": "# A\n\nx", "atlantis/b.md": "# B\n\nx"}, folders="regions")
    assert [region.code for region in titled("A").regions.all()] == ["ken"]
    assert "atlantis/b.md: no country or region “atlantis” here" in said


@pytest.mark.parametrize("option", [{"named": ["hiring"]}, {"named": ["a=colour:red"]}, {"liquid": ["x"]}])
def test_a_rule_that_says_nothing_is_refused_with_the_form(folder, option):
    with pytest.raises(CommandError, match="write"):
        call_command("import_markdown", str(folder({"a.md": "x"})), **option)


# --- links ----------------------------------------------------------------------------------------------------

GUIDE: Files = {
    "travel/leave.md": "---\nredirect_from: /time-off/\n---\n# Leave\n\nx\n\n## Asking & waiting\n\nx\n\n"
    "## Return {#back}\n\nx\n\n## Again\n\n## Again\n",
    "travel/index.md": "# Travel\n\nx",
    "people.md": "# People\n\nx",
    "moved.md": "---\ntitle: Holidays\nredirect_to: /travel/leave/#back\n---\n",
}


LINKS = {
    "[a](leave.md)": "[[Leave|a]]",
    "[a](./leave.md#asking--waiting)": "[[Leave#asking-waiting|a]]",
    "[a](leave.md#asking-and-waiting)": "[[Leave#asking-waiting|a]]",
    "[a](leave.md#back)": "[[Leave#return|a]]",
    "[a](leave.md#again-1)": "[[Leave#again-2|a]]",
    "[a](leave.md#nothing)": "[[Leave|a]]",
    "[a](../people.md)": "[[People|a]]",
    "[People](/people/)": "[[People]]",
    "[a](/people.html?x=1)": "[[People|a]]",
    "[a](../travel/)": "[[Travel|a]]",
    "[a](/time-off)": "[[Leave|a]]",
    "[a](</travel/leave.md>)": "[[Leave|a]]",
    '[a](leave.md "hint")': "[[Leave|a]]",
    "[a](https://guide.example/people/)": "[[People|a]]",
    "<https://guide.example/people/>": "[[People]]",
    "[a](https://guide.example/gone/)": "[a](https://guide.example/gone/)",
    "[a](/gone/)": "[a](https://guide.example/gone/)",
    "[a](https://elsewhere.example/)": "[a](https://elsewhere.example/)",
    "[a](mailto:a@b.example)": "[a](mailto:a@b.example)",
    "[a](gone.md)": "a",
    "[a](../../../../etc/passwd)": "a",
    "[a](/moved/)": "[[Leave#return|a]]",
    "[a][p]\n\n[p]: ../people.md": "[[People|a]]",
    "[p][]\n\n[p]: ../people.md": "[[People|p]]",
    "[p]\n\n[p]: ../people.md": "[[People|p]]",
    "[a][p]\n\n[p]: https://elsewhere.example/": "[a][p]\n\n[p]: https://elsewhere.example/",
    "[[People]]": "[[People]]",
    "[[travel/leave|a]]": "[[Leave|a]]",
    "[[people#x|a]]": "[[People|a]]",
    "[[No such page]]": "[[No such page]]",
    '<a href="../people.md">a</a>': "[[People|a]]",
    "[a]({% link travel/leave.md %})": "[[Leave|a]]",
    '[a]({% page "/people/" %})': "[[People|a]]",
    "[a]({{ site.baseurl }}/people/)": "[[People|a]]",
    '[a]({{< ref "leave.md" >}})': "[[Leave|a]]",
    "`[a](leave.md)`": "`[a](leave.md)`",
    "```\n[a](leave.md) {% x %}\n```": "```\n[a](leave.md) {% x %}\n```",
    "see [a](#one)": "see [a](#s-one)",
}


def test_where_links_lead(bring):
    cases = {f"Case {number}": link for number, link in enumerate(LINKS)}
    files = {f"travel/{title}.md": f"# {title}\n\n{link}\n\n## One\n\nx" for title, link in cases.items()}
    bring(GUIDE | files, site=["https://guide.example"])
    found = {link: body(title).removesuffix("\n\n## One\n\nx").strip() for title, link in cases.items()}
    assert found == LINKS


def test_links_lead_there_on_the_page_and_are_counted(bring, client_for, outsider):
    said = bring(
        {
            **GUIDE,
            "one.md": "# One\n\n[a](travel/leave.md#again), [b](gone.md), [c](https://x.example/), [[Wanted]], "
            "[d](people.md#gone)",
        }
    )
    shown = client_for(outsider).get(titled("One").get_absolute_url()).content.decode()
    assert f'href="{titled("Leave").get_absolute_url()}#s-again"' in shown
    assert "one.md: link to “gone.md”: there is no such file." in said
    assert "one.md: link to “people.md#gone”: there is no such section." in said
    assert "2 links to pages" in said
    assert "1 links that lead out" in said
    assert "1 links that lead nowhere" in said
    assert "red link: no page is called “Wanted” yet." in said
    assert "moved.md: only leads to travel/leave.md" in said
    assert [alias.title for alias in titled("Leave").other_names.all()] == ["Holidays"]


def test_pages_that_only_lead_to_each_other_lead_nowhere(bring):
    said = bring(
        {
            "a.md": "---\nredirect_to: /b/\n---\n",
            "b.md": "---\nredirect_to: /a/\n---\n",
            "c.md": "# C\n\n[x](a.md)",
        }
    )
    assert body("C") == "x"
    assert "a.md: file skipped. It only leads to /b/" in said


def test_two_files_of_one_title_both_come_and_are_named(bring):
    said = bring({"a/start.md": "# Start\n\nx", "b/start.md": "# Start\n\n[x](../a/start.md)"})
    assert set(Article.objects.values_list("title", flat=True)) == {"Start (a)", "Start (b)"}
    assert body("Start (b)") == "[[Start (a)|x]]"
    assert "another page is called “Start”, too: this is “Start (a)”" in said


# --- what other programs left ---------------------------------------------------------------------------------


LEFT = {
    '{% include "x.html" %}Words.': "Words.",
    "{% comment %}\nhidden\n{% endcomment %}Words.": "Words.",
    "{% raw %}{{ x }}{% endraw %}": "{{ x }}",
    "```\n{% raw %}{% x %}{% endraw %}\n```": "```\n{% x %}\n```",
    "Ask in {% channel 'help' %}.": "Ask in #help.",
    "Ask in {% other 'help' %}.": "Ask in help.",
    "By {{ page.who }}, {{ site.time }}.": "By Ana, .",
    '{% alert "Mind" %}\n  The gap.\n{% endalert %}': "> [!NOTE] Mind\n> The gap.",
    "{% highlight sh %}\nls\n{% endhighlight %}": "```sh\nls\n```",
    "## Head {: .big }\n{: .red }\nWords.": "## Head\nWords.",
    "## Head {#own .red}\n\nWords.": "## Head\n\nWords.",
    "[x](https://x.example/){: target=_blank }": "[x](https://x.example/)",
    "[TOC]\n\nWords.": "Words.",
    "<!-- a\n\nb -->Words.": "Words.",
    '!!! warning "Mind"\n    The gap.\n\nWords.': "> [!WARNING] Mind\n> The gap.\n\nWords.",
    ":::note Mind\nThe gap.\n:::\n\nWords.": "> [!NOTE] Mind\n> The gap.\n\nWords.",
    '<div class="x">\n  <p>A <strong>b </strong>c.</p>\n</div>': "A **b** c.",
    "<h3 class='x'>\n Head\n</h3>Words.": "### Head\n\nWords.",
    "<ul><li>a<li>b <b>c</b></ul>": "- a\n- b **c**",
    "<ol><li>a<ul><li>b</li></ul></li></ol>": "1. a\n\n   - b",
    "<style>p {}</style>Words.": "Words.",
    "a <your name> b<br>c": "a <your name> b<br>c",
    "<table><caption>Trade</caption><tr><th>A<th>B</tr><tr><td>1|2<td>3<br>4</tr></table>": (
        "Table: Trade\n\n| A | B |\n| --- | --- |\n| 1\\|2 | 3<br>4 |"
    ),
    "<details><summary>More</summary>Words.</details>": "<details>\n<summary>More</summary>\n\nWords.\n\n</details>",
    "*Note:*word and 2*3*4": "*Note:* word and 2*3*4",
}


def test_what_other_programs_left_is_translated(bring):
    cases = {f"Case {number}": text for number, text in enumerate(LEFT)}
    bring(
        {f"{title}.md": f"---\ntitle: {title}\nwho: Ana\n---\n\n{text}\n" for title, text in cases.items()},
        liquid=["channel=#{}"],
    )
    found = {text: settled(body(title)) for title, text in cases.items()}
    assert found == LEFT


def settled(text: str) -> str:
    """Return a text without spaces at the end of lines and with no more than one empty line."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n")))


# --- pictures and documents -----------------------------------------------------------------------------------


def test_pictures_and_documents_come_along_and_are_shown(bring, client_for, outsider):
    bring(
        {
            "a.md": '# A\n\n![The port](img/port.png "In 1962")\n\n[The plan](files/plan.pdf)\n\n![[map.png]]',
            "img/port.png": picture(),
            "img/unused.png": picture(),
            "maps/map.png": picture(),
            "files/plan.pdf": b"%PDF-1.4",
        }
    )
    image, document = WikiImage.objects.get(title="The port"), WikiDocument.objects.get()
    assert f'![The port](image:{image.pk} "In 1962")' in body("A")
    assert f"[The plan](document:{document.pk})" in body("A")
    assert WikiImage.objects.count() == 2
    assert (image.description, image.article, document.title) == (
        "The port",
        titled("A").page_ptr.specific,
        "The plan",
    )
    client = client_for(outsider)
    shown = client.get(titled("A").get_absolute_url()).content.decode()
    assert f'src="/wiki/images/{image.pk}/' in shown or f"/{image.pk}/" in shown
    assert "Image not available" not in shown
    assert client.get(document.url).status_code == 200


def test_a_picture_of_two_pages_is_nobodys_own(bring):
    bring({"a.md": "# A\n\n![x](p.png)", "b.md": "# B\n\n![x](p.png)", "p.png": picture()})
    assert WikiImage.objects.get().article is None


def test_what_comes_in_for_a_group_is_theirs_alone_with_its_files(bring, client_for, outsider, member):
    bring(
        {"a.md": "# A\n\n![x](p.png)", "b.md": "# B\n\n![x](p.png)", "p.png": picture()},
        only_for=["Negotiators"],
    )
    address, image = titled("A").get_absolute_url(), WikiImage.objects.get()
    assert client_for(outsider).get(address).status_code == 404
    assert client_for(member).get(address).status_code == 200
    assert not WikiImage.objects.readable_by(outsider).exists()
    assert WikiImage.objects.readable_by(member).get() == image


def test_files_that_no_upload_may_be_are_refused_and_named(bring, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000
    said = bring(
        {
            "a.md": "# A\n\n![one](big.png) ![two](no.png) ![three](x.svg) [four](run.exe) "
            "![](gone.png) ![five](gone.png)",
            "big.png": picture(),
            "no.png": b"no picture",
            "x.svg": b"<svg/>",
            "run.exe": b"MZ",
        }
    )
    assert not WikiImage.objects.exists()
    assert not WikiDocument.objects.exists()
    assert body("A") == "one two three four  *(five)*"
    for name in (
        "big.png: image skipped",
        "no.png: image skipped",
        "x.svg: image skipped",
        "run.exe: document skipped",
    ):
        assert name in said
    assert "a.md: link to “gone.png”: there is no such file." in said


def test_a_changed_picture_replaces_the_old_one(bring):
    files = {"a.md": "# A\n\n![x](p.png)", "p.png": picture()}
    bring(files)
    before = WikiImage.objects.get()
    small = get_test_image_file(filename="p.png", size=(20, 10)).file.getvalue()
    said = bring({"p.png": small})
    after = WikiImage.objects.get()
    assert (after.pk, after.width, after.height) == (before.pk, 20, 10)
    assert "image    0 created, 1 updated" in said
    assert "article  0 created, 0 updated, 1 unchanged" in said


# --- hostile folders ------------------------------------------------------------------------------------------


def test_every_bad_file_is_named_with_its_reason_and_stops_nothing(bring, tmp_path):
    (tmp_path / "secret.md").write_text("# Secret\n\nkept outside")
    root = tmp_path / "guide"
    root.mkdir()
    (root / "out.md").symlink_to(tmp_path / "secret.md")
    (root / "round.md").symlink_to(root / "round.md")
    (root / "circle").symlink_to(root, target_is_directory=True)
    os.mkfifo(root / "pipe.md")
    (Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.md"))).write_text("x")
    said = bring(
        {
            "latin.md": "caf\xe9".encode("latin-1"),
            "nul.md": b"# A\0\n",
            "large.md": "word " * 1_000_000,
            "long.md": "word " * 210_000,
            "deep.md": "> " * 60 + "x",
            "open.md": "---\ntitle: A\n\nnever closed",
            "broken.md": "---\ntitle: [a\n---\nx",
            "list.md": "---\n- a\n---\nx",
            "bomb.md": "---\na: &a [x, x]\nb: &b [*a, *a]\n---\nx",
            "python.md": '---\nx: !!python/object/apply:os.system ["touch /tmp/pwned"]\n---\n# Python\n\nfine',
            "nested.md": f"---\nx: {'[' * 3000}\n---\nx",
            "toml.md": "+++\ntitle = \n+++\nx",
            "date.md": "---\ndate: last summer\n---\nx",
            "draft.md": "---\ndraft: true\n---\nx",
            "empty.md": "{% include 'x' %}",
            "signs.md": "# ???\n\nx",
            "_layouts/page.md": "{{ content }}",
            "in.md": "# In\n\n![x](../../../etc/passwd.png) [y](/etc/passwd) [z](out.md) [t](circle/in.md)",
            "good.md": "# Good\n\nx",
        }
    )
    for name, reason in {
        "out.md": "leads out of the folder",
        "round.md": "in a circle",
        "circle": "symbolic link to a folder",
        "pipe.md": "no file",
        "caf\\udce9.md": "not UTF-8",
        "latin.md": "Not UTF-8 text",
        "nul.md": "NUL bytes",
        "large.md": "5.0 MB",
        "long.md": "1,050,000 characters",
        "deep.md": "nested more than",
        "open.md": "never ends",
        "broken.md": "no YAML, line",
        "list.md": "names and values",
        "bomb.md": "refers to other parts of itself",
        "nested.md": "front matter",
        "toml.md": "no TOML",
        "date.md": "“last summer”",
        "draft.md": "draft",
        "empty.md": "“body” is missing",
        "signs.md": "letter or a digit",
        "_layouts": "the program that built the site",
    }.items():
        assert any(
            line.startswith(f"{name}: ") and "skipped" in line and reason in line for line in said.split("\n")
        ), name
    assert body("In") == "*(x)* y z t"
    assert set(Article.objects.values_list("title", flat=True)) == {"In", "Good", "Python"}
    assert not Path("/tmp/pwned").exists()
    assert not Article.objects.filter(body__contains="kept outside").exists()


@pytest.mark.parametrize(
    "start",
    [
        "# ",
        "[a](",
        "[a](b ",
        "[a]: b ",
        "{{ ",
        "{% a ",
        "<td>",
        "<a ",
        "## x {",
        "!!! note ",
        "x {:",
        "![a](b",
    ],
)
def test_long_runs_of_spaces_are_read_in_good_time(start):
    # Were one of the patterns to try every way of dividing them, this would not end today.
    text, left_out = f"{start}{' ' * 100_000}x\n\nafter", Counter[str]()
    translated = marks.translate(html.translate(Liquid().fill(text), left_out), left_out)
    headings.sections(translated)
    headings.title_of(translated)
    nowhere = addresses.Addresses([], [])
    assert linking.Linker(nowhere, "a.md", "guide").rewrite(translated).text.rstrip().endswith("after")


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(CommandError, match="No such folder"):
        call_command("import_markdown", str(tmp_path / "nowhere"))


def test_strict_fails_after_importing_what_it_can(bring):
    with pytest.raises(CommandError, match="1 files were skipped"):
        bring({"a.md": "# A\n\nx", "b.md": b"\xff"}, strict=True)
    assert titled("A")


# --- again, and not at all ------------------------------------------------------------------------------------


def test_a_dry_run_says_everything_and_writes_nothing(bring, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    said = bring(
        {"a.md": "# A\n\n![x](p.png)\n\n[y](gone.md)", "p.png": picture()}, dry_run=True, verbosity=1
    )
    assert "a.md: article created, “A”." in said
    assert "p.png: image created, “x”." in said
    assert "a.md: link to “gone.md”" in said
    assert "Nothing was changed" in said
    for model in (Article, WikiImage, SourceRecord):
        assert not model.objects.exists()
    assert not User.objects.filter(origin="guide").exists()
    assert not (tmp_path / "media").exists()


def test_a_second_import_changes_only_what_changed(bring):
    files: Files = {"a.md": "# A\n\nOld.", "b.md": "# B\n\n![x](p.png) [a](a.md)", "p.png": picture()}
    bring(files)
    said = bring({"a.md": "# A\n\nNew."})
    assert "article  0 created, 1 updated, 1 unchanged" in said
    assert "image    0 created, 0 updated, 1 unchanged" in said
    assert body("A") == "New."
    assert "article  0 created, 0 updated, 2 unchanged" in bring()
    assert [page.edits.count() for page in (titled("A"), titled("B"))] == [2, 1]


def test_what_was_edited_here_is_merged(bring, outsider):
    bring({"a.md": "# A\n\nOne.\n\nTwo.\n\nThree."})
    actions.save_edit(titled("A"), Version(body="One, ours.\n\nTwo.\n\nThree."), Change(outsider), base=1)
    bring({"a.md": "# A\n\nOne.\n\nTwo.\n\nThree, theirs."})
    assert body("A") == "One, ours.\n\nTwo.\n\nThree, theirs."


def test_two_folders_with_the_same_file_names_are_two(bring):
    bring({"index.md": "# Home\n\nx"}, source="one")
    bring({"index.md": "# Home\n\ny"}, source="two")
    assert Article.objects.count() == 2


def test_a_link_finds_its_target_when_that_comes_later(bring):
    bring({"a.md": "# A\n\n[b](b.md)"})
    assert body("A") == "b"
    bring({"b.md": "# B\n\nx"})
    assert body("A") == "[[B|b]]"


# --- what holds of every folder ------------------------------------------------------------------------------

NAMES = (
    st.text("abcé-_ .", min_size=1, max_size=6).map(str.strip).filter(lambda n: n and not n.startswith("."))
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".md")


@given(st.lists(PATHS, min_size=2, max_size=8, unique_by=addresses.plain), st.data())
def test_a_relative_path_leads_from_any_page_to_any_other(paths, data):
    source, target = data.draw(st.sampled_from(paths)), data.draw(st.sampled_from(paths))
    known = addresses.Addresses([addresses.Place(path) for path in paths], [])
    relative = quote(posixpath.relpath(target, posixpath.dirname(source) or "."))
    assert known.find(f"{relative}#x", source) == addresses.Target("page", target, "x")
    assert known.find(f"/{quote(target)}", source).name == target


@given(PATHS)
def test_a_source_id_survives_the_link_it_stands_in(path):
    name = source_id("guide", path)
    here = Names(article={name: ("en", "X")}.get, person={}.get)
    assert rewrite(f"[a](wiki:{name}#x)", "en", here).text == "[[X#x|a]]"


@given(st.text("ab `~*\n<>{}%[]()!#:|-", max_size=60))
def test_code_is_the_same_afterwards_and_nothing_is_lost(text):
    words, code = verbatim.aside(text)
    assert verbatim.back(words, code) == text
    assert all(piece in text for piece in code)


@given(st.text("ab <>/{}%'\"=\n!-:[]()#^`|", max_size=80))
def test_no_text_is_too_odd_to_be_translated(text):
    left_out: Counter[str] = Counter()
    marks.translate(html.translate(Liquid().fill(text), left_out), left_out)


@given(
    st.lists(
        st.sampled_from(
            ["<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<li>", "</ul>", "<p>", "<b>"]
        )
    )
)
def test_no_word_is_lost_among_tags_that_do_not_match(tags):
    text = "".join(f"{tag} word{number} " for number, tag in enumerate(tags))
    shown = html.translate(text, Counter())
    assert [n for n in range(len(tags)) if not re.search(rf"word{n}\b", shown)] == []
