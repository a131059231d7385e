"""Somebody has two profiles: an administrator makes them one, and nothing that either knew or wrote is lost."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group

from diplopedia.models import Draft
from notices.models import Watch
from people import merging, trusting
from people.models import Correction, Merger, Profile
from people.models.audience import Audience
from tests.factories import OfficeFactory, write
from tests.people.conftest import knows, person, served, skilled, speaks
from tests.visitor import Visitor, links, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Profile:
    return person("Ana Silva", title="Consul")


@pytest.fixture
def double() -> Profile:
    return person("Ana Maria Silva", other_names=["A. M. Silva"], timezone="Africa/Nairobi")


@pytest.fixture
def desk(administrator) -> Visitor:
    return Visitor(administrator)


def unite(desk: Visitor, kept: Profile, gone: Profile) -> str:
    """Merge through the page; return what it says."""
    return words(desk.sends(f"/people/{kept.user.username}/merge/", {"other": gone.user.username}))


def test_facts_move_where_the_kept_profile_does_not_say_the_same(desk, ana, double, kabul, nairobi):
    speaks(ana, "por", "3")
    speaks(double, "por", "4")
    speaks(ana, "fra", "2", tested_on=dt.date(2019, 1, 1))
    speaks(double, "fra", "3", tested_on=dt.date(2024, 1, 1))
    speaks(double, "swa", "2")
    knows(double, "ken")
    skilled(double, "water law")
    served(ana, kabul, 2015, 2018)
    served(double, kabul, 2015, 2018)
    served(double, nairobi, 2019, 2022)
    unite(desk, ana, double)
    levels = {skill.language_id: skill.get_speaking_display() for skill in ana.language_skills.all()}
    assert levels == {"por": "3", "fra": "3", "swa": "2"}
    assert [job.post for job in ana.assignments.all()] == [nairobi, kabul]
    assert [known.region.code for known in ana.expertise.all()] == ["ken"]
    assert [str(skill) for skill in ana.skills.all()] == ["water law"]


def test_what_was_for_one_office_is_not_told_to_another(desk, ana, double):
    ana.office, double.office = OfficeFactory.create(), OfficeFactory.create()
    ana.save()
    double.save()
    speaks(double, "swa", "3", audience=Audience.OFFICE)
    knows(double, "ken", audience=Audience.ME)
    unite(desk, ana, double)
    ana.refresh_from_db()
    assert [ana.language_skills.get().audience, ana.expertise.get().audience] == [Audience.ME, Audience.ME]
    assert ana.office.people.get() == ana


def test_the_page_says_what_happens_and_does_nothing_before_the_button(desk, ana, double):
    speaks(double, "swa", "2")
    knows(double, "ken", note="told nobody", audience=Audience.ME)
    double.user.groups.add(Group.objects.create(name="Treaty office"))
    page = desk.sees(f"/people/{ana.user.username}/merge/", other=double.user.username)
    assert "Swahili 2/3" in page
    assert "told nobody" not in page
    assert "Not taken over: Treaty office" in page
    assert not Merger.objects.exists()
    assert "Nobody here has this handle" in desk.sees(f"/people/{ana.user.username}/merge/", other="nobody")


def test_both_names_and_addresses_find_the_one_that_is_kept(desk, other, ana, double):
    unite(desk, ana, double)
    ana.refresh_from_db()
    assert ana.other_names == ["Ana Maria Silva", "A. M. Silva"]
    assert (ana.title, ana.timezone) == ("Consul", "Africa/Nairobi")
    assert other.opens(double.get_absolute_url()).url == ana.get_absolute_url()
    found = other.opens("/people/", q="Ana Maria Silva").content.decode()
    assert ana.get_absolute_url() in found
    assert double.get_absolute_url() not in found
    contributions = other.opens(f"/people/{double.user.username}/contributions/")
    assert contributions.url == f"/people/{ana.user.username}/contributions/"


def test_who_signed_in_as_either_signs_in_as_the_one(desk, ana, double):
    for profile in (ana, double):
        EmailAddress.objects.get_or_create(
            user=profile.user, email=profile.user.email, defaults={"verified": True, "primary": True}
        )
    SocialAccount.objects.create(user=double.user, provider="oidc", uid="77")
    double.user.directory_id = "77"
    double.user.save()
    addresses = {ana.user.email, double.user.email}
    unite(desk, ana, double)
    for profile in (ana, double):
        profile.user.refresh_from_db()
    assert (double.user.is_active, double.user.email, double.user.directory_id) == (False, "", None)
    assert ana.user.directory_id == "77"
    assert set(EmailAddress.objects.filter(user=ana.user).values_list("email", flat=True)) == addresses
    assert EmailAddress.objects.get(user=ana.user, primary=True).email == ana.user.email
    assert SocialAccount.objects.get().user == ana.user


def test_pages_keep_their_author_and_count_for_the_one_that_is_kept(desk, other, ana, double):
    page = write("Port clearance", "Text.", author=double.user)
    page.contacts.set([double])
    page.save()
    unite(desk, ana, double)
    assert page.latest_edit.author == double.user
    assert list(page.contacts.through.objects.values_list("profile", flat=True)) == [ana.pk]
    assert "Port clearance" in other.sees(ana.get_absolute_url())
    assert "Port clearance" in other.sees(f"/people/{ana.user.username}/contributions/")
    assert ana.get_absolute_url() in links(other.opens(page.get_absolute_url())).values()


def test_drafts_and_watches_move(desk, ana, double, rosa):
    Draft.objects.create(author=double.user, key="k", title="Half a page")
    watched = (double.user, "tag", "1"), (double.user, "tag", "2"), (ana.user, "tag", "2")
    for user, kind, key in (*watched, (rosa, "person", str(double.user.pk))):
        Watch.objects.create(user=user, kind=kind, key=key)
    unite(desk, ana, double)
    assert Draft.objects.get().author == ana.user
    assert sorted(ana.user.watches.values_list("key", flat=True)) == ["1", "2"]
    assert rosa.watches.get().key == str(ana.user.pk)


def test_what_was_confirmed_stays_confirmed_and_nobody_confirms_themselves(desk, ana, double, rosa, samuel):
    swahili, french = speaks(double, "swa", "3"), speaks(rosa.profile, "fra", "4")
    for author, fact in ((ana.user, swahili), (rosa, swahili), (ana.user, french), (double.user, french)):
        trusting.endorse(author, fact)
    arabic = speaks(samuel.profile, "arb", "2")
    trusting.endorse(double.user, arabic)
    Correction.objects.create(profile=double, author=rosa, text="You left Nairobi.")
    unite(desk, ana, double)
    assert [row.author for row in ana.language_skills.get().endorsements.all()] == [rosa]
    assert [row.author for row in french.endorsements.all()] == [ana.user]
    assert [row.author for row in arabic.endorsements.all()] == [ana.user]
    assert ana.corrections.get().author == rosa


def test_those_that_went_before_follow(desk, ana, double):
    third = person("Ana da Silva")
    unite(desk, double, third)
    unite(desk, ana, double)
    third.refresh_from_db()
    assert third.merged_into == ana
    assert [merger.gone for merger in Merger.objects.all()] == [double, third]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"is_superuser": True}, "an administrator's"),
        ({"profile__historical": True}, "a historical record"),
    ],
)
def test_what_cannot_become_one_is_refused_with_the_cure(desk, ana, double, change, why):
    for field, value in change.items():
        owner, name = (double, field[9:]) if field.startswith("profile__") else (double.user, field)
        setattr(owner, name, value)
        owner.save()
    assert why in unite(desk, ana, double)
    assert not Merger.objects.exists()


def test_one_does_not_close_ones_own_account_or_a_profile_twice(desk, administrator, ana, double):
    assert "Your own account" in unite(desk, ana, administrator.profile)
    assert "the same profile" in unite(desk, ana, ana)
    unite(desk, ana, double)
    assert "before" in unite(desk, ana, double)
    assert Merger.objects.count() == 1


def test_only_administrators_merge(ana, double, other):
    for visitor in (other, Visitor(ana.user)):
        assert visitor.opens(f"/people/{ana.user.username}/merge/").status_code == 403
        answer = visitor.sends(f"/people/{ana.user.username}/merge/", {"other": double.user.username})
        assert answer.status_code == 403
    assert not Merger.objects.exists()


def test_a_merger_stays_on_record(administrator, ana, double):
    merger = merging.merge(ana, double, administrator)
    with pytest.raises(TypeError):
        merger.delete()
    with pytest.raises(TypeError):
        Merger.objects.update(moved={})
    with pytest.raises(TypeError):
        Merger.objects.all().delete()
