"""The whole site as it is deployed, on loopback: PostgreSQL, Elasticsearch, gunicorn, the worker, nginx with TLS."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psycopg

from tests.deployment.processes import free_port, running, wait_for
from tests.deployment.proxy import Proxy, nginx

ROOT = Path(__file__).resolve().parents[2]


class Site(NamedTuple):
    """A site that runs. `web` is where gunicorn answers, `environment` what its programs were told."""

    proxy: Proxy
    web: str
    environment: dict[str, str]
    folder: Path
    server: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes]

    def said(self, name: str) -> str:
        """Return what a program of the site wrote."""
        return (self.folder / f"{name}.log").read_text(errors="replace")


def environment(folder: Path, database: str, search: str, proxy_url: str) -> dict[str, str]:
    """Return what the site is told: all that the table in docs/operating.md requires, and nothing of the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "diplopedia.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": proxy_url,
        "DATABASE_URL": database,
        "SEARCH_URL": search,
        "SEARCH_TIMEOUT": "30",  # of a machine that is busy with other tests
        "CACHE_URL": "db:",
        "EMAIL_URL": "console:",
        "DATA_DIR": str(folder / "data"),
        "FILE_SERVING": "x-accel",
        "LOG_FORMAT": "json",
        "WEB_CONCURRENCY": "2",
    }


def manage(told: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the site and return what became of it."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def must(told: dict[str, str], *command: str) -> str:
    """Run a command of the site that has to succeed, and return what it said."""
    done = manage(told, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Give the URL of a new database on a server. It goes at the end, with its prepared copy."""
    name = f"site_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    parts = urlsplit(server)
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            for ours in (name, f"{name}_prepared"):
                connection.execute(f'DROP DATABASE IF EXISTS "{ours}" WITH (FORCE)'.encode())


def keep_copy(server: str, url: str) -> None:
    """Keep the database as it is now under its name with `_prepared`, for tests/journeys/deployed.py."""
    name = urlsplit(url).path.lstrip("/")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}_prepared" TEMPLATE "{name}"'.encode())


def remove_indexes(server: str, prefix: str) -> None:
    """Remove the indexes of a site."""
    with urlopen(f"{server.rstrip('/')}/_cat/indices/{prefix}-*?h=index") as answer:
        names = answer.read().decode().split()
    for name in names:
        urlopen(Request(f"{server.rstrip('/')}/{name}", method="DELETE")).close()


def serve(web: str) -> list[str]:
    """Return the command that starts gunicorn, as an installation does, but on a port of its own."""
    return [str(Path(sys.executable).parent / "gunicorn"), "--bind", web]


@contextmanager
def deployed(folder: Path, postgresql: str, elasticsearch: str) -> Iterator[Site]:
    """Prepare a site and keep it running, with two processes that serve and one that hands changes over."""
    prefix = f"site-{secrets.token_hex(6)}"
    search = f"elasticsearch+{elasticsearch.rstrip('/')}/{prefix}"
    web = f"127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        (folder / "data/media").mkdir(parents=True)
        proxy = stack.enter_context(nginx(folder, web, folder / "data/media"))
        database = stack.enter_context(new_database(postgresql))
        stack.callback(remove_indexes, elasticsearch, prefix)
        told = environment(folder, database, search, proxy.url)
        must(told, "start", "--prepare-only", "--without-demo")
        must(told, "collectstatic", "--noinput", "--verbosity", "0")
        keep_copy(postgresql, database)
        server = stack.enter_context(running(serve(web), folder / "gunicorn.log", cwd=ROOT, env=told))
        worker = stack.enter_context(
            running([sys.executable, "manage.py", "index_worker"], folder / "worker.log", cwd=ROOT, env=told)
        )
        wait_for(f"http://{web}", server)
        yield Site(proxy, web, told, folder, server, worker)
