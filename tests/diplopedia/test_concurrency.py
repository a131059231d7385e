"""Many people at once, on a real database: every save is kept or refused with its text, and none is an error."""

from __future__ import annotations

from collections import Counter
from functools import partial
from threading import Event

import pytest
from taggit.models import Tag

from diplopedia import actions
from diplopedia.actions import Change, TitleTaken, bring_back, delete
from diplopedia.models import Article, Draft, Edit
from tests.factories import UserFactory, write
from tests.together import together
from tests.visitor import Visitor, fields_of, words

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 100


def numbers(page: Article) -> list[int]:
    return sorted(page.edits.values_list("number", flat=True))


def test_a_hundred_savers_of_one_page_are_each_merged_or_asked():
    page = write("Djibouti", "\n\n".join(f"Paragraph {n} is old." for n in range(PEOPLE // 2)))
    url = f"{page.get_absolute_url()}edit/"
    visitors = [Visitor(UserFactory()) for _ in range(PEOPLE)]
    form = visitors[0].form(url) | {"key": ""}
    # Two people at each paragraph: one of them must be asked.
    bodies = [
        form["body"].replace(f"Paragraph {n // 2} is old.", f"Paragraph {n // 2} is by {n}.")
        for n in range(PEOPLE)
    ]
    answers = together(
        lambda v=visitor, b=body: v.sends(url, form, body=b, action="publish")
        for visitor, body in zip(visitors, bodies, strict=True)
    )
    counts = Counter(answer.status_code for answer in answers)
    # 503: a file that many wait for too long to write to. Where nobody waits too long, each paragraph has its two.
    assert set(counts) <= {302, 409, 503}
    assert max(counts[302], counts[409]) <= PEOPLE // 2
    saved = Article.objects.get(pk=page.pk).body
    for n, answer in enumerate(answers):
        mine = f"Paragraph {n // 2} is by {n}."
        if answer.status_code == 302:
            assert saved.count(mine) == 1
        else:
            assert mine in fields_of(answer)["mine" if answer.status_code == 409 else "body"]
    assert numbers(page) == list(range(1, counts[302] + 2))
    chain = {edit.number: edit.base.number for edit in page.edits.exclude(base=None).select_related("base")}
    assert chain == {number: number - 1 for number in range(2, counts[302] + 2)}
    assert Article.objects.get(pk=page.pk).latest_edit.number == counts[302] + 1


def test_a_hundred_savers_of_a_hundred_pages_are_all_saved():
    pages = [write(f"Page {n}", "Old.") for n in range(PEOPLE)]
    visitors = [Visitor(UserFactory()) for _ in range(PEOPLE)]
    answers = together(
        lambda v=visitor, p=page, n=n: v.sends(
            f"{p.get_absolute_url()}edit/", body=f"New {n}.", base="1", tags="Ports"
        )
        for n, (visitor, page) in enumerate(zip(visitors, pages, strict=True))
    )
    assert {answer.status_code for answer in answers} == {302}
    assert [Article.objects.get(pk=page.pk).body for page in pages] == [f"New {n}." for n in range(PEOPLE)]
    assert {number for page in pages for number in numbers(page)} == {1, 2}


def test_words_published_while_a_copy_of_them_arrives_leave_no_draft(monkeypatch):
    page, writer = write("Djibouti", "Old."), UserFactory()
    url = f"{page.get_absolute_url()}edit/"
    window, on_its_way = Visitor(writer), Visitor(writer)
    form = window.form(url) | {"body": "New."}
    asked, published = Event(), Event()
    is_late = actions.is_late

    def asked_just_before(*about):
        found = is_late(*about)
        asked.set()
        published.wait(1)
        return found

    def publish():
        asked.wait(30)
        answer = window.sends(url, form, body="New, and newer.", action="publish")
        published.set()
        return answer

    monkeypatch.setattr(actions, "is_late", asked_just_before)
    copied = partial(
        on_its_way.client.post,
        f"/drafts/?page={page.wiki_slug}",
        form,
        headers={"accept": "application/json"},
    )
    assert [answer.status_code for answer in together([copied, publish])] == [200, 302]
    assert not Draft.objects.exists()


def test_the_same_new_topics_given_to_many_pages_at_once_are_one_of_each():
    topics = [f"Topic {n}" for n in range(6)]
    pages = [write(f"Page {n}", "Old.") for n in range(8)]
    visitors = [Visitor(UserFactory()) for _ in pages]
    answers = together(
        lambda v=visitor, p=page, n=n: v.sends(
            f"{p.get_absolute_url()}edit/",
            body="New.",
            base="1",
            tags=", ".join(topics[n % 6 :] + topics[: n % 6]),
        )
        for n, (visitor, page) in enumerate(zip(visitors, pages, strict=True))
    )
    assert {answer.status_code for answer in answers} == {302}
    assert sorted(Tag.objects.values_list("name", flat=True)) == topics
    assert {tuple(sorted(page.tags.names())) for page in Article.objects.all()} == {tuple(topics)}


def test_the_same_title_taken_at_once_by_renaming_is_given_to_one():
    pages = [write(f"Page {n}", "Text.") for n in range(6)]
    visitors = [Visitor(UserFactory()) for _ in pages]
    forms = [
        visitor.form(f"{page.get_absolute_url()}rename/")
        for visitor, page in zip(visitors, pages, strict=True)
    ]
    answers = together(
        lambda v=visitor, p=page, f=form: v.sends(f"{p.get_absolute_url()}rename/", f, title="Port")
        for visitor, page, form in zip(visitors, pages, forms, strict=True)
    )
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 5}
    refused = [answer for answer in answers if answer.status_code == 200]
    assert all("This title is not available" in words(answer) for answer in refused)
    assert Counter(Article.objects.values_list("title", flat=True))["Port"] == 1


def test_deleted_pages_of_one_title_brought_back_at_once_are_one_page():
    pages = []
    for _ in range(4):
        page = write("Port", "Text.")
        delete(page, Change(UserFactory()))
        pages.append(page)
    author = UserFactory()

    def back(page: Article) -> str:
        try:
            return str(bring_back(page, Change(author)).kind)
        except TitleTaken:
            return "taken"

    assert Counter(together(lambda p=page: back(p) for page in pages)) == {"revert": 1, "taken": 3}
    assert Article.objects.filter(deleted_at=None).count() == 1


def test_the_same_form_sent_at_once_is_one_edit():
    page, user = write("Djibouti", "Old."), UserFactory()
    url = f"{page.get_absolute_url()}edit/"
    form = Visitor(user).form(url) | {"body": "New.", "action": "publish"}
    answers = together([lambda: Visitor(user).sends(url, form)] * 4)
    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, f"{page.get_absolute_url()}?saved=2")
    }
    assert numbers(page) == [1, 2]


