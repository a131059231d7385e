"""Every kind of page, in light and dark, on a phone and a laptop: nothing that the accessibility rules refuse."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from playwright.sync_api import Page, expect

from diplopedia.actions import Change, add_alias, create_article, delete, verify
from diplopedia.actions.drafting import Writing, save_draft
from diplopedia.models import Article
from diplopedia.versions import Version
from discussion.actions import open_thread, reply, rule
from manners.actions import accept, report
from manners.models import MODERATORS, Code
from manners.reportables import matter
from notices.actions import watch
from notices.models import Preference
from people.models import Assignment, Correction, Post, Profile, Region
from people.trusting import endorse
from tests.factories import OfficeFactory, UserFactory, revise, speak, write
from tests.journeys import browser

BODY = """The embassy stands near the port. See [[Addis Ababa]] and [[Nowhere yet]]. The UNSC met.

## Getting there

| From | Hours |
| --- | ---: |
| Paris | 7 |

- by air
- by sea

> Ask before you drive.[^1]

[^1]: The road closes in the rain.
"""
ARABIC = "السفارة قريبة من النيل.\n\n## الوصول\n\n| من | ساعات |\n| --- | ---: |\n| القاهرة | 3 |\n"
PATHS = (
    "/",
    "/changes/",
    "/wiki/",
    "/wiki/new/",
    "/wiki/new/?title=Gulf+of+Aden&kind=case-study",
    "/wiki/case-studies/",
    "/wiki/kinds/case-study/",
    "/wiki/regions/djibouti/",
    "/wiki/tags/ports/",
    "/wiki/letters/",
    "/wiki/wanted/",
    "/wiki/no-such-page/",
    "{article}",
    "{article}edit/",
    "{article}history/",
    "{article}history/1/",
    "{article}history/1/restore/",
    "{article}history/2/undo/",
    "{article}compare/?from=1&to=2",
    "{article}blame/",
    "{article}at/?date=1999-01-01",
    "{article}links/",
    "{article}access/",
    "{article}rename/",
    "{article}delete/",
    "{article}languages/",
    "{article}join/",
    "{article}join/?into=Addis+Ababa",
    "{article}split/",
    "{article}compare/?from=1&to=2&view=unified",
    "{article}talk/",
    "{article}talk/new/",
    "{article}talk/{thread}/",
    "{gone}deleted/",
    "{right_to_left}",
    "{right_to_left}edit/",
    "/wiki/lists/",
    "/wiki/lists/orphans/",
    "/wiki/lists/new/",
    "/wiki/lists/left/?office=ports",
    "/wiki/lists/deleted/",
    "/wiki/lists/lost-sections/",
    "/drafts/",
    "/files/add/",
    "/notices/",
    "/notices/watching/",
    "/notices/settings/",
    "/manners/conduct/",
    "/manners/queue/",
    "/manners/reports/{report}/",
    "/manners/report/article/{pk}/",
    "/search/?q=embassy",
    "/search/?q=speaks:tir%3E%3D1",
    "/search/?q=wombatology",
    "/people/",
    "/people/?q=who+speaks+Tigrinya+at+3+or+Dari+and+is+in+Asmara",
    "/people/?lang=tir&speaks=5&served=Kenya",
    "/people/languages/",
    "/people/search/?lang=tir",
    "/people/offices/",
    "/people/offices/ports/",
    "/people/posts/",
    "/people/posts/djibouti/",
    "/people/{speaker}/",
    "/people/{speaker}/contributions/",
    "/people/{speaker}/correct/",
    "/people/{me}/",
    "/people/{me}/corrections/",
    "/people/{me}/edit/",
    "/people/{me}/edit/available/",
    "/people/{me}/edit/languages/",
    "/people/{me}/photo/",
    "/help/",
    "/help/history/",
    "/no-such-door/",
)
DOORS = ("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/")
# How wide the window is, which colours are wanted, and which rules another look can change: all in the first.
LOOKS: dict[str, tuple[tuple[int, int], Literal["light", "dark"], tuple[str, ...]]] = {
    "light": (browser.LAPTOP, "light", ()),
    "dark": (browser.LAPTOP, "dark", ("color-contrast",)),
    "phone": (
        browser.PHONE,
        "light",
        ("target-size", "scrollable-region-focusable", "label", "button-name", "link-name", "list"),
    ),
}


@pytest.fixture
def world(outsider: Any, index: Any) -> Iterator[dict[str, Any]]:
    """A page with everything a page can have, somebody who speaks, and a reader who has all that a reader can have."""
    region = Region.objects.get(code="dji")
    write("Addis Ababa", "The African Union has its seat here.")
    write("UNSC", "The Security Council of the United Nations.", kind="glossary-term")
    article = write(
        "Djibouti Post", BODY, tags=frozenset({"ports"}), regions=frozenset({region.pk}), kind="post-note"
    )
    edit = revise(article, BODY + "\nMore.\n", summary="More")
    verify(article, edit.author, edit)
    add_alias(article, "The port")
    speaker = UserFactory(first_name="Selam", last_name="Woldu")
    speak(speaker, "tir", 8, 7)
    endorse(UserFactory(), speaker.profile.language_skills.get())
    Correction.objects.create(profile=outsider.profile, author=speaker, text="Your number is an old one.")
    gone = write("Gone", "It was short.")
    delete(gone, Change(author=speaker))
    arabic = create_article("الخرطوم", Version(body=ARABIC), Change(author=speaker), language="ar").article
    first = open_thread(
        speaker, "article", article.pk, "Which port?", "The *old* one?", quote="near the port"
    )
    reply(outsider, first.thread, "The new one.")
    rule(speaker, first.thread, "It stays, with a footnote.")
    index()
    works_at(speaker.profile, Post.objects.create(city="Djibouti", slug="djibouti", country=region))
    yield {
        "article": article.get_absolute_url(), "pk": article.pk, "thread": first.thread_id, "me": outsider.username,
        "speaker": speaker.username, "gone": gone.get_absolute_url(), "right_to_left": arabic.get_absolute_url(),
        "report": has_everything(outsider, article.pk, speaker),
    }  # fmt: skip
    cache.clear()  # which code of conduct is in force is remembered for a while


def works_at(profile: Profile, post: Post) -> None:
    """Let somebody lead an office with another under it, be at a post, and have been there before."""
    office = OfficeFactory.create(name="Ports", slug="ports")
    OfficeFactory.create(parent=office)
    profile.office, profile.post, profile.title, profile.available_questions = office, post, "Director", True
    profile.save()
    day = datetime.date(2010, 1, 1)
    Assignment.objects.create(
        profile=profile, post=post, office=office, title="Director", started=day, ended=day
    )
    Article.objects.filter(title="Djibouti Post").update(office=office.pk)


def has_everything(reader: Any, article: int, colleague: Any) -> int:
    """Give a reader a draft, a watch, feeds, a code of conduct and a report to decide on; return its key."""
    save_draft(reader, Writing(key="a-draft", fields={"body": ["Words."]}, title="A new page"))
    watch(reader, "article", article)
    Preference.of(reader).renew_feed()
    accept(reader, Code.objects.create(text="Be kind.\n\n- to all"))
    reader.groups.add(Group.objects.get(name=MODERATORS))
    found = matter("article", article, colleague)
    assert found is not None
    return report(colleague, "article", found, "other", words="Look at it.", passage="near the port").pk


def unsent(page: Page) -> None:
    """Send words in a form that is too old to be taken."""
    page.evaluate("document.querySelector('.editor [name=csrfmiddlewaretoken]').value = 'old'")
    with page.expect_navigation():
        page.evaluate("document.querySelector('.editor').submit()")
    expect(page.get_by_text("Nothing is lost. Your text is here.")).to_be_visible()


def stale(page: Page) -> None:
    """Publish other words than those published since."""
    page.evaluate("document.querySelector('[name=base]').value = 1")
    page.get_by_label("Text", exact=True).fill(BODY + "\nLess.\n")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Nothing is lost. One paragraph needs your choice.")).to_be_visible()


def changed(page: Page) -> None:
    """Look before publishing: at the changes where there is room, else at the text."""
    page.get_by_label("Text", exact=True).fill(BODY + "\nMore and more.\n")
    page.get_by_role("button", name=re.compile("Preview|Show my changes")).first.click()
    expect(page.get_by_text("Not published yet.")).to_be_visible()


# Pages that only come when something is done in the editor.
STATES = (unsent, stale, changed)


def explained(page: Page) -> None:
    """Show what a term means."""
    page.get_by_role("link", name="UNSC").focus()
    expect(page.get_by_text("The Security Council")).to_be_visible()


def menu(page: Page) -> None:
    """Open the reader's menu, which Escape and a press elsewhere close."""
    opener = page.locator("header details.menu summary")
    said = page.get_by_text("Signed in as")
    opener.click()
    expect(said).to_be_visible()
    page.keyboard.press("Escape")
    expect(said).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("heading", level=1).click(position={"x": 4, "y": 4})
    expect(said).to_be_hidden()
    opener.click()
    expect(said).to_be_visible()


