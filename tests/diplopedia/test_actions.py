"""The one door for saving, asked directly: what programs meet that come past the forms."""

from __future__ import annotations

from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diplopedia.actions import Change, Outdated, TitleTaken, create_article, save_edit
from diplopedia.markdown import TextTooLarge
from diplopedia.models import Article, Edit
from diplopedia.versions import Version
from people.models import User
from tests.factories import UserFactory, write

pytestmark = pytest.mark.django_db


def test_a_text_beyond_the_limit_is_refused_before_any_work(settings, rosa):
    settings.ARTICLE_MAX_CHARACTERS = 100
    page = write("Page", "One.")
    with mock.patch("diplopedia.models.articles.render") as render:
        for save in (
            lambda: save_edit(page, Version(body="x" * 101), Change(rosa), base=1),
            lambda: create_article("Another", Version(body="x" * 101), Change(rosa)),
        ):
            with pytest.raises(TextTooLarge, match="101 characters; a page may have 100"):
                save()
    render.assert_not_called()
    assert save_edit(page, Version(body="x" * 100), Change(rosa), base=1).number == 2


def test_a_closed_account_saves_nothing_unless_its_old_edits_are_imported():
    page, gone = write("Page", "One."), UserFactory(is_active=False)
    with pytest.raises((PermissionDenied, Outdated)):
        save_edit(page, Version(body="Two."), Change(gone), base=1)
    assert save_edit(page, Version(body="Two."), Change(gone, imported=True), base=1).author == gone


def test_nobody_in_particular_reads_nothing():
    write("Page", "One.")
    assert not Article.objects.readable_by(AnonymousUser()).exists()
    assert not Article.objects.readable_by(UserFactory(is_active=False)).exists()
    assert not Article.objects.held_by(frozenset({"g:1", "admins"})).exists()


def test_a_title_taken_in_the_last_moment_is_refused_by_the_database_too(rosa):
    """On PostgreSQL two transactions may both find the title free."""
    write("Page", "One.")
    with mock.patch("diplopedia.actions.saving.title_is_taken", return_value=False), transaction.atomic():
        with pytest.raises(TitleTaken):
            create_article("Page", Version(body="Two."), Change(rosa))
        assert Article.objects.count() == 1


def test_what_is_derived_is_not_taken_from_a_revision(rosa):
    page = write("Page", "One.")
    kept = page.edits.get().content
    assert {
        "html",
        "contents",
        "restricted",
        "deleted_at",
        "latest_edit",
        "verified_at",
    } & kept.keys() == set()
    save_edit(page, Version(body="Two."), Change(rosa), base=1)
    now = Article.objects.get(pk=page.pk)
    old = now.edits.get(number=1).revision.as_object()
    assert (old.body, old.latest_edit_id, old.wiki_slug) == ("One.", now.latest_edit_id, now.wiki_slug)


def test_an_edit_keeps_the_place_its_author_had_then(rosa):
    page = write("Page", "One.", author=rosa)
    assert (page.latest_edit.place, str(page.latest_edit)) == ("", f"{page.pk} #1")
    assert Edit.objects.get().form_key == ""
    assert User.objects.get(pk=rosa.pk).edits.count() == 1
