"""What backs a profile up: pages written, verified, named as contact of.

Apps above this one know such things; each registers providers when it starts: one for a profile, one for many people
found by a question, of whom only what they did on its subjects is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.results import Reason

if TYPE_CHECKING:
    from people.models import Profile, User

MOST_SUBJECTS = 3
MOST_TOLD = 2  # of each person, on all subjects together


@dataclass(frozen=True)
class Evidence:
    """One line: a page, why it counts ("9 of 41 revisions"), how much, and what kind it is.

    `kind` groups the lines: "wrote", "verified", "contact" …; `note` says more in small print.
    """

    label: str
    url: str
    count: int
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Subject:
    """What pages may be about: regions by their addresses, each with all that lies in it, or topics by their words.

    `name` is how it stands in a sentence: "the Sahel".
    """

    name: str
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


Provider = Callable[["Profile", "User"], "list[Evidence]"]
# By the key of each profile, what comes first first.
ProviderForMany = Callable[[Collection[int], Sequence[Subject], "User"], Mapping[int, Sequence[Reason]]]

_providers: list[Provider] = []
_for_many: list[ProviderForMany] = []


def register(provider: Provider) -> Provider:
    """Ask this provider, too. It returns only what `reader` may read. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def register_for_many(provider: ProviderForMany) -> ProviderForMany:
    """The same of one that is asked about many people, in a number of queries that does not grow with them."""
    if provider not in _for_many:
        _for_many.append(provider)
    return provider


def gather(profile: Profile, reader: User) -> Iterator[Evidence]:
    """Everything all providers know about this person that this reader may read."""
    for provider in _providers:
        yield from provider(profile, reader)


def on(
    subjects: Iterable[Subject], people: Collection[int], reader: User
) -> Mapping[int, tuple[Reason, ...]]:
    """Why to ask each of these people about these subjects, by their keys; nobody is asked where there are none.

    It is a reason and no condition: whom a question finds does not depend on it.
    """
    first = list(dict.fromkeys(subjects))[:MOST_SUBJECTS]
    told: dict[int, tuple[Reason, ...]] = defaultdict(tuple)
    for provider in _for_many if first and people else ():
        for person, reasons in provider(people, first, reader).items():
            told[person] = (*told[person], *reasons)[:MOST_TOLD]
    return told


def fetch(people: Iterable[Profile], subjects: Iterable[Subject], reader: User) -> None:
    """Fetch for people who were read before what `told` says of each."""
    people = list(people)
    found = on(subjects, [person.pk for person in people], reader)
    for person in people:
        vars(person)["told"] = found.get(person.pk, ())


def told(person: Profile) -> tuple[Reason, ...]:
    """What `fetch` fetched about one of the people."""
    reasons: tuple[Reason, ...] = vars(person)["told"]
    return reasons
