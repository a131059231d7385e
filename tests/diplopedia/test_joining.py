"""Two pages become one: no word, name, link or file is lost, nobody reads more than before, and it can be undone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from diplopedia.actions import (
    Change,
    NotJoinable,
    Outdated,
    Seen,
    add_alias,
    bring_back,
    check_joinable,
    delete,
    join,
    rename,
)
from diplopedia.composing import joined_text
from diplopedia.models import Alias, Article, WikiDocument, WikiImage
from discussion.actions import open_thread
from notices.actions import watch
from notices.models import Watch
from people.models import Region
from tests.factories import keep_to, revise, write
from tests.visitor import Visitor, fields_of, soup, words

pytestmark = pytest.mark.django_db


def fresh(page: Article) -> Article:
    return Article.objects.get(pk=page.pk)


def one_of(goes: Article, stays: Article, by, body: str = "Both.") -> Article:
    """Join two pages as they are now, and return the one that stays."""
    goes, stays = fresh(goes), fresh(stays)
    join(goes, stays, body, Change(by), seen=Seen(goes.latest_edit.number, stays.latest_edit.number))
    return fresh(stays)


def leads_to(visitor: Visitor, title: str) -> str:
    """Return where a link to a title leads, from a page that was written for the purpose."""
    page = Article.objects.filter(title="Probe", deleted_at=None).first() or write("Probe", "One.")
    revise(page, f"[[{title}]]")
    (link,) = soup(visitor.opens("/wiki/probe/")).select("article.text .prose a")
    return str(link["href"])


@pytest.fixture
def pages(rosa):
    """Two pages about one port; the first has another name, topics and a file."""
    place = Region.objects.get(slug="djibouti").pk
    goes = write(
        "Djibouti harbour", "A harbour.\n\n## Depth\n\nEighteen metres.\n\n## History\n\nBuilt in 1888.",
        author=rosa, tags=frozenset({"ports"}), regions=frozenset({place}),
    )  # fmt: skip
    stays = write(
        "Port of Djibouti", "A port.\n\n## History\n\nFrench first.", author=rosa, tags=frozenset({"trade"})
    )
    add_alias(goes, "Harbour of Djibouti")
    return goes, stays


def test_both_texts_are_shown_and_one_is_proposed(pages, other):
    answer = other.opens("/wiki/djibouti-harbour/join/", into="port of djibouti")
    seen = words(answer)
    assert "Eighteen metres." in seen
    assert "French first." in seen
    assert fields_of(answer)["body"].split("\n\n") == [
        "A port.", "A harbour.", "## History", "French first.", "Built in 1888.", "## Depth", "Eighteen metres.\n",
    ]  # fmt: skip


def test_the_page_that_stays_has_the_text_the_filing_and_every_name(pages, other):
    goes, stays = pages
    write("Ships", "They call at [[Djibouti harbour]] and [[Harbour of Djibouti]].")
    url = "/wiki/djibouti-harbour/join/"
    form = other.form(url, into="Port of Djibouti")
    assert other.sends(url, form, body="All of it.", summary="Same port").url == "/wiki/port-of-djibouti/"
    now = fresh(stays)
    assert now.body == "All of it."
    assert {tag.name for tag in now.tags.all()} == {"ports", "trade"}
    assert now.regions.count() == 1
    assert (now.latest_edit.kind, now.latest_edit.author, now.latest_edit.summary) == (
        "join", other.user, "Same port",
    )  # fmt: skip
    assert fresh(goes).deleted_at is not None
    for name in ("djibouti-harbour", "harbour-of-djibouti"):
        assert other.opens(f"/wiki/{name}/").url == "/wiki/port-of-djibouti/"
    assert "Ships" in other.sees("/wiki/port-of-djibouti/links/")
    assert "Built in 1888." in other.sees("/wiki/djibouti-harbour/deleted/")


def test_what_was_joined_comes_apart_again(pages, rosa, reader):
    goes, stays = pages
    one_of(goes, stays, rosa)
    bring_back(goes, Change(rosa))
    assert leads_to(reader, "Djibouti harbour") == "/wiki/djibouti-harbour/"
    assert leads_to(reader, "Harbour of Djibouti") == "/wiki/djibouti-harbour/"
    assert not stays.other_names.exists()


def test_a_name_given_by_hand_stays_when_the_other_page_comes_back(pages, rosa):
    goes, stays = pages
    add_alias(stays, "Harbour of Djibouti")
    one_of(goes, stays, rosa)
    bring_back(goes, Change(rosa))
    assert [name.title for name in stays.other_names.all()] == ["Harbour of Djibouti"]


def test_joins_in_a_row_leave_no_chain(rosa, reader):
    one, two, three = (write(title, "Text.", author=rosa) for title in ("One", "Two", "Three"))
    one_of(one, two, rosa)
    one_of(two, three, rosa)
    assert leads_to(reader, "One") == leads_to(reader, "Two") == "/wiki/three/"
    bring_back(two, Change(rosa))
    assert leads_to(reader, "One") == leads_to(reader, "Two") == "/wiki/two/"
    bring_back(one, Change(rosa))
    assert leads_to(reader, "One") == "/wiki/one/"
    assert not Alias.objects.exists()


def test_names_go_red_with_the_page_they_were_given_to(pages, rosa, reader):
    goes, stays = pages
    now = one_of(goes, stays, rosa)
    delete(now, Change(rosa))
    assert leads_to(reader, "Djibouti harbour").startswith("/wiki/new/")


def test_a_title_that_was_joined_is_free_for_another_page(pages, rosa, reader):
    goes, stays = pages
    one_of(goes, stays, rosa)
    write("Djibouti harbour", "Another one.")
    assert leads_to(reader, "Djibouti harbour") == "/wiki/djibouti-harbour-2/"


def test_a_page_renamed_to_the_name_it_was_lent_keeps_it(pages, rosa, reader):
    goes, stays = pages
    rename(one_of(goes, stays, rosa), "Djibouti harbour", Change(rosa))
    assert (
        leads_to(reader, "Djibouti harbour")
        == leads_to(reader, "Port of Djibouti")
        == "/wiki/djibouti-harbour-2/"
    )


def test_files_go_along_and_are_as_private_as_before(rosa, member, reader):
    group = Group.objects.get(name="Negotiators")
    goes, stays = (
        keep_to(write(title, "Text.", author=member), group, by=member) for title in ("One", "Two")
    )
    file = WikiDocument.objects.create(title="Annex", article=goes)
    one_of(goes, stays, member)
    assert WikiDocument.objects.readable_by(member).filter(pk=file.pk).exists()
    assert not WikiDocument.objects.readable_by(reader.user).filter(pk=file.pk).exists()


@pytest.mark.parametrize("model", [WikiDocument, WikiImage])
def test_files_come_back_with_their_page_and_are_its_readers_again(rosa, member, reader, model):
    group = Group.objects.get(name="Negotiators")
    goes, stays = (write(title, "Text.", author=member) for title in ("One", "Two"))
    size = {"width": 1, "height": 1} if model is WikiImage else {}
    theirs, ours = (model.objects.create(title=page.title, article=page, **size) for page in (goes, stays))
    one_of(goes, stays, member)
    bring_back(goes, Change(member))
    keep_to(fresh(goes), group, by=member)
    assert set(model.objects.readable_by(reader.user)) == {ours}
    one_more = write("Three", "Text.", author=member)
    one_of(stays, one_more, member)
    keep_to(fresh(one_more), group, by=member)
    assert not model.objects.readable_by(reader.user).exists()
    bring_back(stays, Change(member))
    assert set(model.objects.readable_by(reader.user)) == {ours}
    assert not model.objects.exclude(came_from=None).exists()
    assert set(model.objects.readable_by(member)) == {ours, theirs}


def test_talk_stays_where_others_read_it_since_the_one_who_brings_a_page_back_waited(
    pages, rosa, member, monkeypatch
):
    goes, stays = pages
    thread = open_thread(rosa, "article", goes.pk, "Depth", "How deep?").thread
    one_of(goes, stays, rosa)
    held: list[int] = []
    usual = Article.lock

    def lock(page: Article) -> None:
        held.append(page.pk)
        if page.pk == stays.pk and held.count(page.pk) == 1:  # somebody was before us: we waited for them
            keep_to(page, Group.objects.get(name="Negotiators"), by=member)
        usual(page)

    monkeypatch.setattr(Article, "lock", lock)
    bring_back(fresh(goes), Change(rosa))
    thread.refresh_from_db()
    assert thread.subject_pk == stays.pk
    assert held[0] == min(goes.pk, stays.pk)  # everybody holds them in this order


def test_who_watches_the_page_that_goes_watches_the_one_that_stays(pages, rosa, reader):
    goes, stays = pages
    watch(reader.user, "article", goes.pk)
    one_of(goes, stays, rosa)
    assert {one.key for one in Watch.objects.filter(user=reader.user)} == {str(goes.pk), str(stays.pk)}


def test_files_of_joins_in_a_row_come_back_to_whose_they_were(rosa):
    one, two, three = (write(title, "Text.", author=rosa) for title in ("One", "Two", "Three"))
    files = [WikiDocument.objects.create(title=page.title, article=page) for page in (one, two, three)]
    one_of(one, two, rosa)
    one_of(two, three, rosa)

    def held() -> list[str]:
        return [WikiDocument.objects.get(pk=file.pk).article.title for file in files]

    assert held() == ["Three", "Three", "Three"]
    bring_back(two, Change(rosa))
    assert held() == ["Two", "Two", "Three"]
    bring_back(one, Change(rosa))
    assert held() == ["One", "Two", "Three"]


def test_pages_with_different_readers_are_never_joined(pages, member):
    goes, _stays = pages
    group = Group.objects.get(name="Negotiators")
    secret = keep_to(write("Secret", "Hush.", author=member), group, by=member)
    for one, another in ((goes, secret), (secret, goes)):
        with pytest.raises(NotJoinable, match="different readers"):
            one_of(one, another, member)
    answer = Visitor(member).opens("/wiki/djibouti-harbour/join/", into="Secret")
    assert "different readers" in words(answer)
    assert answer.status_code == 422


def test_a_page_one_may_not_read_is_none_to_join_with(pages, member, other):
    secret = write("Secret", "Hush.", author=member)
    before = words(other.opens("/wiki/djibouti-harbour/join/", into="Nowhere"))
    keep_to(secret, Group.objects.get(name="Negotiators"), by=member)
    assert words(other.opens("/wiki/djibouti-harbour/join/", into="Secret")) == before.replace(
        "Nowhere", "Secret"
    )


def test_a_protected_page_is_joined_by_administrators_only(pages, other):
    Article.objects.filter(pk=pages[1].pk).update(locked=True)
    assert other.opens("/wiki/djibouti-harbour/join/", into="Port of Djibouti").status_code == 403


def test_a_page_is_not_joined_with_itself(pages, other):
    with pytest.raises(NotJoinable):
        check_joinable(pages[0], pages[0])
    assert "the page itself" in words(other.opens("/wiki/djibouti-harbour/join/", into="Harbour of Djibouti"))


@pytest.mark.parametrize("changed", [0, 1])
def test_a_text_written_past_a_newer_edit_is_kept_and_asked_about(pages, other, rosa, changed):
    url = "/wiki/djibouti-harbour/join/"
    form = other.form(url, into="Port of Djibouti")
    revise(pages[changed], "Newer.", author=rosa)
    answer = other.sends(url, form, body="Two hours of work.")
    assert "meanwhile" in words(answer)
    assert "Newer." in words(answer)
    again = fields_of(answer)
    assert again["body"] == "Two hours of work."
    assert other.sends(url, again).status_code == 302
    assert fresh(pages[1]).body == "Two hours of work."


def test_a_double_click_is_one_merge(pages, other):
    url = "/wiki/djibouti-harbour/join/"
    form = other.form(url, into="Port of Djibouti") | {"body": "All of it."}
    for _click in range(2):
        assert other.sends(url, form).url == "/wiki/port-of-djibouti/"
    assert pages[1].edits.count() == 2
    answer = other.sends(url, form, body="More of it.")
    assert (answer.status_code, fields_of(answer)["body"]) == (404, "More of it.")


@pytest.mark.parametrize("gone", ["goes", "merged", "stays", "protected", "restricted"])
def test_a_text_for_a_page_that_somebody_took_away_meanwhile_is_shown(pages, other, rosa, member, gone):
    goes, stays = pages
    url = "/wiki/djibouti-harbour/join/"
    form = other.form(url, into="Port of Djibouti")
    if gone == "merged":
        one_of(goes, stays, rosa)
    elif gone == "protected":
        Article.objects.filter(pk=stays.pk).update(locked=True)
    elif gone == "restricted":
        keep_to(goes, Group.objects.get(name="Negotiators"), by=member)
    else:
        delete(fresh(goes if gone == "goes" else stays), Change(rosa))
    answer = other.sends(url, form, body="Two hours of work.")
    assert answer.status_code in {403, 404, 422}
    assert fields_of(answer)["body"] == "Two hours of work."
    assert other.sends(url, form, body=" ").status_code in {403, 404, 422}


def test_joining_twice_is_once(pages, other, rosa):
    goes, stays = pages
    change = Change(rosa, key="k" * 20)
    first, second = (join(goes, stays, "Both.", change, seen=Seen(1, 1)) for _ in range(2))
    assert first == second
    assert stays.edits.count() == 2
    with pytest.raises(Outdated):
        join(goes, stays, "Again.", Change(rosa), seen=Seen(2, 2))


@pytest.mark.parametrize(
    ("text", "other", "joined"),
    [
        ("One.", "One.", "One.\n"),
        ("One.", "", "One.\n"),
        ("", "Two.", "Two.\n"),
        ("One.", "Two.", "One.\n\nTwo.\n"),
        ("## A\n\nOne.", "## a\n\nTwo.", "## A\n\nOne.\n\nTwo.\n"),
        ("## A\n\n### B\n\nOne.\n\n## C", "## A\n\n### D\n\nTwo.", "## A\n\n### D\n\nTwo.\n\n### B\n\nOne.\n\n## C\n"),
        ("One.", "## A\n\nTwo.[^n]\n\n[^n]: Note.\n    More.\n\n## B\n\nThree.",
         "One.\n\n## A\n\nTwo.[^n]\n\n## B\n\nThree.\n\n[^n]: Note.\n    More.\n"),
        ("One.[^1]\n\n[^1]: Mine.", "Two.[^1]\n\n[^1]: Theirs.",
         "One.[^1]\n\n[^1]: Mine.\n\nTwo.[^1-2]\n\n[^1-2]: Theirs.\n"),
    ],
)  # fmt: skip
def test_a_proposal_holds_everything_that_either_says(text, other, joined):
    assert joined_text(text, other) == joined
