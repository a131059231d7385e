"""compose.yaml, Dockerfile and the systemd units agree with the settings, the commands and each other.

No test starts a container: there is not everywhere an engine for it. What an image would do is done by hand instead,
in a folder that holds what the image would hold.
"""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.test_docs import settings_read

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
# Read by gunicorn.conf.py rather than by the settings.
SERVING = {"WEB_CONCURRENCY", "START_WITHOUT_SEARCH"}


def variables(text: str) -> set[str]:
    """Return the variables that a text takes from .env."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def offered() -> set[str]:
    """Return the variables that .env.example knows, those left out included."""
    return set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_the_services_are_those_of_a_whole_site():
    assert set(SERVICES) == {
        "prepare",
        "web",
        "worker",
        "notices",
        "proxy",
        "database",
        "elasticsearch",
        "cache",
    }
    assert {"prepare", "web", "worker", "notices"} == OURS


def test_every_variable_is_offered_and_every_offer_is_used():
    assert variables((ROOT / "compose.yaml").read_text()) == offered()


def test_a_password_has_no_default():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ELASTIC_PASSWORD"):
        assert not re.search(rf"\$\{{{name}(?!:\?)", (ROOT / "compose.yaml").read_text()), name
        assert f"\n{name}=\n" in (ROOT / ".env.example").read_text()


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_our_containers_are_told_is_read(name):
    assert set(SERVICES[name]["environment"]) <= settings_read() | SERVING


def test_every_image_is_pinned():
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert [image for image in images if not re.search(r":\d+\.\d+\.?\d*(-[a-z]+)?", image)] == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_bounded_and_logs_within_bounds(name):
    service = SERVICES[name]
    assert service["deploy"]["resources"]["limits"]["memory"]
    assert service["logging"]["options"]["max-size"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["restart"] == ("no" if name == "prepare" else "unless-stopped")


@pytest.mark.parametrize("name", ["prepare", "web", "worker", "proxy"])
def test_what_the_world_reaches_writes_only_to_its_volumes(name):
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_only_the_proxy_is_reached_from_outside_and_data_only_from_inside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("database", "elasticsearch", "cache"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["outside"]
    assert any(volume.endswith("data:/data:ro") for volume in SERVICES["proxy"]["volumes"])


def test_nothing_serves_before_everything_is_prepared():
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    assert waits["web"] == waits["worker"] == {"prepare": {"condition": "service_completed_successfully"}}
    assert all(wait["condition"] == "service_healthy" for wait in waits["prepare"].values())
    assert set(waits["prepare"]) == {"database", "elasticsearch", "cache"}
    assert waits["proxy"] == {"web": {"condition": "service_healthy"}}
    for name in waits["prepare"]:
        assert SERVICES[name]["healthcheck"]["test"]


def test_every_command_exists():
    commands = [SERVICES[name]["command"] for name in sorted(OURS)]
    commands.append(SERVICES["worker"]["healthcheck"]["test"][1:])
    assert all(line[:2] == ["python", "manage.py"] for line in commands if line != ["gunicorn"])
    assert {line[2] for line in commands if "manage.py" in line} <= set(get_commands())
    assert ["gunicorn"] in commands


def test_the_proxy_is_told_every_name_that_its_template_needs():
    template = (ROOT / "deploy/nginx/diplopedia.conf.template").read_text()
    assert variables(template) == set(SERVICES["proxy"]["environment"])


# -- the image --------------------------------------------------------------------------------------------------------


def image_files(folder: Path) -> None:
    """Copy what .dockerignore lets in: a list of what is named, with exceptions at its end."""
    lines = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert lines[0] == "*"
    kept = [line.removeprefix("!") for line in lines if line.startswith("!")]
    left_out = [line.removeprefix("**/") for line in lines[1:] if not line.startswith("!")]

    def ignored(parent: str, names: list[str]) -> set[str]:
        inside = Path(parent).relative_to(ROOT)
        return {
            name
            for name in names
            if any(fnmatch(name, pattern) or str(inside / name) == pattern for pattern in left_out)
        }

    for name in kept:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=ignored)
        else:
            shutil.copy(ROOT / name, target)


def instructions() -> list[str]:
    """Return the instructions of the Dockerfile, each on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [line for line in re.sub(r"\s*\\\n\s*", " ", text).splitlines() if line]


def run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_image_runs_as_nobody_in_particular_and_without_build_tools():
    stages = " ".join(instructions()).split("FROM ")[1:]
    assert "pip install" in stages[0]
    assert "pip install" not in stages[-1]
    assert "apt-get" not in stages[-1]
    assert "USER 10001:10001" in stages[-1]
    assert "HEALTHCHECK" in stages[-1]
    assert "VOLUME /data" in stages[-1]
    assert not re.search(r"SECRET_KEY|PASSWORD", stages[-1])


@pytest.mark.slow
def test_what_enters_the_image_is_the_whole_site_and_nothing_else(tmp_path):
    app = tmp_path / "app"
    app.mkdir()
    image_files(app)
    assert not {".git", "tests", ".venv", ".env", "var", "bench"} & {path.name for path in app.iterdir()}
    collecting = next(line for line in instructions() if "collectstatic" in line)
    told = dict(re.findall(r"([A-Z_]+)=(\S+)", collecting))
    told |= {"DATA_DIR": str(tmp_path / "data"), "STATIC_ROOT": str(app / "static")}
    arguments = collecting.split("manage.py ")[1].split()
    run([sys.executable, "manage.py", *arguments], app, **told)
    assert list((app / "static/diplopedia/css").glob("site.*.css.gz"))
    said = run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        app,
        **told | {"ALLOWED_HOSTS": "wiki.example.org", "SITE_URL": "https://wiki.example.org"},
    )
    assert "no issues" in said
    run([sys.executable, "-c", "import runpy; runpy.run_path('gunicorn.conf.py')"], app)


# -- systemd ----------------------------------------------------------------------------------------------------------


def unit(path: Path) -> configparser.RawConfigParser:
    """Read a unit; of what may be said several times only the last is kept."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_every_command_of_a_unit_exists(path):
    text = path.read_text()
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS


@pytest.mark.parametrize(
    "path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name
)
def test_every_service_is_shut_in(path):
    service = unit(path)["Service"]
    assert service["User"] == "diplopedia"
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "RestrictNamespaces"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["StateDirectory"] == "diplopedia"
    assert service["MemoryMax"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_every_unit(tmp_path):
    python = tmp_path / "bin"
    python.mkdir()
    for path in UNITS:
        # The programs are where an installation puts them, not here.
        (tmp_path / path.name).write_text(
            re.sub(r"/opt/diplopedia/\.venv/bin/\w+", "/bin/true", path.read_text())
        )
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / path.name) for path in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [
        line for line in said.stderr.splitlines() if "diplopedia" in line and "/opt/diplopedia" not in line
    ]
    assert ours == []
