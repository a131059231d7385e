"""The first minute of a newcomer: what `make run` says when something is missing, taken or half done."""

from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap


@pytest.fixture
def listening():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A repository of its own, and a list of the commands that were run in it, which all succeed."""
    calls: list[list[str]] = []
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    (tmp_path / "requirements-dev.txt").write_text("pytest==9.2.0\n")

    def call(command: list[str]) -> int:
        calls.append(command)
        (tmp_path / ".venv").mkdir(exist_ok=True)
        return 0

    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "installed.json")
    monkeypatch.setattr(bootstrap.subprocess, "call", call)

    def run(*options: str) -> list[str]:
        calls.clear()
        monkeypatch.setattr(bootstrap.sys, "argv", ["bootstrap.py", *options])
        bootstrap.main()
        return ["venv" if "venv" in command else "pip" for command in calls]

    return SimpleNamespace(folder=tmp_path, run=run, calls=calls)


def test_a_taken_port_is_said_before_anything_is_installed(house, listening):
    with pytest.raises(
        SystemExit, match=rf"Port {listening} cannot be used.*\n.*make run PORT={listening + 1}"
    ):
        house.run("--port", str(listening))
    assert house.calls == []


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", ""])
def test_what_is_no_port_is_said(port):
    with pytest.raises(SystemExit, match=r"is not a port number. For example: make run PORT=8001"):
        bootstrap.check_port(port)


def test_an_old_python_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"needs Python 3.11 or newer.*\n.*make run PYTHON=python3.12"):
        bootstrap.check_python()


def test_the_second_run_installs_nothing(house):
    assert house.run() == ["venv", "pip"]
    assert house.run() == []


def test_a_changed_pin_is_installed_into_the_same_environment(house):
    house.run()
    (house.folder / "requirements.txt").write_text("Django==5.2.20\n")
    assert house.run() == ["pip"]


def test_the_tools_are_installed_when_they_are_asked_for(house):
    house.run()
    assert house.run("--dev") == ["pip"]
    assert house.run("--dev") == []
    assert house.run() == []


def test_a_killed_installation_is_made_anew(house, monkeypatch):
    def killed(command: list[str]) -> int:
        raise KeyboardInterrupt

    house.run()
    (house.folder / "requirements.txt").write_text("Django==5.2.20\n")
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap.subprocess, "call", killed)
        with pytest.raises(KeyboardInterrupt):
            house.run()
    assert house.run() == ["venv", "pip"]


def test_a_failed_installation_says_so_and_is_not_taken_for_done(house, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap.subprocess, "call", lambda command: int("pip" in command))
        with pytest.raises(SystemExit, match="could not be installed"):
            house.run()
    assert house.run() == ["venv", "pip"]
