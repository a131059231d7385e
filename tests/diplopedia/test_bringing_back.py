"""A deleted page comes back as it was, by those who could read and edit it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from diplopedia.actions import Change, bring_back, delete
from diplopedia.models import Article
from tests.factories import keep_to, revise, write
from tests.visitor import Visitor, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(rosa):
    """A page of two edits that was deleted."""
    page = write("Port notes", "One.", author=rosa)
    revise(page, "Two.", author=rosa)
    delete(page, Change(rosa))
    return page


def test_a_deleted_page_is_shown_again_with_its_history(gone, reader, administrator):
    assert reader.opens("/wiki/port-notes/").status_code == 404
    call_command("bring_back", "port-notes", "--as", administrator.username, "--why", "Still needed")
    assert "Two." in reader.sees("/wiki/port-notes/")
    last = Article.objects.get(pk=gone.pk).latest_edit
    assert (last.number, last.kind, last.author, last.summary) == (4, "revert", administrator, "Still needed")


def test_it_is_for_those_it_was_for(member, reader, administrator):
    page = keep_to(write("Kept", author=member), Group.objects.get(name="Negotiators"), by=member)
    delete(page, Change(member))
    call_command("bring_back", "kept", "--as", administrator.username)
    assert reader.opens("/wiki/kept/").status_code == 404
    assert Visitor(member).opens("/wiki/kept/").status_code == 200


def test_a_title_that_another_page_took_is_not_taken_back(gone, administrator):
    write("Port notes", "Mine.")
    with pytest.raises(CommandError, match="Another page is called"):
        call_command("bring_back", "port-notes", "--as", administrator.username)
    assert Article.objects.get(pk=gone.pk).deleted_at


@pytest.mark.parametrize(
    ("address", "who", "why"),
    [("no-such", "administrator", "No deleted article"), ("port-notes", "rosa", "no admin")],
)
def test_a_mistake_is_named(gone, request, address, who, why):
    handle = request.getfixturevalue(who).username
    with pytest.raises(CommandError, match=why):
        call_command("bring_back", address, "--as", handle)


@pytest.fixture
def hidden(member):
    """A page that was kept to a group, and then deleted."""
    page = keep_to(write("Kept", "Hush.", author=member), Group.objects.get(name="Negotiators"), by=member)
    delete(page, Change(member, "No longer needed"))
    return page


def test_the_address_of_a_deleted_page_says_who_deleted_it_when_and_why(rosa, other):
    page = write("Port notes", "One.", author=rosa)
    delete(page, Change(rosa, "Twice the same"))
    answer = other.opens("/wiki/port-notes/")
    assert answer.status_code == 404
    assert "Rosa Çelik" in words(answer)
    assert "Twice the same" in words(answer)
    assert soup(answer).select_one('main a[href="/wiki/port-notes/deleted/"]')


def test_whoever_could_edit_it_reads_every_version_and_brings_it_back(gone, other):
    url = "/wiki/port-notes/deleted/"
    assert "Two." in other.sees(url)
    assert "One." in other.sees(url, revision="1")
    assert other.sends(url, other.form(url), summary="Still needed").url == "/wiki/port-notes/"
    last = Article.objects.get(pk=gone.pk).latest_edit
    assert (last.kind, last.author, last.summary) == ("revert", other.user, "Still needed")
    assert "Two." in other.sees("/wiki/port-notes/")


def test_bringing_back_twice_is_once(gone, other):
    url = "/wiki/port-notes/deleted/"
    form = other.form(url)
    assert [other.sends(url, form).url for _ in range(2)] == ["/wiki/port-notes/"] * 2
    assert gone.edits.count() == 4


def test_under_a_title_that_was_taken_meanwhile_it_comes_back_by_another(gone, other):
    write("Port notes", "Mine.")
    url = "/wiki/port-notes/deleted/"
    assert "not available" in words(other.sends(url, other.form(url)))
    assert other.sends(url, other.form(url), title="Old port notes").url == "/wiki/old-port-notes/"
    assert Article.objects.get(pk=gone.pk).title == "Old port notes"


def test_a_deleted_page_of_others_looks_like_one_that_never_was(hidden, reader):
    def answer(url: str) -> str:
        response = reader.opens(url)
        assert response.status_code == 404
        return words(response).replace("Kept", "…").replace("Nope", "…")

    for rest in ("", "deleted/", "history/"):
        assert answer(f"/wiki/kept/{rest}") == answer(f"/wiki/nope/{rest}")
    assert "Kept" not in reader.sees("/wiki/lists/deleted/")
    with pytest.raises(PermissionDenied):
        bring_back(hidden, Change(reader.user))


def test_its_readers_find_it_in_the_list_of_deleted_pages(hidden, member, gone):
    seen = Visitor(member).sees("/wiki/lists/deleted/")
    assert "Kept" in seen
    assert "No longer needed" in seen
    assert "Port notes" in seen


def test_a_protected_page_is_brought_back_by_administrators_only(gone, reader, administrator):
    Article.objects.filter(pk=gone.pk).update(locked=True)
    assert reader.opens("/wiki/port-notes/deleted/").status_code == 404
    assert "Two." in Visitor(administrator).sees("/wiki/port-notes/deleted/")


def test_the_text_and_history_are_still_out_of_everybody_elses_way(gone, reader):
    for rest in ("history/", "history/1/", "links/", "edit/"):
        assert reader.opens(f"/wiki/port-notes/{rest}").status_code == 404
    assert "Port notes" not in reader.sees("/changes/")


@pytest.mark.parametrize("deed", ["delete", "rename"])
def test_before_a_page_goes_or_moves_it_is_said_what_links_to_it(reader, member, deed):
    page = write("Djibouti", "One.")
    for n in range(14):
        write(f"Page {n:02}", "See [[Djibouti]].")
    keep_to(
        write("Secret", "See [[Djibouti]].", author=member), Group.objects.get(name="Negotiators"), by=member
    )
    seen = reader.sees(f"{page.get_absolute_url()}{deed}/")
    assert "14 pages link here" in seen
    assert "Page 00" in seen
    assert "all of them" in seen
    assert "Secret" not in seen
    assert ("turn red" in seen) == (deed == "delete")
