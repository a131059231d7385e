"""Names of skills in other words of their families: “monitored elections”, “demarcation of borders”, “speech writer”.

A skill is meant by the roots of all words of one of its names, in any order; by a single one only where nothing else
can be meant: “cyber people”, “knows about disarmament”.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from search.analysis import root, words
from search.cues import CUE_OF, EXPERTS, GLUE, HANDS
from search.grammar import Part
from search.signs import Found, Named, covered, plain

LONGEST = 6  # words, small ones included
MOST_MEANT = 3  # skills that one word may stand for
SMALL = frozenset("a an the and of in on for to with from".split())
ABOUT = frozenset("about for in of on the with".split())

Name = TypeVar("Name", bound=Named)


@dataclass(frozen=True)
class Families(Generic[Name]):
    """The skills by the roots of their names, and by single roots: those whose name begins so, else has it."""

    whole: dict[frozenset[str], tuple[Name, ...]]
    single: dict[str, tuple[Name, ...]]

    @classmethod
    def of(cls, phrases: Mapping[tuple[str, ...], tuple[Name, ...]]) -> Families[Name]:
        """Of all names of a dictionary."""
        whole: dict[frozenset[str], dict[Name, None]] = defaultdict(dict)
        first: dict[str, dict[Name, None]] = defaultdict(dict)
        later: dict[str, dict[Name, None]] = defaultdict(dict)
        for phrase, names in phrases.items():
            roots = [root(word) for word in phrase if word not in SMALL]
            for name in (name for name in names if name.field == "skill"):
                whole[frozenset(roots)][name] = None
                if words(name.label) == [*phrase]:
                    first[roots[0]][name] = None
                    for one in roots[1:]:
                        later[one][name] = None
        several = {roots: tuple(found) for roots, found in whole.items() if len(roots) > 1}
        single = {one: tuple(found) for one, found in (later | first).items() if len(found) <= MOST_MEANT}
        return cls(several, single)

    def found(self, parts: tuple[Part, ...], named: Iterable[Found]) -> Iterator[Found]:
        """The stretches that stand for skills, beside those that are `named` already."""
        taken = covered(named)
        texts = ["" if index in taken else plain(part) for index, part in enumerate(parts)]
        at = 0
        while at < len(texts):
            stretch = self._at(texts, at)
            if stretch:
                yield stretch
            at = stretch.end if stretch else at + 1

    def _at(self, texts: list[str], at: int) -> Found | None:
        for end in range(min(at + LONGEST, len(texts)), at + 1, -1):
            if {"", *SMALL}.isdisjoint((texts[at], texts[end - 1])) and "" not in texts[at:end]:
                roots = [root(one) for text in texts[at:end] if text not in SMALL for one in words(text)]
                names = self.whole.get(frozenset(roots)) if len(set(roots)) == len(roots) else None
                if names:
                    return Found(at, end, names)
        if texts[at] and texts[at] not in GLUE and texts[at] not in CUE_OF and _asked_alone(texts, at):
            names = self.single.get(root(texts[at]), ())
            return Found(at, at + 1, names) if names else None
        return None


def _asked_alone(texts: list[str], at: int) -> bool:
    """Whether a word stands where a skill does: `cyber people`, `knows about disarmament`."""
    if not (EXPERTS | HANDS).isdisjoint(texts[at + 1 : at + 2]):
        return True
    before = [text for text in texts[:at] if text not in ABOUT]
    ends = at + 1 == len(texts) or texts[at + 1] in GLUE
    named = at > 0 and texts[at - 1] in ABOUT and before[-1:] == [""]  # “can mentor in negotiation”
    return ends and (named or CUE_OF.get("".join(before[-1:])) == "region")
