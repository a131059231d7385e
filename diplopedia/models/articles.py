"""The article: a Wagtail page whose text is Markdown, whose facts are typed, and which may be kept to some."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.models import Page

from diplopedia.markdown import Heading, LinkKey, render, title_key
from diplopedia.querysets import ArticleManager
from people.names import fold
from people.permissions import ADMINS, ALL, group_principal, office_principal

RENDER_VERSION = 3
# Languages that are written from the right.
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
RESERVED_SLUGS = frozenset(
    {
        "new",
        "preview",
        "kinds",
        "tags",
        "regions",
        "letters",
        "case-studies",
        "wanted",
        "lists",
        "name",
        "random",
        "all",
        "person",
    }
)
# What belongs to the page as it is now, not to one revision of it: neither stored in nor restored from revisions.
UNREVISIONED = (
    "html", "lead", "contents", "render_version", "latest_edit", "verified_edit", "verified_by",
    "verified_at", "restricted", "deleted_at", "language", "wiki_slug", "title_key", "initial", "office",
    "review_every", "language_set", "translated_from",
)  # fmt: skip


class ArticleIndex(Page):
    """The one parent of all articles. It has no page of its own: `/wiki/` is a view."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["diplopedia.Article"]

    class Meta:
        verbose_name = _("wiki")

    def get_url_parts(self, *args: Any, **kwargs: Any) -> tuple[int, str, str] | None:
        """Return where the wiki begins."""
        return page_url_parts(self, reverse("wiki"), *args, **kwargs)


class TaggedArticle(TaggedItemBase):
    """A topic of an article."""

    content_object = ParentalKey("diplopedia.Article", on_delete=models.CASCADE, related_name="tagged_items")


