"""E-mails: due when their reader wants them, sent once whatever fails, and saying nothing they may not know."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from signal import SIGTERM
from smtplib import SMTPDataError, SMTPServerDisconnected
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diplopedia.models import Article
from notices import actions, mailing
from notices.management.commands import send_notices
from notices.models import Letter, Notice, Preference
from notices.pacing import due_before, zone_of
from people.models import User
from tests.factories import MemberFactory, UserFactory, keep_to, revise, write
from tests.notices.conftest import is_watching

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 6, 59, tzinfo=UTC)


def prefer(user: User, **how: Any) -> None:
    Preference.objects.update_or_create(user=user, defaults=how)


def age(days: float = 2) -> None:
    """Let all notices be so old."""
    Notice.objects.update(created=timezone.now() - timedelta(days=days))


def run() -> list[mail.EmailMultiAlternatives]:
    """Send what is due; return what was sent."""
    before = len(mail.outbox)
    mailing.write_letters()
    mailing.send_letters()
    return mail.outbox[before:]


@pytest.fixture
def page(rosa: User, samuel: User) -> Article:
    """A page that Samuel watches."""
    page = write("Port", "The quay is long.\n\nShips come daily.", author=rosa)
    actions.watch(samuel, "article", page.pk)
    return page


@pytest.mark.parametrize(
    ("pace", "minutes", "due"),
    [
        ("at-once", 0, MONDAY - timedelta(minutes=5)),
        ("daily", 0, datetime(2026, 11, 22, 7, tzinfo=UTC)),
        ("daily", 1, datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("weekly", 0, datetime(2026, 11, 16, 7, tzinfo=UTC)),
        ("weekly", 1, datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("never", 1, None),
    ],
)
def test_what_is_due_follows_from_the_clock(samuel, pace, minutes, due):
    assert due_before(pace, samuel, MONDAY + timedelta(minutes=minutes)) == due


def test_the_morning_is_where_the_reader_is(samuel):
    samuel.profile.timezone = "Africa/Nairobi"
    assert due_before("daily", samuel, MONDAY) == datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Nowhere/Port", "America", "../../etc/passwd", "/etc/passwd", "a\0b"])
def test_a_zone_that_there_is_not_is_the_sites(samuel, name):
    samuel.profile.timezone = name
    assert zone_of(samuel).key == settings.TIME_ZONE


def test_a_mention_is_sent_at_once_and_what_is_watched_in_the_morning(page, rosa, samuel):
    revise(page, "The quay is short.\n\nShips come daily.", author=rosa)
    assert run() == []
    revise(page, f"Ask [[@{samuel.username}]].", author=rosa)
    (letter,) = run()
    assert "mentioned you" in letter.subject
    age()
    (letter,) = run()
    assert letter.subject == "[Diplopedia] Port: Rosa Çelik edited the page"
    assert run() == []


def test_a_letter_quotes_what_changed_and_says_how_to_stop(page, rosa, samuel):
    revise(page, "The quay is **short**.\n\nShips come daily.", author=rosa, summary="Measured <b>again</b>")
    age()
    (letter,) = run()
    html = letter.alternatives[0][0]
    for text in (
        "− The quay is long.",
        "+ The quay is short.",
        "“Measured <b>again</b>”",
        "Stop watching “Port”",
    ):
        assert text in letter.body
    for text in ("<del>The quay is long.</del>", "<ins>The quay is short.</ins>", "&lt;b&gt;again&lt;/b&gt;"):
        assert text in html
    assert "Ships" not in letter.body + html
    for tracking in ("<img", "<script", "<link", "style="):
        assert tracking not in html
    addresses = set(re.findall(r"https?://[^\s\"<>]+", letter.body + html))
    assert all(address.startswith("http://127.0.0.1:8000/") for address in addresses)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.to == [samuel.email]


def test_several_edits_are_quoted_as_one(page, rosa):
    for text in ("The quay is short.", "The quay is shorter.", "The quay is gone."):
        revise(page, f"{text}\n\nShips come daily.", author=rosa)
    age()
    (letter,) = run()
    assert "edited the page 3 times" in letter.subject
    assert "− The quay is long." in letter.body
    assert "+ The quay is gone." in letter.body
    assert "shorter" not in letter.body


def test_the_language_is_the_readers(page, rosa, samuel):
    User.objects.filter(pk=samuel.pk).update(language="fr")
    revise(page, "Another text.", author=rosa)
    age()
    (letter,) = run()
    assert letter.extra_headers["Content-Language"] == "fr"


@pytest.mark.parametrize("how", ["seen", "stopped", "never", "closed", "left", "no address", "minor"])
def test_nothing_is_sent_that_is_not_wanted(page, rosa, samuel, how):
    revise(page, "Another text.", author=rosa)
    age()
    match how:
        case "seen":
            Notice.objects.filter(user=samuel).see()
        case "stopped":
            actions.unwatch(samuel, "article", page.pk)
        case "never":
            prefer(samuel, watched="never")
        case "closed":
            User.objects.filter(pk=samuel.pk).update(is_active=False)
        case "left":
            samuel.profile.left_at = timezone.now().date()
            samuel.profile.save()
        case "no address":
            User.objects.filter(pk=samuel.pk).update(email="")
        case "minor":
            Notice.objects.all().delete()
            actions.tell("edit", actor=rosa, subject=("article", page.pk), minor=True)
            age()
    assert run() == []


@pytest.mark.parametrize("how", ["seen", "stopped", "never", "closed", "kept"])
def test_what_changes_while_a_letter_waits_counts(page, rosa, samuel, how):
    revise(page, "Zyxquartet.", author=rosa)
    age()
    mailing.write_letters()
    match how:
        case "seen":
            Notice.objects.filter(user=samuel).see()
        case "stopped":
            actions.unwatch(samuel, "article", page.pk)
        case "never":
            prefer(samuel, watched="never")
        case "closed":
            User.objects.filter(pk=samuel.pk).update(is_active=False)
        case "kept":
            group = Group.objects.get_or_create(name="Negotiators")[0]
            keep_to(page, group, by=MemberFactory(is_superuser=True))
    assert mailing.send_letters() == (0, 0, 1)
    assert mail.outbox == []


def test_of_two_pages_the_one_kept_to_others_is_in_no_part_of_the_letter(page, rosa, samuel):
    secret = write("Zyxquartet", author=rosa, tags=frozenset({"Zyxquartet tag"}))
    actions.watch(samuel, "article", secret.pk)
    actions.watch(samuel, "tag", secret.tags.get().pk)
    for article in (page, secret):
        revise(article, f"{article.title} again.", author=rosa, summary=f"{article.title} summary")
    age()
    group = Group.objects.get_or_create(name="Negotiators")[0]
    keep_to(secret, group, by=MemberFactory(is_superuser=True))
    (letter,) = run()
    assert "zyxquartet" not in (letter.subject + letter.body + str(letter.alternatives)).lower()
    assert letter.subject == "[Diplopedia] Port: Rosa Çelik edited the page"


class Broken(EmailBackend):
    """A mail server that has trouble with the first letters."""

    errors: list[Exception] = []

    def send_messages(self, messages: Any) -> int:
        """Fail as long as there are errors."""
        if self.errors:
            raise self.errors.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def broken(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Errors that the mail server raises, one after the other."""
    settings.EMAIL_BACKEND = "tests.notices.test_mailing.Broken"
    monkeypatch.setattr(Broken, "errors", [])
    return Broken.errors


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), ConnectionRefusedError(), TimeoutError()])
def test_a_mail_server_that_is_away_loses_nothing(page, rosa, broken, error):
    revise(page, "Another text.", author=rosa)
    age()
    broken.append(error)
    mailing.write_letters()
    assert mailing.send_letters() == (0, 1, 0)
    letter = Letter.objects.get()
    assert (letter.tries, letter.taken_until) == (0, None)
    assert mailing.send_letters() == (1, 0, 0)
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{letter.word}@")


