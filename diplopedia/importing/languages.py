"""Lines about languages: names and countries that are not known here yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model

from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, records, required, text, texts
from people import lookup, reference
from people.models import Language, SkillTag
from people.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diplopedia.importing.runs import Run

SHORT = 3  # letters: an other name that is no longer is a word, an acronym or a code of something else


def save_language(run: Run, line: Line) -> tuple[Model, bool | None]:
    """Add to a language what the line alone knows of it; what stands here, as administrators edited it, stays."""
    record, code = line.record, line.source_id
    known = Language.objects.filter(code=code).exists()
    language = reference.find_language(code)
    if language is None:
        raise ImportProblem(f"“{code}” is no language of ISO 639-3: write “pus” for Pashto.")
    before = [*language.other_names], language.native_name, [*language.countries]
    named = [text(record, "name"), text(record, "iso_name"), *texts(record, "other_names")]
    language.native_name = language.native_name or text(record, "native_name", 120)
    new = reference.distinct(named, without=[language.name, language.native_name, *language.other_names])
    language.other_names = [*language.other_names, *not_taken(run, line, new)]
    language.countries = language.countries or spoken_in(record)
    if before != (language.other_names, language.native_name, language.countries):
        language.save()
        return language, not known
    return language, None if known else True


def not_taken(run: Run, line: Line, names: list[str]) -> Iterator[str]:
    """Yield the names that name nothing else here: questions in plain words go on finding what they found."""
    if not names:
        return
    taken = {**lookup.by_name(lookup.languages()), **lookup.by_name(lookup.places())}
    skills = set(map(fold, SkillTag.objects.values_list("name", flat=True)))
    for name in names:
        if len(fold(name)) > SHORT and fold(name) not in taken and fold(name) not in skills:
            yield name
        elif taken.get(fold(name)) != line.source_id:
            run.report.note(
                line.where, f"the name “{name}” is short, or names something else here: left out."
            )


def spoken_in(record: Record) -> list[str]:
    """Return the countries of a line, as our codes, in which more than a few speak the language or it is official."""
    there = [
        place
        for place in records(record, "territories")
        if place.get("official") or (place.get("percent") or 0) >= reference.SPOKEN_FROM
    ]
    return reference.distinct(reference.alpha3(required(place, "iso2")) for place in there)
