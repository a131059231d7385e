"""Start a real Elasticsearch: in Docker where an engine answers, else the distribution from Maven Central."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from tests.servers import distribution, docker, java
from tests.servers.failures import CannotStart
from tests.servers.processes import free_port, give, launch, private_folder, stop, wait_until

VERSION = os.environ.get("ELASTICSEARCH_VERSION") or "8.19.16"
HEAP = "-Xms512m -Xmx512m"
BRIEF = "-XX:TieredStopAtLevel=1"  # compiled quickly, not well: for a node that lives for minutes
JAVA_OPTIONS = os.environ.get("ELASTICSEARCH_JAVA_OPTIONS") or HEAP
IMAGE = "docker.elastic.co/elasticsearch/elasticsearch:{version}"
ANSWERS_WITHIN = 180  # seconds, on a machine that does much else
COMMON = {
    "discovery.type": "single-node",
    "xpack.security.enabled": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
}
# What would be written beside the program, which belongs to somebody else.
ELSEWHERE = re.compile(r"^(?:[\d-]*:)?-(?:Xlog:|XX:ErrorFile|XX:HeapDumpPath|XX:\+HeapDump).*$", re.MULTILINE)


@contextmanager
def running(port: int = 0, version: str = VERSION) -> Iterator[str]:
    """Keep a node running and give its URL. Raises CannotStart with the reason and its cure."""
    if url := os.environ.get("ELASTICSEARCH_URL", "").rstrip("/"):
        if not answers(url):
            raise CannotStart(
                f"ELASTICSEARCH_URL={url} does not answer", "Start that node, or unset the variable."
            )
        yield url
        return
    port = port or free_port()
    with in_docker(port, version) if docker.answers() else from_distribution(port, version) as url:
        yield url


@contextmanager
def in_docker(port: int, version: str) -> Iterator[str]:
    """Keep the official image running."""
    environment = COMMON | {"ES_JAVA_OPTS": JAVA_OPTIONS}
    url = f"http://127.0.0.1:{port}"
    with docker.container(IMAGE.format(version=version), port, 9200, environment) as container:
        docker.wait_until(lambda: answers(url), container, ANSWERS_WITHIN)
        yield url


@contextmanager
def from_distribution(port: int, version: str) -> Iterator[str]:
    """Keep the distribution from Maven Central running, with data and settings in a folder that then goes."""
    home = distribution.home(version)
    kit = java.kit(distribution.java_needed(version))
    folder = private_folder("elasticsearch")
    url = f"http://127.0.0.1:{port}"
    try:
        configure(home, folder, port)
        node = launch(
            [home / "bin" / "elasticsearch"],
            folder,
            ES_JAVA_HOME=str(kit),
            ES_JAVA_OPTS=JAVA_OPTIONS,
            ES_PATH_CONF=str(folder / "config"),
            ES_TMPDIR=str(folder / "tmp"),
        )
        try:
            wait_until(lambda: answers(url), node, folder, ANSWERS_WITHIN)
            yield url
        finally:
            stop(node, signal.SIGTERM)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def configure(home: Path, folder: Path, port: int) -> None:
    """Write the settings of a node on loopback that keeps everything in its own folder."""
    config = folder / "config"
    (folder / "tmp").mkdir()
    shutil.copytree(home / "config", config)
    options = config / "jvm.options"
    options.write_text(ELSEWHERE.sub("", options.read_text()))
    settings = COMMON | {
        "cluster.name": "diplopedia-tests",
        "http.host": "127.0.0.1",
        "http.port": str(port),
        "transport.host": "127.0.0.1",
        "transport.port": str(free_port()),
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
    }
    (config / "elasticsearch.yml").write_text(
        "".join(f"{name}: {json.dumps(value)}\n" for name, value in settings.items())
    )
    for path in (folder / "tmp", config, *config.iterdir()):
        give(path)


def answers(url: str) -> bool:
    """Whether a node is ready for work. (Asked at the root, the distribution of Maven Central says 405.)"""
    parts = urlsplit(url)
    password = base64.b64encode(f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode())
    address = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    headers = {"Authorization": f"Basic {password.decode()}"} if parts.username else {}
    asking = urllib.request.Request(f"{address}/_cluster/health", headers=headers)
    try:
        with urllib.request.urlopen(asking, timeout=5) as answer:
            return json.load(answer)["status"] in {"green", "yellow"}
    except (urllib.error.URLError, OSError, ValueError):
        return False
