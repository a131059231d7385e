"""An account that the administration closes or opens again, alone or with others."""

from __future__ import annotations

import pytest

from people.models import Profile, User
from tests.people.conftest import person
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(administrator: User) -> Visitor:
    return Visitor(administrator)


def close(admin: Visitor, user: User, active: bool) -> None:
    form = admin.form(f"/admin/users/edit/{user.pk}/")
    form.pop("is_active", None)
    answer = admin.client.post(
        f"/admin/users/edit/{user.pk}/", form | ({"is_active": "on"} if active else {})
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_who_is_closed_has_left_and_who_is_opened_again_is_back(admin, reader, client_for):
    farida = person("Farida Łukasik", title="Consul")
    User.objects.filter(pk=farida.user_id).update(origin="staff.jsonl", email="farida@ministry.example")
    close(admin, farida.user, active=False)
    page = client_for(reader).get(farida.get_absolute_url()).content.decode()
    assert "Left the Ministry in" in page
    assert "staff.jsonl" not in page
    assert not Profile.objects.directory().filter(pk=farida.pk).exists()

    close(admin, farida.user, active=True)
    assert Profile.objects.directory().filter(pk=farida.pk).exists()
    assert "Left the Ministry" not in client_for(reader).get(farida.get_absolute_url()).content.decode()


def test_other_changes_of_an_account_bring_nobody_back(admin):
    farida = person("Farida Łukasik")
    User.objects.filter(pk=farida.user_id).update(email="farida@ministry.example")
    Profile.objects.filter(pk=farida.pk).update(left_at="2020-01-31")
    close(admin, farida.user, active=True)
    assert Profile.objects.get(pk=farida.pk).left_at is not None


def test_accounts_that_are_closed_together_have_left_but_authors_without_one_have_not(admin):
    farida, author = person("Farida Łukasik"), person("An Author")
    User.objects.filter(pk=farida.user_id).update(email="farida@ministry.example")
    User.objects.filter(pk=author.user_id).update(email="", origin="a wiki")
    url = f"/admin/bulk/people/user/set_active_state/?id={farida.user_id}&id={author.user_id}"
    for active, left in (("False", 1), ("True", 0)):
        assert admin.client.post(url, {"mark_as_active": active}).status_code == 302
        assert Profile.objects.filter(left_at__isnull=False).count() == left
