"""Letters: which notices are due to whom, and sending them once, whatever fails and however many send.

A letter takes up its notices in one transaction. It is sent by whoever took it for a while (`Letter.taken_until`); a
failure leaves it for the next run, with the same Message-ID, so that a mail server or program that got it after all
knows it again. Its words are made when it is sent, from what its reader may read then.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import NamedTuple

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notices import wording
from notices.composing import compose
from notices.looking import answers
from notices.models import Event, Letter, Notice, Preference
from notices.pacing import due_before
from notices.querysets import NoticeQuerySet
from people.models import User
from search.engines import SearchUnavailable

log = logging.getLogger(__name__)

# Answers to this one letter; any other trouble is the server's.
REFUSED = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
LEASE = timedelta(minutes=10)
MOST_IN_ONE = 200
FORGOTTEN_AFTER = timedelta(days=180)


class Sent(NamedTuple):
    """What a run did: letters sent, those that wait still, and those that had nothing left to say."""

    sent: int
    waiting: int
    empty: int


def write_letters() -> int:
    """Take up all notices that are due, in one letter for each person; returns how many letters."""
    return sum(write_letter(user) for user in those_waited_for())


def those_waited_for() -> Iterator[User]:
    """Colleagues with an address who have notices that no letter has taken up."""
    waiting = Notice.objects.unseen().filter(letter=None).order_by().values("user")
    never = Preference.objects.filter(direct=Preference.Pace.NEVER, watched=Preference.Pace.NEVER)
    people = User.objects.filter(pk__in=waiting, is_active=True, profile__left_at=None).exclude(email="")
    people = people.exclude(pk__in=never.values("pk"))
    return people.select_related("profile").order_by("pk").iterator()


def write_letter(user: User) -> bool:
    """Take up what is due to somebody; False where nothing is, which is asked before anybody is held up."""
    due = due_notices(user)
    return due.exists() and take_up(due, user)


@transaction.atomic
def take_up(notices: NoticeQuerySet, user: User) -> bool:
    """Put these notices of somebody into one letter; False where another run did so meanwhile."""
    User.objects.select_for_update().filter(pk=user.pk).values_list("pk").first()
    due = list(notices.values_list("pk", flat=True)[:MOST_IN_ONE])
    if not due:
        return False
    letter = Letter.objects.create(user=user)
    Notice.objects.filter(pk__in=due).update(letter=letter)
    return True


def due_notices(user: User) -> NoticeQuerySet:
    """The notices of somebody that are due, were not seen and not taken up: the oldest first."""
    chosen, due = Preference.of(user), Q(pk__in=[])
    for pace, direct in ((chosen.direct, True), (chosen.watched, False)):
        if before := due_before(pace, user, direct=direct):
            kinds = Q(kind__in=wording.DIRECT)
            due |= Q(kinds if direct else ~kinds, created__lte=before)
    notices = Notice.objects.filter(due, user=user, letter=None).unseen()
    return notices.exclude(watch__stopped=True).order_by("pk")


def send_letters() -> Sent:
    """Send every letter that is due, each once; returns how it went.

    A mail server that is away is no letter's fault: all wait for the next run, and none counts it as a failure.
    """
    counts: Counter[str] = Counter()
    mail = get_connection()
    try:
        mail.open()
        for pk in Letter.objects.due().values_list("pk", flat=True):
            if letter := take(pk):
                counts[deliver(letter, mail)] += 1
    except (SMTPException, OSError) as error:
        log.warning("The mail server cannot be reached, letters wait: %s", error)
    finally:
        mail.close()
    return Sent(counts["sent"], Letter.objects.waiting().count(), counts["empty"])


def take(pk: int) -> Letter | None:
    """Take a letter for a while, if nobody else has it."""
    mine = Letter.objects.due().filter(pk=pk).update(taken_until=timezone.now() + LEASE)
    return Letter.objects.select_related("user__profile__office").get(pk=pk) if mine else None


def deliver(letter: Letter, mail: BaseEmailBackend) -> str:
    """Send a letter: "sent", "empty" when it says nothing any more, "failed" when it is to be tried again.

    Raises the mail server's errors where it went away.
    """
    try:
        message = compose(letter)
        if message is not None:
            mail.send_messages([message])
    except SearchUnavailable as error:
        log.warning("The letter %s waits for the search: %s", letter.pk, error)
        if answers():
            letter.failed(error)  # it is this letter's question that has no answer
        else:
            letter.let_go()
        return "failed"
    except REFUSED as error:
        letter.failed(error)
        return "failed"
    except (SMTPException, OSError):
        letter.let_go()
        raise
    except Exception as error:
        log.exception("The letter %s cannot be sent", letter.pk)
        letter.failed(error)
        return "failed"
    letter.is_done()
    return "empty" if message is None else "sent"


def forget() -> int:
    """Delete what happened long ago, with its notices; returns how many events."""
    long_ago = timezone.now() - FORGOTTEN_AFTER
    Letter.objects.filter(created__lt=long_ago).exclude(sent_at=None).delete()
    return Event.objects.filter(created__lt=long_ago).exclude(spread_at=None).delete()[0]
