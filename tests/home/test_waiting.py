"""What waits on the front page: pages due for a review that somebody answers for, or that their office keeps."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diplopedia.actions import verify
from diplopedia.models import Article
from home.views import waiting
from people.models import Office, User
from tests.factories import MemberFactory, OfficeFactory, UserFactory, keep_to, write

pytestmark = pytest.mark.django_db


def due(title: str, *, contact: User | None = None, office: Office | None = None) -> Article:
    """Write a page that was verified long ago."""
    author = UserFactory()
    contacts = frozenset({contact.profile.pk}) if contact else frozenset()
    page = write(title, author=author, kind="country-profile", contacts=contacts)
    Article.objects.filter(pk=page.pk).update(office=office)
    verify(page, author, page.edits.get(number=1), timezone.now() - dt.timedelta(days=500))
    return Article.objects.get(pk=page.pk)


def titles(user: User) -> list[str]:
    return sorted(row.title for row in waiting(user, Article.objects.readable_by(user)) if row.label == "")


def test_pages_of_ones_own_and_of_ones_office_wait_once(rosa):
    office, member = OfficeFactory(), MemberFactory()
    # The oldest, so that it would be among the few that are shown.
    keep_to(due("Kept to others", office=office), Group.objects.get(name="Negotiators"), by=member)
    due("Mine", contact=rosa)
    due("Of the office", office=office)
    due("Both", contact=rosa, office=office)
    due("Of another", contact=UserFactory(), office=OfficeFactory())
    assert titles(rosa) == ["Both", "Mine"]
    rosa.profile.office = office
    with CaptureQueriesContext(connection) as captured:
        assert titles(rosa) == ["Both", "Mine", "Of the office"]
    # A join with the contacts beside a condition on the office reads every article.
    assert [query["sql"] for query in captured if "DISTINCT" in query["sql"]] == []
