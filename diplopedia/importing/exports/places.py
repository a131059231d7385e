"""Groups, regions, offices, posts and kinds of article from an export. What has the same key here is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db.models import Model

from diplopedia.importing.exports.values import needed, word, words
from diplopedia.importing.lines import Line
from diplopedia.importing.places import free_slug
from diplopedia.importing.values import ImportProblem, Record, records
from diplopedia.models import ArticleTemplate, FactField
from people.models import Office, Post, Region

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring

Saved = tuple[Model, bool | None]


def save_group(run: Restoring, line: Line) -> Saved:
    """Take a group by its name."""
    group, made = Group.objects.get_or_create(name=line.source_id[:150])
    run.ledger.keep(line, group, {})
    return group, made


def save_region(run: Restoring, line: Line) -> Saved:
    """Make or update a country or region; those it lies in come before it."""
    record = line.record
    region = Region.objects.filter(code=line.source_id).first() or Region(code=line.source_id)
    if run.is_here(line):
        run.ledger.keep(line, region, {})
        return region, None
    made = region.pk is None
    fill(region, record, ("kind", "name", "iso2", "demonym"))
    region.slug, region.other_names = needed(record, "address"), words(record, "other_names")
    region.save()
    region.parents.set(Region.objects.filter(code__in=words(record, "in")))
    run.ledger.keep(line, region, {})
    return region, made


def save_office(run: Restoring, line: Line) -> Saved:
    """Make or update an office; the one it is part of comes before it."""
    record = line.record
    office = here(run, Office, line) or Office(slug=address(Office, line))
    made = office.pk is None
    fill(office, record, ("name", "acronym", "kind"))
    above = word(record, "parent")
    office.parent = run.row(Office, "office", above) if above else None
    if above and office.parent is None:
        raise ImportProblem(f"It is part of office “{above}”, which was not imported.")
    office.save()
    run.ledger.keep(line, office, {})
    return office, made


def save_post(run: Restoring, line: Line) -> Saved:
    """Make or update a post."""
    record = line.record
    post = here(run, Post, line) or Post(slug=address(Post, line))
    made = post.pk is None
    fill(post, record, ("city", "kind", "timezone", "emergency_phone"))
    post.country = run.region_of(word(record, "country"))
    post.other_names = words(record, "other_names")
    for name in ("opened", "closed", "lat", "lon"):
        setattr(post, name, record.get(name))
    post.save()
    run.ledger.keep(line, post, {})
    return post, made


def save_kind(run: Restoring, line: Line) -> Saved:
    """Make or update a kind of article with the facts it asks for."""
    record = line.record
    kind = ArticleTemplate.objects.filter(slug=line.source_id).first() or ArticleTemplate(slug=line.source_id)
    if run.is_here(line):
        run.ledger.keep(line, kind, {})
        return kind, None
    made = kind.pk is None
    fill(kind, record, ("name", "plural", "description", "outline"))
    kind.review_every, kind.order = record.get("review_every"), record.get("order", 100)
    kind.save()
    kind.fields.all().delete()
    FactField.objects.bulk_create(
        FactField(template=kind, sort_order=number, **fact(one))
        for number, one in enumerate(records(record, "fields"))
    )
    run.ledger.keep(line, kind, {})
    return kind, made


def fact(record: Record) -> dict[str, Any]:
    """Return the fields of a fact that a kind asks for."""
    words = {name: record.get(name, "") for name in ("key", "label", "type", "choices", "help_text")}
    return words | {"required": record.get("required") is True, "in_box": record.get("in_box") is True}


def here(run: Restoring, model: type[Any], line: Line) -> Any:
    """Return the row that a line became before, or the one that has its name and address here, or None."""
    known = run.row(model, line.kind, line.source_id)
    name = "name" if model is Office else "city"
    same = {"slug": line.source_id, name: word(line.record, name)}
    return known or model.objects.filter(**same).first()


def address(model: type[Office] | type[Post], line: Line) -> str:
    """Return the address of a new row: its own, if nobody has it here."""
    taken = model._default_manager.filter(slug=line.source_id).exists()
    return free_slug(model, line.source_id) if taken else line.source_id


def fill(row: Any, record: Record, names: tuple[str, ...]) -> None:
    """Set fields that are texts of the same name."""
    for name in names:
        setattr(row, name, word(record, name))
