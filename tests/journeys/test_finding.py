"""One box for articles and people: search, narrow, ask for a level of a language."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect

from people import ilr
from people.models import Assignment, Post, Region, User
from tests.factories import UserFactory, speak, write


def test_one_box_finds_articles_and_people(visit, outsider, index):
    article = write("Tigray relief corridor", "Convoys pass by way of Mekelle, where Tigrinya is spoken.")
    speaker = UserFactory(first_name="Selam", last_name="Woldu")
    speak(speaker, "tir", 8, 7)
    index()
    page = visit(outsider, "/")
    page.keyboard.press("/")
    page.locator(":focus").fill("tigrinya")
    page.locator(":focus").press("Enter")

    expect(page).to_have_url(re.compile(r"/search/\?.*q=tigrinya"))
    expect(page.get_by_role("link", name="Selam Woldu")).to_be_visible()
    expect(page.get_by_role("link", name=article.title)).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()


def test_levels_of_a_language_narrow_to_those_who_have_them(visit, outsider, index):
    good, fair = (
        UserFactory(first_name="Good", last_name="Speaker"),
        UserFactory(first_name="Fair", last_name="Speaker"),
    )
    speak(good, "tir", 6, 6)
    speak(fair, "tir", 4, 4)
    index()
    page = visit(outsider, "/search/?q=speaks:tir%3E%3D3")
    expect(page.get_by_role("link", name="Good Speaker")).to_be_visible()
    expect(page.get_by_role("link", name="Fair Speaker")).to_have_count(0)

    page.get_by_role("link", name=re.compile("^Remove:")).first.click()
    expect(page.get_by_role("link", name=re.compile("^Remove:"))).to_have_count(0)


def test_a_facet_narrows_and_can_be_taken_away(visit, outsider, index):
    write("Visa basics", "Consular officers begin here.", tags=frozenset({"consular"}))
    write("Visa reform", "A plan for officers.", tags=frozenset({"policy"}))
    index()
    page = visit(outsider, "/search/?q=officers")
    expect(page.get_by_role("link", name="Visa basics")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("consular")).check()

    expect(page.get_by_role("link", name="Visa reform")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Remove:")).first.click()
    expect(page.get_by_role("link", name="Visa reform")).to_be_visible()


def test_a_search_without_an_answer_offers_to_write_the_page(visit, outsider, index):
    index()
    page = visit(outsider, "/search/?q=wombatology")
    page.get_by_role("link", name="Start a page").click()
    expect(page).to_have_url(re.compile("/wiki/new/.*wombatology"))


def test_a_colleague_tells_about_a_language_and_is_found_by_it(visit, outsider, index):
    page = visit(outsider, f"/people/{outsider.username}/")
    page.get_by_role("link", name="Edit your profile").first.click()
    page.get_by_role("link", name="Languages").click()
    page.get_by_label("Language").first.fill("Dari")
    page.get_by_label("Speaks").first.select_option(str(ilr.rank("3+")))
    page.get_by_label("Reads").first.select_option(str(ilr.rank("3")))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("rowheader", name=re.compile("Dari"))).to_be_visible()

    index()
    page.goto("/search/?q=speaks:dari%3E%3D3")
    expect(page.get_by_role("link", name=outsider.profile.name)).to_be_visible()


def serve(user: User, post: Post, year: int) -> Assignment:
    """Send somebody to a post from July of a year on."""
    return Assignment.objects.create(profile=user.profile, post=post, started=dt.date(year, 7, 1))


def test_one_line_asks_for_colleagues_and_each_part_of_it_can_be_taken_away(visit, outsider, index):
    # By its country, which every site knows of; a running site notices the name of a new post within minutes.
    asmara = Post.objects.create(city="Asmara", slug="asmara", country=Region.objects.get(code="eri"))
    right, weak, elsewhere = (
        UserFactory(first_name=name, last_name="Woldu") for name in ("Right", "Weak", "Elsewhere")
    )
    for user, level in ((right, 8), (weak, 4), (elsewhere, 8)):
        speak(user, "tir", level, level)
    serve(right, asmara, 2016)
    serve(weak, asmara, 2020)
    index()
    page = visit(outsider, "/people/")
    page.get_by_role("combobox", name="Whom do you look for?").fill(
        "who speaks Tigrinya at 3/3 and served in Eritrea?"
    )
    page.keyboard.press("Enter")

    answer = page.get_by_role("heading", level=1)
    expect(answer).to_have_text("1 colleague speaks Tigrinya (3/3 or better) and served in Eritrea")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Right Woldu"))
    expect(row).to_contain_text("4/4")
    expect(row).to_contain_text("2016")
    expect(page.get_by_role("listitem").filter(has_text="Weak Woldu")).to_contain_text("Tigrinya 2/2 only")
    expect(page.get_by_role("listitem").filter(has_text="Elsewhere Woldu")).to_contain_text(
        "Never posted to Eritrea"
    )

    page.get_by_role("link", name="Remove: Served in Eritrea, now or ever").click()
    expect(answer).to_have_text("2 colleagues speak Tigrinya (3/3 or better)")
    page.get_by_label("Speaks").first.select_option(label="2")
    page.get_by_label("Reads").first.select_option(label="any")
    page.get_by_role("button", name="Show people").click()
    expect(answer).to_have_text("3 colleagues speak Tigrinya (2 or better)")


def test_when_nobody_fits_one_click_asks_for_less(visit, outsider, index):
    speaker = UserFactory(first_name="Selam", last_name="Woldu")
    speak(speaker, "tir", 4, 4)
    index()
    page = visit(outsider, "/people/?q=who+speaks+Tigrinya+at+5", scripts=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody speaks Tigrinya (5 or better)")
    page.get_by_role("link", name="“Speaks Tigrinya” instead").click()
    expect(page.get_by_role("link", name="Selam Woldu")).to_be_visible()


def test_what_was_just_published_is_found(visit, outsider, index, settled):
    article = write("Harbour fees", "They are paid in advance.")
    index()
    page = visit(outsider, f"{article.get_absolute_url()}edit/")
    page.get_by_label("Text", exact=True).fill("They are paid to the quaestor.")
    page.get_by_role("button", name="Publish").click()
    expect(page).not_to_have_url(re.compile("/edit/"))

    settled()
    page.goto("/search/?q=quaestor")
    expect(page.get_by_role("link", name="Harbour fees")).to_be_visible()
