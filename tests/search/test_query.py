"""The query language: what it means, that it never fails, and that it can be written down again."""

from __future__ import annotations

import time
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.dictionary import Dictionary
from search.grammar import MAX_PARTS, Choice, Either, Filter, Word
from search.query import Query, Synonym, updated_between
from tests.search.samples import NAMES

PIECES = st.sampled_from(
    ["OR", "-", '"', "title:", "tag:", "speaks:pus>=3", "reads:", "region:", "updated:<30d", "*", "verified:yes",
     ",", ">=", "a", "Visa", "外交", "é", "İ", "\u0301", "≥", "skill:x>2", "kind:a,b", "\x00", "\u2028", "-tag:x"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=40).map(" ".join),
    st.lists(PIECES, max_size=40).map("".join),
)


@given(TEXTS)
@example('A:A""\u0300')
@settings(max_examples=600, deadline=None)
def test_any_text_reads_and_writes_back(text: str) -> None:
    query = Query.parse(text)
    again = Query.parse(str(query))
    assert again == query
    assert str(again) == str(query)


@given(st.text(min_size=0, max_size=10_000))
@settings(max_examples=40, deadline=None)
def test_any_long_text_is_read_within_bounds(text: str) -> None:
    query = Query.parse(text)
    assert len(query.parts) + len(query.filters) <= MAX_PARTS


@pytest.mark.parametrize(
    "bomb", ['"' * 10_000, "a OR " * 2_000, "tag:" * 2_500, "-" * 10_000, 'speaks:"' * 1_250]
)
def test_bombs_cost_little_and_leave_a_note(bomb: str) -> None:
    started = time.process_time()
    query = Query.parse(bomb)
    assert time.process_time() - started < 1
    assert query.notes


def test_words_phrases_negations_and_beginnings() -> None:
    query = Query.parse('visa "travel document" -tourist polic* title:note')
    assert query.parts == (
        Word("visa"),
        Word("travel document", phrase=True),
        Word("tourist", negated=True),
        Word("polic", prefix=True),
        Word("note", title=True),
    )


def test_or_joins_words_and_values_of_one_filter() -> None:
    query = Query.parse("visa OR permit tag:a OR tag:b speaks:pus>=3 OR speaks:prs")
    assert query.parts == (Either((Word("visa"), Word("permit"))),)
    assert query.filters == (
        Filter("tag", (Choice("a"), Choice("b"))),
        Filter("speaks", (Choice("pus", 6), Choice("prs"))),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("speaks:pus>=3", Filter("speaks", (Choice("pus", 6),))),
        ("Served:kabul", Filter("post", (Choice("kabul"),))),
        ("language:pus", Filter("lang", (Choice("pus"),))),
        ("Speaks:PUS>=3+", Filter("speaks", (Choice("pus", 7),))),
        ("reads:prs>2", Filter("reads", (Choice("prs", 5),))),
        ("skill:treaty_law>=2", Filter("skill", (Choice("treaty-law", 2),))),
        ('tag:"Water Diplomacy"', Filter("tag", (Choice("water-diplomacy"),))),
        ("-kind:person,file", Filter("kind", (Choice("person"), Choice("file")), negated=True)),
        ("updated:<30D", Filter("updated", (Choice("<30d"),))),
        ("verified:due", Filter("verified", (Choice("due"),))),
    ],
)
def test_filters(text: str, expected: Filter) -> None:
    assert Query.parse(text).filters == (expected,)


@pytest.mark.parametrize(
    "text", ["speaks:pus>=9", "speaks:", "verified:maybe", "updated:soon", "updated:<2024-13-01"]
)
def test_what_is_malformed_is_text_with_a_note(text: str) -> None:
    query = Query.parse(text)
    assert not query.filters
    assert str(query) == text
    assert query.notes


def test_an_unknown_field_is_text_without_a_note() -> None:
    query = Query.parse("https://example.org")
    assert query.parts == (Word("https://example.org"),)
    assert not query.notes


@pytest.mark.parametrize("page", ["abc", "-1", "0", "1e9", "²", "9" * 400, ""])
def test_a_page_that_is_no_page_is_the_first_or_the_deepest(page: str) -> None:
    assert 1 <= Query.parse("", {"page": page}).page <= 1_000


