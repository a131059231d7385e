"""Which office somebody is asked for by, and what else is asked."""

from __future__ import annotations

import pytest

from search.dictionary import Dictionary
from search.query import Query

OFFICES = {
    "AF": "Bureau of African Affairs",
    "AF/E": "East Africa and Horn Directorate",
    "EUR": "Bureau of European and Eurasian Affairs",
    "EUR/SE": "Southeast Europe Directorate",
    "CON": "Consular Directorate",
    "CRU": "Crisis Response Unit",
    "HRT": "HR and Training Directorate",
    "LEG": "Legal Directorate",
    "PRO": "Protocol Directorate",
    "PRC": "Bureau of Press and Communication",
}
NAMES = Dictionary.of(
    [
        *((said, "office", code, name) for code, name in OFFICES.items() for said in (code, name)),
        ("Eastern Africa", "region", "eastern-africa", "Eastern Africa"),
        ("Afrique de l’Est", "region", "eastern-africa", "Eastern Africa"),
        ("EUR", "region", "bureau-eur", "Europe and Eurasia"),
        ("Geneva", "post", "geneva", "Geneva"),
        ("French", "lang", "fra", "French"),
        ("Protocol", "skill", "protocol", "Protocol"),
    ]
)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("who is in the Bureau of African Affairs", "office:af kind:person"),
        ("who AF/E", "office:af/e kind:person"),
        ("who works in EUR/SE", "office:eur/se kind:person"),
        ("who EUR", "office:eur kind:person"),
        ("who served in EUR", "post:bureau-eur"),
        ("who works in HR", "office:hrt kind:person"),
        ("staff of the legal directorate", "office:leg kind:person"),
        ("who crisis unit", "office:cru kind:person"),
        ("who communication directorate", "office:prc kind:person"),
        ("who works in protocol", "office:pro kind:person"),
        ("who directorate of Afrique de l’Est", "office:af/e kind:person"),
        ("qui travaille à la direction juridique", "office:leg kind:person"),
        ("who cellule de crise", "office:cru kind:person"),
        ("someone from the legal directorate who speaks French", "office:leg speaks:fra kind:person"),
        ("French speakers not in the legal directorate", "-office:leg speaks:fra kind:person"),
        ("who speaks French in CRU, Geneva", "office:cru speaks:fra at:geneva kind:person"),
    ],
)
def test_an_office_is_meant_by_its_name_and_by_unmistakable_parts_of_it(text: str, asked: str) -> None:
    assert str(Query.parse(text, dictionary=NAMES)) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Legal Directorate",
        "who knows con artists",
        "who worked in the legal directorate before",
        "who has a section",
        "who works in the unit",
        "WHO IS PRO ABORTION",
    ],
)
def test_no_office_is_meant_by_other_words(text: str) -> None:
    assert not Query.parse(text, dictionary=NAMES).selected("office")
