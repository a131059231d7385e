"""How much there is in a corpus, and how it is filled: batch by batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from tqdm import tqdm

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
BATCH = 500


class Size(NamedTuple):
    """How much there is."""

    articles: int
    revisions: int
    people: int


SIZES = {"S": Size(600, 4, 200), "M": Size(15_000, 10, 6_800), "L": Size(100_000, 2, 50_000)}


def steps(total: int, what: str) -> Iterator[range]:
    """Yield batches of numbers up to a total, each in a transaction of its own, with a bar."""
    with tqdm(total=total, desc=what, disable=None) as bar:
        for begin in range(0, total, BATCH):
            batch = range(begin, min(begin + BATCH, total))
            with transaction.atomic():
                yield batch
            bar.update(len(batch))
