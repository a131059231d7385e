"""From the keys that stand in stored HTML to addresses, as far as this reader may know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.urls import reverse

from diplopedia.markdown import Target
from diplopedia.models import Alias, Article, Link, WikiDocument, WikiImage
from people import regions as region_names
from people.models import Profile, Region
from people.names import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

IMAGE_WIDTH = 800
GLOSSARY = "glossary-term"
NOTHING = Value("", CharField())
OF_THE_PAGE = frozenset({"person", "term", "translation", "linked"})  # no names that a link may mean


class Name(NamedTuple):
    """A title or other name of an article, a person, or what an article is filed under or kept to.

    `said` is what a term of the glossary means.
    """

    key: str
    language: str
    slug: str
    title: str
    of: int
    kind: str
    said: str = ""

    @property
    def is_title(self) -> bool:
        """Whether this is the title itself rather than another name."""
        return self.kind == "title"

    @property
    def is_region(self) -> bool:
        """Whether this is a region that an article is filed under."""
        return self.kind in Region.Kind.values

    @property
    def called(self) -> str:
        """The title; that of a region in the language of whoever reads."""
        return region_names.name_of(self.slug, self.title) if self.is_region else self.title


def names(keys: Iterable[str], user: User | AnonymousUser, also_of: Article | None = None) -> list[Name]:
    """Return what these keys of articles and people name, in one query.

    With `also_of`, the other names of that article, too, what it is filed under and kept to, its versions in other
    languages, the glossary, and how many pages link to it.
    """
    articles, persons, _files = split(keys)
    title_keys = [key.partition(":")[2] for key in articles]
    readable = Article.objects.readable_by(user)
    titles = (
        readable.filter(title_key__in=title_keys)
        .annotate(of=F("pk"), name_kind=Value("title", CharField()))
        .values_list("title_key", "language", "wiki_slug", "title", "of", "name_kind", NOTHING)
    )
    mine = Q(article=also_of) if also_of else Q(pk=None)
    aliases = (
        Alias.objects.filter(Q(readable.has("article"), title_key__in=title_keys) | mine)
        .annotate(of=F("article_id"))
        .values_list("title_key", "language", "article__wiki_slug", "title", "of", "kind", NOTHING)
    )
    parts = [titles, aliases]
    parts += people_named([key[1:] for key in persons]) if persons else ()
    if also_of:
        parts += (
            *filing(also_of),
            translations(user, also_of),
            *glossary(user, also_of),
            linked(user, also_of),
        )
    return of_all(parts)


def of_all(parts: Iterable[QuerySet]) -> list[Name]:
    """Return the names that several queries give, asked as one."""
    first, *others = (part.order_by() for part in parts)
    return [Name(*row) for row in first.union(*others, all=True)]


def filing(page: Article) -> tuple[QuerySet, ...]:
    """Return the tags and regions of an article, and the groups and offices it is kept to."""
    none, tag, group, office = (NOTHING, *(Value(text, CharField()) for text in ("tag", "group", "office")))
    tags = page.tags.through.objects.filter(content_object=page)
    regions = page.regions.through.objects.filter(article=page)
    groups = page.groups.through.objects.filter(article=page)
    offices = page.offices.through.objects.filter(article=page)
    return (
        tags.values_list(none, none, "tag__slug", "tag__name", "content_object", tag, none),
        regions.values_list(none, none, "region__slug", "region__name", "article", "region__kind", none),
        groups.values_list(none, none, "group__name", "group__name", "article", group, none),
        offices.values_list(none, none, "office__slug", "office__name", "article", office, none),
    )


def translations(user: User | AnonymousUser, page: Article) -> QuerySet:
    """Return the versions of an article in other languages that a reader may read."""
    others = Article.objects.readable_by(user).beside(page)
    kind = Value("translation", CharField())
    return others.annotate(of=F("pk")).values_list(
        "title_key", "language", "wiki_slug", "title", "of", kind, NOTHING
    )


def linked(user: User | AnonymousUser, page: Article) -> QuerySet:
    """Return how many pages that a reader may read link to an article, as the number of one name; none for none."""
    key = Concat("language", Value(":"), "title_key", output_field=CharField())
    title = Article.objects.filter(pk=page.pk).order_by().annotate(leads=key).values("leads")
    keys = title.union(Alias.objects.filter(article=page).order_by().annotate(leads=key).values("leads"))
    readers = Article.objects.readable_by(user)
    links = Link.objects.filter(readers.has("source"), target_key__in=keys).exclude(source=page).order_by()
    counted = links.annotate(whole=NOTHING).values("whole").annotate(n=Count("source", distinct=True))
    kind = Value("linked", CharField())
    return counted.values_list(NOTHING, NOTHING, NOTHING, NOTHING, "n", kind, NOTHING)


def glossary(user: User | AnonymousUser, page: Article) -> tuple[QuerySet, QuerySet]:
    """Return the terms that a reader may look up in a page's language, and their other names, with what they mean."""
    terms = Article.objects.readable_by(user).filter(template__slug=GLOSSARY, language=page.language)
    terms = terms.exclude(pk=page.pk)
    term = Value("term", CharField())
    names = Alias.objects.filter(terms.has("article"), article__template__slug=GLOSSARY)
    return (
        terms.annotate(of=F("pk")).values_list(
            "title_key", "language", "wiki_slug", "title", "of", term, "lead"
        ),
        names.annotate(of=F("article_id")).values_list(
            "title_key", "language", "article__wiki_slug", "title", "of", term, "article__lead"
        ),
    )


