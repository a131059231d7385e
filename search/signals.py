"""Connects a source to Django's signals, so that rows and related rows reach the outbox in their own transaction."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from search import outbox
from search.sources import Searchable


def follow(source: Searchable[Any], *, rows: bool = True) -> None:
    """Enqueue what changes when rows of the source, or related rows, are saved or deleted.

    With `rows=False` only related rows are followed: for a source whose own door calls `outbox.enqueue`.
    """
    if rows:
        _follow_rows(source)
    for related, affected in source.related.items():
        model = apps.get_model(related) if isinstance(related, str) else related

        def changed(sender: type[Model], instance: Any, affected: Any = affected, **_: object) -> None:
            if isinstance(instance, sender):
                outbox.enqueue(source.kind, *affected(instance))

        for signal in (post_save, pre_delete):
            signal.connect(changed, sender=model, weak=False, dispatch_uid=(source.kind, model, id(signal)))


def _follow_rows(source: Searchable[Any]) -> None:
    model = source.queryset().model

    def changed(sender: type[Model], instance: Any, **_: object) -> None:
        outbox.enqueue(source.kind, instance.pk)

    for signal in (post_save, post_delete):
        signal.connect(changed, sender=model, weak=False, dispatch_uid=(source.kind, model, id(signal)))
    for relation in model._meta.many_to_many:
        through = getattr(model, relation.name).through
        if through._meta.auto_created:
            m2m_changed.connect(
                _linked(source, model), sender=through, weak=False, dispatch_uid=(source.kind, through)
            )


def _linked(source: Searchable[Any], model: type[Model]) -> Any:
    def changed(
        sender: object, instance: Any, action: str, pk_set: set[int] | None = None, **_: object
    ) -> None:
        if action.startswith("post_"):
            outbox.enqueue(source.kind, *([instance.pk] if isinstance(instance, model) else pk_set or ()))

    return changed
