"""The files of a folder, and which of them are refused: links out of it, circles, what is no file, odd names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from diplopedia.importing.values import ImportProblem
from diplopedia.markdown import MAX_CHARACTERS, normalise

MARKDOWN = {".md", ".markdown", ".mdown", ".mkd"}
# What builders of sites keep for themselves.
MACHINERY = {"_includes", "_layouts", "_site", "_sass", "node_modules", "venv"}
MOST_BYTES = 4 * MAX_CHARACTERS


@dataclass
class Found:
    """What a folder holds: Markdown files and others, by path inside it, and (path, reason) of what is refused."""

    root: Path
    pages: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)


def walk(root: Path) -> Found:
    """Return what a folder holds, in the order of its paths. Links to folders are never followed."""
    found = Found(root.resolve())
    for folder, folders, names in os.walk(found.root):
        here = Path(folder).relative_to(found.root)
        for name in sorted(folders):
            if reason := folder_refused(Path(folder, name)):
                folders.remove(name)
                if reason != "hidden":
                    found.refused.append((printable(here / name), reason))
        folders.sort()
        for name in sorted(names):
            take(found, here / name)
    found.pages.sort()
    return found


def folder_refused(path: Path) -> str:
    """Return why a folder is left out; nothing if it is not."""
    if path.is_symlink():
        return "It is a symbolic link to a folder: those are not followed."
    if path.name in MACHINERY:
        return "A folder of the program that built the site, not of its pages."
    return "hidden" if path.name.startswith(".") else ""


def take(found: Found, path: Path) -> None:
    """Note a file as page, as other file, or as refused."""
    if path.name.startswith("."):
        return
    name = printable(path)
    if reason := file_refused(found.root, path):
        found.refused.append((name, reason))
    elif path.suffix.lower() in MARKDOWN:
        found.pages.append(name)
    else:
        found.files.add(name)


def file_refused(root: Path, path: Path) -> str:
    """Return why a file is not even opened; nothing if it may be."""
    if printable(path) != path.as_posix():
        return "Its name is not UTF-8: rename it."
    if len(str(path)) > 500:
        return "Its path is longer than 500 characters."
    try:
        real = (root / path).resolve(strict=True)
    except (OSError, RuntimeError):
        return "A symbolic link that leads nowhere or in a circle."
    if not real.is_relative_to(root):
        return "A symbolic link that leads out of the folder."
    return "" if real.is_file() else "This is no file."


def printable(path: Path | PurePosixPath) -> str:
    """Return a path so that it can be printed, whatever bytes it is made of."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode()


def read_text(path: Path) -> str:
    """Return the text of a Markdown file, normalised. Raises ImportProblem, with what would help."""
    try:
        if path.stat().st_size > MOST_BYTES:
            size = path.stat().st_size / 1_000_000
            raise ImportProblem(
                f"It has {size:.1f} MB; a page holds {MAX_CHARACTERS:,} characters: split it."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise ImportProblem(f"It cannot be read: {error.strerror}.") from error
    if b"\0" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportProblem("It holds NUL bytes: this is no text.")
    try:
        return normalise(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ImportProblem(
            f"Not UTF-8 text: {error.reason} at byte {error.start}. Save it as UTF-8."
        ) from error


def parents(path: str) -> Iterator[str]:
    """Return the folders a path lies in, from the top down."""
    folders = list(PurePosixPath(path).parents)[:-1]
    yield from (folder.as_posix() for folder in reversed(folders))
