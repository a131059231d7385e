"""A question to the directory: conditions that all must hold, its address and its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.conditions import Called, Condition, Speaks, StartsWith, Words, options_of
from people.evidence import Subject
from people.models import Profile, User
from people.models.profiles import ProfileQuerySet

RECORDS = "records"
MOST_PARTS = 12  # asked at once: what a page costs grows with them
MOST_NAMED = 6  # of those left out
AND, OR = "and", "or"  # how a language of the form is joined to the one before

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Question:
    """What was asked of the directory, and what was not understood.

    `text` is what was typed into the box, `read` the conditions that were read from it, and `chosen` those
    chosen otherwise. `called` are the same words as a name, where they may be one.
    """

    read: tuple[Condition, ...] = ()
    chosen: tuple[Condition, ...] = ()
    notes: tuple[str, ...] = ()
    records: bool = False
    text: str = ""
    understood: bool = False
    called: Called | None = field(default=None, compare=False)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that must hold; what was both typed and chosen once."""
        asked = {condition.params for condition in self.read}
        return (*self.read, *(one for one in self.chosen if one.params not in asked))

    @property
    def columns(self) -> list[Condition]:
        """The conditions that stand as columns in the answer."""
        return [condition for condition in self.conditions if condition.header]

    @property
    def languages(self) -> list[Speaks]:
        """The languages asked for, those of which one is enough included."""
        options = (option for one in self.conditions for option in options_of(one))
        return [option for option in options if isinstance(option, Speaks)]

    @property
    def subjects(self) -> list[Subject]:
        """The places and topics asked of colleagues, as what pages are about."""
        return [] if self.records else [subject for one in self.conditions if (subject := one.subject)]

    def everybody(self) -> ProfileQuerySet:
        """Whom it is about: colleagues, or historical records."""
        return Profile.objects.records() if self.records else Profile.objects.directory()

    def meeting(self, reader: User) -> ProfileQuerySet:
        """The people who meet every condition, in no order."""
        found = self.everybody()
        for condition in self.conditions:
            found = found.filter(condition.test(reader))
        return found.order_by()

    def of(self, conditions: Iterable[Condition]) -> Question:
        """Another question about the same people."""
        return Question(chosen=tuple(conditions), records=self.records)

    def without(self, condition: Condition) -> Question:
        """This question without one condition."""
        return self.of(other for other in self.conditions if other is not condition)

    def bounded(self, unread: Iterable[object] = ()) -> Question:
        """The first conditions, as many as may be asked at once; a note says which, or what else, was left out."""
        _kept, left = first(MOST_PARTS, self.conditions, lambda condition: condition.parts)
        left_out = [*(condition.chip for condition in left), *map(str, unread)]
        if not left_out:
            return self
        read, chosen = (
            tuple(one for one in some if not any(one is other for other in left))
            for some in (self.read, self.chosen)
        )
        return replace(self, read=read, chosen=chosen, notes=(*self.notes, _left_out(left_out)))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The names and values of an address that asks the same, nothing of it as a question in words."""
        return self._pairs(self.conditions)

    @property
    def chosen_pairs(self) -> list[tuple[str, str]]:
        """Those of what was not typed: what the box repeats beside its text."""
        return self._pairs(self.chosen)

    def _pairs(self, conditions: Iterable[Condition]) -> list[tuple[str, str]]:
        pairs = [pair for condition in conditions for pair in condition.params]
        if ("join", OR) not in pairs:
            pairs = [pair for pair in pairs if pair[0] != "join"]
        return pairs + ([("who", RECORDS)] if self.records else [])

    def url(self, without: Condition | None = None, also: tuple[tuple[str, str], ...] = ()) -> str:
        """The address of this question without one condition, or with one more."""
        question = self.without(without) if without else self
        return f"?{urlencode([*question.pairs, *also])}"

    @property
    def address(self) -> str:
        """The query string that asks the same whenever it is read, however it was typed or chosen."""
        return urlencode(sorted(self.pairs, key=lambda pair: pair[0]))

    @property
    def narrows(self) -> bool:
        """Whether it asks something of the colleagues of today: more than all, or a letter of the list."""
        return not self.records and any(not isinstance(one, StartsWith) for one in self.conditions)

    @property
    def answered(self) -> bool:
        """Whether all of it was looked for: words wait where the search is away."""
        return all(one.looked_for for one in self.conditions if isinstance(one, Words))

    @property
    def plain_url(self) -> str:
        """The address that looks for the words typed, whatever they may mean."""
        return f"?{urlencode([('q', self.text), ('plain', '1'), *self.chosen_pairs])}"

    def url_of(self, text: str) -> str:
        """The address that asks another text of the same people."""
        return f"?{urlencode([('q', text), *self.chosen_pairs])}"

    @property
    def called_url(self) -> str:
        """The address that takes the words typed for a name."""
        return f"?{urlencode([('name', self.text), *self.chosen_pairs])}"

    def sentence(self, number: int) -> str:
        """The answer in a sentence: "5 colleagues speak Pashto and served in Kabul"."""
        said = {"n": intcomma(number)}
        if number == 0 and self.conditions:
            people = _("No historical record") if self.records else _("Nobody")
        elif self.records:
            people = ngettext("%(n)s historical record", "%(n)s historical records", number) % said
        else:
            people = ngettext("%(n)s colleague", "%(n)s colleagues", number) % said
        return f"{people} {self._clauses(number or 1)}".strip()

    @property
    def name(self) -> str:
        """Whom it asks for, in words: "Colleagues who speak Pashto and served in Kabul"."""
        return _("Colleagues who %(clauses)s") % {"clauses": self._clauses(2)}

    def _clauses(self, number: int) -> str:
        clauses = [condition.clause(number) for condition in self.conditions]
        if len(clauses) < 2:
            return "".join(clauses)
        return _("%(first)s and %(last)s") % {"first": ", ".join(clauses[:-1]), "last": clauses[-1]}


def first(
    most: int, things: Iterable[Thing], size: Callable[[Thing], int]
) -> tuple[list[Thing], list[Thing]]:
    """The first things that are together no larger than `most`, and the others."""
    kept: list[Thing] = []
    left: list[Thing] = []
    for thing in things:
        if size(thing) > most:
            left.append(thing)
        else:
            most -= size(thing)
            kept.append(thing)
    return kept, left


def _left_out(texts: Sequence[str]) -> str:
    named = [Truncator(text).chars(80) for text in texts[:MOST_NAMED]]
    more = ["…"] if len(texts) > MOST_NAMED else []
    return _("%(most)d conditions can be asked at once. These were left out: %(conditions)s") % {
        "most": MOST_PARTS,
        "conditions": "; ".join([*named, *more]),
    }
