"""Job titles as they are said: in short, beside a place, and in French."""

from __future__ import annotations

import pytest

from search.dictionary import Dictionary
from search.models import SynonymGroup
from search.query import Query
from search.synonyms import Thesaurus


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("DHM", "deputy head of mission"),
        ("perm rep", "permanent representative"),
        ("HR", "human resources"),
        ("chief of", "director"),
    ],
)
def test_titles_in_short_mean_what_they_stand_for(said: str, title: str) -> None:
    meant = Thesaurus.of(SynonymGroup.objects.all()).synonyms(Query.parse(said).parts)
    assert title in {other for synonym in meant for other in synonym.others}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("notre ambassadeur à Kabul", "ambassador at:kabul"),
        ("conseillère politique à Kabul", "political counsellor at:kabul"),
        ("attachée culturelle qui lit dari", "cultural attaché reads:prs"),
    ],
)
def test_titles_in_french_are_read_as_the_english_ones(text: str, expected: str, names: Dictionary) -> None:
    assert str(Query.parse(text, dictionary=names)) == expected


@pytest.mark.parametrize("text", ["DHM Kabul", "ambassador to Kabul", "perm rep in Kabul"])
def test_a_title_beside_a_place_asks_for_somebody(text: str, names: Dictionary) -> None:
    query = Query.parse(text, dictionary=names)
    assert [str(chosen) for chosen in query.filters] == ["at:kabul"]
    assert query.parts