def test_a_refused_letter_does_not_hold_up_the_others_and_is_set_aside_in_the_end(page, rosa, samuel, broken):
    other = UserFactory()
    actions.watch(other, "article", page.pk)
    revise(page, "Another text.", author=rosa)
    age()
    mailing.write_letters()
    first = Letter.objects.order_by("pk").first()
    for _ in range(12):
        broken.append(SMTPDataError(554, b"no"))
        Letter.objects.update(not_before=timezone.now())
        mailing.send_letters()
        first.refresh_from_db()
    assert len(mail.outbox) == 1
    assert first.set_aside_at
    assert "554" in first.error
    Letter.objects.retry()
    assert mailing.send_letters() == (1, 0, 0)


def test_a_letter_that_somebody_is_sending_is_not_sent_by_another(page, rosa):
    revise(page, "Another text.", author=rosa)
    age()
    mailing.write_letters()
    pk = Letter.objects.get().pk
    assert mailing.take(pk)
    assert mailing.take(pk) is None
    assert mailing.send_letters().sent == 0
    Letter.objects.update(taken_until=timezone.now() - timedelta(seconds=1))
    assert mailing.send_letters().sent == 1


def test_no_notice_is_in_two_letters(page, rosa, samuel):
    revise(page, "Another text.", author=rosa)
    age()
    assert mailing.write_letter(samuel)
    assert not mailing.write_letter(samuel)


