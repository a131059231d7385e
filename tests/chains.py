"""How the workers share the tests: those that share something dear are a chain, which one worker runs as a whole.

Without this each worker would start a browser and a site, load the demo, and fill an index of its own. xdist's
`xdist_group` does the same, but since pytest 9.2 in vain (pytest-xdist issue 1386), and cannot say what comes first.
"""

from __future__ import annotations

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# What is shared, and by which tests. The longest first, so that nobody waits for one at the end.
CHAINS = {
    "a browser: two at once are too many for a small machine": (
        "tests/journeys/",
        "tests/deployment/test_site.py",
    ),
    "the demo, loaded and indexed once for each engine": ("tests/search/test_quality.py",),
    "one index, which most of its tests only read": ("tests/search/test_elasticsearch.py",),
    "one corpus in both engines": ("tests/search/test_parity.py",),
    "one fault at a time: two would be a fault of the machine": ("tests/search/faults/",),
}
STARTS = [start for starts in CHAINS.values() for start in starts]


class Chains(LoadScopeScheduling):
    """Gives a worker a whole chain, or else one test after the other."""

    def _split_scope(self, nodeid: str) -> str:
        return chain_of(nodeid) or nodeid


def chain_of(nodeid: str) -> str | None:
    """Return the chain that a test belongs to."""
    return next((chain for chain, starts in CHAINS.items() if nodeid.startswith(starts)), None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Have one worker more than processors for `-n auto`: whoever runs a chain mostly waits for what it shares."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Chains:
    """Share by chains, in the order in which the tests were collected."""
    config.option.loadscopereorder = False
    return Chains(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the chains, go on with what is slow, and end with what is quick, which evens the workers out."""

    def place(item: pytest.Item) -> tuple[int, bool]:
        for number, start in enumerate(STARTS):
            if item.nodeid.startswith(start):
                return number, False
        return len(STARTS), item.get_closest_marker("slow") is None

    items.sort(key=place)
