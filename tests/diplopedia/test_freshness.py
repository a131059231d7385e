"""Articles are kept as they were shown; whatever they show that changes is seen at the very next request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from taggit.models import Tag

from diplopedia import actions, kept
from diplopedia.actions import Change, add_alias, verify
from diplopedia.models import Article, ArticleTemplate
from diplopedia.versions import Version
from people.models import Assignment, Expertise, Office, Post, Region, User
from search import outbox
from search.engines import SearchUnavailable, engine
from search.models import MOST_TRIES, Mark, Outbox
from tests.factories import OfficeFactory, UserFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of

pytestmark = pytest.mark.django_db

BODY = (
    "Ships call at [[Port of Djibouti]] and at [[Port of Assab]]. Ask [[@ana.silva]].\n\n"
    "## Talks\n\nSee [[Red Sea talks]]."
)


class Scene(NamedTuple):
    """An article with everything that an article shows."""

    page: Article
    port: Article
    talks: Article
    author: User
    ana: User
    job: Assignment
    known: Expertise
    office: Office
    group: Group


def settle() -> None:
    """Bring the search up to date: nothing that changed is unseen."""
    outbox.drain(wait=10)
    assert outbox.freshness()


@pytest.fixture(scope="module", autouse=True)
def search_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A search index that takes changes."""
    with override_settings(SEARCH_URL=f"tantivy://{tmp_path_factory.mktemp('search')}/index"):
        with engine().rebuild() as new, new.swapping():
            pass
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def scene(member: User) -> Scene:
    author = UserFactory(first_name="Wanda", last_name="Writer")
    ana = UserFactory(first_name="Ana", last_name="Silva", username="ana.silva")
    served = UserFactory(first_name="Saba", last_name="Served")
    expert = UserFactory(first_name="Eskil", last_name="Expert")
    country = Region.objects.get(name="Djibouti")
    post = Post.objects.create(city="Djibouti City", slug="embassy-djibouti-city", country=country)
    job = Assignment.objects.create(
        profile=served.profile,
        post=post,
        title="Attaché",
        started=dt.date(2019, 8, 1),
        ended=dt.date(2022, 8, 1),
    )
    known = Expertise.objects.create(profile=expert.profile, region=country, depth=3)
    office = OfficeFactory(name="Horn Desk")
    port = write("Port of Djibouti", "Deep water.", author=author, tags=frozenset({"Harbours"}))
    talks = write("Red Sea talks", "Secret.", author=member)
    page = write(
        "Djibouti Post",
        BODY,
        author=author,
        kind="country-profile",
        facts={"capital": "Djibouti City"},
        tags=frozenset({"Harbours"}),
        regions=frozenset({country.pk}),
        contacts=frozenset({ana.profile.pk}),
    )
    Article.objects.filter(pk=page.pk).update(office=office)
    verify(page, author, page.edits.get(number=1))
    return Scene(page, port, talks, author, ana, job, known, office, member.groups.get())


@pytest.fixture
def readers(member: User, outsider: User) -> dict[str, Visitor]:
    return {"member": Visitor(member), "outsider": Visitor(outsider)}


def address(scene: Scene) -> str:
    """Return where the page is, without the database's help."""
    return scene.page.get_absolute_url()


def shows(visitor: Visitor, scene: Scene) -> str:
    """Return the page as it is sent."""
    response = visitor.opens(address(scene))
    assert response.status_code == 200
    return response.content.decode()


def warm(readers: dict[str, Visitor], scene: Scene) -> dict[str, str]:
    """Let everybody read the page, so that it is kept; return what they see."""
    settle()
    for visitor in readers.values():
        shows(visitor, scene)
    with mock.patch.object(kept.cache, "set", side_effect=AssertionError("was not kept")):
        return {name: shows(visitor, scene) for name, visitor in readers.items()}


# -- every change shows ---------------------------------------------------------------------------------------


def rename_row(row: Tag | Region | ArticleTemplate | Office | Group, name: str) -> None:
    row.name = name
    row.save()


def rename_ana(scene: Scene) -> None:
    profile = scene.ana.profile
    profile.preferred_name = "Anabela Silveira"
    profile.save()


def rename_author(scene: Scene) -> None:
    scene.author.last_name = "Rewriter"
    scene.author.save()


def relabel_fact(scene: Scene) -> None:
    field = scene.page.template.fields.get(key="capital")
    field.label = "Seat of government"
    field.save()


def hide(fact: Assignment | Expertise) -> None:
    fact.audience = "me"
    fact.save()


def protect(scene: Scene) -> None:
    page = Article.objects.get(pk=scene.page.pk)
    page.locked = True
    page.save(clean=False)


def leave(scene: Scene) -> None:
    scene.ana.is_active = False
    scene.ana.save()


