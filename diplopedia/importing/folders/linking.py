"""Links and pictures of one Markdown file as links by source id, which the import makes links of the wiki."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

from diplopedia.importing.folders.addresses import Addresses, Target
from diplopedia.importing.folders.liquid import PICTURE
from diplopedia.importing.links import LABEL

AIM = r"(<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,4})"
HINT = r"(?:\s{1,20}(\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?"
# With a backslash before it, it was to be a link all the same: some editors write one that nobody meant.
INLINE = re.compile(rf"\\?(!?)\[{LABEL}\]\(\s{{0,20}}{AIM}{HINT}\s{{0,20}}\)")
DEFINED = re.compile(
    r"^ {0,3}\[(?!\^)([^\[\]\n]{1,300})\]:[ \t]{0,20}(?:\n[ \t]{0,20})?"
    r"(<[^<>\n]{1,2000}>|[^\s<>]{1,2000})[ \t]{0,20}(\"[^\"\n]*\"|'[^'\n]*')?[ \t]*$\n?",
    re.MULTILINE,
)
BY_NAME = re.compile(rf"(!?)\[{LABEL}\](?:\[([^\[\]\n]{{0,300}})\])?(?![\[(:])")
WIKI = re.compile(r"(!?)\[\[([^\[\]\n|]{1,300})(?:\\?\|([^\[\]\n]{0,300}))?\]\]")
ADDRESS = re.compile(r"<(?=https?://)([^<>\s]{1,2000})>")


@dataclass
class Linked:
    """A text with links by source id, the files it shows or names, and what became of its links."""

    text: str = ""
    files: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    alternatives: list[tuple[str, str]] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    no_section: list[str] = field(default_factory=list)


@dataclass
class Linker:
    """Rewrites the links of one file. `site` is where what is not here may still be found."""

    addresses: Addresses
    path: str
    source: str
    done: Linked = field(default_factory=Linked)

    def rewrite(self, text: str) -> Linked:
        """Return a normalised text, its code set aside, with links by source id."""
        text = WIKI.sub(self._wiki, text)
        text = self._by_name(text)
        text = INLINE.sub(self._inline, text)
        self.done.text = ADDRESS.sub(self._address, text)
        return self.done

    def _by_name(self, text: str) -> str:
        """Write links by reference out where what they refer to is not an address outside."""
        defined = {
            " ".join(name.split()).casefold(): (aim, hint) for name, aim, hint in DEFINED.findall(text)
        }
        if not defined:
            return text
        inner = {name: aim for name, aim in defined.items() if self._is_inner(aim[0])}
        self.done.counts["links that lead out"] += len(defined) - len(inner)

        def write_out(found: re.Match[str]) -> str:
            name = " ".join((found[3] or found[2]).split()).casefold()
            if name not in inner:
                return found[0]
            aim, hint = inner[name]
            return f"{found[1]}[{found[2]}]({aim}{' ' + hint if hint else ''})"

        kept = DEFINED.sub(
            lambda found: "" if " ".join(found[1].split()).casefold() in inner else found[0], text
        )
        return BY_NAME.sub(write_out, kept)

    def _is_inner(self, aim: str) -> bool:
        return self.addresses.find(aim.strip("<>"), self.path).kind != "external"

    def _inline(self, found: re.Match[str]) -> str:
        bang, label, aim, hint = found[1], found[2], found[3].strip("<>"), found[4] or ""
        if "![" in label:
            label = INLINE.sub(self._inline, label)
        target = self.addresses.find(aim, self.path)
        if target.kind == "external":
            self.done.counts["links that lead out"] += 1
            return f"{bang}[{label}]({found[3]}{' ' + hint if hint else ''})"
        return self._written(target, label, bang, hint, aim)

    def _written(self, target: Target, label: str, bang: str, hint: str, aim: str) -> str:
        """Return a link to what is in this folder, or its words alone where that is nothing."""
        if target.kind == "file":
            return self._file(target.name, label, bang, hint)
        if target.kind == "nothing" or bang:
            return self._nowhere(label, aim, bang)
        section = self._section(target)
        self.done.counts["links within a page" if target.kind == "here" else "links to pages"] += 1
        if target.kind == "here":
            return f"[{label}](#s-{section})" if section else label
        beside, words = parted(label)
        aim = f"wiki:{source_id(self.source, target.name)}{'#' + section if section else ''}"
        return f"{beside}[{spelt_out(words)}]({aim})"

    def _section(self, target: Target) -> str:
        if not target.section:
            return ""
        found = self.addresses.section(target.name, target.section)
        if found is None:
            self.done.no_section.append(f"{target.name}#{target.section}")
        return found or ""

    def _file(self, name: str, label: str, bang: str, hint: str) -> str:
        kind = "image" if PICTURE.search(name) and bang else "document"
        key = source_id(self.source, name)
        self.done.counts["links to files"] += 1
        words = label.strip() or PurePosixPath(name).stem.replace("-", " ").replace("_", " ")
        if PICTURE.search(name) and not bang:
            kind = "image"  # a link to a picture shows it: documents are of other types
        self.done.files.setdefault(name, kind)
        self.done.alternatives.append((name, label.strip()))
        return f"{'!' if kind == 'image' else ''}[{words}]({kind}:{key}{' ' + hint if hint else ''})"

    def _nowhere(self, label: str, aim: str, bang: str) -> str:
        """Return what is left of a link that leads nowhere: a link to the site these files were on, or its words."""
        there = self.addresses.at_site(aim)
        if there and not bang:
            self.done.counts["links that lead out"] += 1
            return f"[{label}]({there})"
        self.done.nowhere.append(aim)
        return f"*({label.strip()})*" if bang and label.strip() else label

    def _wiki(self, found: re.Match[str]) -> str:
        bang, name, label = found[1], found[2].strip(), (found[3] or "").strip()
        target = self.addresses.called(name, self.path)
        if target.kind == "nothing":
            self.done.counts["links to titles"] += 1
            return found[0].removeprefix("!")
        if target.kind == "external":
            return f"[{label or name}]({name})"
        words = label if not label.isdigit() else ""
        shows = bang if target.kind == "file" else ""
        return self._written(target, words or name.partition("#")[0] or name[1:], shows, "", name)

    def _address(self, found: re.Match[str]) -> str:
        target = self.addresses.find(found[1], self.path)
        if target.kind != "page":
            self.done.counts["links that lead out"] += 1
            return found[0]
        section = self._section(target)
        self.done.counts["to pages"] += 1
        return (
            f"<wiki:{source_id(self.source, target.name)}>"
            if not section
            else self._written(target, found[1], "", "", found[1])
        )


def source_id(source: str, path: str) -> str:
    """Return the id of a file: whose it is and its path, in signs that a link can hold."""
    return quote(f"{source}:{path}", safe="/:._-~")


def spelt_out(words: str) -> str:
    """Return the words of a link without entities, which links of the wiki do not know."""
    found = html.unescape(words)
    return words if set("[]|<>") & (set(found) - set(words)) else found


def parted(label: str) -> tuple[str, str]:
    """Return the pictures in the words of a link, which a link of the wiki cannot hold, and its words."""
    pictures = [found[0] for found in INLINE.finditer(label) if found[1]]
    if not pictures:
        return "", label
    words = INLINE.sub(lambda found: "" if found[1] else found[0], label).strip()
    alt = next((found[2] for found in INLINE.finditer(label) if found[1] and found[2].strip()), "")
    return " ".join(pictures) + " ", words or alt or "…"
