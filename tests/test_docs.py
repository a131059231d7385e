"""The documents say what is so: targets, settings, commands and links are compared with the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
APPS = {"diplopedia", "manners", "discussion", "notices", "people", "search", "home"}
# Read by our settings through `environment`, by Django itself, or by the Makefile and the journeys.
READ = re.compile(
    r'(?:env\.)?(?:text|words|flag|number|percent|seconds|choice|address|certificates?|levels)\("([A-Z_]+)"'
    r'|environ(?:\.get\(|\[)"([A-Z_]+)"'
)


def names(documents: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in documents]


def settings_read() -> set[str]:
    sources = [path for path in (ROOT / "diplopedia/settings").glob("*.py") if path.name != "test.py"]
    return {one or other for path in sources for one, other in READ.findall(path.read_text())}


def settings_documented() -> set[str]:
    table = (ROOT / "docs/operating.md").read_text().split("## Settings")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_setting_is_read():
    assert settings_documented() - {"DJANGO_SETTINGS_MODULE"} == settings_read()


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_every_make_target_that_is_named_exists(name):
    # Only what stands as code: "make sure" is prose.
    text = "\n".join(
        re.findall(r"`[^`]+`|^```sh$.*?^```$", (ROOT / name).read_text(), re.MULTILINE | re.DOTALL)
    )
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) <= targets()


def test_every_target_explains_itself():
    makefile = (ROOT / "Makefile").read_text()
    assert set(re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE)) == targets()


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_every_link_inside_the_repository_leads_somewhere(name):
    path = ROOT / name
    links = re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_command_of_ours_is_documented_and_every_documented_command_exists():
    ours = {name for name, app in get_commands().items() if app in APPS}
    text = (ROOT / "docs/operating.md").read_text()
    documented = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert ours <= documented
    assert documented <= set(get_commands())


def test_every_decision_is_listed_and_dated():
    folder = ROOT / "docs/decisions"
    decisions = sorted(path.name for path in folder.glob("0*.md"))
    assert re.findall(r"\]\((0[^)]+)\)", (folder / "README.md").read_text()) == decisions
    for name in decisions:
        assert re.search(r"^20\d\d-\d\d-\d\d · ", (folder / name).read_text(), re.MULTILINE), name


def test_the_readme_maps_the_folders_that_are_there():
    mapped = set(re.findall(r"^\| `([a-z]+)/` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert {name for name in mapped if not (ROOT / name).is_dir()} == set()
    assert APPS | {"templates", "demo", "tests", "docs"} <= mapped
