"""Drafts: on the server a moment after one stops typing, from every window, until they are published."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diplopedia.models import Article, Draft, Edit
from tests.factories import MemberFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of, links, soup, words

pytestmark = pytest.mark.django_db

TOKEN = "zyxquartet"


def typed(visitor: Visitor, page: Article | None, form: dict[str, Any], **changes: Any) -> Any:
    """Send what the script sends a moment after one stops typing."""
    address = f"/drafts/?page={page.wiki_slug}" if page else "/drafts/"
    return visitor.client.post(address, form | changes, headers={"accept": "application/json"})


def form_of(visitor: Visitor, page: Article) -> dict[str, Any]:
    return visitor.form(f"{page.get_absolute_url()}edit/")


def bodies(user: Any) -> list[str]:
    return sorted(draft.body for draft in Draft.objects.filter(author=user))


# -- saved, offered, published ------------------------------------------------------------------------------------


def test_a_draft_is_saved_offered_again_and_gone_once_published(reader, rosa):
    page = write("Djibouti", "One.", kind="country-profile")
    url = f"{page.get_absolute_url()}edit/"
    form = form_of(reader, page)
    answer = typed(
        reader, page, form, body="Two.", tags="Ports, Red Sea", fact_capital="Here", summary="Why", minor="on"
    )
    assert answer.status_code == 200
    assert answer.json()["saved"]
    assert (Article.objects.get(pk=page.pk).body, Edit.objects.count()) == ("One.", 1)

    device = Visitor(rosa)
    opened = device.opens(url)
    assert fields_of(opened)["body"] == "One."
    assert "begun from revision 1" in words(opened)
    again = device.client.get(links(opened)["Go on with your draft"], follow=True)
    held = fields_of(again)
    assert (held["body"], held["tags"], held["fact_capital"]) == ("Two.", "Ports, Red Sea", "Here")
    assert (held["summary"], held["minor"], held["base"]) == ("Why", "on", "1")
    assert device.sends(url, held, action="publish").status_code == 302
    assert Article.objects.get(pk=page.pk).body == "Two."
    assert not Draft.objects.exists()


def test_a_draft_without_scripts_is_saved_by_a_button(reader, rosa):
    page = write("Djibouti", "One.")
    opened = reader.opens(f"{page.get_absolute_url()}edit/")
    button = soup(opened).select_one("button[value=draft]")
    response = reader.client.post(button["formaction"], fields_of(opened) | {"body": "Two."}, follow=True)
    assert "Draft saved on the server" in words(response)
    assert fields_of(response)["body"] == "Two."
    reader.client.post(button["formaction"], fields_of(response) | {"body": "Three."})
    assert bodies(rosa) == ["Three."]


def test_a_draft_of_a_section_goes_on_as_that_section(reader, other):
    page = write("Djibouti", "Lead.\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n")
    url = f"{page.get_absolute_url()}edit/"
    typed(reader, page, reader.form(url, section=2), body="## Two\n\nMine.")
    assert "Two" in words(reader.opens(url))
    other.publishes(url, body="Lead.\n\n## Zero\n\nNought.\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n")
    opened = reader.opens(url)
    assert "1 edit since" in words(opened)
    form = fields_of(reader.client.get(links(opened)["Go on with your draft"], follow=True))
    assert form["body"] == "## Two\n\nMine."
    assert reader.sends(url, form, action="publish").status_code == 302
    merged = Article.objects.get(pk=page.pk).body
    assert "Nought." in merged
    assert "Mine." in merged
    assert "Second." not in merged
    assert not Draft.objects.exists()


def test_a_draft_of_a_new_page_is_gone_on_with(reader, rosa):
    form = reader.form("/wiki/new/", title="Keren", kind="country-profile")
    typed(reader, None, form, body="A town.", fact_capital="x")
    listed = reader.opens("/wiki/new/")
    assert "Keren" in links(listed)
    response = reader.client.get(links(listed)["Keren"], follow=True)
    held = fields_of(response)
    assert (held["title"], held["kind"], held["body"]) == ("Keren", "country-profile", "A town.")
    assert reader.sends("/wiki/new/", held, action="publish").url == "/wiki/keren/"
    assert not Draft.objects.exists()


def test_a_conflict_keeps_the_draft_until_it_is_settled(reader, other):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    typed(reader, page, form_of(reader, page), body="Mine.")
    form = fields_of(reader.client.get(Draft.objects.get().get_absolute_url(), follow=True))
    other.publishes(url, body="Theirs.")
    conflict = reader.sends(url, form, action="publish")
    assert conflict.status_code == 409
    assert Draft.objects.count() == 1
    settled = reader.sends(url, fields_of(conflict) | {"pick-0": "mine"}, action="publish")
    assert settled.status_code == 302
    assert not Draft.objects.exists()


# -- two windows --------------------------------------------------------------------------------------------------


def test_two_windows_never_overwrite_each_other(reader, rosa):
    page = write("Djibouti", "One.")
    first, second = form_of(reader, page), form_of(reader, page)
    typed(reader, page, first, body="First window.")
    typed(reader, page, second, body="Second window.")
    typed(reader, page, first, body="First window, more.")
    assert bodies(rosa) == ["First window, more.", "Second window."]
    reader.sends(f"{page.get_absolute_url()}edit/", first, body="First window, more.", action="publish")
    assert bodies(rosa) == ["Second window."]


def test_a_draft_that_goes_on_elsewhere_is_one_draft_and_the_first_window_keeps_its_own_words(reader, rosa):
    page = write("Djibouti", "One.")
    desk = form_of(reader, page)
    typed(reader, page, desk, body="At the desk.")
    phone = fields_of(reader.client.get(Draft.objects.get().get_absolute_url(), follow=True))
    typed(reader, page, phone, body="On the train.")
    assert bodies(rosa) == ["On the train."]
    typed(reader, page, desk, body="At the desk again.")
    assert bodies(rosa) == ["At the desk again.", "On the train."]
    typed(reader, page, phone, body="On the train, later.")
    assert bodies(rosa) == ["At the desk again.", "On the train, later."]


@pytest.mark.parametrize(("late", "left"), [("Two, three.", []), ("Two, four.", ["Two, four."])])
def test_the_last_words_of_a_closed_window_go_with_those_that_were_published(reader, rosa, late, left):
    page = write("Djibouti", "One.")
    closed = form_of(reader, page)
    typed(reader, page, closed, body="Two.")
    opened = fields_of(reader.client.get(Draft.objects.get().get_absolute_url(), follow=True))
    typed(reader, page, closed, body=late)
    reader.sends(f"{page.get_absolute_url()}edit/", opened, body="Two, three.", action="publish")
    assert bodies(rosa) == left


@pytest.mark.parametrize(("more", "left"), [({}, []), ({"tags": "Ports"}, ["Two, three."])])
def test_the_same_words_from_a_window_that_is_gone_go_with_those_that_were_published(
    reader, rosa, more, left
):
    page = write("Djibouti", "One.")
    closed = form_of(reader, page)
    typed(reader, page, closed, body="Two.")
    mark = Draft.objects.get().mark
    typed(
        reader, page, closed, body="Two, three.", **more
    )  # on its way out, unseen by the window that goes on
    opened = form_of(reader, page) | {"body": "Two, three.", "draft": mark}
    own = typed(reader, page, opened).json()["mark"]
    assert Draft.objects.count() == 2
    reader.sends(f"{page.get_absolute_url()}edit/", opened, draft=own, summary="Why", action="publish")
    assert bodies(rosa) == left


def test_a_save_that_arrives_after_publishing_makes_no_draft(reader):
    page = write("Djibouti", "One.")
    form = form_of(reader, page)
    reader.sends(f"{page.get_absolute_url()}edit/", form, body="Two.", action="publish")
    assert typed(reader, page, form, body="Two.").json() == {"published": True}
    assert not Draft.objects.exists()
    typed(reader, page, form, body="Two, and more after going back.")
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"body": "One."}, {"body": ""}, {"tags": "Ports, Trade"}, {"fact_capital": "There"}, {"summary": "Because"},
        {"minor": "on"},
    ],
)  # fmt: skip
def test_what_is_changed_after_publishing_and_going_back_is_a_draft(reader, more):
    page = write("Djibouti", "One.", kind="country-profile")
    form = form_of(reader, page) | {
        "body": "One.\n\nTwo.",
        "tags": "Ports",
        "fact_capital": "Here",
        "summary": "Why",
    }
    reader.sends(f"{page.get_absolute_url()}edit/", form, action="publish")
    now = f"{timezone.now().timestamp() * 1000 + 1:.0f}"
    assert typed(reader, page, form, turn=now).json() == {"published": True}
    assert typed(reader, page, form, turn=now, **more).json()["saved"]
    assert Draft.objects.count() == 1


def test_what_was_sent_before_publishing_makes_no_draft_and_is_not_called_saved(reader):
    page = write("Djibouti", "One.")
    form = form_of(reader, page)
    before = f"{timezone.now().timestamp() * 1000 - 1:.0f}"
    reader.sends(f"{page.get_absolute_url()}edit/", form, body="Two, three.", action="publish")
    assert typed(reader, page, form, body="Two", turn=before).json() == {"late": True}
    assert not Draft.objects.exists()


def test_a_section_and_a_new_page_that_are_published_make_no_draft(reader):
    page = write("Djibouti", "Lead.\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url, section=2) | {"body": "## Two\n\nMine."}
    reader.sends(url, form, action="publish")
    assert typed(reader, page, form).json() == {"published": True}
    form = reader.form("/wiki/new/", title="Keren", kind="country-profile") | {"body": "A town."}
    reader.sends("/wiki/new/", form, action="publish")
    assert typed(reader, None, form).json() == {"published": True}
    assert typed(reader, None, form, title="Asmara").json()["saved"]


def test_what_was_sent_first_and_arrives_last_does_not_win(reader, rosa):
    page = write("Djibouti", "One.")
    form = form_of(reader, page)
    typed(reader, page, form, body="Two, three.", turn="1700000000002")
    late = typed(reader, page, form, body="Two.", turn="1700000000001")
    assert late.status_code == 200
    assert bodies(rosa) == ["Two, three."]
    typed(reader, page, form, body="Four.", turn="1700000000003")
    assert bodies(rosa) == ["Four."]


# -- whose they are -----------------------------------------------------------------------------------------------


def test_nobody_reads_changes_or_discards_anothers_draft(reader, other, administrator):
    page = write("Djibouti", "One.")
    typed(reader, page, form_of(reader, page), body=f"{TOKEN}.", key="the-key")
    draft = Draft.objects.get()
    for visitor in (other, Visitor(administrator)):
        assert visitor.opens(draft.get_absolute_url()).status_code == 404
        assert visitor.sends(f"{draft.get_absolute_url()}discard/").status_code == 404
        for url in ("/drafts/", "/wiki/new/", f"{page.get_absolute_url()}edit/?draft={draft.pk}"):
            assert TOKEN not in visitor.opens(url).content.decode(), url
        assert TOKEN not in visitor.opens("/wiki/new/", draft=draft.pk).content.decode()
        typed(visitor, page, form_of(visitor, page), body="x", key="the-key", draft=draft.mark)
        visitor.publishes(
            f"{page.get_absolute_url()}edit/", body=str(visitor.user), key="the-key", draft=draft.mark
        )
    draft.refresh_from_db()
    assert draft.body == f"{TOKEN}."


def test_a_draft_of_a_page_kept_to_others_is_only_what_its_author_wrote(reader, rosa):
    member = MemberFactory()
    page = write("Djibouti", "One.", author=member)
    form = form_of(reader, page)
    typed(reader, page, form, body="My words.")
    revise(page, f"{TOKEN} text", author=member)
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    draft = Draft.objects.get()
    for url in ("/drafts/", draft.get_absolute_url(), f"{page.get_absolute_url()}edit/?draft={draft.pk}"):
        assert TOKEN not in reader.client.get(url, follow=True).content.decode(), url
    opened = reader.client.get(draft.get_absolute_url(), follow=True)
    assert fields_of(opened)["body"] == "My words."
    assert "no such page any more" in words(opened)
    assert typed(reader, page, form, body="My words, more.").status_code == 200
    assert bodies(rosa) == ["My words, more."]
    response = reader.sends("/wiki/new/", fields_of(opened), title="Elsewhere", action="publish")
    assert response.url == "/wiki/elsewhere/"


def test_a_hidden_page_and_none_are_the_same_to_who_saves_a_draft(reader):
    member = MemberFactory()
    page = write(TOKEN, "One.", author=member)
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    for slug in (page.wiki_slug, "no-such-page"):
        reader.client.post(f"/drafts/?page={slug}", {"body": "x", "key": slug})
    hidden, missing = Draft.objects.order_by("pk")
    assert (hidden.article, hidden.title) == (None, "Zyxquartet")
    assert (missing.article, missing.title) == (None, "No such page")


# -- bounds -------------------------------------------------------------------------------------------------------


def test_what_is_too_long_is_refused_with_the_cure_and_the_text(reader, settings):
    settings.DRAFT_MAX_CHARACTERS = 10
    page = write("Djibouti", "One.")
    refused = typed(reader, page, form_of(reader, page), body="x" * 11)
    assert (refused.status_code, "Split it" in refused.json()["refused"]) == (422, True)
    plain = reader.client.post(f"/drafts/?page={page.wiki_slug}", form_of(reader, page) | {"body": "x" * 11})
    assert (plain.status_code, fields_of(plain)["body"]) == (422, "x" * 11)
    settings.DRAFT_MAX_CHARACTERS = 1000
    assert typed(reader, page, form_of(reader, page), body="x", fact_a="y" * 300_000).status_code == 422
    assert not Draft.objects.exists()


def test_no_more_drafts_than_fit_and_none_is_ever_pushed_out(reader, settings, rosa):
    settings.DRAFTS_PER_PERSON = 2
    page = write("Djibouti", "One.")
    forms = [form_of(reader, page) for _ in range(3)]
    answers = [typed(reader, page, form, body=f"Text {n}").status_code for n, form in enumerate(forms)]
    assert answers == [200, 200, 422]
    assert typed(reader, page, forms[0], body="Text 0, more").status_code == 200
    assert bodies(rosa) == ["Text 0, more", "Text 1"]


@pytest.mark.parametrize(
    "odd",
    [
        {"base": "-1"}, {"base": "x"}, {"base": "9" * 30}, {"section": "9" * 11}, {"draft": "1.1.1"}, {"draft": "."},
        {"draft": "9" * 28 + ".1"}, {"key": ""}, {"key": "k" * 500}, {"body": "a\x00b"}, {"regions": ["x", "1\x00"]},
        {"title": "t" * 5000},
    ],
)  # fmt: skip
def test_odd_fields_are_no_errors(reader, odd):
    page = write("Djibouti", "One.")
    for address in (page, None):
        assert typed(reader, address, form_of(reader, page) | {"body": "Two."} | odd).status_code == 200
    for draft in Draft.objects.all():
        assert reader.client.get(draft.get_absolute_url(), follow=True).status_code == 200
    assert reader.opens(f"{page.get_absolute_url()}edit/", draft="²").status_code == 200


def test_the_list_takes_as_many_queries_for_many_drafts_as_for_one(reader):
    taken = []
    for many in (1, 8):
        for n in range(many):
            page = write(f"Page {many} {n}", "One.")
            typed(reader, page, form_of(reader, page), body="Two.")
        reader.opens("/drafts/")
        with CaptureQueriesContext(connection) as queries:
            shown = reader.opens("/drafts/")
        taken.append(len(queries))
    assert shown.content.count(b"begun from revision") == 9
    assert taken[0] == taken[1]


def test_old_drafts_are_forgotten_by_the_command_alone(reader, rosa, settings, capsys):
    page = write("Djibouti", "One.")
    for n in range(2):
        typed(reader, page, form_of(reader, page), body=f"Text {n}")
    long_ago = timezone.now() - datetime.timedelta(days=settings.DRAFT_DAYS + 1)
    Draft.objects.filter(pk=Draft.objects.order_by("pk")[0].pk).update(saved=long_ago)
    call_command("forget_drafts", "--dry-run")
    assert "1 draft" in capsys.readouterr().out
    assert Draft.objects.count() == 2
    call_command("forget_drafts")
    assert bodies(rosa) == ["Text 1"]


# -- words that arrive when nobody may take them ------------------------------------------------------------------


def test_publishing_after_the_session_ended_gives_the_text_back(reader, rosa):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = form_of(reader, page) | {"body": "<b>Long</b> text.", "summary": "Why", "action": "publish"}
    reader.client.logout()
    response = reader.sends(url, form)
    assert response.status_code == 401
    assert fields_of(response)["body"] == "<b>Long</b> text."
    assert soup(response).select_one("main form")["action"] == url
    assert b"<b>Long" not in response.content
    reader.client.force_login(rosa)
    assert reader.sends(url, fields_of(response)).status_code == 302
    assert Article.objects.get(pk=page.pk).body == "<b>Long</b> text."
    assert Visitor(None).opens(url).status_code == 302
    assert Visitor(None).sends(url, body="  ").status_code == 302


OURS = {"origin": "http://testserver"}
FOREIGN = [
    {}, {"origin": "https://elsewhere.example"}, {"origin": "null"}, {"referer": "https://elsewhere.example/testserver"},
    {"origin": "http://[", "referer": "http://testserver/"}, {"sec-fetch-site": "cross-site", **OURS},
    {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"},
]  # fmt: skip


def strict(user: Any) -> Visitor:
    """Return a visitor whose forms need their tokens."""
    visitor = Visitor(None)
    visitor.client = Client(enforce_csrf_checks=True)
    visitor.client.force_login(user)
    return visitor


@pytest.mark.parametrize(
    "told", [OURS, {"referer": "http://testserver/wiki/djibouti/edit/"}, {"sec-fetch-site": "same-origin"}]
)
def test_a_form_that_is_older_than_the_session_gives_the_text_back(rosa, told):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    writer = strict(rosa)
    old = form_of(writer, page) | {"csrfmiddlewaretoken": "x" * 64, "body": "Two.", "action": "publish"}
    response = writer.client.post(url, old, headers=told)
    assert response.status_code == 403
    form = fields_of(response)
    assert (form["body"], form["action"]) == ("Two.", "publish")
    assert url in words(response)
    assert writer.client.post(url, form, headers=told).status_code == 302
    assert Article.objects.get(pk=page.pk).body == "Two."


@pytest.mark.parametrize("told", FOREIGN)
def test_what_another_site_sends_is_offered_to_nobody(rosa, told):
    page = write("Djibouti", "One.")
    sent = form_of(strict(rosa), page) | {
        "csrfmiddlewaretoken": "x" * 64,
        "body": "Bait.",
        "action": "publish",
    }
    response = strict(rosa).client.post(f"{page.get_absolute_url()}edit/", sent, headers=told)
    assert (response.status_code, b"Bait." in response.content) == (403, False)


@pytest.mark.parametrize(
    "url", ["/wiki/djibouti/delete/", "/accounts/email/", "/notices/watch/", "/nowhere/"]
)
def test_only_forms_for_writing_are_given_back(rosa, url):
    write("Djibouti", "One.")
    sent = {"body": "Bait.", "me": rosa.pk, "action_add": "1", "email": "x@elsewhere.example"}
    response = strict(rosa).client.post(url, sent, headers=OURS)
    assert b"elsewhere.example" not in response.content
    assert b"Bait." not in response.content


@pytest.mark.parametrize(
    "where", ["edit/", "join/?into=Port", "talk/new/", "/wiki/new/?title=Keren&kind=country-profile"]
)
def test_the_words_of_one_are_never_sent_as_those_of_another_who_signed_in_meanwhile(rosa, where):
    page = write("Djibouti", "One.")
    write("Port", "Two.")
    url = where if where.startswith("/") else f"{page.get_absolute_url()}{where}"
    made = strict(rosa).form(url) | {"csrfmiddlewaretoken": "x" * 64, "body": "Rosa's words."}
    response = strict(MemberFactory()).client.post(url.partition("?")[0], made, headers=OURS)
    assert response.status_code == 403
    assert "Rosa's words." in soup(response).select_one("#id_body").get_text()
    assert soup(response).select_one("main form, main button") is None
    assert soup(strict(rosa).client.post(url.partition("?")[0], made, headers=OURS)).select_one("main form")
