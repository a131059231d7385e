"""Questions about watches, events and notices. What a reader may know is asked of the subjects, each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from notices import subjects

if TYPE_CHECKING:
    from notices.models import Event, Letter, Notice, Watch
    from people.models import User


Row = TypeVar("Row", bound=Model)


class RetriedQuerySet(QuerySet[Row]):
    """Things that may fail and are tried again."""

    def to_try(self) -> Self:
        """Those whose turn it is: not set aside, and not waiting after a failure."""
        return self.filter(set_aside_at=None, not_before__lte=timezone.now())

    def troubled(self) -> Self:
        """Those that failed at their last try."""
        return self.exclude(error="")

    def set_aside(self) -> Self:
        """Those that failed too often: somebody has to look at them."""
        return self.exclude(set_aside_at=None)

    def retry(self) -> int:
        """Take up again those that failed; returns how many."""
        return self.troubled().update(set_aside_at=None, tries=0, not_before=timezone.now())


class WatchQuerySet(RetriedQuerySet["Watch"]):
    """Watches."""

    def troubled(self) -> Self:
        """Those that failed at their last try and that anybody still waits for."""
        return super().troubled().kept().filter(user__is_active=True)

    def kept(self) -> Self:
        """Those that were not stopped."""
        return self.filter(stopped=False)

    def on(self, keys: Iterable[tuple[str, str]]) -> Self:
        """Watches of any of these (kind, key)."""
        by_kind: dict[str, list[str]] = defaultdict(list)
        for kind, key in keys:
            by_kind[kind].append(str(key))
        wanted = Q(pk__in=[])
        for kind, found in by_kind.items():
            wanted |= Q(kind=kind, key__in=found)
        return self.kept().filter(wanted)


class EventQuerySet(RetriedQuerySet["Event"]):
    """Events."""

    def to_spread(self) -> Self:
        """Those nobody was told of yet, the oldest first."""
        return self.filter(spread_at=None).order_by("pk")


class LetterQuerySet(RetriedQuerySet["Letter"]):
    """Letters."""

    def due(self) -> Self:
        """Letters that wait to be sent and that nobody is sending."""
        free = Q(taken_until=None) | Q(taken_until__lt=timezone.now())
        return self.to_try().filter(free, sent_at=None).order_by("pk")

    def waiting(self) -> Self:
        """Letters that are to be sent, now or later."""
        return self.filter(sent_at=None, set_aside_at=None)


class NoticeQuerySet(QuerySet["Notice"]):
    """Notices; every reader's door begins with `readable_by`."""

    def readable_by(self, user: User, kinds: Collection[str] | None = None) -> Self:
        """The notices of somebody, of subjects (of these kinds) that they may read at this moment."""
        if not user.is_active:
            return self.none()
        # Asked of the event of each of their notices: of a join, a database may begin with all events there ever were.
        events = self.model.event.field.related_model._default_manager
        told = events.filter(subjects.readable(user, kinds), pk=OuterRef("event"))
        return self.filter(Exists(told), user=user.pk)

    def subject_kinds(self) -> set[str]:
        """Of which kinds their subjects are: asked first, the question who may read them is as short as can be."""
        return set(self.order_by().values_list("event__subject_kind", flat=True).distinct())

    def unseen(self) -> Self:
        """Those that were not marked as seen."""
        return self.filter(seen_at=None)

    def with_all(self) -> Self:
        """Bring along what a line about each needs."""
        return self.select_related("event__actor__profile", "first", "watch")

    def see(self) -> int:
        """Mark as seen; returns how many were not."""
        return self.unseen().update(seen_at=timezone.now())
