"""The code of conduct, reporting, and the moderators' queue."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from manners import actions, sessions
from manners.forms import DecisionForm, ReportForm, RulingForm
from manners.models import Acceptance, Code, Decision, Report
from manners.permissions import adjudicators, moderates, part_of, who_may_read, writer_of
from manners.reportables import Matter, matter, reportable
from people import prose
from people.requests import reader_of

Verb = Decision.Verb
PER_PAGE = 30


def conduct(request: HttpRequest) -> HttpResponse:
    """Show the code of conduct in force; let the reader accept it."""
    code, reader = Code.objects.first(), reader_of(request)
    if request.method == "POST" and code and request.POST.get("code") == str(code.pk):
        actions.accept(reader, code)
        sessions.note(request, code.pk)
        return redirect(following(request))
    context = {
        "code": code,
        "html": prose.resolve(code.html, reader) if code else "",
        "accepted": Acceptance.objects.filter(user=reader, code=code).first() if code else None,
        "next": following(request),
        "moderates": moderates(reader),
    }
    return render(request, "manners/conduct.html", context)


def following(request: HttpRequest) -> str:
    """Return the page that the reader wanted, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else "/"


def report_thing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Report something to the moderators."""
    found = matter(kind, pk, reader_of(request))
    if found is None or (found.comment is not None and not found.comment.is_shown):
        raise Http404
    form = ReportForm(request.POST or None, initial={"key": secrets.token_urlsafe(18)})
    if found.comment is not None:
        del form.fields["passage"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.report(
            reader_of(request), kind, found, data["reason"],
            words=data["words"], passage=data.get("passage", ""), key=data["key"],
        )  # fmt: skip
        messages.info(request, _("The moderators will look at it. You will be told what they decide."))
        return redirect(found.url)
    known = reportable(kind)
    context = {"form": form, "matter": found, "sort": known.label if known else ""}
    return render(request, "manners/report_thing.html", context, status=422 if form.errors else 200)


def queue(request: HttpRequest) -> HttpResponse:
    """List the reports about what this moderator may read: the open ones first come first, or those decided."""
    if not moderates(reader_of(request)):
        raise Http404
    state = request.GET.get("state", "open")
    state = state if state in Report.State.values else Report.State.OPEN
    about = Report.objects.on_readable(reader_of(request))
    rows = about.filter(state=state).for_reading()
    rows = rows if state == Report.State.OPEN else rows.order_by("-created", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, found) for row, found in with_matters(list(page))],
        "state": state,
        "states": [
            (value, label, about.filter(state=value).count()) for value, label in Report.State.choices
        ],
    }
    return render(request, "manners/queue.html", context)


def with_matters(rows: list[Report]) -> list[tuple[Report, Matter]]:
    """Return reports with what they are about, with one question for each kind of thing."""
    matters: dict[tuple[str, int], Matter] = {}
    for kind in {row.kind for row in rows}:
        if known := reportable(kind):
            found = known.matters({row.object_pk for row in rows if row.kind == kind})
            matters |= {(kind, pk): one for pk, one in found.items()}
    return [(row, matters[row.kind, row.object_pk]) for row in rows if (row.kind, row.object_pk) in matters]


def report(request: HttpRequest, report: int) -> HttpResponse:
    """Show a report to those who have a part in it; moderators and adjudicators decide here."""
    row = get_object_or_404(Report.objects.on_readable(reader_of(request)).for_reading(), pk=report)
    found = matter(row.kind, row.object_pk, reader_of(request))
    part = part_of(reader_of(request), row, found) if found else ""
    if found is None or not part:
        raise Http404
    form = form_of(request, row, found, part)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(_("There is nothing for you to decide here."))
        if form.is_valid() and taken(request, row, form):
            return redirect("manners:report", row.pk)
    context = {
        "report": row,
        "matter": found,
        "part": part,
        "form": form,
        "decisions": row.decisions.select_related("actor__profile"),
        "named": row.adjudicators.select_related("profile"),
        "sort": getattr(reportable(row.kind), "label", ""),
    }
    return render(request, "manners/report.html", context, status=422 if form and form.errors else 200)


def form_of(request: HttpRequest, row: Report, found: Matter, part: str) -> DecisionForm | RulingForm | None:
    """Return what this reader may decide on a report now."""
    posted, initial = request.POST or None, {"seen": row.decisions.count()}
    named = row.adjudicators.filter(pk=reader_of(request).pk).exists()
    if row.state == Report.State.REFERRED:
        return RulingForm(posted, initial=initial) if named and part != "author" else None
    if part != "moderator":
        return None
    author = writer_of(found)
    people = [user for user in who_may_read(adjudicators(), found, row.kind) if user.pk != author]
    hiding = [] if found.comment is None else [Verb.SHOW if found.comment.hidden_at else Verb.HIDE]
    verbs = [*hiding, Verb.WARN, Verb.DISMISS, *([Verb.REFER] if people else [])]
    return DecisionForm(posted, initial=initial, verbs=verbs, people=people)


def taken(request: HttpRequest, row: Report, form: Any) -> bool:
    """Do what was decided; say on the form why it cannot be."""
    data, reader = form.cleaned_data, reader_of(request)
    try:
        if isinstance(form, RulingForm):
            actions.rule(row, reader, data["reason"], seen=data["seen"])
        elif data["verb"] == Verb.REFER:
            actions.refer(row, reader, list(data["adjudicators"]), data["reason"], seen=data["seen"])
        else:
            actions.decide(row, reader, data["verb"], data["reason"], seen=data["seen"])
    except actions.Decided as error:
        form.add_error(None, str(error))
        return False
    return True
