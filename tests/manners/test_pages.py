"""The pages of manners: as many queries for many reports as for one, and hostile words are words."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.models import Article
from discussion.actions import open_thread, reply
from discussion.models import Comment
from manners.actions import decide, report
from manners.models import Code, Report
from manners.reportables import matter
from manners.templatetags import moderating
from people.models import User
from tests.diplopedia.hostile import ALL
from tests.diplopedia.test_hostile_text import frame_of, harmless
from tests.factories import UserFactory, keep_to, write
from tests.visitor import Visitor, soup

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


def in_menu(visitor: Visitor) -> str:
    """What the menu says of reports; nothing where it has no such line."""
    link = soup(visitor.opens("/")).select_one(".menu a[href='/manners/queue/']")
    return " ".join(link.text.split()) if link else ""


def test_the_menu_leads_moderators_to_what_waits_for_them(moderator, member):
    visitor = Visitor(moderator)
    assert in_menu(visitor) == "Reports for moderators"
    one = reported()
    reported()
    hidden = reported()
    page = Article.objects.get(pk=Comment.objects.get(pk=hidden.object_pk).thread.subject_pk)
    keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    assert in_menu(visitor) == "Reports for moderators 2 waiting"
    decide(one, moderator, "dismiss", "Fine.")
    assert in_menu(visitor) == "Reports for moderators 1 waiting"


def test_reports_that_a_moderator_may_not_read_hide_none_that_they_may(moderator, member, monkeypatch):
    monkeypatch.setattr(moderating, "MOST", 2)
    for _ in range(2):  # the oldest, as many as are counted at all
        page = Article.objects.get(pk=Comment.objects.get(pk=reported().object_pk).thread.subject_pk)
        keep_to(page, Group.objects.get(name="Negotiators"), by=member)
    visitor = Visitor(moderator)
    assert in_menu(visitor) == "Reports for moderators"
    for shown in (1, 2, 2):
        reported()
        assert in_menu(visitor) == f"Reports for moderators {shown} waiting"


def test_the_menu_costs_nothing_for_who_is_no_moderator(moderator, member):
    reported()
    visitor = Visitor(member)
    assert in_menu(visitor) == ""
    with CaptureQueriesContext(connection) as captured:
        visitor.opens("/")
    assert not [query for query in captured if "manners_report" in query["sql"]]
    others = taken(visitor, "/")
    assert taken(Visitor(moderator), "/") - others <= 2


def test_who_decides_about_a_first_comment_reads_what_its_thread_is_called(moderator):
    reporter, author = UserFactory(), UserFactory()
    page = write("Port", "Ships call here.")
    first = open_thread(author, "article", page.pk, "A rude title", "Words.", quote="Ships call here.")
    answer = reply(author, first.thread, "More words.")
    one, two = (
        report(reporter, "comment", matter("comment", said.pk, reporter), "unkind")
        for said in (first, answer)
    )
    assert "A rude title" in Visitor(reporter).sees(f"/manners/report/comment/{first.pk}/")
    decide(one, moderator, "hide", "Rude.")
    seen = Visitor(moderator).sees(f"/manners/reports/{one.pk}/")
    assert "A rude title" in seen
    assert "Ships call here." in seen
    assert "A rude title" not in Visitor(moderator).sees(f"/manners/reports/{two.pk}/")
    assert "A rude title" not in Visitor(reporter).sees(f"/manners/reports/{one.pk}/")


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
