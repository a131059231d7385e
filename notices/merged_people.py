"""What moves of watches and notices when two profiles of one person become one."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from notices.models import Notice, Watch
from people import merging
from people.models import Profile


def follow(kept: Profile, gone: Profile, moved: dict[str, list[Any]], **kwargs: Any) -> None:
    """Give the kept person what the other watched and was told; who watched the other watches the kept one."""
    mine = Watch.objects.filter(user=kept.user_id, kind=OuterRef("kind"), key=OuterRef("key"))
    watches = without_another(Watch.objects.filter(user=gone.user_id), mine)
    moved[Watch._meta.label] = list(watches.values_list("pk", flat=True))
    told = Notice.objects.filter(user=kept.user_id, event=OuterRef("event"))
    notices = without_another(Notice.objects.filter(user=gone.user_id), told)
    moved[Notice._meta.label] = list(notices.values_list("pk", flat=True))
    Watch.objects.filter(pk__in=moved[Watch._meta.label]).update(user=kept.user_id)
    # Without the letter they were to go by: that was another's.
    Notice.objects.filter(pk__in=moved[Notice._meta.label]).update(user=kept.user_id, letter=None)
    watch_the_kept_one(kept, gone)


def watch_the_kept_one(kept: Profile, gone: Profile) -> None:
    """Let whoever watched the other profile watch the kept one, each once."""
    people, now = Watch.objects.filter(kind=Watch.Kind.PERSON), str(kept.user_id)
    of_gone = people.filter(key=str(gone.user_id))
    of_kept = people.filter(user=OuterRef("user"), key=now)
    moving = list(without_another(of_gone, of_kept).values_list("pk", flat=True))
    Watch.objects.filter(pk__in=moving).update(key=now)
    of_gone.delete()
    people.filter(user=kept.user_id, key=now).delete()  # nobody hears of themselves


def without_another(rows: Any, same: Any) -> Any:
    """Return the rows beside which there is no other that says the same."""
    return rows.annotate(another=Subquery(same.values("pk")[:1])).filter(another=None)


def connect() -> None:
    """Follow each merger."""
    merging.merged.connect(follow, dispatch_uid="notices.merged_people")
