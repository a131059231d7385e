"""How people talk when they ask: “who's in the Baltics right now”, “R3”, “level four”, “pls”.

It is put into the few words that a question is read in, and what says nothing is left away. Only words of small
letters are: Able and Hand are names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from search.analysis import words
from search.cues import BOTH, ONE_OF_BOTH
from search.grammar import Either, Part, Word
from search.signs import LEVEL, plain

RANK = r"[0-5]\+?"
RANGE = re.compile(rf"{RANK}[-–]{RANK}")
LIMIT = re.compile(
    rf"(?:(?:(?:no|not) more than|below|under|less than|lower than|at most|up to|max|maximum) {RANK}"
    rf"|(?:exactly|only|just) (?P<least>{RANK})|{RANK} (?:or|and) (?:less|lower|below|worse|under)"
    rf"|(?:between |from )?(?P<from>{RANK})(?: to | and |[-–]){RANK}) "
)
LONGEST_LIMIT = 5
ANY_LEVEL = "0"
SHORT_FOR = re.compile(r"(who|anyone|anybody|someone|somebody)['’](?:s|ve|d)", re.IGNORECASE)
READING = re.compile(r"[rR]-?([0-5]\+?)([,;?]?)")
EUROPEAN = re.compile(r"\(?([ABC][12])(?:\+?/([ABC][12]))?\+?\)?[,;?]?")
TOGETHER = re.compile(r"(?<=[^\W\d_]{2})[,;+/](?=[^\W\d_]{2})")
JOINED = re.compile(r"(.+)-(speaking|speakers?|readers?)", re.IGNORECASE)
NO_LESS = re.compile(r"(?:≥|>=|=>)([0-5]\+?)?([,;?]?)")
FORMERLY = re.compile(r"ex-(?!yugoslav|soviet|ussr)(\w.+)", re.IGNORECASE)  # Ex-Yugoslavia is a name
SIGNS = {"/": "or", "+": "and", "&": "and", ",": "", ";": ""}
BETWEEN_LEVELS = frozenset("and or better above higher more up level at".split())
CEFR = {"A1": "0+", "A2": "1", "B1": "2", "B2": "2+", "C1": "3", "C2": "4"}
SKILLS = ("s", "r")  # speaking and reading, in capitals too
DIGITS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
BEFORE_A_LEVEL = frozenset("level ilr least minimum min min.".split())
PHRASES = {
    tuple(said.split()): meant.split()
    for said, meant in {
        "right now": "now",
        "at the moment": "now",
        "at present": "now",
        "these days": "now",
        "at post in": "in",
        "at post": "posted",
        "postings in": "served in",
        "posting in": "served in",
        "postings to": "served in",
        "postings": "served",
        "tours in": "served in",
        "speaking doesn't matter": "",
        "speaking does not matter": "",
        "reading doesn't matter": "",
        "reading does not matter": "",
        "used to work in": "formerly in",
        "used to work at": "formerly in",
        "used to serve in": "formerly in",
        "used to serve at": "formerly in",
        "used to live in": "formerly in",
        "used to be posted in": "formerly in",
        "used to be posted to": "formerly in",
        "used to be at": "formerly in",
        "no need to speak": "",
        "need not speak": "",
        "needn't speak": "",
        "doesn't need to speak": "",
        "does not need to speak": "",
        "don't need to speak": "",
        "do not need to speak": "",
        "doesn't have to speak": "",
        "does not have to speak": "",
        "speaking not needed": "",
        "speaking not required": "",
        "speaking not necessary": "",
        "other than": "except",
        "apart from": "except",
        "anyone but": "anyone except",
        "everyone but": "everyone except",
        "hasn't": "not",
        "haven't": "not",
        "doesn't": "not",
        "don't": "not",
        "didn't": "not",
        "isn't": "not",
        "aren't": "not",
        "cannot": "not",
        "can't": "not",
        "no matter": "",
        "no longer in": "formerly in",
        "no longer at": "formerly in",
        "previously in": "formerly in",
        "used to be in": "formerly in",
        "have left": "formerly in",
        "has left": "formerly in",
        "except native speakers": "below 5",
        "except native speaker": "below 5",
        "except native": "below 5",
        "except natives": "below 5",
        "other than native speakers": "below 5",
        "other than native": "below 5",
        "but not native": "below 5",
        "not native speakers": "below 5",
        "not native": "below 5",
        "non-native": "below 5",
        "nonnative": "below 5",
        "both": "",
        "plus": "and",
        "+": "and",
        "&": "and",
        "written": "reading",
        "oral": "speaking",
        "anywhere in": "in",
        "anywhere": "",
        "no lower than": "least",
        "no less than": "least",
        "not below": "least",
        "not lower than": "least",
        "not less than": "least",
        "more than": "least",
        "w": "with",
        "native": "level 5",
        "natively": "level 5",
        "mother tongue": "level 5",
        "able to": "can",
        "has done": "has",
        "anyone done": "anyone",
        "anybody done": "anybody",
        "somebody done": "somebody",
        "anyone who's done": "anyone",
        "has anyone done": "anyone",
        "has anybody done": "anybody",
        "help needed": "help",
        "needed": "",
        "sb": "somebody",
        "pls": "",
        "plz": "",
        "thanks": "",
        "asap": "",
        "urgently": "",
        "speeks": "speaks",
        "in the ministry": "",
        "in the office": "",
        "for a call": "",
        "for a meeting": "",
        "for a visit": "",
        "this morning": "",
        "this afternoon": "",
        "this week": "",
        "next week": "",
        "today": "",
        "tomorrow": "",
    }.items()
}
NATIVE = ["level", "5"]
PHRASES |= {
    (one, join, other): [meant]
    for names in (
        "speak read",
        "speaks reads",
        "speaking reading",
        "speaker reader",
        "speakers readers",
        "spoken read",
        "spoken written",
        "oral written",
        "s r",
    )
    for one, other in (names.split(), names.split()[::-1])
    for join, meant in (("and", BOTH), ("or", ONE_OF_BOTH))
}
# Who leads a post, and who comes next there, whatever the title: “head of mission”, “number two at the embassy”.
HEADS = "ambassador, high commissioner, head of mission, permanent representative, consul general, chargé d'affaires"
DEPUTIES = "deputy head of mission, deputy chief of mission, deputy permanent representative, DHM, DCM"
RANKED = {
    names: Either(tuple(Word(title, phrase=True) for title in titles.split(", ")))
    for names, titles in (
        ("head of mission, chief of mission, hom", HEADS),
        ("deputy head of mission, deputy chief of mission, number two, dhm, dcm", DEPUTIES),
    )
}
RANKS: dict[tuple[str, ...], Either] = {
    tuple(said.split()): titles for names, titles in RANKED.items() for said in names.split(", ")
}
KNOWN = PHRASES.keys() | RANKS.keys()
LONGEST = max(map(len, KNOWN))


def separated(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts, without lone marks: `Thai-speaking` and `Dari,Pashto` as two, `Dari/Pashto`, `ex-Rome` as three."""
    found: list[Part] = []
    for part in parts:
        if not isinstance(part, Word) or not part.is_plain:
            found.append(part)
        elif joined := JOINED.fullmatch(part.text):
            found += [Word(joined[1]), Word(joined[2])]
        elif former := FORMERLY.fullmatch(part.text):
            found += [Word("formerly"), Word("in"), Word(former[1])]
        elif words(part.text) or part.text in SIGNS:
            found += map(Word, TOGETHER.sub(lambda mark: f" {SIGNS.get(mark[0], '')} ", part.text).split())
    return tuple(found)