def test_the_same_title_begun_at_once_is_one_page_and_every_text_is_kept():
    visitors = [Visitor(UserFactory()) for _ in range(6)]
    forms = [visitor.form("/wiki/new/", title="Port", kind="plain") for visitor in visitors]
    answers = together(
        lambda v=visitor, f=form, n=n: v.sends("/wiki/new/", f, body=f"Text {n}.", action="publish")
        for n, (visitor, form) in enumerate(zip(visitors, forms, strict=True))
    )
    assert Counter(answer.status_code for answer in answers) == {302: 1, 422: 5}
    assert Article.objects.get().title == "Port"
    for n, answer in enumerate(answers):
        if answer.status_code == 422:
            assert fields_of(answer)["body"] == f"Text {n}."
    assert Edit.objects.count() == 1


def test_different_titles_begun_at_once_all_become_pages():
    visitors = [Visitor(UserFactory()) for _ in range(8)]
    forms = [
        visitor.form("/wiki/new/", title=f"Port {n}!", kind="plain") for n, visitor in enumerate(visitors)
    ]
    answers = together(
        lambda v=visitor, f=form: v.sends("/wiki/new/", f, body="Text.", action="publish")
        for visitor, form in zip(visitors, forms, strict=True)
    )
    assert {answer.status_code for answer in answers} == {302}
    assert Article.objects.count() == 8
    assert len({article.path for article in Article.objects.all()}) == 8
    assert Article.objects.first().get_parent().numchild == 8
