"""The rows that the words and codes of a question name: each table is asked at most once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils.text import slugify

from people import lookup, regions, tongues
from people.models import Language, Office, Post, Region, SkillTag, User
from search.analysis import words
from search.dictionary import Dictionary, dictionary


class Names:
    """Languages and places by what somebody typed or chose; `languages` and `places` are all that may be asked for."""

    def __init__(self, languages: Iterable[str], places: Iterable[str], reader: User) -> None:
        self.reader = reader
        self.dictionary: Dictionary = dictionary()
        self._varieties: dict[str, list[str]] = defaultdict(list)
        self._languages = self._read_languages({self._code(text) for text in languages})
        self._posts = _read_posts({slug for text in places for slug in (text, slugify(text)) if slug})

    def _code(self, text: str) -> str:
        """The code of a language: as it is, or of the one language that the text is known to name.

        A code may be the name of another language: "mon" is Mongolian, "Mon" is spoken in Myanmar.
        """
        if ("lang", text) in self.dictionary.labels:
            return text
        named = self.dictionary.phrases.get(tuple(words(text)), ())
        codes = [name.code for name in named if name.field == "lang"]
        return codes[0] if len(codes) == 1 else text.lower()

    def _read_languages(self, codes: set[str]) -> dict[str, Language]:
        if not codes:
            return {}
        found = {
            one.code: one
            for one in Language.objects.filter(Q(code__in=codes) | Q(macrolanguage__in=codes)).order_by(
                "code"
            )
        }
        for language in found.values():
            if language.macrolanguage_id:
                self._varieties[language.macrolanguage_id].append(language.code)
        return found

    def language(self, text: str) -> tuple[Language, tuple[str, ...]] | None:
        """The language that a text names, and the codes of its varieties; a group with those of its languages."""
        if group := tongues.groups().get(self._code(text)):
            return group.language, tongues.members_of(group.code)
        language = self._languages.get(self._code(text))
        if language is None and text:
            language = lookup.language(text)
            if language is not None:
                self._read_languages({language.code})
        return (language, tuple(self._varieties[language.code])) if language else None

    def place(self, text: str) -> Post | Region | None:
        """The post, else the country or region, that a text names."""
        post = self._posts.get(text) or self._posts.get(slugify(text))
        return post or lookup.region(text) or lookup.post(text)

    def region(self, text: str) -> Region | None:
        """The country or region that a text names."""
        return lookup.region(text)

    def places(self, code: str) -> list[Post | Region]:
        """All that a code of the dictionary names: the post and the country of one name, if the post is elsewhere."""
        post, region = self._posts.get(code), lookup.region(code)
        if post and region and post.country_id in regions.with_descendants(region.pk):
            return [region]
        return [place for place in (post, region) if place]

    def skill(self, text: str) -> SkillTag | None:
        """A skill by address or name, if it stands on some profile that the reader may read."""
        known = SkillTag.objects.readable_by(self.reader)
        return known.filter(slug=text).first() or known.filter(name__iexact=text).first()

    def office(self, text: str) -> Office | None:
        """An office by address, name or acronym."""
        return lookup.office(text)


def _read_posts(slugs: set[str]) -> dict[str, Post]:
    if not slugs:
        return {}
    return {post.slug: post for post in Post.objects.filter(slug__in=slugs).select_related("country")}