def people_named(wanted: list[str]) -> tuple[QuerySet, QuerySet]:
    """Return the people with these handles, and those with these names: apart, as each has an index of its own."""
    full_name = Trim(Concat("user__first_name", Value(" "), "user__last_name"))
    called = Coalesce(
        NullIf("preferred_name", Value("")),
        NullIf(full_name, Value("")),
        "user__username",
        output_field=CharField(),
    )
    people = Profile.objects.annotate(
        of=F("pk"), called=called, name_kind=Value("person", CharField())
    ).values_list("name_key", NOTHING, "user__username", "called", "of", "name_kind", NOTHING)
    return people.filter(user__username__in=wanted), people.filter(
        name_key__in=[fold(name) for name in wanted]
    )


def article_targets(keys: Iterable[str], found: Iterable[Name]) -> dict[str, Target]:
    """Return where keys of articles lead: to the article, or to a choice where several have the name alike."""
    targets = {}
    for key, names in candidates(keys, found).items():
        said = {"title": names[0].title, "language": key.partition(":")[0]}
        choice = f"{reverse('name')}?{urlencode(said)}"
        one = len({name.of for name in names}) == 1
        url = address(names[0]) if one else choice
        targets[key] = Target(url=url, title=names[0].title)
    return targets


def address(name: Name) -> str:
    """Return the address of the article that a name is of."""
    return reverse("article", args=[name.slug])


def best_of(keys: Iterable[str], found: Iterable[Name]) -> dict[str, Name]:
    """Match each key of an article with one name; of several alike, with the first by address."""
    return {key: names[0] for key, names in candidates(keys, found).items()}


def candidates(keys: Iterable[str], found: Iterable[Name]) -> dict[str, list[Name]]:
    """Match keys `<language>:<title key>` with names: the same language first, a title before another name.

    Several are left where they are alike in this: other names of several articles.
    """
    by_key: dict[str, list[Name]] = {}
    for name in found:
        if name.kind not in OF_THE_PAGE:
            by_key.setdefault(name.key, []).append(name)
    best = {}
    for key in keys:
        language, _, title_key = key.partition(":")
        if names := by_key.get(title_key):
            rank = min((name.language != language, not name.is_title) for name in names)
            alike = [name for name in names if (name.language != language, not name.is_title) == rank]
            best[key] = sorted(alike, key=lambda name: name.slug)
    return best


def person_targets(keys: Iterable[str], found: Iterable[Name]) -> dict[str, Target]:
    """Match keys `@<handle or name>` with people; of several of one name, the one who came first is meant."""
    people = sorted((name for name in found if name.kind == "person"), key=lambda name: -name.of)
    by_name = {name.key: name for name in people} | {name.slug: name for name in people}
    matched = {key: by_name.get(key[1:]) or by_name.get(fold(key[1:])) for key in keys}
    return {
        key: Target(url=reverse("people:profile", args=[name.slug]), title=name.title)
        for key, name in matched.items()
        if name
    }


def waiting_files(keys: Iterable[str], user: User | AnonymousUser) -> dict[str, Target]:
    """Match keys with files that this reader has added to a page that is not there yet: for previews alone."""
    return file_targets(split(keys)[2], user, pending=True)


def file_targets(
    keys: Iterable[str], user: User | AnonymousUser, *, pending: bool = False
) -> dict[str, Target]:
    """Match keys `image:<id>` and `document:<id>` with files this reader may have.

    Those that wait for their page are left out: what an article shows is kept for other readers, too.
    """
    targets: dict[str, Target] = {}
    wanted = list(keys)
    if images := [key for key in wanted if key.startswith("image:")]:
        found = (
            WikiImage.objects.readable_by(user)
            .filter(pending=pending)
            .in_bulk([int(key[6:]) for key in images])
        )
        targets |= {f"image:{pk}": image_target(image) for pk, image in found.items()}
    if documents := [key for key in wanted if key.startswith("document:")]:
        mine = WikiDocument.objects.readable_by(user).filter(pending=pending)
        files = mine.in_bulk([int(key[9:]) for key in documents])
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


def targets(
    keys: Iterable[str], user: User | AnonymousUser, found: Iterable[Name] | None = None
) -> Mapping[str, Target]:
    """Return where each key leads this reader. A key that is missing here has no page, as far as they may know.

    `found`: what `names` gave for these keys, where it was asked already.
    """
    articles, persons, files = split(keys)
    if found is None:
        found = names([*articles, *persons], user) if articles or persons else []
    return (
        article_targets(articles, found)
        | person_targets(persons, found)
        | (file_targets(files, user) if files else {})
    )
