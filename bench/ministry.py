"""An invented ministry: a tree of offices, posts in every capital, and colleagues who know, did and hide something."""

from __future__ import annotations

import datetime as dt
import json
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from bench.sizes import steps
from bench.texts import Words
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
from people.models.facts import Audience
from people.models.profiles import AVAILABLE_FOR

CAPITALS = Path(__file__).parents[1] / "demo" / "capitals.json"
YEAR = 2026
GIVEN = (
    "Maria Ana John Fatima David Sarah Ahmed Michael Elena Daniel Aisha Robert Wei Olga James Priya Carlos Emma "
    "Yusuf Anna Ivan Chen Lucía José Amélie Thomas Zoë Noor Kwame Ingrid Søren Ayşe Leila Tamsin Farida Hiroshi "
    "Bolanle Tesfaye Nomvula Łucja Björn Siobhán Dmitri Giulia Rania Thandiwe Omar Mei Pedro Astrid"
).split()
FAMILY = (
    "Smith García Müller Nguyen Silva Kim Johnson Khan Ivanova Rossi Ahmed Cohen Okafor Tanaka Dubois Jordan Hansen "
    "Kowalski Haddad Mensah Łukasik O'Brien López-Núñez Petrov Yılmaz Abebe Dlamini Schmidt Rahman Fernández"
).split()
SYLLABLES = "ba dar el fo gri hal ik jen kov lund mar nes ov pra qui ros stein tam ul vik wen yar zan".split()
FREQUENT = (
    "eng fra spa ara rus zho deu por ita jpn tur fas pus urd hin swa ukr kor heb vie tha amh ind pol".split()
)
TITLES = (
    "Desk Officer|Second Secretary|Consular Officer|Political Officer|First Secretary|Economic Officer|Vice Consul|"
    "Counsellor|Press Officer|Legal Adviser|Head of Section|Archivist|Deputy Head of Mission|Security Officer|"
    "Head of Mission|Climate Envoy|Protocol Officer|Visa Officer|Trade Attaché|Translator"
).split("|")
SKILLS = (
    "negotiation|crisis response|visa fraud detection|prison visits|election observation|sanctions|trade law|"
    "public speaking|mediation|climate negotiation|budgeting|protocol|data analysis|human rights reporting|"
    "refugee protection|maritime law|arms control|press work|evacuation planning|procurement"
).split("|")
Thing = TypeVar("Thing")


class Choice(Generic[Thing]):
    """Things of which the first are chosen often, the last hardly ever (Zipf's law)."""

    def __init__(self, things: list[Thing], slope: float = 1.0) -> None:
        self.things = things
        self.weights = list(accumulate(1 / rank**slope for rank in range(1, len(things) + 1)))

    def some(self, random: Random, count: int) -> list[Thing]:
        """Return different things, at most so many."""
        return list(dict.fromkeys(random.choices(self.things, cum_weights=self.weights, k=count)))

    def one(self, random: Random) -> Thing:
        """Return one of them."""
        return self.some(random, 1)[0]


def make_people(count: int) -> list[int]:
    """Make the ministry and so many colleagues; return the keys of their accounts."""
    staff = Staff(make_offices(), make_posts())
    for numbers in steps(count, "People"):
        staff.hire(numbers)
    return list(User.objects.filter(username__startswith="bench").order_by("pk").values_list("pk", flat=True))


def make_offices() -> list[Office]:
    """Make eight bureaux, with offices and sections under them: 8, 56 and 224."""
    made: list[Office] = []
    levels: list[list[Office | None]] = [[None], [], [], []]
    for depth, (below, word) in enumerate(((8, "Bureau"), (7, "Office"), (4, "Section"))):
        for parent in levels[depth]:
            for number in range(below):
                name = f"{word} {parent.name.split(' ', 1)[1] + '.' if parent else ''}{number + 1}"
                levels[depth + 1].append(
                    Office.objects.create(name=name, slug=slugify(name.replace(".", "-")), parent=parent)
                )
        made += [office for office in levels[depth + 1] if office]
    return made


def make_posts() -> list[Post]:
    """Make an embassy in every capital, in an order of which the first are large."""
    cities: dict[str, str] = json.loads(CAPITALS.read_text())
    countries = list(Region.objects.filter(kind=Region.Kind.COUNTRY, code__in=cities).order_by("code"))
    posts = [
        Post(
            city=cities[one.code].partition(" (")[0],
            slug=f"{slugify(cities[one.code])[:100]}-{one.code}",
            country=one,
        )
        for one in countries
    ]
    Random("posts").shuffle(posts)
    return Post.objects.bulk_create(posts)


