import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from people.conditions import Called, Words
from people.models import Profile, User
from people.names import (
    MOST_INDEXED,
    RESERVED_HANDLES,
    fold,
    found_by,
    initials,
    nicknames,
    sort_name,
    words,
)
from tests.factories import UserFactory
from tests.people.conftest import person


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.django_db
@given(st.text())
@example("NEW")
@example("Me")
@example("…")
@example("ß" * 200)
def test_a_handle_is_always_an_address(text):
    """Whatever somebody is called: letters that a path may hold, not too long, and no page's own word."""
    User._meta.get_field("username").run_validators(User.objects.free_handle(text))


@pytest.mark.parametrize(
    ("name", "key"),
    [("Łukasik", "lukasik"), ("Ångström", "angstrom"), ("ÇELİK", "celik"), ("Straße  X", "strasse x")],
)
def test_letters_without_accents(name, key):
    assert fold(name) == key


@pytest.mark.parametrize(
    ("full", "family", "sorts"),
    [
        ("Farida Łukasik", "", "Łukasik, Farida"),
        ("Ines Ó Briain", "Ó Briain", "Ó Briain, Ines"),
        ("Sukarno", "", "Sukarno"),
        ("Li Na", "Li", "Li Na"),
    ],
)
def test_the_family_name_comes_first_in_lists(full, family, sorts):
    assert sort_name(full, family) == sorts


def test_monograms():
    assert initials("Ines Ó Briain") == "IB"
    assert initials("Sukarno") == "S"
    assert initials("") == ""


@pytest.mark.django_db
def test_a_taken_or_reserved_handle_is_counted_up():
    UserFactory.create(username="ana.silva")
    assert User.objects.free_handle("Ana.Silva") == "ana.silva2"
    for word in RESERVED_HANDLES:
        assert User.objects.free_handle(word) == f"{word}2"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Seo-yeon Baek", ["seo", "yeon", "seoyeon", "baek"]),
        ("Ines Ó Briain", ["ines", "o", "briain"]),
        ("d’Arcy O'Neill", ["d", "arcy", "darcy", "o", "neill", "oneill"]),
        ("Łukasik, Farida", ["lukasik", "farida"]),
        ("lu.jingyi", ["lu", "jingyi"]),
        ("Олександр", ["олександр"]),
        ("'", []),
    ],
)
def test_words_of_a_name(name, found):
    assert words(name) == found


@given(st.text())
def test_words_of_a_name_are_found_again(text):
    """What a name is found by can be typed: its words are words themselves, whole and without spaces."""
    for word in words(text):
        assert words(word) == [word]


def test_words_of_very_many_names_are_kept_whole_as_far_as_an_index_holds_them():
    text = found_by([f"Ana Silva{number}" for number in range(200)])
    assert text.startswith(" ana silva0 silva1 ")
    assert text.endswith(" ")
    assert MOST_INDEXED - 10 < len(text) <= MOST_INDEXED
    assert set(text.split()) <= {"ana", *(f"silva{number}" for number in range(200))}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL decides by the size of the table")
@pytest.mark.django_db
@pytest.mark.parametrize("asked", [Called((), "ana silva"), Words((), "ana", "ana", {1: "", 2: ""})])
def test_who_is_called_so_is_looked_for_in_an_index_without_reading_what_people_write(asked):
    plan = Profile.objects.filter(asked.test(User())).order_by().explain()
    assert "USING COVERING INDEX people_by_name" in plan, plan
    assert "SCAN people_profile" not in plan, plan


def test_nicknames_go_both_ways_and_not_beyond():
    assert "robert" in nicknames("bob")
    assert "bob" in nicknames("robert")
    assert "robert" not in nicknames("robert")
    assert nicknames("zarghuna") == frozenset()
    assert "william" not in nicknames("bob")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "jose",
        "José",
        "ЗАРҐУНА",
        "zarguna",
        "garcia josé",
        "núñez",
        "Lopez-Nunez",
        "lopez nunez",
        "lopeznunez",
        "garc",
    ],
)
def test_a_name_is_found_however_it_is_typed(browse, typed):
    person("Ana García López-Núñez", other_names=["José", "Зарґуна", "Zarguna"])
    person("Rosa Delgado")
    page = browse(f"/people/?name={typed}")
    assert "García López-Núñez" in page
    assert "Rosa Delgado" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Bob Achterman", "rob", "achterman bobby"])
def test_a_name_is_found_by_its_nicknames(browse, typed):
    person("Robert Achterman")
    person("Rosa Delgado")
    page = browse(f"/people/?name={typed}")
    assert "Robert Achterman" in page
    assert "Rosa Delgado" not in page


@pytest.mark.django_db
def test_a_part_within_a_word_is_no_name(browse):
    person("Khalid Marsh")
    assert "Khalid Marsh" not in browse("/people/?name=ali")
    assert "Khalid Marsh" not in browse("/people/?name='")


@pytest.mark.django_db
def test_who_is_called_so_comes_before_nicknames_and_beginnings(browse):
    person("Robert Aaron")
    person("Bobine Bertrand")
    person("Bob Zimmer")
    page = browse("/people/?name=bob")
    assert page.index("Bob Zimmer") < page.index("Robert Aaron")
    assert page.index("Bob Zimmer") < page.index("Bobine Bertrand")


@pytest.mark.django_db
def test_a_changed_name_of_the_account_is_found(browse):
    user = UserFactory.create(first_name="Ana", last_name="Silva")
    user.last_name = "Ferreira"
    user.save()
    assert "Ana Ferreira" in browse("/people/?name=ferreira")
    profile = Profile.objects.get(user=user)
    assert profile.name_key == "ana ferreira"
