"""Figures as text, and the minima they are held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from search.evaluation.judgements import Asked, Judgements
from search.evaluation.measuring import Figures, Run, measures

MINIMUM = "Write METRIC=VALUE or CATEGORY:METRIC=VALUE, such as nDCG@10=0.9 or typo:MRR=0.8."


class Minimum(NamedTuple):
    """A figure that may not fall below a value."""

    category: str
    metric: str
    value: float

    @classmethod
    def read(cls, text: str, known: Sequence[Figures]) -> Minimum:
        """Read `METRIC=VALUE` or `CATEGORY:METRIC=VALUE`. Raises ValueError with the cure."""
        name, equals, number = text.rpartition("=")
        category, _, metric = name.rpartition(":")
        row = next((row for row in known if row.category == (category or "overall")), None)
        if not equals or row is None:
            names = ", ".join(row.category for row in known)
            raise ValueError(f"--minimum {text!r} names no category we have ({names}). {MINIMUM}")
        metrics = {one.casefold(): one for one in row.values}
        if metric.casefold() not in metrics:
            raise ValueError(f"--minimum {text!r}: {row.category} has {', '.join(row.values)}. {MINIMUM}")
        try:
            value = float(number)
        except ValueError:
            raise ValueError(f"--minimum {text!r}: {number!r} is no number. {MINIMUM}") from None
        return cls(row.category, metrics[metric.casefold()], value)

    def missed(self, rows: Sequence[Figures]) -> str:
        """What is missed, in words; nothing when the minimum is reached."""
        found = next(row.values[self.metric] for row in rows if row.category == self.category)
        if found >= self.value:
            return ""
        return f"{self.category}: {self.metric} is {found:.4f}, below {self.value:g}"


def table(rows: Sequence[Figures], beside: Sequence[Figures] = (), name: str = "BM25") -> Iterator[str]:
    """The figures as a table, those of another ranking beside them."""
    metrics = [metric for metric in rows[-1].values if metric != "empty"]
    width = max(len(row.category) for row in rows) + 2
    head = "".join(f"{metric:>12}" for metric in metrics)
    if beside:
        head += "".join(f"{f'{name} {metric}':>16}" for metric in metrics[:3])
    yield f"{'':{width}}{'queries':>8}{head}  no hits"
    others = {row.category: row.values for row in beside}
    for row in rows:
        line = f"{row.category:{width}}{row.queries:>8}{_numbers(row.values, metrics, 12)}"
        if beside:
            line += _numbers(others[row.category], metrics[:3], 16)
        yield f"{line}  {_unanswered(row)}"


def _numbers(values: Mapping[str, float], metrics: Sequence[str], width: int) -> str:
    return "".join(
        f"{values[metric]:>{width}.4f}" if metric in values else f"{'–':>{width}}" for metric in metrics
    )


def _unanswered(row: Figures) -> str:
    """How many queries found nothing: wrongly, and rightly."""
    words = f"{row.unanswered} of {row.queries - row.answerless}"
    if row.answerless:
        rightly = round(row.values["empty"] * row.answerless)
        words += f"; {rightly} of {row.answerless} that have no right answer"
    return words


def failures(queries: Sequence[Asked], judgements: Judgements, found: Run) -> Iterator[str]:
    """The queries that were not answered as well as can be: what was wanted, and what came first."""
    for asked in queries:
        judged, ranking = judgements.get(asked.id, {}), found.answers[asked.id]
        wanted = {name: grade for name, grade in judged.items() if grade > 0}
        value = measures(ranking, judged)["nDCG@10"] if wanted else float(not ranking)
        if value < 0.9995:
            yield f"{value:.3f}  {asked.id}  {asked.text}"
            yield f"       wanted {_graded(wanted, judged)}"
            yield f"       found  {_graded([answer.name for answer in ranking[:10]], judged)}"


def _graded(names: Sequence[str] | Mapping[str, int], judged: Mapping[str, int]) -> str:
    return "  ".join(f"{name}:{judged.get(name, 0)}" for name in names) or "nothing"
