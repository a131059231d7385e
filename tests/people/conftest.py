"""Colleagues who know something, for the tests of the directory."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from people import ilr
from people.models import (
    Assignment,
    Expertise,
    Language,
    LanguageSkill,
    Office,
    Post,
    Profile,
    ProfileSkill,
    Region,
    SkillTag,
    User,
)
from search import dictionary, upkeep
from tests.factories import OfficeFactory, UserFactory


def speaks(profile: Profile, code: str, speaking: str, reading: str = "3", **more) -> LanguageSkill:
    return LanguageSkill.objects.create(
        profile=profile,
        language=Language.objects.get(code=code),
        speaking=ilr.rank(speaking),
        reading=ilr.rank(reading),
        **more,
    )


def served(profile: Profile, post: Post, started: int, ended: int | None = None, **more) -> Assignment:
    end = dt.date(ended, 7, 1) if ended else None
    return Assignment.objects.create(
        profile=profile, post=post, started=dt.date(started, 7, 1), ended=end, **more
    )


def knows(profile: Profile, code: str, depth: int = 3, **more) -> Expertise:
    return Expertise.objects.create(
        profile=profile, region=Region.objects.get(code=code), depth=depth, **more
    )


def skilled(profile: Profile, name: str, level: int = 2, **more) -> ProfileSkill:
    tag, _ = SkillTag.objects.get_or_create(name=name, defaults={"slug": name.replace(" ", "-")})
    return ProfileSkill.objects.create(profile=profile, tag=tag, level=level, **more)


def person(name: str, handle: str = "", **fields) -> Profile:
    first, _, last = name.rpartition(" ")
    account = {"first_name": first, "last_name": last} | ({"username": handle} if handle else {})
    profile = Profile.objects.get(user=UserFactory.create(**account))
    for field, value in {"preferred_name": name, **fields}.items():
        setattr(profile, field, value)
    profile.sort_name = ""
    profile.save()
    return profile


def opened(client, address: str) -> dict[str, str]:
    """What a window sends that nobody has typed in."""
    page = client.get(address).content.decode().partition("<form method")[2].partition("<template")[0]
    sent = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select name="([^"]+)"(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen is not None
        sent[name] = chosen[1]
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        sent[name] = unescape(text)
    return sent


def neutral(page: str) -> str:
    """A page without what differs from one request to the next, the time of day where somebody is among it."""
    return re.sub(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|\b\d\d:\d\d</bdi>', "", page)


@pytest.fixture
def kabul(db) -> Post:
    return Post.objects.create(city="Kabul", slug="kabul", country=Region.objects.get(code="afg"))


@pytest.fixture
def me(kabul) -> Profile:
    """Somebody who edits what they tell of themselves."""
    return person("Noëlle Laurent", "noelle", post=kabul)


@pytest.fixture
def nairobi(db) -> Post:
    return Post.objects.create(city="Nairobi", slug="nairobi", country=Region.objects.get(code="ken"))


@pytest.fixture
def legal(db) -> Office:
    OfficeFactory.create(name="Legal Directorate", acronym="LEG", slug="legal")
    return Office.objects.get(slug="legal")


@pytest.fixture
def reader(db) -> User:
    return person("Reader Ordinary").user


@pytest.fixture
def own_dictionary() -> Iterator[None]:
    """The dictionary is of one test alone."""
    dictionary.forget()
    yield
    dictionary.forget()


@pytest.fixture
def index(settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Search with an index of one's own, written when it is called."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    return upkeep.rebuild


@pytest.fixture
def browse(reader: User, client_for: Callable[..., Client]) -> Callable[..., str]:
    """Open an address as the reader and return its text."""

    def open_(address: str, status: int = 200, user: User | None = None) -> str:
        response = client_for(user or reader).get(address)
        assert response.status_code == status, address
        return response.content.decode()

    return open_
