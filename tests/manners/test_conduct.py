"""The code of conduct: asked once per version, before any page, and never at the cost of words."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.models import Article
from manners.actions import LOOKED_AT, NONE
from manners.models import IN_FORCE, Acceptance, Code
from tests.factories import write
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


def accepts(visitor: Visitor, **more: str) -> str:
    """Accept what is in force; returns where that leads."""
    answer = visitor.sends("/manners/conduct/", visitor.form("/manners/conduct/", **more))
    assert answer.status_code == 302
    return answer.url


def test_without_a_code_nobody_is_asked(outsider):
    visitor = Visitor(outsider)
    assert visitor.opens("/").status_code == 200
    assert "No code of conduct yet" in visitor.sees("/manners/conduct/")


def test_a_newcomer_reads_and_accepts_and_goes_on_to_the_page_they_wanted(outsider):
    page = write("Djibouti Post")
    Code.objects.create(text="Be **kind**.")
    visitor = Visitor(outsider)
    asked = visitor.opens("/wiki/djibouti-post/", section="2")
    assert asked.url == "/manners/conduct/?next=%2Fwiki%2Fdjibouti-post%2F%3Fsection%3D2"
    assert "Be kind." in visitor.sees(asked.url)
    assert accepts(visitor, next=page.get_absolute_url()) == page.get_absolute_url()
    assert visitor.opens(page.get_absolute_url()).status_code == 200
    assert Acceptance.objects.get().user == outsider
    with CaptureQueriesContext(connection) as captured:
        Visitor(outsider).opens("/manners/conduct/")
        visitor.opens(page.get_absolute_url())
    assert not [query for query in captured if "INSERT" in query["sql"] and "manners" in query["sql"]]


def test_a_new_version_asks_again_and_what_was_being_written_is_saved(outsider):
    page = write("Djibouti Post")
    Code.objects.create(text="Be kind.")
    visitor = Visitor(outsider)
    accepts(visitor)
    form = visitor.form(f"{page.get_absolute_url()}edit/")
    Code.objects.create(text="Be kind, and brief.")
    assert visitor.opens("/").url.startswith("/manners/conduct/")
    saved = visitor.sends(f"{page.get_absolute_url()}edit/", form, body="New words.", action="publish")
    assert saved.url.startswith(page.get_absolute_url())
    assert Article.objects.get(pk=page.pk).body == "New words."
    accepts(visitor)
    assert visitor.opens("/").status_code == 200


def test_who_accepted_is_asked_about_by_no_page_in_any_session(outsider):
    Code.objects.create(text="Be kind.")
    elsewhere, visitor = Visitor(outsider), Visitor(outsider)
    accepts(visitor)
    for browser in (visitor, Visitor(outsider)):
        with CaptureQueriesContext(connection) as captured:
            assert browser.opens("/").status_code == 200
        assert not [query for query in captured if "manners_acceptance" in query["sql"]]
    assert elsewhere.opens("/").status_code == 200  # accepted in another browser
    Code.objects.create(text="Be kind, and brief.")
    assert visitor.opens("/").url.startswith("/manners/conduct/")


def test_an_old_version_left_open_in_a_tab_is_not_taken_for_the_new_one(outsider):
    Code.objects.create(text="Be kind.")
    visitor = Visitor(outsider)
    form = visitor.form("/manners/conduct/")
    Code.objects.create(text="Be kind, and brief.")
    assert "and brief" in visitor.sends("/manners/conduct/", form).content.decode()
    assert not Acceptance.objects.exists()


def test_what_is_needed_before_and_what_is_no_page_stays_open(outsider, administrator):
    Code.objects.create(text="Be kind.")
    visitor = Visitor(outsider)
    for url in ("/help/", "/accounts/email/", "/health/", "/manners/conduct/"):
        assert visitor.opens(url).status_code == 200, url
    assert (
        visitor.client.get("/search/suggest/?q=dji", headers={"Accept": "application/json"}).status_code
        == 200
    )
    part = visitor.client.get("/changes/", headers={"Sec-Fetch-Dest": "empty"})
    assert part.status_code == 200
    assert Visitor(administrator).opens("/admin/").status_code == 200
    assert Visitor(None).opens("/").url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_accepting_leads_nowhere_else(outsider, elsewhere):
    Code.objects.create(text="Be kind.")
    visitor = Visitor(outsider)
    form = visitor.form("/manners/conduct/") | {"next": elsewhere}
    assert visitor.sends("/manners/conduct/", form).url == "/"


def test_an_accepted_text_is_not_changed_but_followed_by_a_new_version(outsider, administrator):
    code = Code.objects.create(text="Be kind.")
    accepts(Visitor(outsider))
    code.text = "Be rude."
    with pytest.raises(ValidationError):
        code.full_clean()
    admin = Visitor(administrator)
    url = f"/admin/snippets/manners/code/edit/{code.pk}/"
    assert "Add a new version" in admin.sends(url, text="Be rude.").content.decode()
    assert admin.sends("/admin/snippets/manners/code/add/", text="Be kinder.").status_code == 302
    assert [code.text for code in Code.objects.all()] == ["Be kinder.", "Be kind."]
    assert Visitor(outsider).opens("/").url.startswith("/manners/conduct/")


def test_what_another_process_remembers_while_a_version_is_being_saved_does_not_last(
    outsider, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        Code.objects.create(text="Be kind.")
        cache.set(IN_FORCE, NONE, LOOKED_AT)  # another process cannot see the new version yet
    assert Visitor(outsider).opens("/").status_code == 302


def test_versions_that_are_taken_away_together_are_not_in_force_any_more(outsider):
    Code.objects.create(text="Be kind.")
    assert Visitor(outsider).opens("/").status_code == 302
    Code.objects.all().delete()
    assert Visitor(outsider).opens("/").status_code == 200
