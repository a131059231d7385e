"""A colleague chooses a language once: for pages, e-mails and feeds, on every machine; else the browser is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.users.models import UserProfile

from people.backends import StaffBackend
from people.models import User
from tests.visitor import Visitor, fields_of, soup

pytestmark = pytest.mark.django_db
FRENCH = "fr-CA,fr;q=0.9,en;q=0.5"


def language(response: Any) -> str:
    """What a page says that it is in."""
    html = soup(response).html
    assert html is not None
    assert response["Content-Language"] == html["lang"]
    return str(html["lang"])


def menu(response: Any) -> BeautifulSoup:
    found = soup(response).select_one(".menu form[action$='/language/']")
    assert found is not None
    return found


def choose(visitor: Visitor, code: str, at: str = "/wiki/") -> Any:
    """Press the button of a language in the menu of a page."""
    page = visitor.opens(at)
    form = menu(page)
    assert form.select_one(f"button[name=language][value={code}]")
    fields = fields_of(page, ".menu form[action$='/language/']")
    return visitor.sends(str(form["action"]), fields, language=code)


def test_it_is_chosen_in_the_menu_and_one_is_where_one_was(reader):
    answer = choose(reader, "fr", at="/wiki/letters/?letter=b")
    assert (answer.status_code, answer["Location"]) == (302, "/wiki/letters/?letter=b")
    page = reader.opens("/wiki/")
    assert language(page) == "fr"
    pressed = menu(page).select("button[aria-pressed=true]")
    assert [(button.get_text(), button["lang"]) for button in pressed] == [("Français", "fr")]
    choose(reader, "en")
    assert language(reader.opens("/wiki/")) == "en"


def test_it_follows_to_another_machine(reader, rosa):
    choose(reader, "fr")
    assert language(Visitor(rosa).client.get("/", headers={"accept-language": "en"})) == "fr"


@pytest.mark.parametrize(("asked", "shown"), [(FRENCH, "fr"), ("en", "en"), ("de", "en"), ("", "en")])
def test_the_browser_counts_while_nothing_is_chosen(reader, asked, shown):
    headers = {"accept-language": asked} if asked else {}
    assert language(reader.client.get("/", headers=headers)) == shown
    page = Client().get("/accounts/login/", headers=headers)
    assert language(page) == shown
    assert "Accept-Language" in page["Vary"]


@pytest.mark.parametrize("sent", ["de", "fr-ca", "../../etc", "<b>"])
def test_another_language_is_refused(reader, rosa, sent):
    assert reader.sends("/people/me/language/", language=sent).status_code == 400
    rosa.refresh_from_db()
    assert rosa.language == ""


def test_a_language_that_is_offered_no_longer_is_none(reader, rosa):
    User.objects.filter(pk=rosa.pk).update(language="de")
    assert language(reader.client.get("/", headers={"accept-language": FRENCH})) == "fr"


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_one_is_led_to_no_other_site(reader, place):
    assert reader.sends("/people/me/language/", language="fr", next=place)["Location"] == "/"


def test_it_takes_a_form_of_ours(rosa):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(rosa)
    assert strict.post("/people/me/language/", {"language": "fr"}).status_code == 403
    assert strict.get("/people/me/language/").status_code == 405


def test_the_settings_know_of_it_and_forget_it(reader, rosa):
    choose(reader, "fr")
    form = reader.form("/notices/settings/")
    assert form["language"] == "fr"
    reader.sends("/notices/settings/", form, language="")
    rosa.refresh_from_db()
    assert rosa.language == ""
    assert language(reader.client.get("/", headers={"accept-language": "en"})) == "en"


def test_it_costs_no_query(reader):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reader.opens(path).status_code == 200
        return len(captured)

    paths = ("/", "/wiki/", "/people/", "/health/")
    for path in paths:
        queries(path)
    before = [queries(path) for path in paths]
    choose(reader, "fr")
    for path in paths:
        queries(path)
    assert [queries(path) for path in paths] == before


def test_pages_for_programs_ask_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/health/").status_code == 200


def test_without_its_database_the_site_speaks_the_browsers_language(reader, monkeypatch):
    def away(*_args: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(StaffBackend, "get_user", away)
    reader.client.raise_request_exception = False
    answer = reader.client.get("/", headers={"accept-language": FRENCH})
    assert (answer.status_code, answer["Content-Language"]) == (503, "fr")


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing/", 404), ("/wiki/nothing/", 404), ("/manners/queue/", 404)]
)
def test_what_is_not_there_is_said_in_it(reader, path, status):
    choose(reader, "fr")
    page = reader.client.get(path, headers={"accept-language": "en"})
    assert (page.status_code, language(page)) == (status, "fr")


def test_the_administration_speaks_it_and_a_choice_there_counts_everywhere(administrator):
    visitor = Visitor(administrator)
    assert language_of_html(visitor.opens("/admin/account/")) == "en"
    choose(visitor, "fr")
    page = visitor.client.get("/admin/account/", headers={"accept-language": "en"})
    assert language_of_html(page) == "fr"
    form = fields_of(page, "main form[method=post], form[method=post][enctype]")
    assert form["locale-preferred_language"] == "fr"
    visitor.sends("/admin/account/", form | {"locale-preferred_language": "en"})
    administrator.refresh_from_db()
    assert administrator.language == "en"
    assert language(visitor.client.get("/", headers={"accept-language": FRENCH})) == "en"


def test_the_guide_is_english_for_who_reads_french_and_says_so(reader):
    choose(reader, "fr")
    page = reader.opens("/help/languages/")
    assert language(page) == "fr"
    assert {part["lang"] for part in soup(page).select("main h1, main .prose, main .toc__l")} == {"en"}


def language_of_html(response: Any) -> str:
    return str(soup(response).select("html")[0]["lang"])


def test_the_first_visit_to_the_administration_changes_nothing(administrator):
    choose(Visitor(administrator), "fr")
    administrator.refresh_from_db()
    assert UserProfile.get_for_user(administrator).preferred_language == "fr"
    administrator.refresh_from_db()
    assert administrator.language == "fr"


@pytest.mark.django_db(transaction=True)
def test_what_was_chosen_for_e_mails_or_the_administration_is_the_choice_now(rosa, samuel, administrator):
    before = MigrationExecutor(connection)
    state = before.migrate([("notices", "0002_length_of_a_word")])
    try:
        preference = state.apps.get_model("notices", "Preference")
        preference.objects.create(user_id=rosa.pk, language="fr")
        preference.objects.create(user_id=samuel.pk, language="")
        note = state.apps.get_model("wagtailusers", "UserProfile")
        for user, noted in ((rosa, "en"), (samuel, "fr"), (administrator, "de")):
            note.objects.create(user_id=user.pk, preferred_language=noted)
    finally:
        MigrationExecutor(connection).migrate(before.loader.graph.leaf_nodes("notices"))
    chosen = dict(User.objects.values_list("pk", "language"))
    assert [chosen[one.pk] for one in (rosa, samuel, administrator)] == ["fr", "fr", ""]
    notes = dict(UserProfile.objects.values_list("user", "preferred_language"))
    assert [notes[one.pk] for one in (rosa, samuel, administrator)] == ["fr", "fr", ""]


def test_june_is_not_july_in_a_short_date():
    with translation.override("fr"):
        june, july = (
            render_to_string(
                "components/when.html", {"at": dt.datetime(2026, month, 25, 9, tzinfo=dt.UTC), "short": True}
            )
            for month in (6, 7)
        )
    assert "25 juin" in june
    assert "25 juil." in july
