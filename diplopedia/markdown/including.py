"""Stored HTML with the texts of other pages put where `{{Title}}` stands.

Pure: who may read what is settled before, by whoever finds the texts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

from django.utils.translation import gettext as _

from .headings import Heading
from .resolving import attributes_of

MOST_LEVELS = 3
MOST_INCLUSIONS = 30
MOST_CHARACTERS = 400_000
"""Of HTML that a page may include in all; what is beyond stays a link."""

_PLACEHOLDER = re.compile(r'<div class="wt"((?: [\w-]+="[^"]*")*)></div>')
_KEY = re.compile(r'<div class="wt" data-key="([^"]*)"')
_HEADING = re.compile(r"<(/?)h([2-4])\b")
_ID = re.compile(r' (id="|href="#)')
_EDIT = re.compile(r'<a class="we"[^>]*></a>')
_NOTES = '<section class="notes"'
_REFERENCE = re.compile(r'<sup><a href="#fn-\d+"[^>]*>\d+</a></sup>')


@dataclass(frozen=True, slots=True)
class IncludedText:
    """A page's stored html and outline, for the reader who may have it. `page` tells pages apart."""

    page: int
    title: str
    html: str
    contents: list[Heading]


def included_keys(html: str) -> list[str]:
    """The keys of the pages whose text stored html includes, in order, once each."""
    return list(dict.fromkeys(unescape(key) for key in _KEY.findall(html)))


def include(html: str, texts: Mapping[str, IncludedText], *, page: int | None = None) -> str:
    """Put texts in their places; a place whose text is missing stays for `resolve` to make a link of.

    A page that would include itself is named instead. `page` is the one that the html is of. At most
    MOST_LEVELS levels, MOST_INCLUSIONS texts and MOST_CHARACTERS are put in.
    """
    return _Including(texts).put(html, (page,))


class _Including:
    """One page being put together: counts what was put in."""

    def __init__(self, texts: Mapping[str, IncludedText]) -> None:
        self.texts = texts
        self.count = 0
        self.room = MOST_CHARACTERS

    def put(self, html: str, path: tuple[int | None, ...]) -> str:
        return _PLACEHOLDER.sub(lambda found: self._one(found, path), html)

    def _one(self, found: re.Match[str], path: tuple[int | None, ...]) -> str:
        attributes = attributes_of(found[1])
        text = self.texts.get(attributes.get("data-key", ""))
        if text is None:
            return found[0]
        if text.page in path:
            return _loop(text)
        part = _part(text, attributes.get("data-fragment", ""))
        if not part or len(path) > MOST_LEVELS or self.count >= MOST_INCLUSIONS or len(part) > self.room:
            return found[0]
        self.count += 1
        self.room -= len(part)
        own = _of_its_own(part, self.count)
        return _framed(self.put(own, (*path, text.page)), text, found[1])


def _part(text: IncludedText, section: str) -> str:
    """The whole text, or one section of it; "" where it has no such section."""
    if not section:
        return text.html
    outline = text.contents
    at = next((n for n, heading in enumerate(outline) if heading.id == section), None)
    if at is None:
        return ""
    after = (heading for heading in outline[at + 1 :] if heading.level <= outline[at].level)
    begin, following = _place(text.html, outline[at]), next(after, None)
    end = _place(text.html, following) if following else text.html.find(_NOTES)
    part = text.html[begin:] if end < 0 else text.html[begin:end]
    return _REFERENCE.sub("", part) if begin >= 0 else ""


def _place(html: str, heading: Heading) -> int:
    found = re.search(rf'<h{heading.level}\b[^>]* id="{re.escape(escape(heading.id))}"', html)
    return found.start() if found else -1


def _of_its_own(part: str, number: int) -> str:
    """The part with headings one level down, without links to edit it, and with ids that stand nowhere else."""
    part = _EDIT.sub("", part).replace('<div class="lead">', "<div>", 1)
    part = _HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) + 1}", part)
    return _ID.sub(rf" \1i{number}-", part)


def _framed(part: str, text: IncludedText, attributes: str) -> str:
    label = escape(_("From the page {title}").format(title=text.title))
    source = escape(_("From {title}")).format(title=f'<a class="wl"{attributes}>{escape(text.title)}</a>')
    return f'<section class="included" aria-label="{label}">{part}<p class="included__from">{source}</p></section>'


def _loop(text: IncludedText) -> str:
    said = escape(_("The page “{title}” would include itself here.").format(title=text.title))
    return f'<div class="note note--warn" role="note"><p>{said}</p></div>'
