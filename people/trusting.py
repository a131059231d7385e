"""Confirming what a colleague says of themselves, suggesting corrections, and telling apart who is called alike.

Whoever wants to hear of what happens here connects to `happened`: the apps above this one tell it in notices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Count, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from people.facts import Known, with_studies
from people.models import (
    Correction,
    Endorsement,
    Expertise,
    Fact,
    LanguageSkill,
    Profile,
    ProfileSkill,
    User,
)
from people.models.trust import RELATIONS, Confirmable, claim_of

# What a form calls the facts that can be confirmed: "language-12".
KINDS: dict[str, type[Confirmable]] = {
    "language": LanguageSkill,
    "region": Expertise,
    "skill": ProfileSkill,
}
WORDS: dict[type[Fact], str] = {model: word for word, model in KINDS.items()}
MOST_WAITING = 5
NAMED = 2
MOST_NAMESAKES = 3

# `kind`: "endorsed", "correction", "accepted" or "declined"; `actor`: who did it; `to`: who is told; `person`: on
# whose profile; `fact`: what was endorsed, as `name_of` calls it.
happened = Signal()


class Overtaken(Exception):
    """A fact says something else by now than who wanted to confirm it saw; `fact` is as it is."""

    def __init__(self, fact: Confirmable) -> None:
        super().__init__(f"It says now: {fact}. Look at it again.")
        self.fact = fact


def name_of(fact: Fact) -> str:
    """What forms and notices call a fact: "language-12"."""
    return f"{WORDS[type(fact)]}-{fact.pk}"


@dataclass(frozen=True)
class Confirmed:
    """A fact that can be confirmed, and who did: `mine` is the reader's own word for it."""

    fact: Fact
    by: list[Endorsement] = field(default_factory=list)
    mine: Endorsement | None = None

    @property
    def word(self) -> str:
        """What a button sends: which fact, and what it says here: "language-12 pus 7/6"."""
        return f"{name_of(self.fact)} {claim_of(self.fact)}"

    @property
    def named(self) -> list[Endorsement]:
        """Those that are named beside it."""
        return self.by[:NAMED]

    @property
    def others(self) -> int:
        """How many confirmed it besides these."""
        return max(len(self.by) - NAMED, 0)


@dataclass(frozen=True)
class Trust:
    """What a reader sees of the trust in one person's profile.

    `may_confirm`: whether they may confirm facts and suggest corrections. `waiting`: how many suggestions wait for
    the person, who alone sees that.
    """

    confirmed: dict[Fact, Confirmed]
    namesakes: list[Profile]
    may_confirm: bool
    waiting: int = 0

    @property
    def vouched(self) -> list[Confirmed]:
        """The facts that somebody confirmed."""
        return [one for one in self.confirmed.values() if one.by]

    @property
    def open(self) -> list[Confirmed]:
        """The facts that the reader may confirm and has not."""
        return [one for one in self.confirmed.values() if self.may_confirm and one.mine is None]


def trust(person: Profile, namesakes: list[Profile], facts: Known, reader: User) -> Trust:
    """What a reader sees of the trust in a person of `with_namesakes` whose readable facts are known. One query."""
    oneself = person.user_id == reader.pk
    return Trust(
        confirmed={one.fact: one for one in confirmed(person, facts, reader)},
        namesakes=namesakes,
        may_confirm=person.is_colleague and not oneself,
        waiting=vars(person)["waiting"] if oneself else 0,
    )


def confirmed(person: Profile, facts: Known, reader: User) -> Iterable[Confirmed]:
    """The facts of a person that can be confirmed, each with who says so of what it says now: one query."""
    claimed = [fact for fact in (*facts.languages, *facts.regions, *facts.skills) if claim_of(fact)]
    said: dict[tuple[str, int], list[Endorsement]] = defaultdict(list)
    rows = Endorsement.objects.of_facts(claimed).in_good_standing().exclude(author=person.user_id)
    for row in rows.select_related("author__profile") if claimed else ():
        name, pk = next((name, pk) for name in RELATIONS.values() if (pk := getattr(row, f"{name}_id")))
        said[name, pk].append(row)
    for fact in claimed:
        claim = claim_of(fact)
        by = [row for row in said[RELATIONS[type(fact)], fact.pk] if row.claim == claim]
        yield Confirmed(fact, by, next((row for row in by if row.author_id == reader.pk), None))


