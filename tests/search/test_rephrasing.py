"""Plain questions in French: read as the English ones are, whoever asks and with or without accents."""

from __future__ import annotations

import pytest
from django.utils import translation

from search.dictionary import Dictionary
from search.grammar import Word
from search.query import Query
from tests.search.samples import NAMES

FRENCH = [
    *NAMES,
    ("Kaboul", "post", "kabul", "Kabul"),
    ("Tunis", "post", "tunis", "Tunis"),
    ("La Paz", "post", "la-paz", "La Paz"),
    ("Le Caire", "post", "cairo", "Cairo"),
    ("Caire", "post", "cairo", "Cairo"),
    ("pachto", "lang", "pus", "Pashto"),
    ("amharique", "lang", "amh", "Amharic"),
    ("arabe", "lang", "ara", "Arabic"),
    ("Arabic", "lang", "ara", "Arabic"),
    ("chinois", "lang", "zho", "Chinese"),
    ("Côte d’Ivoire", "region", "civ", "Côte d’Ivoire"),
    ("afghans", "region", "afg", "Afghanistan"),
    ("Corne de l’Afrique", "region", "horn", "Horn of Africa"),
    ("la Corne", "region", "horn", "Horn of Africa"),
    ("chinois", "region", "chn", "China"),
    ("droit de l’eau", "skill", "water-law", "water law"),
]


@pytest.fixture(scope="module")
def names() -> Dictionary:
    return Dictionary.of(FRENCH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qui parle pachto à Kaboul", "speaks:pus at:kabul"),
        ("Qui parle le pachto à Kaboul ?", "speaks:pus at:kabul"),
        ("qui lit l'amharique à 3 ou mieux", "reads:amh>=3"),
        ("qui lit l’amharique à 3 ou mieux", "reads:amh>=3"),
        ("besoin urgent d’un arabophone pour la visite du ministre", "speaks:ara"),
        ("qui parle dari demain, pour une réunion", "speaks:prs"),
        ("qui lit le dari ? au plus vite, pour la semaine prochaine", "reads:prs"),
        ("ancien de Tunis qui connaît le droit de l'eau", "post:tunis skill:water-law"),
        ("ancien de Tunis qui connait le droit de l eau", "post:tunis skill:water-law"),
        ("qui a servi à La Paz", "post:la-paz"),
        ("qui a été en poste au Caire et parle chinois", "post:cairo speaks:zho"),
        ("qui parle pachto ou dari", "speaks:pus,prs"),
        ("qui parle pachto et dari à 3/3", "speaks:pus>=3 reads:pus>=3 speaks:prs>=3 reads:prs>=3"),
        ("qui parle le dari au niveau 2+", "speaks:prs>=2+"),
        ("collègues parlant dari sans pachto", "speaks:prs -speaks:pus"),
        ("qui parle dari mais ne parle pas pachto", "speaks:prs -speaks:pus"),
        ("qui ne parle pas dari à Kaboul", "-speaks:prs at:kabul"),
        ("collègues en poste à Kaboul sans le chinois", "post:kabul -speaks:zho"),
        ("qui connaît la Corne de l’Afrique", "region:horn kind:person"),
        ("qui ne lit ni dari ni pachto", "-reads:prs -reads:pus kind:person"),
        ("qui a servi en Côte d'Ivoire", "post:civ"),
        ("spécialiste du Sahel parlant dari", "region:sahel kind:person speaks:prs"),
        ("qui est à Kaboul actuellement", "now:kabul"),
        ("y a-t-il quelqu'un qui parle dari à l'ambassade de Kaboul ?", "speaks:prs at:kabul"),
        ("interprète dari", "interpreter speaks:prs"),
        ("arabe et dari 3", "speaks:ara>=3 speaks:prs>=3"),
        ("arabophones à Kaboul", "speaks:ara at:kabul"),
        ("études de cas au Sahel sur les visas", "visas template:case-study region:sahel"),
        ("qui parle dari zèbre", "zèbre speaks:prs"),
        ("qui parle à la fois dari et pachto", "speaks:prs speaks:pus"),
        ("quelqu'un pour lire une lettre en dari", "reads:prs"),
        ("qui lit l’amharique au niveau 4", "reads:amh>=4"),
    ],
)
def test_a_question_in_french_is_read_as_in_english(text: str, expected: str, names: Dictionary) -> None:
    said = Query.parse(text, dictionary=names)
    with translation.override("fr"):
        assert str(Query.parse(text, dictionary=names)) == str(said) == expected


def test_whoever_reads_french_needs_no_sign_of_it(names: Dictionary) -> None:
    with translation.override("fr"):
        assert str(Query.parse("diplomates à Kaboul", dictionary=names)) == "at:kabul"
        assert str(Query.parse("arabophones au Caire", dictionary=names)) == "speaks:ara at:cairo"
        assert (
            str(Query.parse("expert de la Corne de l'Afrique", dictionary=names)) == "region:horn kind:person"
        )
        assert str(Query.parse("who speaks Dari in Kabul", dictionary=names)) == "speaks:prs at:kabul"


@pytest.mark.parametrize(
    "text", ["visa pour la Chine", "Ana de la Cruz", '"qui parle dari"', "droit de l’eau"]
)
def test_words_that_ask_for_nobody_stay_as_they_are(text: str, names: Dictionary) -> None:
    with translation.override("fr"):
        query = Query.parse(text, dictionary=names)
    assert str(query) == text
    assert not query.filters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who speaks Dari without Pashto", "speaks:prs -speaks:pus"),
        ("who speaks Dari without Pashto or Chinese", "speaks:prs -speaks:pus,zho"),
        ("who speaks Dari but not Pashto", "speaks:prs -speaks:pus"),
        ("who served in Kabul except Pashto speakers", "post:kabul -speaks:pus"),
        ("who is in Kabul and does not fear travel", "not fear travel at:kabul"),
        ("who is in Kabul and knows travel without visas", "travel without visas at:kabul"),
    ],
)
def test_without_something(text: str, expected: str, names: Dictionary) -> None:
    assert str(Query.parse(text, dictionary=names)) == expected


def test_what_is_quoted_or_excluded_is_no_part_of_a_phrase(names: Dictionary) -> None:
    parts = (Word("qui"), Word("parle", phrase=True), Word("dari"))
    assert names.in_english(parts) == (Word("who"), Word("parle", phrase=True), Word("dari"))


@pytest.mark.django_db
def test_a_slip_in_french_is_read_and_said(names: Dictionary) -> None:
    query = Query.parse("qui parle patchto", dictionary=names)
    assert str(query) == "speaks:pus"
    assert query.notes == ("We know no “patchto”: it was read as “Pashto”.",)
