"""How a line begins and ends that comes from an e-mail: “Hi all,”, “for HR:”, “Thanks!”. Nobody is found by that."""

from __future__ import annotations

from search.grammar import Part
from search.signs import plain

GREETINGS = frozenset("hi hello hey dear bonjour bonsoir salut chers chères cher chère".split())
# Who is written to: “hi all”, “dear colleagues”.
ADDRESSED = frozenset(
    "all everyone everybody team folks colleague colleagues friends there tous toutes à et collègues collègue".split()
)
FOR_WHOM = frozenset("for pour".split())
LONGEST = 5  # words before the colon of “for the minister’s office:”
THANKS = frozenset(
    "thanks thank you many very much so kindly cheers regards best in advance merci beaucoup d'avance".split()
)
SURE = frozenset("thanks thank cheers regards merci".split())
MARKS = ",!.:;–-"


def body(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts without the greeting and for whom they say it is, and without the thanks."""
    who = parts[:1] if parts and plain(parts[0]) == "who" else ()
    asked = parts[len(who) :]
    asked = asked[_greeting(asked) :]
    asked = asked[_for_whom(asked) :]
    asked = asked[: len(asked) - _thanks(asked)]
    return (*who, *asked) if asked else parts


def _greeting(parts: tuple[Part, ...]) -> int:
    """How many parts greet: `Hi all,`; `Dear Leader` is a name."""
    if not parts or plain(parts[0]) not in GREETINGS:
        return 0
    end = 1
    while end < len(parts) and not _marked(parts[end - 1]) and plain(parts[end]) in ADDRESSED:
        end += 1
    return end if end > 1 or _marked(parts[0]) else 0


def _for_whom(parts: tuple[Part, ...]) -> int:
    """How many parts say for whom it is asked: `for HR:`."""
    if not parts or plain(parts[0]) not in FOR_WHOM:
        return 0
    ends = (at for at, part in enumerate(parts[: LONGEST + 1], 1) if str(part).endswith(":"))
    return next(ends, 0)


def _thanks(parts: tuple[Part, ...]) -> int:
    """How many parts at the end thank for it."""
    start = len(parts)
    while start and plain(parts[start - 1]) in THANKS:
        start -= 1
    thanked = any(plain(part) in SURE for part in parts[start:])
    return len(parts) - start if thanked else 0


def _marked(part: Part) -> bool:
    return str(part).endswith(tuple(MARKS))