def test_parameters_are_filters_with_any_of_their_values() -> None:
    query = Query.parse("visa", QueryDict("tag=a&tag=b&speaks=pus>=2&verified=perhaps&sort=newest"))
    assert query.filters == (
        Filter("tag", (Choice("a"), Choice("b"))),
        Filter("speaks", (Choice("pus", 4),)),
    )
    assert query.sort == "newest"
    assert any("perhaps" in note for note in query.notes)


def test_each_chip_takes_one_value_away(names: Dictionary) -> None:
    query = Query.parse("visa speaks:pus>=3", QueryDict("tag=a&tag=b&sort=newest"), dictionary=names)
    values = [(chip.label, chip.value) for chip in query.chips]
    assert values == [("Tag", "a"), ("Tag", "b"), ("Speaks", "Pashto, 3 or better")] or sorted(
        values
    ) == sorted([("Tag", "a"), ("Tag", "b"), ("Speaks", "Pashto, 3 or better")])
    for chip in query.chips:
        address = parse_qs(chip.remove_url[1:])
        smaller = Query.parse(address["q"][0], address)
        assert sum(len(f.choices) for f in smaller.filters) == 2
        assert smaller.sort == "newest"
        assert smaller.parts == query.parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pashto speaker Kabul", "speaks:pus at:kabul"),
        ("Pashto speaker in Kabul?", "speaks:pus at:kabul"),
        ("who speaks Dari", "speaks:prs"),
        ("I need somebody who speaks Dari", "speaks:prs"),
        ("colleague with Dari", "speaks:prs"),
        ("can anyone read Dari at 2", "reads:prs>=2"),
        ("Dari-speaking colleagues", "speaks:prs"),
        ("minimum 3 in Dari", "speaks:prs>=3"),
        ("Dari S3/R2+", "speaks:prs>=3 reads:prs>=2+"),
        ("Pashto or Dari at 3 or better", "speaks:pus>=3,prs>=3"),
        ("Pashto OR Dari speaker in Kabul", "speaks:pus,prs at:kabul"),
        ("Pashtoo speaker", "speaks:pus"),
        ("limited working proficiency in Dari", "speaks:prs>=2"),
        ("who has professional working proficiency in Dari", "speaks:prs>=3"),
        ("Dari, full professional proficiency", "speaks:prs>=4"),
        ("native or bilingual proficiency in Dari", "speaks:prs>=5"),
        ("speaks Tygrinia", "speaks:tir"),
        ("Pushtou speaker", "speaks:pus"),
        ("Tigrinya interpreter", "interpreter speaks:tir"),
        ("who knows treaty law", "skill:treaty-law"),
        ("who speaks Dari and knows treaty law", "speaks:prs skill:treaty-law"),
        ("treaty law expert for the Sahel", "skill:treaty-law region:sahel kind:person"),
        ("who has worked in Kabul", "post:kabul"),
        ("who worked at the embassy in Kabul", "post:kabul"),
        ("who served at our missions in the Sahel", "post:sahel"),
        ("staff of the embassy in Kabul", "at:kabul"),
        ("who served in Kabul and knows embassy gardens", "embassy gardens post:kabul"),
        ("who knows embassy gardens in Kabul", "embassy gardens post:kabul kind:person"),
        ("who is in Kabul now", "now:kabul"),
        ("who now serves in Kabul", "now:kabul"),
        ("who speaks Pashto in Kabul now", "speaks:pus now:kabul"),
        ("staff in Kabul", "at:kabul"),
        ("who is in Kabul and Asmara", "at:kabul,asmara"),
        ("staff in Kabul in the Sahel", "at:kabul at:sahel"),
        ("who served in Kabul and Asmara", "post:kabul post:asmara"),
        ("treaty law in the Sahel or Djibouti: who", "skill:treaty-law at:sahel,djibouti,dji"),
        ("diplomats in the Sahel", "at:sahel"),
        ("visa policy expert", "visa policy kind:person"),
        ("experts on visas", "visas kind:person"),
        ("someone in Kabul who knows treaty law", "at:kabul skill:treaty-law"),
        ("someone with experience in the Sahel", "region:sahel kind:person"),
        ("who lives in Kabul", "at:kabul"),
        ("people working in the Sahel", "at:sahel"),
        ("staff with treaty law skills", "skill:treaty-law"),
        ("reading knowledge of Dari", "reads:prs"),
        ("Dari reading 2+", "reads:prs>=2+"),
        ("Dari speaker, reading 2", "speaks:prs reads:prs>=2"),
        ("Dari/Pashto speaker", "speaks:prs,pus"),
        ("Dari & Pashto speakers", "speaks:prs speaks:pus"),
        ("knows Dari", "speaks:prs"),
        ("anyone who served in the Sahel", "post:sahel"),
        ("Who speaks Pashto and served in Kabul?", "speaks:pus post:kabul"),
        ("speaks Tigrinya at 3/3 and served in Asmara", "speaks:tir>=3 reads:tir>=3 post:asmara"),
        ("speaks Pashto and Dari 3+", "speaks:pus>=3+ speaks:prs>=3+"),
        ("Pashto and Dari at 3", "speaks:pus>=3 speaks:prs>=3"),
        ("Chinese, Pashto and Dari 3/2", "speaks:zho speaks:pus>=3 reads:pus>=2 speaks:prs>=3 reads:prs>=2"),
        ("Pashto 2 and Dari at 3", "speaks:pus>=2 speaks:prs>=3"),
        ("Pashto speaker with Dari at 3", "speaks:pus speaks:prs>=3"),
        ("speaks Pashto and reads Dari at 3", "speaks:pus reads:prs>=3"),
        ("Chinese 2+", "speaks:zho>=2+"),
        ("case studies on visa policy in the Sahel", "visa policy template:case-study region:sahel"),
        ("served in Djibouti", "post:djibouti,dji"),
        ("experts on Djibouti", "region:dji kind:person"),
        ("speaks Pashto zebra", "zebra speaks:pus"),
        ("who's in Kabul right now", "now:kabul"),
        ("anyone at post in Kabul who speaks Dari", "at:kabul speaks:prs"),
        ("someone who has served anywhere in the Sahel pls", "post:sahel"),
        ("postings in the Sahel", "post:sahel"),
        ("anyone done treaty law?", "skill:treaty-law"),
        ("Sahel hands", "region:sahel kind:person"),
        ("treaty law experience in Kabul", "skill:treaty-law at:kabul"),
        ("Afghan specialist", "region:afg kind:person"),
        ("Dari language", "speaks:prs"),
        ("anybody with Pashtou?", "speaks:pus"),
        ("someone to read a letter in Dari", "reads:prs"),
        ("who is able to read Dari newspapers", "reads:prs"),
        ("reads Dari R3", "reads:prs>=3"),
        ("Dari S3 R2+", "speaks:prs>=3 reads:prs>=2+"),
        ("Dari at level four or higher", "speaks:prs>=4"),
        ("Dari at least a 3", "speaks:prs>=3"),
        ("speaks Dari C1", "speaks:prs>=3"),
        ("Dari 3 plus Pashto 2", "speaks:prs>=3 speaks:pus>=2"),
        ("who speaks Dari, Mr Able Hand", "Mr Able Hand speaks:prs"),
        ("Dari no lower than 3", "speaks:prs>=3"),
        ("Dari ≥ 3", "speaks:prs>=3"),
        ("Dari >=2+", "speaks:prs>=2+"),
        ("native Dari speaker", "speaks:prs>=5"),
        ("can sb read a contract in Dari", "reads:prs"),
        ("press clippings in Dari - who can read them", "reads:prs"),
        ("who could give a speech in Dari?", "speaks:prs"),
        ("who is a political officer working in Dari", "political speaks:prs"),
        ("Dari or Pashto", "speaks:prs,pus"),
        ("who knows Afghan", "region:afg kind:person"),
        ("worked in the Sahel", "post:sahel"),
        ("Sahel postings", "at:sahel"),
        ("treaty law help", "skill:treaty-law"),
        ("treaty law specialist in Kabul", "skill:treaty-law at:kabul"),
        ("treaty law, Sahel", "skill:treaty-law region:sahel kind:person"),
        ("best Dari speaker we have", "speaks:prs"),
        ("Dari speaker ! and more than that", "speaks:prs"),
        ("speaks Dari, tell Will May", "Will May speaks:prs"),
        ("Dari,Pashto speaker", "speaks:prs speaks:pus"),
        ("who speaks Dari+Pashto", "speaks:prs speaks:pus"),
        ("Dari C1, Pashto (B2)", "speaks:prs>=3 speaks:pus>=2+"),
        ("speaking 3 or better, reading 2 Dari", "speaks:prs>=3 reads:prs>=2"),
        ("speaks Dari but never served in Kabul", "speaks:prs -post:kabul"),
        ("Dari speakers who are not in Kabul", "speaks:prs -now:kabul"),
        ("speaks Dari, no Pashto", "speaks:prs -speaks:pus"),
        ("Dari reading 3, speaking doesn't matter", "reads:prs>=3"),
        ("who has done laws of treaties", "skill:treaty-law"),
        ("treaty people", "skill:treaty-law"),
        ("somebody to interview a witness in Dari", "speaks:prs"),
        ("Dari speaker for a phone call with the Minister", "Minister speaks:prs"),
        ("who has real depth on the Sahel", "region:sahel kind:person"),
        ("has served at a Sahel post", "post:sahel"),
        ("Sahel people", "region:sahel kind:person"),
        ("more than 3 in Dari", "speaks:prs>=3"),
        ("who does not speak Dari", "-speaks:prs kind:person"),
        ("who reads but does not speak Dari", "-speaks:prs reads:prs"),
        ("Dari but not in Kabul", "speaks:prs -now:kabul"),
        ("anyone except Tobias who speaks Dari", "-Tobias speaks:prs"),
        ("we need help with Dari", "speaks:prs"),
        ("currently in Kabul,", "now:kabul"),
        ("need tigrniya urgently", "speaks:tir"),
        ("hi, I need someone for tigrniya tomorrow please", "speaks:tir"),
        ("for HR: Dari speakers S3", "speaks:prs>=3"),
        ("for the Minister's office: who served in Kabul", "post:kabul"),
        ("Hi all, anyone who speaks Dari? Many thanks!", "speaks:prs"),
        ("Dear colleagues, I need a Dari speaker. Thank you very much", "speaks:prs"),
        ("Hi Will, who speaks Dari", "Will, speaks:prs"),
        ("Dari speaker (at least 2) to help with a delegation", "speaks:prs>=2"),
        ("Dari at 3, both S and R", "speaks:prs>=3 reads:prs>=3"),
        ("speaking and reading Dari at 3", "speaks:prs>=3 reads:prs>=3"),
        ("who speaks and reads Dari", "speaks:prs reads:prs"),
        ("who speaks or reads Dari", "lang:prs"),
        ("Dari readers or speakers at 3", "lang:prs>=3"),
        ("reading or speaking Dari, 2+", "lang:prs>=2+"),
        ("Dari, speaking and reading 2+", "speaks:prs>=2+ reads:prs>=2+"),
        ("reads Dari only, doesn't need to speak it", "reads:prs"),
        ("someone who used to work in Kabul", "post:kabul -now:kabul"),
    ],
)
def test_plain_questions_become_filters(text: str, expected: str, names: Dictionary) -> None:
    query = Query.parse(text, dictionary=names)
    assert str(query) == expected
    assert query.recognised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dari below 2", "speaks:prs"),
        ("Dari 2 or less", "speaks:prs"),
        ("exactly 2 in Dari", "speaks:prs>=2"),
        ("Dari between 2 and 3", "speaks:prs>=2"),
        ("Dari 2-3", "speaks:prs>=2"),
    ],
)
def test_a_limit_upwards_is_said_to_be_none(text: str, expected: str, names: Dictionary) -> None:
    query = Query.parse(text, dictionary=names)
    assert str(query) == expected
    assert query.notes == ("A level can only be asked for as the least: nobody is left out who knows more.",)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Farsee", {"fas", "pes"}),  # as it sounds, though Faroese is as near by its letters
        ("Azery", {"aze"}),
        ("Uzbeck", {"uzb"}),
        ("Faroes", {"fao"}),
        ("Azbeki", set()),  # as near to one as to another
        ("zither", set()),
    ],
)
def test_a_slip_is_for_the_language_that_sounds_so_or_is_nearest(typed: str, codes: set[str]) -> None:
    known = [("Farsi", "fas"), ("Farsi", "pes"), ("Faroese", "fao"), ("Azeri", "aze"), ("Uzbek", "uzb")]
    names = Dictionary.of(
        (name, "lang", code, name) for name, code in [*known, ("Azbek", "abc"), ("Azbekk", "abd")]
    )
    assert {name.code for name in names.languages_near(typed)} == codes


