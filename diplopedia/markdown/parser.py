"""The Markdown parser: CommonMark, tables, strikethrough, footnotes, wiki links, inclusions, details.

One parser serves all threads: parsing keeps its state in objects of its own.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from .keys import link_key
from .limits import LABEL_BAR, MAX_NESTING, check_depth

_BARRED_LINK = re.compile(r"(\[\[[^\[\]\n|]{1,300}?)\\?\|(?=[^\[\]\n]{0,300}\]\])")
_WIKI_LINK = re.compile(r"\[\[([^\[\]\n]{1,600})\]\](?!\()")
_INCLUSION = re.compile(r"[ \t]*\{\{([^{}\n|]{1,300})\}\}[ \t]*$")
_DETAILS = re.compile(r"[ \t]*<(/?)details>[ \t]*(?:<summary>.*</summary>[ \t]*)?$", re.IGNORECASE)
_SUMMARY = re.compile(r"[ \t]*(?:<details>)?[ \t]*<summary>(.*?)</summary>[ \t]*$", re.IGNORECASE)


def parse(text: str, language: str) -> list[Token]:
    """The tokens of a normalised text. Raises TextTooDeep."""
    env = {"language": language, "details": _paired_details(text)}
    tokens = PARSER.parse(_BARRED_LINK.sub(rf"\1{LABEL_BAR}", text), env)
    check_depth(tokens)
    return tokens


def _paired_details(text: str) -> dict[int, int]:
    """Line number of each `<details>` to that of the `</details>` which closes it."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    if "details>" not in text.lower():
        return pairs
    for number, line in enumerate(text.split("\n")):
        if tag := _DETAILS.match(line):
            if not tag[1]:
                opened.append(number)
            elif opened:
                pairs[opened.pop()] = number
    return pairs


def _details(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: `<details>`, an optional `<summary>`, Markdown, `</details>`."""
    closing = state.env["details"].get(start, end)
    if closing >= end or state.is_code_block(start):
        return False
    if silent:
        return True
    token = state.push("details_open", "details", 1)
    token.map = [start, closing + 1]
    inside = _summary(state, start, closing)
    parent, bound = state.parentType, state.lineMax
    state.parentType, state.lineMax = "details", closing
    state.md.block.tokenize(state, inside, closing)
    state.parentType, state.lineMax = parent, bound
    state.push("details_close", "details", -1)
    state.line = closing + 1
    return True


def _summary(state: StateBlock, start: int, closing: int) -> int:
    """Push the summary, if there is one; the line at which the content starts."""
    for line in (start, start + 1):
        found = _SUMMARY.match(state.getLines(line, line + 1, 0, False))
        if found and line < closing:
            state.push("summary_open", "summary", 1)
            token = state.push("inline", "", 0)
            token.content, token.map, token.children = found[1].strip(), [line, line + 1], []
            state.push("summary_close", "summary", -1)
            return line + 1
    return start + 1


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """Inline rule: `[[Title#Section|label]]`, `[[fr:Titre]]`, `[[@person]]`."""
    if state.linkLevel or not state.src.startswith("[[", state.pos):
        return False
    found = _WIKI_LINK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    target, _bar, label = found[1].partition(LABEL_BAR)
    title, _hash, section = target.partition("#")
    if not (title.strip(" @_") or section.strip()):
        return False
    if not silent:
        token = state.push("wiki_link", "a", 0)
        token.content = label.strip()
        token.meta = {
            "link": link_key(title, state.env["language"]) if title.strip() else None,
            "section": section.strip(),
        }
    state.pos = found.end()
    return True


def _inclusion(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: a line that is `{{Title}}` or `{{Title#Section}}` stands for another page's text."""
    if state.is_code_block(start):
        return False
    found = _INCLUSION.match(state.getLines(start, start + 1, 0, False).rstrip("\n"))
    title, _hash, section = found[1].partition("#") if found else ("", "", "")
    if not title.strip(" _") or title.lstrip().startswith("@"):
        return False
    if not silent:
        token = state.push("inclusion", "div", 0)
        token.map = [start, start + 1]
        token.meta = {"link": link_key(title, state.env["language"]), "section": section.strip()}
        state.line = start + 1
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"]).disable("html_block")
    parser.use(footnote_plugin, inline=False)
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.block.ruler.before(
        "paragraph", "details", _details, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    parser.block.ruler.before("paragraph", "inclusion", _inclusion, {"alt": ["paragraph", "blockquote"]})
    return parser


PARSER = _parser()
