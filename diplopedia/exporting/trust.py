"""What colleagues say of each other's profiles, as rows: one for each person of whom something is said."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from diplopedia.exporting.batches import batches
from diplopedia.exporting.sinks import Row, moment
from people.models import (
    Correction,
    Endorsement,
    Expertise,
    LanguageSkill,
    Profile,
    ProfileSkill,
    Reminder,
)
from people.models.trust import RELATIONS, Confirmable

FACTS = ("language_skills", "expertise", "skills")
RELATED = (
    "language_skills__endorsements__author",
    "expertise__region",
    "expertise__endorsements__author",
    "skills__tag",
    "skills__endorsements__author",
    "corrections__author",
)


def trust_rows() -> Iterator[Row]:
    """Return who confirmed which facts, which corrections were suggested, and when somebody was asked, by handle."""
    names = sorted(spoken_of().values_list("user__username", "pk"))
    people = Profile.objects.select_related("user", "reminder").prefetch_related(*RELATED)
    for pks in batches(pk for _name, pk in names):
        found = people.in_bulk(pks)
        yield from (trust(found[pk]) for pk in pks)


def spoken_of() -> QuerySet[Profile]:
    """Return the people of whom something is said."""
    said = Q(pk__in=Correction.objects.order_by().values("profile"))
    said |= Q(pk__in=Reminder.objects.values("profile"))
    for name in RELATIONS.values():
        given = Endorsement.objects.filter(**{f"{name}__isnull": False})
        said |= Q(pk__in=given.values(f"{name}__profile"))
    return Profile.objects.filter(said).order_by()


def trust(person: Profile) -> Row:
    """Return what is said of one person."""
    facts = [fact for name in FACTS for fact in getattr(person, name).all()]
    given = [endorsement(one, fact) for fact in facts for one in fact.endorsements.all()]
    suggested = [correction(one) for one in person.corrections.all()]
    reminder = getattr(person, "reminder", None)
    return {
        "id": person.user.username,
        "endorsements": sorted(given, key=lambda row: (row["at"], row["by"], row["claim"])),
        "corrections": sorted(suggested, key=lambda row: (row["at"], row["by"], row["text"])),
        "asked": moment(reminder.sent_at) if reminder else None,
    }


def endorsement(one: Endorsement, fact: Confirmable) -> Row:
    """Return who confirmed a fact, by what it is about, and what it said then."""
    return {"by": one.author.username, "at": moment(one.created), "claim": one.claim, **named(fact)}


def named(fact: Confirmable) -> Row:
    """Return by what a fact is known among those of its person."""
    match fact:
        case LanguageSkill():
            return {"language": fact.language_id}
        case Expertise():
            return {"region": fact.region.code}
        case ProfileSkill():
            return {"skill": fact.tag.name}


def correction(one: Correction) -> Row:
    """Return a correction that was suggested, and what became of it."""
    return {
        "by": one.author.username,
        "at": moment(one.created),
        "section": one.section,
        "text": one.text,
        "decided": moment(one.decided_at),
        "accepted": one.accepted,
        "answer": one.answer,
    }
