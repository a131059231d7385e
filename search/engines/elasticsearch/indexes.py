"""Which of the server's indexes are ours, and by which names they are read and written.

<prefix>-read      the index in use
<prefix>-write     the same one
<prefix>-filling   the one that a rebuild fills; whoever writes, writes to it as well
<prefix>-<time>-…  an index

All three are aliases, changed together in one step. The server never makes an index under our prefix by itself: what
is written asks for an alias that is there, and since a removal with a version is not asked that, a template forbids it.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from search.deadlines import Deadline
from search.engines import IndexMissing, SearchUnavailable
from search.engines.elasticsearch.client import REBUILD, Server, telling
from search.engines.elasticsearch.mapping import FORMAT, PRODUCT, language_mapping, mapping, settings

OLDEST = (8, 19)
PRIORITY = 500  # above the templates that come with the server
LOOK = (
    "*.settings.index.uuid",
    "*.aliases",
    "*.mappings._meta",
    "*.mappings.properties.text.properties.*.dynamic",
)


@dataclass
class Index:
    """One index, as the server describes it."""

    name: str
    aliases: frozenset[str]
    meta: dict[str, Any]
    languages: set[str] = field(default_factory=set)

    @property
    def ours(self) -> bool:
        """Whether we made it."""
        return self.meta.get("product") == PRODUCT

    @property
    def readable(self) -> bool:
        """Whether this version can read it."""
        return self.ours and self.meta.get("format") == FORMAT


class Indexes:
    """The indexes under one prefix."""

    def __init__(self, server: Server) -> None:
        self.server = server
        prefix = server.address.prefix
        self.prefix = prefix
        self.read, self.write, self.filling = (f"{prefix}-{name}" for name in ("read", "write", "filling"))
        self.where = f"{server.where}/{prefix}"

    # -- looking --------------------------------------------------------------------------------------------------

    def look(self, *names: str, deadline: Deadline | None = None) -> list[Index]:
        """The indexes under some names; those by which they are used unless others are given.

        Who waits for it says until when; a rebuild and other upkeep have time.
        """
        client = self.server.until(deadline) if deadline else self.server.writing
        with telling(self.where):
            found = client.indices.get(
                index=list(names or (self.read, self.write, self.filling)),
                ignore_unavailable=True,
                allow_no_indices=True,
                filter_path=list(LOOK),
            )
        return [_index(name, about) for name, about in sorted(found.items())]

    def current(self, deadline: Deadline | None = None) -> Index:
        """The index in use. Raises SearchUnavailable if it is somebody else's, IndexMissing if there is none."""
        return self.used(self.look(deadline=deadline))

    def used(self, seen: Iterable[Index]) -> Index:
        """The one of these that is read. Raises as `current` does."""
        seen = list(seen)
        self.refuse_foreign(seen)
        index = next((index for index in seen if self.read in index.aliases), None)
        if index is None:
            raise IndexMissing(f"There is no search index at {self.where}. {REBUILD}")
        if not index.readable:
            raise IndexMissing(f"The search index at {self.where} was written by another version. {REBUILD}")
        return index

    def refuse_foreign(self, seen: Iterable[Index]) -> None:
        """Raise SearchUnavailable if one of these is not ours."""
        foreign = [index.name for index in seen if not index.ours]
        if foreign:
            raise SearchUnavailable(
                f"{self.where} is used by somebody else: the index {foreign[0]} is not ours and was left alone. Give "
                "our indexes another beginning at the end of SEARCH_URL."
            )

    def check_version(self, deadline: Deadline | None = None) -> None:
        """Raise SearchUnavailable if the server is too old. One that does not tell its version is taken as it is."""
        version = self.version(deadline)
        number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        if number and number < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise SearchUnavailable(
                f"Elasticsearch at {self.server.where} is {version}; it must be {oldest} or newer. Upgrade it."
            )

    def version(self, deadline: Deadline | None = None) -> str:
        """The lowest version of the server's nodes."""
        client = self.server.until(deadline) if deadline else self.server.writing
        with telling(self.server.where):
            nodes = client.nodes.info(filter_path="nodes.*.version").get("nodes", {})
        versions = [str(node["version"]) for node in nodes.values()]
        return min(versions, key=lambda version: [int(n) for n in re.findall(r"\d+", version)], default="")

    # -- changing -------------------------------------------------------------------------------------------------

    def create(self) -> str:
        """Make an index to fill; from now on whoever writes, writes to it as well."""
        self._forbid_others()
        name = f"{self.prefix}-{time.strftime('%Y%m%d%H%M%S')}-{uuid.uuid4().hex[:8]}"
        with telling(self.where):
            self.server.writing.indices.create(
                index=name, settings=settings(), mappings=mapping().to_dict(), aliases={self.filling: {}}
            )
        return name

    def _forbid_others(self) -> None:
        """Let no index come to be under our prefix but those we make. Longer prefixes come before shorter ones."""
        with telling(self.where):
            self.server.writing.indices.put_index_template(
                name=f"{self.prefix}-{PRODUCT}",
                index_patterns=[f"{self.prefix}-*"],
                priority=PRIORITY + len(self.prefix),
                allow_auto_create=False,
            )

    def teach(self, alias: str, languages: set[str]) -> None:
        """Make room for texts in some languages."""
        with telling(self.where):
            self.server.writing.indices.put_mapping(index=alias, properties=language_mapping(languages))

    def beat(self, name: str, number: int) -> None:
        """Show that an index is still being filled."""
        meta = {"product": PRODUCT, "format": FORMAT, "beat": f"{uuid.getnode()}-{number}"}
        with telling(self.where):
            self.server.writing.indices.put_mapping(index=name, meta=meta)

    def refresh(self, alias: str) -> None:
        """Make what was written visible to searches."""
        with telling(self.where):
            self.server.writing.indices.refresh(index=alias)

    def swap(self, name: str) -> None:
        """Use an index from now on, for everybody at once; those it takes the place of are removed in the same step."""
        old = [index for index in self.look() if index.name != name]
        self.refuse_foreign(old)
        actions: list[Mapping[str, Any]] = [{"remove_index": {"index": index.name}} for index in old]
        actions += [{"add": {"index": name, "alias": alias}} for alias in (self.read, self.write)]
        actions.append({"remove": {"index": name, "alias": self.filling}})
        with telling(self.where):
            self.server.writing.indices.update_aliases(actions=actions)

    def remove(self, *names: str) -> None:
        """Remove indexes."""
        if names:
            with telling(self.where):
                self.server.writing.indices.delete(index=list(names), ignore_unavailable=True)

    def sweep(self) -> None:
        """Remove what is ours and used under no name."""
        named = re.compile(re.escape(self.prefix) + r"-\d{14}-[0-9a-f]{8}")
        found = self.look(f"{self.prefix}-*")
        self.remove(*(i.name for i in found if i.ours and not i.aliases and named.fullmatch(i.name)))


def _index(name: str, about: Mapping[str, Any]) -> Index:
    mappings = about.get("mappings", {})
    languages = mappings.get("properties", {}).get("text", {}).get("properties", {})
    return Index(name, frozenset(about.get("aliases", {})), mappings.get("_meta", {}), set(languages))
