"""A fact that a reader may not read is not shown, not found, not counted, and not named anywhere."""

import pytest
from django.contrib.auth.models import AnonymousUser

from diplopedia.actions import Change, restrict
from people import permissions, trusting
from people.backends import StaffBackend
from people.models import Assignment, Education, Expertise, LanguageSkill, Post, ProfileSkill, Region, User
from people.searchables import PeopleSource
from tests.factories import OfficeFactory, UserFactory, write
from tests.people.conftest import knows, neutral, person, served, skilled, speaks
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

DOORS = (
    "/people/",
    "/people/?lang=Pashto",
    "/people/?lang=Pashto&speaks=3",
    "/people/?served=Kabul",
    "/people/?served=Kabul&now=1",
    "/people/?served=Afghanistan",
    "/people/?region=Afghanistan",
    "/people/?region=hindu-kush-himalaya",
    "/people/?skill=water-diplomacy",
    "/people/?lang=Pashto&served=Kabul",
    "/people/?lang=French&served=Kabul",
    "/people/languages/",
    "/people/languages/?speaks=1&reads=0%2B&all=1",
    "/people/posts/kabul/",
    "/people/offices/legal/",
    "/people/hidden/",
    "/people/colleague/",
    "/people/hidden/vcard/",
    "/people/hidden/card/",
    "/people/hidden/contributions/",
    "/people/offices/",
    "/people/posts/",
    "/people/?q=who+speaks+Pashto",
    "/people/?q=Pashto+speaker+in+Kabul+since+2020",
    "/people/?q=knows+Afghanistan+and+water+diplomacy",
    "/people/?q=zonal+adviser+hana",
    "/people/search/?lang=Pashto",
    "/people/me/suggest/?of=skills&q=wat",
    "/wiki/afghan-water/",
    "/wiki/regions/afghanistan/",
)


@pytest.fixture
def hidden(kabul, legal):
    """Somebody whose every fact is for their office, and who can be found by name all the same."""
    profile = person("Hana Hidden", "hidden", office=legal, title="Adviser")
    pashto = speaks(profile, "pus", "4", audience="office")
    trusting.endorse(person("Omar Officemate", office=legal).user, pashto)
    knows(profile, "afg", audience="office", note="zzqx")
    Education.objects.create(profile=profile, institution="zzqx", audience="office")
    skilled(profile, "water diplomacy", audience="office")
    served(profile, kabul, 2023, title="Zonal Adviser", audience="office")
    return profile


@pytest.fixture
def colleague(kabul, hidden):
    """Somebody beside whom the hidden one would be named."""
    profile = person("Carl Colleague", "colleague")
    served(profile, kabul, 2022, title="Consul")
    speaks(profile, "fra", "4")
    write(
        "Afghan water", "Rivers.", author=profile.user, regions=frozenset({Region.objects.get(code="afg").pk})
    )
    return profile


def test_a_hidden_fact_leaves_no_trace(hidden, colleague, browse):
    """Every page is the same, byte for byte, as when a fact does not exist: with all, with half, without."""
    with_facts = {door: neutral(browse(door)) for door in DOORS}
    for models in ((LanguageSkill, ProfileSkill), (Expertise, Assignment, Education)):
        for model in models:
            model.objects.filter(profile=hidden).delete()
        for door in DOORS:
            assert with_facts[door] == neutral(browse(door)), (door, models)


def test_the_office_itself_sees_them(hidden, colleague, legal, browse):
    below = person(
        "Ben Below", office=OfficeFactory.create(name="Treaties", slug="treaties", parent=legal)
    ).user
    assert "1 colleague speaks Pashto" in browse("/people/?lang=Pashto", user=below)
    assert "Hana Hidden" in browse("/people/colleague/", user=below)
    assert "zzqx" in browse("/people/hidden/", user=below)


def test_an_office_beside_or_above_does_not(hidden, colleague, legal, browse):
    parent = OfficeFactory.create(name="Whole Ministry", slug="whole")
    legal.parent = parent
    legal.save()
    above = person("Abe Above", office=parent).user
    assert "Nobody speaks Pashto" in browse("/people/?lang=Pashto", user=above)


def test_only_me_is_only_me(hidden, legal, browse):
    LanguageSkill.objects.filter(profile=hidden).update(audience="me")
    same_office = person("Sam Same", office=legal).user
    assert "Nobody speaks Pashto" in browse("/people/?lang=Pashto", user=same_office)
    assert "1 colleague speaks Pashto" in browse("/people/?lang=Pashto", user=hidden.user)


