"""Writing: the editor of an article and of a new one, its preview, and the page where two texts meet."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diplopedia import actions, resolving
from diplopedia.actions import Change, EditConflict
from diplopedia.anchors import Lost, lost_sections
from diplopedia.conflicts import chosen_version, conflict_context
from diplopedia.diffs import compare
from diplopedia.facts import FACT
from diplopedia.forms import NewArticleForm, VersionForm
from diplopedia.including import with_inclusions
from diplopedia.markdown import (
    TextTooDeep,
    TextTooLarge,
    replace_section,
    resolve,
    sections_named,
    split_sections,
)
from diplopedia.markdown import keys as keys_in
from diplopedia.markdown import render as markdown_of
from diplopedia.models import Article, ArticleTemplate, Draft, Edit
from diplopedia.namesakes import Alike, names_of_several
from diplopedia.permissions import may_edit
from diplopedia.titles import TitleTaken, TitleUnusable
from diplopedia.versions import Version
from diplopedia.views import drafts
from diplopedia.views.adding import AddFileForm
from diplopedia.views.asking import number, posted_key
from diplopedia.views.history import fact_changes
from diplopedia.views.reading import Missing, readable, title_of
from people.requests import reader_of

REFUSED_TEXT = (TextTooLarge, TextTooDeep)
DUPLICATES = 5


class Shown(NamedTuple):
    """A text as readers will see it, the sections it links to that are not there, and names of several people."""

    html: str
    lost: Sequence[Lost] = ()
    alike: Sequence[Alike] = ()


class Changes(NamedTuple):
    """What an editor changed so far."""

    diff: Any
    facts: Any


class Duplicate(NamedTuple):
    """A page that may be the one somebody is about to begin."""

    article: Article
    why: str


def shown(request: HttpRequest, body: str, language: str) -> Shown:
    """Return a text as this reader will see it. Raises TextTooLarge or TextTooDeep."""
    rendered = markdown_of(body, language=language)
    html = with_inclusions(rendered.html, reader_of(request))
    here = {heading.id for heading in rendered.contents}  # of this very page, which is not saved yet
    lost = [
        one
        for one in lost_sections(sections_named(rendered.html), reader_of(request))
        if one.fragment not in here
    ]
    keys, reader = keys_in(html), reader_of(request)
    articles, persons, _files = resolving.split(keys)
    found = resolving.names([*articles, *persons], reader) if articles or persons else []
    targets = {**resolving.targets(keys, reader, found), **resolving.waiting_files(keys, reader)}
    return Shown(resolve(html, targets), lost, names_of_several(persons, found))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Return a text as readers will see it, as a fragment for the live preview."""
    body, language = request.POST.get("body", ""), request.POST.get("language", "en")[:10]
    try:
        actions.check_text(body)
        context: dict[str, Any] = {"preview": shown(request, body, language)}
    except REFUSED_TEXT as error:
        context = {"refused": str(error)}
    return render(request, "diplopedia/preview.html", context)


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit an article or one section of it: preview, show the changes, publish."""
    try:
        page = readable(request, slug, head=True)
    except Missing:
        if request.method != "POST":
            raise
        return kept_text(request, slug)
    if request.method == "POST":
        return posted_edit(request, page)
    version = Version.of(page)
    draft = drafts.resumed(request, page)
    section = section_asked(request, version.body)
    initial = VersionForm.initial_of(version) | {"base": latest_number(page), "key": posted_key(request)}
    if draft is not None:
        initial |= draft.initial()
    elif section is not None:
        initial |= {"body": section_text(version.body, section), "section": section}
    form = VersionForm(
        initial=initial, template=page.template, stated=stated_by(page, draft.base if draft else None)
    )
    return editor(request, page, form, draft=draft, offered=drafts.offered(request, page, but=draft))


def kept_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text that was sent to a page which is gone, or never was for this reader, as that of a new page."""
    title = title_of(slug)
    fields = ("body", "summary", "tags", "contacts", "draft")
    names = [*fields, *(name for name in request.POST if name.startswith(FACT))]
    initial: dict[str, Any] = {name: request.POST.get(name, "").replace("\x00", "") for name in names}
    initial["regions"] = [pk for pk in request.POST.getlist("regions") if pk.isdecimal()]
    form = NewArticleForm(initial=initial | {"title": title, "base": 0, "key": secrets.token_urlsafe(18)})
    return editor(request, None, form, status=404, locked=gone(), send_to=reverse("new"))


def gone() -> str:
    """Say that a page is not there any more, and what that means for a text."""
    return _(
        "There is no such page any more. Your text is here, unsaved: copy it, or publish it as a new page."
    )


def latest_number(page: Article) -> int:
    """Return the number of the newest edit."""
    return page.latest_edit.number if page.latest_edit else 0


def section_asked(request: HttpRequest, body: str) -> int | None:
    """Return the section that is to be edited, or None for the whole text."""
    wanted = number(request, "section", -1, low=0, high=100_000)
    return wanted if 0 <= wanted < len(split_sections(body)) else None


