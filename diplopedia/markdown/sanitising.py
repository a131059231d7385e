"""The second wall: whatever the renderer makes, only this vocabulary leaves it."""

import nh3

_BLOCKS = {"p", "h2", "h3", "h4", "h5", "div", "section", "header", "blockquote", "pre", "hr"}
_INLINES = {"a", "b", "em", "strong", "s", "span", "code", "sub", "sup", "kbd", "abbr", "time", "br"}
_LISTS = {"ul", "ol", "li", "input", "details", "summary", "figure", "figcaption", "img"}
_TABLES = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
_DIRECTED = ("p", "h2", "h3", "h4", "h5", "li", "th", "td", "caption", "figcaption", "summary")
_ATTRIBUTES = {tag: {"dir"} for tag in _DIRECTED} | {
    "a": {
        "href",
        "id",
        "title",
        "aria-label",
        "data-key",
        "data-title",
        "data-fragment",
        "data-name",
        "data-section",
        "data-label",
    },
    "abbr": {"title"},
    "div": {"aria-label", "data-key", "data-title", "data-fragment"},
    "h2": {"id", "dir"},
    "h3": {"id", "dir"},
    "h4": {"id", "dir"},
    "h5": {"id", "dir"},
    "img": {"alt", "data-key"},
    "input": {"disabled", "checked", "aria-label"},
    "li": {"dir", "id"},
    "ol": {"start"},
    "section": {"aria-label"},
    "time": {"datetime"},
}
_VALUES = {
    "a": {"rel": {"noopener noreferrer"}},
    "div": {"role": {"note", "region"}, "tabindex": {"0"}},
    "input": {"type": {"checkbox"}},
    "pre": {"tabindex": {"0"}},
    "th": {"scope": {"col"}},
}
_CLASSES = {
    "a": {"wl", "wd", "we", "external"},
    "div": {"lead", "note", "note--warn", "scroll-x", "wt"},
    "img": {"wi"},
    "li": {"task"},
    "p": {"note__title"},
    "section": {"stance", "notes"},
    "td": {"r", "c"},
    "th": {"r", "c"},
    "ul": {"tasks"},
}
_CLEANER = nh3.Cleaner(
    tags=_BLOCKS | _INLINES | _LISTS | _TABLES,
    attributes=_ATTRIBUTES,
    tag_attribute_values=_VALUES,
    allowed_classes=_CLASSES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def sanitise(html: str) -> str:
    """The html without anything that the wiki's own renderer does not make."""
    return _CLEANER.clean(html)
