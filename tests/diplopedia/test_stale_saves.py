"""Two people at one page: different parts are merged, the same part is asked for, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from diplopedia.models import Article
from people.models import Region
from tests.factories import UserFactory, write
from tests.visitor import Visitor, fields_of, soup, words

pytestmark = pytest.mark.django_db

BODY = "The port is busy.\n\nThe train is slow.\n\nThe summer is hot."


@pytest.fixture
def page() -> Article:
    return write("Djibouti", BODY, kind="country-profile", facts={"capital": "Djibouti City"})


def address(page: Article) -> str:
    return f"{page.get_absolute_url()}edit/"


def fresh(page: Article) -> Article:
    return Article.objects.get(pk=page.pk)


def kinds(page: Article) -> list[str]:
    return list(page.edits.order_by("number").values_list("kind", flat=True))


def said(response: Any) -> str:
    """Return the conflict page's words, after checking that it is one."""
    assert response.status_code == 409
    return words(response)


def collide(mine: Visitor, theirs: Visitor, page: Article, **wanted: Any) -> Any:
    """Open the page as one, save as another, then save as the first; return the answer."""
    form = mine.form(address(page))
    theirs.publishes(address(page), body=BODY.replace("busy", "empty"), summary="Theirs")
    return mine.sends(
        address(page), form, action="publish", **({"body": BODY.replace("busy", "noisy")} | wanted)
    )


# -- different parts ----------------------------------------------------------------------------------------------


def test_changes_to_different_paragraphs_are_merged_without_a_word(reader, other, page, rosa, samuel):
    form = reader.form(address(page))
    other.publishes(address(page), body=BODY.replace("busy", "empty"))
    response = reader.sends(address(page), form, body=BODY.replace("hot", "long"), action="publish")
    assert response.status_code == 302
    assert fresh(page).body == BODY.replace("busy", "empty").replace("hot", "long")
    assert kinds(page) == ["create", "edit", "merge"]
    merged = page.edits.get(number=3)
    assert (merged.author, merged.base.author) == (rosa, samuel)


def test_facts_tags_regions_and_contacts_of_both_are_there(reader, other, page, rosa, samuel):
    form = reader.form(address(page))
    djibouti, eritrea = (str(Region.objects.get(slug=slug).pk) for slug in ("djibouti", "eritrea"))
    other.publishes(
        address(page),
        fact_population="1.1 million",
        tags="Ports",
        regions=[djibouti],
        contacts=samuel.username,
    )
    changes = {
        "fact_languages": "Arabic, French",
        "tags": "Railways",
        "regions": [eritrea],
        "contacts": rosa.username,
    }
    assert reader.sends(address(page), form, action="publish", **changes).status_code == 302
    now = fresh(page)
    assert now.facts == {
        "capital": "Djibouti City",
        "population": "1.1 million",
        "languages": "Arabic, French",
    }
    assert {tag.name for tag in now.tags.all()} == {"Ports", "Railways"}
    assert {region.slug for region in now.regions.all()} == {"djibouti", "eritrea"}
    assert {contact.user for contact in now.contacts.all()} == {rosa, samuel}


def test_what_either_took_away_stays_away(reader, other):
    page = write("Page", BODY, tags=frozenset({"A", "B", "C"}))
    form = reader.form(address(page))
    other.publishes(address(page), tags="B, C, D")
    reader.sends(address(page), form, tags="A, C", action="publish")
    assert {tag.name for tag in fresh(page).tags.all()} == {"C", "D"}


def test_an_old_form_sent_unchanged_undoes_nothing_and_makes_no_edit(reader, other, page):
    form = reader.form(address(page))
    other.publishes(address(page), body=BODY.replace("busy", "empty"))
    assert reader.sends(address(page), form, action="publish").status_code == 302
    assert fresh(page).body == BODY.replace("busy", "empty")
    assert kinds(page) == ["create", "edit"]


