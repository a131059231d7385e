"""Two profiles of one person become one. What was written keeps its author; everything else moves.

Apps above this one move what they know of a person when `merged` is sent.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import ways_in
from people.models import (
    Assignment,
    Correction,
    Education,
    Endorsement,
    Expertise,
    LanguageSkill,
    Merger,
    Profile,
    ProfileSkill,
    User,
)
from people.models.audience import Audience
from people.models.facts import Fact
from people.models.trust import RELATIONS, claim_of
from people.names import fold
from search import outbox

# Sent with `kept` and `gone` (Profile) and `moved` (a mapping to add to), in the transaction of the merger.
merged = Signal()

# What two facts of one sort have alike when they say the same.
SAME: dict[type[Fact], Callable[[Any], object]] = {
    LanguageSkill: lambda skill: skill.language_id,
    Expertise: lambda known: known.region_id,
    ProfileSkill: lambda skill: skill.tag_id,
    Assignment: lambda job: (job.post_id, job.office_id, job.country_id, fold(job.title), job.started),
    Education: lambda one: (fold(one.institution), fold(one.subject)),
}
# Taken over where the kept profile says nothing; none of it opens anything.
FILLED = ("title", "timezone", "born", "died")


class NotMerged(ValueError):
    """These two do not become one; the text says why, and what to do."""


class Fate(models.TextChoices):
    """What becomes of a fact of the profile that goes."""

    MOVES = "moves", gettext_lazy("moves over")
    REPLACES = "replaces", gettext_lazy("was tested later: it replaces")
    STAYS = "stays", gettext_lazy("goes: this stands there already:")


@dataclass(frozen=True)
class Planned:
    """One fact, what becomes of it, and the fact of the kept profile that says the same, if there is one."""

    fact: Fact
    fate: Fate
    there: Fact | None = None


def refusal(kept: Profile, gone: Profile, by: User) -> str:
    """Return why the second profile cannot go into the first; empty if it can."""
    why_not = {
        _("This is the same profile. Choose the other one."): kept.pk == gone.pk,
        _("One of the two went into another profile before. Choose the one that was kept."): (
            gone.merged_into_id or kept.merged_into_id
        ),
        _(
            "One of the two is your own, and you would read what the other keeps to itself. Ask another administrator."
        ): by.pk in (kept.user_id, gone.user_id),
        _("The account that would be closed is an administrator's. Take that away from it first."): (
            gone.user.is_superuser
        ),
        _(
            "The account that is kept is an administrator's, and whoever signs in as the other would be one, too. "
            "Take that away from it first."
        ): kept.user.is_superuser,
        _("One of the two is a historical record, and the other is not."): kept.historical != gone.historical,
        _("Only the other account is open. Begin on the other profile, and keep that one."): (
            gone.user.is_active and not kept.user.is_active
        ),
        _(
            "Nobody has confirmed an address of the account that is kept, so a stranger may have signed up for it. "
            "Begin on the other profile, or let them confirm their address first."
        ): ways_in.is_unproven(kept.user),
    }
    return next((words for words, holds in why_not.items() if holds), "")


def planned(kept: Profile, gone: Profile, facts: Callable[[type[Any]], Any] | None = None) -> list[Planned]:
    """Return what becomes of the facts of the profile that goes: of all, or of those that `facts` gives of a model."""
    rows = facts or (lambda model: model.objects.all())
    return [one for model in SAME for one in _planned(model, rows(model), kept, gone)]


def _planned(model: type[Fact], facts: Any, kept: Profile, gone: Profile) -> Iterator[Planned]:
    same = SAME[model]
    both = facts.filter(profile__in=(kept, gone)).select_related("profile", *model.named_by)
    there = {same(fact): fact for fact in both if fact.profile == kept}
    for fact in (fact for fact in both if fact.profile == gone):
        other = there.get(same(fact))
        fate = Fate.MOVES if other is None else Fate.REPLACES if _later(fact, other) else Fate.STAYS
        yield Planned(fact, fate, other)


def moved_facts(merger: Merger, reader: User) -> list[Fact]:
    """Return the facts that moved by a merger and stand there now, as far as the reader may know them."""
    moved: dict[Any, Any] = {model: merger.moved.get(model._meta.label) for model in SAME}
    return [
        fact
        for model, keys in moved.items()
        if keys
        for fact in model.objects.readable_by(reader)
        .filter(profile=merger.kept_id, pk__in=keys)
        .select_related("profile", *model.named_by)
    ]


def _later(fact: Any, other: Any) -> bool:
    """Whether a level was tested, and after the other one if that was, too."""
    tested = getattr(fact, "tested_on", None)
    return tested is not None and tested > (other.tested_on or dt.date.min)


@transaction.atomic
def merge(kept: Profile, gone: Profile, by: User) -> Merger:
    """Let the second profile go into the first. Raises NotMerged.

    Facts move where the kept profile does not say the same; the names of the one find the other; what was confirmed
    of either account signs in as the kept one. The other account is closed, its groups and office go nowhere: rights
    are given, not inherited. Edits and comments stay their account's, and count for the kept profile.
    """
    both = Profile.objects.locked().in_bulk([kept.pk, gone.pk])
    kept, gone = both[kept.pk], both[gone.pk]
    if why := refusal(kept, gone, by):
        raise NotMerged(why)
    moved: dict[str, list[Any]] = defaultdict(list)
    _move_facts(kept, gone, moved)
    ways_in.move(kept.user, gone.user, moved)
    _fill(kept, gone)
    _move_trust(kept, gone)
    merged.send(Profile, kept=kept, gone=gone, moved=moved)
    outbox.enqueue("person", kept.pk, gone.pk)
    return Merger.objects.create(kept=kept, gone=gone, by=by, moved=moved)


def _move_facts(kept: Profile, gone: Profile, moved: dict[str, list[Any]]) -> None:
    for one in planned(kept, gone):
        if one.there is not None and one.fate == Fate.STAYS:
            _take_away(one.fact, one.there, moved)
            continue
        if one.there is not None:
            _take_away(one.there, one.fact, moved)
        one.fact.audience = audience_after(one.fact, kept, gone)
        one.fact.profile = kept
        one.fact.save()
        moved[one.fact._meta.label].append(one.fact.pk)


def _take_away(fact: Fact, stays: Fact, moved: dict[str, list[Any]]) -> None:
    """Delete what is said twice: nobody could hide it on a closed profile. The record holds all that it said."""
    moved[f"left:{fact._meta.label}"] += json.loads(serializers.serialize("json", [fact]))
    if name := RELATIONS.get(type(stays)):
        claim = claim_of(stays)
        same = Endorsement.objects.filter(**{name: fact}, claim=claim)
        there = Endorsement.objects.filter(**{name: stays})
        there.filter(author__in=list(same.values_list("author", flat=True))).exclude(claim=claim).delete()
        same.exclude(author__in=list(there.values_list("author", flat=True))).update(**{name: stays})
    fact.delete()


def audience_after(fact: Fact, kept: Profile, gone: Profile) -> str:
    """Return who sees a fact that moved. What was for one office is not told to another: it becomes the person's."""
    told_elsewhere = fact.audience == Audience.OFFICE and kept.office_id != gone.office_id
    return Audience.ME if told_elsewhere else fact.audience


