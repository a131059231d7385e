"""Who wrote each paragraph that an article has now.

The history is read once from its beginning, each text against the one before it, as comparisons do: a paragraph that
stands in both, or stands elsewhere, stays its author's; one with other words is its changer's, and remembers where it
began. What came back after it had been taken out, as after a restored or an undone edit, is its author's again.

History never changes, so what was found for one edit holds for good: it is kept, and the next reading goes on from
there. One reading ends after `SECONDS`, and what came after the last edit that it reached is said to be unknown as yet.
No more than `MOST_EDITS` texts are looked at; paragraphs older than that are said to be older.
"""

from __future__ import annotations

import datetime
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from django.core.cache import cache
from django.db.models.fields.json import KeyTextTransform

from diplopedia.diffs.alignment import align, pair_alike
from diplopedia.diffs.blocks import Block, split_blocks
from diplopedia.diffs.comparing import MOVED_CHARACTERS

if TYPE_CHECKING:
    from diplopedia.models import Article, Edit
    from diplopedia.querysets import EditQuerySet

SECONDS = 1.5
"""How long one reading compares texts. It looks at one more text at least, so that readings come to an end."""
MOST_EDITS = 2_000
REMEMBERED = 2_000
"""Paragraphs that were taken out and may come back."""
KEPT_FOR = 30 * 24 * 3600  # seconds
AT_ONCE = 20


class Origin(NamedTuple):
    """The numbers of the edits that a paragraph began with and that gave it its words."""

    began: int
    worded: int


@dataclass
class Origins:
    """Where the paragraphs of one text come from, and those of earlier texts that it does not have."""

    blocks: list[str]
    origins: list[Origin]
    gone: dict[str, Origin] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, number: int) -> Origins:
        """Return those of a text all of whose paragraphs count as one edit's."""
        blocks = words(text)
        return cls(blocks, [Origin(number, number)] * len(blocks))

    def then(self, text: str, number: int) -> Origins:
        """Return those of the next text, which this edit made."""
        blocks = words(text)
        if blocks == self.blocks:
            return self
        found: list[Origin | None] = [None] * len(blocks)
        kept = align(self.blocks, blocks)
        for i, j in kept:
            found[j] = self.origins[i]
        left = sorted(set(range(len(self.blocks))) - {i for i, _j in kept})
        gone = {**self.gone, **{digest(self.blocks[i]): self.origins[i] for i in left}}
        for j, block in enumerate(blocks):
            if found[j] is None and len(block) >= MOVED_CHARACTERS:
                found[j] = gone.get(digest(block))
        there = set(blocks)
        left = [i for i in left if self.blocks[i] not in there]
        fresh = [j for j, one in enumerate(found) if one is None]
        for i, j in pair_alike([self.blocks[i] for i in left], [blocks[j] for j in fresh]):
            found[fresh[j]] = Origin(self.origins[left[i]].began, number)
        latest = dict(list(gone.items())[-REMEMBERED:])
        return Origins(blocks, [one or Origin(number, number) for one in found], latest)


def words(text: str) -> list[str]:
    """Return the paragraphs of a text without the white space around them."""
    return [block.text for block in split_blocks(text)]


def digest(block: str) -> str:
    """Return what a paragraph is remembered by."""
    return hashlib.blake2b(block.encode(), digest_size=12).hexdigest()


class Kept(NamedTuple):
    """What was found for one edit: enough to go on from there.

    `created` is when it was made: what a restored back-up makes next may have the keys of what was made and lost.
    """

    edit: int
    created: datetime.datetime
    number: int
    since: int
    origins: list[Origin]
    gone: dict[str, Origin]


class Run(NamedTuple):
    """Neighbouring paragraphs of one origin."""

    origin: Origin
    blocks: list[Block]


class Text(NamedTuple):
    """What an edit made of the article."""

    edit: int
    created: datetime.datetime
    number: int
    text: str


@dataclass(frozen=True)
class Blame:
    """The paragraphs of the latest text in runs.

    `since`: older edits than this one were not looked at. `until`: nor were later ones than this, as yet; what they
    worded has the number of the latest edit.
    """

    runs: list[Run]
    since: int
    until: int


def blame(page: Article, latest: Edit) -> Blame:
    """Return who wrote what of the latest text of an article, as far as one reading finds it."""
    kept, origins = found(page, latest)
    pairs = zip(origins, split_blocks(latest.body), strict=True)
    runs = [
        Run(origin, [block for _origin, block in group])
        for origin, group in groupby(pairs, key=lambda pair: pair[0])
    ]
    return Blame(runs, kept.since, kept.number)


def found(page: Article, latest: Edit) -> tuple[Kept, list[Origin]]:
    """Return what is kept from now on, and the origins for the latest edit: kept, or gone on to from those that are."""
    key = f"blame:2:{page.pk}"
    kept: Kept | None = cache.get(key)
    if kept and (kept.edit, kept.created) == (latest.pk, latest.created):
        return kept, kept.origins
    begin = usable(page, latest, kept)
    first = begin.number if begin else max(latest.number - MOST_EDITS + 1, 1)
    edits = page.edits.filter(number__lte=latest.number).order_by("number")
    fresh, origins = walk(texts(edits, first), begin)
    cache.set(key, fresh, KEPT_FOR)
    if fresh.edit != latest.pk:
        origins = origins.then(latest.body, latest.number)
    return fresh, origins.origins


def usable(page: Article, latest: Edit, kept: Kept | None) -> Kept | None:
    """Return what was kept if the history goes on from there, and not too far."""
    if kept is None or not 0 < latest.number - kept.number < MOST_EDITS:
        return None
    return (
        kept if page.edits.filter(pk=kept.edit, created=kept.created, number=kept.number).exists() else None
    )


def texts(edits: EditQuerySet, first: int) -> Iterator[Text]:
    """Read the texts from an edit on, a few at once: no more are taken from the database than are looked at."""
    rows = edits.annotate(text=KeyTextTransform("body", "revision__content"))
    few: list[Text] = []
    while not few or len(few) == AT_ONCE:
        following = rows.filter(number__gte=few[-1].number + 1 if few else first)
        read = following.values_list("pk", "created", "number", "text")[:AT_ONCE]
        few = [Text(pk, created, number, text or "") for pk, created, number, text in read]
        if not few:
            return
        yield from few


def walk(rows: Iterator[Text], begin: Kept | None) -> tuple[Kept, Origins]:
    """Compare texts one after the other until time is up; the first of them is that which `begin` was found for."""
    end = time.monotonic() + SECONDS
    last = next(rows)
    origins = (
        Origins(words(last.text), begin.origins, begin.gone) if begin else Origins.of(last.text, last.number)
    )
    since = begin.since if begin else last.number
    for row in rows:
        if row.text != last.text:
            origins = origins.then(row.text, row.number)
        last = row
        if time.monotonic() >= end:
            break
    return Kept(last.edit, last.created, last.number, since, origins.origins, origins.gone), origins
