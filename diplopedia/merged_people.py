"""What the wiki moves when two profiles of one person become one."""

from __future__ import annotations

import secrets
from typing import Any

from diplopedia.models import Article, Draft, WikiDocument, WikiImage
from people import merging
from people.models import Profile
from search import outbox


def follow(kept: Profile, gone: Profile, moved: dict[str, list[Any]], **kwargs: Any) -> None:
    """Let pages name the kept profile as their contact, and give its person what was not published yet.

    Revisions say what they said; whoever they name is read as the one kept.
    """
    naming = Article.contacts.through.objects.filter(profile=gone)
    pages = list(naming.values_list("article_id", flat=True))
    already = Article.contacts.through.objects.filter(profile=kept).values("article_id")
    moved[Article._meta.label] = pages
    naming.exclude(article_id__in=list(already.values_list("article_id", flat=True))).update(profile=kept)
    naming.delete()
    wrote = Article.objects.filter(latest_edit__author=gone.user_id).values_list("pk", flat=True)
    outbox.enqueue("article", *{*pages, *wrote})
    drafts = Draft.objects.filter(author=gone.user_id)
    moved[Draft._meta.label] = list(drafts.values_list("pk", flat=True))
    for draft in drafts.filter(key__in=list(Draft.objects.of(kept.user).values_list("key", flat=True))):
        draft.key = secrets.token_urlsafe(18)  # one person has one draft of each key
        draft.save(update_fields=["key"])
    drafts.update(author=kept.user_id)
    for files in (WikiImage, WikiDocument):
        files.objects.filter(uploaded_by_user=gone.user_id, pending=True).update(
            uploaded_by_user=kept.user_id
        )


def connect() -> None:
    """Follow each merger."""
    merging.merged.connect(follow, dispatch_uid="diplopedia.merged_people")
