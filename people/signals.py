"""What follows from saving: every account has a profile, and the graph of regions is read again."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.users.models import UserProfile

from people import photos, regions, spoken, ways_in
from people.models import Language, Profile, Region, User

NAMES = {"username", "first_name", "last_name"}


@receiver(post_save, sender=User, dispatch_uid="people.profile_of_new_user")
def give_profile(instance: User, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A new account gets its profile; fixtures bring their own."""
    if created and not raw:
        Profile.objects.create(user=instance)


@receiver(post_save, sender=User, dispatch_uid="people.names_of_the_account")
def follow_names(
    instance: User,
    created: bool,
    raw: bool = False,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    """Who is called otherwise in the account is found by it in the directory."""
    if created or raw or (update_fields is not None and not NAMES & set(update_fields)):
        return
    for profile in Profile.objects.filter(user=instance):
        profile.user = instance
        profile.prepare_names()
        same = Profile.objects.filter(pk=profile.pk)
        same.update(name_key=profile.name_key, found_by=profile.found_by)


@receiver(pre_save, sender=User, dispatch_uid="people.new_handle")
def notice_new_handle(instance: User, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    """What names people by their handles must follow when one changes."""
    if instance.pk and (update_fields is None or "username" in update_fields):
        same = User.objects.filter(pk=instance.pk, username=instance.username)
        instance.has_new_handle = not same.exists()


@receiver(pre_save, sender=User, dispatch_uid="people.account_opened_again")
def begin_anew(
    instance: User, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Whoever comes back chooses a new password, or comes by the identity provider, and has no passkey of before.

    With the old password end the sessions of the time before, whoever has them by now. A new one that is given with
    the same step stays.
    """
    if raw or not (instance.pk and instance.is_active) or "is_active" not in (update_fields or {"is_active"}):
        return
    before = User.objects.filter(pk=instance.pk, is_active=False).only("password").first()
    if before is not None:
        ways_in.forget_passkeys(instance)
        if before.password == instance.password:
            instance.set_unusable_password()


@receiver(post_save, sender=User, dispatch_uid="people.language_of_the_administration")
def say_language(instance: User, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    """A chosen language is that of the administration, too, which keeps its own note of it."""
    if update_fields is None or "language" in update_fields:
        others = UserProfile.objects.filter(user=instance).exclude(preferred_language=instance.language)
        others.update(preferred_language=instance.language)


@receiver(pre_save, sender=UserProfile, dispatch_uid="people.language_chosen_in_the_administration")
def take_language(instance: UserProfile, raw: bool = False, **kwargs: Any) -> None:
    """A language chosen in the administration is that of all pages; a new note of it begins with what is chosen."""
    if raw:
        return
    if instance.pk is None:
        instance.preferred_language = instance.user.language
    else:
        User.objects.filter(pk=instance.user_id).update(language=instance.preferred_language)


@receiver(post_delete, sender=Profile, dispatch_uid="people.photo_of_who_is_gone")
def forget_photo(instance: Profile, **kwargs: Any) -> None:
    """A photo goes with the profile."""
    photos.forget(instance.photo_key)


@receiver([post_save, post_delete], sender=Region, dispatch_uid="people.regions_changed")
@receiver(m2m_changed, sender=Region.parents.through, dispatch_uid="people.region_parents_changed")
def read_regions_again(**kwargs: Any) -> None:
    """Somebody edited a region: the next question about what lies where asks the database."""
    regions.changed()


@receiver([post_save, post_delete], sender=Language, dispatch_uid="people.languages_changed")
def read_languages_again(**kwargs: Any) -> None:
    """Somebody edited where a language is spoken."""
    spoken.forget()
