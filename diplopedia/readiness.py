"""Whether what the site stands on is there and fits: the database, its tables, the search engine, static files.

Asked before the site starts (`manage.py check_services`), where each trouble is told with its cure, and while it
runs (`/ready/`), where only its name is.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum, auto
from functools import cache
from typing import NamedTuple

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone

from search.engines import IndexMissing, SearchUnavailable, engine
from search.models import Outbox

STYLES = "diplopedia/css/site.css"


class Service(StrEnum):
    """What the site stands on."""

    DATABASE = auto()
    TABLES = auto()
    SEARCH = auto()
    INDEX = auto()
    STATIC = auto()


class Trouble(NamedTuple):
    """What keeps the site from serving whole; `words` say what is wrong and what to do."""

    service: Service
    words: str


def troubles() -> Iterator[Trouble]:
    """Yield everything that is wrong now. Without a database nothing can be said of its tables."""
    found = database_trouble() or tables_trouble()
    if found:
        yield found
    if found := search_trouble():
        yield found


def database_trouble() -> Trouble | None:
    """Say why the database does not answer, if so."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        connection.close()
        said = " ".join(str(error).split())
        return Trouble(
            Service.DATABASE,
            f"The database does not answer: {said}\nStart it, or correct DATABASE_URL (docs/operating.md).",
        )
    return None


def tables_trouble() -> Trouble | None:
    """Say that changes of the tables wait, if so."""
    applied = MigrationRecorder(connection).applied_migrations()
    waiting = sorted(f"{app}.{name}" for app, name in newest_migrations() if (app, name) not in applied)
    if not waiting:
        return None
    others = f" and {len(waiting) - 1} others" if waiting[1:] else ""
    return Trouble(
        Service.TABLES,
        f"The database's tables are not those of this version: they lack {waiting[0]}{others}.\n"
        "Make a back-up, then bring them up to date with: manage.py migrate",
    )


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of every app, as app and name. They change with the code alone."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def search_trouble() -> Trouble | None:
    """Say why the search engine cannot serve, or that its index is lacking, if so."""
    try:
        engine().check()
    except IndexMissing as error:
        return Trouble(Service.INDEX, str(error))
    except SearchUnavailable as error:
        return Trouble(Service.SEARCH, str(error))
    return None


def static_trouble() -> Trouble | None:
    """Say that style sheets and scripts were not collected, or not those of this version, if so."""
    try:
        staticfiles_storage.url(STYLES)
    except ValueError:
        return Trouble(
            Service.STATIC,
            "Style sheets and scripts are not in place. Put them there: manage.py collectstatic --noinput",
        )
    return None


def behind() -> int:
    """Return for how many seconds the oldest change has waited for the search engine; 0 if none waits.

    Those that were set aside wait for somebody to look at them, and are not counted.
    """
    waiting = Outbox.objects.waiting().filter(set_aside_at=None)
    oldest = waiting.aggregate(oldest=Min("created"))["oldest"]
    return max(0, int((timezone.now() - oldest).total_seconds())) if oldest else 0
