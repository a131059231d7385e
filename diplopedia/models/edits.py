"""Who changed what, when and why: one row per saved revision, never changed and never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diplopedia.querysets import EditQuerySet
from people.records import OnRecord

if TYPE_CHECKING:
    from diplopedia.thanking import Thanked


class Edit(OnRecord):
    """One saved revision of an article. Wagtail's revision holds the text; this row says who and why."""

    class Kind(models.TextChoices):
        CREATE = "create", _("new page")
        EDIT = "edit", _("edit")
        MERGE = "merge", _("merged")
        REVERT = "revert", _("restored")
        RENAME = "rename", _("renamed")
        ACCESS = "access", _("access changed")
        DELETE = "delete", _("deleted")
        UNDO = "undo", _("undo")
        JOIN = "join", _("merged with another page")
        SPLIT = "split", _("section split out")
        NAMES = "names", _("other names changed")
        IMPORT = "import", _("imported")

    article = models.ForeignKey("diplopedia.Article", on_delete=models.PROTECT, related_name="edits")
    revision = models.OneToOneField("wagtailcore.Revision", on_delete=models.PROTECT, related_name="edit")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="edits")
    office = models.ForeignKey(
        "people.Office",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The author's, then.",
    )
    place = models.CharField(
        max_length=120, blank=True, help_text="The author's office or post, as it was called then."
    )
    summary = models.CharField(max_length=300, blank=True)
    minor = models.BooleanField(default=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.EDIT)
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undoes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="undone_by",
        help_text="The earlier edit that this one takes back.",
    )
    size = models.PositiveIntegerField(help_text="Characters of the text.")
    delta = models.IntegerField(help_text="Characters more or fewer than before.")
    key = models.CharField(
        max_length=64, null=True, blank=True, unique=True, help_text="Makes a repeated POST one edit."
    )
    created = models.DateTimeField(default=timezone.now)

    objects = EditQuerySet.as_manager()
    thanked: Thanked | None = None  # set where it is shown

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="one_edit_per_number")]
        indexes = [
            models.Index(fields=["-created", "-id"]),
            models.Index(fields=["author", "-created"]),
            # For what is kept until the readers of any page change.
            models.Index(fields=["-id"], condition=Q(kind__in=["access", "delete"]), name="edits_of_readers"),
            # For what somebody wrote most of, however much they wrote: no edit itself is read for it.
            models.Index(
                fields=["author", "article", "kind"], condition=Q(minor=False), name="edits_written"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} #{self.number}"

    def get_absolute_url(self) -> str:
        """Return the permanent address of this revision."""
        return reverse("revision", args=[self.article.wiki_slug, self.number])

    @property
    def content(self) -> dict[str, Any]:
        """The article's fields as they were saved: `title`, `body`, `facts` and the rest."""
        content: dict[str, Any] = self.revision.content
        return content

    @property
    def form_key(self) -> str:
        """The key of the form that made the edit, without the digest of what it held."""
        return (self.key or "").partition(".")[0]

    @property
    def body(self) -> str:
        """The text as it was saved."""
        return str(self.content.get("body", ""))

    @property
    def facts(self) -> dict[str, str]:
        """The facts as they were saved."""
        facts: dict[str, str] = self.content.get("facts") or {}
        return facts
