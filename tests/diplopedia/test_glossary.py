"""Terms of the glossary are explained where they first stand, to those who may read the glossary's page."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st

from diplopedia.actions import add_alias
from diplopedia.markdown import Term, explain
from tests.factories import keep_to, write

MEANING = "Deputy Chief of Mission"
DCM = Term("DCM", MEANING, "/wiki/dcm/")


def explained(html: str) -> list[str]:
    """Return the words of a page that have an explanation."""
    return re.findall(r'<a href="[^"]*" aria-describedby="[^"]*">([^<]*)</a>', html)


# -- in a text ------------------------------------------------------------------------------------------------------


def test_the_first_place_of_a_term_is_explained_and_points_at_its_page():
    html = explain("<p>Ask the DCM. The DCM knows.</p>", [DCM])
    assert explained(html) == ["DCM"]
    assert f'<span class="term__tip" role="tooltip" id="term-1">{MEANING}</span>' in html
    assert html.index("term__tip") < html.index("knows")


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("DCM", "the dcm", []),
        ("DCM", "two DCMs", ["DCMs"]),
        ("DCM", "ADCM and DCM2", []),
        ("Démarche", "a démarche was made", ["démarche"]),
        ("Démarche", "Démarches follow", ["Démarches"]),
        ("Chargé d'affaires", "the chargé d'affaires", ["chargé d'affaires"]),
        ("Letter of credence", "Letter\nof  credence.", ["Letter\nof  credence"]),
        ("Letter of credence", "Letter. And then of credence", []),
        ("persona non grata", "persona non", []),
        ("R&D", "our R&amp;D office", ["R&amp;D"]),
        ("Note", "<code>note</code> <a href='#'>note</a> <pre>note</pre>", []),
        ("Note", '<img alt="a > note"> note', ["note"]),
    ],
)
def test_which_words_are_the_term(name, text, found):
    assert explained(explain(f"<p>{text}</p>", [Term(name, "Meaning.", "/t/")])) == found


def test_the_longest_term_is_meant_and_several_names_are_explained_once():
    terms = [
        Term("Mission", "A post.", "/m/"),
        Term("Mission briefing", "A talk.", "/b/"),
        Term("MB", "A talk.", "/b/"),
    ]
    assert explained(explain("<p>Mission briefing (MB) at the mission.</p>", terms)) == [
        "Mission briefing",
        "mission",
    ]


def test_headings_and_links_are_left_alone():
    html = '<h2 id="s-dcm"><span>DCM</span></h2><p><a href="/x/">The DCM</a></p>'
    assert explain(html, [DCM]) == html


@given(st.text(st.sampled_from("<>&;abAB ms\"'/="), max_size=60), st.sampled_from(["AB", "ab", "a b", "amp"]))
def test_nothing_of_a_page_is_lost_or_made_up(text, name):
    html = f"<p>{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</p>"
    made = explain(html, [Term(name, "", "/t/")])
    assert made == html
    made = explain(html, [Term(name, "¤", "/t/")])
    bare = re.sub(r'<span class="term__tip"[^>]*>¤</span>|</?(?:span|a)\b[^>]*>', "", made)
    assert bare == html


def test_a_meaning_is_text_and_not_markup():
    html = explain("<p>DCM</p>", [Term("DCM", "<script>alert(1)</script>", '/"><script>')])
    assert "<script>" not in html


# -- on a page ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_term_and_its_acronym_are_explained_in_every_page_but_their_own(reader):
    term = write("Deputy chief of mission", "Second in command.\n\n## More\n\nText.", kind="glossary-term")
    add_alias(term, "DCM")
    page = reader.opens(write("Djibouti", "Ask the DCM.").get_absolute_url()).content.decode()
    assert explained(page) == ["DCM"]
    assert 'role="tooltip" id="term-1">Second in command.</span>' in page
    own = reader.opens(write("Envoy", "The envoy and the DCM.", kind="glossary-term").get_absolute_url())
    assert explained(own.content.decode()) == ["DCM"]


@pytest.mark.django_db
def test_a_term_kept_to_others_explains_nothing(reader, member):
    term = write("Tok3n", "Tok4n of the talks.", kind="glossary-term", author=member)
    keep_to(term, Group.objects.get(name="Negotiators"), by=member)
    page = reader.opens(write("Djibouti", "A tok3n.").get_absolute_url()).content.decode()
    assert explained(page) == []
    assert "Tok4n" not in page
