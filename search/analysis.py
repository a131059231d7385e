"""How text becomes words, the same for every engine: composed, cut by one expression, lowercased, accents folded.

An engine has its own fast tokenizer for the bulk of its text; it must agree with `words`, and a test says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

EXPRESSION = r"[\p{L}\p{N}\p{M}]+"
WESTERN = "cp1252"
WESTERN_WORD = re.compile(r"[^\W_]+")
CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f]+")
UNDECOMPOSED = str.maketrans(
    {
        "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "ŧ": "t", "ƒ": "f", "²": "2", "³": "3", "¹": "1",
    }
)  # fmt: skip


def _marks() -> str:
    """All combining marks below the supplementary ideographic plane, as the inside of a character class."""
    points = [p for p in range(0x300, 0x1F000) if unicodedata.category(chr(p)).startswith("M")]
    points += range(0xE0100, 0xE01F0)
    spans: list[list[int]] = []
    for point in points:
        if spans and point == spans[-1][1] + 1:
            spans[-1][1] = point
        else:
            spans.append([point, point])
    return "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in spans)


# Letters that are heard alike in names that came by ear; longer ones first.
HEARD = {"tch": "ch", "ph": "f", "ck": "k", "qu": "k", "ee": "i", "ie": "i", "ea": "i", "oo": "u", "ou": "u"}
HEARD_ALIKE = re.compile("|".join(HEARD))
ALIKE = str.maketrans({"y": "i", "c": "k", "q": "k", "z": "s", "w": "v"})
DOUBLED = re.compile(r"(.)\1+")


SHORTEST_ROOT = 3  # letters
WORD = re.compile(rf"(?:[^\W_]|[{_marks()}])+")


def prepare(text: str) -> str:
    """A text as tokenizers should get it: composed, and without the one capital that lowercases to two characters."""
    return unicodedata.normalize("NFC", text).replace("\u0130", "I")


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word as it is compared: lower case, Latin letters without their accents."""
    word = prepare(word).lower()
    if word.isascii():
        return word
    folded = unicodedata.normalize("NFD", word.translate(UNDECOMPOSED))
    kept = (c for i, c in enumerate(folded) if not ("\u0300" <= c <= "\u036f" and _after_latin(folded, i)))
    return unicodedata.normalize("NFC", "".join(kept))


def _after_latin(text: str, index: int) -> bool:
    """Whether the mark at an index belongs to a Latin letter: other scripts keep theirs."""
    while index and unicodedata.combining(text[index]):
        index -= 1
    return text[index] < "\u0300"


def places(text: str) -> Iterator[re.Match[str]]:
    """Where the words of a composed (NFC) text stand, as they are written."""
    return (WESTERN_WORD if western(text) else WORD).finditer(text)


def words(text: str) -> list[str]:
    """The folded words of any text."""
    return [fold(match[0]) for match in WORD.finditer(prepare(text))]


def western(text: str) -> bool:
    """Whether a text has Western European letters and marks of punctuation only: most texts, and quickly handled."""
    if text.isascii():
        return True
    try:
        text.encode(WESTERN)
    except UnicodeEncodeError:
        return False
    return True


def western_words(text: str) -> list[str]:
    """The words of a Western text; the same as `words`, sooner."""
    return [word if word.isascii() else fold(word) for word in WESTERN_WORD.findall(text.lower())]


def sound(word: str) -> str:
    """A folded word about as it is heard: the same for “farsee” and “farsi”, “uzbeck” and “uzbek”."""
    heard = HEARD_ALIKE.sub(lambda match: HEARD[match[0]], word).translate(ALIKE)
    return DOUBLED.sub(r"\1", heard)


ENDINGS = re.compile(
    r"(?:ications?|ations?|ators?|ating|ated|ates?|itions?|ions?|iers?|ers?|ors?|ings?|ied|ed|ies|ments?|ists?|es|s|y|e)$"
)


def root(word: str) -> str:
    """What a folded English word has in common with those of its family: negotiator, negotiating and negotiation."""
    for _time in range(2):  # manager, management
        bare = ENDINGS.sub("", word)
        bare = bare[:-1] if bare[-1:] == bare[-2:-1] else bare  # planner, plan
        word = bare if len(bare) >= SHORTEST_ROOT else word
    return word.replace("iz", "is")


def bigrams(text: str) -> list[str]:
    """Overlapping pairs of Chinese, Japanese and Korean characters: these scripts do not space their words."""
    if western(text):
        return []
    return [run[i : i + 2] for run in CJK.findall(text) for i in range(max(len(run) - 1, 1))]
