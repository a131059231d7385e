"""One title for each article of a run, known before any is written, so that links can name what comes later."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models import QuerySet

from diplopedia.importing.ledger import Known
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, mapping, required, text, texts
from diplopedia.markdown import title_key
from diplopedia.models import Article

LONGEST = 200
# What a title cannot hold, and what stands for it.
SIGNS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "|": "/", "#": "№", "\n": " ", "\t": " "})

Key = tuple[str, str]


@dataclass(frozen=True)
class Title:
    """The title an article has or will have. `plain` is the source's own where that was not to be had."""

    language: str
    text: str
    plain: str = ""


def clean(title: str) -> str:
    """Return a title as the wiki can have it: its signs replaced, on one line, at most 200 characters."""
    one_line = " ".join(title.translate(SIGNS).split())
    if len(one_line) <= LONGEST:
        return one_line
    return one_line[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def language_of(record: Record) -> str:
    """Return the language an article is written in."""
    value = text(record, "language", 10).lower() or "en"
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", value):
        raise ImportProblem(f"“language” is “{value}”: write a code such as en, fr or ar.")
    return value


class Titles:
    """The titles of all articles that were imported or are about to be, by source id."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        here = {
            pk: (language, title) for pk, language, title in living().values_list("pk", "language", "title")
        }
        self.known = known
        self.by_id = {
            name: Title(*here[row.object_id]) for name, row in known.items() if row.object_id in here
        }
        self.taken: set[Key] = set(living().values_list("language", "title_key"))

    def plan(self, lines: Iterable[Line]) -> None:
        """Give each new article its title; articles of one title all get a qualifier, whatever came first."""
        groups: dict[Key, list[Line]] = defaultdict(list)
        for line in lines:
            try:
                language, plain = language_of(line.record), clean(required(line.record, "title"))
            except ImportProblem:
                continue  # said when the line's turn comes
            if self._was_renamed(line.source_id, plain):
                del self.by_id[line.source_id]
            groups[language, title_key(plain)].append(line)
        for key, group in groups.items():
            self._place(key, group)

    def _was_renamed(self, source_id: str, plain: str) -> bool:
        """Whether the source has another title now, and nobody here has chosen one."""
        if source_id not in self.by_id:
            return False
        detail = self.known[source_id].detail
        return plain != detail.get("plain", plain) and self.by_id[source_id].text == detail.get("title")

    def _place(self, key: Key, group: list[Line]) -> None:
        unique = len(group) == 1 and key not in self.taken
        for line in group:
            plain = clean(text(line.record, "title"))
            if line.source_id in self.by_id:
                continue
            if unique:
                self._give(line, plain, "")
            else:
                self._give(line, self._qualified(line, group, key[0], plain), plain)

    def _qualified(self, line: Line, group: list[Line], language: str, plain: str) -> str:
        """Return the title with the first qualifier that tells it from all others of its name."""
        others = [set(qualifiers(other.record, plain)) for other in group if other is not line]
        for qualifier in [*qualifiers(line.record, plain), line.source_id]:
            title = clean(f"{plain[: LONGEST - len(qualifier) - 3].rstrip()} ({qualifier})")
            alone = not any(qualifier in theirs for theirs in others)
            if alone and (language, title_key(title)) not in self.taken:
                return title
        return clean(f"{plain[:80]} ({line.digest[:12]})")

    def _give(self, line: Line, title: str, plain: str) -> None:
        language = language_of(line.record)
        self.by_id[line.source_id] = Title(language, title, plain)
        self.taken.add((language, title_key(title)))


def living() -> QuerySet[Article]:
    """Return the articles that hold a title."""
    return Article.objects.filter(deleted_at=None)


def qualifiers(record: Record, plain: str) -> Iterator[str]:
    """Return what can tell an article from others of its title: period, countries, kind, place at the source."""
    yield from filter(None, [text(record, "period", 60)])
    countries = [country.replace("-", " ").title() for country in texts(record, "countries")]
    if countries and plain.casefold() not in ", ".join(countries).casefold():
        yield ", ".join(countries[:2])
    yield from filter(None, [text(record, "type").replace("-", " ")])
    source = mapping(record, "source") if isinstance(record.get("source"), dict) else {}
    for name in ("path", "url", "repo"):
        path = PurePosixPath(text(source, name))
        for stem in (path.stem.strip("*"), path.parent.name):
            words = stem.replace("-", " ").replace("_", " ")[:60]
            if words and words.casefold() != plain.casefold():
                yield words
