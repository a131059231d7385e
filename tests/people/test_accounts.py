import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from people.adapters import StaffAccountAdapter, StaffSocialAccountAdapter, is_staff_address
from people.models import Profile, User
from tests.factories import UserFactory
from tests.visitor import soup

pytestmark = pytest.mark.django_db
SECRET = "a long enough pass phrase"


def sign_up(client, email):
    return client.post("/accounts/signup/", {"email": email, "password1": SECRET, "password2": SECRET})


def test_staff_open_an_account_and_get_a_handle_and_a_profile(client):
    sign_up(client, "Zoe.Ni-Bhriain@ministry.example")
    user = User.objects.get()
    assert user.username == "zoe.ni-bhriain"
    assert Profile.objects.get(user=user).get_absolute_url() == "/people/zoe.ni-bhriain/"
    assert mail.outbox[0].to == ["zoe.ni-bhriain@ministry.example"]


@pytest.mark.parametrize(
    "email", ["a@elsewhere.example", "a@evil-ministry.example", "a@ministry.example.evil.example"]
)
def test_others_do_not(client, email):
    page = sign_up(client, email).content.decode()
    assert "Use your address at the Ministry (ministry.example)." in page
    assert not User.objects.exists()


def test_sign_up_is_closed_without_listed_domains(client, settings):
    settings.STAFF_DOMAINS = []
    sign_up(client, "a@ministry.example")
    assert not User.objects.exists()
    assert not StaffAccountAdapter().is_open_for_signup(HttpRequest())


@pytest.mark.parametrize(
    ("email", "staff"),
    [
        ("A@MINISTRY.example ", True),
        ("ministry.example", False),
        ("@ministry.example", False),
        ("a@b@ministry.example", True),
        ("", False),
    ],
)
def test_addresses_of_staff(email, staff):
    assert is_staff_address(email) is staff


def test_the_same_rule_for_an_identity_provider(rf):
    class Login:
        user = User(email="a@elsewhere.example")

    adapter = StaffSocialAccountAdapter()
    assert not adapter.is_open_for_signup(rf.get("/"), Login)
    Login.user.email = "a@ministry.example"
    assert adapter.is_open_for_signup(rf.get("/"), Login)


def test_somebody_from_elsewhere_with_an_account_can_reset_the_password(client):
    UserFactory.create(username="guest", email="guest@elsewhere.example")
    response = client.post("/accounts/password/reset/", {"email": "guest@elsewhere.example"})
    assert response.status_code == 302
    assert [message.to for message in mail.outbox] == [["guest@elsewhere.example"]]


def test_placeholders_have_no_address_and_cannot_sign_in(client):
    for number in range(2):
        user = User.objects.create_user(f"author{number}", origin="An archive", is_active=False)
        assert not user.has_usable_password()
        assert user.profile.is_colleague is False
    UserFactory.create(email="One@ministry.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory.create(email="one@MINISTRY.example")


@pytest.mark.parametrize("handle", ["Capital", "a b", "ü", "../x", "offices", "languages", ".dot"])
def test_handles_are_addresses(handle):
    with pytest.raises(ValidationError):
        User(username=handle, password="x").full_clean()


def test_an_account_is_closed_not_deleted(client_for, administrator, outsider):
    admin = client_for(administrator)
    response = admin.post(f"/admin/users/delete/{outsider.pk}/")
    assert response.status_code == 302
    assert User.objects.filter(pk=outsider.pk).exists()
    admin.post(f"/admin/bulk/people/user/delete/?id={outsider.pk}")
    assert User.objects.filter(pk=outsider.pk).exists()


def test_an_account_that_is_opened_again_has_nothing_of_before_to_come_in_by(client_for, outsider):
    outsider.set_password("of before")
    outsider.save()
    passkey = Authenticator.objects.create(user=outsider, type=Authenticator.Type.WEBAUTHN, data={})
    client = client_for(outsider)
    outsider.is_active = False
    outsider.save()
    assert User.objects.get(pk=outsider.pk).has_usable_password(), "closed by mistake, it is as it was"
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
    outsider.is_active = True
    outsider.save()
    assert not User.objects.get(pk=outsider.pk).has_usable_password()
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()
    assert client.get("/people/").status_code == 302


def test_nor_have_accounts_that_are_opened_together(client_for, administrator, outsider):
    door = f"/admin/bulk/people/user/set_active_state/?id={outsider.pk}"
    outsider.set_password("of before")
    outsider.save()
    Authenticator.objects.create(user=outsider, type=Authenticator.Type.WEBAUTHN, data={})
    client, admin = client_for(outsider), client_for(administrator)
    admin.post(door, {"mark_as_active": "False"})
    assert not User.objects.get(pk=outsider.pk).is_active
    admin.post(door, {"mark_as_active": "True"})
    opened = User.objects.get(pk=outsider.pk)
    assert (opened.is_active, opened.has_usable_password()) == (True, False)
    assert not Authenticator.objects.filter(user=opened).exists()
    assert client.get("/people/").status_code == 302


def test_whoever_opens_an_account_again_may_give_it_a_password(outsider):
    User.objects.filter(pk=outsider.pk).update(is_active=False)
    outsider.set_password("a new one")
    outsider.save()
    assert User.objects.get(pk=outsider.pk).check_password("a new one")


@pytest.mark.parametrize("table", ["office", "post", "region", "language", "skilltag", "profile"])
def test_the_administration_lists_and_edits_the_tables(
    client_for, administrator, legal, kabul, outsider, table
):
    admin = client_for(administrator)
    assert admin.get(f"/admin/snippets/people/{table}/?q=a").status_code == 200
    pk = {
        "office": legal.pk,
        "post": kabul.pk,
        "region": 1,
        "language": "pus",
        "profile": outsider.profile.pk,
    }.get(table)
    if pk is not None:
        assert admin.get(f"/admin/snippets/people/{table}/edit/{pk}/").status_code == 200


def test_the_administration_of_users(client_for, administrator, outsider):
    admin = client_for(administrator)
    assert "small letters" in admin.get(f"/admin/users/edit/{outsider.pk}/").content.decode()
    assert admin.get("/admin/users/").status_code == 200


def test_the_door_speaks_the_words_of_the_house(client):
    page = soup(client.get("/accounts/login/"))
    labels = [label.get_text(strip=True) for label in page.select("main label")]
    assert labels == ["E-mail address", "Password", "Stay signed in on this device"]
    assert not page.select("main [placeholder]")
    forgotten = soup(client.get("/accounts/password/reset/"))
    assert [label.get_text(strip=True) for label in forgotten.select("main label")] == ["E-mail address"]
    assert forgotten.select_one("main button.btn--go").get_text() == "Send the e-mail"
