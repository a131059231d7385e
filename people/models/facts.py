"""What a person knows, one row a fact. Each fact has its own readers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from people import ilr, permissions
from people.models.audience import Audience
from people.models.languages import Language
from people.models.places import Office, Post, Region
from people.models.profiles import Profile, ProfileQuerySet

if TYPE_CHECKING:
    from people.models.users import User

Row = TypeVar("Row", bound="Fact", covariant=True)


class FactQuerySet(models.QuerySet[Row]):
    """Facts of one sort. Everything that shows, counts or finds them goes through readable_by."""

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """The facts that may be shown to, counted for and found by this user."""
        names = permissions.principals(user)
        return (
            self.filter(_shared(names) | _of(Profile.objects.filter(user=user.pk))) if names else self.none()
        )

    def shared_with(self, user: User | AnonymousUser) -> Self:
        """The same without what only the user may see: alike for all who hold the same offices."""
        names = permissions.principals(user)
        return self.filter(_shared(names)) if names else self.none()


def _shared(names: frozenset[str]) -> models.Q:
    everybody, offices = models.Q(audience=Audience.ALL), permissions.office_ids(names)
    if not offices:
        return everybody
    return everybody | models.Q(audience=Audience.OFFICE) & _of(Profile.objects.filter(office__in=offices))


def _of(people: ProfileQuerySet) -> models.Q:
    """Facts about these people. The database lists the few once, and need not look at the profile of each fact.

    PostgreSQL reckons a list in a question anew for each fact, and reads whole tables instead: an array it does not.
    """
    listed = people.order_by().values("pk")
    if connection.vendor != "postgresql":
        return models.Q(profile__in=listed)
    any_of_them = models.Subquery(listed, template="ANY(ARRAY(%(subquery)s))")
    equal = {"template": "%(expressions)s", "arg_joiner": " = ", "output_field": models.BooleanField()}
    return models.Q(models.Func(models.F("profile"), any_of_them, **equal))


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later, or before if negative; the 28th for a 29 February that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class AssignmentQuerySet(FactQuerySet["Assignment"]):
    """Jobs, past and present."""

    def current(self) -> Self:
        """Those that somebody holds today."""
        today = timezone.localdate()
        return self.filter(models.Q(ended__isnull=True) | models.Q(ended__gte=today), started__isnull=False)


class Fact(models.Model):
    """Something about a person that not everybody need see. `named_by`: the rows that its words name."""

    named_by: ClassVar[tuple[str, ...]] = ()
    profile: models.ForeignKey[Profile, Profile]
    audience = models.CharField(
        _("who sees it"), max_length=6, choices=Audience.choices, default=Audience.ALL
    )

    class Meta:
        abstract = True

    @property
    def principal(self) -> str:
        """The one principal that may read this fact."""
        return self.profile.principal_of(self.audience)


class LanguageSkill(Fact):
    """Speaking and reading as ILR ranks 0–10 (people.ilr). There is no ILR staff score for writing."""

    named_by = ("language",)

    class Source(models.TextChoices):
        SELF = "self", _("Self-assessed")
        TESTED = "tested", _("Tested")
        MANAGER = "manager", _("A manager’s word")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="language_skills")
    language = models.ForeignKey(
        Language, verbose_name=_("language"), on_delete=models.PROTECT, related_name="language_skills"
    )
    speaking = models.PositiveSmallIntegerField(_("speaks"), choices=ilr.CHOICES)
    reading = models.PositiveSmallIntegerField(_("reads"), choices=ilr.CHOICES)
    source = models.CharField(_("how we know"), max_length=8, choices=Source.choices, default=Source.SELF)
    tested_on = models.DateField(_("tested on"), null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["-speaking", "-reading", "language__name"]
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "language"],
                name="language_once_per_person",
                violation_error_message=_(
                    "This language is on the profile already. Change its level instead."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(speaking__lte=ilr.HIGHEST, reading__lte=ilr.HIGHEST),
                name="ilr_ranks_up_to_ten",
            ),
        ]
        indexes = [
            models.Index(
                fields=["language", "speaking", "reading", "profile", "audience", "id"],
                name="who_speaks",
            )
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.levels}"

    @property
    def levels(self) -> str:
        """Speaking and reading as people write them: "3+/3"."""
        return f"{ilr.label(self.speaking)}/{ilr.label(self.reading)}"

    @property
    def cefr(self) -> str:
        """About the same levels in the European framework, "B2 / C1": speaking and reading, once if alike."""
        both = ilr.cefr(self.speaking), ilr.cefr(self.reading)
        return both[0] if both[0] == both[1] else " / ".join(level or "–" for level in both)

    @property
    def valid_until(self) -> dt.date | None:
        """The last day on which the test counts; None without a test, or where tests count for ever."""
        if self.tested_on is None or not settings.LANGUAGE_TEST_YEARS:
            return None
        return years_after(self.tested_on, settings.LANGUAGE_TEST_YEARS)

    @property
    def test_is_old(self) -> bool:
        """Tested longer ago than the ministry lets a test count."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    def clean(self) -> None:
        if self.tested_on and self.tested_on > timezone.localdate():
            raise ValidationError(
                {"tested_on": _("This day has not come yet. Write the day of the last test.")}
            )


