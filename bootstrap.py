"""Make the virtual environment that `make` works in: `python3 bootstrap.py [--dev] [--port PORT]`.

Needs nothing but Python, and is parsed by old versions too, so that they can be told what is missing.
"""

import argparse
import fcntl
import hashlib
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
NEWEST_TOO_OLD = (3, 10)


def check_python() -> None:
    """Stop with the cure if this Python is too old for the pinned packages."""
    if sys.version_info[:2] <= NEWEST_TOO_OLD:
        sys.exit(
            "Diplopedia needs Python 3.11 or newer; `%s` is %s.\n"
            "Install a newer one, or name it: make run PYTHON=python3.12"
            % (sys.executable, sys.version.split()[0])
        )


def check_port(port: str) -> None:
    """Stop with the cure if the port is taken or is no port, before anything else is done."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit("PORT=%s is not a port number. For example: make run PORT=8001" % port)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(
                "Port %s cannot be used: %s.\n"
                "Stop the program that listens there, or choose another: make run PORT=%d"
                % (port, str(error.strerror).lower(), int(port) % 65535 + 1)
            )


def wanted(names: "list[str]") -> "dict[str, str]":
    """Return one digest per requirements file, of what it pins and of the Python it is for."""
    version = sys.version.encode()
    return {name: hashlib.sha256(version + (ROOT / name).read_bytes()).hexdigest() for name in names}


def installed() -> "dict[str, str]":
    """Return the digests of the last complete installation, or nothing."""
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def make_venv() -> None:
    """Make an empty environment; a leftover of an interrupted installation is thrown away."""
    print("Making the virtual environment in .venv ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("Python could not make a virtual environment. On Debian: apt-get install python3-venv")


def install(names: "list[str]") -> None:
    """Install the pinned packages and note what was installed, in that order."""
    print("Installing the pinned packages (a minute or two) ...", flush=True)
    digests = dict(installed(), **wanted(names))
    STAMP.unlink(missing_ok=True)
    files = [part for name in names for part in ("-r", str(ROOT / name))]
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if subprocess.call(pip + files):
        sys.exit("The packages could not be installed; pip says why above. Then run the same command again.")
    draft = STAMP.with_suffix(".draft")
    draft.write_text(json.dumps(digests))
    draft.replace(STAMP)


def main() -> None:
    """Bring .venv up to date; at once when it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="install what tests and checks need, too")
    parser.add_argument("--port", help="stop at once if this port is taken")
    options = parser.parse_args()
    check_python()
    if options.port is not None:
        check_port(options.port)
    names = ["requirements.txt"] + (["requirements-dev.txt"] if options.dev else [])
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not STAMP.exists():
            make_venv()
        have = installed()
        if any(have.get(name) != digest for name, digest in wanted(names).items()):
            install(names)


if __name__ == "__main__":
    main()
