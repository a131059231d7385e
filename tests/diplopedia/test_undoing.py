"""Undoing one edit in the middle: its words go, later words stay, and nobody's text is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from diplopedia.actions import (
    Change,
    EditConflict,
    NothingToUndo,
    TitleTaken,
    rename,
    restrict,
    undo,
)
from diplopedia.models import Article, Edit
from diplopedia.versions import Version, merge_versions
from people.models import Region
from tests.factories import MemberFactory, keep_to, revise, write
from tests.visitor import fields_of, links, soup, words

pytestmark = pytest.mark.django_db

BODY = "The port is busy.\n\nThe train is slow.\n\nThe summer is hot."


@pytest.fixture
def page(rosa, samuel) -> Article:
    """A page with a first text, Samuel's second about the port and Rosa's third about the summer."""
    page = write("Djibouti", BODY, author=rosa, kind="country-profile", tags=frozenset({"Ports"}))
    port = BODY.replace("busy", "empty")
    revise(page, port, author=samuel, summary="No ships", facts={"capital": "Djibouti City"})
    revise(page, port.replace("hot", "long"), author=rosa, summary="Heat", tags=frozenset({"Ports", "Heat"}))
    return fresh(page)


def fresh(page: Article) -> Article:
    return Article.objects.get(pk=page.pk)


def address(page: Article, number: int) -> str:
    return f"{page.get_absolute_url()}history/{number}/undo/"


def undone(page: Article, number: int, by: Any, key: str | None = None) -> Edit:
    return undo(fresh(page), page.edits.get(number=number), Change(by, key=key))


# -- what is undone -----------------------------------------------------------------------------------------------


def test_one_edit_in_the_middle_is_undone_and_the_later_one_stays(reader, page, rosa):
    response = reader.publishes(address(page, 2))
    assert response.url == f"{page.get_absolute_url()}?saved=4"
    now = fresh(page)
    assert (now.body, now.facts) == (BODY.replace("hot", "long"), {})
    assert {tag.name for tag in now.tags.all()} == {"Ports", "Heat"}
    edit = now.latest_edit
    assert (edit.number, edit.kind, edit.author, edit.undoes.number) == (4, "undo", rosa, 2)
    assert edit.summary == "Undid revision 2 by Samuel Okafor: No ships"
    assert [edit.number for edit in page.edits.all()] == [4, 3, 2, 1]


def test_the_page_before_it_shows_what_would_change_and_changes_nothing(reader, page):
    text = reader.sees(address(page, 2))
    assert "Undo revision 2?" in text
    assert "Without a reason the history says: Undid revision 2 by Samuel Okafor: No ships" in text
    tree = soup(reader.opens(address(page, 2)))
    assert [tag.get_text() for tag in tree.select("table.diff.only-wide del")] == ["empty"]
    assert [tag.get_text() for tag in tree.select("table.diff.only-wide ins")] == ["busy"]
    assert "Djibouti City" in tree.select_one("table.cmp").get_text()
    assert page.edits.count() == 3


def test_a_reason_is_the_summary(reader, page):
    reader.publishes(address(page, 2), summary="There are ships")
    assert fresh(page).latest_edit.summary == "There are ships"


def test_an_edit_without_a_summary_is_named_by_number_and_author(page, rosa, samuel):
    revise(page, "Else.", author=samuel)
    assert undone(page, 4, rosa).summary == "Undid revision 4 by Samuel Okafor"


def test_tags_regions_and_contacts_of_one_edit_go_too(reader, page, rosa, samuel):
    region = Region.objects.get(slug="djibouti")
    revise(page, fresh(page).body, regions=frozenset({region.pk}), contacts=frozenset({samuel.profile.pk}))
    reader.publishes(f"{page.get_absolute_url()}edit/", body=f"{fresh(page).body}\n\nMore.")
    shown = soup(reader.opens(address(page, 4))).select_one("table.cmp").get_text(" ")
    assert "Djibouti" in shown
    assert "Samuel Okafor" in shown
    undone(page, 4, rosa)
    now = fresh(page)
    assert (list(now.regions.all()), list(now.contacts.all())) == ([], [])
    assert now.body.endswith("More.")


def test_a_renaming_is_undone_with_its_title(reader, page, rosa):
    rename(page, "Djibouti (country)", Change(rosa))
    revise(page, f"{fresh(page).body}\n\nMore.", author=rosa)
    assert "Djibouti (country)" in reader.sees("/wiki/djibouti-country/history/4/undo/")
    undone(page, 4, rosa)
    now = fresh(page)
    assert (now.title, now.wiki_slug, now.body.endswith("More.")) == ("Djibouti", "djibouti", True)
    assert reader.opens("/wiki/djibouti-country/").url == "/wiki/djibouti/"


def test_a_title_that_was_given_since_stays(page, rosa):
    rename(page, "Djibouti (country)", Change(rosa))
    rename(page, "Republic of Djibouti", Change(rosa))
    with pytest.raises(NothingToUndo):
        undone(page, 4, rosa)
    assert fresh(page).title == "Republic of Djibouti"


def test_a_title_that_another_page_has_now_is_not_given_back(reader, page, rosa):
    rename(page, "Djibouti (country)", Change(rosa))
    write("Djibouti")
    with pytest.raises(TitleTaken):
        undone(page, 4, rosa)
    response = reader.publishes("/wiki/djibouti-country/history/4/undo/")
    assert response.status_code == 200
    assert fresh(page).title == "Djibouti (country)"


# -- nothing to undo ----------------------------------------------------------------------------------------------


def test_undoing_twice_says_who_did_it(reader, other, page):
    other.publishes(address(page, 2))
    text = reader.sees(address(page, 2))
    assert "Already undone: Samuel Okafor took revision 2 back in revision 4." in text
    assert soup(reader.opens(address(page, 2))).select("main form[method=post]") == []


def test_undoing_at_the_same_time_makes_one_edit(reader, other, page):
    form = reader.form(address(page, 2))
    other.publishes(address(page, 2))
    assert "Already undone" in words(reader.sends(address(page, 2), form))
    assert page.edits.count() == 4


def test_a_form_sent_twice_is_one_edit_and_succeeds_twice(reader, page):
    form = reader.form(address(page, 2))
    first, second = (reader.sends(address(page, 2), form) for _ in range(2))
    assert first.url == second.url == f"{page.get_absolute_url()}?saved=4"
    assert page.edits.count() == 4


def test_the_first_edit_is_the_page(reader, page, rosa):
    assert "The page began with this edit" in reader.sees(address(page, 1))
    with pytest.raises(NothingToUndo):
        undone(page, 1, rosa)
    assert "The page began with this edit" in words(reader.sends(address(page, 1)))


def test_who_may_read_is_not_undone_here(reader, page, rosa):
    restrict(page, [], [], Change(rosa))
    assert "Revision 4 changed no text" in reader.sees(address(page, 4))


def test_what_is_gone_anyway_needs_no_undoing(reader, page):
    revise(page, "All else.", facts={})
    revise(page, BODY.replace("hot", "long"), facts={})
    assert "Nothing to undo" in reader.sees(address(page, 2))


# -- the same words changed again ---------------------------------------------------------------------------------


@pytest.fixture
def tangled(page, rosa) -> Article:
    """Rosa changed Samuel's sentence about the port, and his fact, once more."""
    body = fresh(page).body.replace("empty", "closed")
    revise(page, body, author=rosa, summary="Closed", facts={"capital": "Djibouti"})
    return fresh(page)


