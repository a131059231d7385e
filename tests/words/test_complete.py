"""Every message of the interface has its words in every language of `locale`, and they hold what the code puts in."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from diplopedia.words import catalogues, finding
from diplopedia.words.catalogues import said

TEXTS = {path.parts[-3]: path for path in catalogues.texts()}
LANGUAGES = sorted(TEXTS)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}")
TAG = re.compile(r"<[^<>]+>")
# A sign that a no-break space stands before, after another one; English quotation marks; a typewriter's apostrophe.
UNFRENCH = re.compile(
    r"(?<![\u00a0\u202f])[;?!](?=[ \n]|$)|(?<![\u00a0\u202f])»|«(?![\u00a0\u202f])|[“”]|\w'\w"
)
# Called while a module is loaded, a text would have the language of whoever came first, for everybody.
EAGER = {"_", "gettext", "ngettext", "pgettext", "npgettext"}


@cache
def messages() -> Catalog:
    return finding.messages()


@cache
def catalogue(language: str) -> Catalog:
    return catalogues.read(TEXTS[language])


def forms(message: Message) -> list[tuple[str, str]]:
    """Each translated form beside what the code says there. A form for one alone need not say the number."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[min(n, 1)], form) for n, form in enumerate(message.string)]


def missing(language: str) -> Iterator[str]:
    for message in messages():
        if message.id:
            words = catalogue(language).get(said(message), message.context)
            if words is None or not catalogues.is_said(words):
                yield f"{said(message)!r} ({message.locations[0][0]})"


def test_every_language_that_is_offered_has_a_catalogue():
    offered = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    assert offered == {language.lower().replace("_", "-") for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_words(language):
    found = list(missing(language))
    assert not found, (
        f"{len(found)} messages have no {language} words. Run `make words`, then fill in the empty ones of "
        f"{TEXTS[language]} and take away the marks “fuzzy”:\n" + "\n".join(found[:40])
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_nobody_says(language):
    known = {(message.context, said(message)) for message in messages()}
    gone = [said(one) for one in catalogue(language) if one.id and (one.context, said(one)) not in known]
    assert not gone, f"Run `make words`: the code no longer says {gone[:20]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_hold_what_the_code_puts_in(language):
    wrong = []
    for message in catalogue(language):
        if message.id and catalogues.is_said(message):
            for ours, theirs in forms(message):
                expected, found = Counter(PLACEHOLDER.findall(ours)), Counter(PLACEHOLDER.findall(theirs))
                if expected != found and not (isinstance(message.id, tuple) and says_one(message, theirs)):
                    wrong.append(f"{ours!r} → {theirs!r}: {dict(expected)} became {dict(found)}")
    assert not wrong, "Write the placeholders as the code does:\n" + "\n".join(wrong)


def says_one(message: Message, form: str) -> bool:
    """Whether a form of a plural holds no more than either form of the code, and all that both of them hold."""
    one, many = (set(PLACEHOLDER.findall(text)) for text in message.id)
    found = set(PLACEHOLDER.findall(form))
    return one & many <= found <= one | many


def unlike(language: str, quality: Callable[[str], Any]) -> list[str]:
    """The words that differ from the code's in what they should share."""
    return [
        f"{ours!r} → {theirs!r}"
        for message in catalogue(language)
        if message.id and catalogues.is_said(message)
        for ours, theirs in forms(message)
        if quality(ours) != quality(theirs)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_hold_the_tags_of_the_code(language):
    wrong = unlike(language, lambda text: Counter(TAG.findall(text)))
    assert not wrong, "Write the tags and their attributes as the code does:\n" + "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_begin_and_end_with_the_blanks_of_the_code(language):
    wrong = unlike(language, edges)
    assert not wrong, "Words would stick together, or lines break elsewhere:\n" + "\n".join(wrong)


def edges(text: str) -> tuple[str, str]:
    """The plain blanks around a text."""
    begins, ends = text.lstrip(" \n"), text.rstrip(" \n")
    return text[: len(text) - len(begins)], text[len(ends) :]


def test_french_is_set_as_french_is():
    wrong = [
        theirs
        for message in catalogue("fr")
        if message.id and catalogues.is_said(message)
        for _ours, theirs in forms(message)
        if UNFRENCH.search(TAG.sub("", theirs))
    ]
    assert not wrong, "A no-break space before ? ! ; and inside « », and ’ for ':\n" + "\n".join(wrong)


def calls_at_import(path: Path) -> Iterator[str]:
    """Calls of gettext that are made while a module is loaded, and so in nobody's language."""
    tree = ast.parse(path.read_text())
    eager = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in EAGER
    }
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            arguments = node.args
            waiting += [*arguments.defaults, *(one for one in arguments.kw_defaults if one)]
            waiting += getattr(node, "decorator_list", [])
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in eager:
            yield f"{path}:{node.lineno}"
        waiting += ast.iter_child_nodes(node)


def test_nothing_is_said_while_a_module_is_loaded():
    found = [call for path in finding.sources() if path.suffix == ".py" for call in calls_at_import(path)]
    assert not found, f"Use gettext_lazy there, which speaks when it is shown: {found}"


def test_an_eager_call_would_be_found(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(
        "from django.utils.translation import gettext as _, gettext_lazy\n"
        'class A:\n    a = _("x")\ndef f(y=_("z")):\n    return _("fine")\nB = gettext_lazy("fine")\n'
    )
    assert [call.rpartition(":")[2] for call in calls_at_import(path)] == ["4", "3"]
