"""What stands before the text of a Markdown file: YAML between `---`, or TOML between `+++`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from diplopedia.importing.values import ImportProblem

LONGEST = 64 * 1024
YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
TOML_END = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
A_KEY = re.compile(r"---[ \t]*\n\s*[\w-]+:(?:\s|$)")

Fields = Mapping[str, Any]


class PlainLoader(yaml.BaseLoader):
    """Reads YAML as texts, lists and mappings: `no` stays a word and 2021 a text, and nothing is ever constructed.

    Aliases are refused: a few lines of them can stand for more than fits into memory.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias; everything else is composed as usual."""
        if self.check_event(yaml.events.AliasEvent):
            raise ImportProblem("Its front matter refers to other parts of itself with *: write them out.")
        return super().compose_node(parent, index)


def split(text: str) -> tuple[Fields, str]:
    """Return the fields of a file and the text after them. Raises ImportProblem with the line that is wrong."""
    if text.startswith("---") and text[3:].lstrip(" \t").startswith("\n"):
        return parted(text, YAML_END, of_yaml, is_meant=A_KEY.match(text) is not None)
    if text.startswith("+++") and text[3:].lstrip(" \t").startswith("\n"):
        return parted(text, TOML_END, of_toml, is_meant=True)
    return {}, text


def parted(text: str, end: re.Pattern[str], read: Any, *, is_meant: bool) -> tuple[Fields, str]:
    """Return what stands up to the closing line, read, and the rest."""
    begin = text.index("\n") + 1
    found = end.search(text, begin)
    if found is None and is_meant:
        raise ImportProblem(f"Its front matter never ends: close it with a line {text[:3]}.")
    if found is None:
        return {}, text
    if found.start() - begin > LONGEST:
        raise ImportProblem(f"Its front matter is longer than {LONGEST // 1024} KB.")
    return read(text[begin : found.start()]), text[found.end() :].lstrip("\n")


def of_yaml(source: str) -> Fields:
    """Return the mapping that a piece of YAML holds; nothing is an empty one. Raises ImportProblem."""
    try:
        fields = yaml.load(source, Loader=PlainLoader)  # noqa: S506 – a loader that makes texts alone
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 2}: " if mark else ""
        what = getattr(error, "problem", None) or "this cannot be read"
        raise ImportProblem(f"Its front matter is no YAML, {where}{what}.") from error
    except RecursionError as error:
        raise ImportProblem("Its front matter is nested too deeply.") from error
    if fields in (None, ""):
        return {}
    if not isinstance(fields, dict):
        raise ImportProblem("Its front matter is no list of names and values: write each as “name: value”.")
    return {str(name): value for name, value in fields.items()}


def of_toml(source: str) -> Fields:
    """Return the mapping that a piece of TOML holds. Raises ImportProblem."""
    try:
        fields = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ImportProblem(f"Its front matter is no TOML: {error}.") from error
    except RecursionError as error:
        raise ImportProblem("Its front matter is nested too deeply.") from error
    return {name: as_words(value) for name, value in fields.items()}


def as_words(value: Any) -> Any:
    """Return a value with texts in it alone, as YAML is read here."""
    if isinstance(value, dict):
        return {str(name): as_words(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_words(part) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
