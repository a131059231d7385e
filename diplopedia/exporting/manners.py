"""The code of conduct, and reports with what was decided on them, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from diplopedia.exporting.batches import batches
from diplopedia.exporting.sinks import Row, moment
from diplopedia.exporting.talk import comment_names, thread_names
from diplopedia.models import Article, Edit
from manners.models import Code, Report
from people.models import User


def code_names() -> dict[int, str]:
    """Return what each version of the code of conduct is called: its number."""
    pks = Code.objects.order_by("pk").values_list("pk", flat=True)
    return {pk: str(number) for number, pk in enumerate(pks, start=1)}


def code_rows() -> Iterator[Row]:
    """Return the versions of the code of conduct, the oldest first."""
    names = code_names()
    for code in Code.objects.order_by("pk").iterator():
        yield {"id": names[code.pk], "text": code.text, "since": moment(code.created)}


def acceptances(user: User, codes: Mapping[int, str]) -> list[Row]:
    """Return which versions somebody accepted, and when."""
    rows = ({"code": codes[one.code_id], "at": moment(one.at)} for one in user.acceptances.all())
    return sorted(rows, key=lambda row: int(row["code"]))


# --- reports ----------------------------------------------------------------------------------------------------


def report_rows() -> Iterator[Row]:
    """Return what was reported, in the order in which it was."""
    threads = thread_names()
    rows = Report.objects.select_related("reporter").prefetch_related("adjudicators", "decisions__actor")
    numbers = enumerate(Report.objects.order_by("pk").values_list("pk", flat=True), start=1)
    names = {pk: str(number) for number, pk in numbers}
    for pks in batches(names):
        found = rows.in_bulk(pks)
        about = things(found.values(), threads)
        for pk in pks:
            yield report(names[pk], found[pk], about.get((found[pk].kind, found[pk].object_pk)))


def things(reports: Iterable[Report], threads: Mapping[int, str]) -> dict[tuple[str, int], str]:
    """Return what the export calls the articles, edits and comments that are reported."""
    pks: dict[str, set[int]] = {"article": set(), "edit": set(), "comment": set()}
    for one in reports:
        pks.setdefault(one.kind, set()).add(one.object_pk)
    articles = Article.objects.filter(pk__in=pks["article"]).values_list("pk", "translation_key")
    edits = Edit.objects.filter(pk__in=pks["edit"]).order_by()
    places = edits.values_list("pk", "article__translation_key", "number")
    comments = comment_names(threads, pks["comment"])
    return {
        **{("article", pk): str(name) for pk, name in articles},
        **{("edit", pk): f"{name}/{number}" for pk, name, number in places},
        **{("comment", pk): name for pk, name in comments.items()},
    }


def report(name: str, one: Report, of: str | None) -> Row:
    """Return one report with its decisions."""
    decisions = sorted(one.decisions.all(), key=lambda decision: decision.pk)
    return {
        "id": name,
        "kind": one.kind,
        "of": of,
        "by": one.reporter.username,
        "at": moment(one.created),
        "reason": one.reason,
        "words": one.words,
        "passage": one.passage,
        "said": one.said,
        "state": one.state,
        "adjudicators": sorted(user.username for user in one.adjudicators.all()),
        "decisions": [
            {
                "by": decision.actor.username,
                "at": moment(decision.created),
                "verb": decision.verb,
                "reason": decision.reason,
            }
            for decision in decisions
        ],
    }
