"""Start a server's official image where a Docker engine answers."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.servers.failures import CannotStart


def answers() -> bool:
    """Whether a Docker engine runs here."""
    if not shutil.which("docker"):
        return False
    try:
        asked = subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


@contextmanager
def container(
    image: str, port: int, inside: int, environment: Mapping[str, str], command: Sequence[str] = ()
) -> Iterator[str]:
    """Keep a container running, one of its ports published on loopback, and give its id. Raises CannotStart."""
    settings = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
    published = f"127.0.0.1:{port}:{inside}"
    started = docker("run", "--detach", "--rm", "--publish", published, *settings, image, *command)
    if started.returncode:
        raise CannotStart(
            f"Docker could not start {image}:\n{started.stderr[-1000:]}",
            "Check that the Docker engine may pull images, or name a server by its URL.",
        )
    identity = started.stdout.strip()
    try:
        yield identity
    finally:
        docker("rm", "--force", "--volumes", identity)


def wait_until(ready: Callable[[], bool], identity: str, seconds: int) -> None:
    """Wait until a server answers. Raises CannotStart with the end of its output if it is too slow."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            output = docker("logs", "--tail", "20", identity)
            raise CannotStart(
                f"the container did not answer within {seconds} s:\n{output.stdout}{output.stderr}",
                "Mend what its output says.",
            )
        time.sleep(0.2)


def docker(*words: str) -> subprocess.CompletedProcess[str]:
    """Give Docker a command."""
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
