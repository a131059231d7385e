"""Tests that leave something behind in the memory of their process, and none of them sees it."""

import time

import pytest
from django.core.cache import cache
from django.utils import translation

from people import regions, spoken
from people.models import Language, Region
from search import dictionary


@pytest.mark.django_db
@pytest.mark.parametrize(
    "time", range(5)
)  # more than workers, so that two of them follow each other somewhere
def test_nothing_is_left_of_the_test_before(time, client):
    assert translation.get_language() == "en"
    assert cache.get("atlantis") is None
    assert "atlantis" not in regions.atlas().by_slug
    assert "qaa" not in spoken.tongues().by_code
    assert ("region", "atlantis") not in dictionary.dictionary().labels
    Region.objects.create(kind=Region.Kind.NAMED, code="atlantis", name="Atlantis", slug="atlantis")
    Language.objects.create(code="qaa", tag="qaa", name="Atlantean")
    assert "atlantis" in regions.atlas().by_slug
    assert "qaa" in spoken.tongues().by_code
    dictionary.forget()
    assert ("region", "atlantis") in dictionary.dictionary().labels
    cache.set("atlantis", "a continent")
    client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="fr")
    assert translation.get_language() == "fr"


@pytest.fixture
def an_hour_later(monkeypatch):
    """Let an hour pass on this process's clock."""
    now = time.monotonic()
    return lambda: monkeypatch.setattr(time, "monotonic", lambda: now + 3600)


@pytest.mark.django_db
def test_no_test_counts_the_query_of_a_minute_that_is_over(an_hour_later, django_assert_num_queries):
    an_hour_later()
    with django_assert_num_queries(0):
        regions.atlas(), spoken.tongues(), dictionary.dictionary()


@pytest.mark.parametrize("read", [regions.atlas, spoken.tongues, dictionary.dictionary])
def test_a_test_without_a_database_has_no_tables(read):
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        read()


@pytest.mark.django_db
def test_a_site_sees_what_another_process_wrote_when_the_minute_is_over(an_hour_later, monkeypatch):
    for table in (regions, spoken):
        monkeypatch.setattr(table, "LOOK_AGAIN", 60.0)
    assert "atlantis" not in regions.atlas().by_slug
    assert "qaa" not in spoken.tongues().by_code
    Region.objects.bulk_create(
        [Region(kind=Region.Kind.NAMED, code="atlantis", name="Atlantis", slug="atlantis")]
    )
    Language.objects.bulk_create([Language(code="qaa", tag="qaa", name="Atlantean")])
    assert "atlantis" not in regions.atlas().by_slug
    assert "qaa" not in spoken.tongues().by_code
    an_hour_later()
    assert "atlantis" in regions.atlas().by_slug
    assert "qaa" in spoken.tongues().by_code