CHANGES: dict[str, tuple[Callable[[Scene], object], str, str]] = {
    "its text": (lambda s: revise(s.page, "Whales pass."), "Ships call", "Whales pass"),
    "a linked page's title": (
        lambda s: actions.rename(s.port, "Harbour of Djibouti", Change(author=s.author)),
        'href="/wiki/port-of-djibouti/',
        'href="/wiki/harbour-of-djibouti/',
    ),
    "a linked page deleted": (
        lambda s: actions.delete(s.port, Change(author=s.author)),
        'href="/wiki/port-of-djibouti/',
        "title=Port+of+Djibouti",
    ),
    "a wanted page written": (
        lambda s: write("Port of Assab", "Across the border.", author=s.author),
        "title=Port+of+Assab",
        'href="/wiki/port-of-assab/',
    ),
    "another name": (lambda s: add_alias(s.page, "Ambouli camp"), "", "Ambouli camp"),
    "a tag's name": (
        lambda s: rename_row(Tag.objects.get(name="Harbours"), "Havens"),
        ">Harbours<",
        ">Havens<",
    ),
    "a region's name": (
        lambda s: rename_row(Region.objects.get(name="Djibouti"), "Jibuti"),
        ">Djibouti</a>",
        ">Jibuti</a>",
    ),
    "its office's name": (
        lambda s: rename_row(s.office, "Bab el-Mandeb Desk"),
        "Horn Desk",
        "Bab el-Mandeb Desk",
    ),
    "its kind's name": (lambda s: rename_row(s.page.template, "Land page"), "Country page", "Land page"),
    "a fact's label": (relabel_fact, "<dt>Capital", "<dt>Seat of government"),
    "a contact's name": (rename_ana, ">Ana Silva<", ">Anabela Silveira<"),
    "its author's name": (rename_author, "Wanda Writer", "Wanda Rewriter"),
    "an assignment hidden": (lambda s: hide(s.job), "Saba Served", ""),
    "an expertise hidden": (lambda s: hide(s.known), "Eskil Expert", ""),
    "an assignment removed": (lambda s: s.job.delete(), "Saba Served", ""),
    "a contact gone": (leave, "Contact for this page", ""),
    "another page links here": (
        lambda s: write("Camels", "Seen near [[Djibouti Post]].", author=s.author),
        'Links here <span class="num">0<',
        'Links here <span class="num">1<',
    ),
    "another page of its region": (
        lambda s: write(
            "Lac Assal",
            "Salt.",
            author=s.author,
            regions=frozenset(s.page.regions.values_list("pk", flat=True)),
        ),
        "",
        ">Lac Assal</a>",
    ),
    "protected": (protect, 'href="/wiki/djibouti-post/edit/"', ""),
    "verified again": (
        lambda s: verify(s.page, s.ana, s.page.edits.get(number=1), timezone.now() - dt.timedelta(days=400)),
        "",
        'by <a href="/people/ana.silva/">',
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows_at_the_next_request(name, scene, readers):
    change, before, after = CHANGES[name]

    def shown() -> None:
        for visitor in (*readers.values(), *readers.values()):
            seen = shows(visitor, scene)
            assert after in seen
            assert not before or before not in seen

    for seen in warm(readers, scene).values():
        assert before in seen
        assert not after or after not in seen
    # The search cannot be written, then it is not written yet, then it is.
    with mock.patch.object(outbox, "engine", side_effect=SearchUnavailable("down")):
        change(scene)
        outbox.drain_quietly()
        shown()
    shown()
    settle()
    shown()


# -- who may read -----------------------------------------------------------------------------------------------


def test_a_linked_page_that_is_restricted_is_no_page_for_outsiders_at_once(scene, readers, member):
    there = 'href="/wiki/red-sea-talks/"'
    assert all(there in seen for seen in warm(readers, scene).values())
    keep_to(scene.talks, scene.group, by=member)
    for _ in range(2):
        assert there in shows(readers["member"], scene)
        assert there not in shows(readers["outsider"], scene)
        settle()


def test_a_restricted_page_is_missing_for_outsiders_at_once(scene, readers, member):
    warm(readers, scene)
    keep_to(scene.page, scene.group, by=member)
    for _ in range(2):
        assert readers["member"].opens(address(scene)).status_code == 200
        assert readers["outsider"].opens(address(scene)).status_code == 404
        settle()


def test_somebody_who_leaves_the_group_is_an_outsider_at_once(scene, readers, member):
    keep_to(scene.page, scene.group, by=member)
    keep_to(scene.talks, scene.group, by=member)
    settle()
    assert 'href="/wiki/red-sea-talks/"' in shows(readers["member"], scene)
    assert 'href="/wiki/red-sea-talks/"' in shows(readers["member"], scene)
    member.groups.clear()
    assert outbox.freshness(), "leaving a group is nothing the search is told of"
    assert readers["member"].opens(address(scene)).status_code == 404


def test_a_deleted_page_is_missing_at_once(scene, readers):
    warm(readers, scene)
    actions.delete(scene.page, Change(author=scene.author))
    for _ in range(2):
        assert {visitor.opens(address(scene)).status_code for visitor in readers.values()} == {404}
        settle()


def test_the_name_of_a_group_that_a_page_is_kept_to_changes_at_once(scene, readers, member):
    keep_to(scene.page, scene.group, by=member)
    settle()
    assert all("Negotiators" in shows(readers["member"], scene) for _ in range(2))
    rename_row(scene.group, "Envoys")
    for _ in range(2):
        assert "Envoys" in shows(readers["member"], scene)
        settle()


def test_what_only_a_reader_may_know_of_oneself_is_on_nobodys_page(scene, readers, outsider):
    Expertise.objects.create(
        profile=outsider.profile, region=Region.objects.get(name="Djibouti"), depth=3, audience="me"
    )
    settle()
    name = f"{outsider.first_name} {outsider.last_name}</a>"
    assert [name in shows(visitor, scene) for visitor in reversed(readers.values())] == [False, False]


# -- what is one reader's own ------------------------------------------------------------------------------------


def test_colleagues_share_a_page_but_not_what_is_theirs(scene, outsider):
    first, second = Visitor(outsider), Visitor(UserFactory(first_name="Olga", last_name="Other"))
    settle()
    seen = shows(first, scene)
    with mock.patch.object(kept.cache, "set", side_effect=AssertionError("was not shared")):
        other = shows(second, scene)
    assert "Signed in as Odile Outsider" in seen
    assert "Signed in as Olga Other" in other
    assert "Odile" not in other
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)) for page in (seen, other)]
    assert all(tokens)
    assert not tokens[0] & tokens[1]


