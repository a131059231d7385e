"""Names of people: how they sort and are found, which letter they stand under, what their monogram and handle are."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache

from people.data import table
from search.grammar import clean

# Letters that Unicode does not decompose into a base letter and an accent.
_WHOLE = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
        "ə": "e",
        "’": "'",
        "ʼ": "'",
    }
)
_BETWEEN = re.compile(r"[\s.,;:/\\()\[\]\"“”„«»]+")
# Signs that nobody sees, or that turn the direction of what stands around them.
_UNSEEN = re.compile(
    r"[\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]"
)
_JOINERS = "\u200c\u200d"  # between letters they are spelling, in Persian names and in signs of several parts
_WITHIN = re.compile(r"['`‘‐-―-]+")
# Words that are addresses below /people/ and so cannot be anybody's handle.
RESERVED_HANDLES = frozenset({"offices", "posts", "languages", "new", "edit", "confirm", "search", "me"})
MOST_INDEXED = 500  # characters: with a title fewer bytes than PostgreSQL takes into a row of an index


def one_line(text: str) -> str:
    """What somebody typed as one line that can be seen: no control characters, and nothing that turns text around."""
    return " ".join(word for part in _UNSEEN.sub("", clean(text)).split() if (word := part.strip(_JOINERS)))


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """Lower case without accents, for sorting and comparing: "Łukasik" becomes "lukasik"."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_WHOLE)
    decomposed = unicodedata.normalize("NFKD", decomposed)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def sort_name(full_name: str, family_name: str = "") -> str:
    """Family name first: "Łukasik, Farida". Without a known family name the last word is taken for it."""
    words = full_name.split()
    family = family_name.strip() or (words[-1] if words else "")
    if not full_name.endswith(family) or len(family) >= len(full_name.strip()):
        return full_name.strip()
    given = full_name.strip()[: -len(family)].strip(" ,")
    return f"{family}, {given}" if given else family


def initials(full_name: str) -> str:
    """At most two letters, from the first and the last name: "IB" for "Ines Ó Briain"."""
    words = [word for word in re.split(r"[\s,]+", full_name) if word and word[0].isalpha()]
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return "".join(word[0].upper() for word in ends)


def handle(text: str) -> str:
    """What a name or address becomes in /people/<handle>/: "zoe.ni.bhriain" for "Zoë.Ní Bhriain"."""
    plain = re.sub(r"[^a-z0-9_-]+", ".", fold(text)).strip("._-")
    return plain[:140] or "colleague"


# --- finding -----------------------------------------------------------------------------------------------------


def tokens(text: str) -> list[list[str]]:
    """The words of a name, folded; one with hyphens or apostrophes in its parts: [["lopez", "nunez"]]."""
    parts = ([part for part in _WITHIN.split(token) if part] for token in _BETWEEN.split(fold(text)))
    return [token for token in parts if token]


def words(text: str) -> list[str]:
    """What a name is found by: its words, their parts, and the parts joined; "López-Núñez" is also "lopeznunez"."""
    found: list[str] = []
    for parts in tokens(text):
        found += parts if len(parts) == 1 else [*parts, "".join(parts)]
    return found


def found_by(called: Iterable[str]) -> str:
    """The words of all that somebody is called, each once and between spaces, so that a whole word can be asked for.

    As many as go into an index.
    """
    found = dict.fromkeys(word for name in called for word in words(name))
    text = f" {' '.join(found)} "[:MOST_INDEXED]
    return text[: text.rindex(" ") + 1] if found else ""


def nicknames(word: str) -> frozenset[str]:
    """Who is called so may also be called: "bob" is "robert" and "bobby". Folded; nothing for most words."""
    return _nicknames().get(word, frozenset())


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    alike: dict[str, set[str]] = defaultdict(set)
    for group in table("nicknames")["groups"]:
        names = set(group.split())
        for name in names:
            alike[name] |= names - {name}
    return {name: frozenset(others) for name, others in alike.items()}
