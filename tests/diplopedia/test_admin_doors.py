"""The administration's doors to pages: each leads to the wiki, and none changes an article past it."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from diplopedia.models import Article, ArticleIndex, Edit
from home.models import HomePage
from tests.factories import revise, write
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(administrator) -> Visitor:
    return Visitor(administrator)


@pytest.fixture
def page() -> Article:
    page = write("Djibouti", "One.")
    revise(page, "Two.")
    return Article.objects.get(pk=page.pk)


def state() -> list[tuple[object, ...]]:
    """Return everything about articles that a door of the administration could change."""
    columns = (
        "pk",
        "title",
        "slug",
        "wiki_slug",
        "body",
        "live",
        "path",
        "deleted_at",
        "latest_revision",
        "locked",
    )
    return [*Article.objects.order_by("pk").values_list(*columns), Edit.objects.count()]


DOORS = {
    "edit": "edit",
    "copy": "edit",
    "convert_alias": "edit",
    "preview_on_edit": "edit",
    "delete": "delete",
    "unpublish": "delete",
    "set_privacy": "access",
    "history": "history",
    "history_results": "history",
    "revisions_index": "history",
    "usage": "links",
    "view_draft": "article",
    "move": "rename",
    "workflow_history": "edit",
    "confirm_workflow_cancellation": "edit",
}


@pytest.mark.parametrize("name", DOORS)
def test_a_view_of_an_article_leads_to_the_wikis_page_for_it(admin, page, name):
    before = state()
    for act in (admin.opens, admin.sends):
        response = act(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
        assert (response.status_code, response.url) == (302, reverse(DOORS[name], args=[page.wiki_slug]))
    assert state() == before


def test_views_of_a_revision_and_of_a_place_lead_there_too(admin, page):
    before, index = state(), ArticleIndex.objects.get()
    revision = page.edits.get(number=1).revision_id
    for name, args in {
        "revisions_revert": [page.pk, revision],
        "revisions_view": [page.pk, revision],
        "revisions_unschedule": [page.pk, revision],
        "revisions_compare": [page.pk, revision, "latest"],
        "move_confirm": [page.pk, index.pk],
        "set_page_position": [page.pk],
        "workflow_history_detail": [page.pk, 1],
    }.items():
        for act in (admin.opens, admin.sends):
            response = act(reverse(f"wagtailadmin_pages:{name}", args=args))
            assert response.status_code == 302, name
            assert response.url.startswith(page.get_absolute_url()), name
    assert state() == before


def test_adding_an_article_there_begins_one_in_the_wiki(admin):
    index, home = ArticleIndex.objects.get(), HomePage.objects.get()
    before = state()
    for parent in (index, home):
        url = reverse("wagtailadmin_pages:add", args=["diplopedia", "article", parent.pk])
        for act in (admin.opens, admin.sends):
            assert act(url).url.startswith("/wiki/new/")
        url = reverse("wagtailadmin_pages:preview_on_add", args=["diplopedia", "article", parent.pk])
        assert admin.opens(url).url.startswith("/wiki/new/")
    assert admin.opens(reverse("wagtailadmin_pages:add_subpage", args=[index.pk])).url.startswith(
        "/wiki/new/"
    )
    assert state() == before


@pytest.mark.parametrize("action", ["delete", "move", "publish", "unpublish"])
def test_nothing_is_done_to_many_pages_at_once(admin, page, action):
    before = state()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    for act in (admin.opens, admin.sends):
        response = act(f"{url}?id={page.pk}")
        assert response.status_code == 302
    assert state() == before


ACTIONS = [
    "convert_alias",
    "copy",
    "delete",
    "publish",
    "unpublish",
    "move",
    "copy_for_translation",
    "create_alias",
    "revert_to_page_revision",
]


@pytest.mark.parametrize("action", ACTIONS)
def test_the_administrations_api_changes_no_article(admin, page, action):
    before, index = state(), ArticleIndex.objects.get()
    data = {
        "destination_page_id": index.pk,
        "revision_id": page.edits.get(number=1).revision_id,
        "slug": "another",
        "locale": "fr",
        "recursive": True,
    }
    response = admin.client.post(
        f"/admin/api/main/pages/{page.pk}/action/{action}/", json.dumps(data), content_type="application/json"
    )
    assert response.status_code in {302, 403, 404, 405}
    assert state() == before


def test_the_wikis_own_place_in_the_tree_is_not_taken_away(admin, page):
    """Deleting or moving what articles hang on would take them all along."""
    before = state()
    admin.client.raise_request_exception = False
    for parent in (ArticleIndex.objects.get(), HomePage.objects.get()):
        for name in ("delete", "unpublish", "copy"):
            admin.sends(reverse(f"wagtailadmin_pages:{name}", args=[parent.pk]), include_descendants="on")
        admin.client.post(
            f"/admin/api/main/pages/{parent.pk}/action/unpublish/",
            json.dumps({"recursive": True}),
            content_type="application/json",
        )
        admin.client.post(f"/admin/api/main/pages/{parent.pk}/action/delete/")
    assert state() == before
    assert ArticleIndex.objects.count() == 1


def test_protecting_a_page_is_done_there(admin, page):
    admin.sends(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    assert Article.objects.get(pk=page.pk).locked
    admin.sends(reverse("wagtailadmin_pages:unlock", args=[page.pk]))
    assert not Article.objects.get(pk=page.pk).locked


def test_all_sign_in_doors_are_one():
    visitor = Visitor(None)
    for door in ("/admin/login/", "/_util/login/", "/django-admin/login/", "/admin/password_reset/"):
        for act in (visitor.opens, visitor.sends):
            assert act(door).url == "/accounts/login/"
        assert visitor.opens(door, next="/wiki/").url == "/accounts/login/?next=%2Fwiki%2F"
        for elsewhere in (
            "https://evil.example/",
            "//evil.example",
            "javascript:alert(1)",
            "/\\evil.example",
        ):
            assert visitor.opens(door, next=elsewhere).url == "/accounts/login/"
    assert visitor.opens("/admin/").url.startswith("/accounts/login/")


def test_too_many_wrong_passwords_close_every_door(administrator):
    visitor = Visitor(None)
    wrong = {"login": administrator.email, "password": "wrong"}
    for _ in range(6):
        visitor.sends("/accounts/login/", wrong)
    right = wrong | {"password": "correct horse battery staple"}
    for door in ("/accounts/login/", "/admin/login/", "/_util/login/", "/django-admin/login/"):
        visitor.sends(door, right | {"username": administrator.email})
        assert "_auth_user_id" not in visitor.client.session, door
    assert visitor.opens("/").url.startswith("/accounts/login/")


def test_a_right_password_signs_in(administrator):
    visitor = Visitor(None)
    visitor.sends("/accounts/login/", login=administrator.email, password="correct horse battery staple")
    assert visitor.client.session["_auth_user_id"] == str(administrator.pk)
