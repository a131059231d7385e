"""What languages, countries, regions and cities are called in the language of whoever reads.

English names are those of the tables, as administrators keep them. For other languages they come from the Unicode CLDR
(Babel), and what that does not have, or calls otherwise than diplomats do, from people/data/in_<language>.json.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language

from people.data import names_in

ENGLISH = "en"
# How English names of countries and regions end that have an article in a sentence.
WITH_ARTICLE = re.compile(
    r"(?:Andes|Americas|Bahamas|Balkans|Caribbean|Caucasus|Community|Comoros|Cone|Congo|Countries|East|Emirates"
    r"|Gambia|Group|Gulf|Hemisphere|Himalaya|Isle of Man|Islands|Horn of Africa|Kingdom"
    r"|Great Lakes of Africa|League|Levant|Maghreb|Maldives|Mashreq|Mekong|Netherlands|Partnership|Peninsula"
    r"|Philippines|Region|Republic|Sahel|See|Seychelles|States|Territor(?:y|ies)|Triangle|Union|World|Yugoslavia)$"
)


@dataclass(frozen=True)
class Names:
    """The names of one language of the interface: of regions our own by our codes, of cities by their English names, of
    all else by the codes of CLDR. `contractions`: what a preposition and the article of a name become.
    """

    regions: Mapping[str, list[str]]
    languages: Mapping[str, str]
    territories: Mapping[str, str]
    cities: Mapping[str, list[str]]
    contractions: Mapping[str, str]

    def of_region(self, code: str, iso2: str) -> list[str]:
        """All names of a region, the one to show first; none when only its English name is known."""
        known = self.territories.get(iso2 or code.removeprefix("m49-"), "")
        return [*self.regions.get(code, ()), *([known[0].upper() + known[1:]] if known else ())]


@cache
def names(language: str) -> Names | None:
    """The names in a language of the interface, by its code; None for English, whose names are in the tables."""
    if language.split("-")[0] == ENGLISH:
        return None
    locale = Locale.parse(language, sep="-")
    own = names_in(language)
    languages = ChainMap(own.get("languages", {}), locale.languages)
    return Names(
        own.get("regions", {}),
        languages,
        locale.territories,
        own.get("cities", {}),
        own.get("contractions", {}),
    )


def other_languages() -> Iterator[str]:
    """The languages of the interface besides English."""
    return (code for code, _name in settings.LANGUAGES if names(code) is not None)


def language_name(tag: str, name: str) -> str:
    """What a language is called, by its BCP 47 tag; `name` is its English name."""
    known = names(get_language() or ENGLISH)
    return known.languages.get(tag, name) if known and tag else name


def script_name(code: str) -> str:
    """What a script is called, by its ISO 15924 code; the code itself where nobody says."""
    # Simplified and traditional characters are one script, and said alone they are no name of any.
    code = "Hani" if code in ("Hans", "Hant") else code
    return _scripts(get_language() or ENGLISH).get(code, code)


@cache
def _scripts(language: str) -> Mapping[str, str]:
    return dict(Locale.parse(language, sep="-").scripts)


def region_name(code: str, iso2: str, name: str) -> str:
    """What a country or region is called, by our code and that of ISO 3166; `name` is its English name."""
    known = names(get_language() or ENGLISH)
    return next(iter(known.of_region(code, iso2)), name) if known else name


def city_name(name: str) -> str:
    """What a city is called; `name` is its English name."""
    known = names(get_language() or ENGLISH)
    return next(iter(known.cities.get(name, ())), name) if known else name


def contracted(text: str) -> str:
    """A text as it is said where a preposition and the article of a name are one word: "Ambassade au Caire"."""
    known = names(get_language() or ENGLISH)
    for apart, together in known.contractions.items() if known else ():
        text = text.replace(apart, together)
    return text


def in_a_sentence(name: str) -> str:
    """A country or region as it is written after a preposition: "the Sahel". Other languages are asked without one."""
    bare = name.removeprefix("The ")
    english = names(get_language() or ENGLISH) is None
    return f"the {bare}" if english and (bare != name or WITH_ARTICLE.search(name)) else name
