"""Watching, the list of notices, the badge and the settings, as a colleague without scripts meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices import actions
from notices.colleagues import Colleagues
from notices.models import Notice, Preference, Watch
from notices.showing import grouped
from notices.subjects import Shown
from people.models import Region
from tests.factories import MemberFactory, OfficeFactory, keep_to, revise, write
from tests.notices.conftest import is_watching
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.django_db


def watch_form(visitor: Visitor, url: str) -> dict[str, str]:
    """Return what the button to watch sends."""
    form = soup(visitor.opens(url)).select_one("main form[action='/notices/watch/']")
    assert form is not None, url
    return {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}


def press(visitor: Visitor, url: str) -> None:
    """Press the button to watch, or to stop."""
    assert visitor.sends("/notices/watch/", watch_form(visitor, url)).url == url


def badge(visitor: Visitor, url: str = "/notices/") -> str:
    found = soup(visitor.opens(url)).select_one(".head .dot")
    return found.get_text(" ").split()[0] if found else ""


def test_everything_that_can_be_watched_has_a_button_that_begins_and_stops(reader, rosa):
    country = Region.objects.get(slug="djibouti")
    page = write("Port", author=rosa, tags=frozenset({"Ports"}), regions=frozenset({country.pk}))
    office = OfficeFactory()
    places = [
        page.get_absolute_url(),
        "/wiki/tags/ports/",
        "/wiki/regions/djibouti/",
        office.get_absolute_url(),
        rosa.profile.get_absolute_url(),
        "/search/?q=harbour",
    ]
    for url in places:
        press(reader, url)
    kinds = sorted(Watch.objects.kept().filter(user=reader.user).values_list("kind", flat=True))
    assert kinds == ["article", "office", "person", "region", "search", "tag"]
    listed = reader.sees("/notices/watching/")
    for words in ("Port", "Ports", "Djibouti", office.name, "Rosa Çelik", "harbour"):
        assert words in listed
    for url in places:
        press(reader, url)
    assert not Watch.objects.kept().filter(user=reader.user).exists()
    assert "You watch nothing yet" in reader.sees("/notices/watching/")


def test_the_article_is_kept_for_all_and_its_button_is_each_readers_own(reader, writer):
    page = write("Port", author=writer.user)
    for visitor in (reader, writer):
        visitor.opens(page.get_absolute_url())
    actions.unwatch(writer.user, "article", page.pk)
    press(reader, page.get_absolute_url())
    states = [
        bool(soup(who.opens(page.get_absolute_url())).select(".reader--watches")) for who in (reader, writer)
    ]
    assert states == [True, False]


def test_notices_are_listed_counted_and_marked_as_seen(reader, rosa):
    page = write("Port", author=rosa)
    actions.watch(reader.user, "article", page.pk)
    assert "Nothing yet" in reader.sees("/notices/")
    assert badge(reader) == ""
    revise(page, "Another text.", author=rosa, summary="Shorter")
    revise(page, f"Ask [[@{reader.user.username}]].", author=rosa)
    said = reader.sees("/notices/")
    for words in ("Port", "Rosa Çelik edited the page", "Shorter", "Rosa Çelik mentioned you"):
        assert words in said
    assert badge(reader, "/wiki/") == "2"
    newest = Notice.objects.order_by("-pk").first().pk
    reader.sends("/notices/seen/", {"newest": str(newest)})
    assert badge(reader) == ""
    assert "Port" in reader.sees("/notices/")


def test_nobody_marks_the_notices_of_another(reader, writer, rosa):
    page = write("Port", author=rosa)
    actions.watch(reader.user, "article", page.pk)
    revise(page, "Another text.", author=rosa)
    notice = Notice.objects.get()
    writer.sends("/notices/seen/", {"notice": str(notice.pk)})
    writer.sends("/notices/seen/", {"newest": str(notice.pk)})
    assert badge(reader) == "1"


def test_opening_the_list_marks_nothing(reader, rosa):
    page = write("Port", author=rosa)
    actions.watch(reader.user, "article", page.pk)
    revise(page, "Another text.", author=rosa)
    reader.opens("/notices/")
    assert reader.opens("/notices/seen/").status_code == 405
    assert Notice.objects.unseen().count() == 1


def test_a_page_kept_to_others_is_gone_from_list_badge_and_watches(reader, rosa):
    page = write("Zyxquartet", author=rosa, tags=frozenset({"Zyxquartet tag"}))
    for kind, key in (("article", page.pk), ("tag", page.tags.get().pk), ("person", rosa.pk)):
        actions.watch(reader.user, kind, key)
    revise(page, "Another text.", author=rosa, summary="Zyxquartet summary")
    assert badge(reader) == "1"
    keep_to(page, Group.objects.get_or_create(name="Negotiators")[0], by=MemberFactory(is_superuser=True))
    assert badge(reader) == ""
    for url in ("/notices/", "/notices/watching/", "/changes/?tab=watched"):
        assert "zyxquartet" not in reader.sees(url).lower()


def test_what_one_may_not_know_of_cannot_be_watched(reader, member):
    page = write("Zyxquartet", author=member, tags=frozenset({"Zyxquartet tag"}))
    tag = page.tags.get().pk
    page = keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    for kind, key in (("article", page.pk), ("tag", tag), ("article", 999_999), ("article", "x"), ("odd", 1)):
        answer = reader.sends("/notices/watch/", {"kind": kind, "key": str(key), "on": "1"})
        assert answer.status_code == 404, kind
    assert not Watch.objects.filter(user=reader.user).exists()


def test_watching_leads_back_to_our_own_addresses_only(reader, rosa):
    page = write("Port", author=rosa)
    fields = {"kind": "article", "key": str(page.pk), "on": "1"}
    assert reader.sends("/notices/watch/", fields, next="https://evil.example/").url == "/notices/watching/"


def test_an_article_asks_once_for_badge_and_button(reader, rosa):
    page = write("Port", author=rosa)
    url = page.get_absolute_url()
    reader.opens(url)
    with CaptureQueriesContext(connection) as captured:
        reader.opens(url)
    asked = [query["sql"] for query in captured if "notices_" in query["sql"]]
    assert len(asked) == 1


def test_a_long_list_takes_as_many_queries_as_a_short_one(reader, rosa):
    taken = []
    for number in (1, 20):
        for n in range(number):
            page = write(f"Port {number} {n}", author=rosa)
            actions.watch(reader.user, "article", page.pk)
            revise(page, "Another text.", author=rosa)
        for url in ("/notices/", "/notices/watching/", "/changes/?tab=watched"):
            reader.opens(url)
            with CaptureQueriesContext(connection) as captured:
                assert reader.opens(url).status_code == 200
            taken.append(len(captured))
    assert taken[:3] == taken[3:]
    assert max(taken) <= 12


def test_many_days_take_as_many_queries_as_one(reader, rosa):
    for n in range(6):
        page = write(f"Port {n}", author=rosa)
        actions.watch(reader.user, "article", page.pk)
        revise(page, "Another text.", author=rosa)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "Port 5" in reader.sees("/notices/")
        return len(captured)

    queries()
    of_one = queries()
    for days, notice in enumerate(Notice.objects.all()):
        notice.created -= timedelta(days=days)
        notice.save()
    assert queries() == of_one


def test_of_two_things_with_one_title_the_one_that_has_an_address_gives_it(reader, rosa, monkeypatch):
    page = write("Port", author=rosa)
    actions.watch(reader.user, "article", page.pk)
    revise(page, "Another text.", author=rosa)
    gone = Shown("Port", "", page.language)
    monkeypatch.setattr(Colleagues, "shown", lambda _self, pks: dict.fromkeys(pks, gone))
    actions.tell("report", actor=rosa, subject=("person", 1), to={"report": [reader.user]})
    notices = list(Notice.objects.filter(user=reader.user).with_all())
    for some in (notices, notices[::-1]):
        (group,) = grouped(some)
        assert (len(group.lines), group.subject.url) == (2, page.get_absolute_url())


def test_the_pace_is_chosen_and_kept(reader):
    form = reader.form("/notices/settings/")
    assert (form["direct"], form["watched"], form["watch_mine"]) == ("at-once", "daily", "on")
    form.pop("watch_mine")
    reader.sends("/notices/settings/", form, watched="weekly", direct="never")
    chosen = Preference.of(reader.user)
    assert (chosen.direct, chosen.watched, chosen.watch_mine) == ("never", "weekly", False)
    page = write("Port", author=reader.user)
    assert not is_watching(reader.user, "article", page.pk)


def test_who_reads_the_newest_revision_has_seen_its_notices(reader, rosa):
    page = write("Port", author=rosa)
    actions.watch(reader.user, "article", page.pk)
    revise(page, "Another text.", author=rosa)
    other = write("Harbour", f"Ask [[@{reader.user.username}]].", author=rosa)
    reader.sends(f"{page.get_absolute_url()}read/", {"number": "1"})
    assert badge(reader) == "2"
    reader.sends(f"{page.get_absolute_url()}read/", {"number": "2"})
    assert badge(reader) == "1"
    assert Notice.objects.unseen().get().event.subject_pk == other.pk


def test_notices_are_looked_up_from_the_readers_own(rosa):
    # Joined to events, the table of all that ever happened is where a database without statistics begins.
    assert " JOIN " not in str(Notice.objects.readable_by(rosa).unseen().query)
