"""Telling the search about an import: change by change after a small one, all anew after a large one."""

from __future__ import annotations

from collections.abc import Callable

from tqdm import tqdm

from search import outbox, upkeep
from search.engines import SearchUnavailable
from search.models import Outbox

# Beyond this many waiting changes a new index is made sooner than the old one is brought up to date.
MANY = 400


def bring_up_to_date(tell: Callable[[str], object]) -> None:
    """Bring the search up to date. Where it cannot be written now, say so: the changes wait in the outbox."""
    waiting = Outbox.objects.waiting().count()
    if not waiting:
        return
    tell(f"Making {waiting:,} changes searchable …")
    try:
        if waiting > MANY:
            with tqdm(desc="Indexing", unit=" entries", disable=None) as bar:
                upkeep.rebuild(bar.update)
        else:
            outbox.drain(wait=30.0)
    except SearchUnavailable as error:
        tell(f"Search is behind: {error}. The changes wait; `manage.py rebuild_search` brings it up to date.")
