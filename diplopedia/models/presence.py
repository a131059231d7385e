"""Who is writing at an article now: a row for as long as a window of the editor says so."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from diplopedia.models.articles import Article

if TYPE_CHECKING:
    from people.models import User

# Three signs of life: templates/diplopedia/edit.html says how often one comes.
LASTS = datetime.timedelta(seconds=120)


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Who writes; what is older than a sign of life counts as gone, whether or not its row is there."""

    def now(self) -> Self:
        """Keep those who gave a sign of life lately."""
        return self.filter(seen__gt=timezone.now() - LASTS)

    def others_at(self, slug: str, user: User) -> Self:
        """Keep other people who write at an article now, with their names. Ask first who may read the article."""
        rows = self.now().filter(article__wiki_slug=slug, user__is_active=True).exclude(user=user)
        return rows.select_related("user__profile").order_by("-seen")


class Presence(models.Model):
    """Somebody has an article open in the editor."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(
        max_length=120, blank=True, help_text="Heading of the one section that is edited."
    )
    seen = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="one_presence_per_article")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.article_id}"
