"""People and pages for tests. Articles go through the same door as everybody's: diplopedia.actions."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from people.models import Office, Profile, User

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

    @factory.post_generation
    def password(user: User, create: bool, extracted: str | None, **kwargs: Any) -> None:  # noqa: N805
        """Set a password and verify the e-mail address, as signing in asks for both."""
        user.set_password(extracted or PASSWORD)
        user.save()
        Profile.objects.get_or_create(user=user)


class MemberFactory(UserFactory):
    """A colleague in the group `Negotiators`."""

    @factory.post_generation
    def groups(user: User, create: bool, extracted: None, **kwargs: Any) -> None:  # noqa: N805
        """Join the group."""
        user.groups.add(Group.objects.get_or_create(name="Negotiators")[0])
