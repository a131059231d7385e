"""The map of the world: where a place lies on it, and the outlines of countries as a drawing.

The outlines are those of Natural Earth at 1:110 million, without the smallest states. They claim nothing for anybody.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import pycountry

from people.data import table
from people.reference import KOSOVO, alpha3

# The Equal Earth projection of Šavrič, Patterson and Jenny (2018): every country in its true size.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = math.sqrt(3) / 2
WIDTH, HEIGHT = 1000, 432
SCALE = WIDTH / 5.41327  # from edge to edge the projection is so wide
NORTH = 1.304  # of it, the northernmost land
CENTRE = 11  # degrees east: so the edge runs between Asia and America, and through no land
ANTARCTICA = "ata"
# Drawn apart by Natural Earth, and without a number of their own.
UNNUMBERED = {"Kosovo": alpha3(KOSOVO), "N. Cyprus": "cyp", "Somaliland": "som"}


class Spot(NamedTuple):
    """A place of the map, from its upper left corner; the map is 1000 wide."""

    x: float
    y: float


def spot(lat: float, lon: float) -> Spot:
    """Where a place lies on the map, by its degrees."""
    theta = math.asin(M * math.sin(math.radians(lat)))
    square = theta * theta
    sixth = square**3
    turned = math.radians((lon - CENTRE + 180) % 360 - 180)
    x = turned * math.cos(theta) / (M * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)))
    y = theta * (A1 + A2 * square + sixth * (A3 + A4 * square))
    return Spot(round(WIDTH / 2 + SCALE * x, 1), round(SCALE * (NORTH - y), 1))


def paths(topology: Mapping[str, Any]) -> dict[str, str]:
    """The outline of each country of a TopoJSON file, by its code (“eth”), as an SVG path."""
    found: dict[str, str] = defaultdict(str)
    arcs = [list(_line(arc, topology["transform"])) for arc in topology["arcs"]]
    for country in topology["objects"]["countries"]["geometries"]:
        if (code := _code(country)) != ANTARCTICA:
            found[code] += "".join(_path(ring, arcs) for ring in _rings(country))
    return dict(sorted(found.items()))


def drawing(outlines: Mapping[str, str]) -> str:
    """All countries as one SVG, each a path that is named by its code."""
    drawn = "".join(f'<path id="{code}" d="{path}"/>\n' for code, path in outlines.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n{drawn}</svg>\n'


@cache
def outlined() -> tuple[str, ...]:
    """The codes of the countries that the drawing has."""
    return tuple(table("outlined").split())


def _code(country: Mapping[str, Any]) -> str:
    if "id" not in country:
        return UNNUMBERED[country["properties"]["name"]]
    return _by_number()[country["id"]]


@cache
def _by_number() -> dict[str, str]:
    """The codes of the countries by their numbers in ISO 3166."""
    return {one.numeric: one.alpha_3.lower() for one in pycountry.countries}


def _line(arc: Iterable[tuple[int, int]], transform: Mapping[str, Any]) -> Iterator[Spot]:
    """An arc of the file, whose points are steps from the one before, on the map."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    for across, up in arc:
        x, y = x + across, y + up
        yield spot(lat=y * high + south, lon=x * wide + west)


def _rings(country: Mapping[str, Any]) -> Iterator[list[int]]:
    several = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    return (ring for polygon in several for ring in polygon)


def _path(ring: Iterable[int], arcs: list[list[Spot]]) -> str:
    """A ring of arcs as a path; the number of one that runs the other way is below zero.

    One island lies on the edge of the map, Saint Lawrence in the Bering Sea. It is left out.
    """
    line = [point for n in ring for point in (arcs[n] if n >= 0 else reversed(arcs[~n]))]
    points = [point for point, _again in groupby((round(x), round(y)) for x, y in line)]
    steps = [(there[0] - here[0], there[1] - here[1]) for here, there in pairwise(points)]
    if len(steps) < 2 or any(abs(across) > WIDTH / 2 for across, _down in steps):
        return ""
    return f"M{points[0][0]} {points[0][1]}l{' '.join(f'{across} {down}' for across, down in steps)}z"
