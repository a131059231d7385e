"""Images and documents. Who may read the article a file was added to may read the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image, ImageQuerySet

from diplopedia.models.articles import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User


class OfArticle(models.Model):
    """Something that is as private as the article it belongs to; without one, all colleagues may read it.

    Unless it waits for its article to be published: then only who added it may.
    """

    article = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("article"),
    )
    NAMED_AS: ClassVar[str]

    pending = models.BooleanField(
        default=False,
        editable=False,
        help_text="Added to a page that is not there yet: until it is, the file is its uploader's alone.",
    )

    came_from = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="lent_%(class)ss",
        help_text="The deleted article whose file it was; it takes the file along when it is brought back.",
    )

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """The key by which texts name it: `image:12`, `document:7`."""
        return f"{self.NAMED_AS}:{self.pk}"


class FileQuerySet(models.QuerySet):
    """Files, as far as a reader may have them."""

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Keep the files of articles this user may read, those of no article, and what they just added themselves."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        of_none = Q(article=None) & (Q(pending=False) | Q(uploaded_by_user=user.pk))
        return self.filter(of_none | Q(article__in=Article.objects.readable_by(user).values("pk")))

    def claim(self, pks: Iterable[int], article: Article, author: User) -> None:
        """Give files that this author added to a page that was not there yet to the page, now that it is."""
        waiting = self.filter(pk__in=list(pks), pending=True, uploaded_by_user=author)
        waiting.update(article=article, pending=False)


class WikiImageQuerySet(FileQuerySet, ImageQuerySet):
    """Images, as far as a reader may have them."""


class WikiImage(OfArticle, AbstractImage):
    """An image of an article. Its description is required: it is read aloud to those who cannot see it."""

    NAMED_AS = "image"
    admin_form_fields = (*Image.admin_form_fields, "article")
    objects = WikiImageQuerySet.as_manager()

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]

    def __str__(self) -> str:
        return str(self.title)


class Rendition(AbstractRendition):
    """A resized copy of an image, exactly as private as the image."""

    image = models.ForeignKey(WikiImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter"
            )
        ]


class WikiDocument(OfArticle, AbstractDocument):
    """A file of an article."""

    NAMED_AS = "document"
    admin_form_fields = (*Document.admin_form_fields, "article")
    objects = FileQuerySet.as_manager()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def __str__(self) -> str:
        return str(self.title)
