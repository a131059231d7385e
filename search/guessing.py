"""Names with a slip in them, where only a language or only a place makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from search.cues import CUE_OF, GLUE, WANTED
from search.grammar import Part
from search.signs import Found, Named, covered, level_after, plain

SHORTEST_GUESS = 5  # letters

Guess = Callable[[str], tuple[Named, ...]]


def languages(
    parts: tuple[Part, ...], found: dict[int, Found], guess: Guess, sure: Guess = lambda _word: ()
) -> Iterable[Found]:
    """Languages with a slip in them: words that name nothing, beside a cue or before a level.

    The one word that says anything where somebody is needed must be nearer to a name: `sure` guesses it.
    """
    named = covered(found.values())
    if not named and (wanted := _only_wanted(parts)) is not None and (names := sure(plain(parts[wanted]))):
        yield Found(wanted, wanted + 1, names)
        return
    for index, part in enumerate(parts):
        text = plain(part)
        if index in named or len(text) < SHORTEST_GUESS or text in CUE_OF or text in GLUE:
            continue
        beside = [
            plain(other) for other in (*parts[max(index - 1, 0) : index], *parts[index + 1 : index + 2])
        ]
        asked = any(CUE_OF.get(other) in ("speaks", "reads") for other in beside)
        before = tuple(plain(other) for other in parts[max(index - 2, 0) : index])
        asked = asked or (before[1:] == ("with",) and CUE_OF.get(before[0]) == "who")
        if (asked or level_after(parts, index + 1)) and (names := guess(text)):
            yield Found(index, index + 1, names)


def _only_wanted(parts: tuple[Part, ...]) -> int | None:
    """Where the one word stands that says what is needed: `need armeinan urgently`."""
    texts = [plain(part) for part in parts]
    telling = [at for at, text in enumerate(texts) if text not in GLUE | WANTED and CUE_OF.get(text) != "who"]
    one = len(telling) == 1 and len(texts[telling[0]]) >= SHORTEST_GUESS and not WANTED.isdisjoint(texts)
    return telling[0] if one else None


def places(parts: tuple[Part, ...], found: dict[int, Found], guess: Guess) -> Iterable[Found]:
    """Places with a slip in them: words that name nothing and say where, where somebody is asked for."""
    texts = [plain(part) for part in parts]
    if {"who", "post", "left", "speaks", "reads", "now"}.isdisjoint(CUE_OF.get(text, "") for text in texts):
        return
    named = covered(found.values())
    for index, (before, text) in enumerate(pairwise(texts), 1):
        says_where = before in ("in", "at") or CUE_OF.get(before) in ("post", "now")
        new = index not in named and len(text) >= SHORTEST_GUESS and text not in GLUE and text not in CUE_OF
        if says_where and new and (names := guess(text)):
            yield Found(index, index + 1, names)
