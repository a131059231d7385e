"""`python -m bench --size M`: measure S and every size up to the one named, and print ratios and growth."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.bars import BARS, Bar

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench" / "out"
SIZES = "SML"
Figures = dict[str, dict[str, Any]]


def measure(size: str) -> Figures:
    """Measure one size in a process and data folder of its own; an unfinished corpus is thrown away first."""
    folder, output = OUT / size, OUT / f"{size}.json"
    complete = folder / "complete"
    if not complete.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    environment = {**os.environ, "DATA_DIR": str(folder)}
    command = [sys.executable, "manage.py", "measure", size, str(output), "--settings", "bench.settings"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    complete.touch()
    return {found["name"]: found for found in json.loads(output.read_text())}


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S", help="the largest corpus to measure")
    wanted = SIZES[: SIZES.index(parser.parse_args().size) + 1]
    measured = {size: measure(size) for size in wanted}
    for size, figures in measured.items():
        print("\n".join(table(size, figures, measured["S"])))


if __name__ == "__main__":
    main()
