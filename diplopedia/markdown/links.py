"""Links and images: which stay, which become placeholders, which lose their target."""

import re
from collections.abc import Iterable, Iterator

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from .inline_html import settle_html
from .keys import LinkKey, section_id
from .plain import inline_text

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_STORED = re.compile(r"(image|document):([0-9]{1,18})")
_BARE = re.compile(r"(?<![\w@/.:-])(?:https?://|www\.)[^\s<>\"“”«»]{1,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~’)]}"
_SAFE_SCHEMES = ("http", "https", "mailto", "tel")


def settle(tokens: Iterable[Token]) -> list[LinkKey]:
    """Settle every link and image of the text; return what it refers to, in order, once each."""
    found: dict[str, LinkKey] = {}
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = list(_settled(token.children))
            found |= {link.key: link for link in _references(token.children) if link.key not in found}
        elif token.type == "inclusion":
            found.setdefault(token.meta["link"].key, token.meta["link"])
    return list(found.values())


def _references(children: Iterable[Token]) -> Iterator[LinkKey]:
    for child in children:
        link = child.meta.get("link") if child.meta else None
        if link is not None:
            yield link


def _settled(children: Iterable[Token]) -> Iterator[Token]:
    links: list[bool] = []  # of the links around this place, whether each has a target
    for child in children:
        if child.type == "link_open":
            links.append(_aim(child))
        if child.type not in ("link_open", "link_close"):
            yield from _piece(child, inside_link=any(links))
        elif links[-1]:
            yield child
        if child.type == "link_close":
            links.pop()


def _piece(child: Token, *, inside_link: bool) -> Iterable[Token]:
    if child.type == "image":
        return _image(child, inside_link=inside_link)
    if child.type == "html_inline":
        return (settle_html(child),)
    if child.type == "text" and not inside_link:
        return _autolinked(child)
    return (child,)


def _aim(opening: Token) -> bool:
    """Point the link where it may go; False when it may go nowhere."""
    href = str(opening.attrs.get("href", "")).strip()
    if stored := _STORED.fullmatch(href):
        opening.meta = {"link": LinkKey(stored[0], "")} if stored[1] == "document" else {}
        return stored[1] == "document"
    target = destination(href)
    opening.attrs = {"href": target}
    return bool(target)


def destination(href: str) -> str:
    """The address a link leads to, or "" when it is not one that may be followed."""
    if href.startswith("//") or href.lower().startswith("www."):
        return "https://" + href.lstrip("/")
    if href.startswith("#"):
        return href if href.startswith("#s-") else "#" + section_id(href[1:])
    scheme = _SCHEME.match(href)
    if scheme:
        return href if scheme[1].lower() in _SAFE_SCHEMES else ""
    return href if href.startswith("/") else ""


def is_external(href: str) -> bool:
    """Whether an address leaves the wiki's own pages."""
    return href.lower().startswith(("http:", "https:", "//"))


def _image(image: Token, *, inside_link: bool) -> Iterator[Token]:
    """A stored image stays; any other becomes a link, so that reading loads nothing remote."""
    src = str(image.attrs.get("src", "")).strip()
    stored = _STORED.fullmatch(src)
    alt = inline_text(image.children)
    if stored and stored[1] == "image":
        image.meta = {"link": LinkKey(src, alt), "caption": str(image.attrs.get("title", ""))}
        yield image
        return
    target = destination(src)
    if is_external(target) and not inside_link:
        yield from _link(target, alt or target)
    elif alt:
        yield Token("text", "", 0, content=alt)


def _link(href: str, label: str) -> tuple[Token, Token, Token]:
    return (
        Token("link_open", "a", 1, attrs={"href": href}),
        Token("text", "", 0, content=label),
        Token("link_close", "a", -1),
    )


def _autolinked(text: Token) -> Iterator[Token]:
    """The text with its bare addresses made into links."""
    start = 0
    for found in _BARE.finditer(text.content):
        address = _trimmed(found[0])
        if len(address) <= len("https://"):
            continue
        if found.start() > start:
            yield Token("text", "", 0, content=text.content[start : found.start()])
        yield from _link(destination(normalizeLink(address)), address)
        start = found.start() + len(address)
    if start:
        text.content = text.content[start:]
    if text.content:
        yield text


def _trimmed(address: str) -> str:
    """The address without the punctuation of its sentence; balanced brackets stay."""
    spare = address.count(")") - address.count("(")
    end = len(address)
    while end and address[end - 1] in _TRAILING:
        if address[end - 1] == ")":
            if spare <= 0:
                break
            spare -= 1
        end -= 1
    return address[:end]
