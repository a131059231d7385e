"""What the person who imports decides: where the folder comes from, what its folders mean, what its tags become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from diplopedia.importing.folders.walking import parents
from diplopedia.importing.values import ImportProblem

WAYS = ("none", "tags", "regions")
MEANINGS = ("tag", "region", "kind", "skip")


class Meaning(NamedTuple):
    """What lying in a folder says of a page."""

    tags: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kind: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class Rules:
    """How a folder is to be read.

    `folders` says what every folder means that no rule names; `named` what those do that are named. `sites` are
    addresses under which these files were published; `words` what a tag of Liquid is to become; `facts` the fields
    of the front matter that are facts; `groups` who alone may read what comes in.
    """

    source: str
    folders: str = "none"
    named: dict[str, Meaning] = field(default_factory=dict)
    sites: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    kind: str = ""
    language: str = "en"

    def meaning(self, path: str) -> Meaning:
        """Return what all folders of a path say together; of several kinds the innermost counts."""
        tags: list[str] = []
        regions: list[str] = []
        kind, skipped = self.kind, False
        for folder in parents(path):
            one = self.named.get(folder) or self.usual(folder)
            tags += one.tags
            regions += one.regions
            kind, skipped = one.kind or kind, skipped or one.skipped
        return Meaning(tuple(dict.fromkeys(tags)), tuple(dict.fromkeys(regions)), kind, skipped)

    def usual(self, folder: str) -> Meaning:
        """Return what a folder means that no rule names."""
        words = in_words(PurePosixPath(folder).name)
        if self.folders == "none" or not words:
            return Meaning()
        return Meaning(tags=(words,)) if self.folders == "tags" else Meaning(regions=(words,))


def in_words(name: str) -> str:
    """Return the name of a file or folder as words."""
    return " ".join(name.strip("_").replace("-", " ").replace("_", " ").split())


def named(rules: Iterable[str]) -> dict[str, Meaning]:
    """Return rules such as `travel/leave=tag:Leave,region:Kenya` by folder. Raises ImportProblem, with the form."""
    found: dict[str, Meaning] = {}
    for rule in rules:
        folder, equals, meanings = rule.partition("=")
        if not (folder.strip() and equals):
            raise ImportProblem(f"“{rule}” is no rule: write FOLDER=tag:NAME, region:NAME, kind:KEY or skip.")
        found[folder.strip().strip("/")] = meaning(meanings)
    return found


def meaning(text: str) -> Meaning:
    """Return what stands after the equals sign of a rule; nothing says that the folder means nothing."""
    given: dict[str, list[str]] = {name: [] for name in MEANINGS}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _colon, value = part.partition(":")
        if name not in MEANINGS or (not value.strip() and name != "skip"):
            raise ImportProblem(f"“{part}” means nothing: write tag:NAME, region:NAME, kind:KEY or skip.")
        given[name].append(value.strip())
    return Meaning(
        tuple(given["tag"]), tuple(given["region"]), "".join(given["kind"][-1:]), bool(given["skip"])
    )


def pairs(given: Iterable[str]) -> dict[str, str]:
    """Return NAME=TEXT by name. Raises ImportProblem."""
    found = {}
    for one in given:
        name, equals, words = one.partition("=")
        if not (name.strip() and equals):
            raise ImportProblem(
                f"“{one}” says nothing: write NAME=TEXT, where {{}} stands for what the tag is given."
            )
        found[name.strip()] = words
    return found
