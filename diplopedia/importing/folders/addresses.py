"""Where an address in a Markdown file leads: another of its files, a picture, a document, or out of the folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from diplopedia.markdown import title_key

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
ENDING = re.compile(r"(?:\.(?:md|markdown|mdown|mkd|html?))$", re.IGNORECASE)
INDEX = re.compile(r"(?:^|/)_?(?:index|readme|home)$", re.IGNORECASE)
NOT_ALIKE = re.compile(r"[\W_]+")


class Target(NamedTuple):
    """What an address means: `kind` is page, file, external, here (a section of the same page) or nothing."""

    kind: str
    name: str = ""
    section: str = ""


@dataclass
class Place:
    """A page as others may call it: its path, its other addresses, its names, and the sections of its text."""

    path: str
    addresses: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    moved_to: str = ""


class Addresses:
    """All pages and files of one folder, by whatever their addresses may look like."""

    def __init__(self, places: Iterable[Place], files: Iterable[str], sites: Iterable[str] = ()) -> None:
        self.places = {place.path: place for place in places}
        self.files = {name.casefold(): name for name in files}
        self.sites = tuple(re.sub(r"^https?://", "", site).rstrip("/") for site in sites)
        self.by_path: dict[str, str] = {}
        self.by_name: dict[str, str] = {}
        for place in self.places.values():
            self.by_path.setdefault(plain(place.path), place.path)
        for place in self.places.values():
            for inner in filter(None, map(self.inside, place.addresses)):
                self.by_path.setdefault(plain(inner), place.path)
        for names in (lambda p: [p.path.rpartition("/")[2]], lambda p: p.names):
            for place in self.places.values():
                for name in names(place):
                    self.by_name.setdefault(title_key(ENDING.sub("", name)), place.path)

    def find(self, address: str, path: str) -> Target:
        """Return what an address in the file at this path means."""
        return self._followed(self._find(address, path), 5)

    def _find(self, address: str, path: str) -> Target:
        words, _hash, section = unquote(address.strip()).partition("#")
        words = words.partition("?")[0]
        if not words:
            return Target("here", path, section)
        if (inner := self.inside(words)) is None:
            return Target("external", address)
        for candidate in candidates(inner, path):
            if page := self.by_path.get(plain(candidate)):
                return Target("page", page, section)
            if file := self.files.get(candidate.strip("/").casefold()):
                return Target("file", file)
        return Target("nothing", address)

    def _followed(self, target: Target, steps: int) -> Target:
        """Return where a page leads that has moved; after so many steps it leads nowhere."""
        place = self.places.get(target.name) if target.kind in {"page", "here"} else None
        if place is None or not place.moved_to:
            return target
        if not steps:
            return Target("nothing", target.name)
        onward = self._followed(self._find(place.moved_to, place.path), steps - 1)
        return onward._replace(section=target.section or onward.section) if onward.kind == "page" else onward

    def called(self, name: str, path: str) -> Target:
        """Return what a name between double square brackets means: a path, a file, or a title."""
        words, _hash, section = name.strip().partition("#")
        found = self.find(name, path)
        if found.kind in {"page", "file", "here"}:
            return found
        if page := self.by_name.get(title_key(ENDING.sub("", words))):
            return self._followed(Target("page", page, section), 5)
        return next(
            (
                Target("file", file)
                for low, file in self.files.items()
                if low.endswith("/" + words.casefold())
            ),
            Target("nothing", name),
        )

    def inside(self, address: str) -> str | None:
        """Return an address as a path of this folder, or None where it leads out of it."""
        if not SCHEME.match(address):
            return address
        bare = re.sub(r"^(?:https?:)?//", "", address)
        for site in self.sites:
            if bare == site or bare.startswith((site + "/", site + "#", site + "?")):
                return "/" + bare[len(site) :].lstrip("/")
        return None

    def at_site(self, address: str) -> str:
        """Return where an address leads on the site that these files were on; nothing where that is not known."""
        if SCHEME.match(address):
            return address
        return (
            f"https://{self.sites[0].partition('/')[0]}{address}" if self.sites and address[0] == "/" else ""
        )

    def section(self, path: str, asked: str) -> str | None:
        """Return the name under which a section of a page is found here, or None if it has no such section."""
        return self.places[path].sections.get(alike(asked)) if path in self.places else None


def candidates(address: str, path: str) -> list[str]:
    """Return the paths an address may mean: from its file, from the address of its file, from the top."""
    if address.startswith("/"):
        return [address.strip("/")]
    folder = posixpath.dirname(path)
    as_folder = plain(path)
    joined = [posixpath.normpath(posixpath.join(base, address)) for base in (folder, as_folder, "")]
    return [path for path in dict.fromkeys(joined) if not path.startswith("..")]


def plain(path: str) -> str:
    """Return a path without what different programs write differently: endings, index, slashes, capitals."""
    path = ENDING.sub("", path.strip("/")).strip("/")
    return INDEX.sub("", path).strip("/").casefold() if path != "." else ""


def alike(section: str) -> str:
    """Return the form in which the addresses of a section are the same, however its program made them."""
    return NOT_ALIKE.sub("", section.casefold().replace("&", "and"))
