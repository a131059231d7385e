"""What would make a profile more useful next, most useful first."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from people.facts import Known
from people.models import Profile


@dataclass(frozen=True)
class Hint:
    """One thing to add, why, and where."""

    text: str
    url: str


@dataclass(frozen=True)
class Completeness:
    """How much is there (0–100), and what to add next."""

    percent: int
    hints: list[Hint]


def completeness(profile: Profile, known: Known) -> Completeness:
    """Judge a profile by what colleagues look for. `known` holds what its owner sees: everything."""
    handle = profile.user.username
    checks = [
        (bool(profile.preferred_name or profile.user.get_full_name()), "", _("Say what you are called.")),
        (bool(profile.title), "", _("Add your job title: it stands under your name everywhere.")),
        (
            bool(profile.office_id or profile.post_id),
            "",
            _("Say where you work, so that colleagues find you there."),
        ),
        (
            bool(known.languages),
            "languages",
            _("Add the languages you speak: it is what colleagues look for most."),
        ),
        (bool(known.regions), "regions", _("Add the countries you know.")),
        (bool(known.jobs), "posts", _("Add where you have served.")),
        (bool(known.skills), "skills", _("Add what one may ask you about.")),
        (bool(profile.availability), "", _("Say what you are available for.")),
        (bool(profile.phone), "", _("Add a telephone number.")),
        (bool(profile.about), "", _("Write a few words about yourself.")),
    ]
    missing = [Hint(text, _address(handle, section)) for done, section, text in checks if not done]
    return Completeness(100 * (len(checks) - len(missing)) // len(checks), missing)


def _address(handle: str, section: str) -> str:
    return (
        reverse("people:edit_section", args=[handle, section])
        if section
        else reverse("people:edit", args=[handle])
    )
