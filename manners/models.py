"""The code of conduct and who accepted it; reports, and what was decided on them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manners.querysets import DecisionQuerySet, ReportQuerySet
from people import prose
from people.records import OnRecord

MODERATORS = "Moderators"
ADJUDICATORS = "Adjudicators"
LONGEST_REASON = 1_000
LONGEST_PASSAGE = 2_000
IN_FORCE = "manners:code"


class Code(models.Model):
    """One version of the code of conduct. The newest is in force; adding one asks everybody again."""

    text = models.TextField(
        _("text"),
        help_text=_("Markdown. Once somebody has accepted it, add a new version instead of changing it."),
    )
    html = models.TextField(editable=False)
    created = models.DateTimeField(_("in force since"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("code of conduct")
        verbose_name_plural = _("code of conduct")

    def __str__(self) -> str:
        return str(_("Version of %s") % self.created.date().isoformat())

    def clean(self) -> None:
        """Raise ValidationError where the text was accepted already and would now say something else."""
        accepted = self.pk and self.acceptances.exists()
        if accepted and Code.objects.values_list("text", flat=True).get(pk=self.pk) != self.text:
            raise ValidationError(
                {"text": _("Colleagues have accepted this text. Add a new version: it asks them again.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Render the text."""
        self.html = prose.render(self.text)
        super().save(*args, **kwargs)


class Acceptance(models.Model):
    """Somebody accepted a version of the code of conduct."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code"], name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.code}"


class Report(models.Model):
    """Somebody asks the moderators to look at a thing: a comment, a passage of a page, an edit."""

    class Reason(models.TextChoices):
        UNKIND = "unkind", _("It is unkind or attacks somebody")
        PRIVATE = "private", _("It says what is private or classified")
        FALSE = "false", _("It misleads on purpose")
        RIGHTS = "rights", _("It belongs to somebody else")
        DISPUTE = "dispute", _("We disagree and cannot settle it")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        REFERRED = "referred", _("with the adjudicators")
        CLOSED = "closed", _("decided")

    kind = models.CharField(max_length=30)
    object_pk = models.PositiveBigIntegerField()
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports")
    reason = models.CharField(_("What is wrong?"), max_length=10, choices=Reason.choices)
    words = models.TextField(_("What should the moderators know?"), blank=True)
    passage = models.TextField(_("Passage"), blank=True)
    said = models.TextField(
        blank=True, help_text="The reported text as it was then; later changes do not change it."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    adjudicators = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="disputes")
    created = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=64, null=True, blank=True, unique=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["created", "pk"]
        indexes = [models.Index(fields=["state", "created"], name="reports_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}: {self.get_reason_display()}"


class Decision(OnRecord):
    """What was decided on a report, by whom and why."""

    class Verb(models.TextChoices):
        HIDE = "hide", _("hid the comment")
        SHOW = "show", _("showed the comment again")
        WARN = "warn", _("warned the author")
        DISMISS = "dismiss", _("left it as it is")
        REFER = "refer", _("handed it to the adjudicators")
        RULE = "rule", _("decided the dispute")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="decisions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    reason = models.TextField()
    created = models.DateTimeField(default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} ({self.created:%Y-%m-%d})"
