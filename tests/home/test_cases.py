"""The front page has a case study to read, another one every day."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet
from wagtail.models import Page

from diplopedia.models import Article, Edit
from home.views import case_to_read
from tests.factories import write

pytestmark = pytest.mark.django_db


def renumber(page: Article, pk: int) -> None:
    """Give a page the number that it would have after many others."""
    QuerySet.update(Edit.objects.filter(article=page.pk), article=pk)  # edits themselves refuse to be changed
    Article.objects.filter(pk=page.pk).update(page_ptr=pk)
    Page.objects.filter(pk=page.pk).update(id=pk)


def test_there_is_a_case_to_read_however_many_pages_there_are():
    renumber(write("Port calls", "Text.", kind="case-study"), 2_000_000_000)
    assert case_to_read(Article.objects.all()).article.title == "Port calls"
