"""What one may ask of names."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from django.db.models import Case, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.conditions.asked import BEST, Condition
from people.models import Profile, User
from people.names import nicknames, tokens

MOST_WORDS = 8
NOBODY = Q(pk__in=())


@dataclass(frozen=True)
class Called(Condition):
    """Part of a name, in any spelling the profile gives, or a nickname: the beginnings of words, in any order."""

    name: str

    @property
    def chip(self) -> str:
        return _("Name has “%(name)s”") % {"name": self.name}

    def clause(self, number: int) -> str:
        return ngettext("has “%(name)s” in the name", "have “%(name)s” in the name", number) % {
            "name": self.name
        }

    @property
    def _words(self) -> list[list[str]]:
        return tokens(self.name)[:MOST_WORDS]

    @property
    def names(self) -> Q:
        """Whose names have every word. Names are for all readers."""
        return reduce(operator.and_, map(_begins, self._words)) if self._words else NOBODY

    @property
    def exactly(self) -> Q:
        """Whose names have every word as it stands."""
        return _has([whole for parts in self._words for whole in parts]) if self._words else NOBODY

    def test(self, _reader: User, /) -> Q:
        return whoever(self.names)

    def grade(self, _reader: User, /) -> Combinable | None:
        """Who is called so before who has only a nickname, or the beginning of a word."""
        words = [whole for parts in self._words for whole in parts]
        return Case(When(_has(words), then=Value(BEST)), default=Value(BEST - 1)) if words else None


def whoever(names: Q) -> Q:
    """Whoever has such names or titles, looked for apart: an index has these, a row all that its person writes."""
    return Q(pk__in=Profile.objects.filter(names).order_by().values("pk"))


def _begins(parts: Sequence[str]) -> Q:
    """A name with a word that begins so, whether it is written with a hyphen or not; or with another form of it."""
    joined = "".join(parts)
    options = [Q(found_by__contains=f" {joined}")]
    if len(parts) > 1:
        options.append(reduce(operator.and_, (Q(found_by__contains=f" {part}") for part in parts)))
    options += [_has([other]) for other in sorted(nicknames(joined))]
    return reduce(operator.or_, options)


def _has(words: Sequence[str]) -> Q:
    """A name with all of these words, whole."""
    return reduce(operator.and_, (Q(found_by__contains=f" {word} ") for word in words))


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
