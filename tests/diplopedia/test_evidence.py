"""What a profile says of somebody's pages: few of many, in order, and only what the reader may read."""

from __future__ import annotations

import pytest

from diplopedia import evidence
from diplopedia.actions import Change, restrict
from diplopedia.models import Article
from people.models import User
from tests.factories import MemberFactory, revise, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(db: None) -> User:
    return MemberFactory()


def titles(author: User, reader: User) -> list[str]:
    return [found.label for found in evidence.pages_of(author.profile, reader)]


def test_contacts_come_first_then_what_was_written_most_then_by_title(author: User, outsider: User) -> None:
    for title in ("Beta", "Alpha", "Gamma"):
        write(title, author=author)
    revise(Article.objects.get(title="Gamma"), "Written again.", author=author)
    Article.contacts.through.objects.create(article=Article.objects.get(title="Beta"), profile=author.profile)
    verified = write("Delta")
    Article.objects.filter(pk=verified.pk).update(verified_by=author)
    assert titles(author, outsider) == ["Beta", "Gamma", "Alpha", "Delta"]


def test_closed_pages_take_no_place_of_open_ones(author: User, outsider: User) -> None:
    for number in range(evidence.SHOWN + 1):
        page = write(f"Closed {number}", author=author)
        revise(page, "Written again.", author=author)
        restrict(Article.objects.get(pk=page.pk), author.groups.all(), [], Change(author=author))
    write("Open", author=author)
    assert titles(author, outsider) == ["Open"]
    assert len(titles(author, author)) == evidence.SHOWN


def test_many_pages_cost_one_query(author: User, outsider: User, django_assert_num_queries) -> None:
    for number in range(evidence.SHOWN + 2):
        write(f"Page {number:02}", author=author)
    _ = outsider.principals
    with django_assert_num_queries(1):
        assert len(titles(author, outsider)) == evidence.SHOWN