def test_the_same_change_twice_is_one(reader, other, page):
    response = collide(reader, other, page, body=BODY.replace("busy", "empty"))
    assert response.status_code == 302
    assert kinds(page) == ["create", "edit"]


def test_a_form_that_names_no_base_or_one_that_never_was_overwrites_nothing(reader, other, page):
    for base in ("0", "17"):
        form = reader.form(address(page))
        body = fresh(page).body
        assert (
            reader.sends(address(page), form | {"base": base}, body="All else.", action="publish").status_code
            == 409
        )
        assert fresh(page).body == body


# -- the same part ------------------------------------------------------------------------------------------------


def test_the_same_paragraph_shows_both_texts_and_saves_nothing(reader, other, page):
    response = collide(reader, other, page, summary="Mine")
    text = said(response)
    assert "Nothing is lost. One paragraph needs your choice." in text
    assert "Samuel Okafor published revision 2" in text
    tree = soup(response)
    versus = tree.select_one(".versus")
    assert [tag.get_text() for tag in versus.select("ins")] == ["empty", "noisy"]
    assert [tag.get_text() for tag in versus.select("del")] == ["busy", "busy"]
    assert tree.select_one("textarea[data-mine]").get_text().strip() == BODY.replace("busy", "noisy")
    assert fields_of(response)["summary"] == "Mine"
    assert (fresh(page).body, kinds(page)) == (BODY.replace("busy", "empty"), ["create", "edit"])


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({"pick-0": "theirs"}, "The port is empty."),
        ({"pick-0": "mine"}, "The port is noisy."),
        ({}, "The port is empty.\n\nThe port is noisy."),
        ({"pick-0": "both", "both-0": "The port is empty\r\nbut noisy."}, "The port is empty\nbut noisy."),
        ({"pick-0": "both", "both-0": ""}, None),
        ({"by_hand": "1", "body": "By hand.\n\nThe train is slow.\n\nThe summer is hot."}, "By hand."),
    ],
)
def test_the_choice_is_saved_and_every_other_field_kept(reader, other, page, answers, first):
    tags = {"tags": "Ports", "fact_population": "1.1 million", "summary": "Mine", "minor": "on"}
    response = collide(reader, other, page, **tags)
    done = reader.sends(address(page), fields_of(response) | answers, action="publish")
    assert done.status_code == 302
    now = fresh(page)
    rest = "The train is slow.\n\nThe summer is hot."
    assert now.body == (f"{first}\n\n{rest}" if first else rest)
    assert now.facts == {"capital": "Djibouti City", "population": "1.1 million"}
    assert [tag.name for tag in now.tags.all()] == ["Ports"]
    edit = now.latest_edit
    assert (edit.number, edit.author.username, edit.summary, edit.minor) == (3, "rosa.celik", "Mine", True)


def test_what_merged_by_itself_is_in_the_text_beside_the_choice(reader, other, page):
    form = reader.form(address(page))
    other.publishes(address(page), body=BODY.replace("busy", "empty").replace("hot", "long"))
    mine = BODY.replace("busy", "noisy").replace("slow", "late")
    response = reader.sends(address(page), form, body=mine, action="publish")
    reader.sends(address(page), fields_of(response) | {"pick-0": "mine"}, action="publish")
    assert fresh(page).body == "The port is noisy.\n\nThe train is late.\n\nThe summer is long."


def test_two_choices_are_two_questions(reader, other, page):
    form = reader.form(address(page))
    other.publishes(address(page), body=BODY.replace("busy", "empty").replace("hot", "long"))
    mine = BODY.replace("busy", "noisy").replace("hot", "short")
    response = reader.sends(address(page), form, body=mine, action="publish")
    assert "2 paragraphs need your choice" in said(response)
    reader.sends(
        address(page), fields_of(response) | {"pick-0": "theirs", "pick-1": "mine"}, action="publish"
    )
    assert fresh(page).body == "The port is empty.\n\nThe train is slow.\n\nThe summer is short."


