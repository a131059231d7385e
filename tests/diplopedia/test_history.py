"""History: who changed what, any two compared, any restored, and nothing of it ever changed."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from diplopedia.actions import Change, Outdated, restore, save_edit
from diplopedia.models import Article, Edit
from diplopedia.versions import Version
from people.models import Region
from tests.factories import UserFactory, revise, write
from tests.visitor import Visitor, fields_of, links, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(rosa, samuel) -> Article:
    page = write("Djibouti", "One.", author=rosa, kind="country-profile", tags=frozenset({"Ports"}))
    revise(page, "Two.", author=samuel, summary="Second", facts={"capital": "Djibouti City"})
    revise(page, "Three.", author=samuel, summary="Third", tags=frozenset())
    return Article.objects.get(pk=page.pk)


def fresh(page: Article) -> Article:
    return Article.objects.get(pk=page.pk)


def test_history_lists_every_edit_newest_first(reader, page):
    url = f"{page.get_absolute_url()}history/"
    rows = soup(reader.opens(url)).select("table.hist td.num[data-l=Revision] a")
    assert [row.get_text() for row in rows] == ["3", "2", "1"]
    text = reader.sees(url)
    assert "3 revisions by 2 colleagues" in text
    assert all(summary in text for summary in ("Second", "Third", "First version"))


def test_history_is_narrowed_by_author_and_minor(reader, page):
    url = f"{page.get_absolute_url()}history/"
    reader.publishes(f"{page.get_absolute_url()}edit/", body="Four.", minor="on", summary="Fourth")
    of_samuel = reader.sees(url, author="samuel.okafor")
    assert "Third" in of_samuel
    assert "First version" not in of_samuel
    assert "Fourth" not in reader.sees(url, hide_minor="1")
    assert "No revision matches" in reader.sees(url, author="nobody")


def test_any_two_edits_are_compared_whichever_is_named_first(reader, page):
    url = f"{page.get_absolute_url()}compare/"
    for query in ({"from": 1, "to": 3}, {"from": 3, "to": 1}):
        tree = soup(reader.opens(url, **query))
        assert "From revision 1 to 3: 2 changes by 1 colleague" in words(reader.opens(url, **query))
        assert {tag.get_text() for tag in tree.select("table.diff td.was")} == {"One."}
        assert {tag.get_text() for tag in tree.select("table.diff td.now")} == {"Three."}
        assert "Djibouti City" in tree.get_text()
    assert "From revision 2 to 3" in reader.sees(url)
    assert "The two are the same" in reader.sees(url, **{"from": 2, "to": 2})


def test_an_old_revision_shows_the_page_as_it_was(reader, page):
    text = reader.sees(f"{page.get_absolute_url()}history/1/")
    assert "One." in text
    assert "The page has changed since" in text
    assert "Djibouti City" not in text
    assert "Djibouti City" in reader.sees(f"{page.get_absolute_url()}history/2/")


def test_restoring_makes_a_new_edit_of_the_old_text(reader, page, rosa):
    url = f"{page.get_absolute_url()}history/1/restore/"
    assert "Revisions up to 3 stay" in reader.sees(url)
    response = reader.publishes(url, summary="Vandalism")
    assert response.url == page.get_absolute_url()
    now = fresh(page)
    assert (now.body, now.facts, [tag.name for tag in now.tags.all()]) == ("One.", {}, ["Ports"])
    edit = now.latest_edit
    assert (edit.number, edit.kind, edit.summary, edit.author) == (4, "revert", "Vandalism", rosa)
    assert edit.base.number == 3
    assert [edit.body for edit in page.edits.order_by("number")] == ["One.", "Two.", "Three.", "One."]


def test_restoring_without_a_reason_says_what_was_restored(reader, page):
    reader.publishes(f"{page.get_absolute_url()}history/2/restore/")
    assert fresh(page).latest_edit.summary == "Restored revision 2"


def test_restoring_asks_again_when_somebody_saved_meanwhile(reader, other, page):
    url = f"{page.get_absolute_url()}history/1/restore/"
    form = reader.form(url)
    other.publishes(f"{page.get_absolute_url()}edit/", body="Four.")
    response = reader.sends(url, form)
    assert "saved another edit meanwhile" in words(response)
    assert fresh(page).body == "Four."
    assert reader.sends(url, fields_of(response)).status_code == 302
    assert fresh(page).body == "One."


def test_restoring_with_a_base_that_is_not_the_latest_is_refused(page, rosa):
    with pytest.raises(Outdated):
        restore(page, page.edits.get(number=1), Change(rosa), base=2)
    assert fresh(page).body == "Three."


def test_a_revision_whose_region_is_gone_is_restored_without_it(reader, rosa):
    place = Region.objects.create(kind="named", code="x-gone", slug="x-gone", name="Gone")
    kept = Region.objects.get(slug="djibouti")
    page = write("Place", "One.", regions=frozenset({place.pk, kept.pk}))
    revise(page, "Two.", regions=frozenset())
    place.delete()
    assert reader.publishes(f"{page.get_absolute_url()}history/1/restore/").status_code == 302
    assert [region.slug for region in fresh(page).regions.all()] == ["djibouti"]


def test_restoring_the_latest_or_an_equal_text_changes_no_word(reader, page):
    reader.publishes(f"{page.get_absolute_url()}history/3/restore/")
    assert fresh(page).body == "Three."


def test_an_old_title_is_shown_with_its_revision(reader, page):
    reader.publishes(f"{page.get_absolute_url()}rename/", title="Djibouti (country)")
    text = reader.sees("/wiki/djibouti-country/history/1/")
    assert "Its title was “Djibouti” then" in text
    reader.publishes("/wiki/djibouti-country/history/1/restore/")
    assert fresh(page).title == "Djibouti (country)"


def test_an_edit_cannot_be_changed_or_deleted(page):
    edit = page.edits.get(number=2)
    edit.summary = "Another"
    with pytest.raises(TypeError):
        edit.save()
    with pytest.raises(TypeError):
        edit.delete()
    with pytest.raises(TypeError):
        Edit.objects.filter(pk=edit.pk).update(summary="Another")
    with pytest.raises(TypeError), transaction.atomic():
        Edit.objects.bulk_update([edit], ["summary"])
    with pytest.raises(TypeError):
        page.edits.all().delete()
    for held in (page, edit.revision, edit.author):
        with pytest.raises(ProtectedError), transaction.atomic():
            held.delete()
    assert Edit.objects.get(pk=edit.pk).summary == "Second"


def test_fields_nobody_asked_for_are_ignored(reader, page, rosa, samuel):
    """The author is the session's, the number the next, and nothing of the page is set but by the form."""
    forged = {
        "author": samuel.pk,
        "user": samuel.pk,
        "number": 77,
        "kind": "import",
        "created": "2001-01-01",
        "place": "The Palace",
        "office": 1,
        "verified_by": samuel.pk,
        "verified_at": "2026-01-01",
        "restricted": "on",
        "locked": "on",
        "owner": samuel.pk,
        "title": "Forged",
        "wiki_slug": "forged",
        "html": "<script>1</script>",
        "language": "fr",
        "deleted_at": "2026-01-01",
        "imported": "on",
        "template": "1",
    }
    reader.publishes(f"{page.get_absolute_url()}edit/", body="Four.", **forged)
    now = fresh(page)
    edit = now.latest_edit
    assert (edit.author, edit.number, edit.kind, edit.place) == (rosa, 4, "edit", "")
    assert edit.created.year > 2001
    assert (now.title, now.wiki_slug, now.language) == ("Djibouti", "djibouti", "en")
    assert "Four." in now.html
    assert "<script" not in now.html
    assert (now.verified_by, now.restricted, now.locked, now.deleted_at) == (None, False, False, None)
    assert now.template.slug == "country-profile"
    asked = {"title", "kind", "language"}
    others = {name: value for name, value in forged.items() if name not in asked}
    reader.publishes("/wiki/new/?title=Port&kind=plain", body="A port.", **others)
    port = Article.objects.get(title="Port")
    assert (port.latest_edit.author, port.owner, port.restricted, port.locked) == (rosa, rosa, False, False)


