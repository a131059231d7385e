"""What a colleague tells about themselves. Languages, expertise, skills and posts are facts of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import names, permissions, prose
from people.models.audience import Audience
from people.models.places import Office, Post

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models.users import User

STILL_RIGHT_FOR = dt.timedelta(days=365)
FROM_NAMES = {"sort_name", "sort_key", "name_key", "found_by"}  # fields that follow from names
AVAILABLE_FOR = {
    "questions": _("questions"),
    "mentoring": _("mentoring"),
    "interpreting": _("interpreting"),
    "tdy": _("temporary duty"),
}


HERE = models.Q(historical=False, left_at__isnull=True)


def available_now(what: str) -> models.Q:
    """Who is available for one of AVAILABLE_FOR today: says so, and its days have begun and are not over."""
    today = timezone.localdate()
    begun = models.Q((f"{what}_from", None)) | models.Q((f"{what}_from__lte", today))
    lasts = models.Q((f"{what}_until", None)) | models.Q((f"{what}_until__gte", today))
    return models.Q((f"available_{what}", True)) & begun & lasts


def known_timezone(value: str) -> None:
    """Refuse what is no name of the time zone database."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Write one such as “Africa/Nairobi”."), params={"zone": value}
        )


class ProfileQuerySet(models.QuerySet["Profile"]):
    """Profiles, of colleagues and of others."""

    def with_place(self) -> Self:
        """With everything that a line about a person shows."""
        return self.select_related("user", "office", "post__country")

    def locked(self) -> Self:
        """These with their accounts; nobody else changes them until the transaction ends.

        On SQLite the write transaction itself is the lock. What else was read while another held it is read again.
        """
        return self.select_related("user").select_for_update(of=("self",)).order_by("pk")

    def directory(self) -> Self:
        """Colleagues one may turn to: with an open account, who have not left."""
        return self.filter(user__is_active=True, left_at__isnull=True, historical=False)

    def directory_whole(self) -> Self:
        """The same for what counts most of it: the closed accounts are listed once, and no open one is looked up."""
        closed = get_user_model().objects.filter(is_active=False).order_by().values("pk")
        return self.filter(left_at__isnull=True, historical=False).exclude(user__in=closed)

    def departed(self) -> Self:
        """Those who have left. Their profiles say whom to ask instead."""
        return self.filter(left_at__isnull=False, historical=False, merged_into=None)

    def records(self) -> Self:
        """Historical people, kept as a record."""
        return self.filter(historical=True, merged_into=None)

    def accounts_of(self, profile: Profile) -> models.QuerySet[Profile, dict[str, int]]:
        """The account of a person, and those of the profiles that went into theirs, to ask for rows of any of them."""
        return self.accounts_of_any([profile.pk])

    def accounts_of_any(self, pks: Iterable[int]) -> models.QuerySet[Profile, dict[str, int]]:
        """The accounts of several people, by the keys of their profiles."""
        keys = list(pks)
        both = self.filter(models.Q(pk__in=keys) | models.Q(merged_into__in=keys))
        return both.order_by().values("user")

    def kept_of(self, pks: Iterable[int]) -> frozenset[int]:
        """The keys of the profiles that these mean today: of one that went into another, that other."""
        kept = Coalesce("merged_into", "pk")
        return frozenset(self.filter(pk__in=list(pks)).values_list(kept, flat=True))


