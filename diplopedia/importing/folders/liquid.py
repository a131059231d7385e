"""What other programs were to fill in, `{% … %}`, `{{ … }}` and `{{< … >}}`: made into Markdown or left out."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from diplopedia.importing import verbatim

TAG = re.compile(
    r"\{%-?\s*(?P<end>end|/)?(?P<name>[A-Za-z_][\w-]*)(?P<rest>[^%]{0,800}?)-?%\}"
    r"|\{\{[<%]\s*(?P<close>/)?(?P<short>[A-Za-z_][\w-]*)(?P<more>[^{}]{0,800}?)[>%]\}\}"
    r"|\{\{-?\s*(?P<value>[^{}]{0,400}?)-?\}\}"
)
QUOTED = re.compile(r"\"([^\"]{0,600})\"|'([^']{0,600})'")
RAW = re.compile(r"^[ \t]*\{%-?\s*(?:end)?raw\s*-?%\}[ \t]*\n|\{%-?\s*(?:end)?raw\s*-?%\}", re.MULTILINE)
AIMED = re.compile(r"(?:\]\(\s*<?|=\s*[\"']?|\]:\s*)$")
PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
NOTES = {"alert", "callout", "hint", "info", "note", "tip"}
WARNINGS = {"caution", "danger", "important", "warning"}
ADDRESSES = {
    "asset", "asset_path", "download", "file", "link", "page", "post_url", "ref", "relref", "static", "url",
}  # fmt: skip
SILENT = {"include", "include_relative", "render", "layout", "assign", "capture", "cycle", "partial"}
PAIRS = {"comment", "highlight", *NOTES, *WARNINGS}


@dataclass
class Liquid:
    """Fills in one text. `words` says what a tag is to become: `{}` stands for its first argument."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def fill(self, text: str) -> str:
        """Return a normalised text without any of these marks, but for those shown as code or as raw."""
        if "{%" not in text and "{{" not in text:
            return text
        words, code = verbatim.aside(text)
        return verbatim.back(self._walk(words), [RAW.sub("", piece) for piece in code])

    def _walk(self, text: str) -> str:
        out: list[str] = []
        opened: list[tuple[str, int, str]] = []
        at, raw = 0, False
        for tag in TAG.finditer(text):
            out.append(text[at : tag.start()])
            at = tag.end()
            name, rest, ends = parts(tag)
            if name == "raw":
                raw = not ends
            elif raw:
                out.append(tag[0])
            elif ends:
                self._close(name, out, opened)
            elif name in PAIRS:
                opened.append((name, len(out), rest))
            else:
                out.append(self._one(name, rest, tag["value"], "".join(out[-2:])[-300:]))
        return "".join([*out, text[at:]])

    def _close(self, name: str, out: list[str], opened: list[tuple[str, int, str]]) -> None:
        """Make what stood between a tag and its end what it is to be."""
        if not any(known == name for known, _start, _rest in opened):
            return
        while opened:
            known, start, rest = opened.pop()
            if known == name:
                out[start:] = [block(name, rest, "".join(out[start:]))]
                return

    def _one(self, name: str, rest: str, value: str | None, before: str) -> str:
        aimed = AIMED.search(before) is not None
        if value is not None:
            return self._value(value.strip(), aimed=aimed)
        found = [first or second for first, second in QUOTED.findall(rest)] or rest.split()[:1]
        first = found[0] if found else ""
        if name in self.words:
            return self.words[name].replace("{}", first)
        if picture := next((word for word in found if PICTURE.search(word)), None):
            return address(picture) if aimed else image(picture, found)
        if aimed or name in ADDRESSES:
            return address(first) if aimed else first
        self.left_out[f"{{% {name} %}}"] += 1
        return "" if name in SILENT or not QUOTED.search(rest) else first

    def _value(self, value: str, *, aimed: bool) -> str:
        if quoted := QUOTED.match(value):
            return quoted[1] or quoted[2] or ""
        known = self.fields.get(value.removeprefix("page.").removeprefix("frontmatter."))
        if isinstance(known, str):
            return known
        if not aimed:
            self.left_out[f"{{{{ {value} }}}}"] += 1
        return ""


def parts(tag: re.Match[str]) -> tuple[str, str, bool]:
    """Return the name of a tag, what follows it, and whether it ends what another began."""
    if tag["name"]:
        return tag["name"], tag["rest"], bool(tag["end"])
    return tag["short"] or "", tag["more"] or "", bool(tag["close"])


def block(name: str, rest: str, inside: str) -> str:
    """Return what a pair of tags and the text between them become."""
    if name == "comment":
        return ""
    if name == "highlight":
        return f"\n```{rest.strip().split(' ')[0]}\n{inside.strip(chr(10))}\n```\n"
    return callout(name in WARNINGS, next((a or b for a, b in QUOTED.findall(rest)), ""), inside)


def callout(warns: bool, title: str, inside: str) -> str:
    """Return a text as a note or warning of ours."""
    head = f"[!{'WARNING' if warns else 'NOTE'}] {title}".strip()
    lines = textwrap.dedent(inside).strip().split("\n")
    return "\n\n" + "\n".join(f"> {line}".rstrip() for line in [head, *lines]) + "\n\n"


def image(path: str, words: list[str]) -> str:
    """Return a picture; what describes it is the last of the other words."""
    others = [word for word in words if word != path]
    return f"![{others[-1] if others else ''}]({address(path)})"


def address(text: str) -> str:
    """Return an address that may stand between brackets."""
    return quote(text, safe="/:#?&=%.,;~@+!*'$-_[]")
