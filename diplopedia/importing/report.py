"""What an import did, line by line where something was left out, and in numbers at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

OUTCOMES = ("created", "updated", "unchanged", "skipped")
SHOWN = 40


@dataclass
class Report:
    """Counts by kind and outcome, counts of links, and lines about what was skipped or left out."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def count(self, kind: str, outcome: str) -> None:
        """Count one line."""
        self.counts[kind, outcome] += 1

    def done(self, where: str, kind: str, outcome: str, target: object = "") -> None:
        """Say what became of a line that was taken, and count it."""
        self.count(kind, outcome)
        self.taken.append(f"{where}: {kind} {outcome}{f', “{target}”' if str(target) else ''}.")

    def skip(self, where: str, kind: str, reason: str) -> None:
        """Say why a line was skipped."""
        self.count(kind, "skipped")
        self.skipped.append(f"{where}: {kind} skipped. {reason}")

    def note(self, where: str, text: str) -> None:
        """Say what was left out of a line that was imported."""
        self.notes.append(f"{where}: {text}")

    def total(self, outcome: str) -> int:
        """Return how many lines had this outcome."""
        return sum(count for (_kind, name), count in self.counts.items() if name == outcome)

    def changed(self) -> int:
        """Return how many lines changed something."""
        return self.total("created") + self.total("updated")

    def summary(self) -> Iterator[str]:
        """Return the numbers, one line a kind."""
        for kind in sorted({kind for kind, _outcome in self.counts}):
            numbers = [f"{self.counts[kind, outcome]:,} {outcome}" for outcome in OUTCOMES]
            yield f"{kind:<8} " + ", ".join(numbers)
        if self.links:
            yield "links    " + ", ".join(f"{count:,} {name}" for name, count in self.links.items())

    def details(self) -> list[str]:
        """Return every line about something skipped or left out."""
        return self.skipped + self.notes

    def all(self) -> list[str]:
        """Return every line: what was taken, what was skipped, what was left out."""
        return self.taken + self.details()

    def shown(self) -> Iterator[str]:
        """Return the first of the details: as many as a person reads in a terminal."""
        details = self.details()
        yield from details[:SHOWN]
        if len(details) > SHOWN:
            yield f"… and {len(details) - SHOWN:,} more: write all to a file with --report PATH"

    def write(self, path: Path) -> None:
        """Write everything to a file. Raises OSError."""
        path.write_text("\n".join([*self.all(), *self.summary()]) + "\n", encoding="utf-8")
