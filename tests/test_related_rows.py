"""What an entry says of other rows follows when those change: through the models, the administration and the wiki.

After each change the whole index is compared with the database. The graph of regions is an older one, as another
process has it: the worker did not see the change being made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.fixtures import Settings

from diplopedia.actions import Change, restrict
from diplopedia.models import Article
from people import regions
from people.models import (
    Assignment,
    Expertise,
    Language,
    Office,
    Post,
    Profile,
    ProfileSkill,
    Region,
    SkillTag,
)
from search import actions, outbox, upkeep
from search.engines import engine
from search.models import Outbox
from search.query import Query
from tests.factories import MemberFactory, OfficeFactory, UserFactory, keep_to, speak, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> SimpleNamespace:
    """A page and a person who say something of every kind of row, indexed."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    bureau = OfficeFactory.create(name="Bureau of Quaint Affairs", slug="quaint")
    office = OfficeFactory.create(name="Office of Whales", slug="whales", parent=bureau)
    ethiopia = Region.objects.get(code="eth")
    horn, sahel, kenya = (Region.objects.get(code=code) for code in ("horn-of-africa", "sahel", "ken"))
    post = Post.objects.create(city="Quixotown", slug="quixotown", country=ethiopia)
    user = MemberFactory.create(first_name="Farida", last_name="Quixel", username="farida")
    profile = user.profile
    profile.office, profile.post = office, post
    profile.save()
    skill = speak(user, "pus", 6)
    Expertise.objects.create(profile=profile, region=ethiopia)
    tag = SkillTag.objects.create(name="whaling", slug="whaling")
    ProfileSkill.objects.create(profile=profile, tag=tag)
    second = Post.objects.create(
        city="Zanzibarium", slug="zanzibarium", country=Region.objects.get(code="ken")
    )
    Assignment.objects.create(
        profile=profile, post=second, started=dt.date(2010, 1, 1), ended=dt.date(2012, 1, 1)
    )
    Assignment.objects.create(profile=profile, office=bureau, started=dt.date(2015, 1, 1))
    page = write(
        "Whales of the Horn",
        author=user,
        kind="case-study",
        tags=frozenset({"whales"}),
        regions=frozenset({ethiopia.pk}),
        contacts=frozenset({profile.pk}),
        facts={"country": "eth"},
    )
    Article.objects.filter(pk=page.pk).update(office=office)
    page.refresh_from_db()
    group = Group.objects.get(name="Negotiators")
    keep_to(write("Secret whales", author=user), group, by=user)
    other = Profile.objects.get(user=UserFactory.create(first_name="Olaf", last_name="Other"))
    upkeep.rebuild()
    assert not upkeep.verify().different
    return SimpleNamespace(**locals())