class Staff:
    """Colleagues by number: each has names, a place, and what they know and did."""

    def __init__(self, offices: list[Office], posts: list[Post]) -> None:
        self.offices, self.posts = Choice(offices, 0.5), Choice(posts, 0.6)
        codes = set(Language.objects.values_list("pk", flat=True))
        rare = sorted(codes - set(FREQUENT))
        Random("languages").shuffle(rare)
        self.languages = Choice([code for code in FREQUENT if code in codes] + rare[:150], 1.1)
        self.regions = Choice(list(Region.objects.exclude(kind=Region.Kind.WORLD).order_by("code")), 0.4)
        self.words = Words("en")
        themes = [
            f"{word} {what}" for word in self.words.words[100:120] for what in ("policy", "law", "history")
        ]
        tags = [SkillTag(name=name, slug=slugify(name)) for name in [*SKILLS, *themes]]
        self.skills = Choice(SkillTag.objects.bulk_create(tags), 0.9)
        self.given, self.family = Choice(GIVEN, 0.8), Choice([*FAMILY, *invented_names(900)], 0.7)
        self.titles, self.password = Choice(TITLES, 0.7), make_password(None)

    def hire(self, numbers: range) -> None:
        """Write a batch of people, with everything about them."""
        users = User.objects.bulk_create(self.account(n) for n in numbers)
        profiles = Profile.objects.bulk_create(
            [self.profile(n, user) for n, user in zip(numbers, users, strict=True)]
        )
        rows: dict[type[Model], list[Any]] = {
            LanguageSkill: [],
            Expertise: [],
            ProfileSkill: [],
            Assignment: [],
        }
        for number, profile in zip(numbers, profiles, strict=True):
            random = Random(f"facts {number}")
            rows[LanguageSkill] += self.spoken(random, profile)
            rows[Expertise] += self.known(random, profile)
            rows[ProfileSkill] += self.able(random, profile)
            rows[Assignment] += self.held(random, profile)
        for model, facts in rows.items():
            model._default_manager.bulk_create(facts)

    def account(self, number: int) -> User:
        """Return the account of somebody."""
        random = Random(f"account {number}")
        return User(username=f"bench{number}", email=f"bench{number}@ministry.example", password=self.password,
                    first_name=self.given.one(random), last_name=self.family.one(random))  # fmt: skip

    def profile(self, number: int, user: User) -> Profile:
        """Return what somebody is: one of twenty has left, of fifty is a record of the past."""
        random = Random(f"profile {number}")
        abroad = random.random() < 0.6
        profile = Profile(
            user=user, title=self.titles.one(random),
            office=self.offices.one(random) if not abroad or number % 3 else None,
            post=self.posts.one(random) if abroad else None,
            other_names=[f"{user.first_name} {random.choice(FAMILY)}"] if number % 20 == 5 else [],
            about=self.words.paragraph(random) if number % 3 == 0 else "",
            confirmed_at=timezone.now() - dt.timedelta(days=random.randint(1, 700)),
            left_at=dt.date(YEAR - 1, 7, 31) if number % 20 == 19 else None,
            historical=number % 50 == 49,
        )  # fmt: skip
        for what in AVAILABLE_FOR:
            setattr(profile, f"available_{what}", random.random() < 0.25)
        profile.prepare()
        return profile

    def spoken(self, random: Random, profile: Profile) -> list[LanguageSkill]:
        """Return some three languages."""
        return [
            LanguageSkill(profile=profile, language_id=code, speaking=(speaks := random.randint(1, 10)),
                          reading=min(10, max(1, speaks + random.randint(-2, 2))), audience=audience(random),
                          tested_on=dt.date(random.randint(YEAR - 10, YEAR - 1), 5, 1) if speaks % 2 else None)
            for code in self.languages.some(random, random.randint(2, 5))
        ]  # fmt: skip

    def known(self, random: Random, profile: Profile) -> list[Expertise]:
        """Return a few countries and regions."""
        return [
            Expertise(profile=profile, region=region, depth=random.randint(1, 3), years=random.randint(1, 20),
                      audience=audience(random))
            for region in self.regions.some(random, random.randint(1, 3))
        ]  # fmt: skip

    def able(self, random: Random, profile: Profile) -> list[ProfileSkill]:
        """Return some four skills; one of ten is to be learnt."""
        return [
            ProfileSkill(profile=profile, tag=tag, level=random.randint(1, 3), ask=random.random() < 0.3,
                         mentor=random.random() < 0.1, learn=random.random() < 0.1, audience=audience(random))
            for tag in self.skills.some(random, random.randint(2, 6))
        ]  # fmt: skip

    def held(self, random: Random, profile: Profile) -> list[Assignment]:
        """Return jobs of three years each, up to the present one."""
        jobs, year = [], YEAR - random.randint(0, 3)
        for number in range(random.randint(2, 6)):
            abroad = profile.post is not None if number == 0 else random.random() < 0.7
            post = (profile.post if number == 0 else self.posts.one(random)) if abroad else None
            ended = dt.date(year + 3, 7, 31) if number or profile.left_at or profile.historical else None
            jobs.append(
                Assignment(profile=profile, post=post, office=None if abroad else self.offices.one(random),
                           title=self.titles.one(random), started=dt.date(year, 8, 1), ended=ended,
                           audience=audience(random))
            )  # fmt: skip
            year -= 3
        return jobs


def audience(random: Random) -> str:
    """Return who sees a fact: some are for the office, a few for nobody else."""
    return random.choices((Audience.ALL, Audience.OFFICE, Audience.ME), (90, 7, 3))[0]


def invented_names(count: int) -> list[str]:
    """Return family names of syllables."""
    random = Random("names")
    names = {
        "".join(random.choices(SYLLABLES, k=random.randint(2, 3))).capitalize() for _ in range(3 * count)
    }
    return sorted(names)[:count]
