"""The pages of manners: as many queries for many reports as for one, and hostile words are words."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussion.actions import open_thread
from manners.actions import decide, report
from manners.models import Code, Report
from manners.reportables import matter
from people.models import User
from tests.diplopedia.hostile import ALL
from tests.diplopedia.test_hostile_text import frame_of, harmless
from tests.factories import UserFactory, write
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(db: None) -> User:
    user = UserFactory(first_name="Mona")
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


def reported(words: str = "", title: str = "Thread") -> Report:
    """A report of a comment, by and about somebody new, on a page of its own."""
    reporter, author = UserFactory(), UserFactory()
    page = write(f"Page {Report.objects.count()} {author.username}")
    said = open_thread(author, "article", page.pk, title, words or "Words.")
    found = matter("comment", said.pk, reporter)
    assert found is not None
    return report(reporter, "comment", found, "other", words=words)


def taken(visitor: Visitor, url: str) -> int:
    visitor.opens(url)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.opens(url).status_code == 200
    return len(captured)


def test_the_queue_takes_as_many_queries_for_twenty_reports_as_for_one(moderator):
    counts = []
    for size in (1, 19):
        for _ in range(size):
            reported()
        counts.append(taken(Visitor(moderator), "/manners/queue/"))
    assert counts[0] == counts[1]


@pytest.mark.slow
def test_no_words_of_a_report_a_decision_or_the_code_do_anything(moderator):
    visitor = Visitor(moderator)
    plain = reported("Plain.")
    frames = {
        url: frame_of(visitor, url)
        for url in ("/manners/queue/", f"/manners/reports/{plain.pk}/", "/manners/conduct/")
    }
    for vector in ALL[::6]:
        one = reported(vector, title=vector[:200])
        decide(one, moderator, "hide", vector[:1000])
        harmless(visitor.opens(f"/manners/reports/{one.pk}/"), frames[f"/manners/reports/{plain.pk}/"])
        harmless(
            Visitor(one.reporter).opens(f"/manners/reports/{one.pk}/"),
            frames[f"/manners/reports/{plain.pk}/"],
        )
    harmless(visitor.opens("/manners/queue/", state="closed"), frames["/manners/queue/"])
    code = Code.objects.create(text="\n\n".join(["Be kind.", *ALL[:60]]))
    code.acceptances.create(user=moderator)
    harmless(visitor.opens("/manners/conduct/"), frames["/manners/conduct/"])
