"""Articles in several languages know one another, and each says how far it is behind."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from diplopedia.actions import Change, LanguageTaken, bring_back, delete, part_languages, translate
from diplopedia.models import Article, Draft, Edit
from diplopedia.versions import Version
from tests.factories import UserFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of, links, soup, words

pytestmark = pytest.mark.django_db


def languages(page: Article) -> str:
    return f"{page.get_absolute_url()}languages/"


def in_french(page: Article, title: str = "Fleuves", **change: object) -> Article:
    """Make the French version of a page as its translator would."""
    source = Article.objects.get(pk=page.pk).latest_edit
    assert source
    edit = translate(source, title, Version(body="Le Nil."), Change(author=UserFactory(), **change), "fr")
    return Article.objects.get(pk=edit.article_id)


def test_a_page_is_translated_in_the_editor_and_both_name_each_other(reader):
    page = write("Rivers", "The Nile.", kind="how-to", tags=frozenset({"water"}))
    into_french = links(reader.opens(languages(page)))["Français"]
    form = reader.form(into_french)
    assert (form["body"], form["language"], form["title"], form["tags"]) == ("The Nile.", "fr", "", "water")
    answer = reader.sends("/wiki/new/", form, title="Fleuves", body="Le Nil.", action="publish")
    french = Article.objects.get(title="Fleuves")
    assert answer["Location"] == french.get_absolute_url()
    assert (french.language, french.template, french.translated_from) == (
        "fr",
        page.template,
        page.latest_edit,
    )
    assert links(reader.opens(page.get_absolute_url()))["Fleuves"] == french.get_absolute_url()
    assert links(reader.opens(french.get_absolute_url()))["Rivers"] == page.get_absolute_url()


def test_a_translation_says_how_many_edits_it_is_behind_and_shows_them(reader):
    page = write("Rivers", "The Nile.")
    french = in_french(page)
    assert "since this one said the same" not in reader.sees(french.get_absolute_url())
    revise(page, "The Nile is long.")
    revise(page, "The Nile is very long.")
    shown = reader.opens(french.get_absolute_url())
    assert "The page in English, Rivers, has had 2 edits since this one said the same." in words(shown)
    differences = reader.opens(links(shown)["Show what changed"])
    assert "is very long" in words(differences)
    assert "2 edits behind “Rivers”" in reader.sees(languages(page))

    reader.sends(languages(french), action="current", key="k")
    assert "since this one said the same" not in reader.sees(french.get_absolute_url())
    assert "Says what revision 3 of “Rivers” says" in reader.sees(f"{french.get_absolute_url()}history/")
    assert reader.sends(languages(french), action="current", key="k").status_code == 302
    assert french.edits.count() == 2


def test_a_page_is_not_listed_among_its_own_translations(reader):
    page = write("Rivers", "The Nile.")
    assert "This page is in no other language yet." in reader.sees(languages(page))
    assert not soup(reader.opens(languages(page))).select("main .ledger")
    in_french(page)
    assert "The languages of this page" in reader.sees(languages(page))
    assert len(soup(reader.opens(languages(page))).select("main .ledger > li")) == 2


def test_two_pages_that_are_there_are_joined_and_parted(reader):
    page, french = write("Rivers", "The Nile."), in_french(write("Streams", "A brook."), "Ruisseaux")
    delete(Article.objects.get(title="Streams"), Change(author=UserFactory()))
    reader.sends(languages(french), action="part", key="a")
    joined = reader.sends(languages(french), action="join", title="rivers", language="en", key="b")
    assert joined.status_code == 302
    french.refresh_from_db()
    assert french.translated_from == page.latest_edit
    assert "Ruisseaux" in links(reader.opens(page.get_absolute_url()))
    reader.sends(languages(french), action="part", key="c")
    assert "Ruisseaux" not in links(reader.opens(page.get_absolute_url()))
    assert [edit.author for edit in french.edits.all()[:3]] == [reader.user] * 3


def test_there_is_one_page_of_each_language(reader):
    page = write("Rivers", "The Nile.")
    french = in_french(page)
    with pytest.raises(LanguageTaken):
        in_french(page, "Rivières")
    assert not Article.objects.filter(title="Rivières").exists()
    refused = reader.sends(
        "/wiki/new/",
        title="Rivières",
        body="x",
        language="fr",
        translates=page.latest_edit_id,
        action="publish",
    )
    assert (refused.status_code, Edit.objects.filter(article__title="Rivières").count()) == (422, 0)
    assert "There is a page in this language already." in words(refused)
    assert fields_of(refused)["body"] == "x"
    other = write("Lakes", "A lake.")
    refused = reader.sends(languages(other), action="join", title="Fleuves", language="fr", key="k")
    assert refused.status_code == 422
    page.refresh_from_db()
    assert french.language_set == page.language_set


def test_a_title_that_is_not_there_is_said(reader):
    page = write("Rivers", "The Nile.")
    refused = reader.sends(languages(page), action="join", title="Nulle part", language="fr", key="k")
    assert refused.status_code == 422
    assert "No page of this language has that title." in words(refused)


def test_the_same_post_twice_makes_one_translation():
    page = write("Rivers", "The Nile.")
    author = UserFactory()
    made = [
        translate(page.latest_edit, "Fleuves", Version(body="Le Nil."), Change(author=author, key="k"), "fr")
        for _ in range(2)
    ]
    assert made[0] == made[1]


# -- who may read ---------------------------------------------------------------------------------------------------


def test_a_translation_has_the_readers_of_its_source(reader, member):
    page = keep_to(write("Talks", "Tok3n.", author=member), Group.objects.get(name="Negotiators"), by=member)
    edit = translate(page.latest_edit, "Pourparlers", Version(body="Tok4n."), Change(author=member), "fr")
    french = Article.objects.get(pk=edit.article_id)
    assert french.restricted
    assert reader.opens(french.get_absolute_url()).status_code == 404


def test_what_a_reader_may_not_read_is_no_version_for_them(reader, member):
    page = write("Rivers", "The Nile.")
    french = in_french(page)
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    revise(page, "The Nile is long.", author=member)
    shown = reader.sees(french.get_absolute_url()) + reader.sees(languages(french))
    assert "Rivers" not in shown
    assert "since this one" not in shown
    lacs = in_french(write("Lakes", "A lake."), "Lacs")
    refused = reader.sends(languages(lacs), action="join", title="Rivers", language="en", key="k")
    assert "No page of this language has that title." in words(refused)
    missing = reader.opens(f"/wiki/new/?translates={page.latest_edit_id}&language=fr")
    assert "The Nile" not in missing.content.decode()


def test_a_page_for_other_readers_is_never_named_in_an_open_one(reader, member):
    page = keep_to(write("Tok3n", "x", author=member), Group.objects.get(name="Negotiators"), by=member)
    lacs = in_french(write("Lakes", "A lake."), "Lacs")
    part_languages(lacs, Change(author=member))
    refused = Visitor(member).sends(languages(lacs), action="join", title="Tok3n", language="en", key="k")
    assert "not for the same readers" in words(refused)
    assert "Tok3n" not in reader.sees(f"{lacs.get_absolute_url()}history/") + reader.sees("/changes/")
    assert page.language_set is None


@pytest.mark.parametrize("gone", ["deleted", "restricted"])
def test_a_translation_of_a_page_that_is_gone_is_refused_with_its_text(reader, member, gone):
    page = write("Talks", "Tok3n.", author=member)
    form = reader.form(links(reader.opens(languages(page)))["Français"])
    if gone == "deleted":
        delete(page, Change(author=member))
    else:
        keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    refused = reader.sends("/wiki/new/", form, title="Pourparlers", body="Bavardage.", action="publish")
    assert refused.status_code == 422
    assert "is not there any more" in words(refused)
    assert fields_of(refused)["body"] == "Bavardage."
    assert not Article.objects.filter(title="Pourparlers").exists()


def test_a_translation_that_was_a_draft_meanwhile_has_the_readers_of_its_source(reader, member):
    visitor = Visitor(member)
    page = keep_to(write("Talks", "Tok3n.", author=member), Group.objects.get(name="Negotiators"), by=member)
    form = visitor.form(links(visitor.opens(languages(page)))["Français"])
    visitor.sends("/drafts/", form, title="Pourparlers", body="Tok4n.")
    draft = Draft.objects.get()
    resumed = fields_of(visitor.client.get(draft.get_absolute_url(), follow=True))
    visitor.sends("/wiki/new/", resumed, action="publish")
    french = Article.objects.get(title="Pourparlers")
    assert french.restricted
    assert reader.opens(french.get_absolute_url()).status_code == 404


def test_a_version_that_comes_back_leaves_its_language_to_the_one_that_is_there(reader):
    page = write("Rivers", "The Nile.")
    first = in_french(page)
    author = UserFactory()
    delete(first, Change(author=author))
    second = in_french(page, "Rivières")
    bring_back(Article.objects.get(pk=first.pk), Change(author=author))
    first.refresh_from_db()
    page.refresh_from_db()
    assert (first.language_set, first.translated_from) == (None, None)
    assert second.language_set == page.language_set


def test_naming_a_page_nobody_may_read_in_the_form_translates_nothing(reader, member):
    page = keep_to(write("Talks", "Tok3n.", author=member), Group.objects.get(name="Negotiators"), by=member)
    refused = reader.sends(
        "/wiki/new/",
        title="Pourparlers",
        body="x",
        language="fr",
        translates=page.latest_edit_id,
        action="publish",
    )
    nonsense = reader.sends(
        "/wiki/new/", title="Pourparlers", body="x", language="fr", translates=999_999, action="publish"
    )
    assert refused.status_code == nonsense.status_code == 422
    assert words(refused) == words(nonsense)
    assert not Article.objects.filter(title="Pourparlers").exists()
