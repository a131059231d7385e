"""Start a real PostgreSQL: in Docker where an engine answers, else an installed one, on a private socket."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.servers import docker
from tests.servers.failures import CannotStart
from tests.servers.processes import free_port, last_lines, launch, private_folder, stop, wait_until

IMAGE = "postgres:{version}"
VERSION = os.environ.get("POSTGRESQL_VERSION") or "15"
NAME = "diplopedia"
ANSWERS_WITHIN = 60
# Nothing here has to outlive a power cut: what matters is that tests are quick.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "autovacuum": "off",
    "jit": "off",
}


@contextmanager
def running(port: int = 0) -> Iterator[str]:
    """Keep a server running and give the URL of an empty database. Raises CannotStart with the reason and its cure.

    With a port it listens on loopback, without on its private socket only.
    """
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        if not answers(url):
            raise CannotStart(
                "the DATABASE_URL given does not answer", "Start that server, or unset the variable."
            )
        yield url
        return
    with in_docker(port or free_port()) if docker.answers() else installed(port) as url:
        yield url


@contextmanager
def in_docker(port: int) -> Iterator[str]:
    """Keep the official image running."""
    environment = {"POSTGRES_USER": NAME, "POSTGRES_DB": NAME, "POSTGRES_HOST_AUTH_METHOD": "trust"}
    url = f"postgres://{NAME}@127.0.0.1:{port}/{NAME}"
    command = [word for name, value in CARELESS.items() for word in ("-c", f"{name}={value}")]
    with docker.container(IMAGE.format(version=VERSION), port, 5432, environment, command) as container:
        docker.wait_until(lambda: answers(url), container, ANSWERS_WITHIN)
        yield url


@contextmanager
def installed(port: int) -> Iterator[str]:
    """Keep an installed server running, its data and socket in a folder that then goes."""
    programs = folder_of_programs()
    folder = private_folder("postgresql")
    try:
        make_cluster(programs, folder)
        settings = CARELESS | {
            "unix_socket_directories": str(folder),
            "listen_addresses": "127.0.0.1" if port else "",
            "port": str(port or 5432),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = launch([programs / "postgres", "-D", folder / "data", *options], folder)
        url = f"postgres://{NAME}@{f'127.0.0.1:{port}' if port else quote(str(folder), safe='')}/{NAME}"
        try:
            wait_until(lambda: answers(url.removesuffix(NAME) + "postgres"), server, folder, ANSWERS_WITHIN)
            with psycopg.connect(url.removesuffix(NAME) + "postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
            yield url
        finally:
            stop(server, signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def folder_of_programs() -> Path:
    """Return where `initdb` and `postgres` are, of the newest version installed. Raises CannotStart."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    homebrew = Path("/opt/homebrew/bin"), Path("/usr/local/bin"), Path("/usr/pgsql/bin")
    in_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    for folder in (*reversed(debian), *in_path, *homebrew):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise CannotStart(
        "neither a Docker engine nor an installed PostgreSQL is here",
        "Start Docker, or install PostgreSQL (Debian: apt-get install postgresql), or name one by DATABASE_URL.",
    )


def make_cluster(programs: Path, folder: Path) -> None:
    """Make an empty cluster of databases whose owner needs no password. Raises CannotStart."""
    options = ["--auth=trust", f"--username={NAME}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    process = launch([programs / "initdb", "-D", folder / "data", *options], folder)
    if process.wait():
        raise CannotStart(f"initdb failed:\n{last_lines(folder)}", "Mend what its output says.")


def answers(url: str) -> bool:
    """Whether a server lets us in."""
    with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=5):
        return True
    return False
