"""Writes the judged queries from what was written by hand: `python evaluation/make.py`. See README.md.

Known items are in known.tsv; those of the category "typo" are spelled right there and get their slips here, always the
same ones. What experts are asked for is in experts.jsonl and, the second set, in experts2.jsonl; the grades follow from
the facts in demo/staff.jsonl. Each set is cut in halves of its own, so a later set moves nothing of an earlier. The
later sets (experts3.jsonl and on) are not cut: their lines name their ids, and only grades are written.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pycountry

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SEED = 1961
NEIGHBOURS = {
    "a": "qsz", "b": "vgn", "c": "xdv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok",
    "j": "hku", "k": "jli", "l": "kop", "m": "njk", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf",
    "s": "adw", "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "asx",
}  # fmt: skip
HALVES = ("tuning", "final")
SECOND = "2"
THIRD = "3"
FOURTH = "4"
FIFTH = "5"
SIXTH = "6"
SEVENTH = "7"
UNCUT = (THIRD, FOURTH, FIFTH, SIXTH, SEVENTH)
# The demo names some regions of the United Nations by their slugs.
SAME_REGION = {"central-asia": "m49-143", "central-america": "m49-013", "caribbean": "m49-029"}
Record = dict[str, Any]


class Judged(NamedTuple):
    """A query, and the grade of each document that answers it at all."""

    category: str
    text: str
    grades: dict[str, int]


# --- known items ---------------------------------------------------------------------------------------------------


def known_items() -> Iterator[Judged]:
    """The lines of known.tsv: category, text, and documents as `id` (grade 3) or `id:grade`."""
    slips = random.Random(SEED)  # noqa: S311 – the same slips every time are what is wanted
    for line in (HERE / "known.tsv").read_text(encoding="utf-8").splitlines():
        category, text, documents = line.split("\t")
        text = with_slip(text, slips) if category == "typo" else text
        graded = (one.partition(":") for one in documents.split(","))
        yield Judged(category, text, {name: int(grade or 3) for name, _, grade in graded})


def with_slip(text: str, slips: random.Random) -> str:
    """The text with one slip of the finger in its longest word, never in the first letter."""
    word = max(text.split(), key=len)
    at = slips.randrange(1, len(word) - 1)
    kind = slips.choice(("left out", "doubled", "swapped", "wrong key"))
    if kind == "left out":
        slipped = word[:at] + word[at + 1 :]
    elif kind == "doubled":
        slipped = word[: at + 1] + word[at:]
    elif kind == "swapped" and word[at] != word[at + 1]:
        slipped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    else:
        wrong = slips.choice(NEIGHBOURS.get(word[at].lower(), "e"))
        slipped = word[:at] + wrong + word[at + 1 :]
    return text.replace(word, slipped)


# --- people who are asked for --------------------------------------------------------------------------------------


def experts(edition: str = "") -> Iterator[Judged]:
    """The lines of experts.jsonl (or of a later set's file), with the grade of each colleague who can be found."""
    staff = [json.loads(line) for line in lines(ROOT / "demo" / "staff.jsonl")]
    here = [person for person in staff if not person.get("left")]
    for line in lines(HERE / f"experts{edition}.jsonl"):
        query = json.loads(line)
        grades = {person["id"]: grade(query["need"], person) for person in here}
        yield Judged(query["category"], query["text"], {name: mark for name, mark in grades.items() if mark})


def lines(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text(encoding="utf-8").splitlines()


def grade(need: Record, person: Record) -> int:
    """How well somebody meets a need: 3 fully, 2 mostly, 1 somewhat, 0 not."""
    for word, judge in JUDGES.items():
        if word in need:
            return judge(need, person)
    raise ValueError(f"Nothing judges the need {need}.")


def open_facts(person: Record, name: str) -> list[Record]:
    """The facts of one sort that every colleague may read."""
    return [fact for fact in person.get(name, ()) if fact.get("audience", "all") == "all"]


def rank(level: str) -> int:
    """An ILR level as a number: `3+` is 7."""
    return 2 * int(level[0]) + level.endswith("+")


def by_language(need: Record, person: Record) -> int:
    """With a level: who reaches it. Without: 3 and better, then 2 and 2+, then less."""
    near = need.get("near", ())
    levels = [
        (by_level(need, fact), fact["code"] != need["language"])
        for fact in open_facts(person, "languages")
        if fact["code"] in (need["language"], *near)
    ]
    return max((max(mark - is_near, min(mark, 1)) for mark, is_near in levels), default=0)


def by_level(need: Record, fact: Record) -> int:
    """The grade of one language of somebody."""
    if "level" in need:
        reached = rank(fact[need.get("skill", "speaking")]) >= rank(need["level"])
        read = rank(fact["reading"]) >= rank(need.get("reading", "0"))
        return 3 if reached and read else 0
    level = rank(fact[need.get("skill", "speaking")])
    return 3 if level >= rank("3") else 2 if level >= rank("2") else 1 if level else 0


def by_place(need: Record, person: Record) -> int:
    """Who is there now, and then who was; `ever` and `only now` say that it is all the same, or that it is not."""
    when = need.get("when", "now")
    if is_there(need, person.get("current", {})):
        return 3
    if any(is_there(need, job) for job in person.get("previous_posts", ())):
        return {"now": 1, "ever": 3, "only now": 0}[when]
    return 0


def is_there(need: Record, job: Record) -> bool:
    """Whether a job is in the city, country or region asked for."""
    if "place" in need:
        return bool(job.get("city", "").casefold() == need["place"])
    return job.get("iso3") in ({need["country"]} if "country" in need else countries_of(need["region"]))


def by_knowledge(need: Record, person: Record) -> int:
    """How deep somebody knows a region or a country; one less for a part of it, or for what it is part of."""
    marks = [0]
    asked = countries_of(need["knows"])
    for fact in open_facts(person, "country_expertise") + open_facts(person, "region_expertise"):
        if SAME_REGION.get(fact["code"], fact["code"]) == need["knows"]:
            marks.append(fact["depth"])
        elif countries_of(fact["code"]) <= asked or countries_of(fact["code"]) >= asked:
            marks.append(max(fact["depth"] - 1, 1))
    served = [person.get("current", {}), *person.get("previous_posts", ())]
    return max(*marks, int(any(job.get("iso3") in asked for job in served)))


def by_skill(need: Record, person: Record) -> int:
    """The level of a skill; who only wants to learn it does not have it."""
    facts = open_facts(person, "skills")
    return max(
        (fact["level"] for fact in facts if fact["name"] == need["skill"] and not fact.get("learn")),
        default=0,
    )


def by_name(need: Record, person: Record) -> int:
    """The people who are meant, as ids, or `id:grade`."""
    meant = (one.partition(":") for one in need["people"])
    return next((int(mark or 3) for name, _, mark in meant if name == person["id"]), 0)


JUDGES = {
    "all": lambda need, person: min(grade(part, person) for part in need["all"]),
    "any": lambda need, person: max(grade(part, person) for part in need["any"]),
    "language": by_language,
    "place": by_place,
    "country": by_place,
    "region": by_place,
    "knows": by_knowledge,
    "skill": by_skill,
    "people": by_name,
}


@cache
def sets_of_countries() -> dict[str, set[str]]:
    """The countries (alpha-3) of each region of people/data, by our codes: `sahel`, `m49-202`."""
    data = json.loads((ROOT / "people" / "data" / "regions.json").read_text(encoding="utf-8"))
    alpha3 = two_letters()
    sets = {f"m49-{code}": set(inside.split()) for code, inside in data["members"].items()}
    for code, below in reversed(data["tree"].items()):
        sets[f"m49-{code}"] = sets.get(f"m49-{code}", set()).union(
            *(sets[f"m49-{one}"] for one in below.split())
        )
    for region in data["named"]:
        words = region["members"].split()
        sets[region["slug"]] = set().union(*(sets[f"m49-{w}"] if w.isdigit() else {w} for w in words))
    return {code: {alpha3[two] for two in inside if two in alpha3} for code, inside in sets.items()}


def two_letters() -> dict[str, str]:
    """Alpha-3 codes by alpha-2 codes."""
    return {country.alpha_2: country.alpha_3.lower() for country in pycountry.countries}


def countries_of(code: str) -> set[str]:
    """The countries of a region; a country itself."""
    return sets_of_countries().get(SAME_REGION.get(code, code), {code})


# --- writing -------------------------------------------------------------------------------------------------------


def editions() -> dict[str, list[Judged]]:
    """All queries, by the set they belong to: what is added to the names of its files."""
    return {"": [*known_items(), *experts()], SECOND: [*experts(SECOND)]}


def uncut(edition: str) -> Iterator[tuple[str, Judged]]:
    """The queries of a set that has no halves, with the ids that its file gives them."""
    for line, one in zip(lines(HERE / f"experts{edition}.jsonl"), experts(edition), strict=True):
        yield json.loads(line)["id"], one


def halves(judged: Iterable[Judged], edition: str = "") -> dict[str, list[tuple[str, Judged]]]:
    """Each category cut in two by lot. A query's id is its category, its set and its number."""
    by_category: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_category[one.category].append(one)
    cut: dict[str, list[tuple[str, Judged]]] = {half: [] for half in HALVES}
    for category, members in by_category.items():
        name = f"{category.replace(' ', '-')}{edition}"
        numbered = [(f"{name}-{n:02}", one) for n, one in enumerate(members, 1)]
        lot = random.Random(f"{SEED} {category}{edition}").sample(numbered, len(numbered))  # noqa: S311
        half = (len(lot) + 1) // 2
        cut["tuning"] += sorted(lot[:half])
        cut["final"] += sorted(lot[half:])
    return cut


def texts() -> dict[str, str]:
    """The files to be, by name."""
    files = {}
    for edition, queries in editions().items():
        for half, judged in halves(queries, edition).items():
            files[f"{half}{edition}.jsonl"] = "".join(as_query(name, one) for name, one in judged)
            files[f"{half}{edition}.qrels.tsv"] = "".join(as_grades(name, one) for name, one in judged)
    for edition in UNCUT:
        files[f"experts{edition}.qrels.tsv"] = "".join(as_grades(name, one) for name, one in uncut(edition))
    return files


def as_query(name: str, one: Judged) -> str:
    """The line of a query."""
    return json.dumps({"id": name, "text": one.text, "category": one.category}, ensure_ascii=False) + "\n"


def as_grades(name: str, one: Judged) -> str:
    """The lines of a query's grades, the best first."""
    best_first = sorted(one.grades.items(), key=lambda row: (-row[1], row[0]))
    return "".join(f"{name}\t0\t{document}\t{mark}\n" for document, mark in best_first)


if __name__ == "__main__":
    for name, content in texts().items():
        (HERE / name).write_text(content, encoding="utf-8")
