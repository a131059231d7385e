"""Moderators hear of reports; reporters, authors and adjudicators of decisions. Nobody watches reports."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from manners.models import Decision, Report
from manners.permissions import moderators, who_may_read, writer_of
from manners.reportables import reportable
from notices import actions, subjects
from notices.subjects import Shown

if TYPE_CHECKING:
    from manners.reportables import Matter
    from people.models import User

KIND = "report"


class Reports(subjects.Subject[Report]):
    """A report as notices speak of it: by the name of the page, only while its reader may read that."""

    kind = KIND

    def readable_by(self, user: User) -> QuerySet[Report]:
        """The reports about what a user may read at this moment."""
        return Report.objects.on_readable(user)

    def shown(self, pks: Collection[int]) -> dict[int, Shown]:
        """What these reports are about, and where they are."""
        found: dict[int, Shown] = {}
        for kind in set(Report.objects.filter(pk__in=pks).values_list("kind", flat=True)):
            about = dict(Report.objects.filter(pk__in=pks, kind=kind).values_list("pk", "object_pk"))
            known = reportable(kind)
            matters = known.matters(set(about.values())) if known else {}
            found |= {
                pk: Shown(matters[thing].title, reverse("manners:report", args=[pk]), matters[thing].language)
                for pk, thing in about.items()
                if thing in matters
            }
        return found


def reported(report: Report, found: Matter) -> None:
    """Tell the moderators who may read the thing, but for who wrote it."""
    author = writer_of(found)
    people = [user for user in who_may_read(moderators(), found, report.kind) if user.pk != author]
    tell("report", report, {"report": list(people)})


def decided(decision: Decision, found: Matter) -> None:
    """Tell who reported, who wrote, and the adjudicators who were named."""
    report = decision.report
    people: list[User | int] = [report.reporter_id]
    author = writer_of(found)
    if author is not None and decision.verb != Decision.Verb.DISMISS:
        people.append(author)
    told: dict[str, list[User | int]] = {"decision": people}
    if decision.verb == Decision.Verb.REFER:
        told = {"report": list(report.adjudicators.values_list("pk", flat=True)), **told}
    tell("decision", report, told)


def tell(kind: str, report: Report, to: dict[str, list[User | int]]) -> None:
    """Tell of a report, without any words of it and without saying who did it: whoever watches them learns nothing."""
    actions.tell(
        kind, actor=None, subject=(KIND, report.pk), url=reverse("manners:report", args=[report.pk]), to=to
    )


def connect() -> None:
    """Let notices be about reports."""
    subjects.register(Reports())
