"""Tests that leave something behind in the memory of their process, and none of them sees it."""

import pytest
from django.core.cache import cache
from django.utils import translation

from people import regions, spoken
from people.models import Language, Region


@pytest.mark.django_db
@pytest.mark.parametrize(
    "time", range(5)
)  # more than workers, so that two of them follow each other somewhere
def test_nothing_is_left_of_the_test_before(time, client):
    assert translation.get_language() == "en"
    assert cache.get("atlantis") is None
    assert "atlantis" not in regions.atlas().by_slug
    assert "qaa" not in spoken.tongues().by_code
    Region.objects.create(kind=Region.Kind.NAMED, code="atlantis", name="Atlantis", slug="atlantis")
    Language.objects.create(code="qaa", tag="qaa", name="Atlantean")
    assert "atlantis" in regions.atlas().by_slug
    assert "qaa" in spoken.tongues().by_code
    cache.set("atlantis", "a continent")
    client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="fr")
    assert translation.get_language() == "fr"
