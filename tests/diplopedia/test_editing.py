"""Writing: two clicks from an article to a saved one, and nothing ever lost on the way."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError
from django.test import Client

from diplopedia.models import Article, ArticleTemplate, Edit
from diplopedia.versions import Version
from people.models import Region
from tests.factories import MemberFactory, keep_to, write
from tests.visitor import Visitor, fields_of, links, soup, words

pytestmark = pytest.mark.django_db


def edits(page: Article) -> list[tuple[int, str, str]]:
    """Return number, kind and summary of each edit, oldest first."""
    return list(page.edits.order_by("number").values_list("number", "kind", "summary"))


def body_of(page: Article) -> str:
    return Article.objects.get(pk=page.pk).body


# -- the ordinary way ---------------------------------------------------------------------------------------------


def test_two_clicks_and_only_the_text(reader, rosa):
    page = write("Djibouti", "One.")
    edit_link = links(reader.opens(page.get_absolute_url()))["Edit"]
    response = reader.publishes(edit_link, body="Two.")
    assert urlsplit(response.url).path == page.get_absolute_url()
    page.refresh_from_db()
    assert (page.body, page.latest_edit.author, page.latest_edit.number) == ("Two.", rosa, 2)
    assert "Two." in reader.sees(response.url)


def test_the_text_is_the_only_field_that_must_be_sent(reader):
    page = write("Djibouti", "One.", kind="country-profile")
    assert reader.sends(f"{page.get_absolute_url()}edit/", body="Two.").status_code == 302
    assert body_of(page) == "Two."


def test_a_form_sent_untouched_keeps_everything_and_makes_no_edit(reader, rosa):
    page = write(
        "Djibouti",
        "One, two.\n\n- a\n- b\n",
        kind="country-profile",
        facts={"capital": "Djibouti City", "unasked": "kept"},
        tags=frozenset({"Ports", "Red Sea"}),
        regions=frozenset({Region.objects.get(slug="djibouti").pk}),
        contacts=frozenset({rosa.profile.pk}),
    )
    assert reader.publishes(f"{page.get_absolute_url()}edit/").status_code == 302
    assert len(edits(page)) == 1
    reader.publishes(f"{page.get_absolute_url()}edit/", body="Changed.")
    page = Article.objects.get(pk=page.pk)
    assert page.facts == {"capital": "Djibouti City", "unasked": "kept"}
    assert {tag.name for tag in page.tags.all()} == {"Ports", "Red Sea"}
    assert [region.slug for region in page.regions.all()] == ["djibouti"]
    assert [contact.user for contact in page.contacts.all()] == [rosa]


def test_summary_and_minor_are_kept(reader):
    page = write()
    reader.publishes(f"{page.get_absolute_url()}edit/", body="Two.", summary="  Spelling \n ", minor="on")
    edit = page.edits.get(number=2)
    assert (edit.summary, edit.minor, edit.size, edit.delta) == ("Spelling", True, 4, 4 - len(page.body))


def test_fields_of_the_form_are_saved(reader, samuel):
    page = write("Djibouti", "One.", kind="country-profile")
    reader.publishes(
        f"{page.get_absolute_url()}edit/",
        fact_capital="Djibouti City",
        tags="Ports, Red Sea,, ports",
        regions=[str(Region.objects.get(slug="djibouti").pk)],
        contacts="@samuel.okafor",
    )
    page = Article.objects.get(pk=page.pk)
    assert page.facts == {"capital": "Djibouti City"}
    assert {tag.name for tag in page.tags.all()} == {"Ports", "Red Sea"}
    assert [contact.user for contact in page.contacts.all()] == [samuel]
    reader.publishes(f"{page.get_absolute_url()}edit/", fact_capital="", tags="", regions=[], contacts="")
    page = Article.objects.get(pk=page.pk)
    assert (page.facts, page.tags.count(), page.regions.count(), page.contacts.count()) == ({}, 0, 0, 0)
    assert len(edits(page)) == 3


def test_a_form_needs_its_token():
    page, member = write(), MemberFactory()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    for place in ("edit", "rename", "access", "delete", "verify", "names", "history/1/restore"):
        assert strict.post(f"{page.get_absolute_url()}{place}/", {"body": "x"}).status_code == 403, place
    assert strict.post("/wiki/new/", {"title": "T", "body": "x"}).status_code == 403


# -- before saving ------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_page_and_saves_nothing(reader):
    page = write("Djibouti", "One.")
    write("Addis Ababa", "A city.")
    url = f"{page.get_absolute_url()}edit/"
    response = reader.sends(
        url, reader.form(url), body="**Bold** to [[Addis Ababa]].", action="preview", summary="Why"
    )
    tree = soup(response)
    assert tree.select_one(".prose strong").get_text() == "Bold"
    assert tree.select_one(".prose a")["href"] == "/wiki/addis-ababa/"
    assert len(edits(page)) == 1
    assert reader.sends(url, fields_of(response), action="publish").status_code == 302
    assert body_of(page) == "**Bold** to [[Addis Ababa]]."
    assert edits(page)[-1][2] == "Why"


def test_changes_so_far_are_shown_and_not_saved(reader):
    page = write("Djibouti", "The first word.", kind="country-profile")
    url = f"{page.get_absolute_url()}edit/"
    response = reader.sends(
        url, reader.form(url), body="The last word.", fact_capital="Here", action="changes"
    )
    assert {tag.get_text() for tag in soup(response).select("table.diff ins")} == {"last"}
    assert "Capital" in words(response)
    assert len(edits(page)) == 1


def test_the_live_preview_is_a_fragment(reader):
    response = reader.sends("/wiki/preview/", body="*Word* [[Missing]]", language="en")
    assert response.status_code == 200
    assert b"<html" not in response.content
    assert soup(response).select_one("em").get_text() == "Word"
    assert soup(response).select_one("a.wanted")
    assert reader.opens("/wiki/preview/").status_code == 405


def test_one_section_is_edited_and_the_rest_stays(reader):
    page = write("Djibouti", "Lead.\n\n## One\n\nFirst.\n\n### Below\n\nDeep.\n\n## Two\n\nSecond.\n")
    url = f"{page.get_absolute_url()}edit/"
    tree = soup(reader.opens(page.get_absolute_url()))
    assert [a["href"] for a in tree.select(".prose a[href*='section=']")] == [
        f"{url}?section=1",
        f"{url}?section=3",
    ]
    form = reader.form(url, section=1)
    assert form["body"] == "## One\n\nFirst.\n\n### Below\n\nDeep."
    assert reader.sends(url, form, body="## One\n\nChanged.", action="publish").status_code == 302
    assert body_of(page) == "Lead.\n\n## One\n\nChanged.\n\n## Two\n\nSecond.\n"


def test_a_section_keeps_its_place_when_somebody_adds_another_before_it(reader, other):
    page = write("Djibouti", "Lead.\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url, section=2)
    other.publishes(url, body="Lead.\n\n## Zero\n\nNought.\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n")
    assert reader.sends(url, form, body="## Two\n\nChanged.", action="publish").status_code == 302
    assert body_of(page) == "Lead.\n\n## Zero\n\nNought.\n\n## One\n\nFirst.\n\n## Two\n\nChanged."


# -- a new page ---------------------------------------------------------------------------------------------------


def test_a_red_link_begins_its_page(reader, rosa):
    page = write("Djibouti", "See [[Port of Berbera]].")
    begin = links(reader.opens(page.get_absolute_url()))["Port of Berbera"]
    form = soup(reader.opens(begin)).select_one("main form")
    asked = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    response = reader.publishes(f"/wiki/new/?title={asked['title']}&kind=plain", body="A port.")
    assert response.url == "/wiki/port-of-berbera/"
    written = Article.objects.get(wiki_slug="port-of-berbera")
    assert (written.title, written.template) == ("Port of Berbera", None)
    assert edits(written) == [(1, "create", "")]
    assert written.latest_edit.author == rosa


def test_every_kind_begins_with_its_outline_and_publishes_as_it_is(reader):
    for kind in ArticleTemplate.objects.all():
        form = reader.form("/wiki/new/", kind=kind.slug, title=f"A {kind.name}")
        assert form["body"].strip() == kind.outline.strip()
        body = form["body"] or "Text."
        assert reader.sends("/wiki/new/", form, body=body, action="publish").status_code == 302, kind
        assert Article.objects.get(title=f"A {kind.name}").template == kind


def test_a_new_page_is_previewed_and_pages_like_it_are_named(reader):
    write("Port of Djibouti", "x")
    form = reader.form("/wiki/new/", title="Djibouti harbour", kind="plain")
    response = reader.sends("/wiki/new/", form, body="*Word*", action="preview")
    assert soup(response).select_one(".prose em")
    assert not Article.objects.filter(title="Djibouti harbour").exists()
    assert "Port of Djibouti" in links(reader.opens("/wiki/new/", title="Djibouti harbour", kind="plain"))


def test_pages_like_it_leave_out_what_one_may_not_read(reader):
    member = MemberFactory()
    keep_to(write("Port of Djibouti", "x", author=member), Group.objects.get(name="Negotiators"), by=member)
    assert "Port of Djibouti" not in words(reader.opens("/wiki/new/", title="Djibouti harbour", kind="plain"))
    assert "Port of Djibouti" in words(
        Visitor(member).opens("/wiki/new/", title="Djibouti harbour", kind="plain")
    )


def test_a_page_in_another_language_may_have_the_same_title(reader):
    write("Berlin", "A city.")
    form = reader.form("/wiki/new/", title="Berlin", kind="plain", language="fr")
    assert (
        reader.sends("/wiki/new/", form, body="Une ville.", language="fr", action="publish").status_code
        == 302
    )
    assert sorted(Article.objects.values_list("wiki_slug", "language")) == [
        ("berlin", "en"),
        ("berlin-2", "fr"),
    ]


def test_reserved_words_are_not_addresses(reader):
    for title in ("New", "Kinds", "Random", "Wanted", "Case studies"):
        response = reader.publishes(f"/wiki/new/?title={title}&kind=plain", body="Text.")
        assert reader.opens(response.url).status_code == 200
        assert title in reader.sees(response.url)
        assert response.url.endswith("-2/")


# -- refusals that keep the text ----------------------------------------------------------------------------------


def refused(response: Any, body: str, status: int = 422) -> str:
    """Check that the editor came back with the text, and return what stood in the way."""
    assert response.status_code == status
    assert fields_of(response)["body"] == body
    return " ".join(row.get_text(" ") for row in soup(response).select(".errorlist"))


def begin(visitor: Visitor, title: str, body: str = "My long text.") -> Any:
    form = visitor.form("/wiki/new/", title="x", kind="plain")
    return visitor.sends("/wiki/new/", form, title=title, body=body, action="publish")


def test_a_taken_title_is_refused_in_the_same_words_whether_or_not_one_may_read_its_holder(reader):
    member = MemberFactory()
    write("Open page", "x")
    keep_to(write("Kept page", "x", author=member), Group.objects.get(name="Negotiators"), by=member)
    said = [refused(begin(reader, title), "My long text.") for title in ("OPEN  page", "kept Page")]
    assert said[0] == said[1]
    assert "not available" in said[0]
    page = write("Mine", "x")
    renamed = [
        reader.publishes(f"{page.get_absolute_url()}rename/", title=t) for t in ("Open page", "Kept page")
    ]
    assert "not available" in words(renamed[0])
    assert words(renamed[0]).replace("Open page", "…") == words(renamed[1]).replace("Kept page", "…")


def test_the_title_of_a_deleted_page_is_free_again(reader):
    old = write("Djibouti", "x")
    reader.publishes(f"{old.get_absolute_url()}delete/")
    response = begin(reader, "Djibouti", "Another.")
    assert response.url == "/wiki/djibouti-2/"
    assert reader.opens(response.url).status_code == 200


@pytest.mark.parametrize(
    "title", ["", " \t ", "…", "---", "a[b]", "x|y", "C#", "\x00", "x" * 201, "\u200b", "\x01\x02"]
)
def test_an_unusable_title_is_refused_and_the_text_kept(reader, title):
    assert refused(begin(reader, title), "My long text.")
    assert not Article.objects.exists()


def test_an_unseen_character_leaves_a_title(reader):
    begin(reader, "A\x07b\u202ec\x1b\x00 d")
    assert Article.objects.get().title == "Abc d"


def test_a_title_that_grows_in_small_letters_is_refused(reader):
    assert "Shorten it" in refused(begin(reader, "ﬃ" * 200), "My long text.")


@pytest.mark.parametrize(
    "title",
    ["A.B", "Ärger & Co. (2019)", "北京", "İstanbul", "مصر", "100 %", "o’Neil", "a/b", "é" * 180, "🎉 1"],
)
def test_titles_of_every_script_have_an_address(reader, title):
    response = begin(reader, title)
    assert reader.opens(response.url).status_code == 200
    assert Article.objects.get().title == title
    assert reader.publishes(f"{response.url}rename/", title=f"{title} renamed").status_code == 302


def test_no_text_is_refused_with_the_cure(reader):
    page = write("Djibouti", "One.")
    for body in ("", "  \n \n"):
        assert "delete it" in refused(reader.publishes(f"{page.get_absolute_url()}edit/", body=body), body)
    assert body_of(page) == "One."


def test_five_megabytes_are_refused_kindly_and_kept(reader):
    page = write("Djibouti", "One.")
    body = "A line of words that goes on.\n" * (5_000_000 // 30)
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url)
    began = time.process_time()
    response = reader.sends(url, form, body=body, action="publish")
    took = time.process_time() - began
    assert response.status_code == 422
    assert "Split it into several pages" in words(response)
    assert response.content.count(b"A line of words that goes on.") >= 5_000_000 // 30
    assert took < 10, "a text that is refused for its size is not worked on"
    assert body_of(page) == "One."


BOMBS = {
    "brackets": "[" * 20_000,
    "links": "[a](" * 20_000,
    "pictures": "![" * 20_000,
    "emphasis": "*a " * 20_000,
    "nested lists": "".join("  " * n + "- x\n" for n in range(300)),
    "quotations": ">" * 5_000 + " x",
    "ticks": "".join("`" * n + " " for n in range(1, 400)),
    "html": "<a " * 20_000,
    "entities": "&" * 50_000,
    "tables": "|" * 30_000 + "\n" + "|-" * 15_000 + "\n" + "|" * 30_000,
    "footnotes": "".join(f"[^{n}]: x[^{n + 1}]\n" for n in range(3_000)),
    "definitions": "".join(f"[{n}]: /x\n" for n in range(5_000)) + "[1]" * 5_000,
    "wiki links": "[[" * 20_000,
    "headings": "# x\n" * 12_000,
}


@pytest.mark.rendering
@pytest.mark.parametrize("name", BOMBS)
def test_a_text_made_to_take_long_is_refused_or_saved_soon(reader, name):
    body = BOMBS[name]
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url)
    began = time.process_time()
    response = reader.sends(url, form, body=body, action="publish")
    took = time.process_time() - began
    assert response.status_code in {302, 422}
    assert took < 10
    if response.status_code == 422:
        assert refused(response, body.replace("\n", "\n"))
        assert body_of(page) == "One."
    else:
        assert reader.opens(page.get_absolute_url()).status_code == 200
    assert reader.sends("/wiki/preview/", body=body).status_code == 200


def test_nul_and_other_control_characters_leave_the_text_and_break_nothing(reader):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    reader.publishes(url, body="A\x00b\x07c\r\nd\u2028e", summary="s\x07")
    assert body_of(page) == "Abc\nd\ne"
    assert reader.sends("/wiki/preview/", body="A\x00b").status_code == 200
    reader.publishes(url, body="Kept.", summary="a\x00b")
    assert Article.objects.get(pk=page.pk).latest_edit.summary == "ab"
    refused(reader.publishes(url, body="Kept.", contacts="a\x00b"), "Kept.")
    reader.publishes(url, tags="a\x00b")
    assert [tag.name for tag in Article.objects.get(pk=page.pk).tags.all()] == ["ab"]
    assert reader.sends("/wiki/new/", title="a\x00b", kind="\x00", body="x").status_code == 422
    assert reader.opens("/search/?q=%00").status_code == 400
    assert reader.sends(f"{page.get_absolute_url()}names/", title="a\x00b").status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tags", "!!!"),
        ("tags", "🎉"),
        ("tags", "x" * 101),
        ("contacts", "nobody.here"),
        ("contacts", "<script>"),
        ("regions", "999999999"),
        ("regions", "x"),
        ("base", "-1"),
        ("base", "99999999999999"),
        ("base", "x"),
        ("section", "-1"),
        ("section", "x"),
        ("key", "k" * 65),
        ("summary", "s" * 301),
    ],
)
def test_a_strange_field_is_refused_and_the_text_kept(reader, field, value):
    page = write("Djibouti", "One.")
    assert refused(reader.publishes(f"{page.get_absolute_url()}edit/", body="Two.", **{field: value}), "Two.")
    assert body_of(page) == "One."


def test_numbers_in_addresses_may_be_anything(reader):
    page = write("Djibouti", "One.")
    for number in ("abc", "-1", "0", "99999999999999", "1.5", "", "١", "1e9"):
        url = page.get_absolute_url()
        assert reader.opens(f"{url}edit/", section=number).status_code == 200
        assert reader.opens(f"{url}compare/", **{"from": number, "to": number}).status_code == 200
    assert reader.opens(f"{url}compare/?from=x&to=99999999999999").status_code == 200
    for number in ("0", "2", "99999999999999999999"):
        assert reader.opens(f"{url}history/{number}/").status_code == 404
        assert reader.opens(f"{url}history/{number}/restore/").status_code == 404


def test_a_protected_page_is_not_saved_and_says_why(reader, administrator):
    page = write("Djibouti", "One.")
    Article.objects.filter(pk=page.pk).update(locked=True)
    url = page.get_absolute_url()
    assert "Edit" not in links(reader.opens(url))
    assert "protected" in reader.sees(f"{url}edit/")
    for place in ("edit", "rename", "access", "delete", "names", "history/1/restore"):
        response = reader.sends(f"{url}{place}/", body="Two.", title="Two", summary="x")
        assert response.status_code == 403, place
    assert (body_of(page), len(edits(page))) == ("One.", 1)
    assert Visitor(administrator).publishes(f"{url}edit/", body="Two.").status_code == 302


def test_a_page_that_goes_while_one_writes_keeps_the_text(reader):
    """Between opening the request and holding the row: the page is kept to others."""
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url)

    def kept_to_others(*_args: Any) -> Version:
        Article.objects.filter(pk=page.pk).update(restricted=True)
        return Version.of(page)

    with mock.patch("diplopedia.views.editing.begun_from", kept_to_others):
        response = reader.sends(url, form, body="Two.", action="publish")
    assert "no such page any more" in refused(response, "Two.", 409)
    assert body_of(page) == "One."


# -- once ---------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_edit(reader):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url) | {"body": "Two.", "action": "publish"}
    first, second = reader.sends(url, form), reader.sends(url, form)
    assert first.url == second.url
    assert len(edits(page)) == 2
    new = reader.form("/wiki/new/", title="Port", kind="plain") | {"body": "A port.", "action": "publish"}
    assert reader.sends("/wiki/new/", new).url == reader.sends("/wiki/new/", new).url == "/wiki/port/"
    assert Article.objects.filter(title="Port").count() == 1


def test_the_same_form_sent_again_after_somebody_elses_edit_asks_nothing_and_undoes_nothing(reader, other):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url) | {"body": "Two.", "action": "publish"}
    reader.sends(url, form)
    other.publishes(url, body="Three.")
    assert reader.sends(url, form).status_code == 302
    assert (body_of(page), len(edits(page))) == ("Three.", 3)


def test_another_text_sent_with_the_same_form_is_not_lost(reader):
    page = write("Djibouti", "One.\n\nLast.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url) | {"action": "publish"}
    reader.sends(url, form, body="Two.\n\nLast.")
    again = reader.sends(url, form, body="Two.\n\nLast.\n\nMore.")
    assert again.status_code == 302
    assert body_of(page) == "Two.\n\nLast.\n\nMore."
    new = reader.form("/wiki/new/", title="Port", kind="plain") | {"action": "publish"}
    reader.sends("/wiki/new/", new, body="A port.")
    assert refused(reader.sends("/wiki/new/", new, body="A port, and more."), "A port, and more.")


def test_the_key_of_anothers_form_makes_ones_own_edit(reader, other, rosa, samuel):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form = reader.form(url) | {"body": "Two.", "action": "publish"}
    reader.sends(url, form)
    response = other.sends(url, form, base="2", body="Three.")
    assert response.status_code == 302
    assert list(page.edits.order_by("number").values_list("author", flat=True))[1:] == [rosa.pk, samuel.pk]


def test_every_other_form_sent_twice_acts_once(rosa):
    member = MemberFactory()
    visitor, page = Visitor(member), write("Djibouti", "One.", author=member)
    url = page.get_absolute_url()
    group = str(Group.objects.get(name="Negotiators").pk)
    access = visitor.form(f"{url}access/") | {"groups": [group]}
    assert [visitor.sends(f"{url}access/", access).status_code for _ in range(2)] == [302, 302]
    rename = visitor.form(f"{url}rename/") | {"title": "Another"}
    assert visitor.sends(f"{url}rename/", rename).status_code == 302
    url = "/wiki/another/"
    restore = visitor.form(f"{url}history/1/restore/")
    visitor.publishes(f"{url}edit/", body="Two.")
    restore = visitor.form(f"{url}history/1/restore/")
    assert [visitor.sends(f"{url}history/1/restore/", restore).status_code for _ in range(2)] == [302, 302]
    kinds = [kind for _n, kind, _summary in edits(page)]
    assert kinds == ["create", "access", "rename", "edit", "revert"]


# -- when the database is busy ------------------------------------------------------------------------------------


def test_a_busy_database_keeps_the_text(reader):
    page = write("Djibouti", "One.")
    url = f"{page.get_absolute_url()}edit/"
    form, new = reader.form(url), reader.form("/wiki/new/", title="Port", kind="plain")
    busy = OperationalError("database is locked")
    with mock.patch("diplopedia.actions.save_edit", side_effect=busy):
        response = reader.sends(url, form, body="Two.", action="publish")
    assert "database is busy" in refused(response, "Two.", 503)
    with mock.patch("diplopedia.actions.create_article", side_effect=busy):
        response = reader.sends("/wiki/new/", new, body="A port.", action="publish")
    assert "database is busy" in refused(response, "A port.", 503)
    assert len(edits(page)) == 1
    assert reader.sends(url, fields_of(response) | form, body="Two.", action="publish").status_code == 302


def test_a_busy_database_while_reading_is_said_with_a_status_to_try_again(reader):
    page = write()
    with mock.patch("diplopedia.views.reading.related", side_effect=OperationalError("database is locked")):
        response = reader.opens(page.get_absolute_url())
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_a_failure_in_the_middle_of_a_save_leaves_nothing_half_done(reader):
    page = write("Djibouti", "One.")
    reader.client.raise_request_exception = False
    for step in ("link", "publish", "outbox.enqueue"):
        with mock.patch(f"diplopedia.actions.saving.{step}", side_effect=RuntimeError("power")):
            assert reader.publishes(f"{page.get_absolute_url()}edit/", body="Two.").status_code == 500
            assert begin(reader, "Port").status_code == 500
        assert (body_of(page), Edit.objects.count(), Article.objects.count()) == ("One.", 1, 1), step
        assert page.get_latest_revision().content["body"] == "One."


def test_too_many_tags_are_counted_and_none_is_cut_off(reader):
    page = write()
    url, many = (
        f"{page.get_absolute_url()}edit/",
        ", ".join(f"a long tag with number {n}" for n in range(101)),
    )
    answer = reader.publishes(url, tags=many)
    assert answer.status_code == 422
    assert "These are 101; there may be 100, with commas between them." in words(answer)
    assert fields_of(answer)["tags"] == many
    assert not soup(answer).select_one("[name=tags]").has_attr("maxlength")
    assert reader.publishes(url, tags=many.rpartition(",")[0]).status_code == 302


def test_titles_and_summaries_lose_what_no_page_may_hold(reader):
    form = reader.form("/wiki/new/", kind="plain", title="x")
    answer = reader.sends(
        "/wiki/new/", form, title="Port\x00 of\x07 Accra", summary="a\x00b", body="One.", action="publish"
    )
    assert answer.status_code == 302
    assert Article.objects.get(title="Port of Accra").edits.get().summary == "ab"
