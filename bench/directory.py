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


def paths(random: Random) -> dict[str, Callable[[], str]]:
    """Return makers of addresses, by what they ask for."""
    posts = list(Post.objects.order_by("pk").values_list("slug", "city"))
    areas = list(
        Region.objects.filter(kind__in=("m49", "named")).order_by("code").values_list("slug", flat=True)
    )
    offices = list(Office.objects.filter(parent__parent=None).order_by("pk").values_list("slug", flat=True))
    families = sorted(set(User.objects.filter(pk__lt=5_000).values_list("last_name", flat=True)))
    vocabulary = Words("en").words

    def ask(*pairs: tuple[str, str]) -> str:
        return f"/people/?{urlencode(pairs)}"

    def spoken(code: str) -> tuple[tuple[str, str], ...]:
        return ("lang", code), ("speaks", random.choice(LEVELS)), ("reads", random.choice(LEVELS))

    def city() -> tuple[str, str]:
        return random.choice(posts[:60])

    def languages(count: int) -> list[tuple[str, str]]:
        return [pair for code in random.sample(SPOKEN, count) for pair in spoken(code)]

    def misspelt() -> str:
        name = random.choice(families)
        return f"{name[:-2]}x{name[-1]}"

    return {
        "people: everybody": lambda: "/people/",
        "people: page 20": lambda: "/people/?page=20",
        "people: letter": lambda: ask(("letter", random.choice("abdefgiklmnoprstvwz"))),
        "people: language": lambda: ask(*languages(1)),
        "people: two languages": lambda: ask(*languages(2)),
        "people: language in words": lambda: ask(("q", f"who speaks {random.choice(('French', 'Dari', 'Thai'))}")),
        "people: region, language": lambda: ask(("region", random.choice(areas)), *languages(1)),
        "people: served, years": lambda: ask(("served", f"{city()[0]} 2015-2019")),
        "people: served in words": lambda: ask(("q", f"who speaks Spanish at 3 and served in {city()[1]}")),
        "people: skill, level": lambda: ask(("skill", f"{random.choice(SKILLS[:8]).replace(' ', '-')}>=2")),
        "people: office": lambda: ask(("office", random.choice(offices))),
        "people: name, frequent": lambda: ask(("q", random.choice(GIVEN[:5]))),
        "people: name, rare": lambda: ask(("q", random.choice(families))),
        "people: name, misspelt": lambda: ask(("q", misspelt())),
        "people: words, frequent": lambda: ask(("q", random.choice(vocabulary[:20]))),
        "people: words, rare": lambda: ask(("q", random.choice(vocabulary[500:5_000]))),
        "people: words, language": lambda: ask(("q", f"who speaks French {random.choice(vocabulary[:200])}")),
        "people: nobody fits": lambda: ask(
            *spoken("tha"), *spoken("amh"), ("served", city()[0]), ("skill", "mediation>=3")
        ),
        "rare languages": lambda: "/people/languages/",
        "office": lambda: f"/people/offices/{random.choice(offices)}/",
        "offices": lambda: "/people/offices/",
        "post": lambda: f"/people/posts/{city()[0]}/",
        "posts": lambda: "/people/posts/",
        "profile": lambda: f"/people/bench{random.randrange(100)}/",
    }  # fmt: skip