def test_a_merge_may_be_previewed_before_it_is_published(reader, other, page):
    response = collide(reader, other, page)
    preview = reader.sends(address(page), fields_of(response) | {"pick-0": "mine"}, action="preview")
    assert "The port is noisy." in soup(preview).select_one(".prose").get_text()
    assert kinds(page) == ["create", "edit"]
    assert reader.sends(address(page), fields_of(preview), action="publish").status_code == 302
    assert fresh(page).body == BODY.replace("busy", "noisy")


def test_a_third_person_meanwhile_asks_again_and_loses_nothing(reader, other, page):
    response = collide(reader, other, page)
    third = Visitor(UserFactory(first_name="Third", last_name="Person"))
    third.publishes(address(page), body=BODY.replace("busy", "closed").replace("hot", "long"))
    again = reader.sends(address(page), fields_of(response) | {"pick-0": "mine"}, action="publish")
    assert "Third Person published revision 3" in said(again)
    assert fresh(page).body == BODY.replace("busy", "closed").replace("hot", "long")
    reader.sends(address(page), fields_of(again) | {"pick-0": "mine"}, action="publish")
    assert fresh(page).body == BODY.replace("busy", "noisy").replace("hot", "long")
    assert [edit.number for edit in page.edits.all()] == [4, 3, 2, 1]


def test_a_third_person_elsewhere_is_merged(reader, other, page):
    response = collide(reader, other, page)
    third = Visitor(UserFactory())
    third.publishes(address(page), body=BODY.replace("busy", "empty").replace("hot", "long"))
    reader.sends(address(page), fields_of(response) | {"pick-0": "mine"}, action="publish")
    assert fresh(page).body == BODY.replace("busy", "noisy").replace("hot", "long")


@pytest.mark.parametrize(
    ("theirs", "mine", "pick", "left"),
    [
        ("Ali Sabieh", "Tadjoura", "theirs", "Ali Sabieh"),
        ("Ali Sabieh", "Tadjoura", "mine", "Tadjoura"),
        ("Ali Sabieh", "", "theirs", "Ali Sabieh"),
        ("Ali Sabieh", "", "mine", None),
        ("", "Tadjoura", "theirs", None),
        ("", "Tadjoura", "mine", "Tadjoura"),
    ],
)
def test_a_fact_both_changed_is_asked_for(reader, other, page, theirs, mine, pick, left):
    form = reader.form(address(page))
    other.publishes(address(page), fact_capital=theirs)
    response = reader.sends(address(page), form, fact_capital=mine, body=f"{BODY} Mine.", action="publish")
    text = said(response)
    assert f"Theirs: {theirs or '–'}" in text
    assert f"Yours: {mine or '–'}" in text
    reader.sends(address(page), fields_of(response) | {"fact-capital": pick}, action="publish")
    assert fresh(page).facts == ({"capital": left} if left else {})
    assert fresh(page).body == f"{BODY} Mine."


def test_forged_answers_are_no_server_error(reader, other, page):
    fields = fields_of(collide(reader, other, page))
    for forged in (
        {"begun": "x"},
        {"begun": "99999999999999"},
        {"base": ""},
        {"base": "77"},
        {"mine": ""},
        {"mine": "\x00"},
        {"pick-0": "☃"},
        {"fact-nothing": "theirs"},
        {"fact-": "theirs"},
        {"both-0": "\x00"},
    ):
        response = reader.sends(address(page), fields | forged | {"summary": str(forged)}, action="preview")
        assert response.status_code in {200, 422}, forged


def test_both_texts_are_shown_as_text_never_as_markup(reader, other, page):
    form = reader.form(address(page))
    other.publishes(address(page), body=BODY.replace("busy", "<img src=x onerror=alert(1)>"))
    mine = BODY.replace("busy", "<script>alert(2)</script>")
    response = reader.sends(address(page), form, body=mine, action="publish")
    assert response.status_code == 409
    tree = soup(response)
    assert tree.select("main img, main script") == []
    assert "<script>alert(2)</script>" in tree.select_one(".versus").get_text()