def test_only_those_who_speak_for_a_page_are_offered_to_verify_it(scene, outsider):
    contact, other = Visitor(scene.ana), Visitor(outsider)
    settle()
    for _ in range(2):
        assert "mark as verified" not in shows(other, scene)
        assert "mark as verified" in shows(contact, scene)
    response = contact.opens(address(scene))
    contact.sends(f"{address(scene)}verify/", fields_of(response, "form#verify"))
    assert 'by <a href="/people/ana.silva/">' in shows(other, scene)


def test_only_the_author_is_told_that_the_text_is_saved(scene, outsider):
    page = Article.objects.get(pk=scene.page.pk)
    change = Change(author=scene.author, key="posted-form")
    actions.save_edit(page, replace(Version.of(page), body="Whales."), change, base=1)
    author, other = Visitor(scene.author), Visitor(outsider)
    settle()
    for _ in range(2):
        assert 'data-saved="' in shows(author, scene)
        assert 'data-saved="' not in shows(other, scene)


def test_a_page_is_not_kept_beyond_its_review():
    made = {
        "pk": 1,
        "title": "",
        "slug": "",
        "number": 1,
        "html": "",
        "is_author": False,
        "may_verify": False,
    }
    soon, past = timezone.now() + dt.timedelta(seconds=60), timezone.now() - dt.timedelta(days=1)
    assert 0 < kept.Shown(**made, until=soon).lasts <= 60
    assert kept.Shown(**made, until=past).lasts == kept.Shown(**made, until=None).lasts == kept.KEPT_FOR


# -- the mark -----------------------------------------------------------------------------------------------------


def test_there_is_no_mark_while_a_change_is_unseen_and_another_one_afterwards():
    write()
    assert outbox.freshness() is None
    settle()
    before = outbox.freshness()
    assert outbox.freshness() == before
    write("Another page")
    assert outbox.freshness() is None
    settle()
    assert outbox.freshness() != before


def test_a_change_that_cannot_be_applied_takes_a_new_mark_and_holds_nothing_up():
    write()
    settle()
    before = outbox.freshness()
    page = write("Poison")
    with mock.patch("diplopedia.searchables.ArticleSource.entry_of", side_effect=ValueError("poison")):
        outbox.drain()
    row = Outbox.objects.waiting().get(object_id=page.pk)
    assert 0 < row.tries < MOST_TRIES
    failed = outbox.freshness()
    assert failed not in (None, before)
    revise(page, "Changed again.")
    assert outbox.freshness() is None


def test_a_mark_never_comes_again():
    words = set()
    for _ in range(20):
        Mark.renew()
        words.add(Mark.objects.get(pk=Mark.ONLY).word)
    assert len(words) == 20


# -- how often the database is asked --------------------------------------------------------------------------------


def queries(visitor: Visitor, scene: Scene) -> int:
    with CaptureQueriesContext(connection) as captured:
        shows(visitor, scene)
    return len(captured)


def test_a_kept_page_takes_five_queries_and_another_one_at_most_ten(scene, readers):
    warm(readers, scene)
    assert queries(readers["outsider"], scene) == 5
    cache.clear()
    readers["outsider"].opens("/changes/")  # for the code of conduct in force, which is asked once a minute
    assert queries(readers["outsider"], scene) <= 10
    write("Something else")
    assert queries(readers["outsider"], scene) <= 10


@pytest.mark.django_db(transaction=True)
def test_a_page_is_kept_again_as_soon_as_a_change_is_committed_and_applied(scene, readers):
    before = warm(readers, scene)["outsider"]
    revise(scene.page, "Whales pass.", author=scene.author)
    assert outbox.freshness(), "the change was applied after its commit"
    assert "Whales pass" not in before
    assert "Whales pass" in shows(readers["outsider"], scene)
    assert queries(readers["outsider"], scene) == 5