def test_every_verb_is_signed_by_the_session(reader, page, rosa, samuel):
    url = page.get_absolute_url()
    reader.publishes(f"{url}rename/", title="Another", author=samuel.pk)
    reader.publishes("/wiki/another/history/1/restore/", author=samuel.pk)
    reader.publishes("/wiki/another/delete/", author=samuel.pk)
    assert list(page.edits.filter(number__gt=3).values_list("author", flat=True)) == [rosa.pk] * 3
    assert list(page.edits.order_by("number").values_list("kind", flat=True))[3:] == [
        "rename",
        "revert",
        "delete",
    ]


def test_revisions_keep_their_wagtail_author_too(reader, page, rosa):
    reader.publishes(f"{page.get_absolute_url()}edit/", body="Four.")
    assert fresh(page).latest_revision.user == rosa


def test_size_and_delta_add_up(reader, page):
    for body in ("A longer text than before.", "Short."):
        reader.publishes(f"{page.get_absolute_url()}edit/", body=body)
    edits = list(page.edits.order_by("number"))
    assert sum(edit.delta for edit in edits) == edits[-1].size == len(fresh(page).body)
    assert [edit.number for edit in edits] == [1, 2, 3, 4, 5]


def test_without_a_base_the_newest_is_what_was_edited(page, rosa):
    """Imports know no base: what they bring goes on top."""
    edit = save_edit(page, Version(body="Imported."), Change(rosa), base=None)
    assert (edit.number, edit.base.number, fresh(page).body) == (4, 3, "Imported.")


def test_compare_offers_what_one_may_do(reader, page, samuel):
    url = f"{page.get_absolute_url()}compare/"
    assert "Restore revision 2" in links(reader.opens(url))
    Article.objects.filter(pk=page.pk).update(locked=True)
    assert "Restore revision 2" not in links(reader.opens(url))
    assert "Verify revision 3" not in reader.sees(url)
    fresh(page).contacts.through.objects.create(article=page, profile=samuel.profile)
    assert "Verify revision 3" in Visitor(samuel).sees(url)


def test_a_colleague_who_left_still_has_their_name_on_their_edits(reader, page, samuel):
    type(samuel).objects.filter(pk=samuel.pk).update(is_active=False)
    assert "Samuel Okafor" in reader.sees(f"{page.get_absolute_url()}history/")


def test_a_long_history_is_paged(reader):
    page, author = write("Long", "0"), UserFactory()
    for n in range(1, 52):
        revise(page, str(n), author=author)
    url = f"{page.get_absolute_url()}history/"
    first, second = (soup(reader.opens(url, page=n)).select("table.hist td.picks") for n in (1, 2))
    assert (len(first), len(second)) == (50, 2)
