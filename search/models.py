"""The outbox: what has changed in the database and is not yet known to have reached the engine."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.analysis import words
from search.entries import Key

MOST_TRIES = 8
LONGEST_WAIT = timedelta(minutes=5)


class OutboxQuerySet(models.QuerySet["Outbox"]):
    """Questions to the outbox."""

    def waiting(self) -> Self:
        """Rows the engine may not know of yet, those set aside included."""
        return self.filter(applied_at=None)

    def unseen(self) -> Self:
        """Waiting rows that nobody has tried to apply: the mark does not cover them yet."""
        return self.waiting().filter(tries=0)

    def due(self, now: datetime | None = None) -> Self:
        """Waiting rows whose turn it is, the oldest change first.

        A row that would wait longer than any row is told to got its time from a clock that was ahead.
        """
        now = now or timezone.now()
        its_turn = Q(not_before=None) | Q(not_before__lte=now) | Q(not_before__gt=now + LONGEST_WAIT)
        return self.waiting().filter(its_turn, set_aside_at=None).order_by("version")

    def set_aside(self) -> Self:
        """Rows that failed too often: somebody has to look at them."""
        return self.waiting().exclude(set_aside_at=None)

    def troubled(self) -> Self:
        """Rows that failed, set aside or not."""
        return self.exclude(error="")

    def retry(self) -> int:
        """Take these rows up again, as if they had never failed; returns how many."""
        return self.update(tries=0, error="", not_before=None, set_aside_at=None)

    def changed_since(self, version: int) -> Self:
        """Everything that waits, and everything that changed since a version."""
        return self.filter(Q(applied_at=None) | Q(version__gte=version))

    def newest(self) -> int:
        """The highest version; 0 without any."""
        return self.aggregate(newest=models.Max("version"))["newest"] or 0

    def versions(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The versions of things, for those that have a row."""
        by_kind: dict[str, list[int]] = defaultdict(list)
        for key in keys:
            by_kind[key.kind].append(key.pk)
        return {
            Key(kind, pk): version
            for kind, pks in by_kind.items()
            for pk, version in self.filter(kind=kind, object_id__in=pks).values_list("object_id", "version")
        }