@pytest.mark.parametrize(
    "text",
    [
        "afghanistan recognition",
        "Kabul",
        "Chinese history",
        '"who speaks Dari"',
        "3/3",
        "case studies Kabul",
        "Dari reading list",
        "reading list",
        "now",
        "treaty law",
        "was in Kabul",
        "level 3",
        "professional proficiency test",
        "Dari OR visa",
        "expert group",
        "Able Hand",
        "need Sahil urgently",
        "tigrniya deadline",
        "hands",
        "note verbale",
        "Chinese language test",
        "people of Kabul",
        "expert",
    ],
)
def test_words_without_a_cue_stay_words(text: str, names: Dictionary) -> None:
    query = Query.parse(text, dictionary=names)
    assert str(query) == text
    assert not query.filters


def test_a_question_can_be_taken_as_plain_words(names: Dictionary) -> None:
    query = Query.parse("who speaks Dari", dictionary=names)
    address = parse_qs(query.plain_url[1:])
    assert str(Query.parse(address["q"][0], address, dictionary=names)) == "who speaks Dari"


def test_a_name_of_two_places_means_either_and_is_one_chip() -> None:
    two = Dictionary.of([*NAMES, ("Kabul", "post", "kabul-annex", "Kabul")])
    query = Query.parse("Pashto speaker Kabul", dictionary=two)
    assert str(query) == "speaks:pus at:kabul,kabul-annex"
    assert [(chip.label, chip.value) for chip in query.chips] == [
        ("Speaks", "Pashto"),
        ("In", "Kabul"),
    ]
    address = parse_qs(query.chips[1].remove_url[1:])
    assert str(Query.parse(address["q"][0], dictionary=two)) == "speaks:pus"


