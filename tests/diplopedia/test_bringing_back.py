"""A deleted page comes back as it was, and only by an administrator."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from diplopedia.actions import Change, delete
from diplopedia.models import Article
from tests.diplopedia.visitor import Visitor
from tests.factories import keep_to, revise, write

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
