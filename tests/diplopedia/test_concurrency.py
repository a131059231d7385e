"""Many people at once, on a real database file: every save is kept or refused with its text, and none is an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from diplopedia.models import Article, Edit
from tests.diplopedia.visitor import Visitor, fields_of
from tests.factories import UserFactory, write

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20


def together(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment, each in a thread with its own connection; return the answers in order."""
    waiting = list(acts)
    barrier = Barrier(len(waiting))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(waiting)) as pool:
        return list(pool.map(run, waiting))


def numbers(page: Article) -> list[int]:
    return sorted(page.edits.values_list("number", flat=True))


def test_twenty_savers_of_one_page_are_each_merged_or_asked():
    page = write("Djibouti", "\n\n".join(f"Paragraph {n} is old." for n in range(PEOPLE // 2)))
    url = f"{page.get_absolute_url()}edit/"
    visitors = [Visitor(UserFactory()) for _ in range(PEOPLE)]
    forms = [visitor.form(url) for visitor in visitors]
    # Two people at each paragraph: one of them must be asked.
    bodies = [
        form["body"].replace(f"Paragraph {n // 2} is old.", f"Paragraph {n // 2} is by {n}.")
        for n, form in enumerate(forms)
    ]
    answers = together(
        lambda v=visitor, f=form, b=body: v.sends(url, f, body=b, action="publish")
        for visitor, form, body in zip(visitors, forms, bodies, strict=True)
    )
    assert Counter(answer.status_code for answer in answers) == {302: PEOPLE // 2, 409: PEOPLE // 2}
    saved = Article.objects.get(pk=page.pk).body
    for n, answer in enumerate(answers):
        mine = f"Paragraph {n // 2} is by {n}."
        if answer.status_code == 302:
            assert saved.count(mine) == 1
        else:
            assert mine in fields_of(answer)["mine"]
    assert numbers(page) == list(range(1, PEOPLE // 2 + 2))
    chain = {edit.number: edit.base.number for edit in page.edits.exclude(base=None).select_related("base")}
    assert chain == {number: number - 1 for number in range(2, PEOPLE // 2 + 2)}
    assert Article.objects.get(pk=page.pk).latest_edit.number == PEOPLE // 2 + 1


def test_twenty_savers_of_twenty_pages_are_all_saved():
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
