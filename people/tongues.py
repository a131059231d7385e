"""Groups of languages that are asked for together: a family (“any Slavic language”), a region's, those of a script.

They stand in people/data/tongues.json and are no rows of a table: nobody speaks “a Slavic language”. To ask for one is
to ask for any of its languages. Families have the codes of ISO 639-5, scripts those of ISO 15924 in small letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from people import spoken
from people.data import names_in, table
from people.display_names import other_languages
from people.models import Language

LANGUAGES = ("language", "languages", "tongue", "tongues")


@dataclass(frozen=True)
class Group:
    """A group by its code, and what it is called in English: `called` stands before “language” and alone.

    Of a script `members` are the languages that are written in it first of all.
    """

    code: str
    name: str
    called: tuple[str, ...]
    members: tuple[str, ...] = ()
    script: str = ""
    alone: bool = True

    @property
    def language(self) -> Language:
        """The group as a question names a language; it is never saved."""
        return Language(code=self.code, tag=self.code, name=self.name)

    @property
    def phrases(self) -> Iterator[str]:
        """All that it is called by who asks for it."""
        yield self.name
        for name in self.called:
            if self.alone:
                yield name
            if not self.script:
                yield from (f"{name} {word}" for word in LANGUAGES)
        for code in other_languages():
            yield from names_in(code).get("tongues", {}).get(self.code, ())


@cache
def groups() -> dict[str, Group]:
    """All groups by their codes. What names people or places, too, is no group of languages alone: “Nordic”."""
    return {
        code: Group(
            code,
            row["name"],
            tuple(row["called"]),
            tuple(row.get("members", "").split()),
            row.get("script", ""),
            row.get("alone", sort != "of_places"),
        )
        for sort, rows in table("tongues").items()
        for code, row in rows.items()
    }


def members_of(code: str) -> tuple[str, ...]:
    """The codes of the languages of a group; none for what is no group."""
    group = groups().get(code)
    if group is None:
        return ()
    return group.members or spoken.written_in(group.script)


def name_of(code: str, otherwise: str = "") -> str:
    """What a language or a group is called where somebody reads, by its code; `otherwise` for an unknown one."""
    group = groups().get(code)
    return str(group.language) if group else spoken.name_of(code, otherwise)
