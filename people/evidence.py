"""What backs a profile up: pages written, verified, named as contact of.

Apps above this one know such things; each registers a provider when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from people.models import Profile, User


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


Provider = Callable[["Profile", "User"], "list[Evidence]"]

_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Ask this provider, too. It returns only what `reader` may read. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def gather(profile: Profile, reader: User) -> Iterator[Evidence]:
    """Everything all providers know about this person that this reader may read."""
    for provider in _providers:
        yield from provider(profile, reader)
