"""What happens in the wiki is told to who watches: pages, topics, places, offices and colleagues."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.actions import Change, bring_back, create_article, delete, rename, verify
from diplopedia.models import Article
from diplopedia.telling import Pages
from diplopedia.versions import Version
from notices import actions
from notices.models import Event, Notice
from notices.wording import sentence
from people.models import Region, User
from tests.factories import MemberFactory, OfficeFactory, UserFactory, keep_to, revise, write

pytestmark = pytest.mark.django_db


def told(user: User) -> list[str]:
    """Return what somebody is told, and may know of, the oldest first."""
    return list(Notice.objects.readable_by(user).order_by("pk").values_list("kind", flat=True))


def test_edits_renames_verification_and_deletion_are_told(rosa, samuel):
    page = write("Port", author=rosa)
    actions.watch(samuel, "article", page.pk)
    edit = revise(page, "Another text.", author=rosa, summary="Shorter")
    rename(page, "Harbour", Change(rosa))
    verify(page, rosa, edit)
    assert told(samuel) == ["edit", "rename", "verify"]
    assert Notice.objects.get(kind="edit").event.words == {"number": 2, "summary": "Shorter"}
    assert Notice.objects.get(kind="rename").event.words["was"] == "Port"
    delete(Article.objects.get(pk=page.pk), Change(rosa))
    assert told(samuel) == ["delete"]


def test_a_page_that_comes_back_is_not_told_as_an_edit(rosa, samuel):
    page = write("Port", author=rosa)
    actions.watch(samuel, "article", page.pk)
    delete(page, Change(rosa))
    bring_back(page, Change(rosa))
    back = Notice.objects.with_all().get(user=samuel, kind="back")
    assert sentence(back) == "Rosa Çelik brought the page back"
    shown = Pages().shown([page.pk])[page.pk]
    assert Pages().address(back.event, shown) == page.get_absolute_url()  # no change to look at
    revise(page, "Another text.", author=rosa)
    assert told(samuel)[-1] == "edit"


@pytest.mark.parametrize("way", ["tag", "region", "office", "person"])
def test_a_page_is_heard_of_by_its_topic_place_office_and_author(rosa, samuel, way):
    bureau = OfficeFactory()
    office = OfficeFactory(parent=bureau)
    country = Region.objects.get(slug="djibouti")
    page = write("Port", author=rosa, tags=frozenset({"Ports"}), regions=frozenset({country.pk}))
    Article.objects.filter(pk=page.pk).update(office=office)
    key = {
        "tag": page.tags.get().pk,
        "region": Region.objects.get(slug="africa").pk,
        "office": bureau.pk,
        "person": rosa.pk,
    }[way]
    actions.watch(samuel, way, key)
    revise(page, "Another text.", author=rosa)
    write("Elsewhere", author=UserFactory())
    assert told(samuel) == ["edit"]


def test_a_new_page_is_told_to_who_watches_its_author(rosa, samuel):
    actions.watch(samuel, "person", rosa.pk)
    write("Port", author=rosa)
    assert told(samuel) == ["create"]


def test_a_colleague_named_anew_is_told_by_handle_and_by_name(rosa, samuel):
    other = UserFactory(first_name="Amara", last_name="Virtanen")
    page = write(
        "Port", f"Ask [[@{samuel.username}]] and [[@Amara Virtanen]] and [[@rosa.celik]].", author=rosa
    )
    revise(page, f"Do ask [[@{samuel.username}]].", author=rosa)
    assert (told(samuel), told(other), told(rosa)) == (["mention"], ["mention"], [])


def test_imports_are_nobodys_news(rosa, samuel):
    actions.watch(samuel, "person", rosa.pk)
    create_article("Old", Version(body="x"), Change(rosa, imported=True))
    create_article("Older", Version(body="x"), Change(rosa, kind="import"))
    assert not Event.objects.exists()


@pytest.fixture
def kept(member: User) -> Article:
    """A page kept to the negotiators, of whose readers one left the group."""
    page = write("Secret", author=member)
    return keep_to(page, Group.objects.get(name="Negotiators"), by=member)


def test_a_page_kept_to_others_afterwards_is_told_no_more(rosa, samuel, member):
    page = write("Open", author=rosa)
    actions.watch(samuel, "article", page.pk)
    revise(page, "Another text.", author=rosa)
    assert told(samuel) == ["edit"]
    keep_to(page, Group.objects.get(name="Negotiators"), by=MemberFactory(is_superuser=True))
    assert told(samuel) == []


def test_who_leaves_the_group_hears_no_more_not_even_of_the_deletion(kept, member, samuel):
    samuel.groups.add(Group.objects.get(name="Negotiators"))
    actions.watch(samuel, "article", kept.pk)
    revise(kept, "Another text.", author=member)
    delete(Article.objects.get(pk=kept.pk), Change(member))
    assert told(User.objects.get(pk=samuel.pk)) == ["delete"]
    samuel.groups.clear()
    assert told(User.objects.get(pk=samuel.pk)) == []


def test_a_closed_account_is_told_nothing(rosa, samuel):
    page = write("Port", author=rosa)
    actions.watch(samuel, "article", page.pk)
    revise(page, "Another text.", author=rosa)
    samuel.is_active = False
    samuel.save()
    assert told(samuel) == []


@pytest.mark.parametrize(
    ("body", "most"), [("Plain.", 1), ("Ask [[@samuel.okafor]] and [[@Rosa Çelik]].", 2)]
)
def test_a_save_asks_the_database_at_most_twice_more(rosa, samuel, monkeypatch, body, most):
    monkeypatch.setattr(actions, "afterwards", lambda event: None)

    def queries(page: Article) -> int:
        revise(page, "First.", author=rosa)
        with CaptureQueriesContext(connection) as captured:
            revise(page, body, author=rosa)
        return len(captured)

    telling = queries(write("Port", author=rosa))
    monkeypatch.setattr("diplopedia.actions.saving.tell_of", lambda *args, **more: None)
    assert 0 < telling - queries(write("Harbour", author=rosa)) <= most