def in_few_words(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, with what asks in the words of talk in those that a question understands."""
    found: list[Part] = []
    leveled = any(LEVEL.fullmatch(plain(part)) or plain(part) == "proficiency" for part in parts)
    at = 0
    while at < len(parts):
        texts = [_text(part) for part in parts[at : at + LONGEST]]
        length = next((n for n in range(len(texts), 0, -1) if tuple(texts[:n]) in KNOWN), 0)
        if length and tuple(texts[:length]) in RANKS:
            found.append(RANKS[tuple(texts[:length])])
        elif length:
            meant = PHRASES[tuple(texts[:length])]
            found += map(Word, [] if leveled and meant == NATIVE else meant)
        else:
            found += _said(parts[at], _text(parts[at - 1]) if at else "")
        at += length or 1
    return tuple(_both_levels(found))


def in_words(text: str) -> str:
    """A text in the query language with a rank by its name, where all titles of that rank stand in it."""
    called = (_("head of mission"), _("deputy head of mission"))
    for titles, name in zip(RANKED.values(), called, strict=True):
        text = text.replace(str(titles), name)
    return text


def _both_levels(parts: list[Part]) -> Iterator[Part]:
    """The parts, with `speaking 3, reading 2` as 3/2."""
    texts = [plain(part) for part in parts]
    at = 0
    while at < len(parts):
        start = at + (texts[at] == "speaking")
        then = next((n for n in range(start + 1, len(parts)) if texts[n] not in BETWEEN_LEVELS), len(parts))
        levels = texts[start : start + 1] + texts[then + 1 : then + 2]
        both = texts[then : then + 1] == ["reading"] and len(levels) == 2
        if both and all(match and not match[2] for match in map(LEVEL.fullmatch, levels)):
            yield Word("/".join(level.lstrip("s-") for level in levels))
            at = then + 2
        else:
            yield parts[at]
            at += 1


def at_least(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], bool]:
    """The parts without limits upwards, which cannot be asked for, and whether there were any.

    Of `2-3`, `between 2 and 3` and `exactly 2` the lower level stays; of `below 2` and `2 or less` any level.
    """
    texts = [plain(part) for part in parts]
    found: list[Part] = []
    limited, at = False, 0
    while at < len(parts):
        limit = LIMIT.match(" ".join(text or "…" for text in texts[at : at + LONGEST_LIMIT]) + " ")
        if limit is None:
            found.append(parts[at])
            at += 1
            continue
        limited = True
        found += [Word("least"), Word(limit["least"] or limit["from"] or ANY_LEVEL)]
        at += len(limit[0].split())
    return tuple(found), limited or any(map(RANGE.fullmatch, texts))


def only_least() -> str:
    """That a level is the least, for who asked otherwise."""
    return _("A level can only be asked for as the least: nobody is left out who knows more.")


def _said(part: Part, before: str) -> list[Part]:
    """One part in the words of a question: a level by its digit, `R3` as reading, `who's` as `who is`."""
    if not isinstance(part, Word) or not part.is_plain:
        return [part]
    if match := SHORT_FOR.fullmatch(part.text):
        return [Word(match[1]), Word("is")]
    for pattern, said in ((READING, "reading"), (NO_LESS, "least")):
        if match := pattern.fullmatch(part.text):
            return [Word(said), *map(Word, filter(None, [(match[1] or "") + match[2]]))]
    if match := EUROPEAN.fullmatch(part.text):
        return [Word("level"), Word("/".join(CEFR[level] for level in match.groups() if level))]
    if before in BEFORE_A_LEVEL and part.text.lower() in DIGITS:
        return [Word(DIGITS[part.text.lower()])]
    return [part]


def _text(part: Part) -> str:
    """A plain word of small letters as it stands, DHM, S or R, without marks at its end; empty for any other part."""
    if not isinstance(part, Word) or not part.is_plain:
        return ""
    text = part.text.rstrip("?!,;:").lower()
    known = part.text.islower() or (text,) in RANKS or text in SKILLS
    return text if known else ""
