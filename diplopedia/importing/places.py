"""Lines about where people work: offices, posts, and a source's own ids of countries."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils.text import slugify

from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, decimal, required, text, texts, year
from people.models import Office, Post

if TYPE_CHECKING:
    from diplopedia.importing.runs import Run

POST_KINDS = {
    "embassy": Post.Kind.EMBASSY,
    "high-commission": Post.Kind.EMBASSY,
    "consulate": Post.Kind.CONSULATE,
    "consulate-general": Post.Kind.CONSULATE,
    "consular-agency": Post.Kind.CONSULATE,
    "mission": Post.Kind.MISSION,
    "permanent-mission": Post.Kind.MISSION,
    "delegation": Post.Kind.MISSION,
}


def free_slug(model: type[Office] | type[Post], name: str) -> str:
    """Return an address for a name that no other row of this table has."""
    stem = slugify(name)[:120].strip("-") or "place"
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for n in count(1) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)


def save_country(run: Run, line: Line) -> tuple[Model, bool]:
    """Take a source's id of a country as another name of a region that is here."""
    known = run.ledger.get("country", line.source_id)
    region = run.gazetteer.of_crosswalk(line.record)
    run.ledger.keep(line, region, {"name": text(line.record, "name")})
    return region, known is None


def save_office(run: Run, line: Line) -> tuple[Model, bool]:
    """Make or update an office; the one it is part of comes before it."""
    record = line.record
    office = Office.objects.filter(pk=run.ledger.pk("office", line.source_id) or 0).first() or Office()
    created = office.pk is None
    office.name = required(record, "name", 160)
    office.acronym = text(record, "acronym", 24)
    office.kind = Office.Kind.BUREAU if text(record, "kind") == "bureau" else Office.Kind.OFFICE
    office.slug = office.slug or free_slug(Office, office.name)
    if above := text(record, "parent"):
        parent = run.office(above)
        if parent is None:
            raise ImportProblem(
                f"It is part of office “{above}”, which is not here: import that office, too."
            )
        if office.pk and office.pk in parent.lineage:
            raise ImportProblem(f"It would be part of itself: office “{above}” lies below it.")
        office.parent = parent
    office.save()
    run.ledger.keep(line, office, {})
    return office, created


def save_post(run: Run, line: Line) -> tuple[Model, bool]:
    """Make or update a post. A country that is not known is reported and left open."""
    record = line.record
    post = Post.objects.filter(pk=run.ledger.pk("post", line.source_id) or 0).first() or Post()
    created = post.pk is None
    post.city = required(record, "city", 120)
    post.slug = post.slug or free_slug(Post, post.city)
    post.country = run.region(
        line, text(record, "iso3") or text(record, "country_id") or text(record, "country")
    )
    post.kind = POST_KINDS.get(text(record, "post_type"), Post.Kind.OTHER)
    post.other_names = texts(record, "other_names")
    post.opened, post.closed = year(record, "opened"), year(record, "closed")
    post.lat, post.lon = decimal(record, "lat"), decimal(record, "lon")
    post.timezone = text(record, "timezone", 64)
    post.emergency_phone = text(record, "emergency_phone", 40)
    post.save()
    run.ledger.keep(line, post, {})
    return post, created


def office_named(run: Run, name: str) -> Office:
    """Return the office of this name, made if need be: for sources that name offices and do not list them."""
    source_id = f"named:{slugify(name)}"[:200]
    office = Office.objects.filter(name__iexact=name).first()
    if office is None:
        office = Office.objects.create(name=name[:160], slug=free_slug(Office, name))
        run.ledger.enter("office", source_id, office)
    return office


def parents_first(lines: list[Line]) -> list[Line]:
    """Return lines of offices so that each comes after the one it is part of, whatever their order in the file."""
    waiting = {line.source_id: line for line in lines}
    ordered: list[Line] = []
    for start in lines:
        chain: list[Line] = []
        current = waiting.pop(start.source_id, None)
        while current:
            chain.append(current)
            current = waiting.pop(str(current.record.get("parent")), None)
        ordered += reversed(chain)
    return ordered
