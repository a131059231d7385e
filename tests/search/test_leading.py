"""Which office is meant, and that its head is asked for."""

from __future__ import annotations

import pytest

from search.dictionary import Dictionary
from search.query import Query

OFFICES = [
    "Bureau of African Affairs",
    "Bureau of South and Central Asian Affairs",
    "Central Asia and Afghanistan Directorate",
    "Central and Southern Africa Directorate",
    "East Africa and Horn Directorate",
    "South Asia Directorate",
    "East and Southeast Asia Directorate",
    "Bureau of Legal Affairs and Protocol",
    "Protocol Directorate",
    "Crisis Response Unit",
]
NAMES = Dictionary.of(
    [
        *((name, "office", name.lower().replace(" ", "-"), name) for name in OFFICES),
        (
            "AF/S",
            "office",
            "central-and-southern-africa-directorate",
            "Central and Southern Africa Directorate",
        ),
        ("Central Asia", "region", "central-asia", "Central Asia"),
        ("protocol", "skill", "protocol", "Protocol"),
    ]
)


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("chief of protocol", ["protocol-directorate"]),
        ("Protocol director", ["protocol-directorate"]),
        ("director for Southeast Asia", ["east-and-southeast-asia-directorate"]),
        ("who is director for Southern Africa?", ["central-and-southern-africa-directorate"]),
        ("director of the Central Asia directorate", ["central-asia-and-afghanistan-directorate"]),
        ("who heads the crisis unit", ["crisis-response-unit"]),
        ("head of AF/S", ["central-and-southern-africa-directorate"]),
        (
            "head of legal and protocol",
            ["bureau-of-legal-affairs-and-protocol"],
        ),
        (
            "director for Central Asia",
            ["bureau-of-south-and-central-asian-affairs", "central-asia-and-afghanistan-directorate"],
        ),
    ],
)
def test_who_leads_an_office_is_asked_by_some_of_its_name(text: str, offices: list[str]) -> None:
    query = Query.parse(text, dictionary=NAMES)
    assert list(query.selected("office")) == offices
    assert query.recognised


@pytest.mark.parametrize(
    "text",
    ["head of mission in Bangkok", "director", "protocol", "director of photography", '"head of protocol"'],
)
def test_no_office_is_meant_by_other_words(text: str) -> None:
    assert Query.parse(text, dictionary=NAMES).selected("office") == ()
