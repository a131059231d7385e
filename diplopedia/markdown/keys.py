"""Names that links are made of: title keys, link keys, section ids."""

import re
import unicodedata
from typing import NamedTuple

# Marks that nobody can see and that would make two equal titles differ.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[\s_]+")
_LANGUAGE = re.compile(r"([a-z]{2,3}):(?=\S)")


class LinkKey(NamedTuple):
    """What a page refers to. Keys look like `en:berlin airlift`, `@rosa.celik`,
    `image:12` or `document:7`; the title is as the author wrote it.
    """

    key: str
    title: str

    @property
    def kind(self) -> str:
        """One of article, person, image, document."""
        if self.key.startswith("@"):
            return "person"
        prefix = self.key.partition(":")[0]
        return prefix if prefix in ("image", "document") else "article"


def title_key(title: str) -> str:
    """The form in which two titles are the same title: NFC, casefolded, spaces collapsed."""
    folded = unicodedata.normalize("NFD", _INVISIBLE.sub("", title)).casefold()
    return _SPACES.sub(" ", unicodedata.normalize("NFC", folded)).strip()


def link_key(target: str, language: str) -> LinkKey:
    """The key of what stands between `[[` and `]]`, without section and label."""
    target = target.strip()
    if target.startswith("@"):
        name = target[1:].strip()
        return LinkKey("@" + title_key(name), name)
    if prefix := _LANGUAGE.match(target):
        language, target = prefix[1], target[prefix.end() :]
    return LinkKey(f"{language}:{title_key(target)}", _SPACES.sub(" ", target).strip())


def section_id(heading: str) -> str:
    """The id of the first section with this heading, such as `s-people-and-society`.

    Letters, marks and digits of every script stay; all else becomes one hyphen. Capitals and the accents of Latin
    and Greek letters make no difference, so that links last when only these are mended.
    """
    text = unicodedata.normalize("NFC", _without_accents(heading).lower())
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return "s-" + ("-".join("".join(kept).split()) or "section")


def _without_accents(text: str) -> str:
    """The text without the marks above and below Latin and Greek letters; elsewhere marks are letters of their own."""
    kept: list[str] = []
    plain = False
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) != "Mn":
            plain = unicodedata.name(character, "").startswith(("LATIN", "GREEK"))
            kept.append(character)
        elif not plain:
            kept.append(character)
    return "".join(kept)


def unique_id(heading: str, taken: dict[str, int]) -> str:
    """The id of a section; repeated headings are numbered from 2.

    `taken` holds the ids before it with the last number each has led to, and is updated.
    """
    first = candidate = section_id(heading)
    number = taken.get(first, 0)
    while candidate in taken:
        number += 1
        candidate = f"{first}-{number}"
    taken[first] = max(number, 1)
    taken.setdefault(candidate, 1)
    return candidate