def section_text(body: str, section: int) -> str:
    """Return one section of a text."""
    part = split_sections(body)[section]
    return body[part.start : part.end].rstrip("\n")


def editor(
    request: HttpRequest, page: Article | None, form: VersionForm, status: int = 200, **context: Any
) -> HttpResponse:
    """Show the editor with what was written so far."""
    locked = (
        ""
        if page is None or may_edit(reader_of(request), page)
        else _("This page is protected. Ask an administrator to change it.")
    )
    context = {
        "form": form,
        "facts_form": form.fact_fields,
        "article": page,
        "kind": page.template if page else None,
        "base": form["base"].value(),
        "adding": AddFileForm(auto_id="add-%s"),
        "locked": locked,
        **context,
    }
    return render(request, "diplopedia/edit.html", context, status=status)


def posted_edit(request: HttpRequest, page: Article, undoes: Edit | None = None) -> HttpResponse:
    """Do what the pressed button says: preview, changes or publish; the words may be what undoing an edit came to."""
    stated = stated_by(page, drafts.posted_number(request, "base"), *([undoes.number - 1] if undoes else []))
    form = VersionForm(request.POST, template=page.template, stated=stated)
    if not form.is_valid():
        return editor(request, page, form, status=422)
    before = begun_from(page, form.cleaned_data["base"])
    version = whole(form, before)
    if chosen := chosen_version(request.POST, page, version):
        version, form = chosen, form.holding(chosen)
        if not form.is_valid():
            return editor(request, page, form, status=422)
    try:
        if request.POST.get("action") == "preview":
            return editor(request, page, form, preview=shown(request, version.body, page.language))
        if request.POST.get("action") == "changes":
            differences = Changes(
                compare(before.body, version.body),
                fact_changes(page, dict(before.facts), dict(version.facts)),
            )
            return editor(request, page, form, changes=differences)
        return published(request, page, form, version, undoes)
    except REFUSED_TEXT as error:
        form.add_error("body", str(error))
        return editor(request, page, form, status=422)


def stated_by(page: Article, *numbers: int | None) -> list[Mapping[str, str]]:
    """Return the facts of a page as they are, and as some of its edits left them."""
    others = [number for number in numbers if number is not None and number != latest_number(page)]
    edits = page.edits.select_related("revision").filter(number__in=others) if others else []
    return [page.facts, *(edit.facts for edit in edits)]


def begun_from(page: Article, base: int | None) -> Version:
    """Return the version an editor began from: the one their form names, else the newest."""
    if base is None or base == latest_number(page):
        return Version.of(page)
    edit = page.edits.select_related("revision").filter(number=base).first()
    return Version.at(edit) if edit else Version.of(page)


def whole(form: VersionForm, before: Version) -> Version:
    """Return the whole version, where the form may hold one section of it."""
    version = form.version(before)
    section = form.cleaned_data["section"]
    if section is None or section >= len(split_sections(before.body)):
        return version
    return version.with_body(replace_section(before.body, section, version.body))


def published(
    request: HttpRequest, page: Article, form: VersionForm, version: Version, undoes: Edit | None = None
) -> HttpResponse:
    """Save; where somebody changed the same words meanwhile, show both texts; where the database is busy, say so."""
    data = form.cleaned_data
    change = Change(reader_of(request), data["summary"], minor=data["minor"], key=data["key"] or None)
    change = replace(change, kind=Edit.Kind.UNDO, undoes=undoes) if undoes else change
    base = data["base"] if data["base"] is not None else latest_number(page)
    try:
        saved = actions.save_edit(page, version, change, base=base)
    except EditConflict as conflict:
        context = conflict_context(page, conflict, change) | {"undoing": undoes}
        context["form"].initial["draft"] = data["draft"]
        return render(request, "diplopedia/conflict.html", context, status=409)
    except actions.Outdated as gone:
        form.add_error(None, str(gone))
        return editor(request, page, form, status=409)
    except PermissionDenied:
        return editor(request, page, form, status=403)
    except OperationalError:
        form.add_error(
            None, _("The database is busy. Your text is here, unsaved: publish it again in a moment.")
        )
        return editor(request, page, form, status=503)
    actions.forget_drafts(reader_of(request), drafts.writing_of(request, page))
    return redirect(f"{saved.article.get_absolute_url()}?saved={saved.number}")


def new(request: HttpRequest) -> HttpResponse:
    """Begin an article: choose its kind, then write it; or go on with a draft."""
    if request.method != "POST" and (draft := drafts.resumed(request, None)):
        return resumed(request, draft)
    source = translated(request, number(request, "translates", 0, low=0, high=999_999_999))
    if request.method != "POST" and source:
        return begin_translation(request, source)
    title = " ".join(request.GET.get("title", "").replace("\x00", "").split())[:200]
    language = request.GET.get("language", "en")[:10]
    asked = request.POST.get("kind", "") if request.method == "POST" else request.GET.get("kind", "")
    if request.method != "POST" and not asked:
        context = {
            "kinds": ArticleTemplate.objects.all(), "title": title, "language": language,
            "duplicates": duplicates(request, title), "drafts": drafts.begun(request),
        }  # fmt: skip
        return render(request, "diplopedia/new.html", context)
    kind = ArticleTemplate.objects.filter(slug=asked.replace("\x00", "")).first()
    if request.method == "POST":
        return posted_new(request, kind)
    initial = {
        "title": title, "kind": kind.slug if kind else "", "language": language,
        "body": kind.outline if kind else "", "base": 0, "key": posted_key(request),
    }  # fmt: skip
    form = NewArticleForm(initial=initial, template=kind)
    return editor(request, None, form, kind=kind, duplicates=duplicates(request, title))


