"""An export as it lies in its folder: whole and unchanged, or refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diplopedia.exporting.folder import FORMAT, MANIFEST, PRODUCT, TABLES, site_id
from diplopedia.importing.lines import Line, digest
from diplopedia.importing.progress import track
from diplopedia.importing.values import ImportProblem, Record

SINGULAR = {"people": "person"}
# Formats that this version reads, each with the tables that it did not have yet.
LATER = {"mergers", "trust"}
READ = {1: {"codes", "threads", "comments", "reports", "watchers", *LATER}, FORMAT: LATER}


class Export:
    """A folder with an export. Raises ImportProblem for one that is not ours, not whole, or not what it was."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.manifest = manifest(self.root)
        self.site = str(self.manifest["made"]["site"])
        if self.site == site_id():
            raise ImportProblem(
                "This export is of this very site: everything in it is here. To go back to it, import it into an "
                "empty site."
            )

    def verify(self) -> None:
        """Compare every file with its hash. Raises ImportProblem with the first that differs."""
        files = self.manifest["files"]
        for file in track(files, "Checking files", len(files)):
            path = (self.root / str(file["path"])).resolve()
            if not path.is_relative_to(self.root) or not path.is_file():
                raise ImportProblem(f"{file['path']} is missing: the export is not whole. Copy it again.")
            with path.open("rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != file["sha256"]:
                    raise ImportProblem(f"{file['path']} is not what was exported: its hash differs.")

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.manifest["counts"].get(table, 0))

    def lines(self, table: str) -> Iterator[Line]:
        """Return the rows of a table as lines to import; none of one that its format did not have yet."""
        if table not in self.manifest["counts"]:
            return
        kind = SINGULAR.get(table, table.removesuffix("s"))
        with (self.root / f"{table}.jsonl").open("rb") as file:
            for number, raw in enumerate(file, start=1):
                record = json.loads(raw)
                yield Line(f"{table}.jsonl:{number}", kind, str(record.get("id", "")), record, digest(raw))

    def records(self, table: str) -> Iterator[Record]:
        """Return the rows of a table alone."""
        return (line.record for line in self.lines(table))


def is_export(path: Path) -> bool:
    """Whether a folder claims to hold an export."""
    return path.is_dir() and (path / MANIFEST).is_file()


def manifest(root: Path) -> dict[str, Any]:
    """Return what an export says of itself. Raises ImportProblem."""
    try:
        found = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        ours = found["product"] == PRODUCT
        whole = isinstance(found["made"]["site"], str) and isinstance(found["files"], list)
        later = READ.get(found["format"])
        counted = later is not None and set(TABLES) - later <= found["counts"].keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ImportProblem(f"{MANIFEST} cannot be read: this is no export of Diplopedia.") from error
    if not (ours and whole):
        raise ImportProblem(f"{MANIFEST} is of something else: this is no export of Diplopedia.")
    reads = " and ".join(str(number) for number in READ)
    if not counted:
        raise ImportProblem(
            f"This export has format {found['format']}; this version reads {reads}. Import it with the version "
            "that wrote it, and upgrade."
        )
    return dict(found)
