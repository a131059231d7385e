"""How people are found: the entry of each, with the readers of every fact, and the names that words stand for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from people import called, evidence, limits, photos, regions, subjects, tongues, trades, translated
from people.conditions import Called
from people.data import table
from people.models import (
    Assignment,
    Education,
    Expertise,
    Language,
    LanguageSkill,
    Office,
    Post,
    Profile,
    ProfileSkill,
    Region,
    SkillTag,
    User,
)
from people.models.audience import Audience
from people.models.profiles import ProfileQuerySet
from people.permissions import ALL, principals
from people.presenting import place_of
from search import dictionary, groups, signals, sources, wording
from search.entries import AssignmentFact, Entry, ExpertiseFact, Label, LanguageFact, SkillFact
from search.grammar import Filter
from search.results import Face, Hit, Reason, Segment
from search.sources import Searchable

KIND = "person"
FACTS = (LanguageSkill, Expertise, ProfileSkill, Assignment, Education)
AVAILABLE = {
    "questions": _("Questions"),
    "mentoring": _("Mentoring"),
    "interpreting": _("Interpreting"),
    "tdy": _("Temporary duty"),
}


# What those say who ask for somebody ready: each word alone beside something else, several together by themselves.
READY = {
    "questions": "available for questions, open to questions, happy to answer questions",
    "mentoring": "mentor, mentors, mentor me, mentoring, can mentor, mentorship, coach, available for mentoring",
    "interpreting": "available for interpreting, available to interpret, free to interpret, ready to interpret",
    "tdy": "TDY, temporary duty, TDY ready, free for TDY, available for TDY, ready for TDY, on standby for TDY, "
    "free for temporary duty, available for temporary duty, ready to deploy, deployable",
}


def region_labels(*pks: int | None) -> tuple[Label, ...]:
    """These regions first, then every region they lie in but the world, as values to filter by: slug and name."""
    atlas = regions.atlas()
    own = [pk for pk in pks if pk is not None and pk in atlas.by_pk]
    around = {pk for start in own for pk in atlas.above[start]} - set(own)
    above = sorted(pk for pk in around if atlas.by_pk[pk].kind != Region.Kind.WORLD)
    return tuple(Label(atlas.by_pk[pk].slug, region_name(atlas.by_pk[pk])) for pk in [*own, *above])


def region_name(region: Region) -> str:
    """The name to filter by: a bureau's often is that of a continent, and does not hold the same countries."""
    return str(_("%s (bureau)") % region.name) if region.kind == Region.Kind.BUREAU else region.name


def office_labels(office: Office | None, offices: Mapping[int, Office]) -> tuple[Label, ...]:
    """The office first, then those it is part of, upwards."""
    line = [offices[pk] for pk in reversed(office.lineage) if pk in offices] if office else []
    above = [up.slug for up in line[1:]] + [""]
    return tuple(Label(one.slug, one.name, up) for one, up in zip(line, above, strict=False))


def _searchable() -> ProfileQuerySet:
    return Profile.objects.filter(
        Q(user__is_active=True, left_at__isnull=True) | Q(historical=True, merged_into=None)
    )


def _pks(**conditions: object) -> list[int]:
    return list(Profile.objects.filter(**conditions).values_list("pk", flat=True).distinct())


def _around(region: Region) -> list[int]:
    """Who knows, serves or served in a region, or in one that lies in it."""
    regions.refresh()
    lying = regions.with_descendants(region.pk)
    ways = ("expertise__region", "post__country", "assignments__post__country", "assignments__country")
    return [pk for way in ways for pk in _pks(**{f"{way}__in": lying})]


