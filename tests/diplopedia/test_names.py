"""Other names are given and taken by hand, and the history says who did."""

from __future__ import annotations

import pytest

from diplopedia.actions import Change, add_alias, rename
from diplopedia.models import Alias, Article
from tests.factories import write
from tests.visitor import soup

pytestmark = pytest.mark.django_db


def test_a_name_given_by_hand_leads_to_the_page_and_stands_in_its_history(other):
    page = write("African Union", "One.")
    other.sends("/wiki/african-union/names/", title=" AU ")
    assert other.opens("/wiki/au/").url == "/wiki/african-union/"
    edit = Article.objects.get(pk=page.pk).latest_edit
    assert (edit.kind, edit.author, edit.number) == ("names", other.user, 2)
    assert "AU" in edit.summary
    assert Article.objects.get(pk=page.pk).body == "One."


def test_the_same_name_twice_is_one_and_the_title_is_no_other_name(other):
    page = write("African Union", "One.")
    for title in ("AU", "au", "african  union"):
        other.sends("/wiki/african-union/names/", title=title)
    assert [name.title for name in page.other_names.all()] == ["AU"]
    assert page.edits.count() == 2


def test_a_name_is_taken_away_and_the_history_says_so(other, samuel):
    page = write("African Union", "One.")
    add_alias(page, "AU")
    form = soup(other.opens("/wiki/african-union/links/")).select_one("main form[action*=remove]")
    other.sends(form["action"])
    assert not Alias.objects.exists()
    assert "no longer" in Article.objects.get(pk=page.pk).latest_edit.summary
    assert other.opens("/wiki/au/").status_code == 404
    assert other.sends(form["action"]).status_code == 302
    assert page.edits.count() == 2


def test_a_former_title_can_be_taken_away_too(other, samuel):
    page = write("Swaziland", "One.")
    rename(page, "Eswatini", Change(samuel))
    other.sends(f"/wiki/eswatini/names/{page.other_names.get().pk}/remove/")
    assert other.opens("/wiki/swaziland/").status_code == 404


def test_a_name_of_another_page_is_not_taken_through_this_one(other):
    write("African Union", "One.")
    alias = add_alias(write("Gold", "One."), "AU")
    other.sends(f"/wiki/african-union/names/{alias.pk}/remove/")
    assert Alias.objects.filter(pk=alias.pk).exists()


def test_names_of_a_protected_page_are_for_administrators(other):
    alias = add_alias(write("African Union", "One."), "AU")
    Article.objects.update(locked=True)
    assert other.sends("/wiki/african-union/names/", title="Union").status_code == 403
    assert other.sends(f"/wiki/african-union/names/{alias.pk}/remove/").status_code == 403
