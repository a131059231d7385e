"""Pages about people, as colleagues ask for them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import urlencode

from bench.ministry import FREQUENT, GIVEN, SKILLS
from bench.texts import Words
from people.models import Office, Post, Region, User

SPOKEN = FREQUENT[:12]
LEVELS = ("2", "2+", "3", "3+", "4")
Paths = dict[str, Callable[[], str]]


def paths(random: Random) -> Paths:
    """Return makers of addresses, by what they ask for."""
    colleague = Colleague(random)
    return colleague.lists() | colleague.conditions() | colleague.words() | colleague.places()


def ask(*pairs: tuple[str, str]) -> str:
    """Return the address of a question to the directory."""
    return f"/people/?{urlencode(pairs)}"


class Colleague:
    """Somebody who asks for this and that."""

    def __init__(self, random: Random) -> None:
        self.random = random
        areas = Region.objects.filter(kind__in=("m49", "named")).order_by("code")
        bureaus = Office.objects.filter(parent__parent=None).order_by("pk")
        self.posts = list(Post.objects.order_by("pk").values_list("slug", "city"))
        self.areas = list(areas.values_list("slug", flat=True))
        self.offices = list(bureaus.values_list("slug", flat=True))
        self.families = sorted(set(User.objects.filter(pk__lt=5_000).values_list("last_name", flat=True)))
        self.vocabulary = Words("en").words

    def lists(self) -> Paths:
        """Return makers of addresses of everybody."""
        choose = self.random.choice
        return {
            "people: everybody": lambda: "/people/",
            "people: page 20": lambda: "/people/?page=20",
            "people: letter": lambda: ask(("letter", choose("abdefgiklmnoprstvwz"))),
        }

    def conditions(self) -> Paths:
        """Return makers of questions for what is recorded."""
        choose, city = self.random.choice, self.city
        return {
            "people: language": lambda: ask(*self.languages(1)),
            "people: two languages": lambda: ask(*self.languages(2)),
            "people: language in words": lambda: ask(("q", f"who speaks {choose(('French', 'Dari', 'Thai'))}")),
            "people: region, language": lambda: ask(("region", choose(self.areas)), *self.languages(1)),
            "people: served, years": lambda: ask(("served", f"{city()[0]} 2015-2019")),
            "people: served in words": lambda: ask(("q", f"who speaks Spanish at 3 and served in {city()[1]}")),
            "people: skill, level": lambda: ask(("skill", f"{choose(SKILLS[:8]).replace(' ', '-')}>=2")),
            "people: office": lambda: ask(("office", choose(self.offices))),
        }  # fmt: skip

    def words(self) -> Paths:
        """Return makers of questions for names and words, and of one that nobody fits."""
        choose, vocabulary = self.random.choice, self.vocabulary
        return {
            "people: name, frequent": lambda: ask(("q", choose(GIVEN[:5]))),
            "people: name, rare": lambda: ask(("q", choose(self.families))),
            "people: name, misspelt": lambda: ask(("q", self.misspelt())),
            "people: words, frequent": lambda: ask(("q", choose(vocabulary[:20]))),
            "people: words, rare": lambda: ask(("q", choose(vocabulary[500:5_000]))),
            "people: words, language": lambda: ask(("q", f"who speaks French {choose(vocabulary[:200])}")),
            "people: nobody fits": lambda: ask(
                *self.spoken("tha"), *self.spoken("amh"), ("served", self.city()[0]), ("skill", "mediation>=3")
            ),
        }  # fmt: skip

    def places(self) -> Paths:
        """Return makers of addresses of other pages about people."""
        return {
            "rare languages": lambda: "/people/languages/",
            "office": lambda: f"/people/offices/{self.random.choice(self.offices)}/",
            "offices": lambda: "/people/offices/",
            "post": lambda: f"/people/posts/{self.city()[0]}/",
            "posts": lambda: "/people/posts/",
            "profile": lambda: f"/people/bench{self.random.randrange(100)}/",
        }

    def spoken(self, code: str) -> tuple[tuple[str, str], ...]:
        """Return a language with a level for each skill."""
        return ("lang", code), ("speaks", self.random.choice(LEVELS)), ("reads", self.random.choice(LEVELS))

    def languages(self, count: int) -> list[tuple[str, str]]:
        """Return so many languages, each with its levels."""
        return [pair for code in self.random.sample(SPOKEN, count) for pair in self.spoken(code)]

    def city(self) -> tuple[str, str]:
        """Return the address and the name of a large post."""
        return self.random.choice(self.posts[:60])

    def misspelt(self) -> str:
        """Return a family name with a slip."""
        name = self.random.choice(self.families)
        return f"{name[:-2]}x{name[-1]}"
