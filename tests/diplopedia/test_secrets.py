"""What colleagues outside a page's readers learn of it by doors that are easily forgotten: nothing."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.urls import get_resolver, reverse
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from diplopedia.models import Article, WikiDocument
from people.models import User
from search import dictionary
from tests.factories import UserFactory, keep_to, write
from tests.url_policies import Policy, policy, routes
from tests.visitor import Visitor, words

pytestmark = pytest.mark.django_db
TOKEN = "zyxquartet"
NONSENSE = "qwevortet"


@pytest.fixture
def secret(member: User) -> Article:
    """A page kept to a group, whose title, tag and file say the token."""
    page = write(f"{TOKEN} title", author=member, tags=frozenset({f"{TOKEN.title()} Deal"}))
    page = keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    WikiDocument.objects.create(title=f"{TOKEN} file", article=page, file=ContentFile(b"x", name="a.txt"))
    dictionary.forget()
    return page


@pytest.fixture
def staff(db: None) -> User:
    """Somebody with every permission of the administration, who is no superuser."""
    group = Group.objects.create(name="Staff")
    group.permissions.set(Permission.objects.all())
    for permission in Permission.objects.filter(content_type__model="page"):
        GroupPagePermission.objects.create(
            group=group, page=Page.get_first_root_node(), permission=permission
        )
    for permission in Permission.objects.filter(content_type__model__in=["image", "document"]):
        root = Collection.get_first_root_node()
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    user = UserFactory()
    user.groups.add(group)
    return user


@pytest.mark.parametrize("query", ["tag:%s-deal", "%s deal", 'tag:"%s deal"', "case studies %s deal"])
def test_the_search_knows_a_tag_of_hidden_pages_no_better_than_nonsense(secret, outsider, query):
    def answer(word: str) -> str:
        found = words(Visitor(outsider).opens("/search/", q=query % word))
        return found.replace(word, "…")

    assert answer(TOKEN) == answer(NONSENSE)


def test_the_search_knows_a_tag_of_open_pages(outsider):
    write("Open", tags=frozenset({"Port Calls"}))
    dictionary.forget()
    assert "Port Calls" in Visitor(outsider).sees("/search/", q="tag:port-calls")


def admin_addresses(page: Article, document: WikiDocument) -> list[str]:
    """Return every address of the administration, about the document where it is about one, else about the page."""

    def filled(route: str) -> str:
        pk = document.pk if "document" in route else page.pk
        return "/" + re.sub(r"<(?:\w+:)?\w+>", str(pk), route)

    found = (r for r in routes(get_resolver().url_patterns) if policy(r) is Policy.STAFF)
    return [
        filled(route) for route in found if "(" not in route and "*" not in route and "failwhale" not in route
    ]


def test_the_administration_shows_staff_no_page_and_no_file_they_may_not_read(secret, staff):
    client = Visitor(staff).client
    asked = [
        *admin_addresses(secret, WikiDocument.objects.get()),
        f"/admin/tag-autocomplete/?term={TOKEN[:3]}",
        f"/admin/pages/search/?q={TOKEN}",
    ]
    echo = f"q={TOKEN}"  # the page leads back to the address that was asked for
    said = {url for url in asked if TOKEN in client.get(url).content.decode().lower().replace(echo, "")}
    assert said == set()


def test_staff_without_the_page_cannot_protect_it(secret, staff):
    client = Visitor(staff).client
    answers = [
        client.post(reverse(f"wagtailadmin_pages:{verb}", args=[secret.pk])) for verb in ("lock", "unlock")
    ]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert not Article.objects.get(pk=secret.pk).locked


def test_staff_manage_kinds_and_the_directory(staff):
    client = Visitor(staff).client
    for name in ("wagtailsnippets_diplopedia_articletemplate:list", "wagtailsnippets_people_office:list"):
        assert client.get(reverse(name)).status_code == 200, name
    assert client.get("/admin/").status_code == 200