def test_words_that_were_changed_again_are_a_question(reader, tangled, samuel):
    text = reader.sees(address(tangled, 2))
    assert "2 places were changed again since" in text
    response = reader.publishes(address(tangled, 2))
    assert response.status_code == 409
    shown = words(response)
    assert "What revision 2 changed was changed again since" in shown
    assert "Before revision 2" in shown
    assert "On the page now" in shown
    versus = soup(response).select_one(".versus")
    assert [tag.get_text() for tag in versus.select("ins")] == ["closed", "busy"]
    assert fields_of(response)["pick-0"] == "theirs"  # pressed at once, nothing is doubled and nothing goes
    assert soup(response).select_one("textarea[data-mine]").get_text().strip() == BODY
    assert (fresh(tangled).body, tangled.edits.count()) == (tangled.body, 4)
    with pytest.raises(EditConflict):
        undone(tangled, 2, samuel)


@pytest.mark.parametrize(
    ("answers", "first", "facts"),
    [
        ({"pick-0": "mine", "fact-capital": "mine"}, "The port is busy.", {}),
        ({"pick-0": "theirs", "fact-capital": "mine"}, "The port is closed.", {}),
        ({"pick-0": "mine", "fact-capital": "theirs"}, "The port is busy.", {"capital": "Djibouti"}),
        (
            {"pick-0": "both", "both-0": "Half busy.", "fact-capital": "theirs"},
            "Half busy.",
            {"capital": "Djibouti"},
        ),
    ],
)
def test_the_answer_is_the_undoing_edit(reader, tangled, answers, first, facts):
    url = address(tangled, 2)
    form = fields_of(reader.publishes(url))
    assert reader.sends(url, form, action="publish", **answers).status_code == 302
    now = fresh(tangled)
    assert (now.body, now.facts) == (f"{first}\n\nThe train is slow.\n\nThe summer is long.", facts)
    edit = now.latest_edit
    assert (edit.kind, edit.undoes.number) == ("undo", 2)
    assert edit.summary == "Undid revision 2 by Samuel Okafor: No ships"


