"""Where the index lies: one folder per generation, a pointer file that names the one in use, and the lock to write.

index/current        the name of the generation in use; swapped by one rename
index/write.lock     held by the one process that writes
index/rebuild.lock   held while a rebuild runs
index/<generation>/  a tantivy index
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines import IndexMissing, SearchBusy, SearchUnavailable
from search.engines.tantivy.schema import FORMAT

POINTER = "current"
REBUILD = "Make it with: manage.py rebuild_search"


@contextmanager
def telling() -> Iterator[None]:
    """Turn what the index and the disk may raise into SearchUnavailable, which callers know how to survive."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        raise SearchUnavailable(f"The search index does not answer: {error}") from error


class Folder:
    """The folder of the index, given by SEARCH_URL."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Path:
        """The generation in use. Raises IndexMissing when there is none this version can read."""
        try:
            name = (self.path / POINTER).read_text().strip()
        except FileNotFoundError:
            raise IndexMissing(f"There is no search index in {self.path}. {REBUILD}") from None
        except OSError as error:
            raise SearchUnavailable(f"The search index in {self.path} cannot be read: {error}") from error
        if not name.startswith(f"{FORMAT}-"):
            raise IndexMissing(f"The search index in {self.path} was written by another version. {REBUILD}")
        return self.path / name

    def begin(self) -> Path:
        """An empty folder for a new generation."""
        path = self.path / f"{FORMAT}-{time.strftime('%Y%m%d%H%M%S')}-{uuid.uuid4().hex[:8]}"
        path.mkdir(parents=True)
        return path

    def swap(self, generation: Path) -> None:
        """Make a generation the one in use, for all processes at once; the others are removed."""
        draft = self.path / f"{POINTER}.{generation.name}"
        with draft.open("w") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / POINTER)
        self.sweep(generation)

    def sweep(self, keep: Path | None) -> None:
        """Remove generations that nobody will use again. Who has one open keeps its files until he closes it."""
        for path in self.path.iterdir():
            if path.is_dir() and path != keep:
                shutil.rmtree(path, ignore_errors=True)

    def size(self) -> int:
        """The bytes that the generation in use takes."""
        return sum(path.stat().st_size for path in self.current().iterdir() if path.is_file())

    @contextmanager
    def locked(self, name: str, wait: float) -> Iterator[None]:
        """Hold a lock of the folder. It is given back when the process dies. Raises SearchBusy after `wait` seconds."""
        with telling():
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / f"{name}.lock").open("a")
        with lock as file:
            until = time.monotonic() + wait
            while not _try_lock(file.fileno()):
                if time.monotonic() >= until:
                    raise SearchBusy(f"Somebody else holds the search's {name} lock ({self.path}).")
                time.sleep(0.005)
            try:
                yield
            finally:
                fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
