"""Links to sections: what is not there is said to who writes, and listed; mending capitals or accents breaks none."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.actions import Change, add_alias, rename
from diplopedia.markdown import section_id, sections_named
from diplopedia.models import Article
from tests.factories import keep_to, revise, write
from tests.visitor import soup, words

pytestmark = pytest.mark.django_db
URL = "/wiki/lists/lost-sections/"


@pytest.fixture
def page(rosa):
    return write("Djibouti", "A country.\n\n## History\n\nLong.\n\n## Résumé\n\nShort.", author=rosa)


def previewed(visitor, text: str) -> str:
    return words(visitor.sends("/wiki/preview/", body=text, language="en"))


def test_the_preview_says_that_a_section_is_not_there_and_what_may_be_meant(page, reader):
    seen = previewed(reader, "See [[Djibouti#Histroy]] and [[Djibouti#Climate]].")
    assert "No section “histroy” in “Djibouti”. Did you mean History ?" in seen
    assert "No section “climate” in “Djibouti”." in seen
    assert seen.count("Did you mean") == 1


def test_it_says_nothing_of_sections_that_are_there_or_of_pages_that_are_not(page, reader):
    add_alias(page, "DJ")
    text = "[[Djibouti#HISTORY]] [[Djibouti#resume|r]] [[dj#History]] [[Nowhere#History]] [[Djibouti]]"
    assert "No section" not in previewed(reader, text)


def test_a_section_of_the_text_itself_is_not_asked_of_the_saved_one(page, reader):
    assert "No section" not in previewed(reader, "See [[Djibouti#New]].\n\n## New\n\nText.")


def test_the_sections_of_a_hidden_page_are_not_told(page, member, reader):
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    assert "No section" not in previewed(reader, "See [[Djibouti#Histroy]].")


def test_a_link_whose_section_went_is_listed_until_it_is_mended(page, reader, rosa):
    other = write("Port", "See [[Djibouti#History]] and [[Djibouti#Résumé]].", author=rosa)
    assert "Port" not in reader.sees(URL)
    revise(page, "## The history\n\nLong.\n\n## Resume\n\nShort.", author=rosa)
    seen = reader.sees(URL)
    assert "No section “history” in “Djibouti”. Did you mean The history ?" in seen
    assert "resume" not in seen
    revise(other, "See [[Djibouti#The history]].", author=rosa)
    assert "Port" not in reader.sees(URL)
    assert soup(reader.opens("/wiki/lists/")).select_one(f'a[href="{URL}"] .num').get_text() == "0"


def test_a_link_by_a_former_title_is_held_to_the_same_sections(page, reader, rosa):
    write("Port", "See [[Djibouti#Nothing]].", author=rosa)
    rename(Article.objects.get(pk=page.pk), "Republic of Djibouti", Change(rosa))
    assert "in “Republic of Djibouti”" in reader.sees(URL)


def test_hidden_pages_are_neither_listed_nor_looked_into(page, member, reader):
    group = Group.objects.get(name="Negotiators")
    keep_to(write("Secret", "See [[Djibouti#Nothing]].", author=member), group, by=member)
    hidden = keep_to(write("Hidden", "## Plan\n\nText.", author=member), group, by=member)
    write("Open", "See [[Hidden#Plan]] and [[Hidden#Nothing]].")
    seen = reader.sees(URL)
    assert "Secret" not in seen
    assert hidden.title not in seen


def test_the_list_takes_as_many_queries_for_many_links_as_for_one(page, reader, rosa):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            reader.sees(URL)
        return len(captured)

    write("First", "See [[Djibouti#Nothing]].", author=rosa)
    few = asked()
    for n in range(10):
        write(f"Page {n}", f"See [[Djibouti#Nothing {n}]] and [[First#Nothing]].", author=rosa)
    assert asked() == few <= 10


@pytest.mark.parametrize(
    ("one", "another"),
    [("Résumé", "resume"), ("ÉLAN", "élan"), ("Elan", "E\u0301lan"), ("Αθήνα", "αθηνα"), ("Łódź", "łodz")],
)
def test_capitals_and_accents_make_no_other_section(one, another):
    assert section_id(one) == section_id(another)


@pytest.mark.parametrize(("one", "another"), [("हिन्दी", "हनद"), ("чай", "чаи"), ("が", "か")])
def test_marks_that_are_letters_make_one(one, another):
    assert section_id(one) != section_id(another)


def test_the_sections_that_a_text_names_are_read_from_what_is_stored(page):
    text = write(
        "Port",
        'See [[Djibouti#A|x]], [[Djibouti#B]], [[Djibouti#A]], [[Peace & "war"#C]], [[#Own]], [[Bonn]].',
    )
    assert sections_named(text.html) == {"en:djibouti": ["s-a", "s-b"], 'en:peace & "war"': ["s-c"]}
