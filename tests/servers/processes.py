"""Start a server as a child process, never as root, wait until it answers, and stop it by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.servers.failures import CannotStart

NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_root() -> bool:
    """Whether we are root, whom both servers refuse to run for."""
    return os.geteuid() == 0


def unprivileged() -> tuple[str, ...]:
    """Return what to put before a command so that it does not run as root."""
    if as_root() and not shutil.which("setpriv"):
        raise CannotStart("the servers refuse to run as root", "Install util-linux, or run as another user.")
    return AS_NOBODY if as_root() else ()


def private_folder(name: str) -> Path:
    """Return a new folder that belongs to whoever the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix=f"diplopedia-{name}-"))
    give(folder)
    return folder


def give(path: Path) -> None:
    """Give a file or folder to whoever the server runs as."""
    if as_root():
        os.chown(path, NOBODY, NOBODY)


def launch(command: Sequence[str | Path], folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, its output in `output.log` of the folder."""
    with (folder / "output.log").open("wb") as output:
        return subprocess.Popen(
            [*unprivileged(), *map(str, command)],
            cwd=folder,
            env=plain_environment() | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def plain_environment() -> dict[str, str]:
    """Return our environment without what would reconfigure a server behind our back."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ES_", "PG", "JAVA_", "JDK_"))
    }


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], folder: Path, seconds: int
) -> None:
    """Wait until a server answers. Raises CannotStart with the end of its output if it ends or is too slow."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            ending = "ended at once" if process.poll() is not None else f"did not answer within {seconds} s"
            stop(process, signal.SIGKILL)
            raise CannotStart(f"the server {ending}:\n{last_lines(folder)}", "Mend what its output says.")
        time.sleep(0.1)


def last_lines(folder: Path) -> str:
    """Return the end of a server's output, without where in its program it was."""
    lines = (folder / "output.log").read_text(errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in lines if not line.startswith("\tat "))[-3000:]


def stop(process: subprocess.Popen[bytes], kindly: signal.Signals, seconds: int = 10) -> None:
    """End a process that `launch` started, and what it started in its session."""
    if process.poll() is None:
        process.send_signal(kindly)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
