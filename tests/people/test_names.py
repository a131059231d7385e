import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from people.models import User
from people.names import RESERVED_HANDLES, fold, initials, sort_name
from tests.factories import UserFactory


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
