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
