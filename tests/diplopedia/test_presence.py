"""Who else is writing: shown before one begins and while one writes, to those who may read the page."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diplopedia.models import Article, Presence
from diplopedia.models.presence import LASTS
from tests.factories import MemberFactory, UserFactory, keep_to, revise, write
from tests.visitor import Visitor, words

pytestmark = pytest.mark.django_db


def beat(visitor: Visitor, page: Article, **fields: str) -> str:
    """Say that somebody has the editor open, as its script does, and return who else has."""
    response = visitor.sends(f"{page.get_absolute_url()}editing/", fields)
    assert response.status_code in {200, 204}
    return words(response)


def test_others_see_who_is_writing_before_and_while_they_write(reader, other):
    page = write("Djibouti", "One.")
    url = page.get_absolute_url()
    assert beat(reader, page) == ""
    assert "Rosa Çelik is editing this page now" in other.sees(url)
    assert "Rosa Çelik is editing this page now" in other.sees(f"{url}edit/")
    assert "is editing" not in reader.sees(url)
    assert "Rosa Çelik is editing" in beat(other, page)
    assert "Samuel Okafor is editing" in beat(reader, page)
    beat(Visitor(UserFactory()), page)
    assert "and one other are editing" in other.sees(url)


def test_opening_the_editor_alone_writes_nothing(reader):
    page = write("Djibouti", "One.")
    reader.opens(f"{page.get_absolute_url()}edit/")
    assert not Presence.objects.exists()


def test_who_leaves_or_falls_silent_is_gone(reader, other):
    page = write("Djibouti", "One.")
    beat(reader, page)
    beat(reader, page, leaving="yes")
    assert "is editing" not in other.sees(page.get_absolute_url())
    beat(reader, page)
    Presence.objects.update(seen=timezone.now() - LASTS)
    assert "is editing" not in other.sees(page.get_absolute_url())
    Presence.objects.update(seen=timezone.now() - 10 * LASTS)
    beat(other, page)
    assert [row.user for row in Presence.objects.all()] == [other.user]


def test_the_section_is_named_where_its_number_still_means_it(reader, other):
    page = write("Djibouti", "Lead.\n\n## Economy\n\nFirst.\n")
    beat(reader, page, section="1", base="1")
    assert "is editing “Economy” now" in other.sees(page.get_absolute_url())
    revise(page, "Lead.\n\n## Before\n\nx\n\n## Economy\n\nFirst.\n")
    beat(reader, page, section="1", base="1")
    assert "is editing this page now" in other.sees(page.get_absolute_url())
    assert beat(reader, page, section="999", base="2") == ""
    assert beat(reader, page, section="x", base="y") == ""


def test_a_hidden_page_tells_nobody_and_takes_no_sign_of_life(reader):
    member = MemberFactory()
    page = keep_to(write("Kept", "x", author=member), Group.objects.get(name="Negotiators"), by=member)
    assert "" in beat(Visitor(member), page)
    for slug in (page.wiki_slug, "no-such-page"):
        assert reader.sends(f"/wiki/{slug}/editing/").status_code == 404
    assert Presence.objects.count() == 1
    Article.objects.filter(pk=page.pk).update(locked=True)
    assert Visitor(member).sends(f"/wiki/{page.wiki_slug}/editing/").status_code == 403


def test_many_who_write_cost_as_many_queries_as_one(reader, other):
    page = write("Djibouti", "One.")
    url = page.get_absolute_url()
    taken = []
    for _ in range(2):
        beat(Visitor(UserFactory()), page)
        beat(reader, page)
        for _ in range(3):
            reader.opens(url)
        with CaptureQueriesContext(connection) as beating:
            beat(reader, page)
        with CaptureQueriesContext(connection) as reading:
            reader.opens(url)
        taken.append((len(beating), len(reading)))
        for _ in range(8):
            beat(Visitor(UserFactory()), page)
    assert taken[0] == taken[1]
    assert taken[0][0] <= 7