def rename(row: Any, **changes: Any) -> None:
    """Change a row and save it."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


Changes = dict[str, Callable[[SimpleNamespace], object]]
CHANGES: dict[str, Changes] = {
    "offices": {
        "renamed": lambda w: rename(w.office, name="Office of Dolphins"),
        "renamed above": lambda w: rename(w.bureau, name="Bureau of Odd Affairs", slug="odd"),
        "moved above": lambda w: rename(w.bureau, parent=OfficeFactory.create(name="Top", slug="top")),
        "moved": lambda w: rename(Office.objects.get(pk=w.office.pk), parent=None),
    },
    "regions": {
        "renamed country": lambda w: rename(w.ethiopia, name="Abyssinia", slug="abyssinia"),
        "renamed region around": lambda w: rename(w.horn, name="The Horn"),
        "renamed country of a former post": lambda w: rename(w.kenya, name="Kenia"),
        "country joins a region": lambda w: w.ethiopia.parents.add(w.sahel),
        "country leaves a region": lambda w: w.ethiopia.parents.remove(w.sahel),
        "region takes a country in": lambda w: w.sahel.children.add(w.ethiopia),
        "region moves": lambda w: w.horn.parents.add(w.sahel),
        "countries of a region are set": lambda w: w.horn.children.set([w.kenya]),
        "deleted region": lambda w: w.horn.delete(),
    },
    "posts, languages and skills": {
        "renamed post": lambda w: rename(w.post, city="Newtown", slug="newtown"),
        "renamed former post": lambda w: rename(w.second, city="Oldtown", slug="oldtown"),
        "post in another country": lambda w: rename(w.post, country=w.kenya),
        "renamed language": lambda w: rename(w.skill.language, name="Pakhto"),
        "language of a larger one": lambda w: rename(
            w.skill.language, macrolanguage=Language.objects.get(pk="fas")
        ),
        "renamed skill": lambda w: rename(w.tag, name="Watching whales", slug="watching"),
        "deleted skill": lambda w: w.tag.delete(),
        "language dropped": lambda w: w.skill.delete(),
    },
    "what pages have": {
        "renamed tag": lambda w: rename(w.page.tags.get(), name="Dolphins", slug="dolphins"),
        "renamed kind": lambda w: rename(w.page.template, name="Land", slug="land"),
        "renamed fact": lambda w: rename(w.page.template.fields.get(key="country"), label="Seat"),
        "restricted": lambda w: restrict(w.page, [w.group], [], Change(author=w.user)),
        "renamed group": lambda w: rename(w.group, name="Dealers"),
        "deleted tag": lambda w: w.page.tags.get().delete(),
        "deleted group": lambda w: w.group.delete(),
    },
    "people": {
        "renamed": lambda w: rename(w.profile, preferred_name="Farida Newname"),
        "renamed account": lambda w: rename(w.user, first_name="Frieda"),
        "another handle": lambda w: rename(w.user, username="frieda"),
        "left": lambda w: rename(w.profile, left_at=dt.date(2020, 1, 1)),
        "back": lambda w: rename(w.profile, left_at=None),
        "closed account": lambda w: rename(w.user, is_active=False),
    },
}


@pytest.mark.parametrize("what", CHANGES)
def test_entries_follow_the_rows_they_speak_of(world: SimpleNamespace, what: str) -> None:
    for name, change in CHANGES[what].items():
        old = regions.atlas()
        change(world)
        regions._kept[:] = [old]
        outbox.drain(wait=10)
        found = upkeep.verify()
        assert (name, found.missing, found.ghosts, found.stale, found.readers) == (name, [], [], [], [])
        assert not Outbox.objects.waiting().exists(), name


def titles(text: str, reader: Any) -> list[str]:
    """The pages and people somebody finds."""
    return sorted(hit.name for hit in actions.find(Query.parse(text), reader))


def test_a_renamed_office_is_found_by_its_new_name_alone(world: SimpleNamespace) -> None:
    rename(world.bureau, name="Bureau of Odd Affairs", slug="odd")
    outbox.drain(wait=10)
    assert "Whales of the Horn" in titles("office:odd", world.user)
    assert titles("office:quaint", world.user) == []


def test_members_of_a_named_region_come_and_go(world: SimpleNamespace) -> None:
    assert "Whales of the Horn" not in titles("region:sahel", world.user)
    world.sahel.children.add(world.ethiopia)
    outbox.drain(wait=10)
    assert {"Whales of the Horn", "Farida Quixel"} <= set(titles("region:sahel", world.user))
    world.sahel.children.remove(world.ethiopia)
    outbox.drain(wait=10)
    assert "Whales of the Horn" not in titles("region:sahel", world.user)


def test_a_page_with_other_readers_is_gone_at_once(world: SimpleNamespace) -> None:
    outsider = world.other.user
    assert "Whales of the Horn" in titles("whales kind:article", outsider)
    restrict(world.page, [world.group], [], Change(author=world.user))
    with engine().writing(wait=5):  # nobody can write: what waits is left out
        assert titles("whales kind:article", outsider) == []
    outbox.drain(wait=10)
    assert titles("whales kind:article", outsider) == []
    assert "Secret whales" in titles("whales", world.user)


def test_accounts_closed_together_are_found_no_more(
    world: SimpleNamespace, administrator: Any, client: Client
) -> None:
    client.force_login(administrator)
    url = f"/admin/bulk/people/user/set_active_state/?id={world.user.pk}&id={world.other.user.pk}"
    client.post(url, {"mark_as_active": "False"})
    world.user.refresh_from_db()
    assert not world.user.is_active
    outbox.drain(wait=10)
    assert upkeep.verify().ghosts == []
    assert titles("Quixel", administrator) == []


def test_a_change_in_the_administration_is_followed(
    world: SimpleNamespace, administrator: Any, client: Client
) -> None:
    client.force_login(administrator)
    url = f"/admin/snippets/people/region/edit/{world.ethiopia.pk}/"
    form = {
        "name": "Abyssinia", "kind": "country", "code": "eth", "iso2": "ET", "slug": "abyssinia", "demonym": "",
        "other_names": "[]", "parents": [world.sahel.pk],
    }  # fmt: skip
    assert client.post(url, form).status_code == 302
    outbox.drain(wait=10)
    assert not upkeep.verify().different
    assert "Whales of the Horn" in titles("region:abyssinia", world.user)
    assert "Whales of the Horn" in titles("region:sahel", world.user)


def test_signing_in_changes_nothing_that_is_found(world: SimpleNamespace, client: Client) -> None:
    client.force_login(world.user)
    assert not Outbox.objects.waiting().exists()
    rename(world.user, first_name="Farida")
    assert not Outbox.objects.waiting().filter(kind="article").exists(), "no handle changed"
