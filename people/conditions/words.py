"""What one may ask in words that name no language, place or skill: whatever the search finds for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.conditions.asked import Cell, Condition, Params
from people.conditions.names import Called, whoever
from people.models import Profile, User
from people.models.audience import Audience
from search.talk import in_words

EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
PHONE = re.compile(r"\+?[\d ()./-]{6,40}")
RANKED = 200  # so many keep the order in which the search found them
CALLED = 50


@dataclass(frozen=True)
class Words(Condition):
    """Words to be found anywhere on a profile, or in a name. `why` says for each profile found where they stand.

    `typed` are the words that somebody typed where these are another spelling of them. Where the search was away they
    were not `looked_for`, but in names and job titles.
    """

    text: str
    plain: str
    why: Mapping[int, str] = field(default_factory=dict)
    typed: str = ""
    looked_for: bool = True

    @classmethod
    def asked(cls, text: str, plain: str, why: Mapping[int, str], typed: str = "") -> Words:
        """The condition with its own address: `text` in the query language, `plain` its words alone."""
        params: Params = (("q", text), ("plain", "1"))
        return cls(params, text, plain, why, typed)

    @property
    def unknown(self) -> bool:
        """Whether no profile has them as they were typed."""
        return bool(self.typed) or not self.why

    @property
    def said(self) -> str:
        """The words as somebody would say them: head of mission, for all titles of one."""
        return in_words(self.text)

    @property
    def header(self) -> str:
        return f"“{self.said}”"

    @property
    def chip(self) -> str:
        return f"“{self.said}”"

    def clause(self, number: int) -> str:
        return ngettext("has “%(words)s” on the profile", "have “%(words)s” on the profile", number) % {
            "words": self.said
        }

    @property
    def named(self) -> Q:
        """Whom the words name, or whose job title has them all; the search may not know yet of who is new."""
        titled = Q()
        for word in self.plain.split():
            titled &= Q(title__icontains=word)
        return Called((), self.plain).names | titled | _reached_at(self.text.strip())

    def test(self, _reader: User, /) -> Q:
        found = Q(pk__in=list(self.why))
        return whoever(found | self.named) if self.plain else found

    def merit(self, _reader: User, /) -> Combinable | None:
        first = list(self.why)[:RANKED]
        # Of thousands only these need be compared with each of them.
        ranked = [When(pk__in=first, then=_place_in(first))] if first else []
        named = [When(self.named, then=Value(CALLED))] if self.plain else []
        return Case(*ranked, *named, default=Value(0)) if ranked or named else None

    def cell(self, profile: Profile, /) -> Cell:
        return Cell(small=self.why.get(profile.pk, ""))

    def met(self, profile: Profile, /) -> bool:
        return profile.pk in self.why

    def lack(self, _profile: Profile, /) -> str:
        return _("no “%(words)s” on the profile") % {"words": self.said}


def _place_in(keys: Sequence[int]) -> Func:
    """A number for each of these keys, the first the highest: one text, as Django is slow to build many cases."""
    whens = " ".join(f"WHEN {int(pk)} THEN {RANKED - n}" for n, pk in enumerate(keys))
    return Func(F("pk"), template=f"CASE %(expressions)s {whens} END", output_field=IntegerField())


def _reached_at(text: str) -> Q:
    """Whose address or telephone this is, if it is one and stands open to all, however the number is spaced."""
    if EMAIL.fullmatch(text):
        return Q(user__email__iexact=text)
    if not PHONE.fullmatch(text):
        return Q()
    number = r"\D*".join(re.findall(r"\d", text))
    return Q(phone__regex=rf"^\D*{number}\D*$", phone_audience=Audience.ALL)
