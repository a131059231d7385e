"""Garbage is looked for seldom: what Django and Wagtail load stays for good, and need not be looked through."""

from __future__ import annotations

import gc

MANY = 50_000  # objects made since the last look; Python's own 700 are for small programs

gc.disable()  # while everything is loaded, of which nothing is thrown away


def pytest_collection_finish() -> None:
    """Set what is loaded aside, and look for garbage from now on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MANY)
    gc.enable()