def test_who_is_due_nothing_is_not_locked(page, rosa, samuel):
    revise(page, "Another text.", author=rosa)
    with CaptureQueriesContext(connection) as captured:
        assert not mailing.write_letter(samuel)
    assert all(query["sql"].startswith("SELECT") for query in captured)
    assert len(captured) == 2


def test_the_word_of_a_letter_fits_its_column(samuel):
    Letter(user=samuel).full_clean()  # SQLite, unlike PostgreSQL, keeps what is too long


def test_a_title_cannot_add_headers(page, rosa, samuel):
    Article.objects.filter(pk=page.pk).update(title="Port\r\nBcc: evil@example.org")
    rosa.profile.preferred_name = "Rosa\nBcc: evil@example.org"
    rosa.profile.save()
    revise(Article.objects.get(pk=page.pk), "Another text.", author=User.objects.get(pk=rosa.pk))
    age()
    (letter,) = run()
    message = letter.message()
    assert message["Bcc"] is None
    assert "\n" not in letter.subject


def test_a_letter_takes_as_many_queries_for_many_pages(rosa, samuel):
    taken = []
    for number in (2, 12):
        for n in range(number):
            article = write(f"Port {number} {n}", author=rosa)
            actions.watch(samuel, "article", article.pk)
            revise(article, "Another text.", author=rosa)
        age()
        mailing.write_letters()
        with CaptureQueriesContext(connection) as captured:
            assert mailing.send_letters().sent == 1
        taken.append(len(captured))
    assert taken[0] == taken[1]


# -- links that stop -----------------------------------------------------------------------------------------


def stop_path(letter: mail.EmailMultiAlternatives) -> str:
    return str(letter.extra_headers["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")


def test_the_link_in_a_letter_asks_first_and_stops_without_signing_in(page, rosa, samuel):
    revise(page, "Another text.", author=rosa)
    age()
    (letter,) = run()
    anybody = Client(enforce_csrf_checks=True)
    asked = anybody.get(stop_path(letter))
    assert asked.status_code == 200
    assert "Port" not in asked.content.decode()
    assert is_watching(samuel, "article", page.pk)
    assert anybody.post(stop_path(letter), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not is_watching(samuel, "article", page.pk)


def test_a_letter_of_several_kinds_is_stopped_as_a_whole(page, rosa, samuel):
    revise(page, "Another text.", author=rosa)
    revise(page, f"Ask [[@{samuel.username}]].", author=rosa)
    age()
    (letter,) = run()
    Client().post(stop_path(letter))
    chosen = Preference.of(samuel)
    assert (chosen.direct, chosen.watched) == ("never", "never")
    assert is_watching(samuel, "article", page.pk)


@pytest.mark.parametrize("token", ["abc", "1:2:3", "eyJ1IjoxfQ:1abc:xyz"])
def test_a_forged_link_is_no_page(token):
    assert Client().get(f"/notices/stop/{token}/").status_code == 404
    assert Client().post(f"/notices/stop/{token}/").status_code == 404


def test_the_command_spreads_writes_and_sends(page, rosa, monkeypatch, capsys):
    monkeypatch.setattr(actions, "afterwards", lambda event: None)
    monkeypatch.setattr("notices.looking.look", lambda: 0)
    revise(page, "Another text.", author=rosa)
    call_command("send_notices")
    assert Notice.objects.exists()
    age()
    call_command("send_notices")
    assert "1 letters sent" in capsys.readouterr().out
    assert len(mail.outbox) == 1


def test_the_command_says_what_could_not_be_told(monkeypatch, capsys):
    monkeypatch.setattr(actions, "spread_waiting", lambda: actions.Spread(0, 2))
    monkeypatch.setattr("notices.looking.look", lambda: 0)
    call_command("send_notices")
    said = capsys.readouterr()
    assert "2 events could not be told" in said.err
    assert "0 letters sent" in said.out


def test_the_command_goes_on_until_it_is_told_to_end(monkeypatch):
    from_outside: dict[int, Any] = {}
    monkeypatch.setattr("signal.signal", from_outside.__setitem__)
    runs: list[int] = []

    def run(_command: Any) -> None:
        runs.append(1)
        if len(runs) == 1:
            raise OperationalError("away")
        from_outside[SIGTERM]()

    monkeypatch.setattr(send_notices.Command, "run", run)
    monkeypatch.setattr("threading.Event.wait", lambda *_args: True)
    call_command("send_notices", "--every", "300")
    assert len(runs) == 2
    with pytest.raises(CommandError, match="--every 300"):
        call_command("send_notices", "--every", "0")
