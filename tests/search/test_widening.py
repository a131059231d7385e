"""When nothing has all that was asked for: less of it is asked, and the page says so."""

from __future__ import annotations

import pytest

from people.models import User
from search import actions
from search.dictionary import Dictionary
from search.engines import Engine
from search.query import Query
from search.upkeep import rebuild
from search.widening import wider
from tests.search.samples import Notes, note


def asked(text: str, names: Dictionary | None = None) -> list[str]:
    """What is asked instead of a text, in turn."""
    return [str(query) for query in wider(Query.parse(text, dictionary=names))]


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("visa", ["title:visa*"]),
        ("visa policy", ["visa OR policy"]),
        ("the policy on visas", ["policy OR visas"]),
        ("visa policy -tourist", ["-tourist visa OR policy"]),
        ("visa OR permit policy", ["visa OR permit OR policy"]),
        ('"visa policy" fees', ['"visa policy" OR fees']),
        ("kind:article visa policy", ["visa OR policy kind:article"]),
        ("who speaks Zebrish", ["title:zebrish*"]),
        ("kind:person", []),
    ],
)
def test_any_of_the_words_will_do(text: str, instead: list[str]) -> None:
    assert asked(text) == instead


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("who speaks Dari and knows zebras", ["speaks:prs"]),
        ("who speaks Dari in Kabul", []),
        ("who speaks Dari in Copenhagen", []),
        (
            "case studies in the Sahel zebra",
            ["case studies in the Sahel zebra", "case OR studies OR Sahel OR zebra"],
        ),
    ],
)
def test_who_is_asked_for_must_have_what_was_understood(
    text: str, instead: list[str], names: Dictionary
) -> None:
    assert asked(text, names) == instead


def test_slips_are_mended_in_what_is_asked_instead() -> None:
    query = Query.parse("visa polcy")
    assert [str(other) for other in wider(query, "visa policy")] == ["visa OR policy"]


def test_the_page_says_that_it_shows_less(empty_engine: Engine, notes: Notes, outsider: User) -> None:
    note("Visa policy")
    note("Visa secrets", "g:7")
    rebuild()
    found = actions.find(Query.parse("visa elephants"), outsider)
    assert [hit.name for hit in found] == ["Visa policy"]
    assert "some of them" in found.notes[0]
    assert not actions.find(Query.parse("visa policy"), outsider).notes
    assert not actions.find(Query.parse("secrets elephants"), outsider).total
