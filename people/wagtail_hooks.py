"""Offices, posts, regions, languages, skills and profiles in Wagtail's administration."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from people import leaving, ways_in
from people.administration import DisclosuresView
from people.models import Language, Office, Post, Profile, Region, SkillTag, User
from people.searchables import KIND
from search import outbox
from search.administration import AdministratorsItem


class OfficeViewSet(SnippetViewSet):
    """Bureaux and offices. Moving one moves everything under it."""

    model = Office
    icon = "group"
    list_display = ["name", "acronym", "parent", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "acronym", "slug"]
    search_backend_name = None
    ordering = ["path"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("acronym")]),
        FieldRowPanel([FieldPanel("parent"), FieldPanel("kind")]),
        FieldPanel("slug"),
    ]


class PostViewSet(SnippetViewSet):
    """Embassies, consulates and missions."""

    model = Post
    icon = "site"
    list_display = ["city", "kind", "country", "opened", "closed"]
    list_filter = ["kind"]
    search_fields = ["city", "slug", "country__name"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("city"), FieldPanel("kind"), FieldPanel("country")]),
        FieldPanel("other_names", help_text=gettext_lazy('A list such as ["Kiev"].')),
        FieldRowPanel([FieldPanel("opened"), FieldPanel("closed")]),
        FieldRowPanel([FieldPanel("lat"), FieldPanel("lon"), FieldPanel("timezone")]),
        FieldPanel("emergency_phone"),
        FieldPanel("slug"),
    ]


class RegionViewSet(SnippetViewSet):
    """Countries and regions. A named region is made of the countries that lie in it."""

    model = Region
    icon = "globe"
    list_display = ["name", "kind", "code"]
    list_filter = ["kind"]
    search_fields = ["name", "code", "slug"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("code"), FieldPanel("iso2"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("demonym"), FieldPanel("other_names")]),
        FieldPanel("parents"),
    ]


class LanguageViewSet(SnippetViewSet):
    """Languages and the names people use for them."""

    model = Language
    icon = "comment"
    list_display = ["name", "native_name", "code", "macrolanguage"]
    search_fields = ["name", "native_name", "code"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("tag")]),
        FieldRowPanel([FieldPanel("name"), FieldPanel("native_name")]),
        FieldPanel("other_names", help_text=gettext_lazy('A list such as ["Farsi"].')),
        FieldPanel("macrolanguage"),
        FieldRowPanel([FieldPanel("scripts"), FieldPanel("countries")]),
    ]


class SkillTagViewSet(SnippetViewSet):
    """Skills in the words colleagues use: correct a spelling here and it is corrected on every profile."""

    model = SkillTag
    icon = "tag"
    list_display = ["name", "slug"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [FieldPanel("name"), FieldPanel("slug")]


class ProfileViewSet(SnippetViewSet):
    """What an administrator decides about a person; what people know they edit on their own profile."""

    model = Profile
    icon = "user"
    list_display = ["name", "title", "office", "post", "left_at"]
    list_filter = ["historical"]
    search_fields = ["preferred_name", "sort_key", "user__username", "user__email"]
    search_backend_name = None
    add_to_admin_menu = False
    panels = [
        FieldRowPanel([FieldPanel("preferred_name"), FieldPanel("sort_name")]),
        FieldRowPanel([FieldPanel("title"), FieldPanel("office"), FieldPanel("post")]),
        FieldPanel(
            "left_at", help_text=gettext_lazy("Their pages keep them as author; they are no longer offered.")
        ),
        MultiFieldPanel(
            [FieldPanel("historical"), FieldRowPanel([FieldPanel("born"), FieldPanel("died")])],
            heading=gettext_lazy("Historical record"),
        ),
    ]


class DirectoryGroup(SnippetViewSetGroup):
    """The directory's tables under one entry of the menu."""

    menu_label = gettext_lazy("Directory")
    menu_icon = "group"
    menu_order = 250
    items = (OfficeViewSet, PostViewSet, RegionViewSet, LanguageViewSet, SkillTagViewSet, ProfileViewSet)


register_snippet(DirectoryGroup)


@hooks.register("register_admin_urls")
def disclosure_urls() -> list[URLPattern]:
    """The addresses of who took colleagues along."""
    return [
        path("disclosures/", DisclosuresView.as_view(), name="disclosures"),
        path("disclosures/results/", DisclosuresView.as_view(results_only=True), name="disclosures_results"),
    ]


@hooks.register("register_reports_menu_item")
def disclosures_item() -> AdministratorsItem:
    """Who took colleagues along, among the reports."""
    return AdministratorsItem(
        gettext_lazy("Colleagues taken along"),
        reverse("disclosures"),
        name="disclosures",
        icon_name="download",
        order=620,
    )


@hooks.register("before_delete_user")
def keep_authors(request: HttpRequest, user: User) -> HttpResponse:
    """An account is closed, never deleted: what somebody wrote keeps its author."""
    messages.error(
        request, _("Untick “Active” to close this account. Deleting it would take pages their author.")
    )
    return redirect("wagtailusers_users:edit", user.pk)


@hooks.register("before_edit_user")
def remember_account(request: HttpRequest, user: User) -> None:
    """Whether the account was open before this request."""
    request.account_was_open = user.is_active  # type: ignore[attr-defined]


@hooks.register("after_edit_user")
def note_account(request: HttpRequest, user: User) -> None:
    """An account that was closed or opened again: the profile says since when, or no longer."""
    if user.is_active != request.account_was_open:  # type: ignore[attr-defined]
        leaving.follow([user.pk])


@hooks.register("after_bulk_action")
def note_accounts(_request: HttpRequest, action_type: str, objects: list[Any], _action: Any) -> None:
    """Accounts that were opened or closed together: Wagtail updates them without a signal, so they are saved."""
    accounts = {row.pk: row.is_active for row in objects if isinstance(row, User)}  # as they were before
    for user in User.objects.filter(pk__in=accounts):
        if user.is_active and not accounts[user.pk]:
            # As the signal does, which sees what was stored already.
            user.set_unusable_password()
            ways_in.forget_passkeys(user)
        user.save(update_fields=["is_active", "password"])
    if action_type == "set_active_state":
        leaving.follow(accounts)
    outbox.enqueue(KIND, *Profile.objects.filter(user__in=accounts).values_list("pk", flat=True))


@hooks.register("before_bulk_action")
def keep_authors_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], _action: Any
) -> HttpResponse | None:
    """The same for many accounts at once."""
    if action_type != "delete" or not any(isinstance(row, User) for row in objects):
        return None
    messages.error(
        request,
        _("Accounts are closed, not deleted: choose “Set active state”. Authors stay on their pages."),
    )
    return redirect("wagtailusers_users:index")