class Article(Page):
    """One article of the wiki. Read through `Article.objects.readable_by(user)`; written by `actions.save_edit`."""

    body = models.TextField(_("text"), blank=True)
    html = models.TextField(
        blank=True, editable=False, help_text="Rendered, with keys where other pages are named."
    )
    lead = models.TextField(blank=True, editable=False)
    contents = models.JSONField(default=list, editable=False)
    render_version = models.PositiveSmallIntegerField(default=0, editable=False)

    language = models.CharField(_("language"), max_length=10, default="en")
    title_key = models.CharField(max_length=255, editable=False)
    initial = models.CharField(
        max_length=1, editable=False, db_index=True, help_text="The letter it is listed under."
    )
    wiki_slug = models.SlugField(max_length=255, allow_unicode=True, unique=True, editable=False)

    template = models.ForeignKey(
        "diplopedia.ArticleTemplate", null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    facts = models.JSONField(default=dict, blank=True)
    tags = ClusterTaggableManager(through=TaggedArticle, blank=True)
    regions = ParentalManyToManyField("people.Region", blank=True, related_name="articles")
    contacts = ParentalManyToManyField("people.Profile", blank=True, related_name="contact_of")
    office = models.ForeignKey(
        "people.Office", null=True, blank=True, on_delete=models.SET_NULL, related_name="articles"
    )
    review_every = models.PositiveSmallIntegerField(_("review every (months)"), null=True, blank=True)

    latest_edit = models.ForeignKey(
        "diplopedia.Edit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language_set = models.UUIDField(
        null=True, blank=True, editable=False, db_index=True,
        help_text="Shared by the versions of an article in several languages; none where it is the only one.",
    )  # fmt: skip
    translated_from = models.ForeignKey(
        "diplopedia.Edit",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What this page says in its language: an edit of a page in another one.",
    )
    verified_edit = models.ForeignKey(
        "diplopedia.Edit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="verified_articles",
    )
    verified_at = models.DateTimeField(null=True, blank=True)

    restricted = models.BooleanField(default=False)
    groups = models.ManyToManyField("auth.Group", blank=True, related_name="articles")
    offices = models.ManyToManyField("people.Office", blank=True, related_name="restricted_articles")
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleManager()

    parent_page_types = ["diplopedia.ArticleIndex"]
    subpage_types: list[str] = []
    # Links live in our own table, which also knows pages that do not exist yet.
    wagtail_reference_index_ignore = True
    # Readers find articles with the `search` app; the administration's own index stays off the save path.
    search_auto_update = False

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.UniqueConstraint(
                fields=["language", "title_key"], condition=Q(deleted_at=None), name="one_article_per_title"
            )
        ]
        indexes = [
            models.Index(fields=["title_key"]),
            # All that a colleague may read, without its text. Partial, so that it is not taken for a narrow choice.
            models.Index(fields=["restricted"], condition=Q(deleted_at=None), name="living_articles"),
            models.Index(fields=["template", "title_key"]),
        ]

    def get_absolute_url(self) -> str:
        """Return the article's address."""
        return reverse("article", args=[self.wiki_slug])

    def get_url_parts(self, *args: Any, **kwargs: Any) -> tuple[int, str, str] | None:
        """Return the article's address as Wagtail asks for it."""
        return page_url_parts(self, self.get_absolute_url(), *args, **kwargs)

    # -- text ---------------------------------------------------------------------------------------------

    def write(self, title: str, body: str) -> list[LinkKey]:
        """Take a title and a text: set what is derived from them and return what the text links to.

        Raises diplopedia.markdown.TextTooLarge or TextTooDeep.
        """
        rendered = render(body, language=self.language)
        self.title, self.title_key = title, title_key(title)
        self.initial = initial(title)
        self.body, self.html = body, rendered.html
        self.lead = rendered.lead[:600]
        self.contents = [heading._asdict() for heading in rendered.contents]
        self.render_version = RENDER_VERSION
        self.search_description = ""
        return rendered.links

    @property
    def headings(self) -> list[Heading]:
        """The contents list."""
        return [Heading(**heading) for heading in self.contents]

    @property
    def direction(self) -> str:
        """Which way the page's language is written, as HTML says it: `ltr` or `rtl`."""
        return "rtl" if self.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def key(self) -> str:
        """The key that links to this article hold."""
        return f"{self.language}:{self.title_key}"

    def keys(self) -> list[str]:
        """Return every key that leads here: the title's and those of the other names."""
        return [self.key, *(f"{alias.language}:{alias.title_key}" for alias in self.other_names.all())]

    # -- who may read ---------------------------------------------------------------------------------------

    def principals(self) -> frozenset[str]:
        """Return who may read this, for the search: never empty."""
        if not self.restricted:
            return frozenset({ALL})
        groups = {group_principal(group.pk) for group in self.groups.all()}
        offices = {office_principal(office.pk) for office in self.offices.all()}
        return frozenset({ADMINS} | groups | offices)

    def audience(self) -> list[str]:
        """Return the names of the groups and offices a restricted article is kept to."""
        return [group.name for group in self.groups.all()] + [office.name for office in self.offices.all()]

    # -- trust ----------------------------------------------------------------------------------------------

    @property
    def review_due(self) -> datetime.datetime | None:
        """When the verification lapses, or None where nothing was verified or nothing ever falls due."""
        months = self.review_every or (self.template.review_every if self.template else None)
        if not months or not self.verified_at:
            return None
        return self.verified_at + datetime.timedelta(days=round(months * 30.44))

    @property
    def trust(self) -> str:
        """One of `verified`, `stale` (verified, but a review is due) and `open` (never verified)."""
        if not self.verified_at:
            return "open"
        due = self.review_due
        return "stale" if due and due <= timezone.now() else "verified"

    # -- revisions ------------------------------------------------------------------------------------------

    def serializable_data(self) -> dict[str, Any]:
        """Return what a revision keeps: the text and its facts, not what is derived or belongs to the page."""
        data: dict[str, Any] = super().serializable_data()
        return {name: value for name, value in data.items() if name not in UNREVISIONED}

    def with_content_json(self, content: dict[str, Any]) -> Article:
        """Return the article as a revision has it, with what belongs to the page as it is now."""
        article: Article = super().with_content_json(content)
        for name in UNREVISIONED:
            field = self._meta.get_field(name)
            setattr(article, field.attname, getattr(self, field.attname))
        return article

    def lock(self) -> None:
        """Hold the article's row until the transaction ends. On SQLite the write transaction itself is the lock.

        Read afterwards what is to be changed: a statement that waits for a lock sees other tables, those of pages
        and edits among them, as they were before it waited.
        """
        Article.objects.select_for_update().filter(pk=self.pk).order_by("pk").values_list("pk").first()

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Check the fields without Wagtail's own slugs, which `free_slug` sets instead."""
        if not self.wiki_slug:
            self.wiki_slug = free_slug(self.title)
        self.slug = self.wiki_slug
        self.title_key = self.title_key or title_key(self.title)
        super().full_clean(*args, **kwargs)


def initial(title: str) -> str:
    """Return the letter a title is listed under, without accents; # for digits and signs."""
    first = fold(title)[:1].upper()[:1]
    return first if first.isalpha() else "#"


def free_slug(title: str) -> str:
    """Return an address for a title that no article, living or deleted, and no page of ours has."""
    stem = slugify(title, allow_unicode=True)[:240].strip("-") or "page"
    if stem not in RESERVED_SLUGS and not Article.objects.filter(wiki_slug=stem).exists():
        return stem
    taken = set(Article.objects.filter(wiki_slug__startswith=f"{stem}-").values_list("wiki_slug", flat=True))
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken)


def page_url_parts(page: Page, path: str, *args: Any, **kwargs: Any) -> tuple[int, str, str] | None:
    """Return Wagtail's (site id, root url, path) for a page whose address is a view of ours."""
    site = next(
        iter(page._get_relevant_site_root_paths(kwargs.get("request") or (args[0] if args else None))), None
    )
    return (site.site_id, site.root_url, path) if site else None
