"""Connects a source to Django's signals, so that rows and related rows reach the outbox in their own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import ModelSignal, m2m_changed, post_delete, post_save, pre_delete

from search import outbox
from search.sources import Searchable

UNTELLING = frozenset({"last_login"})


class Wire(NamedTuple):
    """One signal of one model, and who listens to it."""

    signal: ModelSignal
    sender: type[Model]
    receiver: Callable[..., None]
    name: tuple[str, str, str]


def follow(source: Searchable[Any], *, rows: bool = True) -> None:
    """Enqueue what changes when rows of the source, or related rows, are saved or deleted.

    With `rows=False` only related rows are followed: for a source whose own door calls `outbox.enqueue`.
    """
    for wire in _wires(source, rows=rows):
        wire.signal.connect(wire.receiver, sender=wire.sender, weak=False, dispatch_uid=wire.name)


def _wires(source: Searchable[Any], *, rows: bool) -> Iterator[Wire]:
    if rows:
        yield from _own_wires(source)
    for related, affected in source.related.items():
        model = apps.get_model(related) if isinstance(related, str) else related
        if model._meta.auto_created:
            yield Wire(
                m2m_changed, model, _relinked(source, affected), (source.kind, model._meta.label, "linked")
            )
            continue
        for name, signal in (("saved", post_save), ("deleted", pre_delete)):
            yield Wire(signal, model, _changed(source, affected), (source.kind, model._meta.label, name))


def _own_wires(source: Searchable[Any]) -> Iterator[Wire]:
    model = source.queryset().model
    for name, signal in (("row saved", post_save), ("row deleted", post_delete)):
        yield Wire(signal, model, _changed(source, _own_key), (source.kind, model._meta.label, name))
    for relation in model._meta.many_to_many:
        through = getattr(model, relation.name).through
        if through._meta.auto_created:
            yield Wire(
                m2m_changed, through, _linked(source, model), (source.kind, through._meta.label, "linked")
            )


def _own_key(row: Model) -> list[int]:
    return [row.pk]


def _changed(source: Searchable[Any], affected: Callable[[Any], Any]) -> Callable[..., None]:
    """Enqueues what a row affects; signing in, which saves a user, changes nothing that can be found."""

    def changed(instance: Model, update_fields: frozenset[str] | None = None, **_: object) -> None:
        if not update_fields or update_fields - UNTELLING:
            outbox.enqueue(source.kind, *affected(instance))

    return changed


def _relinked(source: Searchable[Any], affected: Callable[[Any], Iterable[int]]) -> Callable[..., None]:
    """Enqueues what rows affect that are linked to others, from whichever end the link was made or cut."""

    def changed(
        instance: Model,
        action: str,
        reverse: bool,
        model: type[Model],
        pk_set: set[int] | None = None,
        **_: object,
    ) -> None:
        if action.startswith("post_"):
            rows = model._base_manager.filter(pk__in=pk_set or ()) if reverse else [instance]
            outbox.enqueue(source.kind, *(pk for row in rows for pk in affected(row)))

    return changed


def _linked(source: Searchable[Any], model: type[Model]) -> Callable[..., None]:
    def changed(instance: Model, action: str, pk_set: set[int] | None = None, **_: object) -> None:
        if action.startswith("post_"):
            outbox.enqueue(source.kind, *([instance.pk] if isinstance(instance, model) else pk_set or ()))

    return changed
