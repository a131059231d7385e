"""Tables as files that spreadsheets open: no cell is ever a formula, whatever somebody wrote into it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.formats import get_format
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override

Cell = str | int | None
Row = Sequence[Cell]

MARK = "\ufeff"  # by which spreadsheets know UTF-8
# Where a program may begin a cell: at the start, and after what another country's settings take for a separator.
# Quotation marks and what nobody sees (spaces without width, signs of direction) may stand between; signs have several
# widths.
_UNSEEN = r"\s\"'\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫⁺⁻⁼₊₋₌−"
_FORMULA = re.compile(rf"((?:^|[,;|])[{_UNSEEN}]*)(?=[{_SIGNS}])")
_KEPT_PLAIN = re.compile(rf"((?:^|[,;|])[{_UNSEEN}]*)'(?=[{_SIGNS}])")


def plain(cell: Cell) -> Cell:
    """A cell that says the same and computes nothing: a text in one line, with an apostrophe before what begins one.

    "=1+1" and "+93 79 1" become "'=1+1" and "'+93 79 1", also after spaces and in full width; numbers stay numbers.
    """
    if isinstance(cell, int):
        return cell
    return _FORMULA.sub(r"\1'", " ".join((cell or "").split()))


def as_written(cell: str) -> str:
    """The text that `plain` made such a cell of: one line, without the apostrophes before what begins a formula."""
    return " ".join(_KEPT_PLAIN.sub(r"\1", cell).split())


class _Line:
    """What a csv.writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Row], separator: str = ",") -> Iterator[str]:
    """The lines of a file, one a row (RFC 4180), after the mark of UTF-8."""
    writer = csv.writer(_Line(), delimiter=separator)
    yield MARK
    for row in rows:
        yield writer.writerow([plain(cell) for cell in row])


def separator() -> str:
    """What spreadsheets expect between cells: a semicolon where the language writes decimals with a comma."""
    return ";" if get_format("DECIMAL_SEPARATOR") == "," else ","


def _in_language(language: str | None, texts: Iterable[str]) -> Iterator[str]:
    """Texts made in a language, while they are sent: the request, whose language it is, ends before."""
    with override(language):
        yield from texts


def download(texts: Iterable[str], name: str, content_type: str) -> StreamingHttpResponse:
    """Texts as a file that is sent while it is made."""
    response = StreamingHttpResponse(
        _in_language(get_language(), texts), content_type=f"{content_type}; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def csv_file(rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """A table as a file: `name` without its ending."""
    return download(lines(rows, separator()), f"{name}.csv", "text/csv")
