"""A page for every country from Unicode CLDR, ISO 3166 and our reference data, as records of the import format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pycountry
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_day_names
from babel.numbers import get_currency_name, get_territory_currencies
from django.urls import reverse

from people.models import Language, Region
from people.reference import iso_code

STATUS = {
    "official": "official",
    "de_facto_official": "official in practice",
    "official_regional": "official in part of the country",
}
MOST_LANGUAGES = 12
SPOKEN_FROM = 0.5  # per cent of the people
SOURCES = (
    "Made from Unicode CLDR, ISO 3166 and the country codes of the United Nations (M49). Shares of languages are "
    "estimates: several languages of one person count several times."
)
INVITATION = (
    "Nobody has written this part yet. If you work in {name}, or did, "
    "write down what you would have liked to know:"
)
QUESTIONS = (
    "whom to call on in the first weeks, and in which order;",
    "how offices are reached: by letter, by telephone, by message or in person;",
    "working hours, public holidays and the weeks in which nobody decides anything;",
    "which language opens doors, and who interprets well;",
    "what our last three delegations learned.",
)


@dataclass
class Around:
    """What the demo says about a country: our posts there as (name, address), and the titles of pages."""

    posts: list[tuple[str, str]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Spoken:
    """A language of a country: its names, status and share of the people in per cent."""

    tag: str
    name: str
    own_name: str
    status: str
    share: float


def country_records(
    capitals: Mapping[str, str], around: Mapping[str, Around], author: str
) -> Iterator[dict[str, Any]]:
    """Return one article for each country, in the order of their codes."""
    known = Language.objects.in_bulk()
    countries = Region.objects.filter(kind=Region.Kind.COUNTRY).exclude(iso2="").prefetch_related("parents")
    for country in countries.order_by("code"):
        yield record(
            country,
            spoken_in(country, known),
            capitals.get(country.code, ""),
            around.get(country.code),
            author,
        )


def record(
    country: Region, spoken: list[Spoken], capital: str, around: Around | None, author: str
) -> dict[str, Any]:
    """Return the article of one country."""
    facts = facts_of(country, spoken, capital)
    others = [name for name in country.other_names if len(name) < 200]
    return {
        "record": "article",
        "id": f"demo-country-{country.code}",
        "type": "country-profile",
        "title": country.name,
        "language": "en",
        "author": author,
        "on": "2026-01-05T08:00:00Z",
        "imported_as": "Made from Unicode CLDR, ISO 3166 and M49",
        "countries": [country.code],
        "aliases": [country.code.upper(), *others],
        "facts": {key: value for key, value in facts.items() if key in BOXED},
        "body": body(country, facts, spoken, around or Around()),
        "licence": "Unicode-3.0 (CLDR), public facts",
        "demo": True,
    }


# --- facts -------------------------------------------------------------------------------------------------------

LABELS = {
    "capital": "Capital",
    "long_form": "Name in full",
    "local_short": "Own names",
    "iso": "ISO 3166 codes",
    "currency": "Currency",
    "languages": "Official languages",
    "week": "Week begins on",
    "weekend": "Weekend",
    "time_zones": "Time zones",
}
SETS = {Region.Kind.M49: "United Nations region", Region.Kind.BUREAU: "Bureau", Region.Kind.NAMED: "Also in"}
BOXED = ("capital", "long_form", "local_short", "iso", "currency", "languages", "time_zones")


def facts_of(country: Region, spoken: list[Spoken], capital: str) -> dict[str, str]:
    """Return what is known of a country, by key; what nobody says is left out."""
    iso = pycountry.countries.get(alpha_2=country.iso2)
    official = [language for language in spoken if language.status in ("official", "official in practice")]
    begins, weekend = week(country.iso2, spoken)
    facts = {
        "capital": capital,
        "long_form": getattr(iso, "official_name", ""),
        "local_short": "; ".join(own_names(country, official)),
        "iso": ", ".join([country.iso2, country.code.upper(), *([iso.numeric] if iso else [])]),
        "currency": ", ".join(currencies(country.iso2)),
        "languages": ", ".join(language.name for language in official),
        "week": begins,
        "weekend": weekend,
        "time_zones": ", ".join(zones(country.iso2)),
    }
    return {key: value for key, value in facts.items() if value}


def spoken_in(country: Region, known: Mapping[str, Language]) -> list[Spoken]:
    """Return a country's languages, official ones first, then by share; small ones only where official."""
    found = []
    for tag, says in get_global("territory_languages").get(country.iso2, {}).items():
        language, share = known.get(iso_code(tag)), float(says["population_percent"])
        status = STATUS.get(says["official_status"] or "", "")
        if language and (status or share >= SPOKEN_FROM):
            found.append(Spoken(tag, language.name, language.native_name, status, share))
    ranks = list(STATUS.values())
    found.sort(key=lambda one: (ranks.index(one.status) if one.status else len(ranks), -one.share, one.name))
    return found[:MOST_LANGUAGES]


