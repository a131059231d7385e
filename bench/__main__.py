"""`python -m bench --size M`: measure S and every size up to the one named, and print ratios and growth.

Without more it measures SQLite and the embedded engine. `--database postgresql` and `--search elasticsearch` start
servers of the tests' own means for as long as it takes; a URL leads to one that runs, `{size}` in it stands for the
size, in small letters, and what was filled there once is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.bars import BARS, Bar
from tests.servers import elasticsearch, postgresql

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench" / "out"
SIZES = "SML"
Figures = dict[str, dict[str, Any]]


def measure(size: str, place: str, servers: Mapping[str, str], *, people: bool = False) -> Figures:
    """Measure one size in a process and data folder of its own; an unfinished corpus is thrown away first."""
    folder, output = OUT / place / size, OUT / place / f"{size}.json"
    complete = folder / "complete"
    if not complete.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    urls = {name: url.replace("{size}", size.lower()) for name, url in servers.items()}
    command = [sys.executable, "manage.py", "measure", size, str(output), "--settings", "bench.settings"]
    if people:
        command.append("--people")
    environment = {**os.environ, **urls, "DATA_DIR": str(folder)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    complete.touch()
    return {found["name"]: found for found in json.loads(output.read_text())}


@contextmanager
def servers(database: str, search: str, sizes: str) -> Iterator[dict[str, str]]:
    """Give the settings that lead to a database and an engine, which run meanwhile. Raises CannotStart."""
    with ExitStack() as running:
        found = {}
        if database == "postgresql":
            server = running.enter_context(postgresql.running())
            with psycopg.connect(server, autocommit=True) as connection:
                for size in sizes.lower():
                    connection.execute(f"CREATE DATABASE bench_{size}")
            database = f"{server.rpartition('/')[0]}/bench_{{size}}"
        if search == "elasticsearch":
            server = running.enter_context(elasticsearch.running())
            search = f"elasticsearch+{server}/bench-{{size}}"
        if database != "sqlite":
            found["DATABASE_URL"] = database
        if search != "tantivy":
            found["SEARCH_URL"] = search
        yield found


def verdict(bar: Bar, found: dict[str, Any], bare: float, growth: float | None) -> str:
    """Return what a figure misses of its bar, `ok`, or nothing where there is no bar."""
    missed = [
        f"{what} > {most:g}"
        for what, value, most in (
            ("queries", found["queries"], bar.queries),
            ("× bare", found["ms"] / bare, bar.bare),
            ("growth", growth, bar.growth),
            ("p95 ms", found["p95"], bar.p95),
        )
        if most is not None and value is not None and value > most
    ]
    return ", ".join(missed) or ("ok" if any(limit is not None for limit in bar) else "")


def table(size: str, figures: Figures, smallest: Figures) -> list[str]:
    """Return the lines of one size's table."""
    bare = figures["bare view"]["ms"]
    lines = [f"\n{size:<28}{'median ms':>10}{'p95 ms':>9}{'queries':>9}{'× bare':>8}{'growth':>8}  bar"]
    for name, found in figures.items():
        growth = None if figures is smallest else found["ms"] / smallest[name]["ms"]
        lines.append(
            f"{name:<28}{found['ms']:>10.2f}{found['p95']:>9.2f}{found['queries'] or '':>9}"
            f"{found['ms'] / bare:>8.2f}{f'{growth:.2f}' if growth else '':>8}"
            f"  {verdict(BARS.get(name, Bar()), found, bare, growth)}"
        )
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S", help="the largest corpus to measure")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or a URL")
    parser.add_argument("--search", default="tantivy", help="tantivy, elasticsearch, or a URL")
    parser.add_argument("--only", action="store_true", help="measure this size alone")
    parser.add_argument("--people", action="store_true", help="people alone, without articles: from M up")
    asked = parser.parse_args()
    first = SIZES.index(asked.size) if asked.only else 1 if asked.people and asked.size != "S" else 0
    sizes = SIZES[first : SIZES.index(asked.size) + 1]
    place = "-".join(name.partition(":")[0] for name in (asked.database, asked.search))
    if asked.people:
        place += "-people"
    with servers(asked.database, asked.search, sizes) as found:
        measured = {size: measure(size, place, found, people=asked.people) for size in sizes}
    for size, figures in measured.items():
        print("\n".join(table(size, figures, measured[sizes[0]])))


if __name__ == "__main__":
    main()