def test_a_save_during_the_choice_is_merged_too(reader, other, tangled):
    url = address(tangled, 2)
    form = fields_of(reader.publishes(url))
    other.publishes(
        f"{tangled.get_absolute_url()}edit/",
        body=fresh(tangled).body.replace("train is slow", "train is late"),
    )
    answers = {"pick-0": "mine", "fact-capital": "mine", "action": "publish"}
    assert reader.sends(url, form, **answers).status_code == 302
    assert "The port is busy.\n\nThe train is late." in fresh(tangled).body


def test_an_answer_that_is_too_long_keeps_the_text(reader, tangled, settings):
    url = address(tangled, 2)
    form = fields_of(reader.publishes(url))
    settings.ARTICLE_MAX_CHARACTERS = 40
    response = reader.sends(url, form, action="publish", **{"pick-0": "mine"})
    assert response.status_code == 422
    assert "The port is busy." in words(response)
    settings.ARTICLE_MAX_CHARACTERS = 4_000
    assert reader.sends(url, fields_of(response), action="publish").status_code == 302
    assert fresh(tangled).latest_edit.kind == "undo"


# -- who may ------------------------------------------------------------------------------------------------------


def test_a_protected_page_is_undone_by_administrators_alone(reader, page, rosa, administrator):
    Article.objects.filter(pk=page.pk).update(locked=True)
    assert reader.opens(address(page, 2)).status_code == 403
    assert reader.sends(address(page, 2)).status_code == 403
    assert "Undo" not in links(reader.opens(f"{page.get_absolute_url()}compare/"))
    with pytest.raises(PermissionDenied):
        undone(page, 2, rosa)
    assert undone(page, 2, administrator).kind == "undo"


def test_a_restricted_page_has_no_such_address_for_others(reader):
    member = MemberFactory()
    page = write("Kept", BODY, author=member)
    revise(page, "Else.", author=member)
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    assert reader.opens(address(page, 2)).status_code == 404
    assert reader.sends(address(page, 2)).status_code == 404
    assert fresh(page).body == "Else."


