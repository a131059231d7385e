"""What comments say: Markdown as HTML that stands in a thread, whom it names, whether a passage is still there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING

from people import prose
from people.models import User
from people.names import fold

if TYPE_CHECKING:
    from discussion.models import Comment

BETWEEN = "\x1e"  # `clean` leaves it in no text
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_END = re.compile("\r\n?|\x85|\u2028")
HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>")
MENTION = re.compile(r'data-key="@([^"]+)"')
ANCHOR = re.compile(r'( id="| href="#)')
SECTION = re.compile(r'<h[2-6]\b[^>]*? id="([^"]+)"')
TAGS = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
NO_LETTERS = re.compile(r"[\W_]+")
BLOCK_ENDS = re.compile(r"</(?:p|li|h\d|t[dh]|dt|dd|div|figcaption|summary)>|<br>")


def clean(text: str) -> str:
    """Return a text as it is kept: plain line ends, and no characters that no page may hold."""
    return UNWANTED.sub("", LINE_END.sub("\n", text)).strip()


def stored(text: str) -> str:
    """Return the HTML of a comment, the same for every reader. Its headings are bold lines: the page has its own."""
    return HEADING.sub(lambda found: "</strong></p>" if found[1] else "<p><strong>", prose.render(text))


def shown(comments: Iterable[Comment], reader: User) -> dict[int, str]:
    """Return what this reader sees of each comment, with all that they name looked up at once."""
    said = [comment for comment in comments if comment.is_shown]
    if not said:
        return {}
    filled = prose.resolve(BETWEEN.join(comment.html for comment in said), reader).split(BETWEEN)
    return {comment.pk: apart(html, comment.pk) for comment, html in zip(said, filled, strict=True)}


def apart(html: str, pk: int) -> str:
    """Return HTML whose anchors are those of one comment: several on a page may have a first footnote."""
    return ANCHOR.sub(rf"\g<1>c{pk}-", html)


def plain(html: str) -> str:
    """Return the words of HTML that was sanitised."""
    return " ".join(unescape(TAGS.sub("", BLOCK_ENDS.sub(r"\g<0> ", html))).split())


def named(html: str) -> list[User]:
    """Return the colleagues whom a comment names by handle or by name; of several of one name, who came first."""
    wanted = {unescape(name) for name in MENTION.findall(html)}
    if not wanted:
        return []
    open_accounts = User.objects.filter(is_active=True).order_by("pk")
    by_handle = list(open_accounts.filter(username__in=wanted))
    names = {fold(name) for name in wanted - {user.username for user in by_handle}}
    by_name: dict[str, User] = {}
    for user in open_accounts.filter(profile__name_key__in=names).select_related("profile") if names else ():
        by_name.setdefault(user.profile.name_key, user)
    return [*by_handle, *by_name.values()]


def letters(text: str) -> str:
    """Return only letters and digits: how a passage was copied, and its punctuation, do not matter."""
    return NO_LETTERS.sub("", text.casefold())


class Sections:
    """The text of a page by its sections, in letters: made once for all the passages that are looked for in it."""

    def __init__(self, html: str) -> None:
        parts = SECTION.split(html)
        texts = [parts[0], *(f"<i{text}" for text in parts[2::2])]
        self.anchors = ["", *parts[1::2]]
        self.letters = [letters(plain(text)) for text in texts]
        self.whole = "".join(self.letters)

    def holding(self, quote: str) -> str | None:
        """Return the anchor of the section where a passage begins: "" before the first, None where it is gone."""
        passage = letters(quote)
        at = self.whole.find(passage)
        if at < 0:
            return None
        ends = itertools.accumulate(len(text) for text in self.letters)
        return next((anchor for anchor, end in zip(self.anchors, ends, strict=True) if at < end), "")
