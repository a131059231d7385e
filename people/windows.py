"""Two windows open on one section: what the other one has saved stays, and nobody writes over it unknowingly.

A form takes along what it showed when it was opened. What its window left as it was is taken from what is saved now;
what both changed comes back with what is saved, and is written when it is sent again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, BaseFormSet
from django.forms.models import BaseInlineFormSet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from people.requests import whole_number

OPENED = "opened"  # the field that takes along what a form showed
REMOVED = "DELETE"
MOST_SAID = 120  # characters of what another window saved
Line = dict[str, str]  # by field, as a browser sends it


@dataclass
class Sent:
    """What was sent, with what others saved meanwhile; `overtaken` says of each field both changed what is saved."""

    data: dict[str, str]
    overtaken: dict[str, str] = field(default_factory=dict)


def shown(form: Any) -> dict[str, Line]:
    """What a form that nobody has typed in shows, by the key of each line."""
    lines = form.initial_forms if isinstance(form, BaseFormSet) else [form]
    return {
        str(line.instance.pk): {one.name: _as_sent(one) for one in line if one.name not in ("id", REMOVED)}
        for line in lines
    }


def _as_sent(bound: forms.BoundField) -> str:
    return _written(bound.field, bound.value())


def _written(of: forms.Field, value: Any) -> str:
    """A value as a browser would send it, for its field."""
    if isinstance(of.widget, forms.CheckboxInput):
        return "on" if value else ""
    text = of.widget.format_value(of.prepare_value(value))
    return _plain("".join(text) if isinstance(text, list) else str("" if text is None else text))


def _plain(text: str) -> str:
    """A text by whose ends of lines nobody can tell which browser or form it came from."""
    return text.replace("\r\n", "\n")


def merged(sent: Mapping[str, str], form: Any) -> Sent:
    """What to save of what was sent. `form` shows what is saved now, under the lock of whoever saves."""
    opened, now = _opened(sent), shown(form)
    if opened is None:
        return Sent(dict(sent.items()))
    if not isinstance(form, BaseInlineFormSet):
        key = str(form.instance.pk)
        data, overtaken = _of_line(dict(sent.items()), opened.get(key, {}), now[key])
        return Sent(data, overtaken)
    to_save = _of_lines(sent, str(form.prefix), opened, now)
    return to_save if now.keys() <= opened.keys() else _sent_once(to_save, form, opened, now)


def _opened(sent: Mapping[str, str]) -> dict[str, Line] | None:
    """What the form showed; None where the window does not say so understandably."""
    try:
        opened = json.loads(sent.get(OPENED, ""))
        return {
            str(key): {name: _plain(str(text)) for name, text in line.items()} for key, line in opened.items()
        }
    except (ValueError, AttributeError, RecursionError):  # what no window of ours has sent
        return None


def _of_line(typed: Line, opened: Line, now: Line) -> tuple[Line, dict[str, str]]:
    """A line, field by field, with those fields in which two windows disagree."""
    data, overtaken = dict(typed), {}
    for name, was in opened.items():
        saved, mine = now.get(name, was), _plain(typed.get(name, ""))
        if mine == was:
            data[name] = saved
        elif saved not in (was, mine):
            overtaken[name] = saved
    if typed.get(REMOVED) and now != opened:
        overtaken[REMOVED] = ""
    return data, overtaken


def _of_lines(sent: Mapping[str, str], prefix: str, opened: dict[str, Line], now: dict[str, Line]) -> Sent:
    """Lines that are gone meanwhile are left out where this window had not changed them, else they are new again."""
    kept: list[Line] = []
    new: list[Line] = []
    overtaken: dict[str, str] = {}
    lines, initial = _lines(sent, prefix)
    for number, line in enumerate(lines):
        key = line.get("id", "")
        if number >= initial:
            new.append(line)
        elif key in now:
            data, conflicts = _of_line(line, opened.get(key, {}), now[key])
            overtaken |= {f"{prefix}-{len(kept)}-{name}": saved for name, saved in conflicts.items()}
            kept.append(data)
        elif key not in opened:
            kept.append(line)  # nobody's: refused as ever
        elif not line.get(REMOVED) and any(line.get(name, "") != was for name, was in opened[key].items()):
            new.append({name: text for name, text in line.items() if name != "id"})
    return Sent(_as_data(sent, prefix, kept, new), overtaken)


def _sent_once(to_save: Sent, form: BaseInlineFormSet, opened: dict[str, Line], now: dict[str, Line]) -> Sent:
    """Without the new lines that are there already since the window was opened: it was sent twice, or once more."""
    prefix = str(form.prefix)
    lines, initial = _lines(to_save.data, prefix)
    since = [line for key, line in now.items() if key not in opened]
    new = []
    for line in lines[initial:]:
        says = _says(form, line)
        known = next((one for one in since if says.items() <= one.items()), None) if says else None
        if known is None:
            new.append(line)
        else:
            since.remove(known)
    return Sent(_as_data(to_save.data, prefix, lines[:initial], new), to_save.overtaken)


def _says(form: Any, line: Line) -> Line:
    """What a new line would show once it is saved; nothing if it cannot be, whatever other lines say."""
    filled = form.form(line, instance=form.model(**{form.fk.name: form.instance}))
    filled.full_clean()
    known = filled.cleaned_data
    if not filled.has_changed() or filled.fields.keys() - known.keys():
        return {}
    return {name: _written(filled.fields[name], value) for name, value in known.items()}


def _lines(sent: Mapping[str, str], prefix: str) -> tuple[list[Line], int]:
    lines: dict[int, Line] = {}
    for name, text in sent.items():
        number, dash, rest = name.removeprefix(f"{prefix}-").partition("-")
        if dash and name.startswith(f"{prefix}-") and (key := whole_number(number)) is not None:
            lines.setdefault(key, {})[rest] = text
    initial = whole_number(sent.get(f"{prefix}-{INITIAL_FORM_COUNT}", ""))
    return [lines[number] for number in sorted(lines)], initial or 0


def _as_data(sent: Mapping[str, str], prefix: str, kept: list[Line], new: list[Line]) -> Line:
    data = {name: text for name, text in sent.items() if not name.startswith(f"{prefix}-")}
    data[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(len(kept) + len(new))
    data[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(len(kept))
    for number, line in enumerate([*kept, *new]):
        data |= {f"{prefix}-{number}-{name}": text for name, text in line.items()}
    return data


def refuse_overtaken(form: Any, overtaken: Mapping[str, str]) -> None:
    """Say at each field that another window changed too what is saved there."""
    lines = form.forms if isinstance(form, BaseFormSet) else [form]
    for line in lines:
        for name in line.fields:
            if (saved := overtaken.get(line.add_prefix(name))) is not None:
                line.add_error(*_refusal(line, name, saved))


def _refusal(line: forms.BaseForm, name: str, saved: str) -> tuple[str | None, str]:
    if name == REMOVED:
        return None, _("This line was changed in another window. Save again to remove it all the same.")
    if not saved:
        return name, _("Another window has emptied this. Save again to keep yours.")
    words = {str(value): words for value, words in getattr(line.fields[name], "choices", ())}
    said = _("Another window has changed this to “%(saved)s”. Save again to keep yours.")
    return name, said % {"saved": Truncator(words.get(saved, saved)).chars(MOST_SAID)}
