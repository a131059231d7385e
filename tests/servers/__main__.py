"""Keep a server running until told to stop: `python -m tests.servers elasticsearch --port 9219`.

With `--result FILE` it writes there, as JSON, the server's URL once it answers, or why it could not be started. With
`--while-read` it also stops when nobody holds the other end of its input any more, so that it never outlives the
test run that started it, however that run ended.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from tests.servers import elasticsearch, postgresql
from tests.servers.failures import CannotStart

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KINDS = {"elasticsearch": elasticsearch.running, "postgresql": postgresql.running}


def main() -> int:
    """Start the server that is asked for and wait."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--port", type=int, default=0, help="on loopback; without one, a free one or none")
    parser.add_argument("--result", type=Path, help="a file for the URL, or for the reason why there is none")
    parser.add_argument("--while-read", action="store_true", help="stop when the input ends")
    asked = parser.parse_args()
    for number in ENDINGS:
        signal.signal(number, end)
    if asked.while_read:
        threading.Thread(target=until_unread, daemon=True).start()
    try:
        with KINDS[asked.kind](asked.port) as url:
            tell(asked.result, url=url)
            threading.Event().wait()
    except CannotStart as failure:
        tell(asked.result, reason=failure.reason, cure=failure.cure)
        return 1
    return 0


def end(*_: object) -> None:
    """Leave whatever is being done, also while a server is still starting, and stop it on the way out."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def until_unread() -> None:
    """Wait until whoever started us is gone, then end."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def tell(result: Path | None, **said: str) -> None:
    """Say how it went, in one piece."""
    if not result:
        sys.stdout.write("\n".join(said.values()) + "\n")
        sys.stdout.flush()
        return
    draft = result.with_suffix(".draft")
    draft.write_text(json.dumps(said))
    draft.replace(result)


if __name__ == "__main__":
    sys.exit(main())
