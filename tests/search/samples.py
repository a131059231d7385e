"""Entries and a source for the tests of the search, which know none of our other apps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from search.entries import (
    AssignmentFact,
    Entry,
    ExpertiseFact,
    Fact,
    Label,
    LanguageFact,
    SkillFact,
)
from search.results import Hit, Segment
from search.sources import Searchable

ASIA = Label("asia", "Asia")
CENTRAL = Label("central", "Central Asia", "asia")
AFGHANISTAN = (Label("afg", "Afghanistan", "central"), CENTRAL, ASIA)
PAKISTAN = (Label("pak", "Pakistan", "central"), CENTRAL, ASIA)
KABUL = Label("kabul", "Kabul")
CASE = Label("case-study", "Case study")

NAMES = [
    ("Pashto", "lang", "pus", "Pashto"),
    ("Dari", "lang", "prs", "Dari"),
    ("Tigrinya", "lang", "tir", "Tigrinya"),
    ("Chinese", "lang", "zho", "Chinese"),
    ("Afghanistan", "region", "afg", "Afghanistan"),
    ("Afghan", "region", "afg", "Afghanistan"),
    ("Burma", "region", "mmr", "Myanmar"),
    ("Guinea", "region", "gin", "Guinea"),
    ("Guinea-Bissau", "region", "gnb", "Guinea-Bissau"),
    ("Djibouti", "region", "dji", "Djibouti"),
    ("Djibouti", "post", "djibouti", "Djibouti"),
    ("the Sahel", "region", "sahel", "Sahel"),
    ("Sahel", "region", "sahel", "Sahel"),
    ("Kabul", "post", "kabul", "Kabul"),
    ("Asmara", "post", "asmara", "Asmara"),
    ("case studies", "template", "case-study", "Case study"),
    ("treaty law", "skill", "treaty-law", "Treaty law"),
]


def reader(*principals: str) -> Any:
    """Somebody with `all` and these principals."""
    return SimpleNamespace(principals=frozenset({"all", *principals}))


def article(pk: int, title: str, body: str = "", *readers: str, **more: Any) -> Entry:
    """An article's entry, for all unless readers are named."""
    return Entry(
        **{
            "kind": "article",
            "pk": pk,
            "version": 1,
            "title": title,
            "url": f"/wiki/{pk}/",
            "readers": frozenset(readers or {"all"}),
            "body": body,
            **more,
        }
    )


def person(pk: int, name: str, **more: Any) -> Entry:
    """A person's entry."""
    return Entry(
        **{
            "kind": "person",
            "pk": pk,
            "version": 1,
            "title": name,
            "url": f"/people/{pk}/",
            "readers": frozenset({"all"}),
            **more,
        }
    )


FARIDA = person(
    1,
    "Farida Łukasik",
    role="Vice Consul",
    languages=(
        LanguageFact("pus", "Pashto", 10, 9, tested=2025),
        LanguageFact("cmn", "Mandarin", 7, 4, ("zho",)),
        LanguageFact("prs", "Dari", 6, 6, principal="o:3"),
    ),
    skills=(SkillFact("treaty-law", "Treaty law", 3), SkillFact("beekeeping", "Beekeeping", 2, "u:1")),
    expertise=(
        ExpertiseFact("Afghanistan", AFGHANISTAN, 4, "o:3"),
        ExpertiseFact("Pakistan", PAKISTAN, 2, "u:1"),
    ),
    assignments=(AssignmentFact("Kabul", (KABUL,), "Consul", 2019, 2022, regions=AFGHANISTAN),),
)
NOELLE = person(
    2,
    "Noëlle Laurent",
    languages=(LanguageFact("pus", "Pashto", 5, 8),),
    assignments=(AssignmentFact("Kabul", (KABUL,), "Attaché", 2023, now=True, regions=AFGHANISTAN),),
)
BIOGRAPHY = person(3, "Ada Biographer", body="She wrote about Pashto poets. Pashto, Pashto and again Pashto.")
RECOGNITION = article(
    1,
    "Recognition of governments",
    "States are recognized; governments are dealt with. The practice on Afghanistan differs.",
    regions=AFGHANISTAN,
    tags=(Label("recognition", "Recognition"),),
    template=CASE,
    aliases=("RoG",),
    updated=datetime(2026, 1, 5, tzinfo=UTC),
    verified="yes",
    popularity=12,
    facts=(Fact("Lead office", "Legal Directorate"),),
)
VISAS = article(
    2,
    "Visa policy",
    "Consular officers examine travel documents in Islamabad.",
    regions=PAKISTAN,
    tags=(Label("visas", "Visas"),),
    updated=datetime(2020, 1, 5, tzinfo=UTC),
)
SECRET = article(
    3,
    "Zorblax negotiations",
    "The zorblax token stands in the text, with the common word governments.",
    "g:7",
    aliases=("Operation Quixnar",),
    tags=(Label("zorbtag", "Zorbtag"),),
    regions=AFGHANISTAN,
    template=Label("zorbkind", "Zorbkind"),
)
CHINESE = article(4, "外交部", "中国的外交部负责外交事务。", language="zh")
FRENCH = article(5, "Reconnaissance", "Les gouvernements reconnaissent des États.", language="fr")
CORPUS = (FARIDA, NOELLE, BIOGRAPHY, RECOGNITION, VISAS, SECRET, CHINESE, FRENCH)


class Notes(Searchable[Group]):
    """Groups as notes: a group named `Title|g:7|body text` is a note that g:7 may read."""

    kind = "note"
    label = "Note"
    label_plural = "Notes"

    def queryset(self) -> QuerySet[Group]:
        """Groups that are notes."""
        return Group.objects.filter(name__contains="|").order_by("pk")

    def entry(self, row: Group) -> Entry:
        """The note; one whose text is `poison` cannot be read."""
        title, readers, body = row.name.split("|")
        if body == "poison":
            raise ValueError("poisonous note")
        return Entry(
            kind=self.kind,
            pk=row.pk,
            title=title,
            url=f"/notes/{row.pk}/",
            readers=frozenset(readers.split(",")),
            body=body,
        )

    def readable(self, pks: Collection[int], user: Any) -> set[int]:
        """Notes whose readers the user is among."""
        rows = self.queryset().filter(pk__in=pks)
        return {row.pk for row in rows if set(row.name.split("|")[1].split(",")) & user.principals}

    def fallback(self, text: str, user: Any, size: int = 20) -> list[Hit]:
        """Notes with the text in their title."""
        rows = [row for row in self.queryset() if text.lower() in row.name.split("|")[0].lower()]
        allowed = self.readable([row.pk for row in rows], user)
        return [
            Hit(kind="note", pk=row.pk, url=f"/notes/{row.pk}/", title=(Segment(row.name.split("|")[0]),))
            for row in rows
            if row.pk in allowed
        ][:size]


def note(title: str, readers: str = "all", body: str = "text") -> Group:
    """Make a note."""
    return Group.objects.create(name=f"{title}|{readers}|{body}")
