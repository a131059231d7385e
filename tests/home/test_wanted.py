"""The wanted pages of the front page, which are kept for some minutes, say nothing of a page that was closed."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from diplopedia.models import Article, Edit
from home.views import CLOSED, wanted_for_all
from tests.factories import write

pytestmark = pytest.mark.django_db


def close(page: Article, pk: int) -> None:
    """Restrict a page by an edit of this number."""
    Article.objects.filter(pk=page.pk).update(restricted=True)
    author = page.latest_edit.author
    Edit.objects.create(
        pk=pk,
        article=page,
        revision=page.save_revision(),
        number=2,
        author=author,
        kind="access",
        size=0,
        delta=0,
    )


def titles() -> set[str]:
    return {page.title for page in wanted_for_all()[0]}


def test_of_two_closed_at_once_the_one_committed_later_counts():
    cache.clear()
    first, second = (
        write("First", "See [[Wanted by the first]]."),
        write("Second", "See [[Wanted by the second]]."),
    )
    close(first, 1_000_001)
    assert titles() == {"Wanted by the second"}
    close(second, 1_000_000)
    assert titles() == set()


def test_what_is_kept_speaks_the_language_of_each_reader():
    cache.clear()
    write("First", "See [[Wanted by the first]].")
    said = []
    for code in ("en", "fr", "en"):
        with translation.override(code):
            said.append(wanted_for_all()[0][0].why)
    assert said == ["1 page links to it", "citée par 1 page", "1 page links to it"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite finds an index by its words")
def test_who_closed_pages_is_asked_of_an_index_and_not_of_every_edit():
    with connection.cursor() as cursor:
        plan = cursor.execute(f"EXPLAIN QUERY PLAN {CLOSED}").fetchall()
    assert "edits_of_readers" in str(plan)
