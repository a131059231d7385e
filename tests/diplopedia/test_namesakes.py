"""A writer is told where a name means several colleagues."""

from __future__ import annotations

import datetime as dt

import pytest

from people.models import Profile
from tests.people.conftest import person
from tests.visitor import Visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(samuel):
    return Visitor(samuel)


def preview(reader: Visitor, body: str) -> str:
    return words(reader.sends("/wiki/preview/", body=body))


def test_the_preview_says_that_a_name_is_several_colleagues(reader):
    one, other = person("Ana Silva", title="Consul"), person("Ana Silva", title="Attaché")
    page = preview(reader, "Ask [[@Ana Silva]].")
    assert "Several colleagues are called Ana Silva" in page
    for profile in (one, other):
        assert f"[[@{profile.user.username}]] ({profile.title}, " in page
    assert "Several" not in preview(reader, f"Ask [[@{other.user.username}]].")
    Profile.objects.filter(pk=one.pk).update(left_at=dt.date(2026, 1, 1))
    assert "Several" not in preview(reader, "Ask [[@Ana Silva]].")


def test_names_of_one_cost_no_query_more(reader, django_assert_num_queries):
    person("Ana Silva")
    preview(reader, "Ask [[@Ana Silva]].")
    with django_assert_num_queries(3):
        preview(reader, "Ask [[@Ana Silva]].")