def resumed(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Go on with a draft of a page that is not there yet, or not any more."""
    if (
        draft.article_id
        and Article.objects.readable_by(reader_of(request)).filter(pk=draft.article_id).exists()
    ):
        return redirect(draft)
    kind = ArticleTemplate.objects.filter(slug=draft.first("kind")).first()
    initial = {"title": draft.title, "language": "en"} | draft.initial() | {"base": 0, "section": None}
    asked = draft.first("translates")
    source = translated(request, int(asked) if asked.isdecimal() and len(asked) < 10 else 0)
    form = NewArticleForm(
        initial=initial | {"key": posted_key(request)},
        template=kind,
        stated=[source.facts] if source else [],
    )
    locked = gone() if draft.article_id else ""
    return editor(request, None, form, kind=kind, draft=draft, locked=locked, send_to=reverse("new"))


def posted_new(request: HttpRequest, kind: ArticleTemplate | None) -> HttpResponse:
    """Preview or publish a new article. A refused title keeps the text."""
    source = translated(request, drafts.posted_number(request, "translates") or 0)
    form = NewArticleForm(request.POST, template=kind, stated=[source.facts] if source else [])
    title = request.POST.get("title", "").replace("\x00", "")
    if not form.is_valid():
        return editor(request, None, form, status=422, kind=kind, duplicates=duplicates(request, title))
    data, version = form.cleaned_data, form.version(Version())
    try:
        if request.POST.get("action") == "preview":
            return editor(
                request, None, form, kind=kind, preview=shown(request, version.body, data["language"] or "en")
            )
        edit = made(request, form, version, kind)
    except (TitleTaken, TitleUnusable) as error:
        form.add_error("title", str(error))
    except (actions.LanguageTaken, actions.Outdated) as error:
        form.add_error(None, str(error))
    except REFUSED_TEXT as error:
        form.add_error("body", str(error))
    except OperationalError:
        form.add_error(
            None, _("The database is busy. Your text is here, unsaved: publish it again in a moment.")
        )
        return editor(request, None, form, status=503, kind=kind)
    else:
        actions.forget_drafts(reader_of(request), drafts.writing_of(request, None))
        return redirect(edit.article)
    return editor(request, None, form, status=422, kind=kind, duplicates=duplicates(request, title))


def made(request: HttpRequest, form: NewArticleForm, version: Version, kind: ArticleTemplate | None) -> Edit:
    """Make the page that a form asks for: a new one, or one that says in its language what another one says."""
    data = form.cleaned_data
    change = Change(reader_of(request), data["summary"], key=data["key"] or None)
    language = data["language"] or "en"
    if data["translates"]:
        source = translated(request, data["translates"])
        if source is None:
            raise actions.Outdated(
                _("The page that this one translates is not there any more. Copy your text before you leave.")
            )
        return actions.translate(source, data["title"], version, change, language)
    return actions.create_article(data["title"], version, change, language=language, template=kind)


def begin_translation(request: HttpRequest, source: Edit) -> HttpResponse:
    """Begin a page in another language with the text of the one whose words it is to say."""
    kind = source.article.template
    initial = VersionForm.initial_of(Version.at(source)) | {
        "kind": kind.slug if kind else "", "language": request.GET.get("language", "")[:10],
        "translates": source.pk, "base": 0, "key": posted_key(request),
    }  # fmt: skip
    form = NewArticleForm(initial=initial, template=kind, stated=[source.facts])
    return editor(request, None, form, kind=kind, source=source)


def translated(request: HttpRequest, pk: int) -> Edit | None:
    """Return the edit whose words are to be said in another language, if this reader may read its page."""
    readers = Article.objects.readable_by(reader_of(request))
    edits = Edit.objects.select_related("revision", "article__template")
    return edits.filter(readers.has("article"), pk=pk).first() if pk else None


def duplicates(request: HttpRequest, title: str) -> list[Duplicate]:
    """Return readable articles whose title or other name shares the longest word of a title."""
    words = sorted((word for word in title.casefold().split() if len(word) > 3), key=len, reverse=True)
    if not words:
        return []
    like = Q(title_key__contains=words[0]) | Q(other_names__title_key__contains=words[0])
    found = (
        Article.objects.readable_by(reader_of(request))
        .filter(like)
        .distinct()
        .for_lists()
        .order_by("title_key")
    )
    return [
        Duplicate(article, article.template.called if article.template else "")
        for article in found[:DUPLICATES]
    ]
