"""Taking away files that were added for a page which never came."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Revision

from diplopedia.models import Draft, Link, WikiDocument, WikiImage

NAME = re.compile(r"(?:image|document):\d+", re.IGNORECASE)
AT_ONCE = 200  # files looked for in one pass over all texts


def forgotten_files() -> list[WikiImage | WikiDocument]:
    """Return the files that have waited for their page for longer than drafts are kept, and that no text names."""
    before = timezone.now() - datetime.timedelta(days=settings.DRAFT_DAYS)
    waiting: list[WikiImage | WikiDocument] = [
        *WikiImage.objects.filter(pending=True, article=None, created_at__lt=before).order_by("pk"),
        *WikiDocument.objects.filter(pending=True, article=None, created_at__lt=before).order_by("pk"),
    ]
    keys, named = [file.key for file in waiting], set[str]()
    for start in range(0, len(keys), AT_ONCE):
        named |= named_somewhere(keys[start : start + AT_ONCE])
    return [file for file in waiting if file.key not in named]


def named_somewhere(keys: list[str]) -> set[str]:
    """Return which of these keys of files any page, revision or draft names."""
    names = rf"({'|'.join(keys)})([^0-9]|$)"
    found = set(Link.objects.filter(target_key__in=keys).values_list("target_key", flat=True))
    written: tuple[tuple[QuerySet[Any, Any], str], ...] = (
        (Revision.objects.order_by(), "content"),
        (Draft.objects.order_by(), "fields"),
    )
    for rows, column in written:
        texts = rows.annotate(source=Cast(column, TextField())).filter(source__iregex=names)
        for source in texts.values_list("source", flat=True).iterator():
            found |= {name.lower() for name in NAME.findall(source)}
    return found


@transaction.atomic
def forget_file(file: WikiImage | WikiDocument) -> bool:
    """Take a file away for good, with its copies; False where its page came meanwhile."""
    held = type(file).objects.select_for_update().filter(pk=file.pk, pending=True, article=None).first()
    if held is not None:
        held.delete()
    return held is not None
