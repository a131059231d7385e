"""The texts that an article includes, as far as this reader may read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import CharField, F, Value

from diplopedia.markdown import Heading, IncludedText, include, included_keys
from diplopedia.markdown.including import MOST_INCLUSIONS, MOST_LEVELS
from diplopedia.models import Alias, Article
from diplopedia.resolving import Name, best_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User


def with_inclusions(html: str, user: User | AnonymousUser, *, page: int | None = None) -> str:
    """Return stored HTML with the texts that it includes: one query for each level of inclusion, none without any."""
    texts: dict[str, IncludedText] = {}
    wanted = included_keys(html)[:MOST_INCLUSIONS]
    for _level in range(MOST_LEVELS):
        if not wanted:
            break
        found = texts_of(wanted, user)
        texts |= found
        nested = dict.fromkeys(key for text in found.values() for key in included_keys(text.html))
        wanted = [key for key in nested if key not in texts][:MOST_INCLUSIONS]
    return include(html, texts, page=page) if texts else html


def texts_of(keys: Iterable[str], user: User | AnonymousUser) -> dict[str, IncludedText]:
    """Return the text of the page that each key leads this reader to, in one query."""
    wanted = set(keys)
    title_keys = [key.partition(":")[2] for key in wanted]
    readable = Article.objects.readable_by(user)
    titles = (
        readable.filter(title_key__in=title_keys)
        .annotate(of=F("pk"), name_kind=Value("title", CharField()))
        .values_list("title_key", "language", "wiki_slug", "title", "of", "name_kind", "html", "contents")
    )
    aliases = (
        Alias.objects.filter(readable.has("article"), title_key__in=title_keys)
        .annotate(of=F("article_id"))
        .values_list(
            "title_key", "language", "article__wiki_slug", "article__title", "of", "kind", "article__html",
            "article__contents",
        )
    )  # fmt: skip
    rows = list(titles.order_by().union(aliases.order_by(), all=True))
    texts = {row[4]: IncludedText(row[4], row[3], row[6], [Heading(**one) for one in row[7]]) for row in rows}
    names = [Name(*row[:6]) for row in rows]
    return {key: texts[name.of] for key, name in best_of(wanted, names).items()}
