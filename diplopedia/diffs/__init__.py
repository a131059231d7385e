"""What changed between two texts or two sets of facts, as values that a template can show."""

from .comparing import Diff, Row, compare
from .facts import FactChange, compare_facts
from .tables import Cell, TableDiff, TableRow
from .words import Segment, compare_words

__all__ = [
    "Cell",
    "Diff",
    "FactChange",
    "Row",
    "Segment",
    "TableDiff",
    "TableRow",
    "compare",
    "compare_facts",
    "compare_words",
]