class PeopleSource(Searchable[Profile]):
    """Colleagues one may turn to, and historical people as a record."""

    kind = KIND
    label = _("Person")
    label_plural = _("People")
    related = {
        **dict.fromkeys(FACTS, lambda fact: [fact.profile_id]),
        User: lambda user: _pks(user=user),
        Office: lambda office: (
            _pks(office__path__startswith=office.path or "?") + _pks(assignments__office=office)
        ),
        Post: lambda post: _pks(post=post) + _pks(assignments__post=post),
        Language: lambda language: _pks(language_skills__language=language),
        Region: _around,
        Region.parents.through: _around,
        SkillTag: lambda tag: _pks(skills__tag=tag),
    }

    def queryset(self) -> QuerySet[Profile]:
        return (
            _searchable()
            .select_related("user", "office", "post__country")
            .prefetch_related(
                Prefetch("language_skills", LanguageSkill.objects.select_related("language")),
                Prefetch("expertise", Expertise.objects.select_related("region")),
                Prefetch("skills", ProfileSkill.objects.select_related("tag")),
                Prefetch(
                    "assignments", Assignment.objects.select_related("post__country", "office", "country")
                ),
                "education",
            )
        )

    def maker(self, rows: Sequence[Profile]) -> Callable[[Profile], Entry]:
        regions.refresh()
        offices = Office.objects.in_bulk()
        return lambda row: entry_of(row, offices)

    def entry(self, row: Profile) -> Entry:
        return entry_of(row, Office.objects.in_bulk(row.office.lineage if row.office else ()))

    def readable(self, pks: Collection[int], user: Any) -> set[int]:
        if not principals(user):
            return set()
        return set(_searchable().filter(pk__in=pks).values_list("pk", flat=True))

    def lines(self, pks: Collection[int]) -> Mapping[int, str]:
        return {row.pk: role_of(row) for row in Profile.objects.with_place().filter(pk__in=pks)}

    def faces(self, pks: Collection[int], user: Any) -> Mapping[int, Face]:
        people = Profile.objects.select_related("user").filter(pk__in=pks)
        return {
            person.pk: Face(photos.url(person, user), person.initials, to_ask=not person.historical)
            for person in people
        }

    def told(
        self, pks: Collection[int], filters: Sequence[Filter], user: Any
    ) -> Mapping[int, Sequence[Reason]]:
        return evidence.on(subjects.of(filters), pks, user)

    def refusal(self, request: HttpRequest, number: int, page: int) -> HttpResponse | None:
        try:
            limits.turn(request, number, page)
        except limits.TooMany as error:
            return limits.refused(request, error)
        return None

    def fallback(self, text: str, user: Any, size: int = 20) -> list[Hit]:
        if not principals(user) or not text.strip():
            return []
        found = _searchable().with_place().filter(Called((), text).names)
        return [
            Hit(
                kind=KIND,
                pk=profile.pk,
                url=profile.get_absolute_url(),
                title=(Segment(profile.name),),
                role=role_of(profile),
            )
            for profile in found[:size]
        ]


def role_of(profile: Profile) -> str:
    """The line under a name: title and place, or that this is a historical record."""
    if profile.historical:
        return str(_("Historical record")) + (f", {profile.lifespan}" if profile.lifespan else "")
    return ", ".join(filter(None, [profile.title, place_of(profile)]))


def entry_of(profile: Profile, offices: Mapping[int, Office]) -> Entry:
    """The entry of one profile of the source's queryset. A historical person is found by name and text alone."""
    careers = list(profile.assignments.all())
    known = [job for job in careers if job.audience == Audience.ALL]
    past = "\n".join(map(str, known)) if profile.historical else ""
    studied = "\n".join(str(one) for one in profile.education.all() if one.audience == Audience.ALL)
    about = unescape(strip_tags(profile.about_html)) if profile.about_audience == Audience.ALL else ""
    return Entry(
        kind=KIND,
        pk=profile.pk,
        title=profile.name,
        sort_title=profile.sort_key,
        url=profile.get_absolute_url(),
        readers=frozenset({ALL}),
        aliases=tuple(
            dict.fromkeys([*profile.other_names, profile.user.get_full_name(), profile.user.username])
        ),
        role=role_of(profile),
        body="\n".join(filter(None, [about, past, studied])),
        regions=region_labels(profile.post.country_id if profile.post else None),
        office=office_labels(profile.office, offices),
        available=tuple(Label(code, str(AVAILABLE[code])) for code in profile.availability),
        languages=tuple(language_fact(skill) for skill in profile.language_skills.all()),
        skills=tuple(skill_fact(skill) for skill in profile.skills.all() if not skill.learn),
        expertise=tuple(expertise_fact(fact) for fact in profile.expertise.all()),
        assignments=() if profile.historical else (*map(assignment_fact, careers), *posted(profile, careers)),
        updated=profile.confirmed_at,
    )


def posted(profile: Profile, careers: Collection[Assignment]) -> Iterator[AssignmentFact]:
    """The post that the profile says and no job that all may read tells of: the directory's file fills just that."""
    told = {job.post_id for job in careers if job.is_current and job.principal == ALL}
    if profile.post is not None and profile.post_id not in told:
        job = Assignment(profile=profile, post=profile.post, title=profile.title)
        yield assignment_fact(job)._replace(now=True)


def language_fact(skill: LanguageSkill) -> LanguageFact:
    """A language with its levels; asking for the larger language it is part of finds it, too."""
    language = skill.language
    return LanguageFact(
        code=language.code,
        name=language.name,
        speaking=skill.speaking,
        reading=skill.reading,
        codes=tuple(filter(None, [language.code, language.macrolanguage_id])),
        principal=skill.principal,
        tested=skill.tested_on.year if skill.tested_on else None,
    )


