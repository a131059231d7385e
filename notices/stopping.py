"""The links in e-mails that end them: signed, so that they need no session, and good for nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from notices.models import Preference, Watch
from people.models import User

SALT = "notices.stop"


@dataclass(frozen=True)
class Order:
    """Somebody stops one watch, or with `watch` 0 all e-mails."""

    user: int
    watch: int = 0

    @property
    def url(self) -> str:
        """The address of the page that asks and carries it out."""
        token = signing.dumps([self.user, self.watch], salt=SALT)
        return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('notices:stop', args=[token])}"

    @property
    def of_all(self) -> bool:
        """Whether it stops all e-mails."""
        return not self.watch

    def carry_out(self) -> None:
        """Do it; a second time changes nothing."""
        if self.watch:
            Watch.objects.filter(user=self.user, pk=self.watch).update(stopped=True)
        elif user := User.objects.filter(pk=self.user).first():
            chosen = Preference.of(user)
            chosen.direct = chosen.watched = Preference.Pace.NEVER
            chosen.save()


def read(token: str) -> Order | None:
    """What a token asks for; None where we did not sign it."""
    try:
        user, watch = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Order(int(user), int(watch))
