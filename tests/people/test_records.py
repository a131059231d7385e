"""Historical people in the directory: what is asked of them, and what is said of jobs whose end nobody recorded."""

from __future__ import annotations

import pytest

from tests.people.conftest import person, served
from tests.people.test_directory import heading, listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def rudolf(kabul):
    rudolf = person("Rudolf Recorded", historical=True, born=1895, died=1981)
    served(rudolf, kabul, 1940, title="Chargé d’Affaires ad interim")
    return rudolf


@pytest.fixture
def bay(kabul):
    bay = person("Bay Recorded", historical=True, born=1888, died=1955)
    served(bay, kabul, 1946, 1953, title="Ambassador")
    return bay


def test_a_job_without_an_end_is_not_held_for_ever(browse, rudolf, bay):
    """Somebody whose leaving nobody wrote down in 1940 was not there in 1950, and is not there now."""
    assert listed(browse("/people/?who=records&served=Kabul+1950")) == ["Bay Recorded"]
    assert listed(browse("/people/?who=records&served=Kabul+1940")) == ["Rudolf Recorded"]
    assert listed(browse("/people/?who=records&served=Kabul+1930-1945")) == ["Rudolf Recorded"]
    assert heading(browse("/people/?who=records&now=Kabul")) == "No historical record is in Kabul now"


def test_who_was_there_without_an_end_does_not_come_first(browse, rudolf, bay):
    assert listed(browse("/people/?who=records&served=Kabul")) == ["Bay Recorded", "Rudolf Recorded"]
