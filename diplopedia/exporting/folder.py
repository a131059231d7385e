"""An export as a folder: whole, with a manifest that vouches for every file in it, or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.core.files import File
from django.utils import timezone

from diplopedia.exporting.sinks import Row, line, path_of
from diplopedia.models import ArticleIndex

FORMAT = 2
PRODUCT = "diplopedia"
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
TABLES = (
    "groups", "codes", "regions", "offices", "posts", "kinds", "people", "images", "documents", "articles", "revisions",
    "threads", "comments", "reports", "watchers", "trust", "sources", "synonyms", "mergers",
)  # fmt: skip
README = """Everything from a Diplopedia, restricted pages and people's e-mail addresses included.
Keep it as safe as the site.

manifest.json says what is here. The .jsonl files hold one JSON object a line; articles/ holds a copy of each page
for people to read; files/ holds pictures and documents. docs/exporting.md of the product describes every field.
`manage.py import_content` reads this folder into a site.
"""


class Folder:
    """Writes rows and files into a folder, and remembers size and hash of each file."""

    def __init__(self, root: Path, open_files: ExitStack) -> None:
        self.root = root
        self.counts: Counter[str] = Counter()
        self.hashes = {f"{table}.jsonl": hashlib.sha256() for table in TABLES}
        self.sizes: Counter[str] = Counter(dict.fromkeys(self.hashes, 0))
        self.done: dict[str, tuple[int, str]] = {}
        self.tables: dict[str, IO[bytes]] = {
            table: open_files.enter_context((root / f"{table}.jsonl").open("wb")) for table in TABLES
        }

    def write(self, table: str, row: Row) -> bytes:
        """Write a row and return it as it is written."""
        written, name = line(row), f"{table}.jsonl"
        self.tables[table].write(written)
        self.hashes[name].update(written)
        self.sizes[name] += len(written)
        self.counts[table] += 1
        return written

    def keep(self, file: File[bytes], folder: str) -> tuple[str, str]:
        """Copy a stored file; return its path in the export and its SHA-256. Raises OSError where it is gone."""
        target = self.root / "files" / folder / "incoming"
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with file.open("rb") as content, target.open("wb") as copy:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                copy.write(chunk)
        path = path_of(file, folder, digest.hexdigest())
        target.rename(self.root / path)
        self.done[path] = (size, digest.hexdigest())
        return path, digest.hexdigest()

    def copy(self, path: str, text: str) -> None:
        """Write a text for people to read."""
        target = self.root / path
        target.parent.mkdir(exist_ok=True)
        content = text.encode()
        target.write_bytes(content)
        self.done[path] = (len(content), hashlib.sha256(content).hexdigest())

    def manifest(self) -> Row:
        """Return what the export consists of."""
        self.done |= {name: (self.sizes[name], digest.hexdigest()) for name, digest in self.hashes.items()}
        files = [
            {"path": path, "bytes": size, "sha256": digest}
            for path, (size, digest) in sorted(self.done.items())
        ]
        return {
            "product": PRODUCT,
            "format": FORMAT,
            "made": {"at": timezone.now().isoformat(), "site": site_id()},
            "counts": {table: self.counts[table] for table in TABLES},
            "files": files,
        }


def site_id() -> str:
    """Return what tells this site from all others: the id that its wiki was given when it was made."""
    return str(ArticleIndex.objects.get().translation_key)


@contextmanager
def writing(target: Path) -> Iterator[Folder]:
    """Give a folder to write into, and put it in its place when it is complete.

    Raises FileExistsError where something is there already, and OSError where it cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(str(target))
    unfinished = target.absolute().parent / f".{target.name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        with ExitStack() as open_files:
            folder = Folder(unfinished, open_files)
            yield folder
        folder.copy("README.txt", README)
        settle(unfinished, folder.manifest())
        unfinished.replace(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def settle(root: Path, manifest: Row) -> None:
    """Write the manifest and see that all of it is on the disk before the folder gets its name."""
    with (root / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
