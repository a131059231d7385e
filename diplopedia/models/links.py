"""Links between articles and the other names of articles, both by key."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from diplopedia.querysets import LinkQuerySet


class Link(models.Model):
    """An article names a key; who answers to the key is asked when it is read.

    `target_key` is `<language>:<title key>` for an article, `@<name key>` for a person, `image:<id>` or
    `document:<id>` for a file.
    """

    source = models.ForeignKey("diplopedia.Article", on_delete=models.CASCADE, related_name="links")
    target_key = models.CharField(max_length=300)
    title_key = models.CharField(
        max_length=300, blank=True, help_text="Of an article: the key without its language."
    )
    title = models.CharField(
        max_length=300, help_text="As the author wrote it: the title a wanted page would get."
    )
    sections = models.JSONField(default=list, help_text="The ids of the sections that are linked to, if any.")
    to_section = models.BooleanField(default=False, help_text="Whether there are any.")

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target_key"], name="one_link_per_target")]
        indexes = [
            models.Index(fields=["target_key"]),
            models.Index(fields=["title_key"]),
            models.Index(fields=["source"], condition=models.Q(to_section=True), name="links_to_sections"),
        ]

    def __str__(self) -> str:
        return self.target_key


class Alias(models.Model):
    """Another name that leads to an article: a former title, an acronym, another spelling."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former title")
        ALSO = "also", _("also known as")
        JOINED = "joined", _("name of a page merged into this one")

    article = models.ForeignKey("diplopedia.Article", on_delete=models.CASCADE, related_name="other_names")
    title = models.CharField(_("name"), max_length=255)
    language = models.CharField(max_length=10)
    title_key = models.CharField(max_length=255)
    slug = models.SlugField(max_length=255, allow_unicode=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ALSO)
    came_from = models.ForeignKey(
        "diplopedia.Article",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="lent_names",
        help_text="The deleted article whose name it was; it takes the name along when it is brought back.",
    )

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "title_key"], name="one_alias_per_article_and_key"
            )
        ]
        indexes = [models.Index(fields=["title_key"]), models.Index(fields=["slug"])]

    def __str__(self) -> str:
        return self.title
