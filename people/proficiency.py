"""What the levels of the ILR scale mean, in plain words: to choose one's own by."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from people import ilr

_SPEAKS = (
    _("nothing, or single words"),
    _("finds the way: greetings, shopping, travel"),
    _("gets through everyday talk, and simple matters of work"),
    _("works in it: meetings, and discussion of most subjects"),
    _("negotiates and represents us in it, with few errors"),
    _("like somebody who grew up and studied in it"),
)
_READS = (
    _("nothing, or single words"),
    _("signs, forms and simple messages"),
    _("simple news and routine letters, with time"),
    _("newspapers, reports and official letters, at normal speed"),
    _("all styles, and what stands between the lines"),
    _("like somebody who grew up and studied in it"),
)


def _choices(meanings: tuple[Any, ...]) -> list[tuple[int, Any]]:
    return [(rank, _described(rank, meanings)) for rank, _label in ilr.CHOICES]


def _described(rank: int, meanings: tuple[Any, ...]) -> Any:
    base, plus = divmod(rank, 2)
    between = _("more than {lower}, not always {higher}")
    meaning = format_lazy(between, lower=base, higher=base + 1) if plus else meanings[base]
    about = f" ({ilr.cefr(rank)})" if ilr.cefr(rank) else ""
    return format_lazy("{level} – {meaning}{about}", level=ilr.label(rank), meaning=meaning, about=about)


SPEAKING = _choices(_SPEAKS)
READING = _choices(_READS)
