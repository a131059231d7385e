"""Find a Java development kit that is new enough."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.servers.failures import CannotStart

VERSION = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)


def kit(at_least: int) -> Path:
    """Return the home of the oldest Java development kit that suffices. Raises CannotStart."""
    fitting = sorted((version, home) for home in homes() if (version := major(home)) >= at_least)
    if not fitting:
        raise CannotStart(
            f"no Java development kit of version {at_least} or newer is installed",
            "Install one (Debian: apt-get install default-jdk-headless), or name one by JAVA_HOME.",
        )
    return fitting[0][1]


def homes() -> Iterator[Path]:
    """Yield the homes of whatever Java development kits there are."""
    named = [Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    found = [Path(compiler).resolve().parents[1]] if (compiler := shutil.which("javac")) else []
    installed = [
        *Path("/usr/lib/jvm").glob("*"),
        *Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"),
    ]
    for home in (*named, *found, *installed):
        if (home / "bin" / "javac").exists():
            yield home


def major(home: Path) -> int:
    """Return the major version of a Java home, 0 if it does not tell."""
    told = home / "release"
    match = VERSION.search(told.read_text()) if told.exists() else None
    return int(match.group(1)) if match else 0
