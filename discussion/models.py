"""Talk about things: threads, comments, and what comments said before they were changed."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from discussion.querysets import CommentQuerySet, ThreadQuerySet

TALK = "talk"  # the kind of thread that the search knows
LONGEST_TITLE = 200
LONGEST_QUOTE = 2_000
LONGEST_COMMENT = 10_000
MOST_COMMENTS = 500


class Thread(models.Model):
    """One matter that is talked about. `quote` is the passage it is about, as revision `quoted` had it."""

    subject_kind = models.CharField(max_length=30)
    subject_pk = models.PositiveBigIntegerField()
    came_from = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The thing it was begun about, where that was merged into this one."
    )
    title = models.CharField(_("what it is about"), max_length=LONGEST_TITLE)
    quote = models.TextField(_("passage"), blank=True)
    quoted = models.PositiveIntegerField(
        default=0, help_text="The revision that the passage was quoted from."
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")
    created = models.DateTimeField(default=timezone.now)
    active = models.DateTimeField(
        default=timezone.now, help_text="When somebody last wrote or changed its state."
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    size: int
    """How many comments it has, where `for_lists` counted them."""

    class Meta:
        ordering = ["-active", "-pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_pk", "-active", "-id"], name="threads_of_a_thing")
        ]

    def __str__(self) -> str:
        return str(_("Hidden by the moderators")) if self.hidden_at else self.title

    @cached_property
    def hidden_at(self) -> datetime.datetime | None:
        """When a moderator hid its first comment, and with it the title and the passage; `with_hidden_at` knows."""
        return self.comments.order_by("pk").values_list("hidden_at", flat=True).first()


class Comment(models.Model):
    """What somebody said in a thread.

    A withdrawn or hidden comment keeps its place, and its row keeps the text; pages show neither. `key` makes a form
    that is sent twice one comment.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        RULING = "ruling", _("decision of the adjudicators")

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    body = models.TextField()
    html = models.TextField(help_text="Rendered, with keys where pages and colleagues are named.")
    created = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_why = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=64, null=True, blank=True, unique=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["author", "-created"], name="comments_of_somebody")]

    def __str__(self) -> str:
        return f"{self.thread} #{self.pk}"

    @property
    def is_shown(self) -> bool:
        """Whether its words are there to be read."""
        return self.withdrawn_at is None and self.hidden_at is None

    @property
    def form_key(self) -> str:
        """The key of the form that made it, without the digest of what it held."""
        return (self.key or "").partition(".")[0]


class EarlierText(models.Model):
    """What a comment said until it was changed."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="earlier")
    body = models.TextField()
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.comment} until {self.until:%Y-%m-%d %H:%M}"
