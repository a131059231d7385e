"""What colleagues watch, what happened, who is told of it, and by which letters."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.querysets import EventQuerySet, LetterQuerySet, NoticeQuerySet, WatchQuerySet

LONGEST_KEY = 300
LONGEST_WAIT = timedelta(hours=4)
MOST_TRIES = 12


class Retried(models.Model):
    """Something to be done that may fail: tried again at growing distances, and set aside visibly after the last try.

    Set aside, it waits for an administrator, who sees `error` and takes it up again.
    """

    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True, default="")
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def failed(self, error: Exception, **changes: Any) -> None:
        """Note a failure by its own fault, and when to try again."""
        self.tries += 1
        now = timezone.now()
        type(self)._default_manager.filter(pk=self.pk).update(
            tries=self.tries,
            error=f"{type(error).__name__}: {error}".replace("\x00", "")[:2_000],
            not_before=now + min(timedelta(minutes=2**self.tries), LONGEST_WAIT),
            set_aside_at=now if self.tries >= MOST_TRIES else None,
            **changes,
        )


class Watch(Retried):
    """Somebody wants to hear of what happens to something.

    `key` is the watched row's primary key as a text, the words of a search, or the address of a question to the
    directory (its query string). A watch that was `stopped` stays, so
    that writing on the page does not begin it again.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", _("page")
        TAG = "tag", _("topic")
        REGION = "region", _("place")
        OFFICE = "office", _("office")
        PERSON = "person", _("colleague")
        SEARCH = "search", _("search")
        QUESTION = "question", _("question to the directory")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=LONGEST_KEY)
    automatic = models.BooleanField(default=False)
    stopped = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)
    looked_at = models.DateTimeField(null=True, blank=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key"], name="one_watch_each")]
        indexes = [
            models.Index(fields=["kind", "key"], condition=Q(stopped=False), name="watchers_of"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class SearchMatch(models.Model):
    """Something that a watched search or question found, by the search's names of it.

    It was told once, or was there at the first look.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="matches")
    kind = models.CharField(max_length=20)
    row = models.BigIntegerField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("match of a search")
        verbose_name_plural = _("matches of searches")
        constraints = [models.UniqueConstraint(fields=["watch", "kind", "row"], name="one_match_each")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.row}"


class Event(Retried):
    """Something happened to a subject: written in the transaction of what happened, told to others afterwards.

    `words` is what its sentence needs beside actor and subject; `addressed` says to whom it is said directly, as a
    mapping from the key of a user to the kind of their notice.
    """

    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    subject_kind = models.CharField(max_length=20)
    subject_pk = models.BigIntegerField()
    url = models.CharField(max_length=600, blank=True)
    words = models.JSONField(default=dict, blank=True)
    addressed = models.JSONField(default=dict, blank=True)
    also = models.JSONField(default=list, blank=True)
    minor = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)
    spread_at = models.DateTimeField(null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["id"], condition=Q(spread_at=None), name="events_to_spread"),
            models.Index(fields=["subject_kind", "subject_pk", "-id"], name="events_of_subject"),
            models.Index(fields=["created"], name="events_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_pk}"


class Letter(Retried):
    """One e-mail to one person, kept until the mail server took it.

    Its words are made when it is sent, from what its reader may read then.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letters")
    word = models.CharField(max_length=64, unique=True, default=secrets.token_hex)
    created = models.DateTimeField(default=timezone.now)
    taken_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(sent_at=None, set_aside_at=None), name="letters_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created:%Y-%m-%d %H:%M}"

    def is_done(self) -> None:
        """The mail server took it, or it had nothing to say."""
        self.sent_at, self.taken_until, self.error = timezone.now(), None, ""
        self.save()

    def let_go(self) -> None:
        """Leave it to the next run, as if it had not been tried."""
        self.taken_until = None
        self.save()

    def failed(self, error: Exception, **changes: Any) -> None:
        """Note a failure, and let another run take it when its time comes."""
        super().failed(error, taken_until=None, **changes)


class Notice(models.Model):
    """One person is told of an event. Several edits of a page by one person within a while are one notice.

    `event` is the latest of them, `first` the earliest. Whether the reader may know of the subject is asked each time
    that a notice is shown, counted or sent: `Notice.objects.readable_by(user)`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="notices")
    first = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    watch = models.ForeignKey(Watch, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices")
    kind = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(
        Letter, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="one_notice_each")]
        indexes = [
            models.Index(fields=["user"], condition=Q(seen_at=None), name="unseen_notices"),
            models.Index(fields=["user", "-created"], name="notices_of"),
            models.Index(fields=["user"], condition=Q(seen_at=None, letter=None), name="notices_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.event}"


class Preference(models.Model):
    """How somebody wants to hear of things. Who never chose has no row: `Preference.of` gives the defaults."""

    class Pace(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DAILY = "daily", _("Every morning")
        WEEKLY = "weekly", _("On Monday mornings")
        NEVER = "never", _("Never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    direct = models.CharField(
        _("What is said to me: mentions, replies, thanks"), max_length=8, choices=Pace, default=Pace.AT_ONCE
    )
    watched = models.CharField(_("What I watch"), max_length=8, choices=Pace, default=Pace.DAILY)
    watch_mine = models.BooleanField(_("Watch the pages that I write on"), default=True)
    feed_word = models.CharField(max_length=32, blank=True, default="")

    SIGNER = "notices.feed"

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: Any) -> Self:
        """What somebody chose, or the defaults, not saved."""
        return cls.objects.filter(user=user.pk).first() or cls(user=user)

    @property
    def feed_token(self) -> str:
        """The secret part of the addresses of somebody's feeds; empty where they have none."""
        if not self.feed_word:
            return ""
        return Signer(salt=self.SIGNER).sign(f"{self.user_id}.{self.feed_word}")

    def renew_feed(self) -> None:
        """Make new addresses; the old ones lead nowhere from now on."""
        self.feed_word = secrets.token_hex(16)
        self.save()

    def end_feed(self) -> None:
        """Have no feeds any more."""
        self.feed_word = ""
        self.save()

    @classmethod
    def owner(cls, token: str) -> int | None:
        """The key of whose feeds a token opens, or None."""
        try:
            user, _dot, word = Signer(salt=cls.SIGNER).unsign(token).partition(".")
        except BadSignature:
            return None
        rows = cls.objects.filter(user__is_active=True, feed_word=word).exclude(feed_word="")
        return rows.filter(user=user).values_list(F("user"), flat=True).first() if user.isdigit() else None