# -- where it is offered ------------------------------------------------------------------------------------------


def test_history_and_comparison_lead_there_and_say_what_was_undone(reader, page):
    history = f"{page.get_absolute_url()}history/"
    assert links(reader.opens(history))["Undo revision 2"] == address(page, 2)
    assert "Undo revision 1" not in links(reader.opens(history))
    compare = f"{page.get_absolute_url()}compare/"
    assert links(reader.opens(compare))["Undo this edit"] == address(page, 3)
    assert "Undo this edit" not in links(reader.opens(compare, **{"from": 1, "to": 3}))
    reader.publishes(address(page, 2))
    assert "undone" in reader.sees(history)
    assert "Undo revision 2" not in links(reader.opens(history))
    reader.publishes(address(page, 4))
    assert "Undo revision 2" in links(reader.opens(history))
    assert fresh(page).body == page.edits.get(number=3).body


# -- what holds for all texts -------------------------------------------------------------------------------------

PARAGRAPHS = [f"Paragraph {n} of the page. It says {n}." for n in range(6)]
WORD = st.text(alphabet="abcxyz", min_size=1, max_size=6)
# Where a paragraph is changed, and the words it gets; no words: it is removed.
EDITS = st.dictionaries(
    st.integers(0, 5), st.one_of(st.just(""), WORD.map(lambda word: f"Now {word}.")), min_size=1
)


def text(changes: dict[int, str]) -> str:
    lines = (changes.get(n, paragraph) for n, paragraph in enumerate(PARAGRAPHS))
    return "\n\n".join(line for line in lines if line) + "\n"


def facts(changes: dict[int, str]) -> dict[str, str]:
    return {f"fact{n}": words for n, words in changes.items() if words}


def version(changes: dict[int, str]) -> Version:
    return Version(body=text(changes), facts=facts(changes))


def undoing(before: Version, edit: Version, now: Version):
    return merge_versions(edit, before, now)


@given(EDITS, EDITS)
def test_undoing_the_latest_is_reverting_to_the_one_before(before, after):
    merged = undoing(version(before), version(after), version(after))
    assert merged.clean
    assert merged.version == version(before)


@given(st.integers(1, 4), EDITS, EDITS)
def test_undoing_an_earlier_edit_keeps_all_later_words(cut, first, second):
    """Edits of different halves of the page, with a paragraph between them that nobody touched."""
    earlier = {n: words for n, words in first.items() if n < cut}
    later = {n: words for n, words in second.items() if n > cut}
    merged = undoing(version({}), version(earlier), version(earlier | later))
    assert merged.clean
    assert merged.version == version(later)


@given(st.integers(1, 4), EDITS, EDITS)
def test_undoing_the_undoing_gives_the_text_back(cut, first, second):
    earlier = {n: words for n, words in first.items() if n < cut}
    later = {n: words for n, words in second.items() if n > cut}
    now = version(earlier | later)
    gone = undoing(version({}), version(earlier), now).version
    assert undoing(now, gone, gone).version == now
    more = replace(gone, facts={**gone.facts, "new": "fact"})
    assert undoing(now, gone, more).version == replace(now, facts={**now.facts, "new": "fact"})


@given(EDITS, EDITS)
def test_nothing_is_lost_or_invented_whatever_is_undone(first, second):
    """Each paragraph of the outcome is one of the page or of the text before; each new one of the page is there."""
    # The same words twice could have moved.
    second = {n: words.replace("Now", "Later") for n, words in second.items()}
    now = version({**first, **second})
    merged = undoing(version({}), version(first), now)
    told = merged.version.body if merged.clean else ""
    known = {*now.body.split("\n\n"), *text({}).split("\n\n")}
    known = {line.strip() for line in known}
    assert all(line.strip() in known for line in told.split("\n\n") if line.strip())
    if merged.clean:
        kept = [words for n, words in second.items() if words and n not in first]
        assert all(words in told for words in kept)