def locale_of(tag: str, iso2: str = "") -> Locale | None:
    """Return CLDR's data for a language in a country, or None where it has none."""
    try:
        return Locale.parse(f"{tag}_{iso2}" if iso2 else tag)
    except (UnknownLocaleError, ValueError):
        return None


def own_names(country: Region, official: Iterable[Spoken]) -> list[str]:
    """Return what a country is called in its official languages, with the language."""
    names: dict[str, str] = {}
    for language in official:
        locale = locale_of(language.tag)
        if locale and (name := locale.territories.get(country.iso2)):
            names.setdefault(name, language.name)
    return [f"{name} ({language})" for name, language in names.items()]


def currencies(iso2: str) -> list[str]:
    """Return the currencies in use, with their codes."""
    return [f"{get_currency_name(code, locale='en')} ({code})" for code in get_territory_currencies(iso2)]


def zones(iso2: str) -> list[str]:
    """Return the names of a country's time zones, at most six."""
    names = sorted(get_global("territory_zones").get(iso2, []))
    return names if len(names) <= 6 else [*names[:6], "…"]


def week(iso2: str, spoken: Iterable[Spoken]) -> tuple[str, str]:
    """Return the day a week begins on, and the days of rest; empty where CLDR has no locale of the country."""
    locale = next(filter(None, (locale_of(language.tag, iso2) for language in spoken)), None)
    if locale is None:
        return "", ""
    days = get_day_names("wide", locale="en")
    first, last = locale.weekend_start, locale.weekend_end
    rest = days[first] if first == last else f"{days[first]} and {days[last]}"
    return days[locale.first_week_day], rest


# --- text --------------------------------------------------------------------------------------------------------


def body(country: Region, facts: Mapping[str, str], spoken: list[Spoken], around: Around) -> str:
    """Return the Markdown of a country's page."""
    parts = [lead(country, facts), "## Facts at a glance", fact_table(country, facts)]
    if spoken:
        parts += ["## Languages", language_table(spoken), knowing(country)]
    parts += ["## Working there", *our_posts(country, around), INVITATION.format(name=country.name)]
    parts += ["\n".join(f"- {question}" for question in QUESTIONS)]
    if around.pages:
        parts += ["## See also", "\n".join(f"- [[{title}]]" for title in around.pages)]
    return "\n\n".join([*parts, "## Sources", SOURCES]) + "\n"


def lead(country: Region, facts: Mapping[str, str]) -> str:
    """Return the opening sentences."""
    places = [
        f"[{parent.name}]({reverse('region', args=[parent.slug])})"
        for parent in lies_in(country, Region.Kind.M49)
    ]
    where = (
        f" lies in {' and '.join(places)}" if places else " is a country or territory with codes of its own"
    )
    sentences = [f"**{country.name}**{where}."]
    if "capital" in facts:
        sentences.append(f"Its capital is {facts['capital']}.")
    if country.demonym:
        sentences.append(f"Somebody or something from there is {country.demonym}.")
    return " ".join(sentences)


def lies_in(country: Region, kind: str) -> list[Region]:
    """Return the regions of one kind that a country lies in, by name."""
    return sorted(
        (parent for parent in country.parents.all() if parent.kind == kind), key=lambda one: one.name
    )


def fact_table(country: Region, facts: Mapping[str, str]) -> str:
    """Return the table of facts, with the regions and bureaux that the country belongs to."""
    rows = [(label, facts[key]) for key, label in LABELS.items() if key in facts]
    for kind, label in SETS.items():
        if inside := lies_in(country, kind):
            links = (f"[{parent.name}]({reverse('region', args=[parent.slug])})" for parent in inside)
            rows.append((label, ", ".join(links)))
    return "\n".join(
        ["| Fact | What it is |", "|---|---|", *(f"| {label} | {value} |" for label, value in rows)]
    )


def language_table(spoken: Iterable[Spoken]) -> str:
    """Return the table of languages."""
    rows = (
        f"| {one.name} | {one.own_name or '–'} | {one.status or '–'} | {percent(one.share)} |"
        for one in spoken
    )
    return "\n".join(["| Language | Own name | Status | Share of the people |", "|---|---|---|---:|", *rows])


def percent(share: float) -> str:
    """Return a share as people write it: 33 %, 0.6 %, – for none known."""
    return f"{share:.0f} %" if share >= 10 else f"{share:.1g} %" if share >= 0.05 else "–"


def knowing(country: Region) -> str:
    """Return where to find colleagues who speak these languages or know the country."""
    search = f"{reverse('search:search')}?q={country.slug.replace('-', '+')}&kind=person"
    return f"Who speaks them, and who knows the country: [ask the directory]({search})."


def our_posts(country: Region, around: Around) -> list[str]:
    """Return the sentence about the ministry's posts."""
    if not around.posts:
        return []
    links = " and ".join(f"[{name}]({address})" for name, address in around.posts)
    return [f"The ministry has {links} there."]
