"""The query language: from text to words and filters, and back. Pure; it never fails.

What is malformed is taken literally, with a note. `read(write(words, filters))` gives the same again.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from search.entries import VERIFIED_STATES, code_key

MAX_TEXT = 1_000
MAX_PARTS = 32

FIELDS = {
    "kind": gettext_lazy("Kind"),
    "template": gettext_lazy("Template"),
    "tag": gettext_lazy("Tag"),
    "region": gettext_lazy("Region"),
    "lang": gettext_lazy("Language"),
    "speaks": gettext_lazy("Speaks"),
    "reads": gettext_lazy("Reads"),
    "skill": gettext_lazy("Skill"),
    "office": gettext_lazy("Office"),
    "post": gettext_lazy("Served in"),
    "now": gettext_lazy("Now in"),
    "at": gettext_lazy("In"),
    "knows": gettext_lazy("Knows"),
    "by": gettext_lazy("Author"),
    "available": gettext_lazy("Available for"),
    "updated": gettext_lazy("Changed"),
    "verified": gettext_lazy("Trust"),
}
# As the fields are called on the page, and by who guesses.
ALSO_CALLED = {
    "language": "lang", "served": "post", "servedin": "post", "author": "by", "topic": "tag", "place": "at",
    "country": "region",
}  # fmt: skip
LEVELS = {"lang": 10, "speaks": 10, "reads": 10, "skill": 3, "knows": 3}
TOKEN = re.compile(
    r'(?P<not>-?)(?:(?P<field>[A-Za-z]+):(?P<value>(?:"[^"]*"|[^\s"])*)|"(?P<phrase>[^"]*)"|(?P<bare>[^\s"]+))'
)
ITEM = re.compile(r'(?:"(?P<quoted>[^"]*)"|(?P<bare>[^",<>=≥]*))(?:(?P<op>>=|≥|>)(?P<level>\d+\+?))?(?:,|$)')
AGE = re.compile(r"([<>])(?:(\d{1,4})([dwmy])|(\d{4}-\d\d-\d\d))")


class Choice(NamedTuple):
    """One value of a filter; `level` is an ILR rank (0–10), a level of a skill or of knowledge (1–3), or 0."""

    code: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps what has any one of `choices` in `field`; negated, what has none of them.

    `origin` says where it came from: text, words (recognised by the dictionary) or param (a facet).
    """

    field: str
    choices: tuple[Choice, ...]
    negated: bool = False
    origin: str = dataclasses.field(default="text", compare=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes alone."""
        return tuple(choice.code for choice in self.choices)

    def __str__(self) -> str:
        values = ",".join(write_choice(self.field, choice) for choice in self.choices)
        return f"{'-' if self.negated else ''}{self.field}:{values}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a phrase or the beginning of a word, looked for everywhere or in titles only."""

    text: str
    phrase: bool = False
    prefix: bool = False
    negated: bool = False
    title: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is only looked for, as it stands and everywhere: what may be read as a question."""
        return not (self.phrase or self.prefix or self.negated or self.title)

    def __str__(self) -> str:
        text = f'"{self.text}"' if self.phrase else self.text
        return (
            f"{'-' if self.negated else ''}{'title:' if self.title else ''}{text}{'*' if self.prefix else ''}"
        )


@dataclass(frozen=True, slots=True)
class Either:
    """Words of which one is enough."""

    options: tuple[Word, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.options))


Part = Word | Either


class Reading(NamedTuple):
    """What a text was read as."""

    parts: tuple[Part, ...]
    filters: tuple[Filter, ...]
    notes: tuple[str, ...]


def clean(text: str) -> str:
    """One line of composed characters without control characters."""
    text = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text).strip()


def read(text: str) -> Reading:
    """Read a text as the query language. Never fails; what had to be bent is said in the notes."""
    notes: list[str] = []
    tokens = _tokens(_bounded(clean(text), notes), notes)
    parts, filters = _join(tokens, notes)
    if len(parts) + len(filters) > MAX_PARTS:
        notes.append(_("Only the first %(count)d words were searched.") % {"count": MAX_PARTS})
        filters = filters[:MAX_PARTS]
        parts = parts[: MAX_PARTS - len(filters)]
    return Reading(tuple(parts), tuple(filters), tuple(dict.fromkeys(notes)))


def write(parts: Iterable[Part], filters: Iterable[Filter] = ()) -> str:
    """Write words and filters in the query language."""
    return " ".join(map(str, (*parts, *filters)))


def _bounded(text: str, notes: list[str]) -> str:
    if len(text) > MAX_TEXT:
        notes.append(
            ngettext(
                "Only the first %(count)d character was searched.",
                "Only the first %(count)d characters were searched.",
                MAX_TEXT,
            )
            % {"count": MAX_TEXT}
        )
        text = unicodedata.normalize("NFC", text[:MAX_TEXT])
    if text.count('"') % 2:
        notes.append(_("A quotation mark without its pair was left out."))
        head, _mark, tail = text.rpartition('"')
        text = f"{head} {tail}"
    return text


def _tokens(text: str, notes: list[str]) -> Iterator[Word | Filter | None]:
    """The words and filters of a text; None stands for OR."""
    for match in TOKEN.finditer(text):
        if match[0] == "OR":
            yield None
        elif match["field"] is None:
            quoted = match["phrase"] is not None
            yield from _word(match["phrase"] if quoted else match["bare"], bool(match["not"]), phrase=quoted)
        else:
            yield from _fielded(match, notes)


def _word(text: str, negated: bool, title: bool = False, phrase: bool = False) -> Iterator[Word]:
    """A word, or a phrase where spaces stand in it; nothing for an empty text."""
    text = " ".join(text.split())
    if phrase or " " in text:
        if text:
            yield Word(text, phrase=True, negated=negated, title=title)
    elif text:
        prefix = len(text) > 1 and text.endswith("*")
        yield Word(text[:-1] if prefix else text, prefix=prefix, negated=negated, title=title)


def _fielded(match: re.Match[str], notes: list[str]) -> Iterator[Word | Filter]:
    """A filter, a word for titles, or, when it is neither, its text."""
    name, value, negated = match["field"].lower(), match["value"], bool(match["not"])
    name = ALSO_CALLED.get(name, name)
    unquoted = unicodedata.normalize("NFC", value.replace('"', ""))  # what stood apart may compose now
    if name == "title" and unquoted.strip():
        yield from _word(unquoted, negated, title=True, phrase=value == f'"{unquoted}"')
        return
    choices = (read_choices(name, value) or read_choices(name, unquoted)) if name in FIELDS else ()
    if choices:
        yield Filter(name, choices, negated)
        return
    if name in FIELDS or name == "title":
        notes.append(_("“%(text)s” is not a filter we know; it was searched as text.") % {"text": match[0]})
    yield from _word(f"{match['field']}:{unquoted}", negated)


def _join(tokens: Iterable[Word | Filter | None], notes: list[str]) -> tuple[list[Part], list[Filter]]:
    """Bind OR to its neighbours, and tell words from filters."""
    joined: list[Part | Filter] = []
    pending = False
    for token in tokens:
        if token is None:
            pending = _can_join(joined, notes)
            continue
        either = _either(joined[-1], token) if pending else None
        if pending and either is None:
            notes.append(_("OR joins words, or values of one filter; here it was left out."))
        if either is None:
            joined.append(token)
        else:
            joined[-1] = either
        pending = False
    if pending:
        notes.append(_("OR at the end was left out."))
    return [p for p in joined if not isinstance(p, Filter)], [f for f in joined if isinstance(f, Filter)]


def _can_join(joined: list[Part | Filter], notes: list[str]) -> bool:
    if not joined:
        notes.append(_("OR at the beginning was left out."))
    return bool(joined)


def _either(left: Part | Filter, right: Word | Filter) -> Part | Filter | None:
    if isinstance(left, Filter) and isinstance(right, Filter):
        if left.field == right.field and not left.negated and not right.negated:
            return replace(left, choices=_unique((*left.choices, *right.choices)))
        return None
    if isinstance(left, Filter) or isinstance(right, Filter) or right.negated:
        return None
    if isinstance(left, Either):
        return Either((*left.options, right))
    return None if left.negated else Either((left, right))


def read_choices(name: str, value: str) -> tuple[Choice, ...]:
    """The choices of a filter's value, as in `pus>=3,prs`; empty when any of them is malformed."""
    if name == "updated":
        return _age(value)
    choices, end = [], 0
    while end < len(value):
        match = ITEM.match(value, end)
        choice = _choice(name, match) if match else None
        if match is None or choice is None:
            return ()
        choices.append(choice)
        end = match.end()
    return _unique(choices)


def _choice(name: str, match: re.Match[str]) -> Choice | None:
    code = code_key(match["quoted"] if match["quoted"] is not None else match["bare"])
    if not code or (name == "verified" and code not in VERIFIED_STATES):
        return None
    if match["level"] is None:
        return Choice(code)
    level = read_level(name, match["level"])
    if level is None:
        return None
    level += match["op"] == ">"
    return Choice(code, level) if level <= LEVELS[name] else None


def read_level(name: str, text: str) -> int | None:
    """The level that `3+` or `2` stands for in a field: an ILR rank, or a skill's level; None if it has none."""
    digits = text.rstrip("+")
    if name not in LEVELS or len(digits) != 1:
        return None
    if name in ("skill", "knows"):
        return int(digits) if text.isdecimal() else None
    return 2 * int(digits) + text.endswith("+")


def write_level(name: str, level: int) -> str:
    """The other way: rank 7 is `3+`, a skill's level 2 is `2`."""
    return str(level) if name in ("skill", "knows") else f"{level // 2}{'+' if level % 2 else ''}"


def write_choice(name: str, choice: Choice) -> str:
    """A choice as the query language writes it."""
    if name == "updated":
        return choice.code
    code = f'"{choice.code}"' if re.search(r"[,<>=≥]", choice.code) else choice.code
    return f"{code}>={write_level(name, choice.level)}" if choice.level else code


def _age(value: str) -> tuple[Choice, ...]:
    match = AGE.fullmatch(value.lower())
    if match is None:
        return ()
    if match[4]:
        try:
            date.fromisoformat(match[4])
        except ValueError:
            return ()
    return (Choice(match[0]),)


def _unique(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    return tuple(dict.fromkeys(choices))
