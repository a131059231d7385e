"""The few HTML tags an editor may write inside a paragraph."""

import html
import re

from markdown_it.token import Token

_SIMPLE = re.compile(r"<(/?(?:sub|sup|kbd|abbr)|br)\s*/?>", re.IGNORECASE)
_ABBR = re.compile(r"<abbr\s+title=(?:\"([^\"<>]*)\"|'([^'<>]*)')\s*>", re.IGNORECASE)


def settle_html(token: Token) -> Token:
    """An allowed tag in its plain form; a comment vanishes; all else is text to be read."""
    source = token.content
    if simple := _SIMPLE.fullmatch(source):
        return _tag(f"<{simple[1].lower()}>")
    if abbr := _ABBR.fullmatch(source):
        title = html.unescape(abbr[1] or abbr[2] or "")
        return _tag(f'<abbr title="{html.escape(title)}">')
    return Token("text", "", 0, content="" if source.startswith("<!--") else source)


def _tag(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)
