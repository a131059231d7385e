"""People and pages for tests. Articles go through the same door as everybody's: diplopedia.actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from diplopedia.actions import Change, create_article, restrict, save_edit
from diplopedia.models import Article, ArticleTemplate, Edit
from diplopedia.versions import Version
from people.models import Language, LanguageSkill, Office, User

PASSWORD = "correct horse battery staple"


class OfficeFactory(DjangoModelFactory[Office]):
    """A bureau; give `parent` for an office below it."""

    class Meta:
        model = Office

    name = factory.Sequence(lambda n: f"Office {n}")
    acronym = factory.Sequence(lambda n: f"OF{n}")
    slug = factory.Sequence(lambda n: f"office-{n}")


class UserFactory(DjangoModelFactory[User]):
    """A colleague with an account, an empty profile and the password of the tests."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    first_name = factory.Sequence(lambda n: f"Given{n}")
    last_name = factory.Sequence(lambda n: f"Family{n}")
    username = factory.Sequence(lambda n: f"colleague{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@ministry.example")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def address(user: User, create: bool, extracted: None, **kwargs: Any) -> None:  # noqa: N805
        """Verify the e-mail address, as signing in asks for it."""
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


class MemberFactory(UserFactory):
    """A colleague in the group `Negotiators`."""

    @factory.post_generation
    def groups(user: User, create: bool, extracted: None, **kwargs: Any) -> None:  # noqa: N805
        """Join the group."""
        user.groups.add(Group.objects.get_or_create(name="Negotiators")[0])


def write(
    title: str = "Djibouti Post",
    body: str = "The embassy stands near the port.\n\n## Getting there\n\nFly by way of [[Addis Ababa]].",
    *,
    author: User | None = None,
    kind: str = "",
    **version: Any,
) -> Article:
    """Make an article as its author would, and return it fresh. `kind` is the slug of a kind of article."""
    template = ArticleTemplate.objects.get(slug=kind) if kind else None
    change = Change(author=author or UserFactory(), summary="First version")
    edit = create_article(title, Version(body=body, **version), change, template=template)
    return Article.objects.get(pk=edit.article_id)


def revise(
    article: Article, body: str, *, author: User | None = None, summary: str = "", **changes: Any
) -> Edit:
    """Save another text of an article, begun from its latest edit."""
    fresh = Article.objects.get(pk=article.pk)
    version = replace(Version.of(fresh), body=body, **changes)
    base = fresh.latest_edit.number if fresh.latest_edit else None
    return save_edit(fresh, version, Change(author=author or UserFactory(), summary=summary), base=base)


def keep_to(article: Article, *groups: Group, by: User) -> Article:
    """Restrict an article to groups, and return it fresh."""
    restrict(article, groups, [], Change(author=by))
    return Article.objects.get(pk=article.pk)


def speak(user: User, code: str, speaking: int, reading: int = 0, **about: Any) -> LanguageSkill:
    """Give somebody a language, with ILR ranks from 0 to 10 (7 is `3+`)."""
    language = Language.objects.get(pk=code)
    ranks = {"speaking": speaking, "reading": reading}
    return LanguageSkill.objects.create(profile=user.profile, language=language, **ranks, **about)
