"""Article text: Markdown in, sanitised HTML with placeholders out, placeholders filled on reading."""

from .glossing import Term, explain
from .headings import Heading
from .including import IncludedText, include, included_keys
from .keys import LinkKey, link_key, section_id, title_key
from .limits import MAX_CHARACTERS, TextTooDeep, TextTooLarge, normalise
from .rendering import Rendered, render
from .resolving import Target, keys, resolve, sections_named
from .sections import Section, replace_section, split_sections

__all__ = [
    "MAX_CHARACTERS",
    "Heading",
    "IncludedText",
    "LinkKey",
    "Rendered",
    "Section",
    "Target",
    "Term",
    "TextTooDeep",
    "TextTooLarge",
    "explain",
    "include",
    "included_keys",
    "keys",
    "link_key",
    "normalise",
    "render",
    "replace_section",
    "resolve",
    "section_id",
    "sections_named",
    "split_sections",
    "title_key",
]
