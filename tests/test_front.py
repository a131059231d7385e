"""The front end keeps its promises: no inline code, no dangling names, vendored files as published."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = ROOT / "diplopedia/static"
VENDOR = STATIC / "diplopedia/vendor"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_nothing_that_the_content_policy_refuses(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_static_files_that_a_template_names_exist(path):
    named = re.findall(r"""{% static ["']([^"']+)["']""", path.read_text())
    assert [file for file in named if finders.find(file) is None] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_icons_that_a_template_names_are_drawn(path):
    drawn = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "diplopedia/icons.svg").read_text()))
    text = path.read_text()
    named = re.findall(r"(?:sprite }}|icons\.svg' %})#(\w+)", text)
    named += re.findall(r'components/icon\.html" with name="(\w+)"', text)
    assert set(named) <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_that_a_template_includes_exist(path):
    named = re.findall(r"""{% (?:include|extends) ["']([^"']+)["']""", path.read_text())
    for file in named:
        assert get_template(file)  # raises what is missing


@pytest.mark.parametrize(
    "entry", json.loads((VENDOR / "MANIFEST.json").read_text()), ids=lambda entry: entry["file"]
)
def test_a_vendored_file_is_the_published_one(entry):
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_every_vendored_file_is_listed():
    listed = {entry["file"] for entry in json.loads((VENDOR / "MANIFEST.json").read_text())}
    assert {path.name for path in VENDOR.iterdir()} == listed | {"MANIFEST.json"}


def test_a_menu_says_what_djangos_own_says():
    choices = [("", "None"), ("Africa", [("dji", "Djibouti & more"), ('"x"', "<b>")]), (7, "Seven")]
    menu = forms.SelectMultiple(choices=choices, attrs={"id": "place", "required": True})
    ours, djangos = (
        menu.render("place", ["dji", "7"], renderer=renderer())
        for renderer in (TemplatesSetting, DjangoTemplates)
    )
    assert ours.count("<option") == ours.count("</option>") == 4
    assert ours.split() == djangos.split()
