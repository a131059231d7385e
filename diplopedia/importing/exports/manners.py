"""The code of conduct, who accepted it, and reports with their decisions, from an export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from diplopedia.exporting.records import OWN
from diplopedia.importing.exports.values import needed, word, words
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, moment, records
from diplopedia.models import Edit
from discussion.models import Thread
from manners.models import Acceptance, Code, Decision, Report
from people.models import User

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring

ABOUT = {"article": 0, "edit": 1, "comment": 2}  # how many numbers follow the id of the article in a name


def save_code(run: Restoring, line: Line) -> tuple[Code, bool]:
    """Make or update a version of the code of conduct. Raises ImportProblem where there is one of this site's own."""
    text = needed(line.record, "text")
    known = run.row(Code, "code", line.source_id) or Code.objects.filter(text=text).first()
    came = [row.object_id for _name, row in run.ledger.ids(OWN + "code") if row.detail["made"]]
    if known is None and Code.objects.exclude(pk__in=came).exists():
        raise ImportProblem(
            "This site has a code of conduct of its own, which stays in force. Add this text in the administration "
            "if it should be; who accepted it was left out."
        )
    code = known or Code()
    code.text, code.created = text, moment(line.record, "since") or timezone.now()
    code.clean()
    code.save()
    run.ledger.keep(line, code, {"made": known is None or known.pk in came})
    return code, known is None


def accept(run: Restoring, user: User, accepted: list[Record]) -> None:
    """Remember what somebody accepted, of the versions that came."""
    for record in accepted:
        if code := run.row(Code, "code", needed(record, "code")):
            at = moment(record, "at") or timezone.now()
            Acceptance.objects.get_or_create(user=user, code=code, defaults={"at": at})


# --- reports ----------------------------------------------------------------------------------------------------


def save_report(run: Restoring, line: Line) -> tuple[Report, bool]:
    """Bring back a report, or what was decided there since. Raises ImportProblem where it was decided here."""
    known = run.ledger.get("report", line.source_id)
    report = Report.objects.filter(pk=known.object_id).first() if known else None
    made = report is None
    if report and known and report.decisions.count() != known.detail["decisions"]:
        raise ImportProblem("It was decided here since it came: nothing was changed.")
    decisions = records(line.record, "decisions")
    report = report or Report()
    fill_report(run, report, line.record)
    report.adjudicators.set(run.person(handle) for handle in words(line.record, "adjudicators"))
    for record in decisions[report.decisions.count() :]:
        Decision.objects.create(
            report=report,
            actor=run.person(needed(record, "by")),
            verb=needed(record, "verb"),
            reason=word(record, "reason"),
            created=moment(record, "at") or timezone.now(),
        )
    run.ledger.keep(line, report, {"decisions": len(decisions)})
    return report, made


def fill_report(run: Restoring, report: Report, record: Record) -> None:
    """Set what the export says of a report."""
    report.kind = needed(record, "kind")
    report.object_pk = thing(run, report.kind, word(record, "of"))
    report.reporter = run.person(needed(record, "by"))
    report.created = moment(record, "at") or timezone.now()
    report.reason, report.state = needed(record, "reason"), needed(record, "state")
    report.words, report.passage, report.said = (word(record, name) for name in ("words", "passage", "said"))
    report.save()


def thing(run: Restoring, kind: str, name: str) -> int:
    """Return the key of what a report is about. Raises ImportProblem where that is not here, or not as private."""
    article, *rest = name.split("/")
    if ABOUT.get(kind) != len(rest) or not all(number.isdecimal() for number in rest):
        raise ImportProblem(f"It is about {kind} “{name}”, which is nothing that an export names.")
    found = (
        comment(run, f"{article}/{rest[0]}", int(rest[1])) if kind == "comment" else run.page_of_talk(article)
    )
    if kind == "edit":
        found = Edit.objects.filter(article=found, number=int(rest[0])).values_list("pk", flat=True).first()
    if found is None:
        raise ImportProblem(f"It is about {kind} “{name}”, which was not imported.")
    return int(found)


def comment(run: Restoring, thread: str, number: int) -> int | None:
    """Return the key of a comment here, or None. Raises ImportProblem where its page was left alone."""
    known = run.ledger.get("thread", thread)
    about = Thread.objects.filter(pk=known.object_id).values_list("subject_pk", flat=True) if known else []
    if {run.ledger.pk("article", name) for name in run.refused} & set(about):
        raise ImportProblem("The page it is about was edited here since it came: it was left out.")
    comments: list[int] = known.detail["comments"] if known else []
    return next(iter(comments[max(number - 1, 0) : number]), None)
