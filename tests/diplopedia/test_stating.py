"""No fact is lost on the way through a form, and none that was taken away comes back."""

from __future__ import annotations

import pytest

from diplopedia import stating
from diplopedia.actions import Change, delete
from diplopedia.models import Article, ArticleTemplate, FactField
from diplopedia.stating import MOST_OTHERS
from people.models import Region
from tests.factories import UserFactory, revise, write
from tests.visitor import fields_of, words

pytestmark = pytest.mark.django_db


def facts(title: str) -> dict[str, str]:
    return Article.objects.get(title=title).facts


def test_a_fact_that_was_taken_away_stays_away_after_a_conflict(reader):
    page = write("Visit", "One.", facts={"legacy": "old", "other": "kept"})
    form = reader.form(f"{page.get_absolute_url()}edit/")
    revise(page, "Three.")
    answer = reader.sends(
        f"{page.get_absolute_url()}edit/", form, action="publish", body="Two.", fact_legacy=""
    )
    assert answer.status_code == 409
    answer = reader.sends(f"{page.get_absolute_url()}edit/", fields_of(answer), action="publish")
    assert answer.status_code == 302
    assert facts("Visit") == {"other": "kept"}


@pytest.fixture
def result() -> FactField:
    kind = ArticleTemplate.objects.create(name="Visit report")
    return FactField.objects.create(template=kind, label="Result", type="choice", choices="Good\nBad")


def resumed(reader, form, **changes):
    """Save a draft and open the editor with it."""
    reader.sends("/drafts/", form, **changes)
    return reader.opens(reader.opens(reader.user.drafts.get().get_absolute_url()).url)


def test_a_translation_goes_on_from_its_draft_with_a_choice_that_is_not_offered_any_more(reader, result):
    page = write("Visit", "One.", kind="visit-report", facts={"result": "Good"})
    FactField.objects.filter(pk=result.pk).update(choices="Bad")
    form = reader.form("/wiki/new/", translates=page.latest_edit_id, language="fr")
    form = fields_of(resumed(reader, form, title="Visite", body="Un."))
    assert form["fact_result"] == "Good"
    assert reader.sends("/wiki/new/", form, action="publish").status_code == 302
    assert facts("Visite") == {"result": "Good"}


def test_a_draft_shows_a_choice_that_was_taken_from_its_kind_meanwhile(reader, result):
    form = reader.form("/wiki/new/", kind="visit-report")
    FactField.objects.filter(pk=result.pk).update(choices="Bad")
    form = fields_of(resumed(reader, form, title="Visit", body="One.", fact_result="Good"))
    assert form["fact_result"] == "Good"
    answer = reader.sends("/wiki/new/", form, action="publish")
    assert answer.status_code == 422
    assert fields_of(answer)["fact_result"] == "Good"


def test_what_was_sent_to_a_page_that_is_gone_comes_back_whole(reader, samuel, result):
    djibouti = Region.objects.get(slug="djibouti")
    page = write("Visit", "One.", kind="visit-report")
    form = reader.form(f"{page.get_absolute_url()}edit/")
    delete(page, Change(author=UserFactory()))
    answer = reader.sends(
        f"{page.get_absolute_url()}edit/", form, action="publish", body="My words.", tags="ports",
        fact_result="Good", fact_own="A\x00B", contacts="samuel.okafor", regions=[djibouti.pk], summary="Ports",
    )  # fmt: skip
    assert answer.status_code == 404
    assert reader.sends("/wiki/new/", fields_of(answer), action="publish").status_code == 302
    new = Article.objects.exclude(pk=page.pk).get()
    assert (new.body, new.facts) == ("My words.", {"result": "Good", "own": "AB"})
    assert [region.pk for region in new.regions.all()] == [djibouti.pk]
    assert [profile.user.username for profile in new.contacts.all()] == ["samuel.okafor"]
    assert [tag.name for tag in new.tags.all()] == ["ports"]


def test_a_page_has_only_so_many_facts_that_nobody_asks_for(reader, result):
    held = {f"own_{n}": "x" for n in range(MOST_OTHERS)}
    page = write("Visit", "One.", kind="visit-report", facts=held)
    url = f"{page.get_absolute_url()}edit/"
    few = {name: value for name, value in reader.form(url).items() if not name.startswith("fact_own")}
    answer = reader.sends(url, few, action="publish", body="My words.", fact_another="x")
    assert answer.status_code == 422
    assert "at most 200 facts beside those that its kind asks for" in words(answer)
    assert fields_of(answer)["body"].strip() == "My words."
    assert reader.sends(url, few, action="publish", body="Two.", fact_result="Good").status_code == 302
    assert reader.publishes(url, fact_own_7="y").status_code == 302
    assert facts("Visit") == held | {"result": "Good", "own_7": "y"}
    new = {f"fact_{n}": "x" for n in range(MOST_OTHERS + 1)}
    answer = reader.sends("/wiki/new/", {"title": "Another", "body": "One."}, action="publish", **new)
    assert answer.status_code == 422


def test_a_page_that_has_more_facts_than_it_may_is_still_edited(reader):
    held = {f"own_{n}": "x" for n in range(MOST_OTHERS + 5)}
    page = write("Visit", "One.", facts=held)
    url = f"{page.get_absolute_url()}edit/"
    assert reader.publishes(url, body="Two.", fact_own_7="").status_code == 302
    assert facts("Visit") == {key: "x" for key in held if key != "own_7"}


def test_a_name_is_looked_up_once_for_a_form(reader, samuel, result, monkeypatch):
    FactField.objects.create(template=result.template, label="Led by", type="person")
    url = f"{write('Visit', 'One.', kind='visit-report').get_absolute_url()}edit/"
    form, asked = reader.form(url), []
    monkeypatch.setattr(stating, "person_named", lambda text: asked.append(text) or "samuel.okafor")
    assert reader.sends(url, form, action="preview", fact_led_by="@samuel.okafor").status_code == 200
    assert asked == ["@samuel.okafor"]
