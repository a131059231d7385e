"""The Interagency Language Roundtable scale: 0, 0+, 1 … 5, stored as ranks 0–10 so that levels compare.

A rank is twice the base level, plus one for a "+". Level 5 has no plus.
"""

LABELS = ("0", "0+", "1", "1+", "2", "2+", "3", "3+", "4", "4+", "5")
LOWEST, HIGHEST = 0, len(LABELS) - 1
PROFESSIONAL = 6  # "3": general professional proficiency
CHOICES = list(enumerate(LABELS))

# Approximate only: the two frameworks were not made to be converted into each other.
_CEFR = ("", "A1", "A1–A2", "A2", "B1", "B2", "C1", "C1", "C2", "C2", "C2")


def rank(text: str) -> int:
    """The rank of a level as people write it: "3+" is 7. Raises ValueError for anything else."""
    level = text.strip()
    if level not in LABELS:
        raise ValueError(f"“{text}” is not an ILR level: write one of {', '.join(LABELS)}.")
    return LABELS.index(level)


def label(value: int) -> str:
    """The level as people write it: 7 is "3+". Raises ValueError outside 0–10."""
    if not LOWEST <= value <= HIGHEST:
        raise ValueError(f"{value} is not an ILR rank: ranks go from {LOWEST} to {HIGHEST}.")
    return LABELS[value]


def code(value: int) -> int:
    """The data code of a rank in the ILR's own descriptions, a whole number that sorts: 7 ("3+") is 36, 6 ("3") 30."""
    label(value)
    return value // 2 * 10 + value % 2 * 6


def levels(text: str) -> tuple[int, int]:
    """The ranks for speaking and reading in "3+/3". Raises ValueError for anything else."""
    speaking, slash, reading = text.partition("/")
    if not slash:
        raise ValueError(f"“{text}” is not a level for speaking and one for reading, such as 3+/3.")
    return rank(speaking), rank(reading)


def cefr(value: int) -> str:
    """About the same level in the Common European Framework, empty for none: 6 ("3") is about "C1"."""
    label(value)
    return _CEFR[value]
