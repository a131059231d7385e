"""What would make a profile more useful next, most useful first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from people import spoken
from people.facts import Known
from people.models import Profile


@dataclass(frozen=True)
class Hint:
    """One thing to add, why, and the section of the profile where."""

    what: str
    why: str
    section: str
    url: str


@dataclass(frozen=True)
class Completeness:
    """How much is there (0–100), and what to add next."""

    percent: int
    hints: list[Hint]


def completeness(profile: Profile, known: Known) -> Completeness:
    """Judge a profile by what colleagues look for. `known` holds what its owner sees: everything."""
    handle = profile.user.username
    checks = list(_checks(profile, known))
    hints = [
        Hint(what, why, section, reverse("people:edit_section", args=[handle, section]))
        for done, section, what, why in checks
        if not done
    ]
    return Completeness(100 * (len(checks) - len(hints)) // len(checks), hints)


def _checks(profile: Profile, known: Known) -> Iterator[tuple[bool, str, str, str]]:
    """Whether something is there, its section, what to add, and why; most useful first."""
    yield bool(profile.title), "about", _("Your job title"), _("It stands under your name everywhere.")
    at = bool(profile.office_id or profile.post_id)
    yield at, "about", _("Where you work"), _("Colleagues at your post or in your office find you there.")
    yield bool(known.languages), "languages", _("Languages you speak or read"), _speech(profile)
    yield bool(known.jobs), "posts", _("Where you have served"), _("Who goes there next can ask you.")
    yield (
        bool(known.regions),
        "regions",
        _("Countries you know"),
        _("Pages about them name you as one to ask."),
    )
    yield (
        bool(known.skills),
        "skills",
        _("What one may ask you about"),
        _("Questions reach who can answer them."),
    )
    ready = bool(profile.ready_for)
    yield ready, "available", _("What you are available for"), _("You are asked for no more than that.")
    yield bool(profile.phone), "contact", _("A telephone number"), _("You choose who sees it.")
    yield (
        bool(profile.about),
        "about",
        _("A few words about yourself"),
        _("So that people know whom they write to."),
    )


def _speech(profile: Profile) -> str:
    """Why to add languages: those of the country where somebody serves are what one asks for first."""
    country = profile.post.country if profile.post else None
    names = [str(tongue) for tongue in spoken.main_of(country.code)[:2]] if country else []
    if not names:
        return _("It is what colleagues look for most.")
    said = _("Where you are, people speak %(languages)s: who can is asked for first.")
    return said % {"languages": get_text_list(names, _("and"))}
