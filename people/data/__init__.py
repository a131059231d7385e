"""Facts that no package carries, in our own words: who calls a place what, and which places belong together."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> Any:
    """The parsed contents of people/data/<name>.json. Do not change what you get: it is shared."""
    return json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))


def city_names(city: str) -> list[str]:
    """Other names of a city: for "Kyiv" those are "Kiev" and "Kyyiv"."""
    return list(table("cities").get(city, []))


@cache
def names_in(language: str) -> dict[str, Any]:
    """What regions, their people, cities and skills are called in a language, by in_<language>.json if there is one."""
    file = files(__name__).joinpath(f"in_{language}.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found