def card(page: Page) -> None:
    """Point at the name of a colleague."""
    page.locator("main a[href^='/people/']").first.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()


# What opens over an article.
OVER = (explained, menu, card)


def widest(page: Page) -> str:
    """Return what makes the page scroll sideways, or an empty text."""
    too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return f"{page.url} scrolls sideways" if too_wide else ""


def take(page: Page, look: str) -> None:
    """Give the window the width and the colours of a look."""
    size, colours, _ = LOOKS[look]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=colours)


def found(page: Page, look: str) -> list[str]:
    """Return what the rules find in the look that the page has."""
    told = browser.axe_report(page, only=LOOKS[look][2]), widest(page)
    return [f"{look}: {said}" for said in told if said]


def found_in_every_look(page: Page, address: str) -> list[str]:
    """Open a page once and return what the rules find on it in every look."""
    take(page, "light")
    page.goto(address)
    wrong = []
    for look in LOOKS:
        take(page, look)
        wrong += found(page, look)
    return wrong


def test_every_kind_of_page_is_clean(visit, outsider, world):
    page = visit(outsider, "/")
    wrong = [said for path in PATHS for said in found_in_every_look(page, path.format(**world))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("look", LOOKS)
def test_every_state_of_a_page_is_clean(visit, outsider, world, look):
    page = visit(outsider, "/")
    take(page, look)
    wrong = []
    for arrange in STATES:
        page.goto(f"{world['article']}edit/")
        arrange(page)
        wrong += found(page, look)
    for show in OVER:
        page.goto(world["article"])
        show(page)
        wrong += found(page, look)
    assert not wrong, "\n".join(wrong)


def test_the_doors_are_clean(visit):
    page = visit(None, "/")
    for door in DOORS:
        assert found_in_every_look(page, door) == []
