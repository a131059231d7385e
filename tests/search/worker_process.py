"""A worker in a process of its own, which knows the source of notes: `python -m tests.search.worker_process`.

Started by the tests with `DATABASE_URL` and `SEARCH_URL` naming the test's own. Its lease is a long one: no
machine is so slow that it loses it.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from search import sources
    from search.models import Lease
    from tests.search.samples import Notes

    Lease.LENGTH = timedelta(minutes=10)
    sources.register(Notes())
    call_command("index_worker", *sys.argv[1:])
