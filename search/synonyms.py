"""Words that mean the same, as administrators say: looked up for each search, so that a change counts at the next one.

They belong to the query and not to the index: no entry has to be written anew, and no engine stopped, for a change.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models.signals import post_delete, post_save

from search.analysis import words
from search.grammar import Either, Part, Word
from search.models import Mark, SynonymGroup
from search.query import Query, Synonym
from search.stretches import spans

MOST_OTHERS = 60
NOTHING: tuple[str, ...] = ()


@dataclass(frozen=True)
class Thesaurus:
    """All words that mean the same as others, by their folded words."""

    others: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def of(cls, groups: Iterable[SynonymGroup]) -> Thesaurus:
        """Build from groups; what stands in several means the same as all their words."""
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        for group in groups:
            forms = group.forms
            for form in forms[:1] if group.one_way else forms:
                known = tuple(words(form))
                others = (other for other in forms if tuple(words(other)) != known)
                found[known] = tuple(dict.fromkeys([*found.get(known, ()), *others]))
        found.pop((), None)
        return cls(found, max(map(len, found), default=0))

    def find(self, tokens: list[str], start: int) -> tuple[int, tuple[str, ...]]:
        """The longest words from a place on that mean the same as others: how many (0 for none), and the others."""
        for length in range(min(self.longest, len(tokens) - start), 0, -1):
            others = self.others.get(tuple(tokens[start : start + length]))
            if others:
                return length, others
        return 0, NOTHING

    def synonyms(self, parts: tuple[Part, ...]) -> tuple[Synonym, ...]:
        """What the plain words of a query mean as well; what is quoted or excluded means itself."""
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        left = MOST_OTHERS
        for stretch in (
            parts,
            *((option,) for part in parts if isinstance(part, Either) for option in part.options),
        ):
            for start, end, others in spans(stretch, self.find):
                covered = tuple(part.text for part in stretch[start:end] if isinstance(part, Word))
                found[covered] = others[: max(left, 0)]
                left -= len(others)
        return tuple(Synonym(covered, others) for covered, others in found.items() if others)


class Shelf:
    """The thesaurus, kept until an administrator changes a group in whichever process: asking takes one small query."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.mark: str | None = None
        self.kept = Thesaurus()

    def thesaurus(self) -> Thesaurus:
        """The words of this moment."""
        mark = Mark.objects.filter(pk=Mark.SYNONYMS).values_list("word", flat=True).first() or ""
        with self.lock:
            if mark != self.mark:
                self.kept = Thesaurus.of(SynonymGroup.objects.all())
                self.mark = mark
            return self.kept


_shelf = Shelf()


def with_synonyms(query: Query) -> Query:
    """The query with the words that mean the same as its own; as it is when its words are to be taken plainly."""
    if query.plain or not query.words:
        return query
    return query.matching(synonyms=(*query.synonyms, *_shelf.thesaurus().synonyms(query.parts)))


def connect() -> None:
    """Take another mark whenever a group is saved or deleted."""
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=SynonymGroup, dispatch_uid="synonyms")


def _changed(**_: object) -> None:
    Mark.renew(Mark.SYNONYMS)


def forget() -> None:
    """Read the groups anew at the next search: in tests, whose changes are undone."""
    _shelf.mark = None
