"""One article in several languages: which there are, how far behind each is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from diplopedia import actions
from diplopedia.actions import Change, LanguageTaken, OtherReaders, Outdated
from diplopedia.markdown import title_key
from diplopedia.models import Article, Edit
from diplopedia.querysets import ArticleQuerySet
from diplopedia.views.asking import posted_key
from diplopedia.views.reading import page_head, readable
from people.requests import reader_of


class LanguageForm(forms.Form):
    """Which page says the same in another language."""

    title = forms.CharField(
        label=_("Title of that page"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    language = forms.ChoiceField(label=_("Its language"), choices=settings.WAGTAIL_CONTENT_LANGUAGES)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in settings.WAGTAIL_CONTENT_LANGUAGES if choice[0] != page.language]
        self.fields["language"].choices = others  # type: ignore[attr-defined]


@dataclass(frozen=True)
class LanguageVersion:
    """An article in one language. `behind`: edits that its source had since; None where it follows none."""

    article: Article
    language: str
    behind: int | None
    source: Edit | None


def versions_of(page: Article, readers: ArticleQuerySet) -> list[LanguageVersion]:
    """Return the versions of an article that these readers may read, itself among them, by language."""
    names = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
    rows = (
        (readers.beside(page) | readers.filter(pk=page.pk))
        .with_edits_since_translated()
        .select_related("translated_from__article")
        .order_by("language")
    )
    known = {row.pk for row in rows}
    versions = []
    for row in rows:
        source = (
            row.translated_from if row.translated_from and row.translated_from.article_id in known else None
        )
        behind = row.edits_since_translated if source else None
        versions.append(LanguageVersion(row, names.get(row.language, row.language), behind, source))
    return versions


def languages(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article's versions in other languages; join one, take one out, say that one is up to date."""
    page = readable(request, slug, head=True)
    joins = request.POST.get("action") == "join"
    form, refused = (
        LanguageForm(request.POST if joins else None, page=page, initial={"key": posted_key(request)}),
        "",
    )
    if request.method == "POST":
        try:
            if decided(request, page, form):
                return redirect("languages", slug=page.wiki_slug)
        except (LanguageTaken, OtherReaders, Outdated) as error:
            refused = str(error)
    versions = versions_of(page, Article.objects.readable_by(reader_of(request)))
    there = {version.article.language for version in versions}
    context = page_head(request, page) | {
        "versions": versions,
        "free": [(code, name) for code, name in settings.WAGTAIL_CONTENT_LANGUAGES if code not in there],
        "form": form,
        "refused": refused,
        "key": posted_key(request),
    }
    return render(
        request, "diplopedia/languages.html", context, status=422 if refused or form.errors else 200
    )


def decided(request: HttpRequest, page: Article, form: LanguageForm) -> bool:
    """Do what the pressed button says; whether it was done. Raises LanguageTaken or Outdated."""
    change = Change(reader_of(request), key=request.POST.get("key", "")[:64] or None)
    action = request.POST.get("action")
    if action == "part":
        actions.part_languages(page, change)
    elif action == "current" and page.translated_from:
        if source := latest_edit(request, pk=page.translated_from.article_id):
            actions.join_languages(page, source, change)
    elif action == "join" and form.is_valid():
        data = form.cleaned_data
        source = latest_edit(request, language=data["language"], title_key=title_key(data["title"]))
        if source is None:
            form.add_error("title", _("No page of this language has that title."))
            return False
        actions.join_languages(page, source, change)
    return not form.errors


def latest_edit(request: HttpRequest, **which: Any) -> Edit | None:
    """Return the newest edit of the page that this reader means, if they may read it."""
    articles = Article.objects.readable_by(reader_of(request)).select_related("latest_edit__article")
    article = articles.filter(**which).first()
    return article.latest_edit if article else None
