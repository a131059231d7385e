"""`manage.py start`: prepare whatever this database lacks, then serve it. What `make run` gives."""

from __future__ import annotations

import hashlib
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.servers.basehttp import get_internal_wsgi_application, run
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from diplopedia.importing import demo
from diplopedia.importing.ledger import Ledger
from diplopedia.models import Article
from diplopedia.models.articles import RENDER_VERSION
from diplopedia.readiness import Service, database_trouble, search_trouble
from home.models import Milestone
from search.engines import SearchUnavailable, engine
from search.outbox import drain_quietly
from search.sources import sources

HOST = "127.0.0.1"
# What the reference data are made from beside our own files.
CATALOGUES = ("babel", "pycountry")


def digest_of(folder: str) -> str:
    """Return one digest of every file in this folder of the repository and of the catalogues' versions."""
    sha = hashlib.sha256("".join(version(name) for name in CATALOGUES).encode())
    for path in sorted(path for path in (settings.BASE_DIR / folder).rglob("*") if path.is_file()):
        sha.update(path.name.encode() + path.read_bytes())
    return sha.hexdigest()


def check_port(port: int) -> None:
    """Raise CommandError with the cure if nothing can listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used: {error}. Stop the program that listens there, "
                f"or choose another: make run PORT=8001"
            ) from error


def check_reachable() -> None:
    """Raise CommandError with the cure if the database or the search engine cannot be used.

    Tables of an older version and a lacking index are no trouble here: they are what is prepared.
    """
    found = [trouble for trouble in (database_trouble(), search_trouble()) if trouble]
    words = [trouble.words for trouble in found if trouble.service != Service.INDEX]
    if words:
        raise CommandError("\n\n".join(words))


def indexed() -> int | None:
    """Return how many entries the search engine holds, or None where there is no index."""
    try:
        return engine().status().entries
    except SearchUnavailable:
        return None


@contextmanager
def whole_or_not_at_all() -> Iterator[None]:
    """Work in a new SQLite file, which takes the place of an empty database when the block ends well.

    Some of Wagtail's migrations are not one transaction there: killed in the middle they could never go on.
    A database that has tables, and any other engine, is worked on in place.
    """
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        yield
        return
    database = Path(connection.settings_dict["NAME"])
    draft = database.with_suffix(".draft")
    connection.close()
    remove(draft)
    connection.settings_dict["NAME"] = str(draft)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(database)
    remove(database)
    draft.replace(database)


def remove(database: Path) -> None:
    """Remove a SQLite file and its journals, which must never be read with another file."""
    for suffix in ("-wal", "-shm", ""):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


class Ticks:
    """A stream for `migrate` to write to: each migration that it reports as done moves a progress bar."""

    def __init__(self, bar: tqdm[Any]) -> None:
        self.bar = bar

    def write(self, text: str) -> int:
        """Count the migrations in a piece of the report."""
        self.bar.update(text.count(" OK"))
        return len(text)

    def flush(self) -> None:
        """Do nothing: the bar draws itself."""


class Command(BaseCommand):
    """Does only what is not done yet, so that the second start asks nothing and serves at once."""

    help = "Migrate, load reference data and demo content where they are missing or changed, then serve."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port, and the wish to prepare only."""
        parser.add_argument("--port", type=int, default=8000, help="where to serve (8000)")
        parser.add_argument("--prepare-only", action="store_true", help="prepare everything, serve nothing")
        parser.add_argument("--without-demo", action="store_true", help="load no demo content")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare in order; everything is safe to interrupt and to repeat."""
        if not options["prepare_only"]:
            check_port(options["port"])
        check_reachable()
        self.migrate()
        self.reach("reference data", digest_of("people/data"), "load_reference")
        if not options["without_demo"]:
            self.reach("demo content", demo.digest(), "load_demo")
        if Article.objects.filter(render_version__lt=RENDER_VERSION).exists():
            call_command("render_articles", stdout=self.stdout)
        self.make_searchable()
        if not options["prepare_only"]:
            self.serve(options["port"])

    def migrate(self) -> None:
        """Bring the tables up to date, with a bar; at once when they are."""
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            bar = tqdm(total=len(plan), desc="Preparing the database", unit=" steps", disable=None)
            with bar, whole_or_not_at_all():
                call_command("migrate", interactive=False, stdout=Ticks(bar))
        if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
            call_command("createcachetable", verbosity=0)

    def reach(self, name: str, digest: str, command: str) -> None:
        """Run a loading command unless this database had exactly this from it; note it only when it is whole."""
        if Milestone.objects.filter(name=name, digest=digest).exists():
            return
        self.stdout.write(f"Loading {name} ...")
        call_command(command, stdout=self.stdout)
        Milestone.objects.update_or_create(name=name, defaults={"digest": digest})

    def make_searchable(self) -> None:
        """Bring the index up to date: what waits in the outbox, or everything where the counts disagree."""
        drain_quietly()
        if indexed() != sum(source.queryset().count() for source in sources()):
            call_command("rebuild_search", stdout=self.stdout)

    def serve(self, port: int) -> None:
        """Say where, and as whom to sign in; then answer until interrupted."""
        self.stdout.write(self.style.SUCCESS(f"\nDiplopedia is at http://{HOST}:{port}/"))
        users = demo.sign_ins(Ledger())
        if users:
            self.stdout.write(f"Sign in, with the password {demo.PASSWORD}, as")
        for user in users:
            self.stdout.write(f"  {user.email:<32} {user.profile.name}, {user.profile.title}")
        self.stdout.write("Stop it with Ctrl-C.\n")
        try:
            run(HOST, port, get_internal_wsgi_application(), threading=True)
        except KeyboardInterrupt:
            self.stdout.write("Stopped. Everything saved stays in " + str(settings.DATA_DIR))
