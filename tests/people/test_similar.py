"""Similar colleagues: those who share most of what somebody knows, with what it is, and nothing that is hidden."""

from __future__ import annotations

import pytest

from people import similar
from people.facts import known, with_facts
from people.models import Profile
from tests.people.conftest import knows, person, skilled, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def farida(kabul):
    profile = person("Farida Łukasik", post=kabul)
    speaks(profile, "pus", "4")
    speaks(profile, "eng", "5")
    speaks(profile, "fas", "2")
    knows(profile, "afg")
    knows(profile, "pak", depth=1)
    skilled(profile, "treaty law")
    skilled(profile, "tango", learn=True)
    return profile


def found(profile: Profile, reader) -> dict[str, list[str]]:
    fetched = with_facts(Profile.objects.with_place().filter(pk=profile.pk), reader).get()
    alike = similar.colleagues(fetched, known(fetched), reader)
    return {one.person.name: [reason.text for reason in one.reasons] for one in alike}


def test_who_shares_most_comes_first_with_what_it_is(farida, kabul, reader):
    most = person("Most Alike", post=kabul)
    speaks(most, "pus", "3")
    knows(most, "afg")
    skilled(most, "treaty law")
    speaks(person("Languages Only"), "pus", "5")
    skilled(person("Skills Only"), "treaty law")
    assert found(farida, reader) == {
        "Most Alike": ["Pashto", "Afghanistan", "treaty law", "at the same place"],
        "Languages Only": ["Pashto"],
        "Skills Only": ["treaty law"],
    }


def test_what_is_little_widespread_or_only_wished_for_is_no_likeness(farida, kabul, reader):
    person("Same Place", post=kabul)
    weak = person("Weak Pashto")
    speaks(weak, "pus", "2+")
    speaks(weak, "eng", "5")
    speaks(weak, "fas", "5")
    knows(weak, "afg", depth=1)
    knows(weak, "pak")
    skilled(weak, "treaty law", learn=True)
    skilled(weak, "tango")
    assert found(farida, reader) == {}


def test_hidden_facts_make_nobody_alike(farida, reader, client_for):
    hidden = person("Hana Hidden")
    speaks(hidden, "pus", "4", audience="me")
    assert found(farida, reader) == found(farida, hidden.user) == {}
    shy = person("Sean Shy")
    skilled(shy, "falconry", audience="me")
    skilled(person("Open Falconer"), "falconry")
    assert found(shy, reader) == {}
    assert list(found(shy, shy.user)) == ["Open Falconer"]


def test_neither_oneself_nor_who_left_is_named(farida, reader):
    speaks(reader.profile, "pus", "4")
    gone = person("Gone Away", left_at="2024-01-01")
    speaks(gone, "pus", "4")
    assert found(farida, reader) == {}
    assert list(found(gone, reader)) == ["Farida Łukasik"]


def test_one_query_and_five_names(farida, reader, browse, django_assert_num_queries):
    for n in range(7):
        speaks(person(f"Number N{n}"), "pus", "3")
    fetched = with_facts(Profile.objects.with_place().filter(pk=farida.pk), reader).get()
    reader.principals  # noqa: B018 - asked for once per request
    with django_assert_num_queries(1):
        assert len(similar.colleagues(fetched, known(fetched), reader)) == similar.SHOWN
    page = browse(f"/people/{farida.user.username}/")
    assert "Similar colleagues" in page
    assert page.count("Number N") == 5
