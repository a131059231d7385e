"""Reports, and what moderators and adjudicators decide, as each who has a part in them meets it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group

from diplopedia.models import Article
from discussion import actions as talk
from manners.models import Decision, Report
from notices import actions as notices
from notices.models import Notice
from people.models import User
from tests.factories import UserFactory, keep_to, revise, write
from tests.visitor import Visitor, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "afterwards", notices.spread_quietly)


@pytest.fixture
def cast(member: User, outsider: User) -> SimpleNamespace:
    """A rude comment on an open page, who reports it, a moderator, and an adjudicator."""
    page = write("Open page", author=member)
    rude = talk.open_thread(member, "article", page.pk, "Thread", "You are a quibbler.")
    moderator, adjudicator = UserFactory(first_name="Mona"), UserFactory(first_name="Judy")
    moderator.groups.add(Group.objects.get(name="Moderators"))
    adjudicator.groups.add(Group.objects.get(name="Adjudicators"))
    return SimpleNamespace(
        page=page, rude=rude, author=member, reporter=outsider, moderator=moderator, adjudicator=adjudicator
    )


def reports(user: User, kind: str, pk: int, **fields: Any) -> Any:
    visitor, url = Visitor(user), f"/manners/report/{kind}/{pk}/"
    return visitor.sends(url, visitor.form(url), **{"reason": "unkind", "words": "It hurts.", **fields})


def decides(user: User, report: Report, **fields: Any) -> Any:
    return Visitor(user).sends(
        f"/manners/reports/{report.pk}/", **{"seen": report.decisions.count(), **fields}
    )


def heard(user: User) -> list[str]:
    return list(
        Notice.objects.filter(user=user, event__subject_kind="report")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_a_comment_is_reported_hidden_with_a_reason_and_shown_again(cast):
    assert reports(cast.reporter, "comment", cast.rude.pk).url.endswith(f"/talk/comments/{cast.rude.pk}/")
    report = Report.objects.get()
    assert heard(cast.moderator) == ["report"]
    moderator = Visitor(cast.moderator)
    assert "It is unkind or attacks somebody: Open page" in moderator.sees("/manners/queue/")
    seen = moderator.sees(f"/manners/reports/{report.pk}/")
    assert "You are a quibbler." in seen
    assert "It hurts." in seen
    assert "Odile Outsider" in seen
    labels = [
        tag.get_text(" ", strip=True)
        for tag in soup(moderator.opens(f"/manners/reports/{report.pk}/")).select(
            "main :is(legend, form label[for=id_reason])"
        )
    ]
    assert labels[:: len(labels) - 1] == ["Decision", "Why?"]

    assert decides(cast.moderator, report, verb="hide", reason="").status_code == 422
    assert decides(cast.moderator, report, verb="hide", reason="Attack the matter.").status_code == 302
    place = f"{cast.page.get_absolute_url()}talk/"
    for user in (cast.author, cast.reporter):
        shown = Visitor(user).sees(place)
        assert "quibbler" not in shown
        assert "hidden this comment. The reason: Attack the matter." in shown
        assert heard(user) == ["decision"]
    # The text is kept for moderators, and its author learns the reason, not the reporter.
    assert "You are a quibbler." in moderator.sees(f"/manners/reports/{report.pk}/")
    told = Visitor(cast.author).sees(f"/manners/reports/{report.pk}/")
    assert "Attack the matter." in told
    assert "Odile" not in told
    assert "It hurts." not in told

    assert decides(cast.moderator, report, verb="show", reason="It was a joke.").status_code == 302
    assert "quibbler" in Visitor(cast.reporter).sees(place)
    assert list(Decision.objects.values_list("verb", "actor")) == [
        ("hide", cast.moderator.pk),
        ("show", cast.moderator.pk),
    ]


def test_decisions_stay_on_record(cast):
    reports(cast.reporter, "comment", cast.rude.pk)
    decides(cast.moderator, Report.objects.get(), verb="warn", reason="Kindly.")
    decision = Decision.objects.get()
    for change in (
        decision.save,
        decision.delete,
        Decision.objects.all().delete,
        lambda: Decision.objects.update(reason=""),
    ):
        with pytest.raises(TypeError):
            change()
    assert heard(cast.author) == ["decision"]
    assert heard(cast.reporter) == ["decision"]


def test_a_dismissed_report_is_told_to_the_reporter_alone(cast):
    reports(cast.reporter, "comment", cast.rude.pk)
    decides(cast.moderator, Report.objects.get(), verb="dismiss", reason="It is a technical term.")
    assert heard(cast.reporter) == ["decision"]
    assert heard(cast.author) == []
    assert Report.objects.get().state == "closed"


def test_the_same_form_twice_is_one_report(cast):
    visitor, url = Visitor(cast.reporter), f"/manners/report/comment/{cast.rude.pk}/"
    form = visitor.form(url)
    for _ in range(2):
        visitor.sends(url, form, reason="other")
    assert Report.objects.count() == 1
    assert heard(cast.moderator) == ["report"]


def test_passages_and_edits_are_reported_but_only_comments_are_hidden(cast):
    edit = revise(cast.page, "Worse.", author=cast.author, summary="Quibble")
    reports(cast.reporter, "article", cast.page.pk, passage="The embassy")
    reports(cast.reporter, "edit", edit.pk)
    page, of_edit = Report.objects.order_by("pk")
    assert (page.passage, of_edit.said) == ("The embassy", "Quibble")
    assert "revision 2" in Visitor(cast.moderator).sees(f"/manners/reports/{of_edit.pk}/")
    assert decides(cast.moderator, page, verb="hide", reason="No.").status_code == 422
    assert decides(cast.moderator, page, verb="dismiss", reason="Fine.").status_code == 302


def test_two_moderators_at_once_do_not_decide_over_each_other(cast):
    reports(cast.reporter, "comment", cast.rude.pk)
    report = Report.objects.get()
    assert decides(cast.moderator, report, verb="dismiss", reason="Fine.", seen=0).status_code == 302
    late = decides(cast.moderator, report, verb="hide", reason="Not fine.", seen=0)
    assert late.status_code == 422
    assert "Somebody decided meanwhile." in words(late)
    assert "Not fine." in words(late)
    assert [decision.verb for decision in Decision.objects.all()] == ["dismiss"]


def test_a_dispute_is_decided_by_named_adjudicators_and_recorded_on_the_talk_page(cast):
    other = UserFactory(first_name="Justus")
    other.groups.add(Group.objects.get(name="Adjudicators"))
    reports(cast.reporter, "comment", cast.rude.pk, reason="dispute")
    report = Report.objects.get()
    assert decides(cast.adjudicator, report, reason="Too early.").status_code == 404
    assert decides(cast.moderator, report, verb="refer", reason="Please.").status_code == 422
    handed = decides(
        cast.moderator, report, verb="refer", reason="Please.", adjudicators=[cast.adjudicator.pk]
    )
    assert handed.status_code == 302
    assert heard(cast.adjudicator) == ["report"]
    assert Visitor(other).opens(f"/manners/reports/{report.pk}/").status_code == 404
    assert decides(cast.moderator, report, verb="dismiss", reason="I changed my mind.").status_code == 403
    assert decides(cast.adjudicator, report, reason="Say **reader**, not quibbler.").status_code == 302
    seen = Visitor(cast.reporter).sees(f"{cast.page.get_absolute_url()}talk/")
    assert "Decision of the adjudicators" in seen
    assert "Say reader, not quibbler." in seen
    assert decides(cast.adjudicator, report, reason="Again.").status_code == 403
    ruling = cast.rude.thread.comments.get(kind="ruling")
    talk_url = f"{cast.page.get_absolute_url()}talk/comments/{ruling.pk}/"
    assert Visitor(cast.adjudicator).opens(f"{talk_url}edit/").status_code == 403


def test_a_dispute_about_a_page_is_recorded_in_a_thread_of_its_own(cast):
    reports(cast.reporter, "article", cast.page.pk, reason="dispute", passage="The embassy stands")
    report = Report.objects.get()
    decides(cast.moderator, report, verb="refer", reason="Please.", adjudicators=[cast.adjudicator.pk])
    decides(cast.adjudicator, report, reason="It stands.")
    seen = Visitor(cast.reporter).sees(f"{cast.page.get_absolute_url()}talk/")
    assert "It stands." in seen
    assert "The embassy stands" in seen


def test_nobody_decides_about_what_they_wrote_themselves(cast):
    cast.author.groups.add(Group.objects.get(name="Moderators"))
    reports(cast.reporter, "comment", cast.rude.pk)
    report = Report.objects.get()
    assert heard(cast.author) == []
    assert decides(cast.author, report, verb="dismiss", reason="All is well.").status_code == 403
    assert not Decision.objects.exists()


def test_those_without_a_part_meet_no_report_and_no_queue(cast):
    reports(cast.reporter, "comment", cast.rude.pk)
    stranger = Visitor(UserFactory())
    for url in ("/manners/queue/", f"/manners/reports/{Report.objects.get().pk}/"):
        assert stranger.opens(url).status_code == 404, url
    assert decides(stranger.user, Report.objects.get(), verb="hide", reason="Mine.").status_code == 404


# -- restricted pages -----------------------------------------------------------------------------------------


def test_reports_about_a_restricted_page_are_only_for_moderators_who_may_read_it(cast):
    insider = UserFactory()
    insider.groups.add(Group.objects.get(name="Moderators"), Group.objects.get(name="Negotiators"))
    cast.reporter.groups.add(Group.objects.get(name="Negotiators"))
    kept = keep_to(
        Article.objects.get(pk=cast.page.pk), Group.objects.get(name="Negotiators"), by=cast.author
    )
    reports(cast.reporter, "comment", cast.rude.pk)
    report = Report.objects.get()
    assert (heard(insider), heard(cast.moderator)) == (["report"], [])
    outside = Visitor(cast.moderator)
    assert "Open page" not in outside.sees("/manners/queue/")
    assert outside.opens(f"/manners/reports/{report.pk}/").status_code == 404
    for kind, pk in (("comment", cast.rude.pk), ("article", kept.pk), ("edit", kept.latest_edit_id)):
        assert outside.opens(f"/manners/report/{kind}/{pk}/").status_code == 404, kind
        assert outside.sends(f"/manners/report/{kind}/{pk}/", reason="other").status_code == 404, kind
    inside = Visitor(insider)
    assert "Open page" in inside.sees("/manners/queue/")
    assert "Judy" not in words(inside.opens(f"/manners/reports/{report.pk}/"))  # may not read the page
    refused = decides(insider, report, verb="refer", reason="x", adjudicators=[cast.adjudicator.pk])
    assert refused.status_code == 422
    assert Report.objects.get().state == "open"
