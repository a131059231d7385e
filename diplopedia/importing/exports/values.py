"""Values of an export's rows, which are taken as they stand: nothing is trimmed, folded or put in order."""

from __future__ import annotations

from diplopedia.importing.values import ImportProblem, Record, items, whole

MOST = 2**31 - 1  # what a column of whole numbers holds


def word(record: Record, name: str) -> str:
    """Return a text, empty where it is missing. Raises ImportProblem for anything else."""
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ImportProblem(f"“{name}” must be a text, not {type(value).__name__}.")
    return value


def needed(record: Record, name: str) -> str:
    """Return a text that must be there. Raises ImportProblem."""
    if value := word(record, name):
        return value
    raise ImportProblem(f"“{name}” is missing.")


def needed_number(record: Record, name: str, least: int = 0, most: int = MOST) -> int:
    """Return a whole number within bounds that must be there. Raises ImportProblem."""
    found = whole(record, name, least, most)
    if found is None:
        raise ImportProblem(f"“{name}” is missing: write a whole number from {least} to {most}.")
    return found


def words(record: Record, name: str) -> list[str]:
    """Return a list of texts. Raises ImportProblem where something else stands in it."""
    found = items(record, name)
    if not all(isinstance(value, str) for value in found):
        raise ImportProblem(f"“{name}” must be a list of texts.")
    return found
