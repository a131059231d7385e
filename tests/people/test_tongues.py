"""Groups of languages: a family, a region's, those of a script. To ask for one is to ask for any of its languages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pycountry
import pytest
from django.http import QueryDict
from django.utils import translation

from people import finding, tongues
from people.models import Language, User
from search import actions, dictionary
from search.query import Query
from tests.people.conftest import person, speaks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_dictionary")]


@pytest.fixture
def polyglots(index) -> None:
    """Somebody for each of some languages."""
    speaks(person("Ada Russian"), "rus", "3", "4")
    speaks(person("Bea Polish"), "pol", "2", "2")
    speaks(person("Cyd Kazakh"), "kaz", "4", "3")
    speaks(person("Dov Swedish"), "swe", "3", "3")
    dictionary.forget()
    index()


@pytest.fixture
def ask(reader: User, polyglots) -> Callable[..., list[str]]:
    """The names of those whom a line finds in the directory, in order."""

    def names(text: str, **more: str) -> list[str]:
        question = finding.asked(QueryDict(urlencode({"q": text, **more})), reader)
        return [profile.name for profile in finding.matching(question, reader)]

    return names


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("any Slavic language", ["Ada Russian", "Bea Polish"]),
        ("Slavic languages at 3", ["Ada Russian"]),
        ("who speaks a Slavic or Nordic language", ["Ada Russian", "Dov Swedish", "Bea Polish"]),
        ("who reads Cyrillic", ["Ada Russian", "Cyd Kazakh"]),
        ("do we have anyone for the Nordic languages?", ["Dov Swedish"]),
        ("someone with any Turkic language", ["Cyd Kazakh"]),
        ("langues nordiques", ["Dov Swedish"]),
        ("qui parle une langue slave", ["Ada Russian", "Bea Polish"]),
        ("Slavic speaker, not Russian", ["Bea Polish"]),
        ("Turkis speaker", []),  # Turkish, and not Turkic
    ],
)
def test_any_language_of_a_group_is_enough(text, people, ask, reader):
    assert ask(text) == people
    assert sorted(found(text, reader)) == sorted(people)


def found(text: str, reader: User) -> list[str]:
    """The names of those whom the search finds."""
    query = Query.parse(text, dictionary=dictionary.dictionary())
    return [
        "".join(part.text for part in hit.title)
        for hit in actions.find(query, reader)
        if hit.kind == "person"
    ]


def test_a_group_is_said_by_its_name_and_asked_again_by_its_address(ask, reader):
    question = finding.asked(QueryDict("q=any+Slavic+language+at+3"), reader)
    assert question.sentence(1) == "1 colleague speaks a Slavic language (3 or better)"
    again = finding.asked(QueryDict(question.address), reader)
    assert again.sentence(1) == question.sentence(1)
    with translation.override("fr"):
        assert "une langue slave" in finding.asked(QueryDict("q=langues+slaves"), reader).sentence(2)


def test_a_column_shows_which_language_of_the_group_it_is(ask, browse):
    page = browse("/people/?q=who+reads+Cyrillic")
    assert "Kazakh" in page
    assert "Cyrillic" in page


def test_every_language_of_a_group_is_known_and_no_group_is_one():
    named = {code for group in tongues.groups().values() for code in group.members}
    assert [code for code in named if pycountry.languages.get(alpha_3=code) is None] == []
    assert not Language.objects.filter(code__in=tongues.groups()).exists()
    assert all(map(tongues.members_of, tongues.groups()))
