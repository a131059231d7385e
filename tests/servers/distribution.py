"""An Elasticsearch without Docker: the distribution on Maven Central, with our plugin, unpacked once and kept."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import java
from tests.servers.failures import CannotStart
from tests.servers.processes import as_root

ARTIFACT = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:{version}:zip"
PLUGIN = Path(__file__).parent / "analysis-plugin"
DESCRIPTOR = """\
name=analysis-stand-in
description=Stands in for the module analysis-common of the full distribution
version=1
classname=AnalysisStandIn
java.version={java}
elasticsearch.version={version}
"""


def cache() -> Path:
    """Return where downloads are kept, outside the repository. It may be deleted at any time."""
    asked = os.environ.get("XDG_CACHE_HOME")
    # Root's own folder is closed to the user whom the server then runs as.
    usual = Path("/var/cache") if as_root() else Path.home() / ".cache"
    folder = (Path(asked) if asked else usual) / "diplopedia"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def java_needed(version: str) -> int:
    """Return the Java that an Elasticsearch needs."""
    return 17 if int(version.split(".")[0]) < 9 else 21


def home(version: str) -> Path:
    """Return the folder of an Elasticsearch with our plugin, made first if need be. Raises CannotStart."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(PLUGIN.iterdir()))).hexdigest()[:8]
    wanted = cache() / f"elasticsearch-{version}-{digest}"
    with alone(wanted.with_name(f"{wanted.name}.lock")):
        if not wanted.exists():
            with tempfile.TemporaryDirectory(dir=cache()) as draft:
                unpacked = unpack(download(version), Path(draft))
                add_plugin(unpacked, version)
                unpacked.rename(wanted)
    return wanted


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock between processes, so that only the first one downloads."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def download(version: str) -> Path:
    """Return the packed distribution, fetched by Maven unless it was before. Raises CannotStart."""
    packed = cache() / f"elasticsearch-{version}.zip"
    if packed.exists():
        return packed
    maven = shutil.which("mvn")
    if not maven:
        raise CannotStart(
            "neither a Docker engine nor Maven is here to fetch Elasticsearch with",
            "Start Docker, or install Maven (Debian: apt-get install maven), or name a node by ELASTICSEARCH_URL.",
        )
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        coordinates = ARTIFACT.format(version=version)
        fetched = subprocess.run(
            [
                maven,
                "-B",
                "-q",
                "dependency:copy",
                f"-Dartifact={coordinates}",
                f"-DoutputDirectory={folder}",
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if fetched.returncode:
            raise CannotStart(
                f"Maven could not fetch {coordinates}:\n{fetched.stdout[-1000:]}{fetched.stderr[-500:]}",
                "Check the network and Maven's settings (a proxy or mirror), or name a node by ELASTICSEARCH_URL.",
            )
        next(Path(folder).glob("*.zip")).rename(packed)
    return packed


def unpack(packed: Path, folder: Path) -> Path:
    """Unpack a distribution with the permissions its files have, readable by everybody."""
    with zipfile.ZipFile(packed) as archive:
        for member in archive.infolist():
            written = Path(archive.extract(member, folder))
            if not member.is_dir():
                written.chmod(member.external_attr >> 16 & 0o777 | 0o444)
    return next(folder.iterdir())


def add_plugin(unpacked: Path, version: str) -> None:
    """Compile our plugin against this server and put it in its place. Raises CannotStart."""
    needed = java_needed(version)
    target = unpacked / "plugins" / PLUGIN.name
    with tempfile.TemporaryDirectory() as classes:
        compiler = java.kit(needed) / "bin" / "javac"
        sources = [str(path) for path in PLUGIN.glob("*.java")]
        options = ["--release", str(needed), "-cp", f"{unpacked}/lib/*", "-d", classes]
        compiled = subprocess.run(
            [str(compiler), *options, *sources], capture_output=True, text=True, check=False
        )
        if compiled.returncode:
            raise CannotStart(
                f"the analysis plugin does not compile:\n{compiled.stderr[-2000:]}", f"Mend {PLUGIN}."
            )
        target.mkdir(parents=True)
        with zipfile.ZipFile(target / f"{PLUGIN.name}.jar", "w") as jar:
            for path in Path(classes).rglob("*.class"):
                jar.write(path, path.relative_to(classes))
    (target / "plugin-descriptor.properties").write_text(DESCRIPTOR.format(java=needed, version=version))