class Expertise(Fact):
    """Knowledge of a country or region, how deep, and for how many years."""

    named_by = ("region",)

    class Depth(models.IntegerChoices):
        SOME = 1, _("Some knowledge")
        WORKING = 2, _("Working knowledge")
        DEEP = 3, _("In depth")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="expertise")
    region = models.ForeignKey(
        Region, verbose_name=_("country or region"), on_delete=models.PROTECT, related_name="expertise"
    )
    depth = models.PositiveSmallIntegerField(_("how deep"), choices=Depth.choices, default=Depth.WORKING)
    years = models.PositiveSmallIntegerField(
        _("years"), null=True, blank=True, validators=[MaxValueValidator(70)]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["-depth", models.F("years").desc(nulls_last=True), "region__name"]
        verbose_name = _("region known")
        verbose_name_plural = _("regions known")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "region"],
                name="region_once_per_person",
                violation_error_message=_("This region is on the profile already. Change that line instead."),
            )
        ]
        indexes = [models.Index(fields=["region", "depth", "profile", "audience", "id"], name="who_knows")]

    def __str__(self) -> str:
        return f"{self.region}{_(':')} {self.get_depth_display()}"


class SkillTagQuerySet(models.QuerySet["SkillTag"]):
    """Skills by their words."""

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Those on some profile as a fact this user may read: words kept to oneself are nobody's suggestion."""
        own = ProfileSkill.objects.readable_by(user).filter(tag=models.OuterRef("pk"))
        return self.filter(models.Exists(own))


class SkillTag(TagBase):
    """A skill or topic, in the words colleagues use."""

    objects = SkillTagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def slugify(self, tag: str, i: int | None = None) -> str:
        """The address of a skill; a name of signs alone is its own."""
        return super().slugify(tag, i) or tag


class ProfileSkill(Fact):
    """A skill of a person; also what somebody wants to learn."""

    named_by = ("tag",)

    class Level(models.IntegerChoices):
        SOME = 1, _("Some experience")
        GOOD = 2, _("Experienced")
        EXPERT = 3, _("Expert")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="skills")
    tag = models.ForeignKey(
        SkillTag, verbose_name=_("skill"), on_delete=models.CASCADE, related_name="profile_skills"
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, default=Level.GOOD)
    ask = models.BooleanField(_("ask me about it"), default=False)
    mentor = models.BooleanField(_("can mentor"), default=False)
    learn = models.BooleanField(_("want to learn"), default=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["learn", "-level", "tag__name"]
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "tag"],
                name="skill_once_per_person",
                violation_error_message=_("This skill is on the profile already. Change that line instead."),
            )
        ]
        indexes = [
            models.Index(fields=["tag", "learn", "level", "profile", "audience", "id"], name="who_can")
        ]

    def __str__(self) -> str:
        return str(self.tag)


class Assignment(Fact):
    """A job somebody held or holds: at a post or in an office; `country` where only that is known."""

    named_by = ("post__country", "office", "country")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="assignments")
    post = models.ForeignKey(
        Post,
        verbose_name=_("post"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    country = models.ForeignKey(
        Region,
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    title = models.CharField(_("job title"), max_length=160, blank=True)
    started = models.DateField(
        _("from"), null=True, blank=True, validators=[MinValueValidator(dt.date(1600, 1, 1))]
    )
    ended = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=600, blank=True, default="")  # “Declined appointment.”

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = [models.F("started").desc(nulls_last=True), "-pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [
            models.Index(fields=["post", "ended"], name="who_left_a_post"),
            models.Index(fields=["post", "started", "ended"], name="who_came_to_a_post"),
            # For whether one was at one post SQLite took any index of either, the last made: of all at the post.
            models.Index(fields=["profile", "post"], name="where_somebody_was"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.place} ({self.years})" if self.title else f"{self.place} ({self.years})"

    @property
    def place(self) -> str:
        """The city, else the office, else the country; empty when none is known."""
        if self.post is not None:
            return self.post.town
        return str(self.office or self.country or "")

    @property
    def is_current(self) -> bool:
        """Still there. A job without any date is known to be past, and so is one of whoever left, without an end."""
        if self.ended is None:
            gone = self.profile.historical or self.profile.left_at is not None
            return self.started is not None and not gone
        return self.started is not None and self.ended >= timezone.localdate()

    @property
    def years(self) -> str:
        """Years as in "2019–2022", "2022–now" or "–1893"; empty when none is known."""
        if self.started is None:
            return f"–{self.ended.year}" if self.ended else ""
        if self.is_current:
            return f"{self.started.year}–{_('now')}"
        ended = self.ended or self.profile.left_at
        end = ended.year if ended else self.started.year
        return str(end) if end == self.started.year else f"{self.started.year}–{end}"

    def clean(self) -> None:
        if self.started and self.ended and self.ended < self.started:
            raise ValidationError({"ended": _("This is before the first day. Check both dates.")})


class Education(Fact):
    """Where somebody studied or trained, and what. One is found by the words of what all colleagues see."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="education")
    institution = models.CharField(_("school or university"), max_length=160)
    subject = models.CharField(_("what"), max_length=160, blank=True)
    ended = models.PositiveSmallIntegerField(
        _("until (year)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1600), MaxValueValidator(2100)],
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = [models.F("ended").desc(nulls_last=True), "-pk"]
        verbose_name = _("education")
        verbose_name_plural = _("education")

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.subject, self.institution, self.ended) if part)
