"""No fact is lost on the way through a form, and none that was taken away comes back."""

from __future__ import annotations

import pytest

from diplopedia.models import Article, ArticleTemplate, FactField
from tests.factories import revise, write
from tests.visitor import fields_of

pytestmark = pytest.mark.django_db


def facts(title: str) -> dict[str, str]:
    return Article.objects.get(title=title).facts


def test_a_fact_that_was_taken_away_stays_away_after_a_conflict(reader):
    page = write("Visit", "One.", facts={"legacy": "old", "other": "kept"})
    form = reader.form(f"{page.get_absolute_url()}edit/")
    revise(page, "Three.")
    answer = reader.sends(
        f"{page.get_absolute_url()}edit/", form, action="publish", body="Two.", fact_legacy=""
    )
    assert answer.status_code == 409
    answer = reader.sends(f"{page.get_absolute_url()}edit/", fields_of(answer), action="publish")
    assert answer.status_code == 302
    assert facts("Visit") == {"other": "kept"}
