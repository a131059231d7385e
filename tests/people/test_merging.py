"""Somebody has two profiles: an administrator makes them one, and nothing that either knew or wrote is lost."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from diplopedia.models import Draft
from discussion import actions as talk
from manners.models import Report
from notices.models import Watch
from people import merging, trusting
from people.adapters import enter
from people.models import Correction, Merger, Profile, User
from people.models.audience import Audience
from people.signing_in import Claims, recognise
from people.syncing.planning import Planner
from tests.factories import OfficeFactory, write
from tests.people.conftest import knows, person, served, skilled, speaks
from tests.visitor import Visitor, links, soup, words

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


def test_it_says_what_moved_as_far_as_one_may_know(desk, ana, double, kabul):
    speaks(ana, "fra", "2")
    speaks(double, "fra", "2")
    speaks(double, "swa", "2")
    speaks(double, "amh", "3", audience=Audience.ME)
    served(double, kabul, 2015, 2018)
    unite(desk, ana, double)
    said = desk.sees(ana.get_absolute_url())
    assert "Ana Maria Silva is part of this profile now. Moved over: Swahili 2/3; Kabul (2015–2018)." in said
    page = desk.sees(f"/people/{ana.user.username}/merge/")
    assert "Moved over: Swahili 2/3; Kabul (2015–2018)." in page
    assert "Amharic" not in page


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
    assert "Nobody here has this handle or name" in desk.sees(
        f"/people/{ana.user.username}/merge/", other="nobody"
    )


def test_facts_cost_the_page_no_query(
    desk, ana, double, kabul, nairobi, legal, client_for, administrator, django_assert_max_num_queries
):
    client, address = (
        client_for(administrator),
        f"/people/{ana.user.username}/merge/?other={double.user.username}",
    )
    client.get(address)
    with django_assert_max_num_queries(16) as few:
        client.get(address)
    for code in ("por", "fra", "swa"):
        speaks(double, code, "3")
        speaks(ana, code, "2")
    knows(double, "ken")
    knows(double, "afg")
    skilled(double, "water law")
    skilled(double, "treaty law")
    served(double, kabul, 2015)
    served(double, nairobi, 2019, 2022)
    served(double, None, 2012, 2015, office=legal)
    with django_assert_max_num_queries(len(few)):
        assert "water law" in client.get(address).content.decode()
    merging.merge(ana, double, administrator)
    with django_assert_max_num_queries(len(few)):
        assert "water law" in client.get(f"/people/{ana.user.username}/merge/").content.decode()


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


def test_who_signed_up_with_a_colleagues_address_and_waits_gets_nothing_of_theirs(desk, ana):
    word = "xQ9-strangers-word"
    Client().post(
        "/accounts/signup/", {"email": "a.silva@ministry.example", "password1": word, "password2": word}
    )
    waiting = User.objects.get(email="a.silva@ministry.example").profile
    assert "Nobody has confirmed an address" in unite(desk, waiting, ana)
    unite(desk, ana, waiting)
    assert list(ana.user.emailaddress_set.values_list("email", flat=True)) == [ana.user.email]
    guest = Client()
    guest.post("/accounts/login/", {"login": "a.silva@ministry.example", "password": word})
    assert guest.get("/people/me/").url.startswith("/accounts/login/")


def test_a_placeholder_without_any_way_in_may_be_kept(desk, ana):
    placeholder = person("Ana Silva (archive)")
    EmailAddress.objects.filter(user=placeholder.user).delete()
    placeholder.user.set_unusable_password()
    placeholder.user.save()
    unite(desk, placeholder, ana)
    assert EmailAddress.objects.filter(user=placeholder.user, email=ana.user.email, verified=True).exists()


def test_nobody_becomes_an_administrator_or_reads_what_an_administrator_merges_into_themselves(
    desk, administrator, ana, double
):
    knows(ana, "ken", note="told nobody", audience=Audience.ME)
    assert "Ask another administrator" in unite(desk, administrator.profile, ana)
    assert "Kenya" not in desk.sees(administrator.profile.get_absolute_url())
    double.user.is_superuser = True
    double.user.save()
    assert "would be one, too" in unite(desk, double, ana)
    assert not Merger.objects.exists()


def test_every_way_in_that_moves_is_shown_and_what_nobody_confirmed_is_taken_away(desk, ana, double):
    stranger = "stranger@ministry.example"
    EmailAddress.objects.create(user=double.user, email=stranger, verified=False)
    SocialAccount.objects.create(user=double.user, provider="oidc", uid="uid-66")
    double.user.directory_id = "4711"
    double.user.save()
    page = desk.sees(f"/people/{ana.user.username}/merge/", other=double.user.username)
    for way in (
        f"{double.user.email} will lead",
        "oidc · uid-66 will lead",
        "Number 4711 in the directory will",
    ):
        assert way in page
    assert f"Taken away, as nobody confirmed them: {stranger}." in page
    unite(desk, ana, double)
    assert not EmailAddress.objects.filter(email=stranger).exists()
    assert Merger.objects.get().moved["left:account.EmailAddress"] == [stranger]
    Client().post("/accounts/password/reset/", {"email": stranger})
    assert "/password/reset/key/" not in mail.outbox[-1].body


def test_an_address_that_either_confirmed_is_confirmed_whatever_its_letters(desk, ana, double):
    mine, theirs = ana.user.email, double.user.email
    EmailAddress.objects.create(user=ana.user, email=theirs.upper(), verified=False)
    EmailAddress.objects.create(user=double.user, email=theirs.upper(), verified=False)
    EmailAddress.objects.create(user=double.user, email=mine.upper(), verified=True)
    unite(desk, ana, double)
    rows = EmailAddress.objects.filter(user=ana.user).values_list("email", "verified", "primary")
    assert sorted(rows) == sorted([(mine, True, True), (theirs, True, False)])


def numbered(ana: Profile, double: Profile) -> None:
    for profile, number in ((ana, "1"), (double, "2")):
        profile.user.directory_id = number
        profile.user.save()


def test_the_number_of_either_signs_in_as_the_one_that_is_kept(desk, ana, double):
    numbered(ana, double)
    unite(desk, ana, double)
    for number in "12":
        claims = Claims(number=number, email="x@ministry.example", email_verified=True)
        assert recognise(claims, None) == recognise(claims, ana.user) == ana.user
        enter(recognise(claims, None), claims)
    ana.user.refresh_from_db()
    assert ana.user.directory_id == "1"


@pytest.mark.parametrize(
    ("first", "active", "closed"),
    [(1, "1", []), (0, "1", []), (1, "0", ["Ana Silva"]), (0, "0", ["Ana Silva"])],
)
def test_the_directory_may_name_the_kept_one_by_the_number_of_the_other(
    desk, ana, double, first, active, closed
):
    numbered(ana, double)
    email = double.user.email
    unite(desk, ana, double)
    about = {"given_name": "Ana", "family_name": "Silva"}
    left = {"line": "2", "id": "1", "email": ana.user.email, "active": "0", **about}
    planner = Planner()
    planner.take([left, {"line": "3", "id": "2", "email": email, "active": active, **about}][first:])
    planner.close_missing()
    assert not planner.plan.problems
    assert [step.user.profile.name for step in planner.plan.closing] == closed


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
    Draft.objects.create(author=ana.user, key="k", title="Another")
    watched = (double.user, "tag", "1"), (double.user, "tag", "2"), (ana.user, "tag", "2")
    for user, kind, key in (*watched, (rosa, "person", str(double.user.pk))):
        Watch.objects.create(user=user, kind=kind, key=key)
    unite(desk, ana, double)
    drafts = Draft.objects.of(ana.user)
    assert sorted(drafts.values_list("title", flat=True)) == ["Another", "Half a page"]
    assert drafts.get(key="k").title == "Another"
    assert sorted(ana.user.watches.values_list("key", flat=True)) == ["1", "2"]
    assert rosa.watches.get().key == str(ana.user.pk)


def test_nobody_watches_themselves_or_a_profile_that_is_closed(desk, ana, double, rosa):
    two = str(ana.user.pk), str(double.user.pk)
    watched = (rosa, two[0]), (rosa, two[1]), (ana.user, two[1]), (double.user, two[0])
    for user, key in watched:
        Watch.objects.create(user=user, kind="person", key=key)
    unite(desk, ana, double)
    assert list(Watch.objects.values_list("user", "key")) == [(rosa.pk, two[0])]


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


def test_who_confirmed_a_fact_that_is_said_twice_confirms_the_one_that_stays(desk, ana, double, rosa, samuel):
    mine, theirs = speaks(ana, "swa", "3"), speaks(double, "swa", "3")
    for author, fact in ((rosa, mine), (rosa, theirs), (samuel, theirs), (ana.user, theirs)):
        trusting.endorse(author, fact)
    older = speaks(ana, "fra", "3", tested_on=dt.date(2020, 1, 1))
    trusting.endorse(rosa, older)
    speaks(double, "fra", "3", tested_on=dt.date(2024, 1, 1))
    trusting.endorse(rosa, speaks(ana, "arb", "1"))
    trusting.endorse(samuel, speaks(double, "arb", "4"))
    unite(desk, ana, double)
    who = {
        skill.language_id: sorted(row.author.username for row in skill.endorsements.all())
        for skill in ana.language_skills.all()
    }
    assert who == {"swa": ["rosa.celik", "samuel.okafor"], "fra": ["rosa.celik"], "arb": ["rosa.celik"]}


def test_what_is_said_twice_stays_nowhere_but_on_record(desk, other, ana, double, kabul):
    served(ana, kabul, 2015, 2018, audience=Audience.ME)
    served(double, kabul, 2015, 2018)
    speaks(ana, "swa", "4", audience=Audience.ME)
    speaks(double, "swa", "2")
    unite(desk, ana, double)
    assert "Silva" not in other.sees(f"/people/posts/{kabul.slug}/")
    assert not double.language_skills.exists()
    moved = Merger.objects.get().moved
    assert moved["left:people.LanguageSkill"][0]["fields"]["speaking"] == 4
    assert moved["left:people.Assignment"][0]["fields"]["started"] == "2015-07-01"


def test_nobody_decides_about_what_they_wrote_with_their_other_account(desk, ana, double, rosa):
    page = write("Open page", author=rosa)
    said = talk.open_thread(double.user, "article", page.pk, "Thread", "You are a quibbler.")
    visitor, url = Visitor(rosa), f"/manners/report/comment/{said.pk}/"
    visitor.sends(url, visitor.form(url), reason="unkind", words="It hurts.")
    ana.user.groups.add(Group.objects.get(name="Moderators"))
    unite(desk, ana, double)
    place = f"/manners/reports/{Report.objects.get().pk}/"
    assert Visitor(ana.user).sends(place, {"verb": "dismiss", "seen": 0}).status_code == 403


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
    assert "another administrator" in unite(desk, ana, administrator.profile)
    assert "the same profile" in unite(desk, ana, ana)
    unite(desk, ana, double)
    assert "before" in unite(desk, ana, double)
    assert Merger.objects.count() == 1


def test_a_handle_that_cannot_be_one_is_nobodys(desk, ana, double):
    door = f"/people/{ana.user.username}/merge/"
    assert "Nobody here has this handle" in words(desk.sends(door, {"other": "a\0b"}))
    assert "Nobody here has this handle" in words(desk.sends(door, {"other": "Ana Maria"})), "no name merges"
    assert not Merger.objects.exists()


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


def test_the_other_profile_is_found_by_name_and_namesakes_are_offered(desk, ana, double):
    twin = person("Ana Silva", "ana.two", title="Attaché")
    left = person("Ana Silva", "ana.left", left_at="2024-01-01")
    person("Ana Silva", "ana.gone", merged_into=ana)
    door = f"/people/{ana.user.username}/merge/"
    offered = soup(desk.opens(door)).select_one("[data-candidates]")
    assert [link["href"] for link in offered.select("a")] == [
        f"?other={one.user.username}" for one in (left, twin)
    ]
    assert "Attaché" in offered.text
    assert "Goes into it" in words(desk.opens(f"{door}?other=ana+maria")), "one alone is meant"
    several = soup(desk.opens(f"{door}?other=silva"))
    assert len(several.select("[data-candidates] a")) == 3
    assert "Goes into it" not in several.text
    assert "Nobody here has this handle or name" in words(desk.opens(f"{door}?other=zzz"))
