"""Undoing one edit: what the page would be without it, the question where that is not plain, and the deed."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from diplopedia import actions
from diplopedia.actions import EditConflict, NothingToUndo, Outdated, TitleTaken
from diplopedia.actions.undoing import Undoing
from diplopedia.conflicts import conflict_context
from diplopedia.diffs import compare
from diplopedia.forms import ReasonForm
from diplopedia.merging import merge
from diplopedia.models import Article, Edit
from diplopedia.permissions import check_edit
from diplopedia.versions import Version
from diplopedia.views.asking import posted_key
from diplopedia.views.editing import posted_edit
from diplopedia.views.history import version_changes
from diplopedia.views.keeping import change_of
from diplopedia.views.reading import edit_of, page_head, readable
from people.requests import reader_of


def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what undoing one edit would change, then undo it; where its words were changed again, ask."""
    page = readable(request, slug, head=True)
    check_edit(reader_of(request), page)
    edit = edit_of(page, number)
    if "body" in request.POST:  # the answers of the page where two texts meet, or the editor after it
        return posted_edit(request, page, undoes=edit)
    form = ReasonForm(request.POST or None, initial={"key": posted_key(request)})
    if request.method == "POST" and form.is_valid():
        change = change_of(request, form)
        try:
            saved = actions.undo(page, edit, change)
            return redirect(f"{saved.article.get_absolute_url()}?saved={saved.number}")
        except EditConflict as conflict:
            words = replace(change, summary=change.summary or actions.summary_of(edit))
            context = conflict_context(page, conflict, words) | {"undoing": edit}
            return render(request, "diplopedia/conflict.html", context, status=409)
        except (NothingToUndo, TitleTaken, Outdated) as error:
            form.add_error(None, str(error))
    return asked(request, page, edit, form)


def asked(request: HttpRequest, page: Article, edit: Edit, form: ReasonForm) -> HttpResponse:
    """Show what would change, or why nothing would."""
    context = page_head(request, page) | {"edit": edit, "form": form, "number": edit.number}
    try:
        undoing = actions.without(page, edit)
    except NothingToUndo as error:
        return render(request, "diplopedia/undo.html", context | {"nothing": str(error)})
    if not undoing.changes:
        return render(request, "diplopedia/undo.html", context | {"nothing": actions.nothing_left(edit)})
    now, then = Version.of(page), plain_part(page, edit, undoing)
    context |= {
        "questions": len(undoing.merged.conflicts) + len(undoing.merged.fields),
        "diff": compare(now.body, then.body),
        "facts": version_changes(page, now, then),
        "titles": (page.title, undoing.title),
        "usual": actions.summary_of(edit),
    }
    return render(request, "diplopedia/undo.html", context)


def plain_part(page: Article, edit: Edit, undoing: Undoing) -> Version:
    """Return what can be undone without a question: where there is one, the page stays as it is for now."""
    text = merge(edit.body, undoing.before.body, page.body)
    facts = {
        key: value for key, value in undoing.merged.version.facts.items() if key not in undoing.merged.fields
    }
    facts |= {key: page.facts[key] for key in undoing.merged.fields if key in page.facts}
    body = text.chosen([conflict.theirs for conflict in text.conflicts])
    return replace(undoing.merged.version, body=body, facts=facts)
