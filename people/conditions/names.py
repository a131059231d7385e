"""What one may ask of names."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.conditions.asked import Condition
from people.models import User
from people.names import fold


@dataclass(frozen=True)
class Called(Condition):
    """Part of a name, in any spelling the profile gives."""

    name: str

    @property
    def chip(self) -> str:
        return _("Name has “%(name)s”") % {"name": self.name}

    def clause(self, number: int) -> str:
        return ngettext("has “%(name)s” in the name", "have “%(name)s” in the name", number) % {
            "name": self.name
        }

    @property
    def names(self) -> Q:
        """Whose names have every word. Names are for all readers."""
        test = Q()
        for word in fold(self.name).split():
            test &= Q(sort_key__contains=word) | Q(other_names__icontains=word)
        return test

    def test(self, _reader: User, /) -> Q:
        return self.names


@dataclass(frozen=True)
class StartsWith(Condition):
    """A letter of the list."""

    letter: str

    @property
    def chip(self) -> str:
        return _("Under %(letter)s") % {"letter": self.letter.upper()}

    def clause(self, number: int) -> str:
        return ngettext("stands under %(letter)s", "stand under %(letter)s", number) % {
            "letter": self.letter.upper()
        }

    def test(self, _reader: User, /) -> Q:
        return Q(sort_key__startswith=self.letter)
