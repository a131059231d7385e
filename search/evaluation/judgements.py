"""Queries and judgements as files: JSON Lines, and TREC's qrels and runs. Every refusal names the line and the cure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

EVERYTHING = "all"
QUERY = '{"id": "q1", "text": "who speaks Dari", "category": "language"}'
JUDGEMENT = "q1 0 d017 3"


class Asked(NamedTuple):
    """A query of a judged set."""

    id: str
    text: str
    category: str = EVERYTHING


class Answer(NamedTuple):
    """A document of a ranking, by name."""

    name: str
    score: float


Judgements = Mapping[str, Mapping[str, int]]


class Malformed(ValueError):
    """A file that is not what it should be: says where, and what a right line looks like."""

    def __init__(self, path: Path, number: int, fault: str, cure: str) -> None:
        super().__init__(f"{path}, line {number}: {fault} {cure}")


def read_queries(path: Path) -> list[Asked]:
    """The queries of a file of JSON Lines, each an object with `id`, `text` and perhaps `category`."""
    found: dict[str, Asked] = {}
    for number, line in _lines(path):
        asked = _query(path, number, line)
        if asked.id in found:
            raise Malformed(
                path, number, f"the id {asked.id!r} stands on an earlier line.", "Give it another."
            )
        found[asked.id] = asked
    if not found:
        raise Malformed(path, 1, "there is no query.", f"Write one on each line, such as {QUERY}")
    return list(found.values())


def _query(path: Path, number: int, line: str) -> Asked:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise Malformed(path, number, f"this is not JSON ({error}).", f"Write {QUERY}") from error
    fault = _fault(record)
    if fault:
        raise Malformed(path, number, fault, f"Write {QUERY}")
    return Asked(record["id"], record["text"], record.get("category") or EVERYTHING)


def _fault(record: Any) -> str:
    """What is wrong with a query's record; nothing when it is right."""
    if not isinstance(record, dict):
        return "this is no object."
    for name in ("id", "text"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            return f"“{name}” is missing or is no text."
    if len(record["id"].split()) > 1 or record["id"] != record["id"].strip():
        return "there is a space in “id”, which a run could not be read back with."
    if not isinstance(record.get("category", ""), str | None):
        return "“category” is no text."
    return ""


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Grades by query and document, from lines of query, 0, document and grade, with spaces or tabs between."""
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        columns = line.split()
        if len(columns) != 4:
            fault = f"there are {len(columns)} columns."
            raise Malformed(path, number, fault, f"Write query, 0, document and grade: {JUDGEMENT}")
        query, _iteration, document, grade = columns
        if not grade.lstrip("-").isdecimal() or not grade.isascii():
            fault = f"the grade {grade!r} is no whole number."
            raise Malformed(path, number, fault, f"Write 0 for not relevant, or more: {JUDGEMENT}")
        if document in found.setdefault(query, {}):
            raise Malformed(
                path, number, f"{document} was judged for {query} before.", "Keep one of the lines."
            )
        found[query][document] = int(grade)
    return found


def write_run(path: Path, answers: Mapping[str, Sequence[Answer]], tag: str) -> None:
    """Write rankings as a TREC run: query, Q0, document, rank, score, tag."""
    with path.open("w", encoding="utf-8") as file:
        for query, ranking in answers.items():
            file.writelines(
                f"{query} Q0 {answer.name} {rank} {score:.6f} {tag}\n"
                for rank, (answer, score) in enumerate(zip(ranking, falling(ranking), strict=True), 1)
            )


def falling(ranking: Iterable[Answer]) -> Iterator[float]:
    """The scores, each a little less than the one before: trec_eval sorts by score, and would turn equal ones round."""
    ceiling = float("inf")
    for answer in ranking:
        score = min(round(answer.score, 6), ceiling - 1e-6)
        yield score
        ceiling = score


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, each with its number."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        at = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Malformed(path, at, "this is not UTF-8.", "Save the file as UTF-8.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.strip()
