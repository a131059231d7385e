"""When somebody was somewhere, as it is said: “2015–2019”, “since 2020”, “in the last five years”, “avant 2015”."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils import timezone


class Years(NamedTuple):
    """The first and the last year that are asked for, both included; None for any."""

    since: int | None = None
    until: int | None = None

    def __str__(self) -> str:
        return str(self.since) if self.since == self.until else f"{self.since or ''}-{self.until or ''}"


ANY = Years()

WRITTEN = re.compile(r"(.*?)\s+(?:(\d{4})?\s*[-–]\s*(\d{4})?|(\d{4}))")
NOT = re.compile(r"\b(?:not|except|without|sauf|pas)\s*$", re.IGNORECASE)
NUMBERS = {
    word: number
    for said in (
        "two three four five six seven eight nine ten",
        "deux trois quatre cinq six sept huit neuf dix",
    )
    for number, word in enumerate(said.split(), 2)
}
YEAR = r"(?:19|20)\d\d"
DECADE = r"(?:19|20)\d0"
NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(NUMBERS)})"
HOW = r"""(?:\b(?P<how>in|during|from|between|since|after|before|until|till
    |en|entre|de|depuis|apr[eè]s|avant|jusqu[’']en)\s+(?:the\s+)?)?"""
AFTER = frozenset({"after", "après", "apres", "post"})
BEFORE = frozenset({"before", "avant", "pre"})
SINCE = frozenset({"since", "from", "depuis", "de"})
UNTIL = frozenset({"until", "till", "jusqu’en", "jusqu'en"})


def year(text: str | None) -> int | None:
    """A year as typed; None for what is none."""
    return int(text) or None if text and text.isascii() and text.isdigit() else None


def written(text: str) -> tuple[str, Years]:
    """A place and its years as addresses have them, and as `Years` writes them: "kabul 2015-2019", "kabul 2015-"."""
    match = WRITTEN.fullmatch(text)
    if match is None:
        return text, ANY
    return match[1], Years(year(match[2] or match[4]), year(match[3] or match[4]))


def split(text: str, today: int | None = None) -> tuple[str, Years]:
    """A text without the years that it says, and these; as it is where it says none, several times, or which not.

    `today` is the year in which it is said, this one if not given.
    """
    said = [*_said(text, today or timezone.localdate().year)]
    if len(said) != 1:
        return text, ANY
    match, when = said[0]
    if when == ANY or NOT.search(text[: match.start()]):
        return text, ANY
    return " ".join(f"{text[: match.start()]} {text[match.end() :]}".split()), when


def _said(text: str, today: int) -> Iterator[tuple[re.Match[str], Years]]:
    """Where a text says years, each place once, and which; `ANY` where nobody can tell."""
    for form, meaning in FORMS:
        for match in form.finditer(text):
            yield match, meaning(match, today)
        text = form.sub(lambda match: "\0" * len(match[0]), text)


def _span(said: re.Match[str], _today: int) -> Years:
    """`2015–2019`, `2016-19`, `from 2015 to now`, `2016, 2017`."""
    first, short = int(said["first"]), said["short"]
    last = int(said["last"] or said["next"] or (said["first"][:2] + short if short else 0))
    if not last:
        return Years(since=first)
    if (short and last <= first) or (said["next"] and last - first != 1):
        return ANY
    return Years(*sorted((first, last)))


def _decade(said: re.Match[str], _today: int) -> Years:
    first = int(said["first"])
    return Years(first, first + 9)


def _of_late(said: re.Match[str], today: int) -> Years:
    """`in the last five years`, and today."""
    return Years(since=today - _number(said))


def _ago(said: re.Match[str], today: int) -> Years:
    return Years(today - _number(said), today - _number(said))


def _number(said: re.Match[str]) -> int:
    number = said["number"].lower()
    return NUMBERS.get(number) or int(number)


def _nearby(said: re.Match[str], today: int) -> Years:
    """`last year`, `since last year`, `this year`."""
    return _point(said["how"], today if said["now"] else today - 1)


def _single(said: re.Match[str], today: int) -> Years:
    """`in 2015`, `before 2015`, `pre-2015`, `since '15`."""
    short = said["short"]
    if short:
        return _point(
            said["since"], today // 100 * 100 + int(short) - (100 if int(short) > today % 100 else 0)
        )
    return _point(said["joined"] or said["how"], int(said["first"]))


def _point(how: str | None, first: int) -> Years:
    how = (how or "").lower()
    if how in AFTER:
        return Years(since=first + 1)
    if how in BEFORE:
        return Years(until=first - 1)
    if how in SINCE:
        return Years(since=first)
    return Years(until=first) if how in UNTIL else Years(first, first)


def _form(pattern: str) -> re.Pattern[str]:
    """A form with the commas around it."""
    return re.compile(rf"(?:,\s*)?{pattern}\s*[?,;]*", re.IGNORECASE | re.VERBOSE)


# What was taken for a longer form is not taken for a shorter one.
FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], Years]], ...] = (
    (
        _form(
            rf"""{HOW}(?<![\d-])(?P<first>{YEAR})\s*
            (?:(?:[-–/]|\b(?:to|and|until|till|et)\b|à)\s*
                (?:(?P<last>{YEAR})|(?P<short>\d\d)|now|today|date|present|présent|aujourd[’']hui)
            |(?:,|\bor\b|\bou\b)\s*(?P<next>{YEAR}))(?![\d-])\b"""
        ),
        _span,
    ),
    (
        _form(rf"(?:\b(?:in|during|dans)\s+)?\b(?:the(?=\s+\d+s)|les\s+ann[eé]es)\s+(?P<first>{DECADE})s?\b"),
        _decade,
    ),
    (
        _form(
            rf"(?:\b(?:in|over|during|within|for)\s+)?(?:\b(?:the|these)\s+)?\b(?:last|past)\s+{NUMBER}\s+years\b"
        ),
        _of_late,
    ),
    (
        _form(rf"(?:\b(?:dans|durant|sur|pendant)\s+)?\b(?:les|ces)\s+{NUMBER}\s+derni[eè]res\s+ann[eé]es\b"),
        _of_late,
    ),
    (_form(rf"\bdepuis\s+{NUMBER}\s+ans\b"), _of_late),
    (_form(rf"\b(?:{NUMBER}\s+years?\s+ago)\b"), _ago),
    (_form(rf"\bil\s+y\s+a\s+{NUMBER}\s+ans\b"), _ago),
    (
        _form(
            r"""(?:\b(?P<how>since|until|before|depuis|avant)\s+)?
            \b(?:(?P<now>this\s+year|cette\s+ann[eé]e)|last\s+year|l[’']an(?:n[eé]e)?\s+(?:derni[eè]re?|pass[eé]e?))\b"""
        ),
        _nearby,
    ),
    (
        _form(
            rf"""(?:(?:{HOW}(?<![\d-])|\b(?P<joined>pre|post)-)(?P<first>{YEAR})
            |\b(?P<since>since|depuis|in|before|after)\s+[’'](?P<short>\d\d))(?![\d-])\b"""
        ),
        _single,
    ),
)