def skill_fact(skill: ProfileSkill) -> SkillFact:
    """A skill; what somebody only wants to learn is none."""
    return SkillFact(code=skill.tag.slug, name=skill.tag.name, level=skill.level, principal=skill.principal)


def expertise_fact(fact: Expertise) -> ExpertiseFact:
    """A region somebody knows, with all it lies in."""
    return ExpertiseFact(
        name=fact.region.name,
        regions=region_labels(fact.region_id),
        years=fact.years,
        principal=fact.principal,
        depth=fact.depth,
    )


def assignment_fact(job: Assignment) -> AssignmentFact:
    """A job, its post and country, and the regions that country lies in."""
    country = job.post.country if job.post else job.country
    places = [Label(job.post.slug, job.post.city)] if job.post else []
    around = region_labels(country.pk if country else None)
    return AssignmentFact(
        place=job.place,
        places=(*places, *around[:1]),
        title=job.title,
        started=job.started.year if job.started else None,
        ended=job.ended.year if job.ended else None,
        now=job.is_current,
        regions=around,
        principal=job.principal,
    )


# --- words that stand for something --------------------------------------------------------------------------------


def dictionary_names() -> Iterable[tuple[str, str, str, str]]:
    """Every name of a language, place, office and skill, as (phrase, field, value, label).

    All readers share them, so words that only stand in a hidden fact are not among them.
    """
    yield from _language_names()
    yield from _place_names()
    for office in Office.objects.all():
        for phrase in filter(None, [office.name, office.acronym, *trades.said_for(office.name)]):
            yield phrase, "office", office.slug, office.name
    yield from _skill_names()
    for what, said in READY.items():
        yield from ((phrase, "available", what, str(AVAILABLE[what])) for phrase in said.split(", "))


def _place_names() -> Iterable[tuple[str, str, str, str]]:
    """Names of countries, regions, groups of countries, and cities with a post."""
    for region in regions.atlas().by_pk.values():
        for phrase in filter(
            None, [region.name, *region.other_names, region.demonym, *called.region(region)]
        ):
            yield phrase, "region", region.slug, region.name
    yield from _group_names()
    for post in Post.objects.all():
        for phrase in dict.fromkeys([post.city, *called.post(post)]):
            yield phrase, "post", post.slug, post.city


def _group_names() -> Iterable[tuple[str, str, str, str]]:
    """Groups of countries that are no regions of ours: to ask for one is to ask for any of its countries."""
    countries = {region.iso2: region for region in regions.atlas().by_pk.values() if region.iso2}
    for name, members in table("regions")["groups"].items():
        for country in (countries[code] for code in members.split() if code in countries):
            for phrase in (name, *(f"{name} {word}" for word in called.OF_GROUPS)):
                yield phrase, "region", country.slug, country.name


def _skill_names() -> Iterable[tuple[str, str, str, str]]:
    """Names of skills that somebody shows to all, and what those who have them are called."""
    open_skills = ProfileSkill.objects.filter(audience=Audience.ALL).values("tag")
    for name, slug in SkillTag.objects.filter(pk__in=open_skills).values_list("name", "slug"):
        for phrase in [*trades.phrases(name), *translated.skill(name)]:
            yield phrase, "skill", slug, name


def _language_names() -> Iterable[tuple[str, str, str, str]]:
    """Names of languages, larger ones first: "Mandarin" also means Chinese, but is a language itself.

    Of the languages that nobody has and that are no country's, those with a code of two letters are named, as Breton
    is, unless another is meant by their name: "Twi" is Akan. Others, "Even" or "Mono", would catch ordinary words.
    """
    open_skills = LanguageSkill.objects.filter(audience=Audience.ALL, language=OuterRef("pk"))
    # Asked of each language, and not of each person who speaks it.
    held = set(Language.objects.filter(Exists(open_skills)).values_list("pk", flat=True))
    languages = list(Language.objects.all())
    known = [language for language in languages if language.countries or language.code in held]
    named = {name for language in known for name in (language.name, *language.other_names)}
    known += [language for language in languages if len(language.tag) == 2 and language.name not in named]
    for language in known:
        yield language.name, "lang", language.code, language.name
    for language in known:
        others = [language.native_name, *language.other_names, *called.language(language.code, language.tag)]
        for phrase in filter(None, others):
            yield phrase, "lang", language.code, language.name
    for group in tongues.groups().values():
        yield from ((phrase, "lang", group.code, group.name) for phrase in group.phrases)


def connect() -> None:
    """Make people known to search; every change of a person or a fact reaches it from now on."""
    source = sources.register(PeopleSource())
    signals.follow(source)
    dictionary.register(dictionary_names)
    wording.register("lang", tongues.name_of)
    groups.register("lang", tongues.members_of)
    wording.register("region", regions.name_of)
    wording.register("post", regions.place_name)
