"""People from the ministry's directory, by a CSV file: once, or every night."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from people.models import Language, LanguageSkill, Office, Post, Profile, User
from people.syncing import doing
from people.syncing.rows import COLUMNS
from search.models import Outbox
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
Sync = Callable[..., str]
ANA = {"id": "1", "email": "ana@ministry.example", "given_name": "Ana", "family_name": "Silva"}
BO = {"id": "2", "email": "bo@ministry.example", "given_name": "Bo", "family_name": "Lund"}


@pytest.fixture
def sync(tmp_path: Path) -> Sync:
    """Write a file of these people and run the command; returns what it says."""

    def run(*people: dict[str, str] | str, **options: Any) -> str:
        path = tmp_path / "people.csv"
        text = people[0] if people and isinstance(people[0], str) else table(*people)
        path.write_text(text, encoding=options.pop("encoding", "utf-8"))
        said = StringIO()
        call_command("sync_people", path, stdout=said, **options)
        return said.getvalue()

    return run


def table(*people: Any) -> str:
    """Return people as CSV, with the columns that any of them has."""
    names = [name for name in COLUMNS if any(name in person for person in people)]
    rows = [[f'"{person.get(name, "")}"' for name in names] for person in people]
    return "\n".join(",".join(row) for row in [names, *rows]) + "\n"


def directory(count: int) -> list[dict[str, str]]:
    """Return people of a directory."""
    return [
        {"id": str(n), "email": f"p{n}@ministry.example", "given_name": "P", "family_name": f"Number{n}"}
        for n in range(count)
    ]


# --- what a file does ----------------------------------------------------------------------------------------------


def test_new_people_get_an_account_without_a_password_and_a_profile(sync, kabul, legal):
    said = sync(
        ANA
        | {
            "title": "Consul",
            "office": "leg",
            "post": "Kabul",
            "phone": "+93 20 1234",
            "languages": "pus 3+/3 2024; French 4",
        }
    )
    assert "1 new, 0 changed, 0 closed, 0 the same, 0 rows left out" in said
    user = User.objects.get()
    assert (user.username, user.email, user.directory_id) == ("ana.silva", "ana@ministry.example", "1")
    assert not user.has_usable_password()
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == (user.email, True, True)
    profile = user.profile
    assert (profile.title, profile.office, profile.post, profile.phone) == (
        "Consul",
        legal,
        kabul,
        "+93 20 1234",
    )
    assert profile.sort_name == "Silva, Ana"
    levels = {
        skill.language_id: (skill.levels, skill.source, skill.tested_on)
        for skill in profile.language_skills.all()
    }
    assert levels == {"pus": ("3+/3", "tested", dt.date(2024, 1, 1)), "fra": ("4/4", "self", None)}


def test_a_second_run_has_nothing_to_do(sync, kabul, legal):
    people = [ANA | {"title": "Consul", "office": "LEG", "languages": "pus 3/2", "phone": "1"}, BO]
    sync(*people)
    before = list(User.objects.order_by("pk").values()), Outbox.objects.count()
    said = sync(*people, close_missing=True)
    assert "0 new, 0 changed, 0 closed, 2 the same" in said
    assert (list(User.objects.order_by("pk").values()), Outbox.objects.count()) == before


def test_a_dry_run_says_what_would_be_and_changes_nothing(sync):
    sync(ANA, BO)
    changed = [ANA | {"title": "Consul"}, {"id": "3", "email": "c@ministry.example", "family_name": "New"}]
    before = list(User.objects.order_by("pk").values())
    said = sync(*changed, close_missing=True, dry_run=True)
    assert "line 2: ana.silva: title: – → Consul" in said
    assert "line 3: new: New c@ministry.example" in said
    assert "not in the file: bo.lund: closed" in said
    assert "Nothing was changed" in said
    assert list(User.objects.order_by("pk").values()) == before
    assert "1 new, 1 changed, 1 closed" in sync(*changed, close_missing=True)
    assert not User.objects.get(directory_id="2").is_active


def test_what_people_wrote_stays_unless_the_directory_knows_better(sync, settings):
    sync(ANA | {"title": "Consul", "phone": "1", "languages": "pus 2"})
    user = User.objects.get()
    user.profile.title = "Consul, as I say"
    user.profile.save()
    changed = ANA | {"title": "Attaché", "phone": "2", "languages": "pus 4 2024"}
    assert "1 the same" in sync(changed)
    settings.SSO_OVERWRITES = ["phone", "languages"]
    sync(changed)
    user.profile.refresh_from_db()
    assert (user.profile.title, user.profile.phone) == ("Consul, as I say", "2")
    assert user.profile.language_skills.get().levels == "4/4"


def test_an_empty_value_takes_nothing_away(sync):
    sync(ANA | {"title": "Consul", "phone": "1"})
    sync({"id": "1", "email": "", "title": "", "phone": ""})
    user = User.objects.get()
    assert (user.email, user.profile.title, user.first_name) == (ANA["email"], "Consul", "Ana")


def test_names_and_addresses_follow_the_directory(sync, client):
    sync(ANA)
    said = sync(ANA | {"email": "ana.pereira@ministry.example", "family_name": "Pereira"})
    assert "1 changed" in said
    user = User.objects.get()
    assert (user.email, user.profile.sort_key) == ("ana.pereira@ministry.example", "silva, ana")
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        (user.email, True, True)
    ]


def test_accounts_that_are_here_are_known_by_their_address_and_get_their_number(sync):
    here = UserFactory.create(email="Ana@ministry.example", first_name="Ana", last_name="Silva")
    sync(ANA)
    here.refresh_from_db()
    assert here.directory_id == "1"
    assert User.objects.count() == 1


def signed_up(email: str) -> User:
    """Return the account of somebody who signed up with an address, and has not shown that it is theirs."""
    user = UserFactory.create(email=email)
    EmailAddress.objects.filter(user=user).update(verified=False)
    return user


def test_who_signed_up_with_a_colleagues_address_has_no_way_into_what_the_directory_makes_theirs(
    sync, client_for
):
    stranger = signed_up(ANA["email"])
    EmailAddress.objects.create(user=stranger, email="stranger@ministry.example", verified=True)
    Authenticator.objects.create(user=stranger, type=Authenticator.Type.TOTP, data={"secret": "x"})
    inside = client_for(stranger)
    assert inside.get("/people/").status_code == 200
    sync(ANA)
    user = User.objects.get()
    assert (user.directory_id, user.has_usable_password()) == ("1", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        (ANA["email"], True, True)
    ]
    assert not Authenticator.objects.exists()
    assert inside.get("/people/").status_code == 302


@pytest.mark.parametrize("said", [{}, {"email": "ana.pereira@ministry.example"}])
def test_who_showed_that_the_address_is_theirs_keeps_password_and_second_factor(sync, client_for, said):
    here = UserFactory.create(email="Ana@ministry.example", directory_id="1" if said else None)
    Authenticator.objects.create(user=here, type=Authenticator.Type.TOTP, data={"secret": "x"})
    inside = client_for(here)
    sync(ANA | said)
    user = User.objects.get()
    assert (user.directory_id, user.has_usable_password()) == ("1", True)
    assert Authenticator.objects.exists()
    assert inside.get("/people/").status_code == 200


def test_an_address_that_nobody_confirmed_is_confirmed_by_the_directory_to_its_owner_alone(sync):
    stranger = signed_up(ANA["email"])
    User.objects.filter(pk=stranger.pk).update(directory_id="1", first_name="Ana", last_name="Silva")
    assert "the directory confirms the address, and what was there to sign in ends" in sync(ANA, dry_run=True)
    assert User.objects.get().has_usable_password()
    assert "1 changed" in sync(ANA)
    assert not User.objects.get().has_usable_password()
    assert EmailAddress.objects.get().verified
    assert "1 the same" in sync(ANA)


def test_who_leaves_is_not_given_an_address_to_come_in_by(sync):
    stranger = signed_up(ANA["email"])
    User.objects.filter(pk=stranger.pk).update(directory_id="1")
    sync(ANA | {"active": "no"}, BO)
    assert not EmailAddress.objects.get(user=stranger).verified
    assert "2 the same" in sync(ANA | {"active": "no"}, BO)


def test_a_new_address_from_the_directory_opens_no_account_that_a_stranger_waits_in(sync):
    stranger = signed_up(ANA["email"])
    User.objects.filter(pk=stranger.pk).update(directory_id="1")
    sync(ANA | {"email": "ana.pereira@ministry.example"})
    assert not User.objects.get().has_usable_password()
    assert EmailAddress.objects.get().email == "ana.pereira@ministry.example"


def test_an_address_is_whose_who_showed_it_and_not_whose_who_wrote_it(sync):
    stranger = UserFactory.create(email=ANA["email"])
    EmailAddress.objects.filter(user=stranger).delete()
    ana = UserFactory.create(first_name="Ana")
    EmailAddress.objects.create(user=ana, email=ANA["email"], verified=True)
    sync(ANA)
    numbers = dict(User.objects.values_list("pk", "directory_id"))
    assert numbers[stranger.pk] is None


def test_a_homonym_is_somebody_else(sync):
    here = UserFactory.create(first_name="Ana", last_name="Silva", username="ana.silva")
    sync(ANA)
    here.refresh_from_db()
    assert here.directory_id is None
    assert User.objects.get(directory_id="1").username == "ana.silva2"


def test_every_changed_person_reaches_the_search_and_large_files_do_so_too(sync, settings, monkeypatch):
    settings.SEARCH_DRAIN = "worker"
    monkeypatch.setattr(doing, "AT_ONCE", 2)
    sync(*directory(7))
    people = set(User.objects.values_list("profile__pk", flat=True))
    assert len(people) == 7
    assert people <= set(Outbox.objects.filter(kind="person").values_list("object_id", flat=True))
    Outbox.objects.all().delete()
    sync(*directory(7)[:6], close_missing=True)
    closed = User.objects.get(is_active=False).profile.pk
    assert list(Outbox.objects.filter(kind="person").values_list("object_id", flat=True)) == [closed]


def test_the_number_of_questions_does_not_grow_with_those_who_stay_the_same(
    sync, django_assert_max_num_queries
):
    sync(*directory(5))
    with django_assert_max_num_queries(5):
        sync(*directory(5))
    sync(*directory(40))
    with django_assert_max_num_queries(5):
        sync(*directory(40))


# --- closing -------------------------------------------------------------------------------------------------------


def test_who_is_closed_there_is_closed_here_and_out_at_the_next_request(sync, client_for):
    sync(ANA, BO)
    ana = User.objects.get(directory_id="1")
    client = client_for(ana)
    assert client.get("/people/").status_code == 200
    sync(ANA | {"active": "no"}, BO)
    ana.refresh_from_db()
    assert (ana.is_active, ana.profile.left_at) == (False, timezone.localdate())
    assert client.get("/people/").status_code == 302


def test_who_comes_back_is_opened_again(sync):
    sync(ANA, BO)
    sync(ANA | {"active": "no"}, BO)
    assert "opened again" in sync(ANA | {"active": "yes"}, BO)
    ana = User.objects.get(directory_id="1")
    assert (ana.is_active, ana.profile.left_at) == (True, None)


def test_who_comes_back_signs_in_anew(sync, client_for):
    sync(ANA, BO)
    ana = User.objects.get(directory_id="1")
    ana.set_password("of before they left")
    ana.save()
    client = client_for(ana)
    assert client.get("/people/").status_code == 200
    sync(ANA | {"active": "no"}, BO)
    sync(ANA, BO)
    assert client.get("/people/").status_code == 302
    assert not User.objects.get(directory_id="1").has_usable_password()


def test_who_was_closed_by_hand_stays_closed(sync):
    sync(ANA, BO)
    User.objects.filter(directory_id="1").update(is_active=False)
    sync(ANA, BO)
    assert not User.objects.get(directory_id="1").is_active


def test_a_closed_account_is_not_opened_by_an_address_alone(sync):
    UserFactory.create(email=ANA["email"], is_active=False)
    said = sync(ANA)
    assert "was closed: open it in the administration, if it is the same person" in said
    assert not User.objects.get().is_active


def test_missing_people_are_closed_only_when_it_is_asked_and_only_those_the_directory_knew(sync):
    guest = UserFactory.create()
    sync(*directory(10))
    sync(*directory(9))
    assert User.objects.filter(is_active=False).count() == 0
    sync(*directory(9), close_missing=True)
    assert [user.directory_id for user in User.objects.filter(is_active=False)] == ["9"]
    guest.refresh_from_db()
    assert guest.is_active


@pytest.mark.parametrize("rest", [17, 1])
def test_a_file_that_lost_its_end_closes_nobody(sync, rest):
    sync(*directory(20))
    before = list(User.objects.order_by("pk").values())
    new = {"id": "new", "email": "new@ministry.example", "family_name": "New"}
    with pytest.raises(CommandError, match=r"of 20 open accounts would be closed, more than 10 %"):
        sync(*directory(rest), new, close_missing=True)
    assert list(User.objects.order_by("pk").values()) == before
    sync(*directory(18), close_missing=True)
    assert User.objects.filter(is_active=True).count() == 18


def test_the_guard_counts_those_who_are_closed_by_a_row_too_and_can_be_told_otherwise(sync):
    sync(*directory(10))
    closed = [person | {"active": "no"} for person in directory(3)]
    with pytest.raises(CommandError, match="3 of 10"):
        sync(*closed)
    assert User.objects.filter(is_active=True).count() == 10
    sync(*closed, most_closed=30)
    assert User.objects.filter(is_active=True).count() == 7


def test_a_mistake_in_a_row_closes_nobody(sync):
    sync(*directory(10))
    wrong = directory(10)
    wrong[3]["given_name"] = "=cmd()"
    wrong[4]["active"] = "perhaps"
    said = sync(*wrong, close_missing=True)
    assert "2 rows left out" in said
    assert User.objects.filter(is_active=True).count() == 10


def test_a_row_that_may_be_anybodys_spares_all_who_are_missing(sync):
    sync(*directory(10))
    said = sync(*directory(9), {"given_name": "Nobody"}, close_missing=True)
    assert "1 rows may be anybody’s" in said
    assert User.objects.filter(is_active=True).count() == 10


def test_the_last_administrator_is_closed_by_hand_alone(sync):
    sync(ANA, BO)
    User.objects.filter(directory_id="1").update(is_superuser=True)
    assert "is the only administrator" in sync(ANA | {"active": "no"}, BO)
    assert User.objects.get(directory_id="1").is_active
    User.objects.filter(directory_id="2").update(is_superuser=True)
    sync(ANA | {"active": "no"}, BO)
    assert not User.objects.get(directory_id="1").is_active


# --- what is wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "ana@"}, "line 2, email: “ana@” is no e-mail address: write it as name@ministry.example"),
        ({"handle": "Ana S"}, "line 2, handle: Use small letters a–z"),
        ({"handle": "offices"}, "line 2, handle: “offices” is the address of a page"),
        ({"active": "maybe"}, "line 2, active: “maybe” is neither yes nor no"),
        ({"id": "", "email": ""}, "line 2, id: there is neither an id nor an e-mail"),
        ({"email": ""}, "line 2, email: a new person needs an address"),
        ({"given_name": "", "family_name": ""}, "line 2, family_name: a new person needs a name"),
        ({"given_name": "=HYPERLINK(1)"}, "begins like a formula of a spreadsheet: write it without “=”"),
        ({"given_name": "'=1+1"}, "begins like a formula"),
        ({"family_name": "+1"}, "begins like a formula"),
        ({"family_name": "＝1"}, "begins like a formula"),
        ({"family_name": "@SUM(1)"}, "begins like a formula"),
        ({"family_name": "-1"}, "begins like a formula"),
        ({"id": "x" * 192}, "line 2, id: longer than 191 characters"),
        ({"given_name": "A\nna"}, "given_name: it holds a line break"),
        ({"given_name": "A\x07na"}, "given_name: it holds a line break or another sign"),
        ({"given_name": "A\x00na"}, "given_name: it holds a line break or another sign"),
        ({"given_name": "A\u202ena"}, "given_name: it holds a line break or another sign"),
    ],
)
def test_a_row_that_is_wrong_is_left_out_and_told_how_to_be_right(sync, changed, said):
    report = sync(ANA | {"handle": "", "active": ""} | changed, BO)
    assert said in report
    assert "1 new, 0 changed, 0 closed, 0 the same, 1 rows left out" in report
    assert User.objects.get().directory_id == "2"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"office": "Nowhere"},
            "line 2, office: “Nowhere” is no office here: write its acronym, name or address",
        ),
        ({"post": "Nowhere"}, "line 2, post: “Nowhere” is no post here: write the city"),
        ({"title": "=1+1"}, "line 2, title: “=1+1” begins like a formula"),
        ({"title": "x" * 161}, "line 2, title: longer than 160 characters"),
        ({"phone": "+cmd|calc"}, "line 2, phone: “+cmd|calc” is no telephone number"),
        ({"languages": "Klingonese 3"}, "“Klingonese” is no language we know: write its ISO 639-3 code"),
        ({"languages": "pus"}, "“pus” is not understood: write language, speaking/reading and year"),
        ({"languages": "pus 9/9"}, "“9” is not an ILR level"),
        ({"languages": "pus 3/3 2024-13-01"}, "“2024-13-01” is no day: write 2024 or 2024-05-31"),
        ({"languages": "pus 3/3 2999"}, "“2999” has not come yet"),
    ],
)
def test_a_value_that_is_wrong_is_left_out_alone(sync, changed, said):
    report = sync(ANA | changed)
    assert said in report
    assert "1 new" in report
    profile = User.objects.get().profile
    assert (profile.office, profile.post, profile.title, profile.phone) == (None, None, "", "")
    assert not profile.language_skills.exists()


def test_a_language_that_a_row_names_twice_counts_once_with_the_better_level(sync):
    report = sync(ANA | {"languages": "fra 2; pus 3; French 3/2 2024; fra 1"})
    assert "1 new, 0 changed, 0 closed, 0 the same, 0 rows left out" in report
    assert "line 2, languages: French comes twice: the better level counts." in report
    levels = dict(LanguageSkill.objects.values_list("language", "speaking"))
    assert levels == {"fra": 6, "pus": 6}


def test_a_language_that_a_row_names_twice_keeps_nobodys_account_open(sync):
    sync(ANA, BO)
    sync(ANA | {"active": "no", "languages": "fra 3; French 2"}, BO)
    assert not User.objects.get(directory_id="1").is_active


def test_telephones_come_back_from_exports_that_kept_them_from_spreadsheets(sync):
    sync(ANA | {"phone": "'+93 20 1234"})
    assert User.objects.get().profile.phone == "+93 20 1234"


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"id": "1"}, "line 3, id: line 2 has “1” already"),
        ({"email": ANA["email"]}, "line 3, email: line 2 has “ana@ministry.example” already"),
    ],
)
def test_of_two_rows_about_one_the_second_is_left_out(sync, second, said):
    assert said in sync(ANA, BO | second)
    assert User.objects.count() == 1


def test_an_address_that_was_given_to_a_second_person_is_said(sync):
    sync(ANA)
    said = sync({**BO, "email": ANA["email"]})
    assert "ana.silva has this address, and the number 1: was it given to a second person?" in said
    assert User.objects.get().directory_id == "1"


def test_an_address_that_somebody_else_has_is_said(sync):
    sync(ANA, BO)
    said = sync(
        ANA, BO | {"email": "third@ministry.example"}, {"id": "3", "email": BO["email"], "family_name": "New"}
    )
    assert "has this address, and the number 2" in said
    assert User.objects.count() == 2
    assert "signs in with it already" in sync(ANA | {"email": "third@ministry.example"})


def test_a_secondary_address_is_somebodys_too(sync):
    sync(BO)
    EmailAddress.objects.create(user=User.objects.get(), email=ANA["email"], verified=True, primary=False)
    assert "has this address, and the number 2" in sync(ANA)
    assert User.objects.count() == 1


def test_strict_fails_where_a_row_was_left_out(sync):
    with pytest.raises(CommandError, match="1 rows were left out"):
        sync(ANA | {"active": "maybe"}, BO, strict=True)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "id,email,salary\n1,a@b.c,2\n",
            "Column “salary” is not known. The first line names some of: id, email",
        ),
        ("id,id\n1,2\n", "Column “id” comes twice"),
        ("handle,title\nx,y\n", "neither a column “id” nor “email”"),
        ("id,email\n", "has no rows"),
        ("", "Column “” is not known|neither a column"),
        ('id,email\n1,"unclosed\n', "is no CSV"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_whole(sync, text, said):
    with pytest.raises(CommandError, match=said):
        sync(text)


def test_a_file_in_another_encoding_is_told(sync):
    with pytest.raises(CommandError, match="is not in UTF-8"):
        sync("id,email,given_name\n1,a@ministry.example,Zoë\n", encoding="latin-1")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("sync_people", tmp_path / "none.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_spreadsheets_are_read_as_they_are_saved(sync, delimiter):
    rows = [
        ["ID", "Email", "Given_Name", "family_name"],
        ["1", "zoe@ministry.example", "Zoë", '"Ní, Bhriain"'],
    ]
    sync("\ufeff" + "\r\n".join(delimiter.join(row) for row in rows) + "\r\n\r\n")
    assert User.objects.get().profile.name == "Zoë Ní, Bhriain"


def test_a_row_with_too_many_values_is_said_and_spares_the_missing(sync):
    sync(*directory(10))
    said = sync(table(*directory(9)) + "a,b,c,d,e,f\n", close_missing=True)
    assert "it has 6 values" in said
    assert User.objects.filter(is_active=True).count() == 10


def test_missing_people_need_a_column_with_numbers(sync):
    with pytest.raises(CommandError, match="needs a column “id”"):
        sync({"email": ANA["email"], "family_name": "Silva"}, close_missing=True)


def test_the_report_has_every_line_and_is_its_owners(sync, tmp_path):
    report = tmp_path / "report.txt"
    sync(*directory(30), report=report)
    lines = report.read_text().splitlines()
    assert len(lines) == 31
    assert lines[-1] == "30 new, 0 changed, 0 closed, 0 the same"
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_what_somebody_changes_while_it_runs_stays(sync, monkeypatch):
    sync(ANA)
    honest = doing.carry_out

    def slowly(plan: Any, tell: Any) -> int:
        profile = User.objects.get().profile
        profile.title = "Written meanwhile"
        profile.save()
        return honest(plan, tell)

    monkeypatch.setattr("people.management.commands.sync_people.carry_out", slowly)
    sync(ANA | {"title": "Consul"})
    assert User.objects.get().profile.title == "Written meanwhile"


@pytest.mark.parametrize("row", [{"given_name": "Anna"}, {"title": "Consul"}, {"active": "no"}])
def test_what_somebody_saves_at_this_moment_stays(sync, monkeypatch, row):
    sync(ANA)
    honest = doing.change_account

    def slowly(profile: Any, step: Any) -> None:
        Profile.objects.filter(pk=profile.pk).update(phone="Saved at this moment")
        User.objects.update(language="fr")
        honest(profile, step)

    monkeypatch.setattr(doing, "change_account", slowly)
    sync(ANA | row)
    user = User.objects.get()
    assert (user.profile.phone, user.language) == ("Saved at this moment", "fr")


def test_what_is_taken_meanwhile_is_said_and_the_others_come(sync, monkeypatch):
    honest = doing.carry_out

    def late(plan: Any, tell: Any) -> int:
        UserFactory.create(email=ANA["email"])
        return honest(plan, tell)

    monkeypatch.setattr("people.management.commands.sync_people.carry_out", late)
    assert "somebody else changed this person meanwhile" in sync(ANA, BO)
    assert User.objects.filter(directory_id="2").exists()
    assert not User.objects.filter(directory_id="1").exists()


def test_what_could_not_be_done_is_not_reported_as_done(sync, monkeypatch):
    sync(*directory(4))

    def refuse(profile: Any, step: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(doing, "change_account", refuse)
    said = sync(ANA | {"id": "new"}, *directory(2), close_missing=True, most_closed=100)
    assert "1 new, 0 changed, 0 closed, 2 the same, 2 rows left out" in said
    assert "p.number2: closed" not in said
    assert "p.number2: somebody else changed this person meanwhile: run it again" in said
    with pytest.raises(CommandError, match="3 rows were left out"):
        sync(*directory(2), close_missing=True, most_closed=100, strict=True)


def test_facts_that_somebody_keeps_to_themselves_stay_so(sync, settings):
    settings.SSO_OVERWRITES = ["languages"]
    sync(ANA)
    profile = User.objects.get().profile
    pashto = Language.objects.get(pk="pus")
    LanguageSkill.objects.create(profile=profile, language=pashto, speaking=2, reading=2, audience="me")
    sync(ANA | {"languages": "pus 4 2024"})
    skill = profile.language_skills.get()
    assert (skill.levels, skill.audience) == ("4/4", "me")


def test_a_language_hidden_given_up_or_added_while_it_runs_stays_so(sync, settings, monkeypatch):
    settings.SSO_OVERWRITES = ["languages"]
    settings.SEARCH_DRAIN = "worker"
    sync(ANA | {"languages": "pus 3; fra 3"})
    Outbox.objects.all().delete()
    profile = User.objects.get().profile
    honest = doing.carry_out

    def slowly(plan: Any, tell: Any) -> int:
        profile.language_skills.filter(language="pus").update(audience="me")
        profile.language_skills.filter(language="fra").delete()
        LanguageSkill.objects.create(profile=profile, language_id="deu", speaking=8, reading=8, audience="me")
        Outbox.objects.all().delete()
        return honest(plan, tell)

    monkeypatch.setattr("people.management.commands.sync_people.carry_out", slowly)
    assert "meanwhile" not in sync(ANA | {"languages": "pus 4/3 2024; fra 4; deu 2"})
    skills = profile.language_skills.order_by("language")
    assert [(skill.language_id, skill.levels, skill.source, skill.audience) for skill in skills] == [
        ("deu", "4/4", "self", "me"),
        ("pus", "4/3", "tested", "me"),
    ]
    assert list(Outbox.objects.values_list("kind", "object_id")) == [("person", profile.pk)]


def test_places_are_named_in_any_of_their_ways(sync, kabul, legal):
    assert Office.objects.count() == Post.objects.count() == 1
    for number, (office, post) in enumerate([("LEG", "kabul"), ("legal", "Embassy Kabul")]):
        sync(
            {
                "id": str(number),
                "email": f"{number}@ministry.example",
                "family_name": "X",
                "office": office,
                "post": post,
            }
        )
    assert {(user.profile.office, user.profile.post) for user in User.objects.all()} == {(legal, kabul)}
