"""Links to a section of a page, and whether the section is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from diplopedia import resolving
from diplopedia.markdown import Heading
from diplopedia.models import Article, Link
from diplopedia.querysets import ArticleQuerySet

if TYPE_CHECKING:
    from people.models import User

SHOWN = (
    "target_key", "sections", "source__title", "source__wiki_slug", "source__language", "source__restricted",
)  # fmt: skip
Fragments = Mapping[str, Iterable[str]]  # of each key, the ids of the sections that are named


MOST = 5000  # links to sections that are looked at for a list


class Lost(NamedTuple):
    """A section that a link names and that is not there; `contents` is what the page has."""

    key: str
    fragment: str
    title: str
    url: str
    contents: list[dict[str, Any]]

    @property
    def words(self) -> str:
        """The section as it may have been written."""
        return self.fragment.removeprefix("s-").replace("-", " ")

    @property
    def near(self) -> Heading | None:
        """The heading that may have been meant. Looked for when it is shown: it takes a while."""
        headings = {heading["id"]: Heading(**heading) for heading in self.contents}
        like = get_close_matches(self.fragment, headings, n=1, cutoff=0.6)
        return headings[like[0]] if like else None


def lost_sections(named: Fragments, user: User) -> list[Lost]:
    """Return the sections among these that are not in their pages, as far as this reader may read those.

    Two queries, whatever the number. What is no page, or a choice between several, is no matter of sections.
    """
    if not named:
        return []
    found = resolving.candidates(named, resolving.names(named, user))
    pages = {key: names[0] for key, names in found.items() if len({name.of for name in names}) == 1}
    rows = Article.objects.readable_by(user).filter(pk__in={name.of for name in pages.values()})
    contents = {pk: (title, outline) for pk, title, outline in rows.values_list("pk", "title", "contents")}
    return [
        Lost(key, fragment, title, resolving.address(name), outline)
        for key, name in pages.items()
        for title, outline in filter(None, [contents.get(name.of)])
        for fragment in named[key]
        if fragment not in {heading["id"] for heading in outline}
    ]


class LostLink(NamedTuple):
    """A page with a link to a section that is not there."""

    source: Article
    lost: Lost


def lost_links(readable: ArticleQuerySet, user: User) -> list[LostLink]:
    """Return the links to sections that are not there in the pages of a reader, in three queries."""
    links = Link.objects.filter(to_section=True).filter(readable.has("source")).select_related("source")
    rows = list(links.only(*SHOWN).order_by("source__title_key", "pk")[:MOST])
    named: dict[str, set[str]] = {}
    for link in rows:
        named.setdefault(link.target_key, set()).update(link.sections)
    lost = {(one.key, one.fragment): one for one in lost_sections(named, user)}
    return [
        LostLink(link.source, lost[link.target_key, fragment])
        for link in rows
        for fragment in link.sections
        if (link.target_key, fragment) in lost
    ]
