"""What one may ask of the directory: each thing asked is a condition.

A condition narrows the people, stands as a column in the answer, says itself in the sentence above it,
and explains what somebody lacks who nearly fits. Only facts that the reader may read count.
"""

from people.conditions.asked import AnyOf, Cell, Condition, Not, options_of
from people.conditions.facts import Available, HasSkill
from people.conditions.languages import Speaks
from people.conditions.names import Called, StartsWith, whoever
from people.conditions.places import Knows, Served, WorksIn
from people.conditions.words import Words

__all__ = [
    "AnyOf",
    "Available",
    "Called",
    "Cell",
    "Condition",
    "HasSkill",
    "Knows",
    "Not",
    "Served",
    "Speaks",
    "StartsWith",
    "Words",
    "WorksIn",
    "options_of",
    "whoever",
]