def test_without_an_office_my_office_means_me(db):
    profile = person("Olu Officeless")
    skill = speaks(profile, "yor", "5", audience="office")
    assert skill.principal == f"u:{profile.user_id}"
    other = person("Otto Officeless").user
    assert not LanguageSkill.objects.readable_by(other).exists()
    assert LanguageSkill.objects.readable_by(profile.user).exists()


@pytest.mark.parametrize("model", [LanguageSkill, Expertise, ProfileSkill, Assignment, Education])
def test_closed_accounts_and_nobody_read_nothing(model, colleague, disabled, rf):
    assert not model.objects.readable_by(disabled).exists()
    assert not model.objects.readable_by(AnonymousUser()).exists()


@pytest.mark.parametrize("audience", ["all", "office", "me"])
def test_readable_by_and_principals_agree(audience, hidden, legal, reader):
    """Search filters by principals, the database by readable_by: they must never differ."""
    LanguageSkill.objects.filter(profile=hidden).update(audience=audience)
    skill = LanguageSkill.objects.select_related("profile").get(profile=hidden)
    same = person("Sam Same", office=legal).user
    for user in (hidden.user, same, reader):
        fresh = User.objects.get(pk=user.pk)
        readable = LanguageSkill.objects.readable_by(fresh).filter(pk=skill.pk).exists()
        assert readable == (skill.principal in permissions.principals(fresh))


def test_the_search_entry_carries_each_facts_principal(hidden, legal):
    source = PeopleSource()
    entry = next(source.entries([hidden.pk]))
    office = f"o:{legal.pk}"
    assert entry.readers == frozenset({"all"})
    facts = (entry.languages, entry.expertise, entry.skills, entry.assignments)
    assert [fact.principal for sort in facts for fact in sort] == [office] * 4
    assert "zzqx" not in entry.body + entry.lead + entry.role


def test_principals(hidden, legal, administrator, disabled, member):
    group = member.groups.get()
    own = User.objects.get(pk=hidden.user_id).principals
    assert own == {"all", f"u:{hidden.user_id}", f"o:{legal.pk}"}
    assert permissions.principals(member) >= {f"g:{group.pk}"}
    assert "admins" in permissions.principals(administrator)
    assert permissions.principals(disabled) == frozenset()


def test_principals_take_two_queries_for_the_sessions_user(hidden, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        user = StaffBackend().get_user(hidden.user_id)
        assert user is not None
        assert len(user.principals) == 3
        assert user.principals


def test_the_backend_lets_no_closed_account_in(disabled):
    assert StaffBackend().get_user(disabled.pk) is None
    assert StaffBackend().get_user(0) is None


# --- offices are given ---------------------------------------------------------------------------------------------


@pytest.fixture
def kept_to_legal(legal):
    """A page and a fact for the office; return the address of the page, and of the profile that has the fact."""
    ana = person("Ana Silva", office=legal)
    speaks(ana, "swa", "3", audience="office")
    page = write("Zeppelin clause", "For the office.", author=ana.user)
    restrict(page, [], [legal], Change(author=UserFactory.create(is_superuser=True)))
    return page.get_absolute_url(), ana.get_absolute_url()


def test_nobody_gives_themselves_an_office_and_what_is_kept_to_it(reader, legal, kept_to_legal):
    page, profile = kept_to_legal
    me = Visitor(reader)
    about = f"/people/{reader.username}/edit/about/"
    fields = me.form(about)
    assert "office" not in fields
    assert "Your office is not known yet. Ask an administrator" in me.sees(about)
    assert me.sends(about, fields, office="Legal Directorate", title="Adviser").status_code == 302
    reader.profile.refresh_from_db()
    assert (reader.profile.title, reader.profile.office) == ("Adviser", None)
    served(reader.profile, Post.objects.create(city="Oslo", slug="oslo"), 2020, office=legal)
    assert me.opens(page).status_code == 404
    assert "Swahili" not in me.sees(profile)
    desk = Visitor(UserFactory.create(is_superuser=True))
    assert desk.sends(about, desk.form(about), office="Legal Directorate").status_code == 302
    assert "Office: Legal Directorate. Ask an administrator to change it" in me.sees(about)
    assert me.opens(page).status_code == 200
    assert "Swahili" in me.sees(profile)


def test_a_site_may_let_people_choose_their_offices(reader, legal, settings):
    settings.PEOPLE_CHOOSE_OFFICE = True
    me = Visitor(reader)
    about = f"/people/{reader.username}/edit/about/"
    assert me.sends(about, me.form(about), office="Legal Directorate").status_code == 302
    reader.profile.refresh_from_db()
    assert reader.profile.office == legal
