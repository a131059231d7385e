"""Pages are made, renamed, deleted, brought back, joined, split and named in any order: every link still leads right.

Beside the database stands a model of a few lines that says where each name must lead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from diplopedia import resolving
from diplopedia.actions import (
    Change,
    Seen,
    TitleTaken,
    bring_back,
    create_article,
    delete,
    give_name,
    join,
    rename,
    split,
    take_name,
)
from diplopedia.markdown import title_key
from diplopedia.models import Alias, Article
from diplopedia.versions import Version
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TITLES = st.sampled_from(["Port", "port", "Djibouti", "Ambouli  Camp", "Tadjoura"])
WHICH = st.integers(0, 50)
BODY = "Text.\n\n## Part\n\nMore of it."


@dataclass
class Page:
    """A page as the rules have it: `names` maps each other name to the page it was lent by, or to None.

    `whole`: whether it has a section that could become a page.
    """

    pk: int
    title: str
    names: dict[str, int | None] = field(default_factory=dict)
    deleted: bool = False
    whole: bool = True


class Names(RuleBasedStateMachine):
    """The wiki, and what must be true of its names."""

    def __init__(self) -> None:
        super().__init__()
        self.all_or_nothing = transaction.atomic()
        self.all_or_nothing.__enter__()
        self.author = UserFactory()
        self.pages: list[Page] = []

    def teardown(self) -> None:
        """Ask for every name as a reader would, then forget all."""
        client = Client()
        client.force_login(self.author)
        for key in self.keys():
            answer = client.get(reverse("name"), {"title": key, "language": "en"})
            assert answer.status_code == {0: 404, 1: 302}.get(len(self.leads(key)), 200)
        transaction.set_rollback(True)
        self.all_or_nothing.__exit__(None, None, None)

    # -- what must be ------------------------------------------------------------------------------------------

    def living(self) -> list[Page]:
        return [page for page in self.pages if not page.deleted]

    def keys(self) -> set[str]:
        return {key for page in self.pages for key in (page.title, *page.names)}

    def leads(self, key: str) -> set[int]:
        """Return the pages that a name may mean: the one with the title, else those with the other name."""
        titled = {page.pk for page in self.living() if page.title == key}
        return titled or {page.pk for page in self.living() if key in page.names}

    def taken(self, key: str, by_other_than: Page | None = None) -> bool:
        return any(page.title == key for page in self.living() if page is not by_other_than)

    @contextmanager
    def refusal(self, *, expected: bool) -> Iterator[None]:
        """Let a title be refused where it has to be, and nowhere else."""
        if not expected:
            yield
            return
        with pytest.raises(TitleTaken), transaction.atomic():
            yield

    def change(self) -> Change:
        return Change(self.author)

    def article(self, page: Page) -> Article:
        return Article.objects.select_related("latest_edit").get(pk=page.pk)

    # -- what may happen ---------------------------------------------------------------------------------------

    @rule(title=TITLES)
    def creates(self, title: str) -> None:
        key = title_key(title)
        with self.refusal(expected=(refused := self.taken(key))):
            made = create_article(title, Version(body=BODY), self.change())
        if not refused:
            self.pages.append(Page(made.article_id, key))

    @precondition(lambda self: self.living())
    @rule(which=WHICH, title=TITLES)
    def renames(self, which: int, title: str) -> None:
        page, key = self.living()[which % len(self.living())], title_key(title)
        with self.refusal(expected=(refused := self.taken(key, page))):
            rename(self.article(page), title, self.change())
        if not refused and key != page.title:
            page.names.pop(key, None)
            page.names[page.title], page.title = None, key

    @precondition(lambda self: self.living())
    @rule(which=WHICH)
    def deletes(self, which: int) -> None:
        page = self.living()[which % len(self.living())]
        delete(self.article(page), self.change())
        page.deleted = True

    @precondition(lambda self: len(self.living()) < len(self.pages))
    @rule(which=WHICH)
    def brings_back(self, which: int) -> None:
        gone = [page for page in self.pages if page.deleted]
        page = gone[which % len(gone)]
        with self.refusal(expected=(refused := self.taken(page.title))):
            bring_back(self.article(page), self.change())
        if refused:
            return
        page.deleted = False
        owners = {page.pk, *page.names.values()} - {None}
        for other in self.pages:
            if other is not page:
                other.names = {key: owner for key, owner in other.names.items() if owner not in owners}

    @precondition(lambda self: self.living())
    @rule(which=WHICH, title=TITLES)
    def names_it(self, which: int, title: str) -> None:
        page, key = self.living()[which % len(self.living())], title_key(title)
        give_name(self.article(page), title, self.change())
        if key != page.title:
            page.names.setdefault(key, None)

    @precondition(lambda self: any(page.names for page in self.living()))
    @rule(which=WHICH)
    def takes_a_name(self, which: int) -> None:
        named = [(page, key) for page in self.living() for key in sorted(page.names)]
        page, key = named[which % len(named)]
        take_name(self.article(page), Alias.objects.get(article=page.pk, title_key=key).pk, self.change())
        del page.names[key]

    @precondition(lambda self: len(self.living()) > 1)
    @rule(which=WHICH, step=st.integers(1, 9))
    def joins(self, which: int, step: int) -> None:
        living = self.living()
        goes = living[which % len(living)]
        stays = living[(which + 1 + step % (len(living) - 1)) % len(living)]
        articles = self.article(goes), self.article(stays)
        seen = Seen(*(article.latest_edit.number for article in articles))
        join(*articles, BODY, self.change(), seen=seen)
        goes.deleted, stays.whole = True, True
        for key, owner in [(goes.title, None), *goes.names.items()]:
            if key != stays.title:
                stays.names.setdefault(key, owner or goes.pk)

    @precondition(lambda self: any(page.whole for page in self.living()))
    @rule(which=WHICH, title=TITLES)
    def splits(self, which: int, title: str) -> None:
        whole = [page for page in self.living() if page.whole]
        article, key = self.article(whole[which % len(whole)]), title_key(title)
        with self.refusal(expected=(refused := self.taken(key))):
            made = split(article, 1, title, self.change(), base=article.latest_edit.number)
        if not refused:
            self.pages.append(Page(made.article_id, key, whole=False))

    # -- what holds after each -----------------------------------------------------------------------------------

    @invariant()
    def every_name_leads_where_the_rules_say(self) -> None:
        keys = {f"en:{key}": self.leads(key) for key in self.keys()}
        found = resolving.targets(keys, self.author)
        addresses = dict(Article.objects.values_list("pk", "wiki_slug"))
        for key, pages in keys.items():
            if not pages:
                assert key not in found
            elif len(pages) == 1:
                assert found[key].url == reverse("article", args=[addresses[next(iter(pages))]])
            else:
                assert found[key].url.startswith(reverse("name"))

    @invariant()
    def no_title_stands_twice_and_no_page_has_its_title_as_another_name(self) -> None:
        living = Article.objects.filter(deleted_at=None)
        titles = list(living.values_list("title_key", flat=True))
        assert sorted(titles) == sorted(page.title for page in self.living())
        assert len(titles) == len(set(titles))
        names = Alias.objects.values_list("article", "title_key")
        assert sorted(names) == sorted((page.pk, key) for page in self.pages for key in page.names)
        assert all(page.title not in page.names for page in self.pages)


def test_names_lead_right_whatever_happens_to_the_pages(db):
    run_state_machine_as_test(
        Names, settings=settings(settings.get_profile("house"), max_examples=6, stateful_step_count=12)
    )
