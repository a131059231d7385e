"""Judged sets name pages and people by what they were called where they were imported from."""

from __future__ import annotations

import pytest

from diplopedia.importing.ledger import Ledger
from people.models import User
from search.entries import Key
from search.evaluation.naming import names_of
from tests.factories import write

pytestmark = pytest.mark.django_db


def test_an_article_and_a_person_have_their_source_ids(outsider: User) -> None:
    page, other = write("Visa policy", author=outsider), write("Port calls", author=outsider)
    ledger = Ledger("archive")
    ledger.enter("article", "visa-policy", page)
    ledger.enter("article", "old-visa-policy", page)
    ledger.enter("staff", "s0042", outsider)
    person = Key("person", outsider.profile.pk)
    assert names_of([Key("article", page.pk), Key("article", other.pk), person]) == {
        Key("article", page.pk): ("visa-policy", "old-visa-policy", f"article:{page.pk}"),
        Key("article", other.pk): (f"article:{other.pk}",),
        person: ("s0042", str(person)),
    }
