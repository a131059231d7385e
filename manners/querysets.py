"""Questions about reports and decisions."""

from __future__ import annotations

from collections import defaultdict
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
        """Return how many open reports are about what this user may read now, among the oldest so many: few queries."""
        open_ones = self.filter(state="open").values_list("kind", "object_pk")[:most]
        about: dict[str, list[int]] = defaultdict(list)
        for kind, pk in open_ones:
            about[kind].append(pk)
        count = 0
        for one in reportables():
            if pks := about.get(one.kind):
                known = set(one.readable_by(user).filter(pk__in=pks).values_list("pk", flat=True))
                count += sum(pk in known for pk in pks)
        return count

    def for_reading(self) -> Self:
        """Bring along who reported, in the same query."""
        return self.select_related("reporter__profile")


class DecisionQuerySet(RowsOnRecord, QuerySet["Decision"]):
    """Decisions, which are added and read."""
