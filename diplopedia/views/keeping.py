"""Looking after an article: its title and other names, who may read it, whether it still holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diplopedia import actions
from diplopedia.actions import Change
from diplopedia.forms import AccessForm, AliasForm, ReasonForm, RenameForm
from diplopedia.models import Article, Link
from diplopedia.permissions import check_edit, check_verify
from diplopedia.titles import TitleTaken, TitleUnusable
from diplopedia.views.asking import posted_key
from diplopedia.views.reading import edit_of, page_head, readable
from people.requests import reader_of

LEADING = 12
REFUSALS = (TitleTaken, TitleUnusable, actions.LockedOut, actions.Outdated)


def change_of(request: HttpRequest, form: forms.Form) -> Change:
    """Return why and by whom, from a form with a reason."""
    return Change(reader_of(request), form.cleaned_data["summary"], key=form.cleaned_data["key"] or None)


def ask(
    request: HttpRequest,
    page: Article,
    form: forms.Form,
    template: str,
    do: Callable[[], Any],
    **context: Any,
) -> HttpResponse | None:
    """Ask with a form and do what it says; None when it is done, else the page that asks (again)."""
    check_edit(reader_of(request), page)
    if request.method == "POST" and form.is_valid():
        try:
            do()
            return None
        except REFUSALS as error:
            form.add_error(None, str(error))
    return render(request, template, page_head(request, page) | {"form": form, **context})


def leading_here(request: HttpRequest, page: Article) -> list[Article]:
    """Return the first of the readable pages that name this one."""
    sources = Link.objects.to(page.keys()).values("source")
    readers = Article.objects.readable_by(reader_of(request)).filter(pk__in=sources).exclude(pk=page.pk)
    return list(readers.for_lists().order_by("title_key", "pk")[:LEADING])


def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Give an article another title; the old one goes on leading to it."""
    page = readable(request, slug, head=True)
    form = RenameForm(request.POST or None, initial={"title": page.title, "key": posted_key(request)})
    asked = ask(
        request, page, form, "diplopedia/rename.html",
        lambda: actions.rename(page, form.cleaned_data["title"], change_of(request, form)),
        leading=leading_here(request, page),
    )  # fmt: skip
    page.refresh_from_db()
    return asked or redirect(page)


def access(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep an article to groups and offices, or open it to all colleagues."""
    page = readable(request, slug, head=True)
    initial = {
        "groups": page.groups.all(),
        "offices": page.offices.all(),
        "base": page.latest_edit.number if page.latest_edit else 0,
        "key": posted_key(request),
    }
    form = AccessForm(request.POST or None, initial=initial, user=reader_of(request), article=page)

    def keep_to() -> None:
        data = form.cleaned_data
        actions.restrict(page, data["groups"], data["offices"], change_of(request, form), base=data["base"])

    return ask(request, page, form, "diplopedia/access.html", keep_to) or redirect(page)


def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an article out of sight, after saying what links to it."""
    page = readable(request, slug, head=True)
    newest = page.latest_edit.number if page.latest_edit else None
    form = ReasonForm(request.POST or None, initial={"key": posted_key(request), "base": newest})
    asked = ask(
        request, page, form, "diplopedia/delete.html",
        lambda: actions.delete(page, change_of(request, form), base=form.cleaned_data["base"]),
        leading=leading_here(request, page),
    )  # fmt: skip
    if asked is None:
        messages.info(request, _("“%s” is deleted. Its text and history are kept.") % page.title)
    return asked or redirect("wiki")


@require_POST
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that this reader stands for the page as they saw it."""
    page = readable(request, slug)
    check_verify(reader_of(request), page)
    posted = request.POST.get("number", "")
    edit = edit_of(page, int(posted) if posted.isdecimal() and len(posted) < 10 else 0)
    actions.verify(page, reader_of(request), edit)
    return redirect(page)


@require_POST
def add_alias(request: HttpRequest, slug: str) -> HttpResponse:
    """Let another name, acronym or spelling lead to the page."""
    page = readable(request, slug)
    form = AliasForm(request.POST)
    try:
        actions.give_name(page, form.data.get("title", ""), Change(reader_of(request)))
    except (TitleUnusable, actions.Outdated) as error:
        messages.error(request, str(error))
    return redirect("links", page.wiki_slug)


@require_POST
def remove_alias(request: HttpRequest, slug: str, alias: int) -> HttpResponse:
    """Let a name lead to the page no longer."""
    page = readable(request, slug)
    actions.take_name(page, alias, Change(reader_of(request)))
    return redirect("links", page.wiki_slug)
