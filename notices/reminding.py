"""Notices of what colleagues say of each other's profiles, and the yearly question whether one is still right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices import actions, wording
from notices.models import Event, Notice
from people import confirming, trusting
from people.models import Profile, Reminder, User
from people.models.profiles import STILL_RIGHT_FOR

ASKED = "confirm"
TOLD_AGAIN_AFTER = dt.timedelta(days=1)
SENTENCES = {
    "endorsed": _("%(who)s confirmed a fact on your profile"),
    "correction": _("%(who)s suggests a correction of your profile"),
    "accepted": _("%(who)s accepted the correction that you suggested"),
    "declined": _("%(who)s answered the correction that you suggested"),
}
LEADS_TO = {"correction": "people:corrections", "accepted": "people:correct", "declined": "people:correct"}


def tell(sender: Any, *, kind: str, actor: User, to: User, person: Profile, **about: Any) -> None:
    """Tell one colleague what another one said of a profile; nobody else hears of it, and its words stay there."""
    words = {"fact": about["fact"]} if kind == "endorsed" else {}
    if words and _is_told(kind, actor, person, words):
        return
    url = reverse(LEADS_TO[kind], args=[person.user.username]) if kind in LEADS_TO else ""
    subject = ("person", person.pk)
    actions.tell(kind, actor=actor, subject=subject, url=url, words=words, to={kind: [to]}, minor=True)


def _is_told(kind: str, actor: User, person: Profile, words: dict[str, str]) -> bool:
    """Whether it was told within a day: who confirms, takes back and confirms again tells it once."""
    before = Event.objects.filter(kind=kind, actor=actor, subject_kind="person", subject_pk=person.pk)
    return before.filter(words=words, created__gt=timezone.now() - TOLD_AGAIN_AFTER).exists()


def answered(sender: Any, person: Profile, **about: Any) -> None:
    """Ask no more of somebody who said that their facts still hold."""
    Notice.objects.filter(user=person.user_id, kind=ASKED).see()


def ask(most: int) -> int:
    """Ask those whose turn it is whether their facts still hold, at most so many; returns how many were asked."""
    due = list(confirming.to_ask().select_related("user")[:most])
    return sum(ask_one(person) for person in due)


@transaction.atomic
def ask_one(person: Profile) -> bool:
    """Ask somebody, unless another run did so meanwhile or the year is not over: at most one e-mail a year."""
    now = timezone.now()
    _row, new = Reminder.objects.get_or_create(profile=person, defaults={"sent_at": now})
    old = Reminder.objects.filter(profile=person, sent_at__lte=now - STILL_RIGHT_FOR)
    if not new and not old.update(sent_at=now):
        return False
    url = confirming.address(person)
    actions.tell(
        ASKED, actor=None, subject=("person", person.pk), url=url, to={ASKED: [person.user_id]}, minor=True
    )
    return True


def connect() -> None:
    """Hear of what happens on profiles, and have sentences for it."""
    for kind, sentence in SENTENCES.items():
        wording.register(kind, sentence, direct=kind != "endorsed")
    question = _("Is everything on your profile still right? One click says so")
    wording.register(ASKED, question, direct=True)
    trusting.happened.connect(tell, dispatch_uid="notices.trust")
    confirming.confirmed.connect(answered, dispatch_uid="notices.confirmed")
