"""After an upgrade, texts that an older release rendered are rendered as this one does."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from diplopedia.models import Article, Edit, Link
from tests.factories import write

pytestmark = pytest.mark.django_db


def older(article: Article, **stored: object) -> None:
    """Make an article as an older release left it."""
    Article.objects.filter(pk=article.pk).update(
        html="<p>{{Fees}}</p>", lead="old", render_version=1, **stored
    )
    Link.objects.filter(source=article).delete()


def run() -> str:
    said = io.StringIO()
    call_command("render_articles", stdout=said, stderr=said)
    return said.getvalue()


def test_what_is_derived_from_a_text_is_made_anew_without_an_edit():
    page = write("Desk", "Words.\n\n{{Fees}}")
    before = Article.objects.get(pk=page.pk)
    older(page)
    assert "1 articles rendered anew, 0 left" in run()
    after = Article.objects.get(pk=page.pk)
    assert (after.html, after.lead, after.render_version) == (before.html, "Words.", before.render_version)
    assert list(after.links.values_list("target_key", flat=True)) == ["en:fees"]
    assert Edit.objects.count() == 1
    assert after.body == before.body
    assert "0 articles" in run()


def test_a_text_that_cannot_be_rendered_any_more_stays_and_is_named():
    page, good = write("Desk", "Words."), write("Other", "Words.")
    older(page, body="> " * 60 + "deep")
    older(good)
    said = run()
    assert f"{page.get_absolute_url()} stays as it was: Lists and quotations are nested" in said
    assert "1 articles rendered anew, 1 left" in said
    page.refresh_from_db()
    assert page.html == "<p>{{Fees}}</p>"
