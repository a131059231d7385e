"""Languages, countries and regions of the world, from Unicode CLDR (Babel), ISO (pycountry) and people/data.

Loading adds what is missing and leaves what is there as administrators edited it; with
`overwrite` everything shipped is put back as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pycountry
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.db import transaction
from django.utils.text import slugify

from people import regions
from people.data import table
from people.models import Language, Region

ENGLISH, FRENCH = Locale("en"), Locale("fr")
KOSOVO = "XK"  # in use everywhere, not in ISO 3166
SPOKEN_FROM = 1.0  # per cent of a country's people
NOT_LANGUAGES = {"mis", "mul", "und", "zxx"}

LANGUAGE_FIELDS = ["tag", "name", "native_name", "other_names", "scripts", "countries"]
REGION_FIELDS = ["kind", "name", "slug", "iso2", "other_names", "demonym"]


@dataclass
class Loaded:
    """How many rows of each sort were added (or put back)."""

    languages: int = 0
    regions: int = 0
    links: int = 0


@dataclass
class Place:
    """A region to be, and the codes of the regions it lies in."""

    region: Region
    parents: list[str] = field(default_factory=list)


# --- languages ---------------------------------------------------------------------------------------------------


def iso_code(tag: str) -> str:
    """ISO 639-3 for the language of a BCP 47 tag, "uzb" for "uz_Arab"; empty when there is none."""
    base = tag.split("_")[0]
    found = pycountry.languages.get(alpha_2=base) if len(base) == 2 else pycountry.languages.get(alpha_3=base)
    return found.alpha_3 if found and found.alpha_3 not in NOT_LANGUAGES else ""


def bcp47(code: str) -> str:
    """The shortest tag of an ISO 639-3 code: "ps" for "pus"."""
    found = pycountry.languages.get(alpha_3=code)
    return getattr(found, "alpha_2", code)


def distinct(names: Iterable[str], without: Iterable[str] = ()) -> list[str]:
    """The names in their order, each once whatever its capitals, without the ones given."""
    seen = {"", *(name.casefold() for name in without)}
    kept = []
    for name in names:
        if name.casefold() not in seen:
            seen.add(name.casefold())
            kept.append(name)
    return kept


@cache
def alpha3(iso2: str) -> str:
    """ISO 3166 alpha-3 in lower case, our code for a country: "eth" for "ET"."""
    found = pycountry.countries.get(alpha_2=iso2)
    return found.alpha_3.lower() if found else {KOSOVO: "xkx"}.get(iso2, "")


def _speakers() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For each language the countries, most important first, and the scripts it is written in."""
    spoken: dict[str, list[tuple[bool, float, str]]] = defaultdict(list)
    scripts: dict[str, list[str]] = defaultdict(list)
    for territory, languages in get_global("territory_languages").items():
        for tag, facts in languages.items():
            code, country = iso_code(tag), alpha3(territory)
            official, share = bool(facts["official_status"]), facts["population_percent"]
            if code and country and (official or share >= SPOKEN_FROM):
                spoken[code].append((not official, -share, country))
            if code and "_" in tag:
                scripts[code].append(tag.split("_")[1])
    countries = {code: distinct(place[2] for place in sorted(places)) for code, places in spoken.items()}
    return countries, scripts


def _own_name(tag: str) -> str:
    try:
        return Locale.parse(tag).languages.get(tag, "")
    except (UnknownLocaleError, ValueError):
        return ""


def _known_codes() -> list[str]:
    """Every language that CLDR names or places in a country, parts of larger ones, and those we name ourselves."""
    tags = {
        *ENGLISH.languages,
        *(tag for there in get_global("territory_languages").values() for tag in there),
    }
    codes = {iso_code(tag) for tag in tags}
    for larger, smaller in table("languages")["macrolanguages"].items():
        codes |= {larger, *smaller.split()}
    return sorted((codes | set(table("languages")["names"])) - {""})


def languages(codes: Iterable[str]) -> list[Language]:
    """The languages of these ISO 639-3 codes, unsaved."""
    countries, scripts = _speakers()
    return [language(code, countries, scripts) for code in codes]


def find_language(code: str) -> Language | None:
    """A language by its ISO 639-3 code; one that ISO knows and the table does not is added. None for no language."""
    found = Language.objects.filter(code=code).first()
    if found is None and pycountry.languages.get(alpha_3=code) and code not in NOT_LANGUAGES:
        found = languages([code])[0]
        found.save(force_insert=True)
    return found


def language(code: str, countries: dict[str, list[str]], scripts: dict[str, list[str]]) -> Language:
    """One language with its names in English, French and its own, and what else people call it."""
    own, tag = table("languages"), bcp47(code)
    iso_name = getattr(pycountry.languages.get(alpha_3=code), "name", "")
    name = own["names"].get(code) or ENGLISH.languages.get(tag) or iso_name
    native = own["own_names"].get(code) or _own_name(tag)
    likely = get_global("likely_subtags").get(tag, "").split("_")[1:2]
    others = [*own["other_names"].get(code, []), iso_name, FRENCH.languages.get(tag, "")]
    return Language(
        code=code,
        tag=tag,
        name=name,
        native_name=native,
        other_names=distinct(others, without=[name, native]),
        scripts=distinct([*likely, *scripts.get(code, []), *own["scripts"].get(code, "").split()]),
        countries=own["countries"].get(code) or countries.get(code, []),
    )


