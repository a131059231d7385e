"""Questions about reports and decisions."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from manners.reportables import reportables
from people.records import RowsOnRecord

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from manners.models import Decision, Report
    from people.models import User


class ReportQuerySet(QuerySet["Report"]):
    """Reports; every door begins with `on_readable`."""

    def on_readable(self, user: User | AnonymousUser) -> Self:
        """Keep the reports about what this user may read now."""
        about = OuterRef("object_pk")  # reports are few among all that may be read
        parts = (Q(Exists(one.readable_by(user).filter(pk=about)), kind=one.kind) for one in reportables())
        return self.filter(reduce(or_, parts, Q(pk=None)))

    def waiting(self, user: User, most: int) -> int:
        """Return how many open reports are about what this user may read now, at most so many: one query."""
        return self.on_readable(user).filter(state="open")[:most].count()

    def for_reading(self) -> Self:
        """Bring along who reported, in the same query."""
        return self.select_related("reporter__profile")


class DecisionQuerySet(RowsOnRecord, QuerySet["Decision"]):
    """Decisions, which are added and read."""
