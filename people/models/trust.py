"""What colleagues say of each other's profiles: that a fact is right, or that something is wrong."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.facts import Expertise, Fact, LanguageSkill, ProfileSkill
from people.models.profiles import Profile

Confirmable = LanguageSkill | Expertise | ProfileSkill
RELATIONS: dict[type[Fact], str] = {
    LanguageSkill: "language_skill",
    Expertise: "expertise",
    ProfileSkill: "skill",
}
LONGEST_CLAIM = 160


def claim_of(fact: Fact) -> str:
    """What a fact says, for others to confirm: "pus 7/6", "afg 3", "treaty law 2".

    Empty where there is nothing to confirm, as in the wish to learn something.
    """
    match fact:
        case LanguageSkill():
            return f"{fact.language_id} {fact.speaking}/{fact.reading}"
        case Expertise():
            return f"{fact.region.code} {fact.depth}"
        case ProfileSkill() if not fact.learn:
            return f"{fact.tag.name} {fact.level}"
    return ""


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    """Who confirmed what."""

    def of_facts(self, facts: list[Fact]) -> Self:
        """Those of these facts, the oldest first. Ask only about facts that the reader may read."""
        about = Q(pk__in=[])
        for model, name in RELATIONS.items():
            if pks := [fact.pk for fact in facts if type(fact) is model]:
                about |= Q(**{f"{name}__in": pks})
        return self.filter(about).order_by("created", "pk")

    def of_person(self, profile: Profile) -> Self:
        """Those of any fact of a person, whoever may read it."""
        about = Q(pk__in=[])
        for name in RELATIONS.values():
            about |= Q(**{f"{name}__profile": profile})
        return self.filter(about)

    def in_good_standing(self) -> Self:
        """Those of colleagues who are here or have left; not of accounts that were closed for another reason."""
        left = Q(author__profile__left_at__isnull=False, author__profile__merged_into=None)
        return self.filter(Q(author__is_active=True) | left)


class Endorsement(models.Model):
    """A colleague says, by name, that a fact of another one is right.

    `claim` is what the fact said then. A row of a profile may say something else tomorrow, and nobody has confirmed
    that: `holds` asks it each time.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="endorsements_given"
    )
    language_skill = models.ForeignKey(
        LanguageSkill, null=True, blank=True, on_delete=models.CASCADE, related_name="endorsements"
    )
    expertise = models.ForeignKey(
        Expertise, null=True, blank=True, on_delete=models.CASCADE, related_name="endorsements"
    )
    skill = models.ForeignKey(
        ProfileSkill, null=True, blank=True, on_delete=models.CASCADE, related_name="endorsements"
    )
    claim = models.CharField(max_length=LONGEST_CLAIM)
    created = models.DateTimeField(default=timezone.now)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.CheckConstraint(
                condition=Q(language_skill__isnull=False, expertise__isnull=True, skill__isnull=True)
                | Q(language_skill__isnull=True, expertise__isnull=False, skill__isnull=True)
                | Q(language_skill__isnull=True, expertise__isnull=True, skill__isnull=False),
                name="endorsement_of_one_fact",
            ),
            *(
                models.UniqueConstraint(
                    fields=["author", name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"{name}_endorsed_once",
                )
                for name in RELATIONS.values()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.claim}"

    @property
    def fact(self) -> Confirmable:
        """What was confirmed."""
        fact = self.language_skill or self.expertise or self.skill
        if fact is None:
            raise ValueError("An endorsement is of a language, a region or a skill: set one of them.")
        return fact

    def clean(self) -> None:
        if self.fact.profile.user_id == self.author_id:
            raise ValidationError(
                _("Nobody confirms their own facts: a colleague who knows them first hand does.")
            )


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Suggestions to change something on a profile. Only their author and the person read them."""

    def waiting(self) -> Self:
        """Those that the person has not answered."""
        return self.filter(decided_at=None)


class Correction(models.Model):
    """A colleague tells a person, and nobody else, that something on the profile is not right."""

    class Section(models.TextChoices):
        """The sections in which a profile is edited."""

        ABOUT = "about", _("About")
        CONTACT = "contact", _("Contact and hours")
        AVAILABLE = "available", _("Available for")
        LANGUAGES = "languages", _("Languages")
        REGIONS = "regions", _("Regions known")
        SKILLS = "skills", _("Skills")
        POSTS = "posts", _("Posts")
        EDUCATION = "education", _("Education")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="corrections")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="corrections_suggested"
    )
    section = models.CharField(_("what it is about"), max_length=9, choices=Section, default=Section.ABOUT)
    text = models.TextField(_("what is not right, and what is"), max_length=1000)
    created = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    answer = models.CharField(_("your answer"), max_length=500, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, accepted__isnull=True)
                | Q(decided_at__isnull=False, accepted__isnull=False),
                name="correction_decided_or_not",
            )
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.get_section_display()}"


class Reminder(models.Model):
    """When somebody was last asked by mail whether their profile is still right."""

    profile = models.OneToOneField(
        Profile, on_delete=models.CASCADE, primary_key=True, related_name="reminder"
    )
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")

    def __str__(self) -> str:
        return f"{self.profile} {self.sent_at:%Y-%m-%d}"
