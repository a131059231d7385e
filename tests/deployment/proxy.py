"""A real nginx with the project's own configuration, on loopback, with a certificate of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.deployment.processes import free_port, running, wait_for

TEMPLATE = Path(__file__).resolve().parents[2] / "deploy/nginx/diplopedia.conf.template"
PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin"
AROUND = """daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
{user}
events {{ worker_connections 256; }}
http {{
    access_log off;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class Proxy(NamedTuple):
    """Where nginx answers: `url` with TLS, `plain` without. `certificate` is what to trust."""

    url: str
    plain: str
    certificate: Path


def program() -> str | None:
    """Return the path of nginx, if it is installed."""
    return shutil.which("nginx", path=PATH)


def may_be_missed() -> bool:
    """Whether nginx is not here and a run without it is no failure; in CI it is one."""
    return not program() and not os.environ.get("REQUIRE_NGINX")


def certify(folder: Path) -> Path:
    """Make a certificate for this machine, good for a day."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", folder / "site.key", "-out", folder / "site.pem",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder / "site.pem"


def configure(folder: Path, url: str, plain: str, web: str, media: Path) -> Path:
    """Write the configuration as an installation would, and return its file."""
    said = {
        "SERVER_NAME": "127.0.0.1",
        "SITE_URL": url,
        "WEB": web,
        "MEDIA": str(media),
        "TLS": str(folder),
        "HTTP_PORT": plain.removeprefix("http://"),
        "HTTPS_PORT": url.removeprefix("https://"),
    }
    site = TEMPLATE.read_text()
    for name, value in said.items():
        site = site.replace(f"${{{name}}}", value)
    (folder / "site.conf").write_text(site)
    # nginx gives its workers another user if it is started as root, and then they could not read our folder.
    user = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(AROUND.format(folder=folder, user=user))
    return whole


@contextmanager
def nginx(folder: Path, web: str, media: Path) -> Iterator[Proxy]:
    """Keep nginx running in front of `web`, a host with its port."""
    url, plain = (f"{scheme}://127.0.0.1:{free_port()}" for scheme in ("https", "http"))
    proxy = Proxy(url, plain, certify(folder))
    command = [str(program()), "-c", str(configure(folder, url, plain, web, media)), "-p", str(folder)]
    subprocess.run([*command, "-t", "-q"], check=True)
    with running(command, folder / "nginx.log"):
        wait_for(plain)
        yield proxy
