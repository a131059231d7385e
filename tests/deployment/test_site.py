"""The whole site, as a ministry runs it, is used by people in a browser and watched by machines."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deployment import proxy
from tests.deployment.site import ROOT, Site, deployed, must
from tests.deployment.test_proxy import Answer, ask

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(proxy.may_be_missed(), reason="nginx is not installed"),
]
# The journeys put the database back under the running site (tests/journeys/deployed.py), whoever is asking it.
RESTORED = re.compile(
    r"OperationalError: .*"
    r"(due to administrator command|closed the connection|connection is closed|database \S+ does not exist)"
)
JOURNEYS = ("signing_in", "finding", "editing", "restricting")
# What happens in the window alone is the same whoever serves the page, and how wide it is, is the same to the site.
WINDOW_ALONE = ("window_of_few_lines", "nothing_moves_under_the_hand", "phone")
PREPARE = """
from django.core.files.base import ContentFile
from django.test import Client
from diplopedia.models import WikiDocument
from people.models import User
user = User.objects.create_user("{name}", "{name}@ministry.example", "x")
document = WikiDocument.objects.create(title="Plan", file=ContentFile(b"The plan.", name="Der große Plan.txt"))
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value, document.url)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: Any, postgresql_url: str, elasticsearch_url: str) -> Iterator[Site]:
    with deployed(Path(tmp_path_factory.mktemp("site")), postgresql_url, elasticsearch_url) as running:
        yield running


def get(site: Site, path: str, **headers: str) -> Answer:
    return ask(site.proxy, path, **headers)


def test_the_site_is_ready_and_says_so_to_its_own_house(site):
    assert json.loads(get(site, "/ready/").body) == {
        "status": "ready",
        "database": "ok",
        "tables": "ok",
        "search": "ok",
        "search_behind_seconds": 0,
    }
    probe = {**site.environment, "PYTHONPATH": str(ROOT)}
    said = f"import deploy.probe as p; p.URL = p.URL.replace('127.0.0.1:8000', '{site.web}'); p.main()"
    assert subprocess.run([sys.executable, "-c", said], cwd=ROOT, env=probe, check=False).returncode == 0


def test_everybody_is_led_to_the_encrypted_site_and_kept_there(site):
    plain = ask(site.proxy, "/wiki/", base=site.proxy.plain)
    assert (plain.status, plain.headers["Location"]) == (301, f"{site.proxy.url}/wiki/")
    # Who reaches a process without its proxy is sent there too.
    direct = ask(site.proxy, "/wiki/", base=f"http://{site.web}")
    assert (direct.status, direct.headers["Location"]) == (301, f"https://{site.web}/wiki/")
    page = get(site, "/accounts/login/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    cookies = page.headers.get_all("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


def test_an_upload_is_sent_by_nginx_after_the_site_has_said_yes(site):
    session, url = must(site.environment, "shell", "-v", "0", "-c", PREPARE.format(name="plan")).split()
    assert get(site, url).status == 302
    answer = get(site, url, Cookie=f"sessionid={session}")
    assert (answer.status, answer.body) == (200, b"The plan.")
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_people_do_their_work_there(site):
    told = site.environment | {
        "DATA_DIR": str(site.folder / "journeys"),
        "SITE_UNDER_TEST": site.proxy.url,
        **{name: os.environ[name] for name in ("CHROMIUM", "TMPDIR") if name in os.environ},
    }
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider",
            "--ds", "diplopedia.settings.production", *(f"tests/journeys/test_{name}.py" for name in JOURNEYS),
            "-k", " and ".join(f"not {name}" for name in WINDOW_ALONE),
        ],
        cwd=ROOT, env=told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, "\n".join(
        [done.stdout[-6000:], site.said("gunicorn")[-3000:], site.said("worker")[-3000:]]
    )
    assert "skipped" not in done.stdout


def test_a_worker_that_is_told_to_end_ends_well_and_the_site_stays(site):
    site.worker.send_signal(signal.SIGTERM)
    assert site.worker.wait(60) == 0
    assert get(site, "/health/").status == 200


def test_lines_of_the_log_are_objects_with_their_requests(site):
    ask(
        site.proxy,
        "/nowhere/",
        base=f"http://{site.web}",
        X_Forwarded_Proto="https",
        X_Request_ID="asked-by-a-test",
    )
    lines = [line for line in site.said("gunicorn").splitlines() if line.startswith("{")]
    assert all(json.loads(line)["level"] for line in lines)


def test_a_server_that_is_told_to_end_ends_well(site):
    site.server.send_signal(signal.SIGTERM)
    assert site.server.wait(60) == 0
    tracebacks = [line for line in site.said("gunicorn").splitlines() if "Traceback" in line]
    assert [line[-3000:] for line in tracebacks if not RESTORED.search(line)] == []
    assert get(site, "/").status == 503
