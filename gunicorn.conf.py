"""How gunicorn serves the site; it reads this file by itself where it is started in this folder.

More processes: WEB_CONCURRENCY=5. Anything else: GUNICORN_CMD_ARGS="--bind 0.0.0.0:8000".
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

wsgi_app = "diplopedia.wsgi"
bind = "127.0.0.1:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
# Threads share the memory of a process; they wait for the database and the search engine side by side.
worker_class = "gthread"
threads = 4
# A request that takes longer is lost; a proxy gives up at the same time.
timeout = 60
# A process that is told to stop finishes what it has begun.
graceful_timeout = 30
keepalive = 75
# Nobody manages a running server from beside it.
control_socket_disable = True
# Gives back what fragmentation holds; not all processes at once.
max_requests = 20_000
max_requests_jitter = 2_000
# Heartbeats are files: in memory, so that a slow disk kills no process.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None


def on_starting(_server):
    """Serve nothing before the database, its tables and the search engine were asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplopedia.settings.production")
    command = [sys.executable, str(ROOT / "manage.py"), "check_services"]
    if os.environ.get("START_WITHOUT_SEARCH", "").lower() in {"1", "yes", "true", "on"}:
        command.append("--without-search")
    if subprocess.call(command):
        sys.exit("The site was not started. What is written above says why.")
