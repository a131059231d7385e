"""The one place of weights. Both engines read them; nothing else decides what ranks above what."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from search.entries import Entry

FIELDS = {
    "title": 6.0,
    "title_exact": 3.0,
    "aliases": 6.0,
    "topics": 2.5,
    "profile": 3.0,
    "lead": 1.6,
    "body": 1.0,
}
TITLE_FIELDS = ("title", "title_exact")
TIE_BREAKER = 0.2

WHOLE_TITLE = 25.0
TITLE_PHRASE = 6.0
PROFILE_PHRASE = 6.0
EXACT = 1.5
PREFIX = 0.8
SYNONYM = 0.8
INITIAL = 3.0
FUZZY = {1: 0.6, 2: 0.3}
HIDDEN = 3.0
RARITY = 5.0  # of a word, where the engine does not count in how many texts it stands

HINTS = {"lang": 40.0, "skill": 15.0, "office": 10.0, "post": 6.0, "region": 4.0, "tag": 4.0}
LEVEL_STEP = 1.0
WORKING = 3.0  # times a step, up to a level that does for work
HINTED_STEP = 3.0
DEPTH_STEP = 3.0
NOW = 30.0
ASKED_FOR = 200.0  # people, where they are asked for
# What is favoured: more than all else together, and so little that scores, of 24 bits, still tell it apart.
FAVOURED = 4_000.0

SUGGEST_WHOLE = 4.0
SUGGEST_FIRST = 2.0

VERIFIED = {"yes": 1.06, "no": 1.0, "due": 0.96}
POPULAR = 0.03
RECENT = 0.012
UNDATED = 20.0  # years after the beginning: what nobody confirmed is neither fresh nor worthless
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LEAST, MOST = 1.0, 1.6


def standing(entry: Entry) -> float:
    """The gentle factor, 1.0 to 1.6, for use, freshness and trust; it orders what matches equally well.

    Freshness grows with the date itself, so that nothing has to be indexed again as time passes.
    """
    years = max((entry.updated - EPOCH).days / 365.25, 0.0) if entry.updated else UNDATED
    factor = 1.0 + POPULAR * math.log1p(max(entry.popularity, 0.0)) + RECENT * min(years, 40.0)
    return min(max(factor * VERIFIED[entry.verified], LEAST), MOST)
