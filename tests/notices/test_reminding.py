"""The yearly question whether a profile is still right, and notices of what colleagues say of it."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from typing import Any

import pytest
from django.core import mail, signing
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from notices import mailing, reminding
from notices.models import Event, Notice, Preference
from people import confirming
from people.models import Correction, Endorsement, Profile, Reminder, User
from people.trusting import Confirmed
from tests.people.conftest import person, speaks
from tests.visitor import fields_of, words

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - dt.timedelta(days=400)
LATELY = timezone.now() - dt.timedelta(days=300)


def colleague(name: str = "Nia Now", *, confirmed: Any = None, joined: Any = LONG_AGO, **about: Any) -> User:
    profile = person(name, confirmed_at=confirmed, **about)
    User.objects.filter(pk=profile.user_id).update(date_joined=joined)
    return User.objects.get(pk=profile.user_id)


def ask(**options: Any) -> list[Any]:
    """Run the nightly command, and send; return the e-mails."""
    before = len(mail.outbox)
    call_command("ask_for_confirmation", stdout=StringIO(), **options)
    mailing.write_letters()
    mailing.send_letters()
    return mail.outbox[before:]


def link_in(letter: Any) -> str:
    found = re.search(r"/people/confirm/[^\s]+", letter.body)
    assert found
    return found[0]


def confirmed_at(user: User) -> Any:
    return Profile.objects.get(user=user).confirmed_at


# --- being asked ---------------------------------------------------------------------------------------------------


def test_one_click_in_a_letter_confirms_without_signing_in():
    user = colleague(confirmed=LONG_AGO)
    (letter,) = ask()
    assert letter.to == [user.email]
    assert "still right" in letter.subject
    client, link = Client(enforce_csrf_checks=True), link_in(letter)
    for _time in range(2):  # a mail program looks, and looks again
        page = client.get(link)
        assert "Is everything on your profile still right?" in words(page)
        assert confirmed_at(user) == LONG_AGO
    for named in (user.username, user.email, "Nia", "Now"):
        assert named not in page.content.decode()
    assert client.post(link).status_code == 403  # a form of another site
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    assert "Thank you" in words(client.post(link, {"csrfmiddlewaretoken": token[1]}))
    assert timezone.now() - confirmed_at(user) < dt.timedelta(minutes=1)
    once = confirmed_at(user)
    assert "Thank you" in words(Client().post(link))
    assert confirmed_at(user) == once


def test_at_most_one_letter_a_year():
    user = colleague(confirmed=LONG_AGO)
    assert len(ask()) == 1
    assert ask() == []
    Reminder.objects.update(sent_at=LONG_AGO)
    assert len(ask()) == 1
    confirming.confirm(user.profile)
    Reminder.objects.update(sent_at=LONG_AGO)
    assert ask() == []


def test_whose_year_is_not_over_who_left_and_who_cannot_be_written_to_is_not_asked():
    colleague("Rita Recent", confirmed=LATELY)
    colleague("Nils New", joined=LATELY)
    colleague("Lea Left", confirmed=LONG_AGO, left_at=dt.date(2026, 1, 1))
    colleague("Hans History", confirmed=LONG_AGO, historical=True)
    User.objects.filter(pk=colleague("Carla Closed").pk).update(is_active=False)
    User.objects.filter(pk=colleague("Mo Mailless").pk).update(email="")
    assert ask() == []
    assert not Reminder.objects.exists()


def test_the_longest_unconfirmed_are_asked_first():
    late = colleague("Lina Late", confirmed=LONG_AGO)
    early = colleague("Egon Early", confirmed=LONG_AGO - dt.timedelta(days=9))
    assert [letter.to for letter in ask(most=1)] == [[early.email]]
    assert [letter.to for letter in ask(most=1)] == [[late.email]]
    with pytest.raises(CommandError, match="from 1 on"):
        ask(most=0)


def test_who_wants_no_letters_is_asked_in_the_wiki_alone():
    user = colleague(confirmed=LONG_AGO)
    Preference.objects.create(user=user, direct=Preference.Pace.NEVER)
    assert ask() == []
    client = Client()
    client.force_login(user)
    assert "Is everything on your profile still right?" in words(client.get("/notices/"))


def test_who_confirmed_meanwhile_gets_no_letter():
    user = colleague(confirmed=LONG_AGO)
    reminding.ask(9)
    client = Client()
    client.force_login(user)
    client.post(f"/people/{user.username}/confirm/")
    assert ask() == []
    assert not Notice.objects.unseen().exists()


def test_two_runs_at_once_ask_once():
    user = colleague(confirmed=LONG_AGO)
    assert reminding.ask_one(user.profile)
    assert not reminding.ask_one(user.profile)
    assert Notice.objects.count() == 1


def test_other_links_confirm_nothing(monkeypatch):
    user, other = colleague(confirmed=LONG_AGO), colleague("Olga Other", confirmed=LONG_AGO)
    link = confirming.address(user.profile)
    token = link.split("/")[-2]
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        signing.dumps([user.profile.pk, LONG_AGO.isoformat()], salt="another"),
        signing.dumps("nonsense", salt=confirming.SALT),
        "x",
    ]
    for one in forged:
        assert Client().post(f"/people/confirm/{one}/").status_code == 404
    monkeypatch.setattr(confirming, "GOOD_FOR", dt.timedelta(seconds=-1))
    assert Client().post(link).status_code == 404  # too old
    monkeypatch.undo()
    Profile.objects.filter(user=user).update(left_at=dt.date(2026, 1, 1))
    assert Client().post(link).status_code == 404  # a leaver
    assert (confirmed_at(user), confirmed_at(other)) == (LONG_AGO, LONG_AGO)


def test_a_letter_that_was_passed_on_confirms_nothing_for_whoever_is_signed_in(client_for):
    user, other = colleague(confirmed=LONG_AGO), colleague("Olga Other", confirmed=LONG_AGO)
    link = confirming.address(user.profile)
    client = client_for(other)
    assert [client.get(link).status_code, client.post(link).status_code] == [403, 403]
    assert (confirmed_at(user), confirmed_at(other)) == (LONG_AGO, LONG_AGO)
    assert client_for(user).post(link).status_code == 200
    assert confirmed_at(user) != LONG_AGO


def test_a_link_of_last_year_confirms_nothing_this_year():
    user = colleague(confirmed=LONG_AGO - dt.timedelta(days=365))
    link = confirming.address(user.profile)
    Profile.objects.filter(user=user).update(confirmed_at=LONG_AGO)
    assert "Thank you" in words(Client().get(link))
    Client().post(link)
    assert confirmed_at(user) == LONG_AGO


# --- being told ----------------------------------------------------------------------------------------------------


def test_confirming_again_and_again_is_told_once_a_day(client_for):
    farida, rosa = person("Farida Łukasik"), person("Rosa Çelik").user
    here, client = f"/people/{farida.user.username}/endorse/", client_for(rosa)
    for fact in (speaks(farida, "prs", "3"), speaks(farida, "fra", "3")):
        for _n in range(2):
            client.post(here, {"fact": Confirmed(fact).word})
            client.post(f"{here}withdraw/", {"endorsement": Endorsement.objects.get().pk})
    assert Event.objects.filter(kind="endorsed").count() == 2
    Event.objects.update(created=timezone.now() - dt.timedelta(days=1))
    client.post(here, {"fact": Confirmed(fact).word})
    assert Event.objects.filter(kind="endorsed").count() == 3


def test_the_person_is_told_of_confirmations_and_both_of_corrections(client_for):
    farida, rosa = person("Farida Łukasik"), person("Rosa Çelik").user
    fact = speaks(farida, "prs", "3")
    author, own = client_for(rosa), client_for(farida.user)
    here = f"/people/{farida.user.username}/"
    author.post(f"{here}endorse/", {"fact": Confirmed(fact).word})
    author.post(f"{here}endorse/", {"fact": Confirmed(fact).word})
    author.post(f"{here}correct/", {"section": "about", "text": "The number is an old one."})
    told = words(own.get("/notices/"))
    assert told.count("Rosa Çelik confirmed a fact on your profile") == 1
    assert "Rosa Çelik suggests a correction of your profile" in told
    assert "old one" not in told
    answer = {"correction": Correction.objects.get().pk, "accepted": "no", "answer": "It is new."}
    own.post(f"{here}corrections/", answer)
    told = words(author.get("/notices/"))
    assert "Farida Łukasik answered the correction that you suggested" in told
    author.post(f"{here}correct/", {"section": "about", "text": "Then the town."})
    accepted = {"correction": Correction.objects.latest("pk").pk, "accepted": "yes"}
    page = own.post(f"{here}corrections/", accepted, follow=True)
    assert "accepted the correction" not in words(author.get("/notices/"))
    own.post(f"{here}edit/about/", fields_of(page, "form[data-guard]"))
    assert "Farida Łukasik accepted the correction" in words(author.get("/notices/"))
    assert set(Notice.objects.values_list("user", flat=True)) == {farida.user_id, rosa.pk}
