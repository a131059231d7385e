"""Two pages made one, and one made two."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diplopedia import actions, resolving
from diplopedia.actions import Seen
from diplopedia.forms import JoinForm, SplitForm
from diplopedia.markdown import TextTooDeep, TextTooLarge, link_key, normalise, split_sections
from diplopedia.models import Article
from diplopedia.permissions import check_edit
from diplopedia.titles import TitleTaken, TitleUnusable
from diplopedia.views.asking import number, posted_key
from diplopedia.views.editing import kept_text, latest_number, shown
from diplopedia.views.keeping import change_of, leading_here
from diplopedia.views.reading import Missing, page_head, readable
from diplopedia.views.rescuing import holds_words, show_words
from people.requests import reader_of

REFUSALS = (actions.NotJoinable, actions.Outdated, TextTooLarge, TextTooDeep)


def named(request: HttpRequest, title: str, language: str) -> Article | None:
    """Return the page that a title or other name leads this reader to."""
    key = link_key(title, language).key
    found = resolving.best_of([key], resolving.names([key], reader_of(request))).get(key)
    return Article.objects.readable_by(reader_of(request)).filter(pk=found.of).first() if found else None


def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask which page this one becomes part of; then show both, and let one text be written for them.

    A text that arrives when one of them is gone, or not this reader's any more, is shown to who wrote it.
    """
    if request.method == "POST" and (stays := made_one(request, slug)):
        return redirect(stays)
    try:
        return joining(request, slug)
    except Missing:
        if not holds_words(request):
            raise
        return kept_text(request, slug)
    except PermissionDenied:
        if not holds_words(request):
            raise
        return show_words(request, status=403, refused=True)


def named_in(request: HttpRequest) -> str:
    """Return the title of the page that stays, as it was written."""
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("into", "").replace("\x00", "").strip()


def made_one(request: HttpRequest, slug: str) -> Article | None:
    """Return the page that this very form has joined the other to already: a second click finds that one gone."""
    form, goes = JoinForm(request.POST), Article.objects.filter(wiki_slug=slug).first()
    if goes is None or not form.is_valid():
        return None
    stays, body = named(request, named_in(request), goes.language), normalise(form.cleaned_data["body"])
    done = stays and actions.joined_before(goes, stays, body, change_of(request, form))
    return stays if done else None


def joining(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the other page, or show both. Raises Missing and PermissionDenied."""
    page, title = readable(request, slug, head=True), named_in(request)
    check_edit(reader_of(request), page)
    stays = named(request, title, page.language) if title else None
    problem = (
        _("There is no page “%s”. Write its title as it stands there.") % title if title and not stays else ""
    )
    if stays:
        try:
            check_edit(reader_of(request), stays)
            actions.check_joinable(page, stays)
            return writing_one(request, page, stays)
        except actions.NotJoinable as error:
            problem = str(error)
    if holds_words(request):
        return show_words(request, status=422, refused=True)
    context = page_head(request, page) | {
        "into": title, "problem": problem, "leading": leading_here(request, page),
    }  # fmt: skip
    return render(request, "diplopedia/join.html", context, status=422 if problem else 200)


def writing_one(request: HttpRequest, goes: Article, stays: Article) -> HttpResponse:
    """Show two pages and the form with one text for both; save it when it is sent. Raises NotJoinable."""
    initial = {
        "into": stays.title, "base": latest_number(goes), "other": latest_number(stays), "key": posted_key(request),
    }  # fmt: skip
    form = JoinForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        seen = Seen(data["base"] or 0, data["other"])
        try:
            actions.join(goes, stays, normalise(data["body"]), change_of(request, form), seen=seen)
            messages.info(request, _("“%s” is part of this page now. Links to it lead here.") % goes.title)
            return redirect(stays)
        except REFUSALS as error:
            if made_one(request, goes.wiki_slug):  # by the first of two clicks, meanwhile
                return redirect(stays)
            form = JoinForm(data | initial)  # the next press has seen the newest
            form.add_error(None, str(error))
    elif request.method != "POST":
        form.initial["body"] = actions.joined_version(goes, stays).body
    context = page_head(request, goes) | {
        "stays": stays, "form": form, "leading": leading_here(request, goes),
        "texts": [(page, shown(request, page.body, page.language)) for page in (stays, goes)],
    }  # fmt: skip
    return render(request, "diplopedia/join.html", context)


def split(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask which section becomes a page of its own, and make it one."""
    page = readable(request, slug, head=True)
    check_edit(reader_of(request), page)
    choices = sections_of(page)
    asked = number(request, "section", choices[0][0] if choices else 0)
    heading = dict(choices).get(asked, "")
    initial = {
        "section": asked, "title": heading.rpartition(" (")[0], "base": latest_number(page), "key": posted_key(request),
    }  # fmt: skip
    form = SplitForm(request.POST or None, initial=initial, sections=choices)
    if request.method == "POST" and form.is_valid() and (made := split_out(request, page, form)):
        return redirect(made)
    return render(
        request, "diplopedia/split.html", page_head(request, page) | {"form": form, "sections": choices}
    )


def split_out(request: HttpRequest, page: Article, form: SplitForm) -> Article | None:
    """Make the page that the form describes; None where it cannot be, and the form says why."""
    data = form.cleaned_data
    try:
        edit = actions.split(
            page, data["section"], data["title"], change_of(request, form),
            base=data["base"] or 0, instead=data["instead"],
        )  # fmt: skip
    except (TitleTaken, TitleUnusable) as error:
        form.add_error("title", str(error))
    except IndexError:
        form.add_error("section", _("There is nothing in this section. Choose another one."))
    except (actions.Outdated, TextTooDeep) as error:
        form.add_error(None, str(error))
    else:
        return edit.article
    return None


def sections_of(page: Article) -> list[tuple[int, str]]:
    """Return the sections of a page: the number of each, with its heading and length."""
    found: list[tuple[int, str]] = []
    for position, section in enumerate(split_sections(normalise(page.body))):
        if section.level:
            length = section.end - section.start
            size = ngettext("%d character", "%d characters", length) % length
            found.append((position, f"{section.heading} ({size})"))
    return found
