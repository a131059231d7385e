"""What every engine must do. An engine's test module gives the fixture `engine`, empty, and inherits the tests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import weights
from search.dictionary import Dictionary
from search.engines import Engine, SearchBusy, Writer
from search.entries import Entry, ExpertiseFact, Fact, Key, Label, LanguageFact
from search.grammar import Choice, Filter
from search.models import SynonymGroup
from search.query import Query
from search.results import Results
from search.synonyms import Thesaurus
from tests.search.samples import (
    AFGHANISTAN,
    CORPUS,
    FARIDA,
    NAMES,
    PAKISTAN,
    RECOGNITION,
    SECRET,
    VISAS,
    article,
    person,
)

DICTIONARY = Dictionary.of(NAMES)
# The same stories run for each engine, and in each with one engine for all the texts that are tried.
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
ALL_FACETS = (
    "kind",
    "template",
    "region",
    "tag",
    "lang",
    "office",
    "post",
    "now",
    "skill",
    "verified",
    "updated",
)


def ask(
    engine: Engine,
    text: str,
    *principals: str,
    params: str = "",
    pending: Collection[Key] = (),
    size: int = 20,
) -> Results:
    """Search as somebody with `all` and these principals."""
    query = Query.parse(
        text, QueryDict(params), principals={"all", *principals}, dictionary=DICTIONARY, facets=ALL_FACETS
    )
    return engine.search(query.matching(size=size), pending)


def titles(results: Results) -> list[str]:
    """The titles of the hits."""
    return [hit.name for hit in results]


def counts(results: Results, name: str) -> dict[str, int]:
    """A facet as a mapping."""
    return {value.value: value.count for value in results.facet(name).values if value.count}


def without_took(results: Results) -> tuple[object, ...]:
    """All of an answer that does not depend on the clock."""
    return (
        [(hit.key, hit.name, hit.snippet, hit.why) for hit in results],
        results.total,
        results.facets,
        results.suggestion,
        results.similar,
    )


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """The engine with the sample entries."""
    return fill(engine, CORPUS)


def fill(engine: Engine, entries: Collection[Entry]) -> Engine:
    """Put entries."""
    with engine.writing(wait=5) as writer:
        writer.put(list(entries))
    return engine


THESAURUS = Thesaurus.of([
    SynonymGroup(words="ministry of foreign affairs\nforeign ministry\nMFA"),
    SynonymGroup(words="chargé d'affaires\nCDA"),
    SynonymGroup(words="chargé\nchargé d'affaires\nCDA", one_way=True),
    SynonymGroup(words="hospice\nclinic", one_way=True),
])  # fmt: skip


def ask_meaning(engine: Engine, text: str, *principals: str) -> Results:
    """Search with words that mean the same."""
    query = Query.parse(text, principals={"all", *principals}, dictionary=DICTIONARY, facets=ALL_FACETS)
    return engine.search(query.matching(synonyms=THESAURUS.synonyms(query.parts)))


@pytest.fixture
def synonymous(engine: Engine) -> Engine:
    """An engine with texts that say the same in different words."""
    return fill(engine, [
        article(1, "MFA guide", "rooms and telephones", tags=(Label("guides", "Guides"),)),
        article(2, "Ministry of foreign affairs", "its history"),
        article(3, "Protocol", "The MFA decides on the seating of guests."),
        article(4, "Chargé d’affaires", "leads while the ambassador is away"),
        article(5, "Clinic", "for the sick"),
        article(6, "Hospital", "for the very sick, in a foreign country; the ministry pays"),
    ])  # fmt: skip


def put_and_fail(writer: Writer, entry: Entry) -> None:
    """Put an entry, then fail."""
    writer.put([entry])
    raise ZeroDivisionError


class EngineContract:
    """Stories that hold for every engine."""

    # -- words ----------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("recognition", "Recognition of governments"),
            ("governments recognized", "Recognition of governments"),
            ("RoG", "Recognition of governments"),
            ("islamabad", "Visa policy"),
            ("isla*", "Visa policy"),
            ('"travel documents"', "Visa policy"),
            ("lukasik", "Farida Łukasik"),
            ("noelle", "Noëlle Laurent"),
            ("NOËLLE", "Noëlle Laurent"),
            ("外交", "外交部"),
            ("外交事务", "外交部"),
            ("gouvernement", "Reconnaissance"),
            ("title:visa", "Visa policy"),
            ("consular legal OR travel", "Visa policy"),
            ("legal directorate", "Recognition of governments"),
        ],
    )
    def test_the_right_thing_comes_first(self, filled: Engine, text: str, first: str) -> None:
        assert titles(ask(filled, text))[:1] == [first]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("visa -islamabad", set()),
            ("policy -zebra", {"Visa policy"}),
            ('"documents travel"', set()),
            ("title:islamabad", set()),
            ("visa recognition", set()),
            ("visa OR recognition", {"Visa policy", "Recognition of governments"}),
            ("-kind:person tag:visas", {"Visa policy"}),
        ],
    )
    def test_exactly_these_match(self, filled: Engine, text: str, found: set[str]) -> None:
        assert set(titles(ask(filled, text))) == found

    def test_words_are_marked_and_nothing_else_is(self, filled: Engine) -> None:
        hit = ask(filled, "recognition government")[0]
        assert [segment.text for segment in hit.title if segment.marked] == ["Recognition", "governments"]
        assert [segment.text for segment in hit.snippet if segment.marked] == ["governments"]
        assert "".join(segment.text for segment in hit.snippet).startswith("States are recognized")

    def test_markup_in_text_is_text(self, engine: Engine) -> None:
        fill(engine, [article(1, "<b>visa</b>", "A <script>alert(1)</script> visa & é visa")])
        hit = ask(engine, "visa")[0]
        assert hit.name == "<b>visa</b>"
        assert "<script>" in "".join(segment.text for segment in hit.snippet)

    # -- people ---------------------------------------------------------------------------------------------------

    def test_who_has_a_language_comes_before_who_wrote_about_it(self, filled: Engine) -> None:
        assert titles(ask(filled, "pashto")) == ["Farida Łukasik", "Noëlle Laurent", "Ada Biographer"]

    def test_a_name_is_found_by_what_it_stands_for(self, engine: Engine) -> None:
        fill(engine, [article(1, "Sanctions", "Elections in Myanmar", regions=(Label("mmr", "Myanmar"),))])
        assert titles(ask(engine, "burma elections")) == ["Sanctions"]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("speaks:pus>=3", ["Farida Łukasik"]),
            ("speaks:pus>=2+", ["Farida Łukasik", "Noëlle Laurent"]),
            ("reads:pus>=4 speaks:pus>=2", ["Farida Łukasik", "Noëlle Laurent"]),
            ("reads:pus>4 speaks:pus>=2", ["Farida Łukasik"]),
            ("lang:pus>=3", ["Farida Łukasik", "Noëlle Laurent"]),
            ("lang:pus>=4", ["Farida Łukasik", "Noëlle Laurent"]),
            ("lang:pus>4+", ["Farida Łukasik"]),
            ("-lang:pus>4+ lang:pus", ["Noëlle Laurent"]),
            ("speaks:zho>=3", ["Farida Łukasik"]),
            ("speaks:zho>=4", []),
            ("speaks:prs", []),
            ("speaks:prs OR speaks:pus>=5", ["Farida Łukasik"]),
            ("skill:treaty-law>=3", ["Farida Łukasik"]),
            ("now:kabul", ["Noëlle Laurent"]),
            ("Pashto speaker Kabul", ["Noëlle Laurent", "Farida Łukasik"]),  # who is there now comes first
            ("Pashto speakers who served in Kabul", ["Farida Łukasik", "Noëlle Laurent"]),
            ("post:central", ["Farida Łukasik", "Noëlle Laurent"]),
        ],
    )
    def test_levels_and_places(self, filled: Engine, text: str, found: list[str]) -> None:
        assert titles(ask(filled, text)) == found

    def test_a_fact_is_found_counted_and_told_only_to_its_readers(self, filled: Engine) -> None:
        outside, inside = ask(filled, "speaks:prs"), ask(filled, "speaks:prs", "o:3")
        assert (outside.total, inside.total) == (0, 1)
        assert "Dari 3/3" in [str(reason) for reason in inside[0].why]
        assert "prs" not in counts(ask(filled, ""), "lang")
        assert counts(ask(filled, "", "o:3"), "lang")["prs"] == 1
        assert not ask(filled, "beekeeping").total
        assert titles(ask(filled, "beekeeping", "u:1")) == ["Farida Łukasik"]
        for text in ("speaks:pus OR speaks:prs", "lukasik OR dari", "vice OR treaty OR beekeeping"):
            told = [str(reason) for hit in ask(filled, text) for reason in hit.why]
            assert not any("Dari" in reason or "Beekeeping" in reason for reason in told)

    def test_facets_count_no_fact_of_others(self, filled: Engine) -> None:
        seen = ask(filled, "kind:person", "o:3")
        assert counts(seen, "skill") == {"treaty-law": 1}
        assert "pak" not in counts(seen, "region")

    def test_one_fact_told_to_two_principals_counts_once(self, engine: Engine) -> None:
        known = (ExpertiseFact("A", AFGHANISTAN, 1, "o:3"), ExpertiseFact("P", PAKISTAN, 1, "u:1"))
        fill(engine, [person(1, "Ada", expertise=known), person(2, "Ben", expertise=known[:1])])
        assert counts(ask(engine, "", "o:3", "u:1"), "region") == {
            "afg": 2,
            "central": 2,
            "asia": 2,
            "pak": 1,
        }
        assert counts(ask(engine, "", "u:1"), "region") == {"central": 1, "asia": 1, "pak": 1}

    def test_one_person_counts_once_whichever_principals_know(self, filled: Engine) -> None:
        seen = counts(ask(filled, "kind:person", "o:3", "u:1"), "region")
        assert seen == {"afg": 2, "central": 2, "asia": 2, "pak": 1}

    def test_reasons_name_what_matches(self, filled: Engine) -> None:
        reasons = [str(reason) for reason in ask(filled, "speaks:pus>=3 post:kabul")[0].why]
        assert reasons == ["Pashto 5/4+ (tested 2025)", "Kabul 2019–2022"]

    # -- facets, order, pages -------------------------------------------------------------------------------------

    def test_facets_count_all_hits_but_not_their_own_choice(self, filled: Engine) -> None:
        everything = ask(filled, "")
        assert counts(everything, "kind") == {"article": 4, "person": 3}
        assert counts(everything, "region") == {"afg": 3, "central": 4, "asia": 4, "pak": 1}
        chosen = ask(filled, "", params="region=pak")
        assert titles(chosen) == ["Visa policy"]
        assert counts(chosen, "region") == {"afg": 3, "central": 4, "asia": 4, "pak": 1}
        assert counts(chosen, "tag") == {"visas": 1}
        assert [v.value for v in chosen.facet("region").values if v.selected] == ["pak"]

    def test_a_chosen_value_without_hits_stays_visible(self, filled: Engine) -> None:
        facet = ask(filled, "recognition", params="tag=visas").facet("tag")
        assert [(v.value, v.count) for v in facet.values if v.selected] == [("visas", 0)]

    def test_verified_and_changed(self, engine: Engine) -> None:
        now = datetime.now(UTC)
        fill(engine, [
            article(1, "New", updated=now - timedelta(days=2), verified="yes"),
            article(2, "Younger", updated=now - timedelta(days=100), verified="due"),
            article(3, "Old", updated=now - timedelta(days=900)),
        ])  # fmt: skip
        assert counts(ask(engine, ""), "updated") == {"<30d": 1, "<1y": 2}
        assert titles(ask(engine, "updated:<30d")) == ["New"]
        assert titles(ask(engine, "updated:>1y")) == ["Old"]
        assert titles(ask(engine, "verified:due")) == ["Younger"]
        assert titles(ask(engine, "", params="sort=newest")) == ["New", "Younger", "Old"]
        assert titles(ask(engine, "", params="sort=title")) == ["New", "Old", "Younger"]

    def test_pages_hold_every_hit_once_in_one_order(self, engine: Engine) -> None:
        fill(engine, [article(pk, f"Note {pk}", "same text") for pk in range(45)])
        for text in ("text", ""):
            pages = [ask(engine, text, params=f"page={page}", size=10) for page in range(1, 6)]
            keys = [hit.key for page in pages for hit in page]
            assert {page.total for page in pages} == {45}
            assert len(keys) == len(set(keys)) == 45

    def test_trust_use_and_freshness_only_order_equals(self, engine: Engine) -> None:
        fill(engine, [
            article(1, "Visa rules", "text", updated=datetime(2010, 1, 1, tzinfo=UTC)),
            article(2, "Visa rules", "text", updated=datetime(2026, 1, 1, tzinfo=UTC), verified="yes", popularity=100),
            article(3, "Other", "about visa and many other things", popularity=10_000, verified="yes"),
        ])  # fmt: skip
        assert [hit.pk for hit in ask(engine, "visa")] == [2, 1, 3]

    def test_what_somebody_does_comes_before_a_page_that_has_the_words(self, engine: Engine) -> None:
        fill(engine, [
            article(1, "Protocol for a first call", "The officer on duty calls the protocol, and the protocol calls."),
            person(1, "Zuzana", role="Protocol Officer, Protocol Directorate"),
        ])  # fmt: skip
        assert titles(ask(engine, "protocol officer")) == ["Zuzana", "Protocol for a first call"]

    def test_an_initial_is_one_of_a_name(self, engine: Engine) -> None:
        fill(engine, [person(1, "Anna Brown"), person(2, "Carla Maria Brown"), person(3, "Carla Oosterling")])
        assert titles(ask(engine, "C. Brown")) == ["Carla Maria Brown", "Anna Brown"]

    def test_idle_words_need_not_match(self, engine: Engine) -> None:
        fill(engine, [article(1, "Consular functions"), article(2, "Port functions")])
        assert titles(ask(engine, "the functions of a consul")) == ["Consular functions"]

    # -- synonyms -------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("MFA", ["MFA guide", "Ministry of foreign affairs", "Protocol"]),
            ("mfa", ["MFA guide", "Ministry of foreign affairs", "Protocol"]),
            ("ministry of foreign affairs", ["Ministry of foreign affairs", "MFA guide", "Protocol"]),
            ("foreign ministry", ["Ministry of foreign affairs", "MFA guide", "Protocol", "Hospital"]),
            ("MFA protocol", ["Protocol"]),
            ("protocol ministry of foreign affairs", ["Protocol"]),
            ("MFA seating", ["Protocol"]),
            ("charge", ["Chargé d’affaires"]),
            ("CDA", ["Chargé d’affaires"]),
            ("charge d'affaires", ["Chargé d’affaires"]),
            ("MFA OR charge", ["Chargé d’affaires", "MFA guide", "Ministry of foreign affairs", "Protocol"]),
            ("MFA tag:guides", ["MFA guide"]),
            ("MFA -tag:guides", ["Ministry of foreign affairs", "Protocol"]),
            ("MFA -seating", ["MFA guide", "Ministry of foreign affairs"]),
            ('"seating of guests" MFA', ["Protocol"]),
            ("hospice", ["Clinic"]),
        ],
    )
    def test_words_that_mean_the_same_find_each_other(
        self, synonymous: Engine, text: str, expected: list[str]
    ) -> None:
        assert sorted(titles(ask_meaning(synonymous, text))) == sorted(expected)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("clinic", ["Clinic"]),
            ('"MFA"', ["MFA guide", "Protocol"]),
            ("protocol -MFA", []),
            ("guests -MFA", []),
            ("affairs -MFA", ["Chargé d’affaires", "Ministry of foreign affairs"]),
            ("title:MFA", ["MFA guide"]),
            ("affairs foreign of ministry", ["Ministry of foreign affairs"]),
        ],
    )
    def test_what_is_quoted_excluded_or_meant_one_way_means_itself(
        self, synonymous: Engine, text: str, expected: list[str]
    ) -> None:
        assert sorted(titles(ask_meaning(synonymous, text))) == sorted(expected)

    def test_a_title_that_means_the_same_comes_before_a_mention(self, engine: Engine) -> None:
        fill(engine, [
            article(1, "Ministry of foreign affairs", "history"),
            article(2, "Yearbook", "MFA here, MFA there, and what the MFA says of the MFA", popularity=50),
        ])  # fmt: skip
        assert titles(ask_meaning(engine, "MFA")) == ["Ministry of foreign affairs", "Yearbook"]

    def test_words_that_mean_the_same_are_marked(self, synonymous: Engine) -> None:
        hit = next(h for h in ask_meaning(synonymous, "MFA") if h.name == "Ministry of foreign affairs")
        assert [s.text for s in hit.title if s.marked] == ["Ministry", "foreign", "affairs"]

    def test_synonyms_open_nothing(self, engine: Engine) -> None:
        fill(engine, [article(1, "Zorblax", "the MFA text", "g:7")])
        results = ask_meaning(engine, "ministry of foreign affairs")
        assert (results.total, results.suggestion) == (0, "")
        assert ask_meaning(engine, "ministry of foreign affairs", "g:7").total == 1

    # -- spelling -------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("text", ["recogniton", "recgonition", "recognitiom"])
    def test_slips_are_forgiven_and_told(self, filled: Engine, text: str) -> None:
        results = ask(filled, text)
        assert titles(results)[:1] == ["Recognition of governments"]
        assert results.suggestion == "recognition"
        assert results.similar

    def test_nothing_is_near_to_nonsense(self, filled: Engine) -> None:
        results = ask(filled, "xqzwvkjh")
        assert (results.total, results.suggestion, results.similar) == (0, "", False)

    # -- access ---------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "text",
        ["zorblax", "zorbla", "zorblex", "zorb*", '"zorblax token"', "quixnar", "tag:zorbtag", "template:zorbkind",
         "title:zorblax", "zorblax OR qqqqqqq", "-visa zorblax"],
    )  # fmt: skip
    def test_an_outsider_learns_nothing_from_a_secret(self, engine: Engine, text: str) -> None:
        fill(engine, [entry for entry in CORPUS if entry is not SECRET])
        before = without_took(ask(engine, text))
        before_facets = ask(engine, "").facets
        before_suggestions = suggested(engine)
        fill(engine, [SECRET])
        assert without_took(ask(engine, text)) == before
        assert ask(engine, "").facets == before_facets
        assert suggested(engine) == before_suggestions
        assert titles(ask(engine, "zorblax", "g:7")) == ["Zorblax negotiations"]
        assert [s.name for s in engine.suggest("zorb", frozenset({"all", "g:7"}))] == ["Zorblax negotiations"]

    def test_nobody_finds_nothing(self, filled: Engine) -> None:
        results = filled.search(Query.parse("recognition", facets=ALL_FACETS))
        assert (results.total, len(results), results.facets) == (0, 0, ())
        assert filled.suggest("rec", frozenset()) == []

    def test_what_is_pending_counts_as_not_there(self, filled: Engine) -> None:
        pending = [RECOGNITION.key, FARIDA.key]
        assert titles(ask(filled, "recognition", pending=pending)) == []
        assert counts(ask(filled, "", pending=pending), "kind") == {"article": 3, "person": 2}
        assert counts(ask(filled, "", params="kind=person", pending=pending), "kind") == {
            "article": 3,
            "person": 2,
        }
        assert filled.suggest("recog", frozenset({"all"}), pending=pending) == []

    def test_hidden_facts_do_not_change_the_answers_of_others(self, engine: Engine) -> None:
        told = Fact("Note", "plumbago", "o:3")
        fill(engine, [person(1, "Ada", facts=()), person(2, "Ben")])
        before = without_took(ask(engine, "plumbago"))
        fill(engine, [person(1, "Ada", version=2, facts=(told,))])
        assert without_took(ask(engine, "plumbago")) == before
        assert titles(ask(engine, "plumbago", "o:3")) == ["Ada"]

    # -- suggestions ----------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("typed", "first"),
        [("fa", "Farida Łukasik"), ("luk", "Farida Łukasik"), ("łuk far", "Farida Łukasik"), ("visa po", "Visa policy"),
         ("rog", "Recognition of governments")],
    )  # fmt: skip
    def test_suggestions_begin_as_typed(self, filled: Engine, typed: str, first: str) -> None:
        assert filled.suggest(typed, frozenset({"all"}))[0].name == first

    def test_suggestions_of_one_kind(self, filled: Engine) -> None:
        assert {s.kind for s in filled.suggest("r", frozenset({"all"}), kinds=["article"])} == {"article"}
        assert filled.suggest("visa", frozenset({"all"}), kinds=["person"]) == []
        assert filled.suggest("", frozenset({"all"})) == []

    # -- writing --------------------------------------------------------------------------------------------------

    def test_an_older_version_never_overwrites_a_newer(self, engine: Engine) -> None:
        fill(engine, [article(1, "Newer", version=5)])
        with engine.writing(wait=5) as writer:
            assert writer.put([article(1, "Older", version=4)]) == 0
        assert titles(ask(engine, "newer OR older")) == ["Newer"]
        with engine.writing(wait=5) as writer:
            assert writer.put([article(1, "Older", version=4)], force=True) == 1
        assert titles(ask(engine, "newer OR older")) == ["Older"]

    def test_an_older_removal_never_removes_a_newer_entry(self, engine: Engine) -> None:
        fill(engine, [article(1, "Newer", version=5), article(2, "Equal", version=5)])
        with engine.writing(wait=5) as writer:
            writer.remove({Key("article", 1): 4, Key("article", 2): 5})
        assert titles(ask(engine, "")) == ["Newer"]
        with engine.writing(wait=5) as writer:
            writer.remove({Key("article", 1): 4}, force=True)
        assert titles(ask(engine, "")) == []

    def test_one_may_ask_which_of_some_things_meet_a_query(self, filled: Engine) -> None:
        query = Query.parse("islamabad", principals={"all"})
        found = {hit.key for hit in filled.search(query)}
        assert VISAS.key in found
        for some, meeting in (([VISAS.key, Key("person", 999)], {VISAS.key}), ([FARIDA.key], set())):
            asked = query.matching(among=tuple(some))
            assert {hit.key for hit in filled.search(asked)} == meeting

    def test_what_is_favoured_comes_first_and_the_rest_as_before(self, engine: Engine) -> None:
        zithers = [
            person(pk, "Zither Zither", body="zither " * pk, popularity=5_000, verified="yes")
            for pk in (1, 2, 3)
        ]
        pashto = (LanguageFact("pus", "Pashto", 6, 6),)
        players = [
            person(pk, f"Ada {pk}", body=f"{'and so on ' * pk} zither", languages=pashto) for pk in (4, 5, 6)
        ]
        hidden = (LanguageFact("pus", "Pashto", 6, 6, principal="o:3"),)
        fill(engine, [*zithers, *players, person(7, "Eva", body=f"{'more ' * 50} zither", languages=hidden)])
        query = Query.parse("zither", principals={"all"})
        plain = [hit.pk for hit in engine.search(query)]
        favoured = query.matching(favoured=(Filter("speaks", (Choice("pus", 6),)),))
        found = [hit.pk for hit in engine.search(favoured)]
        assert sorted(found[:3]) == [4, 5, 6]
        assert found == sorted(plain, key=lambda pk: pk not in (4, 5, 6)), "each part in its own order"
        scores = [hit.score for hit in engine.search(favoured)]
        assert [score >= weights.FAVOURED for score in scores] == [True] * 3 + [False] * 4

    def test_several_queries_are_answered_as_each_by_itself(self, filled: Engine) -> None:
        texts = ("islamabad", "pashto", "sesame", "pahsto")
        queries = [Query.parse(text, principals={"all"}) for text in texts]
        *right, slip = filled.search_each(queries, pending=[FARIDA.key])
        alone = [filled.search(query, pending=[FARIDA.key]) for query in queries]
        assert [without_took(one) for one in right] == [without_took(one) for one in alone[:3]]
        assert not slip.total, "words are taken as they are spelled"
        assert alone[3].similar

    def test_a_put_replaces_and_a_remove_removes(self, filled: Engine) -> None:
        fill(filled, [article(2, "Permit rules", version=2)])
        assert not ask(filled, "islamabad").total
        assert titles(ask(filled, "permit")) == ["Permit rules"]
        with filled.writing(wait=5) as writer:
            writer.remove({VISAS.key: 2, Key("article", 999): 1})
        assert not ask(filled, "permit").total

    def test_a_block_that_fails_writes_nothing(self, filled: Engine) -> None:
        with pytest.raises(ZeroDivisionError), filled.writing(wait=5) as writer:
            put_and_fail(writer, article(9, "Halfway"))
        assert not ask(filled, "halfway").total
        fill(filled, [article(9, "Whole")])
        assert ask(filled, "whole").total == 1

    def test_a_new_index_takes_the_place_of_the_old_at_once(self, filled: Engine) -> None:
        with filled.rebuild() as new:
            new.put([article(1, "Brand new")])
            assert ask(filled, "").total == 7
            with new.swapping():
                new.remove({Key("article", 1): 2})
                new.put([article(1, "Brand newer", version=2)])
        assert titles(ask(filled, "")) == ["Brand newer"]

    def test_a_rebuild_that_fails_changes_nothing(self, filled: Engine) -> None:
        with pytest.raises(ZeroDivisionError), filled.rebuild() as new:
            put_and_fail(new, article(1, "Brand new"))
        assert ask(filled, "").total == 7
        with filled.rebuild() as new, new.swapping():
            pass
        assert ask(filled, "").total == 0

    def test_writers_wait_for_each_other(self, filled: Engine) -> None:
        with filled.writing(), pytest.raises(SearchBusy), filled.writing(wait=0.02):
            pass

    def test_what_is_stored_can_be_compared(self, filled: Engine) -> None:
        stored = {item.key: item for item in filled.stored()}
        assert set(stored) == {entry.key for entry in CORPUS}
        for entry in CORPUS:
            item = stored[entry.key]
            assert (item.version, item.digest, item.readers) == (entry.version, entry.digest, entry.readers)
        assert filled.status().entries == len(CORPUS)

    @given(text=st.text(max_size=60))
    @settings(max_examples=60, deadline=None, suppress_health_check=SHARED)
    def test_no_text_breaks_it(self, filled: Engine, text: str) -> None:
        assert ask(filled, text).total >= 0
        filled.suggest(text, frozenset({"all"}))


def suggested(engine: Engine) -> list[list[str]]:
    """What an outsider is offered while typing the secret."""
    return [
        [s.name for s in engine.suggest(typed, frozenset({"all"}))] for typed in ("z", "zorb", "quix", "neg")
    ]
