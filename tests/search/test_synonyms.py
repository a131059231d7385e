"""Words that mean the same: what administrators may write, and that a change counts at the next search."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.test import Client

from people.models import User
from search import actions, outbox, synonyms
from search.engines import Engine, SearchUnavailable
from search.models import Mark, SynonymGroup
from search.query import Query, Synonym
from search.synonyms import Thesaurus
from tests.search.samples import Notes, note, reader

pytestmark = pytest.mark.django_db
ADD = "/admin/snippets/search/synonymgroup/add/"


def found(text: str) -> list[str]:
    """Titles that a reader finds."""
    return sorted(hit.name for hit in actions.find(Query.parse(text), reader()))


def group(*forms: str, one_way: bool = False) -> SynonymGroup:
    """Save a group."""
    return SynonymGroup.objects.create(words="\n".join(forms), one_way=one_way)


@pytest.fixture
def no_groups(db: None) -> None:
    """Nothing that is shipped."""
    SynonymGroup.objects.all().delete()


# -- a change counts at the next search -----------------------------------------------------------------------------


def test_a_group_counts_from_the_next_search_to_the_one_after_it_was_deleted(
    empty_engine: Engine, notes: Notes, no_groups: None
) -> None:
    outbox.enqueue("note", note("Quixel handbook").pk, note("Ministry of quaint affairs").pk)
    outbox.drain()
    assert found("quixel") == ["Quixel handbook"]
    one = group("quixel", "ministry of quaint affairs")
    assert (
        found("quixel")
        == found("ministry of quaint affairs")
        == ["Ministry of quaint affairs", "Quixel handbook"]
    )
    one.words = "quixel\nsomething else"
    one.save()
    assert found("quixel") == ["Quixel handbook"]
    one.words = "quixel\nministry of quaint affairs"
    one.one_way = True
    one.save()
    assert len(found("quixel")) == 2
    assert found("ministry of quaint affairs") == ["Ministry of quaint affairs"]
    one.delete()
    assert found("quixel") == ["Quixel handbook"]


def test_plain_words_are_taken_plainly(empty_engine: Engine, notes: Notes, no_groups: None) -> None:
    group("quixel", "visa")
    outbox.enqueue("note", note("Visa").pk)
    outbox.drain()
    assert found("quixel") == ["Visa"]
    assert actions.find(Query.parse("quixel", {"plain": "1"}), reader()).total == 0


def test_groups_are_read_only_when_they_changed(no_groups: None, django_assert_num_queries: Any) -> None:
    group("quixel", "visa")
    query = Query.parse("quixel")
    assert synonyms.with_synonyms(query).synonyms == (Synonym(("quixel",), ("visa",)),)
    with django_assert_num_queries(1):
        synonyms.with_synonyms(query)
    with django_assert_num_queries(0):
        synonyms.with_synonyms(Query.parse("kind:person"))


def test_without_the_database_the_search_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Mark.objects, "filter", fail)
    with pytest.raises(SearchUnavailable, match="synonyms"):
        actions._asked(Query.parse("visa"), reader())


# -- what stands for what -------------------------------------------------------------------------------------------


def meant(text: str, *groups: SynonymGroup) -> dict[str, tuple[str, ...]]:
    """What the words of a query mean as well."""
    named = Thesaurus.of(groups).synonyms(Query.parse(text).parts)
    return {" ".join(synonym.words): synonym.others for synonym in named}


MFA = SynonymGroup(words="ministry of foreign affairs\nMFA")
CHARGE = SynonymGroup(words="chargé d'affaires\nCDA")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mfa", {"mfa": ("ministry of foreign affairs",)}),
        ("the Ministry of Foreign Affairs today", {"Ministry of Foreign Affairs": ("MFA",)}),
        ("charge d'affaires", {"charge d'affaires": ("CDA",)}),
        ("MFA OR CDA", {"MFA": ("ministry of foreign affairs",), "CDA": ("chargé d'affaires",)}),
        ("MFA's", {}),
        ("mfa*", {}),
        ('"MFA"', {}),
        ("-MFA", {}),
        ("title:MFA", {}),
        ("ministry of foreign -affairs", {}),
        ("ministry of foreign", {}),
    ],
)
def test_plain_words_alone_mean_others(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert meant(text, MFA, CHARGE) == expected


def test_the_longest_words_count() -> None:
    longer = SynonymGroup(words="foreign affairs council\nFAC")
    shorter = SynonymGroup(words="foreign affairs\nabroad")
    assert meant("foreign affairs council", shorter, longer) == {"foreign affairs council": ("FAC",)}


def test_a_query_grows_only_so_far() -> None:
    groups = [SynonymGroup(words="\n".join(f"w{n}x{m}" for m in range(12))) for n in range(30)]
    named = meant(" ".join(f"w{n}x0" for n in range(30)), *groups)
    assert sum(map(len, named.values())) == synonyms.MOST_OTHERS


def test_what_is_shipped_is_sound() -> None:
    groups = list(SynonymGroup.objects.all())
    assert len(groups) >= 40
    for one in groups:
        one.full_clean()


# -- what administrators may write ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "required|at least two|blank"),
        ("MFA", "at least two"),
        ("MFA\n\n  \n", "at least two"),
        ("MFA\n?!", "no letter"),
        ("Démarche\ndemarche", "same to the search"),
        ("aide-mémoire\nAide Memoire", "same to the search"),
        ("quixel\n" + "x" * 81, "too long"),
        ("quixel\n" + "a " * 9, "too long"),
        ("\n".join(f"word{n}" for n in range(13)), "more than 12"),
        ("quixel\nnato", "another group: EU|another group: North"),
    ],
)
def test_what_means_nothing_is_refused_with_words(words: str, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        SynonymGroup(words=words).full_clean()


def test_lines_are_tidied(no_groups: None) -> None:
    one = SynonymGroup(words="  MFA \r\n\r\n ministry  of foreign affairs")
    one.full_clean()
    assert one.words == "MFA\nministry of foreign affairs"
    assert str(one) == "MFA, ministry of foreign affairs"


def test_what_is_only_found_may_stand_in_several_groups(no_groups: None) -> None:
    group("chancery", "embassy", one_way=True)
    SynonymGroup(words="legation\nembassy", one_way=True).full_clean()
    SynonymGroup(words="embassy\nmission").full_clean()
    with pytest.raises(ValidationError, match="another group: chancery → embassy"):
        SynonymGroup(words="chancery\nconsulate", one_way=True).full_clean()


def test_an_administrator_adds_a_group_and_colleagues_do_not(
    administrator: User, outsider: User, client: Client
) -> None:
    client.force_login(administrator)
    page = client.get(ADD).content.decode()
    assert "One on each line" in page
    refused = client.post(ADD, {"words": "quixel"})
    assert "at least two" in refused.content.decode()
    assert client.post(ADD, {"words": "quixel\nquaint office"}).status_code == 302
    assert synonyms.with_synonyms(Query.parse("quixel")).synonyms == (
        Synonym(("quixel",), ("quaint office",)),
    )
    assert "quixel, quaint office" in client.get("/admin/snippets/search/synonymgroup/").content.decode()
    client.force_login(outsider)
    assert client.post(ADD, {"words": "other\nwords"}).status_code in (302, 403)
    assert not SynonymGroup.objects.filter(words__startswith="other").exists()