def claimed(person: Profile, kind: str, pk: int, reader: User) -> Confirmable | None:
    """A fact of a person that can be confirmed, by what forms call it; None where this reader may not read it."""
    if kind not in KINDS:
        return None
    fact = KINDS[kind].objects.readable_by(reader).filter(pk=pk, profile=person).first()
    return fact if fact is not None and claim_of(fact) else None


@transaction.atomic
def endorse(author: User, seen: Confirmable, claim: str | None = None) -> Endorsement:
    """Let a colleague confirm what they saw of a fact: `claim`, or what it says as given; once is enough.

    Raises Overtaken where it says something else by now, ValidationError for one's own fact, and PermissionDenied for
    one that the author may not read.
    """
    Profile.objects.locked().filter(pk=seen.profile_id).first()
    fact = type(seen).objects.readable_by(author).filter(pk=seen.pk).first()
    if fact is None:
        raise PermissionDenied
    if claim_of(fact) != (claim_of(seen) if claim is None else claim):
        raise Overtaken(fact)
    about = {"author": author, RELATIONS[type(fact)]: fact}
    before = Endorsement.objects.filter(**about).first()
    endorsement = before or Endorsement(**about)
    endorsement.claim, endorsement.created = claim_of(fact), timezone.now()
    endorsement.full_clean()
    endorsement.save()
    if before is None:
        person = fact.profile
        happened.send(
            Endorsement, kind="endorsed", actor=author, to=person.user, person=person, fact=name_of(fact)
        )
    return endorsement


def withdraw(endorsement: Endorsement) -> None:
    """Take back that a fact was confirmed."""
    endorsement.delete()


@transaction.atomic
def suggest(correction: Correction) -> None:
    """Tell a person that something is not right. Raises PermissionDenied where too much waits for an answer."""
    person = correction.profile
    if correction.author_id == person.user_id or not person.is_colleague:
        raise PermissionDenied(_("There is nobody to suggest this to."))
    if person.corrections.waiting().filter(author=correction.author_id).count() >= MOST_WAITING:
        raise PermissionDenied(
            _("You have suggested enough for now. Wait for an answer, or write to your colleague.")
        )
    correction.save()
    happened.send(Correction, kind="correction", actor=correction.author, to=person.user, person=person)


def keep_answer(correction: Correction, answer: str) -> None:
    """Keep the words of an answer for the moment in which the change that they speak of is saved."""
    Correction.objects.waiting().filter(pk=correction.pk).update(answer=answer)


@transaction.atomic
def decide(correction: Correction, *, accepted: bool, answer: str = "") -> bool:
    """Answer a suggestion; False where it was answered already."""
    decided = {"accepted": accepted, "answer": answer, "decided_at": timezone.now()}
    if not Correction.objects.waiting().filter(pk=correction.pk).update(**decided):
        return False
    person = correction.profile
    kind = "accepted" if accepted else "declined"
    happened.send(Correction, kind=kind, actor=person.user, to=correction.author, person=person)
    return True


def with_namesakes(handle: str, reader: User) -> list[Profile]:
    """Whoever has this handle, then a few colleagues of the very same name; nobody where nobody has it. One query.

    `waiting`: how many suggestions wait for each. Each with the education that the reader may read.
    """
    suggested = Correction.objects.waiting().filter(profile=OuterRef("pk")).order_by().values("profile")
    called = Profile.objects.filter(user__username=handle)
    alike = Profile.objects.directory().exclude(name_key="") | called
    is_other = Case(When(user__username=handle, then=Value(0)), default=Value(1))
    found = alike.filter(name_key=Subquery(called.values("name_key"))).with_place()
    found = found.annotate(waiting=Coalesce(Subquery(suggested.values(number=Count("pk"))), 0))
    return list(with_studies(found, reader).order_by(is_other, "pk")[: 1 + MOST_NAMESAKES])