class Outbox(models.Model):
    """One changed thing; one row per thing, however often it changed.

    The row stays when the change is applied, with `applied_at` set, so that a rebuild knows what changed while
    it ran. `version` is the time of the latest change in microseconds, but more than every version before it, whatever
    the clock says: a change made while an older one was being applied is not taken for applied, and engines keep the
    entry with the higher version.
    """

    class Operation(models.TextChoices):
        PUT = "put", _("put")
        REMOVE = "remove", _("remove")

    kind = models.CharField(_("kind"), max_length=40)
    object_id = models.BigIntegerField(_("object"))
    operation = models.CharField(_("operation"), max_length=6, choices=Operation, default=Operation.PUT)
    version = models.BigIntegerField(_("version"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True, default="")
    set_aside_at = models.DateTimeField(_("set aside at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("change for the search")
        verbose_name_plural = _("changes for the search")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_change_per_thing")]
        indexes = [
            models.Index(fields=["version"], condition=Q(applied_at=None), name="outbox_waiting"),
            models.Index(fields=["version"], name="outbox_version"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"

    @property
    def key(self) -> Key:
        """The changed thing."""
        return Key(self.kind, self.object_id)

    def failed(self, error: Exception) -> None:
        """Note a failure: try again later, at growing distances, and set aside visibly after the last try."""
        self.tries += 1
        self.error = f"{type(error).__name__}: {error}"[:2_000]
        self.not_before = timezone.now() + timedelta(seconds=min(2**self.tries, LONGEST_WAIT.total_seconds()))
        if self.tries >= MOST_TRIES:
            self.set_aside_at = timezone.now()
        with transaction.atomic():
            Mark.renew()
            type(self).objects.filter(pk=self.pk, version=self.version).update(
                tries=self.tries,
                error=self.error,
                not_before=self.not_before,
                set_aside_at=self.set_aside_at,
            )


class Mark(models.Model):
    """A word that never comes again, and another one each time that something changed.

    The first row's changes when changes are seen or applied: what was made from the database while nothing was
    unseen is good for as long as the mark stays the same. The second row's changes with the synonyms; higher ones are
    other apps'. A random word, rather than a time or a number, needs no clocks that agree and survives a restored
    back-up.
    """

    ONLY = 1
    SYNONYMS = 2

    word = models.CharField(_("mark"), max_length=32)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")

    def __str__(self) -> str:
        return self.word

    @classmethod
    def renew(cls, row: int = ONLY) -> None:
        """Take another word. Call it in the transaction of the change: the one that takes rows of the outbox as seen
        or applied, or that of a change of synonyms.
        """
        Mark.objects.bulk_create(
            [Mark(pk=row, word=secrets.token_hex(12))],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["word"],
        )


class Lease(models.Model):
    """Who hands changes to the engine: one row, taken for a short while and renewed as long as its holder lives.

    The database's clock is the only one that is asked, since holders may be on several machines.
    """

    ONLY = 1
    LENGTH = timedelta(seconds=10)

    holder = models.CharField(_("holder"), max_length=150, blank=True, default="")
    until = models.DateTimeField(_("until"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return self.holder

    @classmethod
    def take(cls, holder: str) -> bool:
        """Take the lease if nobody has it, or renew one's own; says whether the holder has it now.

        One that ends later than any lease can was taken before the clock was put back.
        """
        Lease.objects.bulk_create([Lease(pk=cls.ONLY)], ignore_conflicts=True)
        free = Q(until=None) | Q(until__lt=Now()) | Q(until__gt=Now() + 2 * cls.LENGTH)
        rows = cls.objects.filter(free | Q(holder=holder), pk=cls.ONLY)
        return bool(rows.update(holder=holder, until=Now() + cls.LENGTH, seen_at=Now()))

    @classmethod
    def renew(cls, holder: str) -> bool:
        """Keep the lease for another while; False when somebody else took it over."""
        rows = cls.objects.filter(pk=cls.ONLY, holder=holder)
        return bool(rows.update(until=Now() + cls.LENGTH, seen_at=Now()))

    @classmethod
    def release(cls, holder: str) -> None:
        """Let go of the lease, so that the next one need not wait for its end."""
        cls.objects.filter(pk=cls.ONLY, holder=holder).update(until=None)


class SynonymGroup(models.Model):
    """Words and phrases that mean the same to those who search; administrators know which."""

    MOST_FORMS = 12
    LONGEST_FORM = 80
    MOST_WORDS = 8

    words = models.TextField(
        _("words and phrases"),
        help_text=_("One on each line, such as “MFA” and “ministry of foreign affairs”."),
    )
    one_way = models.BooleanField(
        _("in one direction only"),
        default=False,
        help_text=_("Who searches for the first finds the others, but not the other way round."),
    )

    class Meta:
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        first, *others = self.forms or [""]
        return f"{first} → {', '.join(others)}" if self.one_way else ", ".join([first, *others])

    @property
    def forms(self) -> list[str]:
        """The words and phrases."""
        return [form for line in self.words.splitlines() if (form := " ".join(line.split()))]

    @property
    def leading(self) -> list[str]:
        """Those that find the others."""
        return self.forms[:1] if self.one_way else self.forms

    def clean(self) -> None:
        """Tidy the lines. Raises ValidationError for what would mean nothing, or would mean two things."""
        self.words = "\n".join(self.forms)
        self._check_forms()
        self._check_repetition()
        self._check_other_groups()

    def _check_forms(self) -> None:
        if len(self.forms) < 2:
            raise _wrong(_("Write at least two, each on a line of its own: one alone means only itself."))
        if len(self.forms) > self.MOST_FORMS:
            raise _wrong(
                _("These are more than %(most)d. Keep those that people really type.")
                % {"most": self.MOST_FORMS}
            )
        for form in self.forms:
            if not words(form):
                raise _wrong(_("“%(form)s” has no letter and no digit to search for.") % {"form": form})
            if len(form) > self.LONGEST_FORM or len(words(form)) > self.MOST_WORDS:
                raise _wrong(
                    _(
                        "“%(form)s” is too long: a phrase may have %(words)d words and %(characters)d characters."
                    )
                    % {"form": form[:40], "words": self.MOST_WORDS, "characters": self.LONGEST_FORM}
                )

    def _check_repetition(self) -> None:
        seen: dict[tuple[str, ...], str] = {}
        for form in self.forms:
            other = seen.setdefault(tuple(words(form)), form)
            if other is not form:
                raise _wrong(
                    _(
                        "“%(one)s” and “%(other)s” are the same to the search, which does not tell capitals, accents "
                        "and hyphens apart. Remove one of them."
                    )
                    % {"one": other, "other": form}
                )

    def _check_other_groups(self) -> None:
        ours = {tuple(words(form)): form for form in self.leading}
        for group in SynonymGroup.objects.exclude(pk=self.pk):
            for form in group.leading:
                if tuple(words(form)) in ours:
                    raise _wrong(
                        _("“%(form)s” already stands in another group: %(group)s. Add the other words there.")
                        % {"form": form, "group": group}
                    )


def _wrong(message: str | Promise) -> ValidationError:
    return ValidationError({"words": message})
