"""Accounts. What a colleague tells about themselves is in the profile."""

from __future__ import annotations

from itertools import count
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from people import permissions
from people.names import RESERVED_HANDLES, handle


def refuse_reserved(value: str) -> None:
    """A handle is an address below /people/: some words there are taken by pages."""
    if value in RESERVED_HANDLES:
        raise ValidationError(
            _("“%(word)s” is the address of a page. Choose another handle."), params={"word": value}
        )


class Joined(models.Aggregate):
    """The values of related rows as one text, with commas between them."""

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL has another name for it, and joins texts only."""
        template = "STRING_AGG((%(expressions)s)::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


class ColleagueManager(UserManager["User"]):
    """Accounts by handle."""

    def with_group_ids(self) -> models.QuerySet[User]:
        """Bring along the groups of each account as `group_ids`, a text such as "3,8", in the same query."""
        memberships = User.groups.through.objects.filter(user=models.OuterRef("pk")).order_by()
        joined = memberships.values("user").values_list(Joined("group"))
        return self.annotate(
            group_ids=Coalesce(models.Subquery(joined), models.Value("", models.TextField()))
        )

    def get_by_natural_key(self, username: str | None) -> User:
        """Handles are lower case; somebody who types a capital means the same person."""
        return self.get(username__iexact=username)

    def free_handle(self, wanted: str) -> str:
        """A handle like the wanted one that nobody has: "ana.silva", else "ana.silva2", …"""
        base = handle(wanted)
        taken = (
            set(self.filter(username__startswith=base).values_list("username", flat=True)) | RESERVED_HANDLES
        )
        candidates = (base if number == 1 else f"{base}{number}" for number in count(1))
        return next(candidate for candidate in candidates if candidate not in taken)


class User(AbstractUser):
    """An account. `username` is the handle in /people/<handle>/; one signs in by e-mail.

    Authors imported from elsewhere become inactive placeholders: `origin` names their source. `has_new_handle` says,
    after saving, whether that changed the handle.
    """

    has_new_handle = False

    username = models.CharField(
        _("handle"),
        max_length=150,
        unique=True,
        help_text=_("The address of the profile: small letters, digits, dots and hyphens."),
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]*\Z",
                _("Use small letters a–z, digits, dots and hyphens, for example “farida.lukasik”."),
            ),
            refuse_reserved,
        ],
        error_messages={"unique": _("Somebody has this handle already. Choose another.")},
    )
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        default="",
        help_text=_("Of pages, e-mails and feeds. Empty: as the browser asks."),
    )
    origin = models.CharField(
        _("source"),
        max_length=120,
        blank=True,
        help_text=_("Where an imported author came from; empty for colleagues."),
    )
    # The number by which the ministry's directory and its identity provider know a person. No form sets it: whoever
    # could write another's number here could sign in as them.
    directory_id = models.CharField(max_length=191, unique=True, null=True, default=None, editable=False)

    objects: ClassVar[ColleagueManager] = ColleagueManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("Somebody signs in with this e-mail already."),
            )
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(is_active=False), name="closed_accounts")]

    @property
    def letters_in(self) -> str:
        """The language of what is sent to them, with no browser to ask."""
        return self.language or settings.LANGUAGE_CODE

    @cached_property
    def principals(self) -> frozenset[str]:
        """Everything this user may read as; asked of the database once per instance."""
        if not self.is_active:
            return frozenset()
        names = {permissions.ALL, permissions.user_principal(self.pk)}
        names |= {permissions.group_principal(pk) for pk in self._groups()}
        office = self._office()
        if office is not None:
            names |= {permissions.office_principal(pk) for pk in office.lineage}
        if self.is_superuser:
            names.add(permissions.ADMINS)
        return frozenset(names)

    def _groups(self) -> list[int]:
        known = getattr(self, "group_ids", None)
        if known is None:
            return list(self.groups.values_list("pk", flat=True))
        return [int(pk) for pk in known.split(",") if pk]

    def _office(self) -> Any:
        profile = getattr(self, "profile", None)
        return profile.office if profile is not None else None

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read again, principals too."""
        self.__dict__.pop("principals", None)
        self.__dict__.pop("group_ids", None)
        super().refresh_from_db(*args, **kwargs)
