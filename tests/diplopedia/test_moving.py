"""What happens to a form when its page is renamed, deleted, protected or kept to others meanwhile."""

from __future__ import annotations

from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError

from diplopedia.actions import Change, add_alias, delete, rename, restrict, verify
from diplopedia.models import Article
from search import outbox
from tests.factories import MemberFactory, keep_to, write
from tests.visitor import Visitor, fields_of, soup, words

pytestmark = pytest.mark.django_db


def fresh(page: Article) -> Article:
    return Article.objects.get(pk=page.pk)


def test_a_text_sent_to_the_old_address_of_a_renamed_page_is_saved(reader, samuel):
    page = write("Swaziland", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url)
    rename(page, "Eswatini", Change(samuel))
    response = reader.sends(url, form, body="Two.", action="publish")
    assert response.url.startswith("/wiki/eswatini/")
    assert fresh(page).body == "Two."


def test_a_rename_sent_twice_is_one(reader):
    page = write("Swaziland", "One.")
    url = f"{page.get_absolute_url()}rename/"
    form = reader.form(url) | {"title": "Eswatini"}
    assert [reader.sends(url, form).url for _ in range(2)] == ["/wiki/eswatini/"] * 2
    assert page.edits.count() == 2


def test_an_old_address_of_two_pages_takes_no_text(reader, samuel):
    for title in ("Port of Djibouti", "Port of Obock"):
        rename(write("Port", "One."), title, Change(samuel))
    response = reader.sends("/wiki/port/edit/", body="Two.", action="publish")
    assert response.status_code == 404
    assert not Article.objects.filter(body="Two.").exists()


def test_a_page_named_like_its_address_keeps_leading_from_it_when_renamed(reader, samuel):
    delete(write("Port", "Gone."), Change(samuel))
    page = write("Port", "One.")
    old = page.get_absolute_url()
    add_alias(page, "Port")
    rename(page, "Harbour", Change(samuel))
    assert reader.opens(old).url == "/wiki/harbour/"


def test_the_text_for_a_page_that_is_gone_is_kept_and_can_become_a_new_page(reader, samuel):
    page = write("Djibouti port", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url)
    delete(page, Change(samuel))
    response = reader.sends(url, form, body="Two hours of work.", action="publish")
    assert response.status_code == 404
    assert "no such page any more" in words(response)
    again = fields_of(response)
    assert (again["body"], again["title"]) == ("Two hours of work.", "Djibouti port")
    place = soup(response).select_one("main form")["action"]
    made = reader.sends(place, again, action="publish")
    assert Article.objects.get(deleted_at=None).body == "Two hours of work."
    assert made.status_code == 302


def test_a_text_for_a_hidden_page_is_answered_as_for_one_that_never_was(reader):
    member = MemberFactory()
    keep_to(write("Secret deal", author=member), Group.objects.get(name="Negotiators"), by=member)

    def answer(word: str) -> str:
        response = reader.sends(f"/wiki/{word.lower()}-deal/edit/", body="Mine.")
        assert response.status_code == 404
        return words(response).replace(word, "…")

    assert answer("Secret") == answer("Nowhere")


def test_a_page_protected_meanwhile_keeps_the_text(reader):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url)
    Article.objects.filter(pk=page.pk).update(locked=True)
    response = reader.sends(url, form, body="Two hours of work.", action="publish")
    assert response.status_code == 403
    assert "protected" in words(response)
    assert fields_of(response)["body"] == "Two hours of work."


def test_an_old_form_opens_no_page_that_was_kept_to_a_group_meanwhile():
    member = MemberFactory()
    visitor, page = Visitor(member), write("Djibouti", "One.", author=member)
    url = f"{page.get_absolute_url()}access/"
    form = visitor.form(url)
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    response = visitor.sends(url, form)
    assert "decided meanwhile" in words(response)
    assert fresh(page).restricted


def test_an_edit_meanwhile_does_not_hinder_who_decides_about_readers(samuel):
    member = MemberFactory()
    visitor, page = Visitor(member), write("Djibouti", "One.", author=member)
    url = f"{page.get_absolute_url()}access/"
    form = visitor.form(url) | {"groups": [str(Group.objects.get(name="Negotiators").pk)]}
    Visitor(samuel).publishes(f"{page.get_absolute_url()}edit/", body="Two.")
    assert visitor.sends(url, form).status_code == 302
    assert (fresh(page).restricted, fresh(page).body) == (True, "Two.")


def test_restricting_without_a_form_needs_no_base(rosa):
    page = write("Djibouti", author=rosa)
    restrict(page, [], [], Change(rosa))
    assert not restrict(page, [], [], Change(rosa)).article.restricted


def test_a_verification_is_noted_with_the_change_for_the_search_or_not_at_all(rosa):
    page = write("Djibouti", author=rosa)
    with (
        mock.patch.object(outbox, "enqueue", side_effect=OperationalError),
        pytest.raises(OperationalError),
    ):
        verify(page, rosa, page.latest_edit)
    assert fresh(page).verified_at is None


def test_another_name_may_grow_in_its_address(rosa):
    alias = add_alias(write("Djibouti"), "\ufdfa" * 60)
    assert len(alias.slug) <= 255


def test_a_page_is_not_deleted_past_an_edit_that_nobody_looked_at(reader, samuel):
    page = write("Djibouti port", "One.")
    url = f"{page.get_absolute_url()}delete/"
    form = reader.form(url)
    Visitor(samuel).publishes(f"{page.get_absolute_url()}edit/", body="Two.")
    assert "Somebody saved another edit meanwhile" in words(reader.sends(url, form))
    assert fresh(page).deleted_at is None
    assert reader.sends(url, reader.form(url)).status_code == 302
    assert fresh(page).deleted_at is not None
