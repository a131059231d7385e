"""Finds every message of the interface: in Python, in templates as Django reads them, and in the kinds of article."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

# The line, what is said, its context, and notes for whoever translates.
Found = tuple[int, str | tuple[str, ...], str | None, list[str]]
APPS = ("home", "diplopedia", "manners", "discussion", "notices", "people", "search")
TEMPLATES = "templates"
CONTEXT = (1, "c")  # as Babel says that the first argument is one
# Which arguments are texts: the first, singular and plural, or those after a context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": (CONTEXT, 2),
    "pgettext_lazy": (CONTEXT, 2),
    "npgettext": (CONTEXT, 2, 3),
    "npgettext_lazy": (CONTEXT, 2, 3),
}
KINDS = "diplopedia/data/kinds.json"  # that a new wiki begins with
CONTEXT_OF_KINDS = "kind of article"
SAID_OF_KINDS = ("name", "plural", "description", "label", "help_text")
NOTE = "Translators"  # begins a comment for whoever translates


def messages() -> Catalog:
    """Return every message of the interface, each with the files that it is in."""
    found = Catalog()
    for path in sources():
        read = of_python if path.suffix == ".py" else of_template
        place = str(path.relative_to(settings.BASE_DIR))
        for line, text, context, notes in read(path):
            found.add(text, locations=[(place, line)], auto_comments=notes, context=context)
    for text in of_kinds():
        found.add(text, locations=[(KINDS, 1)], context=CONTEXT_OF_KINDS)
    return found


def of_kinds() -> Iterator[str]:
    """What readers see of the kinds of article, and of their facts, that a new wiki begins with."""
    kinds = json.loads((settings.BASE_DIR / KINDS).read_text())
    for row in chain(kinds, *(kind["fields"] for kind in kinds)):
        yield from (row[name] for name in SAID_OF_KINDS if row.get(name))


def sources() -> Iterator[Path]:
    """Every file that may hold messages, in a lasting order."""
    for app in APPS:
        yield from sorted(
            path for path in (settings.BASE_DIR / app).rglob("*.py") if "migrations" not in path.parts
        )
    yield from sorted(
        path for path in (settings.BASE_DIR / TEMPLATES).rglob("*") if path.suffix in {".html", ".txt"}
    )


def of_python(path: Path) -> Iterator[Found]:
    """The messages of a module: what gettext's functions are called with, in formatted strings, too."""
    calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name in KEYWORDS:
            given = [getattr(argument, "value", None) for argument in call.args]
            wanted = KEYWORDS[name] or (1,)
            texts = [given[place - 1] for place in wanted if isinstance(place, int) and place <= len(given)]
            if texts and all(isinstance(text, str) for text in texts):
                yield call.lineno, message_of(tuple(texts)), given[0] if CONTEXT in wanted else None, []


def of_template(path: Path) -> Iterator[Found]:
    """The messages of a template: of it, Django makes calls in Python, and blanks of all else."""
    lines = templatize(path.read_text(), origin=str(path)).splitlines()
    python = BytesIO("\n".join(line.strip() for line in lines).encode())
    for line, texts, notes, context in extract("python", python, KEYWORDS, (NOTE,), {}):
        yield line, message_of(texts), context, notes


def message_of(texts: str | tuple[str | None, ...]) -> str | tuple[str, ...]:
    """A text, or singular and plural, out of the arguments of a call."""
    if isinstance(texts, str):
        return texts
    given = tuple(text for text in texts if text)
    return given[0] if len(given) == 1 else given
