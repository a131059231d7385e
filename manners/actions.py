"""What is done about manners: a code is accepted, things are reported, moderators and adjudicators decide."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from discussion import actions as talk
from manners import telling
from manners.models import IN_FORCE, Acceptance, Code, Decision, Report
from manners.permissions import adjudicators, moderates, part_of
from manners.reportables import matter

if TYPE_CHECKING:
    from manners.reportables import Matter
    from people.models import User

LOOKED_AT = 60  # seconds until a process that did not see it notices a new version
NONE = 0
Verb, State = Decision.Verb, Report.State


class Decided(ValueError):
    """Somebody else decided on a report meanwhile."""


def code_in_force() -> int:
    """Return the key of the version in force; 0 without any."""
    found: int | None = cache.get(IN_FORCE)
    if found is None:
        found = Code.objects.order_by("-pk").values_list("pk", flat=True).first() or NONE
        cache.set(IN_FORCE, found, LOOKED_AT)
    return found


def look_again(**_signal: Any) -> None:
    """Let every process look again which version is in force: now, and once the change can be seen by others.

    In between somebody may have looked and remembered the old one.
    """
    cache.delete(IN_FORCE)
    transaction.on_commit(lambda: cache.delete(IN_FORCE), robust=True)


def has_accepted(user: User, code: int) -> bool:
    """Whether somebody accepted a version."""
    return Acceptance.objects.filter(user=user, code=code).exists()


def accept(user: User, code: Code) -> None:
    """Record that somebody accepted a version; once is enough."""
    Acceptance.objects.get_or_create(user=user, code=code)


def report(
    reporter: User,
    kind: str,
    found: Matter,
    reason: str,
    *,
    words: str = "",
    passage: str = "",
    key: str = "",
) -> Report:
    """Ask the moderators to look at a thing. The same form twice is one report."""
    made = Report(
        kind=kind, object_pk=found.pk, reporter=reporter, reason=reason, words=words, passage=passage,
        said=found.text, key=f"{reporter.pk}.{key}"[:64] if key else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            if earlier := earlier_report(made):
                return earlier
            made.save()
            telling.reported(made, found)
            return made
    except IntegrityError:  # the same form, at the same moment
        if earlier := earlier_report(made):
            return earlier
        raise


def earlier_report(made: Report) -> Report | None:
    """Return the report that this very form has made already."""
    return Report.objects.filter(key=made.key).first() if made.key else None


@transaction.atomic
def decide(report: Report, moderator: User, verb: str, reason: str, *, seen: int | None = None) -> Decision:
    """Hide, show again, warn or dismiss, having seen so many decisions. Raises PermissionDenied, Decided."""
    report, found = held(report, moderator, seen)
    if not moderates(moderator):
        raise PermissionDenied(_("Only moderators decide on reports."))
    if report.state == State.REFERRED:
        raise Decided(_("The adjudicators have this report now."))
    if verb in {Verb.HIDE, Verb.SHOW}:
        if found.comment is None:
            raise PermissionDenied(_("Only comments are hidden. Change or restore a page in its history."))
        if verb == Verb.HIDE:
            talk.hide(found.comment, reason[:300])
        else:
            talk.show(found.comment)
    return closed(report, found, moderator, verb, reason)


@transaction.atomic
def refer(
    report: Report, moderator: User, people: Collection[User], reason: str, *, seen: int | None = None
) -> Decision:
    """Hand a report to named adjudicators. Raises PermissionDenied, Decided."""
    report, found = held(report, moderator, seen)
    if not moderates(moderator) or not people:
        raise PermissionDenied(_("Only moderators hand a report to adjudicators, and they name them."))
    known = set(adjudicators().values_list("pk", flat=True))
    if any(person.pk not in known or not matter(report.kind, found.pk, person) for person in people):
        raise PermissionDenied(_("Choose adjudicators who may read the page."))
    report.adjudicators.set(people)
    return closed(report, found, moderator, Verb.REFER, reason, state=State.REFERRED)


@transaction.atomic
def rule(report: Report, adjudicator: User, reason: str, *, seen: int | None = None) -> Decision:
    """Decide a dispute: the decision is recorded on the talk page. Raises PermissionDenied, Decided."""
    report, found = held(report, adjudicator, seen)
    if not report.adjudicators.filter(pk=adjudicator.pk).exists():
        raise PermissionDenied(_("Only the adjudicators who were named decide."))
    if report.state != State.REFERRED:
        raise Decided(_("This is decided already."))
    if found.comment is not None:
        talk.rule(adjudicator, found.comment.thread, reason)
    else:
        talk.rule_anew(
            adjudicator, *found.about, _("Decision of the adjudicators"), reason, quote=report.passage
        )
    return closed(report, found, adjudicator, Verb.RULE, reason)


def held(report: Report, user: User, seen: int | None) -> tuple[Report, Matter]:
    """Hold a report until the transaction ends, and return it with what it is about, as this user may read it.

    Raises PermissionDenied for who may not, and for the author: nobody decides about what they wrote. Raises Decided
    where there are other than the `seen` decisions by now.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    if seen is not None and report.decisions.count() != seen:
        raise Decided(_("Somebody decided meanwhile. Look at it, then decide again if it is still needed."))
    found = matter(report.kind, report.object_pk, user)
    if found is None or part_of(user, report, found) == "author":
        raise PermissionDenied(_("You wrote what this report is about: another moderator decides."))
    return report, found


def closed(
    report: Report, found: Matter, actor: User, verb: str, reason: str, *, state: str = State.CLOSED
) -> Decision:
    """Write down a decision, and tell whom it concerns."""
    report.state = state
    report.save(update_fields=["state"])
    decision = Decision.objects.create(report=report, actor=actor, verb=verb, reason=reason)
    telling.decided(decision, found)
    return decision