class Profile(models.Model):
    """One person. Historical people have years of birth and death, and an account nobody can use."""

    class WorkWeek(models.TextChoices):
        MON_FRI = "mon-fri", _("Mon–Fri")
        SUN_THU = "sun-thu", _("Sun–Thu")
        SAT_WED = "sat-wed", _("Sat–Wed")
        MON_SAT = "mon-sat", _("Mon–Sat")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="profile"
    )
    preferred_name = models.CharField(
        _("name"), max_length=160, blank=True, help_text=_("As you want to be called.")
    )
    sort_name = models.CharField(
        _("name in lists"), max_length=160, blank=True, help_text=_("Family name first: “Łukasik, Farida”.")
    )
    sort_key = models.CharField(max_length=160, editable=False, db_index=True, default="")
    name_key = models.CharField(
        max_length=160, editable=False, db_index=True, default=""
    )  # what [[@Name]] asks for
    found_by = models.TextField(editable=False, default="")  # the words of all names
    other_names = models.JSONField(
        _("other names"),
        default=list,
        blank=True,
        help_text=_("Other spellings, transliterations, former names."),
    )
    photo_key = models.CharField(max_length=16, editable=False, blank=True, default="")  # empty: no photo
    photo_audience = models.CharField(
        _("who sees the photo"), max_length=6, choices=Audience.choices, default=Audience.ALL
    )
    title = models.CharField(_("job title"), max_length=160, blank=True)
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="people",
    )
    post = models.ForeignKey(
        Post, verbose_name=_("post"), null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    phone_audience = models.CharField(
        _("who sees the telephone"), max_length=6, choices=Audience.choices, default=Audience.ALL
    )
    timezone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[known_timezone])
    work_week = models.CharField(
        _("working days"), max_length=8, choices=WorkWeek.choices, default=WorkWeek.MON_FRI
    )
    works_from = models.TimeField(_("at work from"), default=dt.time(9))
    works_until = models.TimeField(_("until"), default=dt.time(17, 30))
    about = models.TextField(_("about"), max_length=20_000, blank=True)
    about_html = models.TextField(editable=False, blank=True, default="")
    about_audience = models.CharField(
        _("who sees this text"), max_length=6, choices=Audience.choices, default=Audience.ALL
    )
    born = models.PositiveSmallIntegerField(_("born"), null=True, blank=True)
    died = models.PositiveSmallIntegerField(_("died"), null=True, blank=True)
    historical = models.BooleanField(_("historical record"), default=False)
    available_questions = models.BooleanField(_("questions"), default=False)
    available_mentoring = models.BooleanField(_("mentoring"), default=False)
    available_interpreting = models.BooleanField(_("interpreting"), default=False)
    available_tdy = models.BooleanField(_("temporary duty"), default=False)
    questions_from = models.DateField(_("questions: not before"), null=True, blank=True)
    questions_until = models.DateField(_("questions: until"), null=True, blank=True)
    mentoring_from = models.DateField(_("mentoring: not before"), null=True, blank=True)
    mentoring_until = models.DateField(_("mentoring: until"), null=True, blank=True)
    interpreting_from = models.DateField(_("interpreting: not before"), null=True, blank=True)
    interpreting_until = models.DateField(_("interpreting: until"), null=True, blank=True)
    tdy_from = models.DateField(_("temporary duty: not before"), null=True, blank=True)
    tdy_until = models.DateField(_("temporary duty: until"), null=True, blank=True)
    available_note = models.CharField(_("note on availability"), max_length=200, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateField(_("left the ministry"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="merged"
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = [
            # Who is at an office or a post, counted without reading what people write about themselves.
            models.Index(fields=["office", "post", "user", "id"], condition=HERE, name="people_by_office"),
            models.Index(fields=["post", "user", "id"], condition=HERE, name="people_by_post"),
            # Who is called so, or has such a title, the same way.
            models.Index(fields=["found_by", "title", "id"], name="people_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.preferred_name or self.user.get_full_name() or self.user.get_username()

    @property
    def initials(self) -> str:
        return names.initials(self.name)

    def get_absolute_url(self) -> str:
        return reverse("people:profile", args=[self.user.username])

    @property
    def is_colleague(self) -> bool:
        """Somebody one may turn to; otherwise a leaver, a historical person or an imported author."""
        return self.user.is_active and self.left_at is None and not self.historical

    @property
    def lifespan(self) -> str:
        """Years of birth and death, "1850–1914"; empty when neither is known."""
        return f"{self.born or '?'}–{self.died or '?'}" if self.born or self.died else ""

    def principal_of(self, audience: str) -> str:
        """The one principal that may read what is for this audience; without an office "my office" means only me."""
        if audience == Audience.ALL:
            return permissions.ALL
        if audience == Audience.OFFICE and self.office_id is not None:
            return permissions.office_principal(self.office_id)
        return permissions.user_principal(self.user_id)

    def shows(self, what: str, reader: User | AnonymousUser) -> bool:
        """Whether this reader may know what has an audience of its own: "phone" or "about"."""
        return self.principal_of(getattr(self, f"{what}_audience")) in permissions.principals(reader)

    def shares(self, what: str, reader: User) -> bool:
        """The same for what leaves this page: nobody takes along, or keeps for others, what only they may see."""
        return self.principal_of(getattr(self, f"{what}_audience")) in permissions.held_with_others(reader)

    @property
    def availability(self) -> list[str]:
        """What one may ask of a colleague today: some of questions, mentoring, interpreting, tdy."""
        return [what for what in self.ready_for if self.is_available(what)] if self.is_colleague else []

    @property
    def ready_for(self) -> list[str]:
        """The same whatever the day: also what begins later, or is over."""
        return [what for what in AVAILABLE_FOR if getattr(self, f"available_{what}")]

    def is_available(self, what: str) -> bool:
        """Whether what they are ready for holds today; `available_now` asks the database the same."""
        today = timezone.localdate()
        begins, ends = getattr(self, f"{what}_from"), getattr(self, f"{what}_until")
        return (begins is None or begins <= today) and (ends is None or ends >= today)

    @property
    def due_for_confirmation(self) -> bool:
        """Nobody has said for a year that the facts still hold; of whoever never did, since the account was made."""
        return timezone.now() - (self.confirmed_at or self.user.date_joined) > STILL_RIGHT_FOR

    def confirm(self) -> None:
        """The person says that everything here still holds."""
        self.confirmed_at = timezone.now()
        self.save(update_fields=["confirmed_at"])

    def prepare(self) -> None:
        """Fill what follows from other fields. Call it before bulk_create, which does not call save."""
        self.sort_name = self.sort_name or names.sort_name(self.name, self.user.last_name)
        self.sort_key = names.fold(self.sort_name)[:160]
        self.prepare_names()
        self.about_html = prose.render(self.about)

    def prepare_names(self) -> None:
        """Fill what follows from the names of the account and of the profile."""
        account = self.user
        self.name_key = names.fold(self.name)[:160]
        self.found_by = names.found_by(
            [self.name, account.get_full_name(), self.sort_name, *self.other_names, account.get_username()]
        )

    def save_only(self, fields: Iterable[str]) -> None:
        """Save these fields and what follows from them: what others save meanwhile in the others stays."""
        self.prepare()
        names = {*fields}
        self.save(update_fields=names | FROM_NAMES | ({"about_html"} if "about" in names else set()))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is None:
            self.prepare()
        super().save(*args, **kwargs)