def _move_trust(kept: Profile, gone: Profile) -> None:
    """What the one confirmed the other confirms, each fact once and none of their own; suggestions follow."""
    two = (kept.user_id, gone.user_id)
    Endorsement.objects.of_person(kept).filter(author__in=two).delete()
    for name in RELATIONS.values():
        given = Endorsement.objects.filter(author=kept.user_id).exclude(**{name: None}).values_list(name)
        Endorsement.objects.filter(author=gone.user_id, **{f"{name}__in": list(given)}).delete()
    Endorsement.objects.filter(author=gone.user_id).update(author=kept.user_id)
    Correction.objects.filter(profile__in=(kept, gone), author__in=two).delete()
    gone.corrections.update(profile=kept)
    Correction.objects.filter(author=gone.user_id).update(author=kept.user_id)


def _fill(kept: Profile, gone: Profile) -> None:
    """Take over names, and what the kept profile does not say; those that went into the other one follow."""
    kept.other_names = with_names(kept, [gone.name, gone.user.get_full_name(), *gone.other_names])
    for name in FILLED:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.save()
    gone.merged_into = kept
    gone.save()
    gone.merged.update(merged_into=kept)


def with_names(kept: Profile, names: Iterable[str]) -> list[str]:
    """Return the other names of a profile with these, each once."""
    said = {fold(kept.name): ""} | {fold(name): name for name in kept.other_names}
    new = {fold(name): name for name in names if name and fold(name) not in said}
    return [*kept.other_names, *new.values()]
