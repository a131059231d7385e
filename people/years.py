"""When somebody was somewhere, as it is said: “2015–2019”, “since 2020”, “between 2010 and 2014”, “avant 2015”."""

from __future__ import annotations

import re
from typing import NamedTuple

NOT = re.compile(r"\b(?:not|except|without|sauf|pas)\s*$", re.IGNORECASE)
YEAR = r"(?:19|20)\d\d"
WRITTEN = re.compile(r"(.*?)\s+(?:(\d{4})?\s*[-–]\s*(\d{4})?|(\d{4}))")
SINCE = frozenset({"since", "from", "depuis", "de"})
SAID = re.compile(
    rf"""(?:,\s*)?
    (?:\b(?P<how>in|during|from|between|since|after|before|until|till|en|entre|de|depuis|après|avant|jusqu[’']en)\s+(?:the\s+)?)?
    (?<![\d-])(?P<first>{YEAR})
    (?P<on>\s*(?:[-–]|to|and|until|till|à|et)\s*(?P<last>{YEAR}|now|today|aujourd[’']hui))?
    (?![\d-])\b\s*[?,;]*""",
    re.IGNORECASE | re.VERBOSE,
)


class Years(NamedTuple):
    """The first and the last year that are asked for, both included; None for any."""

    since: int | None = None
    until: int | None = None

    def __str__(self) -> str:
        return str(self.since) if self.since == self.until else f"{self.since or ''}-{self.until or ''}"


ANY = Years()


def year(text: str | None) -> int | None:
    """A year as typed; None for what is none."""
    return int(text) or None if text and text.isascii() and text.isdigit() else None


def written(text: str) -> tuple[str, Years]:
    """A place and its years as addresses have them, and as `Years` writes them: "kabul 2015-2019", "kabul 2015-"."""
    match = WRITTEN.fullmatch(text)
    if match is None:
        return text, ANY
    return match[1], Years(year(match[2] or match[4]), year(match[3] or match[4]))


def split(text: str) -> tuple[str, Years]:
    """A text without the years that it says, and these; as it is where it says none, several times, or which not."""
    said = list(SAID.finditer(text))
    if len(said) != 1 or NOT.search(text[: said[0].start()]):
        return text, ANY
    rest = f"{text[: said[0].start()]} {text[said[0].end() :]}"
    return " ".join(rest.split()), _years(said[0])


def _years(said: re.Match[str]) -> Years:
    how, first = (said["how"] or "").lower(), int(said["first"])
    if said["on"]:
        return Years(*sorted((first, int(said["last"])))) if said["last"].isdigit() else Years(since=first)
    if how in ("after", "après"):
        return Years(since=first + 1)
    if how in ("before", "avant"):
        return Years(until=first - 1)
    if how in SINCE:
        return Years(since=first)
    if how in ("until", "till") or how.startswith("jusqu"):
        return Years(until=first)
    return Years(first, first)
