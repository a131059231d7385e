"""The words of a letter: plain text and HTML of the same, without anything that tells who opened it."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notices.holding import holding
from notices.models import Letter, Notice, Preference, Watch
from notices.showing import Group, grouped, quotations
from notices.stopping import Order
from notices.watchables import named
from notices.wording import DIRECT

QUOTED = 20  # of a long letter, only so many changes are quoted


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The letter as it is now; None where its reader may know of nothing in it any more, or has no address.

    Raises ValueError where a header would hold a line break, and SearchUnavailable where it cannot be asked whether
    a colleague is still found by a search.
    """
    user = letter.user
    if not user.is_active or not user.email:
        return None
    chosen = Preference.of(user)
    with translation.override(user.letters_in):
        wanted = (
            letter.notices.readable_by(user, letter.notices.subject_kinds())
            .unseen()
            .exclude(watch__stopped=True)
        )
        notices = [notice for notice in wanted.with_all().order_by("pk") if is_wanted(notice, chosen)]
        notices = holding(notices, user)
        return written(letter, notices) if notices else None


def is_wanted(notice: Notice, chosen: Preference) -> bool:
    """Whether its reader still wants such notices by e-mail."""
    pace = chosen.direct if notice.kind in DIRECT else chosen.watched
    return pace != Preference.Pace.NEVER


def written(letter: Letter, notices: list[Notice]) -> EmailMultiAlternatives:
    """The letter about these notices, in the language that is active."""
    groups = grouped(notices, quotations(notices[:QUOTED]))
    stops = stops_of(letter, notices)
    everything = Order(letter.user_id)
    context: dict[str, Any] = {
        "groups": groups,
        "stops": stops,
        "base": settings.WAGTAILADMIN_BASE_URL,
        "settings_url": settings.WAGTAILADMIN_BASE_URL + reverse("notices:preferences"),
        "stop_all_url": everything.url,
        "reader": letter.user,
        "language": translation.get_language(),
    }
    only = stops[0][1] if len(stops) == 1 and all(notice.watch_id for notice in notices) else everything.url
    message = EmailMultiAlternatives(
        subject=subject_of(groups, notices),
        body=render_to_string("notices/mail.txt", context),
        to=[letter.user.email],
        headers={
            "Message-ID": f"<{letter.word}@{domain()}>",
            "List-Unsubscribe": f"<{only}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-ID": f"Diplopedia <notices.{domain()}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": str(translation.get_language()),
        },
    )
    message.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return message


def domain() -> str:
    """The domain of the sender, for what names this site in headers."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def subject_of(groups: list[Group], notices: list[Notice]) -> str:
    """One line: the one thing that happened, or how many. Titles are what colleagues typed, so no sign may break it."""
    first = groups[0].lines[0].sentence
    said = {"title": groups[0].subject.title, "count": len(notices), "more": len(groups) - 1, "what": first}
    if len(notices) == 1:
        line = _("%(title)s: %(what)s") % said
    elif len(groups) == 1:
        line = ngettext("%(title)s: %(count)s notice", "%(title)s: %(count)s notices", len(notices)) % said
    else:
        line = ngettext("%(title)s and %(more)s more", "%(title)s and %(more)s more", len(groups) - 1) % said
    return _("[Diplopedia] %s") % "".join(sign if sign.isprintable() else " " for sign in line)[:150]


def stops_of(letter: Letter, notices: list[Notice]) -> list[tuple[str, str]]:
    """What brought these notices, by name, each with the address that stops it."""
    watches: dict[int, Watch] = {notice.watch.pk: notice.watch for notice in notices if notice.watch}
    names = named([(watch.kind, watch.key) for watch in watches.values()], letter.user)
    return [
        (names[watch.kind, watch.key].title, Order(letter.user_id, watch.pk).url)
        for watch in watches.values()
        if (watch.kind, watch.key) in names
    ]