def test_a_name_of_several_languages_means_any_of_them() -> None:
    """Farsi is Persian and Iranian Persian; Mandarin is itself, though Chinese is called so, too."""
    several = Dictionary.of(
        [
            ("Mandarin", "lang", "cmn", "Mandarin"),
            ("Mandarin", "lang", "zho", "Chinese"),
            ("Farsi", "lang", "fas", "Persian"),
            ("Farsi", "lang", "pes", "Iranian Persian"),
        ]
    )
    assert str(Query.parse("Farsi speaker", dictionary=several)) == "speaks:fas,pes"
    assert str(Query.parse("Mandarin speaker", dictionary=several)) == "speaks:cmn"


def test_other_names_stand_for_the_usual_ones_but_a_language_is_no_country() -> None:
    names = [
        ("Burma", "region", "mmr", "Myanmar"),
        ("German", "lang", "deu", "German"),
        ("German", "region", "deu", "Germany"),
    ]
    query = Query.parse("Burma German", dictionary=Dictionary.of(names))
    assert query.synonyms == (Synonym(("Burma",), ("Myanmar",)),)


def test_the_longer_name_wins_over_the_one_before_it() -> None:
    horn = Dictionary.of(
        [("the Horn", "region", "horn", "Horn"), ("Horn of Africa", "region", "horn", "Horn")]
    )
    assert str(Query.parse("who served in the Horn of Africa", dictionary=horn)) == "post:horn"
    assert str(Query.parse("who served in the Horn", dictionary=horn)) == "post:horn"


def test_names_are_known_by_their_longest_phrase(names: Dictionary) -> None:
    hints = Query.parse("Guinea-Bissau elections", dictionary=names).hints
    assert [hint.filter.codes for hint in hints] == [("gnb",)]


def test_a_name_stands_for_its_code(names: Dictionary) -> None:
    assert Query.parse("speaks:pashto>=2 region:Burma", dictionary=names).filters == (
        Filter("speaks", (Choice("pus", 4),)),
        Filter("region", (Choice("mmr"),)),
    )


@pytest.mark.parametrize("code", ["<30d", ">1y", "<2024-01-31", ">2024-01-31"])
def test_an_age_is_open_on_one_side(code: str) -> None:
    assert sum(bound is None for bound in updated_between(code)) == 1
