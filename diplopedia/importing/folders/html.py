"""HTML inside Markdown as Markdown: our pages show tags as they were typed, so the usual ones are translated."""

from __future__ import annotations

import html
import re
import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from diplopedia.importing.folders.liquid import address
from diplopedia.importing.folders.tables import table

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?/?)>")
ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
DEEPEST = 60
KEPT = {"sub", "sup", "kbd"}
EMPHASIS = {
    "strong": "**",
    "b": "**",
    "em": "*",
    "i": "*",
    "cite": "*",
    "del": "~~",
    "s": "~~",
    "strike": "~~",
}
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
BOXES = {
    "div", "section", "article", "aside", "header", "footer", "main", "nav", "figure", "p", "center", "dl", "dt",
    "dd", "form", "fieldset", "address", "thead", "tbody", "tfoot", "video", "audio", "object",
}  # fmt: skip
WORDS = {
    "span",
    "u",
    "ins",
    "mark",
    "font",
    "small",
    "big",
    "label",
    "button",
    "time",
    "q",
    "abbr",
    "picture",
}
DROPPED = {"style", "script", "svg", "template", "noscript"}
VOID = {"br", "hr", "img", "input", "wbr", "source", "col", "iframe", "embed"}
PARTS = {"a", "code", "tt", "pre", "blockquote", "ul", "ol", "li", "table", "caption", "tr", "td", "th"}
FOLDED = {"details", "summary", "figcaption"}
KNOWN = {
    *KEPT, *EMPHASIS, *HEADINGS, *BOXES, *WORDS, *DROPPED, *VOID, *PARTS, *FOLDED,
}  # fmt: skip
CELLS = {"td", "th"}
ROWS = {"table", "thead", "tbody", "tfoot"}
# A tag on the left closes those on the right that nobody closed.
CLOSES = {"li": {"li"}, "p": {"p"}, "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"tr", "td", "th"}}


@dataclass
class Frame:
    """A tag that is open: what was written inside it so far, and the rows or cells of a table."""

    name: str
    given: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    cells: list[tuple[bool, str]] = field(default_factory=list)
    rows: list[list[tuple[bool, str]]] = field(default_factory=list)
    caption: str = ""

    @property
    def inside(self) -> str:
        """What was written inside it."""
        return "".join(self.text)


def translate(text: str, left_out: Counter[str]) -> str:
    """Return a text, its code set aside, with its HTML as Markdown; count tags that became nothing."""
    if "<" not in text:
        return text
    stack = [Frame("")]
    at = 0
    for tag in TAG.finditer(text):
        name = tag[2].lower()
        if name not in KNOWN:
            continue
        stack[-1].text.append(text[at : tag.start()])
        at = tag.end()
        if tag[1]:
            close(stack, name)
        else:
            begin(stack, name, attributes(tag[3]), left_out)
    stack[-1].text.append(text[at:])
    while len(stack) > 1:
        close(stack, stack[-1].name)
    return ITEM.sub(r"\n- \1", stack[0].inside)  # items of no list


def attributes(source: str) -> dict[str, str]:
    """Return the attributes of a tag."""
    return {
        name.lower(): html.unescape(one or two or three)
        for name, one, two, three in ATTRIBUTE.findall(source)
    }


def begin(stack: list[Frame], name: str, given: dict[str, str], left_out: Counter[str]) -> None:
    """Open a tag, or write one that holds nothing."""
    if name in VOID:
        stack[-1].text.append(void(name, given, left_out))
        return
    if stack[-1].name in CLOSES.get(name, ()):
        close(stack, stack[-1].name)
    if name in DROPPED:
        left_out[f"<{name}>"] += 1
    if len(stack) < DEEPEST:
        stack.append(Frame(name, given))


def void(name: str, given: dict[str, str], left_out: Counter[str]) -> str:
    """Return what a tag without contents becomes."""
    if name == "img":
        alt = " ".join(given.get("alt", "").replace("[", "(").replace("]", ")").split())
        return f"![{alt}]({address(given.get('src', ''))})" if given.get("src") else ""
    if name in {"iframe", "embed"} and given.get("src", "").startswith("http"):
        return f"\n\n<{address(given['src'])}>\n\n"
    if name in {"br", "hr"}:
        return "<br>" if name == "br" else "\n\n---\n\n"
    if name in {"input", "iframe", "embed"}:
        left_out[f"<{name}>"] += 1
    return ""


def close(stack: list[Frame], name: str) -> None:
    """Write what an open tag becomes into the tag around it. One that was never opened is nothing."""
    if not any(frame.name == name for frame in stack[1:]):
        return
    while True:
        frame = stack.pop()
        wrap(frame, stack[-1], inside_cell=any(around.name in CELLS for around in stack))
        if frame.name == name:
            return


def wrap(frame: Frame, around: Frame, *, inside_cell: bool) -> None:
    """Write what a closed tag becomes; rows and cells go to the table they are of, if they are of one."""
    if frame.name in CELLS and around.name == "tr":
        around.cells.append((frame.name == "th", frame.inside))
    elif frame.name == "tr" and around.name in ROWS:
        around.rows.append(frame.cells)
        around.text.append(frame.inside)
    elif frame.name in ROWS and around.name == "table":
        around.rows += frame.rows
        around.text.append(frame.inside)
    elif frame.name == "caption" and around.name == "table":
        around.caption = frame.inside
    else:
        around.text.append(written(frame, inside_cell=inside_cell))


def written(frame: Frame, *, inside_cell: bool) -> str:
    """Return what a tag and its contents become."""
    inside, name = frame.inside, frame.name
    if name in KEPT:
        return f"<{name}>{inside}</{name}>"
    if name in EMPHASIS:
        return emphasis(inside, EMPHASIS[name])
    if name in HEADINGS:
        return f"\n\n{HEADINGS[name]} {one_line(inside)}\n\n" if one_line(inside) else ""
    if name in {"ul", "ol"}:
        return listed(inside, name, inside_cell=inside_cell)
    if name in DROPPED:
        return ""
    return WRITERS.get(name, plain if name in WORDS else box)(frame)


def plain(frame: Frame) -> str:
    """Return the contents alone."""
    return frame.inside


def box(frame: Frame) -> str:
    """Return the contents as blocks of their own, without the indentation of the tags."""
    return f"\n\n{outdented(frame.inside)}\n\n"


def link(frame: Frame) -> str:
    """Return a link, or the words alone where it leads nowhere."""
    words, href = one_line(frame.inside), frame.given.get("href", "").strip()
    return f"[{words}]({address(href)})" if href and words else frame.inside


def item(frame: Frame) -> str:
    """Return an item of a list, marked until its list knows whether it is numbered."""
    return f"\ufdd3{outdented(frame.inside)}\ufdd4"


ITEM = re.compile("\ufdd3([^\ufdd3\ufdd4]*)\ufdd4")


def listed(inside: str, name: str, *, inside_cell: bool) -> str:
    """Return a list; in the cell of a table, where there are none, its items on lines of their own."""
    items = [found[1] for found in ITEM.finditer(inside)]
    beside = ITEM.sub("", inside).strip()
    if inside_cell:
        return "<br>".join([*(f"• {one_line(text)}" for text in items), *filter(None, [beside])])
    lines = []
    for number, text in enumerate(items, start=1):
        mark = f"{number}. " if name == "ol" else "- "
        lines.append(mark + textwrap.indent(text, " " * len(mark)).lstrip())
    return "\n\n" + "\n".join(lines) + f"\n\n{beside}\n\n"


def code(frame: Frame) -> str:
    """Return code in a line."""
    words = one_line(html.unescape(frame.inside))
    return f"`{words}`" if words and "`" not in words else words


def fenced(frame: Frame) -> str:
    """Return a block of code."""
    words = html.unescape(frame.inside).strip("\n").removeprefix("`").removesuffix("`")
    return f"\n\n~~~~\n{words}\n~~~~\n\n"


def quoted(frame: Frame) -> str:
    """Return a quotation."""
    return "\n\n" + textwrap.indent(outdented(frame.inside), "> ", bool) + "\n\n"


def details(frame: Frame) -> str:
    """Return a passage that opens."""
    return f"\n\n<details>\n{outdented(frame.inside)}\n\n</details>\n\n"


def summary(frame: Frame) -> str:
    """Return the line that is always seen of a passage that opens."""
    return f"<summary>{one_line(frame.inside)}</summary>\n\n"


def caption(frame: Frame) -> str:
    """Return the words below a picture."""
    return f"\n\n{emphasis(one_line(frame.inside), '*')}\n\n"


def gridded(frame: Frame) -> str:
    """Return a table, or what there is of one, and after it what stood between its cells."""
    rows = [*frame.rows, frame.cells] if frame.cells else frame.rows
    return table(rows, frame.caption) + box(frame)


WRITERS: dict[str, Callable[[Frame], str]] = {
    "table": gridded,
    "thead": gridded,
    "tbody": gridded,
    "tfoot": gridded,
    "tr": gridded,
    "a": link,
    "li": item,
    "code": code,
    "tt": code,
    "pre": fenced,
    "blockquote": quoted,
    "details": details,
    "summary": summary,
    "figcaption": caption,
    "caption": caption,
}


def emphasis(text: str, mark: str) -> str:
    """Return emphasis whose marks touch its words; across paragraphs there is none."""
    words = text.strip()
    if not words or "\n\n" in words:
        return text
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"


def outdented(text: str) -> str:
    """Return a text whose lines begin where its own first indented line does: tags are often set in."""
    first, _newline, rest = text.partition("\n")
    return (
        f"{first.lstrip()}\n{textwrap.dedent(rest)}".strip()
        if first.strip()
        else textwrap.dedent(rest).strip()
    )


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())
