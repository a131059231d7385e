"""Temporary files in memory, where there is room: what is written a thousand times need not reach a disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 3 * 2**30  # bytes: the servers' data and the tests' take a third of it


def usable(place: Path = MEMORY) -> bool:
    """Whether there is room in memory, where programs may be started too, as some tests do."""
    if os.environ.get("TMPDIR") or not place.is_dir() or not os.access(place, os.W_OK):
        return False
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


@contextmanager
def temporary_files() -> Iterator[None]:
    """Have this process and its children keep temporary files in memory, unless TMPDIR names another place."""
    if not usable():
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="diplopedia-tests-", dir=MEMORY))
    folder.chmod(0o711)  # the servers, which may not run as root, have folders in it
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        os.environ.pop("TMPDIR")
        tempfile.tempdir = None
        shutil.rmtree(folder, ignore_errors=True)
