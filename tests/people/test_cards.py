"""The card over a link to a colleague: short, cheap, and with nothing that the profile would not say."""

from __future__ import annotations

import pytest

from tests.people.conftest import person, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def farida(kabul):
    profile = person("Farida Łukasik", title="Vice Consul", post=kabul, available_mentoring=True)
    for code, level in (("pus", "5"), ("deu", "4"), ("ell", "2"), ("spa", "1")):
        speaks(profile, code, level)
    return profile


def test_a_card_says_who_where_when_and_what(farida, browse):
    card = browse(f"/people/{farida.user.username}/card/")
    for words in (
        "Farida Łukasik",
        "Vice Consul, Embassy Kabul",
        "in Kabul",
        "Pashto",
        "5/3",
        "Greek",
        "Mentoring",
    ):
        assert words in card
    assert "Spanish" not in card
    assert "<html" not in card
    browse("/people/nobody-at-all/card/", status=404)


def test_a_card_hides_what_the_profile_hides(farida, browse):
    farida.language_skills.update(audience="me")
    assert "Pashto" not in browse(f"/people/{farida.user.username}/card/")
    assert "Pashto" in browse(f"/people/{farida.user.username}/card/", user=farida.user)


def test_of_who_left_it_says_so_and_no_more(farida, browse):
    farida.left_at = "2024-05-01"
    farida.save()
    card = browse(f"/people/{farida.user.username}/card/")
    assert "Left the Ministry in May 2024" in card
    assert not any(words in card for words in ("Pashto", "Mentoring", "in Kabul,"))


def test_two_queries_beside_those_of_signing_in(farida, client_for, reader, django_assert_num_queries):
    client = client_for(reader)
    client.get(f"/people/{farida.user.username}/card/")
    with django_assert_num_queries(5):
        client.get(f"/people/{farida.user.username}/card/")


def test_a_link_to_a_profile_that_went_into_another_shows_the_one_that_was_kept(farida, client_for, reader):
    gone = person("Farida Lukasik-Old", "farida.old", merged_into=farida)
    gone.user.is_active = False
    gone.user.save()
    card = client_for(reader).get("/people/farida.old/card/", follow=True).content.decode()
    assert "Farida Łukasik" in card
    assert "Pashto" in card
