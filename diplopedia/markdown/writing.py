"""Tokens to HTML. Links to other pages, people, images and documents stay placeholders."""

from collections.abc import Callable, Sequence
from html import escape
from types import MethodType

from django.utils import dateformat
from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from .keys import section_id
from .limits import LABEL_BAR
from .links import is_external
from .parser import PARSER
from .plain import inline_text, wiki_label
from .sanitising import sanitise


def page_html(tokens: Sequence[Token]) -> str:
    """Sanitised HTML of shaped tokens, in the active language."""
    return sanitise(_RENDERER.render(tokens, PARSER.options, {})).replace(LABEL_BAR, "|")


def _inline(children: Sequence[Token]) -> str:
    return _RENDERER.renderInline(children, PARSER.options, {})


def _opening(token: Token) -> str:
    attributes = "".join(f' {name}="{escape(str(value))}"' for name, value in token.attrs.items())
    return f"<{token.tag}{attributes}>"


def _heading_open(token: Token) -> str:
    return f"{_opening(token)}<span>" if token.tag == "h2" else _opening(token)


def _heading_close(token: Token) -> str:
    """Main sections hold the place of the link which edits them."""
    if token.tag != "h2":
        return f"</{token.tag}>\n"
    if not token.meta["section"]:
        return "</span></h2>\n"
    section, label = token.meta["section"], escape(token.meta["text"])
    return f'</span><a class="we" data-section="{section}" data-label="{label}"></a></h2>\n'


def _wiki_link(token: Token) -> str:
    link, section = token.meta["link"], token.meta["section"]
    fragment = section_id(section) if section else ""
    if link is None:
        return f'<a href="#{fragment}">{escape(wiki_label(token))}</a>'
    attributes = {"data-key": link.key, "data-title": link.title}
    if fragment:
        attributes["data-fragment"] = fragment
    if link.kind == "person" and not token.content:
        attributes["data-name"] = "auto"  # reading shows the name instead of the handle
    opening = _opening(Token("", "a", 1, attrs={"class": "wl", **attributes}))
    return f"{opening}{escape(wiki_label(token))}</a>"


def _inclusion(token: Token) -> str:
    link, section = token.meta["link"], token.meta["section"]
    attributes = {"class": "wt", "data-key": link.key, "data-title": link.title}
    if section:
        attributes["data-fragment"] = section_id(section)
    return f"{_opening(Token('', 'div', 1, attrs=attributes))}</div>\n"


def _link_open(token: Token) -> str:
    if token.meta:
        return f'<a class="wd" data-key="{token.meta["link"].key}">'
    href = str(token.attrs["href"])
    if is_external(href):
        return f'<a class="external" rel="noopener noreferrer" href="{escape(href)}">'
    return f'<a href="{escape(href)}">'


def _image(token: Token) -> str:
    alt = escape(inline_text(token.children))
    return f'<img class="wi" data-key="{token.meta["link"].key}" alt="{alt}">'


def _figure(token: Token) -> str:
    caption = token.meta["caption"]
    below = f'<figcaption dir="auto">{escape(caption)}</figcaption>' if caption else ""
    return f"<figure>{_image(token)}{below}</figure>"


def _code(token: Token) -> str:
    return f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>\n'


def _list_item_open(token: Token) -> str:
    if "done" not in token.meta:
        return _opening(token)
    label, checked = (_("Done"), " checked") if token.meta["done"] else (_("To do"), "")
    box = f'<input type="checkbox" disabled{checked} aria-label="{escape(label)}">'
    return f'<li class="task" dir="auto">{box} '


def _table_open(token: Token) -> str:
    meta = token.meta
    name = _("Table: {name}").format(name=meta["name"]) if meta["name"] else _("Table")
    caption = f'<caption dir="auto">{_inline(meta["caption"])}</caption>' if meta["caption"] else ""
    region = f'<div class="scroll-x" tabindex="0" role="region" aria-label="{escape(name)}">'
    return f"{region}<table>{caption}\n"


def _note_open(token: Token) -> str:
    classes, label = ("note note--warn", _("Warning")) if token.meta["warn"] else ("note", _("Note"))
    title = _inline(token.meta["title"]).strip()
    heading = f'<p class="note__title" dir="auto"><b>{title}</b></p>\n' if title else ""
    return f'<div class="{classes}" role="note" aria-label="{escape(label)}">\n{heading}'


def _stance_open(token: Token) -> str:
    office = f"<b>{escape(token.meta['office'])}</b>"
    whose = escape(_("Position of {office}")).format(office=office)
    label = escape(_("Attributed position"))
    return (
        f'<section class="stance" aria-label="{label}"><header><span>{whose}</span>{_as_of(token)}</header>\n'
    )


def _as_of(token: Token) -> str:
    date = token.meta["date"]
    if date is None:
        return ""
    day = f'<time datetime="{date.isoformat()}">{escape(dateformat.format(date, "j F Y"))}</time>'
    return f"<span>{escape(_('as of {date}')).format(date=day)}</span>"


def _footnote_ref(token: Token) -> str:
    number = token.meta["id"] + 1
    label = escape(_("Note {number}").format(number=number))
    reference = _reference_id(token)
    return f'<sup><a href="#fn-{number}" id="{reference}" aria-label="{label}">{number}</a></sup>'


def _footnotes_open(_token: Token) -> str:
    return f'<section class="notes" aria-label="{escape(_("Notes"))}"><ol>\n'


def _footnote_open(token: Token) -> str:
    return f'<li id="fn-{token.meta["id"] + 1}" dir="auto">'


def _footnote_anchor(token: Token) -> str:
    label = escape(_("Back to note {number} in the text").format(number=token.meta["id"] + 1))
    return f' <a href="#{_reference_id(token)}" aria-label="{label}">↩</a>'


def _reference_id(token: Token) -> str:
    """A note may be referred to more than once: every reference has an id of its own."""
    repeat = f"-{token.meta['subId'] + 1}" if token.meta["subId"] else ""
    return f"fnref-{token.meta['id'] + 1}{repeat}"


_WRITERS: dict[str, Callable[[Token], str]] = {
    "heading_open": _heading_open,
    "heading_close": _heading_close,
    "wiki_link": _wiki_link,
    "inclusion": _inclusion,
    "link_open": _link_open,
    "image": _image,
    "figure": _figure,
    "fence": _code,
    "code_block": _code,
    "list_item_open": _list_item_open,
    "table_open": _table_open,
    "note_open": _note_open,
    "stance_open": _stance_open,
    "footnote_ref": _footnote_ref,
    "footnote_block_open": _footnotes_open,
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_anchor,
}
_CLOSINGS = {
    "table_close": "</table></div>\n",
    "note_close": "</div>\n",
    "stance_close": "</section>\n",
    "footnote_block_close": "</ol></section>\n",
    "footnote_close": "</li>\n",
}


def _renderer() -> RendererHTML:
    renderer = RendererHTML()
    for name, writer in _WRITERS.items():
        renderer.rules[name] = MethodType(_rule(writer), renderer)
    for name, closing in _CLOSINGS.items():
        renderer.rules[name] = MethodType(_constant(closing), renderer)
    return renderer


def _rule(writer: Callable[[Token], str]) -> Callable[..., str]:
    """A writer of one token, as the renderer wants to call it."""
    return lambda _renderer, tokens, index, _options, _env: writer(tokens[index])


def _constant(html: str) -> Callable[..., str]:
    return lambda *_arguments: html


_RENDERER = _renderer()
