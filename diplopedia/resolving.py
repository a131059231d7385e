"""From the keys that stand in stored HTML to addresses, as far as this reader may know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import CharField, F, Q, Value
from django.urls import reverse

from diplopedia.markdown import Target
from diplopedia.models import Alias, Article, WikiDocument, WikiImage
from people.models import Profile
from people.names import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

IMAGE_WIDTH = 800


@dataclass(frozen=True)
class Name:
    """One title or other name of an article."""

    key: str
    language: str
    slug: str
    title: str
    article: int
    kind: str

    @property
    def is_title(self) -> bool:
        """Whether this is the title itself rather than another name."""
        return self.kind == "title"


def names(
    title_keys: Iterable[str], user: User | AnonymousUser, also_of: Article | None = None
) -> list[Name]:
    """Return the titles and other names among these keys, and the other names of one article, in one query."""
    readable = Article.objects.readable_by(user)
    keys = list(title_keys)
    titles = (
        readable.filter(title_key__in=keys)
        .annotate(of=F("pk"), name_kind=Value("title", CharField()))
        .values_list("title_key", "language", "wiki_slug", "title", "of", "name_kind")
    )
    mine = Q(article=also_of) if also_of else Q(pk=None)
    aliases = (
        Alias.objects.filter(Q(title_key__in=keys, article__in=readable.values("pk")) | mine)
        .annotate(of=F("article_id"))
        .values_list("title_key", "language", "article__wiki_slug", "title", "of", "kind")
    )
    return [Name(*row) for row in titles.order_by().union(aliases.order_by(), all=True)]


def article_targets(keys: Iterable[str], found: Iterable[Name]) -> dict[str, Target]:
    """Match keys `<language>:<title key>` with names: the same language first, a title before another name."""
    by_key: dict[str, list[Name]] = {}
    for name in found:
        by_key.setdefault(name.key, []).append(name)
    targets = {}
    for key in keys:
        language, _, title_key = key.partition(":")
        if candidates := by_key.get(title_key):
            best = min(candidates, key=lambda n: (n.language != language, not n.is_title, n.slug))
            targets[key] = Target(url=reverse("article", args=[best.slug]), title=best.title)
    return targets


def person_targets(keys: Iterable[str], profiles: Iterable[Profile]) -> dict[str, Target]:
    """Match keys `@<handle or name>` with people."""
    by_name: dict[str, Profile] = {}
    for profile in profiles:
        by_name.setdefault(fold(profile.name), profile)
        by_name[profile.user.username] = profile
    found = {key: by_name.get(key[1:]) or by_name.get(fold(key[1:])) for key in keys}
    return {key: Target(url=p.get_absolute_url(), title=p.name) for key, p in found.items() if p}


def people(keys: Iterable[str]) -> list[Profile]:
    """Return the people behind keys `@<handle or name>`, in one query; in none where there are no keys."""
    if not (wanted := [key[1:] for key in keys]):
        return []
    condition = (
        Q(user__username__in=wanted) | Q(preferred_name__in=wanted) | Q(name_key__in=map(fold, wanted))
    )
    return list(Profile.objects.with_place().filter(condition))


def file_targets(keys: Iterable[str], user: User | AnonymousUser) -> dict[str, Target]:
    """Match keys `image:<id>` and `document:<id>` with files this reader may have."""
    targets: dict[str, Target] = {}
    wanted = list(keys)
    if images := [key for key in wanted if key.startswith("image:")]:
        found = WikiImage.objects.readable_by(user).in_bulk([int(key[6:]) for key in images])
        targets |= {f"image:{pk}": image_target(image) for pk, image in found.items()}
    if documents := [key for key in wanted if key.startswith("document:")]:
        files = WikiDocument.objects.readable_by(user).in_bulk([int(key[9:]) for key in documents])
        targets |= {f"document:{pk}": Target(url=file.url, title=file.title) for pk, file in files.items()}
    return targets


def image_target(image: WikiImage) -> Target:
    """Return where a page gets an image, with the size it will have there, so that nothing jumps."""
    width = min(IMAGE_WIDTH, image.width)
    return Target(
        url=reverse("image", args=[image.pk, width]),
        title=image.title,
        width=width,
        height=round(image.height * width / image.width),
    )


def split(keys: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """Sort keys into those of articles, people and files."""
    articles: list[str] = []
    persons: list[str] = []
    files: list[str] = []
    for key in keys:
        target = (
            persons if key.startswith("@") else files if key.startswith(("image:", "document:")) else articles
        )
        target.append(key)
    return articles, persons, files


def targets(keys: Iterable[str], user: User | AnonymousUser) -> Mapping[str, Target]:
    """Return where each key leads this reader. A key that is missing here has no page, as far as they may know."""
    articles, persons, files = split(keys)
    found = names([key.partition(":")[2] for key in articles], user) if articles else []
    return (
        article_targets(articles, found)
        | person_targets(persons, people(persons))
        | (file_targets(files, user) if files else {})
    )
