"""Taking an answer of the directory along: what that means, then the file or the page, each put on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people import limits, takeout
from people.limits import within_limits
from people.models import Disclosure, Office
from people.permissions import impersonal
from people.rare_table import rare_rows, rare_table
from people.requests import reader_of
from people.tables import Row, csv_file, download
from people.takeout import Answer
from people.views.languages import wanted_of
from people.views.places import Branch, branches

Taking = Callable[[HttpRequest, Answer], HttpResponseBase]


def _answer(request: HttpRequest) -> Answer:
    answer = takeout.asked_for(request.GET, reader_of(request))
    if answer.question.records:
        raise Http404(_("Only colleagues of today can be taken along."))
    return answer


@require_safe
def take(request: HttpRequest) -> HttpResponse:
    """What can be taken along of an answer, and how much of it today."""
    answer = _answer(request)
    number = answer.people.count()
    return render(
        request,
        "people/take.html",
        {
            "heading": answer.question.sentence(number),
            "question": answer.question,
            "number": number,
            "left": limits.left_today(reader_of(request)),
            "asked": request.GET.urlencode(),
        },
    )


def taking(kind: Disclosure.Kind) -> Callable[[Taking], Callable[[HttpRequest], HttpResponseBase]]:
    """A view that gives an answer away, once that is on record. A link to it leads to the page that explains it."""

    def decorate(give: Taking) -> Callable[[HttpRequest], HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @within_limits
        @wraps(give)
        def view(request: HttpRequest) -> HttpResponseBase:
            if request.method != "POST":
                return redirect(f"{reverse('people:take')}?{request.GET.urlencode()}")
            answer = _answer(request)
            # In our words: what an address holds besides could push the question out of the record.
            asked = f"{reverse('people:directory')}?{answer.question.address}"
            limits.take(request, kind, asked, answer.people.count())
            return give(request, answer)

        return view

    return decorate


@taking(Disclosure.Kind.CSV)
def table(request: HttpRequest, answer: Answer) -> StreamingHttpResponse:
    """A table, one row a colleague."""
    return csv_file(takeout.table(answer, _site(request)), _name())


@taking(Disclosure.Kind.VCARDS)
def contacts(request: HttpRequest, answer: Answer) -> StreamingHttpResponse:
    """All of them for one's address book."""
    return download(takeout.contacts(answer, _site(request)), f"{_name()}.vcf", "text/vcard")


@taking(Disclosure.Kind.PRINT)
def printed(request: HttpRequest, answer: Answer) -> HttpResponse:
    """All of them on one page, for paper."""
    rows = list(takeout.sheet(answer))
    return render(
        request,
        "people/print.html",
        {
            "heading": answer.question.sentence(len(rows)),
            "question": answer.question,
            "columns": answer.question.columns,
            "subjects": answer.question.subjects,
            "rows": rows,
            "today": timezone.localdate(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@within_limits
def rare_languages(request: HttpRequest) -> HttpResponseBase:
    """The table of rare languages, with who has them; it names people, so it goes on record as well."""
    if request.method != "POST":
        return redirect(f"{reverse('people:languages')}?{request.GET.urlencode()}")
    wanted = wanted_of(request.GET)
    rows = rare_rows(impersonal(reader_of(request)), wanted)
    number = len({row.handle for row in rows if row.handle})
    asked = f"{reverse('people:languages')}?{wanted.address}"
    limits.take(request, Disclosure.Kind.LANGUAGES, asked, number)
    return csv_file(rare_table(rows), f"{_('rare languages')}-{timezone.localdate():%Y-%m-%d}")


@require_safe
def offices(_request: HttpRequest) -> StreamingHttpResponse:
    """The tree of offices as a table. It names nobody."""
    return csv_file(_tree(branches(Office.objects.select_related("parent"))), _("offices"))


def _tree(tree: Iterable[Branch]) -> Iterator[Row]:
    yield [_("Office"), _("Acronym"), _("Kind"), _("Part of"), _("Depth"), _("Colleagues")]
    for branch in tree:
        office = branch.office
        kind, above = office.get_kind_display(), str(office.parent or "")
        yield [office.name, office.acronym, str(kind), above, branch.depth, branch.people]


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").removesuffix("/")


def _name() -> str:
    return f"{_('people')}-{timezone.localdate():%Y-%m-%d}"
