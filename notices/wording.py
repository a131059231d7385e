"""What a notice says, in one sentence. Apps above register the sentences of what only they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from notices.models import Notice

# Each may use %(who)s and whatever the event's words hold.
SENTENCES: dict[str, str | Promise] = {
    "create": gettext_lazy("%(who)s began the page"),
    "rename": gettext_lazy("%(who)s renamed the page, which was called “%(was)s”"),
    "delete": gettext_lazy("%(who)s deleted the page"),
    "back": gettext_lazy("%(who)s brought the page back"),
    "access": gettext_lazy("%(who)s decided who may read the page"),
    "join": gettext_lazy("%(who)s merged two pages"),
    "split": gettext_lazy("%(who)s split a section out"),
    "verify": gettext_lazy("%(who)s verified revision %(revision)s"),
    "talk": gettext_lazy("%(who)s wrote on the talk page"),
    "reply": gettext_lazy("%(who)s replied to you"),
    "mention": gettext_lazy("%(who)s mentioned you"),
    "resolve": gettext_lazy("%(who)s marked a thread as resolved"),
    "thanks": gettext_lazy("%(who)s thanked you for revision %(revision)s"),
    "search": gettext_lazy("New for your search “%(query)s”"),
    "question": gettext_lazy("New for your question: %(said)s"),
    "report": gettext_lazy("A report waits for the moderators"),
    "decision": gettext_lazy("A moderator decided on a report"),
}
# Said to one person, who probably wants to know soon.
DIRECT = {"reply", "mention", "thanks", "report", "decision"}


class Words(dict[str, object]):
    """Words of an event; one that is missing is a dash."""

    def __missing__(self, name: str) -> str:
        """Whatever is not there."""
        return "–"


def register(kind: str, sentence: str | Promise, *, direct: bool = False) -> None:
    """Give a kind of notice its sentence, with %(who)s and the words of the event."""
    SENTENCES[kind] = sentence
    if direct:
        DIRECT.add(kind)


def who(notice: Notice) -> str:
    """The name of the colleague who did it, as it is now."""
    return str(notice.event.actor.profile) if notice.event.actor else _("Diplopedia")


def sentence(notice: Notice) -> str:
    """What happened, without the title of what it happened to."""
    words = Words(notice.event.words) | {"who": who(notice), "n": notice.count}
    if notice.kind in SENTENCES:
        return str(SENTENCES[notice.kind]) % Words(words)
    return ngettext("%(who)s edited the page", "%(who)s edited the page %(n)s times", notice.count) % words
