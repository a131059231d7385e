"""Confirming colleagues' facts, suggesting corrections and answering them, and the yearly question by mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people import confirming, trusting
from people.models import Correction, Endorsement, Profile
from people.permissions import may_edit
from people.requests import reader_of, whole_number
from people.suggesting import AnswerForm, CorrectionForm
from people.views.profiles import find

MOST_SHOWN = 50


def colleague(handle: str) -> Profile:
    """The profile of a colleague who is here. Raises Http404 for everybody else: nobody could answer."""
    person = find(handle)
    if not person.is_colleague:
        raise Http404(_("Only facts of colleagues who are here can be confirmed or corrected."))
    return person


@require_POST
def endorse(request: HttpRequest, handle: str) -> HttpResponse:
    """Confirm, by one's name, what a fact of a colleague says."""
    person, reader = colleague(handle), reader_of(request)
    name, _space, claim = request.POST.get("fact", "").partition(" ")
    kind, _dash, pk = name.partition("-")
    fact = trusting.claimed(person, kind, whole_number(pk) or 0, reader)
    if fact is None:
        raise Http404(_("This is not on the profile any more."))
    if person.user_id == reader.pk:
        raise PermissionDenied(
            _("Nobody confirms their own facts: a colleague who knows them first hand does.")
        )
    try:
        trusting.endorse(reader, fact, claim)
        messages.success(request, _("Confirmed, with your name: %(fact)s.") % {"fact": fact})
    except trusting.Overtaken as overtaken:
        said = _("Not confirmed, as it was changed meanwhile. It says now: %(fact)s.")
        messages.warning(request, said % {"fact": overtaken.fact})
    return redirect(f"{person.get_absolute_url()}#trust")


@require_POST
def withdraw(request: HttpRequest, handle: str) -> HttpResponse:
    """Take back what one confirmed; whose fact it is may take it off, too."""
    person, reader = find(handle), reader_of(request)
    asked = whole_number(request.POST.get("endorsement", "")) or 0  # which no row has
    given = Endorsement.objects.of_person(person).filter(pk=asked)
    if not may_edit(reader, person):
        given = given.filter(author=reader)
    trusting.withdraw(get_object_or_404(given))
    messages.success(request, _("Taken back."))
    return redirect(f"{person.get_absolute_url()}#trust")


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, handle: str) -> HttpResponse:
    """Suggest a correction, and read what became of one's earlier ones."""
    person, reader = colleague(handle), reader_of(request)
    if person.user_id == reader.pk:
        return redirect("people:edit", handle)
    form = CorrectionForm(request.POST or None, instance=Correction(profile=person, author=reader))
    if form.is_valid():
        trusting.suggest(form.instance)
        messages.success(request, _("Sent to %(name)s, and to nobody else.") % {"name": person})
        return redirect("people:correct", handle)
    earlier = person.corrections.filter(author=reader)[:MOST_SHOWN]
    context = {"person": person, "form": form, "earlier": earlier}
    return render(request, "people/correct.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: HttpRequest, handle: str) -> HttpResponse:
    """Read and answer what colleagues suggest. Nobody but the person does, administrators included."""
    person, reader = find(handle), reader_of(request)
    if person.user_id != reader.pk:
        raise PermissionDenied(_("Only the person reads what colleagues suggest."))
    refused = _answered(request, person) if request.method == "POST" else None
    if isinstance(refused, HttpResponse):
        return refused
    rows = person.corrections.select_related("author__profile")
    context = {
        "person": person,
        "waiting": rows.waiting().order_by("created", "pk"),
        "answered": rows.exclude(decided_at=None)[:MOST_SHOWN],
        "refused": refused,
    }
    return render(request, "people/corrections.html", context, status=422 if refused else 200)


def _answered(request: HttpRequest, person: Profile) -> HttpResponse | AnswerForm:
    """Carry out an answer, or return the form that says what is missing.

    To accept is to change what is wrong: it counts, and whoever suggested it is told, when that is saved.
    """
    asked = whole_number(request.POST.get("correction", "")) or 0
    waiting = person.corrections.waiting().select_related("author__profile", "profile__user")
    correction = get_object_or_404(waiting, pk=asked)
    form = AnswerForm(request.POST, instance=correction)
    if not form.is_valid():
        return form
    said = form.cleaned_data
    if said["accepted"]:
        trusting.keep_answer(correction, said["answer"])
        there = reverse("people:edit_section", args=[person.user.username, correction.section])
        return redirect(f"{there}?correction={correction.pk}")
    trusting.decide(correction, accepted=False, answer=said["answer"])
    messages.success(request, _("Answered."))
    return redirect("people:corrections", person.user.username)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether somebody's facts still hold, and take the answer. The link in the e-mail says whose they are.

    Needs no session. Programs that open links in e-mails change nothing, as they send no form.
    """
    question = confirming.read(token)
    if question is None:
        raise Http404(_("This link does not count any more. Sign in, and say so on your profile."))
    if request.user.is_authenticated and request.user.pk != question.person.user_id:
        # A letter that was passed on: they would take "your profile" for their own.
        raise PermissionDenied(_("Only the person can say that these facts still hold."))
    if request.method == "POST":
        question.confirm()
    done = request.method == "POST" or question.answered
    return render(request, "people/still_right.html", {"done": done})


def mine(request: HttpRequest) -> HttpResponse:
    """Lead to one's own profile: where something that names nobody has to lead there."""
    return redirect("people:profile", reader_of(request).get_username())
