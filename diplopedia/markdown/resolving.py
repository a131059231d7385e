"""Stored HTML to the HTML one reader sees: every placeholder filled in one pass."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urlencode

from django.utils.translation import gettext as _

_PLACEHOLDER = re.compile(
    r'<(?:a class="(w[lde])"((?: [\w-]+="[^"]*")*)>(?:([^<]*)</a>)?'
    r'|img class="wi"((?: [\w-]+="[^"]*")*)>'
    r'|div class="wt"((?: [\w-]+="[^"]*")*)></div>)'
)
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_KEY = re.compile(r'<(?:a|img|div) class="w[ldit]" data-key="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Target:
    """What a key leads to for this reader. Images also have their size and other widths."""

    url: str
    title: str
    width: int = 0
    height: int = 0
    srcset: str = ""


def keys(html: str) -> set[str]:
    """Every key that `resolve` will look up in this stored html."""
    return {unescape(key) for key in _KEY.findall(html)}


def sections_named(html: str) -> dict[str, list[str]]:
    """The sections of other pages that this stored html links to: of each key, the ids."""
    found: dict[str, list[str]] = {}
    for placeholder in _PLACEHOLDER.finditer(html):
        if "data-fragment=" not in (placeholder[2] or ""):
            continue
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(placeholder[2])}
        ids = found.setdefault(attributes["data-key"], [])
        if attributes["data-fragment"] not in ids:
            ids.append(attributes["data-fragment"])
    return found


def resolve(html: str, lookup: Mapping[str, Target], *, edit_url: str = "") -> str:
    """Fill the placeholders of stored html from `lookup`, which holds only what this reader
    may read: what is missing and what is hidden look the same. With `edit_url`, each main
    section gets a link to edit it.
    """

    def fill(found: re.Match[str]) -> str:
        kind, label = found[1], found[3]
        attributes = attributes_of(found[2] or found[4] or found[5])
        if kind == "we":
            return _edit_link(attributes, edit_url)
        target = lookup.get(attributes.get("data-key", ""))
        if found[5] is not None:
            return _not_included(attributes, target)
        if kind is None:
            return _image(attributes, target)
        opening = _document(target) if kind == "wd" else _link(attributes, target)
        if label is None:
            return opening
        named = target is not None and "data-name" in attributes
        return f"{opening}{escape(target.title) if target and named else label}</a>"

    return _PLACEHOLDER.sub(fill, html)


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a placeholder, as they stand in its tag."""
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(text)}


def _edit_link(attributes: Mapping[str, str], edit_url: str) -> str:
    if not edit_url:
        return ""
    label = _("Edit section {name}").format(name=attributes.get("data-label", ""))
    joint = "&amp;" if "?" in edit_url else "?"
    return (
        f'<a href="{escape(edit_url)}{joint}section={escape(attributes.get("data-section", ""))}" '
        f'aria-label="{escape(label)}">{escape(_("Edit"))}</a>'
    )


def _link(attributes: Mapping[str, str], target: Target | None) -> str:
    if target is None:
        return _wanted(attributes)
    fragment = attributes.get("data-fragment", "")
    return f'<a href="{escape(target.url)}{"#" + escape(fragment) if fragment else ""}">'


def _not_included(attributes: Mapping[str, str], target: Target | None) -> str:
    """What was to be included and is not: a link to it, or, where there is no page, what the author wrote."""
    label = target.title if target else "{{" + attributes.get("data-title", "") + "}}"
    return f'<p dir="auto">{_link(attributes, target)}{escape(label)}</a></p>'


def _wanted(attributes: Mapping[str, str]) -> str:
    """A missing article invites to write it; a person or file cannot be made by a link."""
    language, _colon, _key = attributes.get("data-key", "").partition(":")
    if language.startswith("@"):
        return f'<a class="wanted" title="{escape(_("No colleague by this name"))}">'
    query = urlencode({"title": attributes.get("data-title", ""), "language": language})
    return f'<a class="wanted" href="/wiki/new/?{escape(query)}" title="{escape(_("No page yet"))}">'


def _document(target: Target | None) -> str:
    if target is None:
        return f'<a class="wanted" title="{escape(_("Document not available"))}">'
    return f'<a href="{escape(target.url)}" title="{escape(target.title)}">'


def _image(attributes: Mapping[str, str], target: Target | None) -> str:
    if target is None:
        return f'<span class="wanted">{escape(_("Image not available"))}</span>'
    alt = attributes.get("alt", "")
    size = f' width="{target.width}" height="{target.height}"' if target.width else ""
    sizes = "(min-width: 64em) 41rem, 100vw"
    widths = f' srcset="{escape(target.srcset)}" sizes="{sizes}"' if target.srcset else ""
    return (
        f'<img src="{escape(target.url)}" alt="{escape(alt)}"{size}{widths} loading="lazy" decoding="async">'
    )
