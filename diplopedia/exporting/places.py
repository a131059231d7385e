"""Regions, offices, posts, groups and kinds of article as rows, each after what it refers to."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import Group

from diplopedia.exporting.sinks import Row
from diplopedia.models import ArticleTemplate
from people import regions
from people.models import Office, Post, Region


def region_rows() -> Iterator[Row]:
    """Return countries and regions, each after those it lies in."""
    above = regions.atlas().above
    codes = dict(Region.objects.values_list("pk", "code"))
    rows = Region.objects.prefetch_related("parents")
    for region in sorted(rows, key=lambda region: (len(above.get(region.pk, ())), region.code)):
        yield {
            "id": region.code,
            "kind": region.kind,
            "name": region.name,
            "address": region.slug,
            "iso2": region.iso2,
            "other_names": region.other_names,
            "demonym": region.demonym,
            "in": sorted(codes[parent.pk] for parent in region.parents.all()),
        }


def office_rows() -> Iterator[Row]:
    """Return offices, each after the one it is part of."""
    rows = Office.objects.select_related("parent")
    for office in sorted(rows, key=lambda office: (len(office.lineage), office.slug)):
        yield {
            "id": office.slug,
            "name": office.name,
            "acronym": office.acronym,
            "kind": office.kind,
            "parent": office.parent.slug if office.parent else None,
        }


def post_rows() -> Iterator[Row]:
    """Return embassies, consulates and missions."""
    for post in sorted(Post.objects.select_related("country"), key=lambda post: post.slug):
        yield {
            "id": post.slug,
            "city": post.city,
            "other_names": post.other_names,
            "country": post.country.code if post.country else None,
            "kind": post.kind,
            "opened": post.opened,
            "closed": post.closed,
            "lat": post.lat,
            "lon": post.lon,
            "timezone": post.timezone,
            "emergency_phone": post.emergency_phone,
        }


def group_rows() -> Iterator[Row]:
    """Return groups, by name alone."""
    yield from ({"id": name} for name in sorted(Group.objects.values_list("name", flat=True)))


def kind_rows() -> Iterator[Row]:
    """Return kinds of article with the facts they ask for."""
    for kind in sorted(ArticleTemplate.objects.prefetch_related("fields"), key=lambda kind: kind.slug):
        fields = sorted(kind.fields.all(), key=lambda field: (field.sort_order or 0, field.key))
        yield {
            "id": kind.slug,
            "name": kind.name,
            "plural": kind.plural,
            "description": kind.description,
            "outline": kind.outline,
            "review_every": kind.review_every,
            "order": kind.order,
            "fields": [
                {
                    "key": field.key,
                    "label": field.label,
                    "type": field.type,
                    "choices": field.choices,
                    "help_text": field.help_text,
                    "required": field.required,
                    "in_box": field.in_box,
                }
                for field in fields
            ],
        }