# --- regions -----------------------------------------------------------------------------------------------------


def _country(iso2: str) -> Region:
    ours, iso = table("countries").get(iso2, {}), pycountry.countries.get(alpha_2=iso2)
    name = ours.get("name") or ENGLISH.territories[iso2]
    formal = [getattr(iso, key, "") for key in ("name", "common_name", "official_name")] if iso else []
    others = [
        *ours.get("other_names", []),
        ENGLISH.territories[iso2],
        *formal,
        FRENCH.territories.get(iso2, ""),
    ]
    return Region(
        kind=Region.Kind.COUNTRY,
        code=alpha3(iso2),
        name=name,
        slug=slugify(name),
        iso2=iso2,
        other_names=distinct(others, without=[name]),
        demonym=ours.get("demonym", ""),
    )


def _united_nations() -> Iterable[Place]:
    """The tree of the United Nations' M49 standard, from the world down, without countries."""
    data = table("regions")
    above = {code: parent for parent, below in data["tree"].items() for code in below.split()}
    for code in ("001", *above):
        name = ENGLISH.territories[code]
        name = name[0].upper() + name[1:]
        others = distinct(
            [*data["other_names"].get(code, []), FRENCH.territories.get(code, "")], without=[name]
        )
        kind = Region.Kind.WORLD if code == "001" else Region.Kind.M49
        region = Region(kind=kind, code=f"m49-{code}", name=name, slug=slugify(name), other_names=others)
        yield Place(region, [f"m49-{above[code]}"] if code in above else [])


def _sets_of_countries() -> Iterable[tuple[Region, list[str]]]:
    """Bureaux and named regions, each with the alpha-2 codes of its countries."""
    data = table("regions")
    for kind, entry in [("bureau", row) for row in data["bureaus"]] + [
        ("named", row) for row in data["named"]
    ]:
        code = f"bureau-{entry['code']}" if kind == "bureau" else entry["slug"]
        members: list[str] = []
        for word in entry["members"].split():
            members += data["members"][word].split() if word.isdigit() else [word]
        yield (
            Region(kind=kind, code=code, name=entry["name"], slug=code, other_names=entry["other_names"]),
            members,
        )


def places() -> list[Place]:
    """Every country and region, unsaved, each with the codes of those it lies in."""
    members = table("regions")["members"]
    countries = {
        iso2: Place(_country(iso2), [f"m49-{code}"])
        for code, list_ in members.items()
        for iso2 in list_.split()
    }
    sets = []
    for region, inside in _sets_of_countries():
        sets.append(Place(region, ["m49-001"] if region.kind == Region.Kind.BUREAU else []))
        for iso2 in inside:
            countries[iso2].parents.append(region.code)
    return [*_united_nations(), *sets, *countries.values()]


# --- loading -----------------------------------------------------------------------------------------------------


def load(*, overwrite: bool = False, tell: Callable[[str], Any] = str) -> Loaded:
    """Fill the tables. `tell` hears a line for each step. Returns what was added (or put back)."""
    with transaction.atomic():
        tell("Loading languages …")
        added_languages = _save_languages(overwrite)
        tell("Loading countries and regions …")
        added_regions, links = _save_places(places(), overwrite)
        regions.changed()
    return Loaded(added_languages, added_regions, links)


def _save_languages(overwrite: bool) -> int:
    known = set() if overwrite else set(Language.objects.values_list("code", flat=True))
    codes = [code for code in _known_codes() if code not in known]
    rows = languages(codes) if codes else []
    Language.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=LANGUAGE_FIELDS, batch_size=200
    )
    for larger, smaller in table("languages")["macrolanguages"].items():
        inside = set(codes) & set(smaller.split())
        if inside:
            Language.objects.filter(code__in=inside).update(macrolanguage=larger)
    for code, scripts in table("languages")["scripts"].items():
        Language.objects.filter(code=code, scripts=[]).update(scripts=scripts.split())
    return len(rows)


def _save_places(wanted: list[Place], overwrite: bool) -> tuple[int, int]:
    known = set(Region.objects.values_list("code", flat=True))
    rows = [place.region for place in wanted if overwrite or place.region.code not in known]
    Region.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=REGION_FIELDS, batch_size=100
    )
    ids = dict(Region.objects.values_list("code", "pk"))
    changed = {row.code for row in rows}
    through = Region.parents.through
    links = [
        through(from_region_id=ids[place.region.code], to_region_id=ids[parent])
        for place in wanted
        for parent in place.parents
        if changed & {place.region.code, parent}
    ]
    through.objects.bulk_create(links, ignore_conflicts=True, batch_size=300)
    return len(rows), len(links)
