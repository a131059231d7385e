"""Feeds: whose token it is reads what they may read now, and nobody else reads anything."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notices import actions
from notices.models import Preference
from people.models import Region, User
from tests.factories import MemberFactory, UserFactory, keep_to, revise, write
from tests.visitor import soup

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def token_of(user: User) -> str:
    chosen = Preference.of(user)
    if not chosen.feed_word:
        chosen.renew_feed()
    return chosen.feed_token


def titles(user: User, of: str = "changes") -> list[str]:
    """Return the titles in a feed, asked without a session."""
    response = Client().get(f"/feeds/{token_of(user)}/{of}.atom")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies
    entries = ElementTree.fromstring(response.content).iter(f"{ATOM}entry")
    return [entry.findtext(f"{ATOM}title") or "" for entry in entries]


def test_the_feed_of_recent_changes_leaves_out_minor_edits(rosa, samuel):
    page = write("Port", author=rosa)
    revise(page, "Another text.", author=rosa, summary="Shorter")
    assert titles(samuel) == ["Port: Shorter", "Port: First version"]


def test_each_feed_has_its_own(rosa, samuel):
    place = Region.objects.get(slug="djibouti")
    write("Tagged", author=rosa, tags=frozenset({"Ports"}))
    write("Placed", author=UserFactory(), regions=frozenset({place.pk}))
    watched = write("Watched", author=UserFactory())
    assert titles(samuel, "watched") == []
    actions.watch(samuel, "article", watched.pk)
    assert titles(samuel, "watched") == ["Watched: First version"]
    actions.watch(samuel, "region", Region.objects.get(slug="africa").pk)
    actions.watch(samuel, "person", rosa.pk)
    assert len(titles(samuel, "watched")) == 3
    assert titles(samuel, "tags/ports") == ["Tagged: First version"]
    assert titles(samuel, "regions/africa") == ["Placed: First version"]
    assert titles(samuel, f"people/{rosa.username}") == ["Tagged: First version"]


def test_a_page_kept_to_others_is_in_no_feed(rosa, samuel):
    page = write("Zyxquartet", author=rosa, tags=frozenset({"Zyxquartet tag"}))
    tag = page.tags.get()
    actions.watch(samuel, "article", page.pk)
    actions.watch(samuel, "tag", tag.pk)
    assert titles(samuel, f"tags/{tag.slug}")
    group = Group.objects.get_or_create(name="Negotiators")[0]
    keep_to(page, group, by=MemberFactory(is_superuser=True))
    for of in ("changes", "watched", f"people/{rosa.username}"):
        assert titles(samuel, of) == []
    hidden = Client().get(f"/feeds/{token_of(samuel)}/tags/{tag.slug}.atom")
    absent = Client().get(f"/feeds/{token_of(samuel)}/tags/qwertyquartet.atom")
    assert hidden.status_code == absent.status_code == 404


def test_a_token_ends_when_it_is_renewed_ended_or_its_account_closed(samuel):
    def status(token: str) -> int:
        return Client().get(f"/feeds/{token}/changes.atom").status_code

    old = token_of(samuel)
    Preference.of(samuel).renew_feed()
    new = token_of(samuel)
    assert (status(old), status(new)) == (404, 200)
    samuel.is_active = False
    samuel.save()
    assert status(new) == 404
    samuel.is_active = True
    samuel.save()
    assert status(new) == 404, "it ended with the account, which is another one's door now"
    new = token_of(samuel)
    assert status(new) == 200
    Preference.of(samuel).end_feed()
    assert status(new) == 404


def test_who_has_to_have_a_second_factor_and_has_none_has_no_feed(rosa, samuel, settings):
    def status() -> int:
        return Client().get(f"/feeds/{token}/changes.atom").status_code

    token = token_of(samuel)
    settings.MFA_REQUIRED_GROUPS = ["Keepers"]
    assert status() == 200
    samuel.groups.add(Group.objects.create(name="Keepers"))
    assert status() == 404
    key = Authenticator.objects.create(user=samuel, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert status() == 200
    key.delete()
    settings.MFA_REQUIRED_GROUPS = []
    assert status() == 200


@pytest.mark.parametrize("token", ["", "x", "1.:abc", "1..:", "١.x:y", "1:2"])
def test_a_made_up_token_opens_nothing(samuel, token):
    token_of(samuel)
    assert Client().get(f"/feeds/{token}/changes.atom").status_code == 404


def test_a_token_of_one_does_not_open_the_feeds_of_another(rosa, samuel):
    mine, yours = token_of(samuel), token_of(rosa)
    swapped = f"{rosa.pk}.{mine.partition('.')[2]}"
    assert yours != swapped
    assert Client().get(f"/feeds/{swapped}/changes.atom").status_code == 404


@pytest.mark.parametrize("of", ["nothing", "changes/x", "tags", "people/nobody", "regions/nowhere"])
def test_a_feed_of_nothing_is_no_page(samuel, of):
    assert Client().get(f"/feeds/{token_of(samuel)}/{of}.atom").status_code == 404


def test_who_has_it_already_is_told_so_until_something_changes(rosa, samuel):
    page = write("Port", author=rosa)
    url = f"/feeds/{token_of(samuel)}/changes.atom"
    first = Client().get(url)
    assert "no-store" not in first["Cache-Control"]
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    keep_to(page, Group.objects.get_or_create(name="Negotiators")[0], by=MemberFactory(is_superuser=True))
    assert Client().get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_feed_takes_as_many_queries_for_many_edits(rosa, samuel):
    taken = []
    for number in (1, 20):
        for n in range(number):
            page = write(f"Port {number} {n}", author=UserFactory(), tags=frozenset({f"Tag {n}"}))
            actions.watch(samuel, "article", page.pk)
        for of in ("changes", "watched"):
            titles(samuel, of)
            with CaptureQueriesContext(connection) as captured:
                titles(samuel, of)
            taken.append(len(captured))
    assert taken[:2] == taken[2:]
    assert max(taken) <= 8


def test_what_colleagues_type_stays_text(rosa, samuel):
    page = write("Port", author=rosa)
    revise(page, "Another text.", author=rosa, summary="<b>&amp;</b> \x07 ]]>")
    assert titles(samuel)[0] == "Port: <b>&amp;</b>  ]]>"


def test_the_settings_show_make_and_end_the_addresses(reader):
    assert "/feeds/" not in reader.sees("/notices/settings/").replace("/notices/feeds/", "")
    assert reader.opens("/notices/feeds/").status_code == 405
    reader.sends("/notices/feeds/")
    addresses = re.findall(r"/feeds/[^\"<\s]+\.atom", reader.opens("/notices/settings/").content.decode())
    assert Client().get(addresses[0]).status_code == 200
    reader.sends("/notices/feeds/", end="1")
    assert Client().get(addresses[0]).status_code == 404


def test_the_feed_of_a_topic_is_found_from_its_page(reader, rosa):
    write("Port", author=rosa, tags=frozenset({"Ports"}))
    reader.sends("/notices/feeds/")
    link = soup(reader.opens("/wiki/tags/ports/")).select_one("a[href*='follow=']")
    page = soup(reader.opens(str(link["href"]).partition("#")[0]))
    address = page.select_one(".feeds a")["href"]
    assert address.endswith("/tags/ports.atom")
    assert Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
