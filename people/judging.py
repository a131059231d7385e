"""The directory as judged queries ask it: what is typed into its box, and who is found, in order."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import QueryDict

from people import finding
from people.models import User
from people.searchables import KIND
from search.entries import Key
from search.evaluation import measuring


def directory(reader: User, depth: int) -> measuring.Asking:
    """Ask as the page of colleagues does, as this reader."""

    def ask(text: str) -> list[tuple[Key, float]]:
        question = finding.asked(QueryDict(urlencode({"q": text})), reader)
        found = finding.matching(question, reader).values_list("pk", flat=True)[:depth]
        return [(Key(KIND, pk), 1 / rank) for rank, pk in enumerate(found, 1)]

    return ask


def connect() -> None:
    """Let judged queries be asked of the directory: evaluate_search --through directory."""
    measuring.register("directory", directory)
