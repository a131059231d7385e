"""Colleagues as subjects of notices: every signed-in reader may know of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from notices import subjects
from notices.subjects import Shown, Subject
from people.models import Profile

if TYPE_CHECKING:
    from people.models import User


class Colleagues(Subject[Profile]):
    """Profiles, by primary key."""

    kind = "person"
    facts_have_readers = True

    def readable_by(self, user: User) -> QuerySet[Profile]:
        """All of them."""
        return Profile.objects.all()

    def shown(self, pks: Collection[int]) -> dict[int, Shown]:
        """Names and addresses."""
        rows = Profile.objects.filter(pk__in=pks).select_related("user")
        return {row.pk: Shown(row.name, row.get_absolute_url()) for row in rows}


def connect() -> None:
    """Make colleagues known."""
    subjects.register(Colleagues())
