"""What rows of tables name: colleagues by address or number, places and languages by any of their names."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress

from diplopedia.importing.values import ImportProblem, Record, text
from people import lookup
from people.models import Profile, Region, SkillTag, User


def _country(name: str) -> Region | None:
    return lookup.region(name, Region.Kind.COUNTRY)


# How each column finds what it names, and what to write where it finds nothing.
FINDERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "language": (
        lookup.language,
        "write its name or ISO 639-3 code, such as pus; one that is not here comes with a line about a language",
    ),
    "region": (lookup.region, "write the name of a country or region, or ISO 3166, such as ken"),
    "country": (_country, "write its name or ISO 3166, such as ken"),
    "post": (lookup.post, "write the city of a post that is here, or leave it empty and name the country"),
    "office": (lookup.office, "write the acronym, name or address of an office that is here"),
}


class Naming:
    """Finds rows by what tables call them; each name is looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Any] = {}

    def find(self, record: Record, column: str) -> Any:
        """Return what a cell names, None where it is empty. Raises ImportProblem where there is no such thing."""
        if not (name := text(record, column)):
            return None
        finder, cure = FINDERS[column]
        key = column, name
        if key not in self._found:
            self._found[key] = finder(name)
        if self._found[key] is None:
            raise ImportProblem(f"{column}: there is no {column} “{name}” here: {cure}.")
        return self._found[key]

    def is_new_skill(self, name: str) -> bool:
        """Return whether this skill is met for the first time, in whatever capitals."""
        key = name.casefold()
        new = key not in self._skills
        self._skills.add(key)
        return new

    def profile(self, record: Record) -> Profile:
        """Return the profile that counts of a row's person, with the account. Raises ImportProblem.

        An address that nobody confirmed may be written into a stranger's account, who would read what stands there.
        """
        number, email = text(record, "id"), text(record, "email").lower()
        user = self._numbered.get(number) or self._addressed.get(email)
        if user is None:
            column, value = ("email", email) if email else ("id", number)
            raise ImportProblem(
                f"{column}: no colleague here has “{value}”, or nobody has confirmed it: is it written right? "
                "Let `manage.py sync_people` bring new colleagues first."
            )
        profile = Profile.objects.select_related("user", "merged_into__user").get(user=user)
        return profile.merged_into or profile

    @cached_property
    def _skills(self) -> set[str]:
        return {name.casefold() for name in SkillTag.objects.values_list("name", flat=True)}

    @cached_property
    def _numbered(self) -> dict[str, int]:
        known = User.objects.exclude(directory_id=None).values_list("directory_id", "pk")
        return {str(number): pk for number, pk in known}

    @cached_property
    def _addressed(self) -> dict[str, int]:
        known = EmailAddress.objects.filter(verified=True).values_list("email", "user")
        return {email.lower(): pk for email, pk in known}
