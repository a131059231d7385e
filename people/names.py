"""Names of people: how they sort, which letter they stand under, what their monogram and handle are."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
# Words that are addresses below /people/ and so cannot be anybody's handle.
RESERVED_HANDLES = frozenset({"offices", "posts", "languages", "new", "edit", "confirm", "search", "me"})


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
