import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people import evidence, prose
from people.evidence import Evidence
from people.models import Assignment, Education, Profile, User
from people.presenting import clock
from tests.people.conftest import knows, person, served, skilled, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def farida(kabul):
    profile = person(
        "Farida Łukasik", title="Vice Consul", post=kabul, phone="+93 555 0142", available_questions=True
    )
    User.objects.filter(pk=profile.user_id).update(username="farida", email="farida@ministry.example")
    profile.refresh_from_db()
    speaks(profile, "pus", "5", "5", tested_on=dt.date(2025, 3, 1), source="tested")
    speaks(profile, "deu", "4", "3+", tested_on=dt.date(2015, 3, 1), source="tested")
    knows(profile, "afg", years=4)
    skilled(profile, "treaty law")
    skilled(profile, "tango", learn=True)
    served(profile, kabul, 2022, title="Vice Consul")
    return profile


def test_a_profile_shows_what_one_looks_for(farida, browse):
    page = browse("/people/farida/")
    for words in (
        "Farida Łukasik",
        "Embassy Kabul",
        "پښتو",
        "3+",
        "Tested March 2025",
        "Tested 2015, expired 2020",
        "In depth, 4 years",
        "treaty law",
        "+93 555 0142",
        "Wants to learn",
        "tango",
        "Save as contact",
    ):
        assert words in page
    assert "Edit" not in page.split("<main")[1]


def test_capitals_in_the_address_do_not_matter(farida, browse):
    browse("/people/Farida/")
    browse("/people/nobody/", status=404)


def test_what_is_known_for_nobody_knows_how_long_comes_after_what_is_known_for_years(farida):
    knows(farida, "dji", years=None)
    knows(farida, "eri", years=2)
    assert [known.years for known in farida.expertise.all()] == [4, 2, None]


def test_predecessors_successors_and_colleagues_at_the_post(farida, kabul, browse):
    served(person("Pia Predecessor"), kabul, 2019, 2022, title="Vice Consul")
    served(person("Olaf Other"), kabul, 2020, title="Press Officer")
    past = person("Sven Somewhere", "sven")
    served(past, kabul, 2016, 2019, title="vice consul")
    assert "After <a" in browse("/people/farida/")
    assert "Pia Predecessor" in browse("/people/farida/")
    assert "With <a" in browse("/people/farida/")
    page = browse("/people/sven/")
    assert "Followed by" in page
    assert "Pia Predecessor" in page
    assert "Olaf Other" not in page


def test_who_held_the_same_job_of_an_office_before(farida, legal, browse):
    for who, title in (("Pia Predecessor", "Head"), ("Olaf Other", "Archivist")):
        served(person(who), None, 2018, 2020, office=legal, title=title)
    served(person("Nora Nowhere"), None, 2018, 2020, title="Head")
    served(farida, None, 2020, 2021, office=legal, title="Head")
    served(farida, None, 2020, 2021, title="Head")  # nobody knows where
    page = browse("/people/farida/")
    assert "Pia Predecessor" in page
    assert "Olaf Other" not in page
    assert "Nora Nowhere" not in page


def test_a_life_of_very_many_jobs_is_shown(farida, kabul, browse):
    farida.assignments.all().delete()
    days = [dt.date(1900, 1, 1) + dt.timedelta(days=100 * n) for n in range(260)]
    Assignment.objects.bulk_create(
        Assignment(profile=farida, post=kabul, started=day, ended=day + dt.timedelta(days=99)) for day in days
    )
    assert "1900" in browse("/people/farida/")


def test_leavers_stay_as_authors(farida, browse):
    Profile.objects.filter(pk=farida.pk).update(left_at=dt.date(2024, 5, 1))
    page = browse("/people/farida/")
    assert "Left the Ministry in May 2024" in page
    assert "+93 555 0142" not in page
    assert "Available for" not in page
    browse("/people/farida/vcard/", status=404)


def test_historical_people_are_labelled(browse):
    past = person("Horace Historical", historical=True, born=1850, died=1914)
    User.objects.filter(pk=past.user_id).update(username="horace", is_active=False)
    page = browse("/people/horace/")
    assert "Historical record" in page
    assert "1850–1914" in page


def test_evidence_comes_from_those_who_registered(farida, browse, monkeypatch):
    monkeypatch.setattr(evidence, "_providers", [])

    @evidence.register
    def wrote(profile, reader):
        assert reader.username != profile.user.username
        return [Evidence("Afghanistan", "/wiki/afghanistan/", 9, "wrote", "9 of 41 revisions")]

    evidence.register(wrote)
    page = browse("/people/farida/")
    assert page.count("9 of 41 revisions") == 1


def test_what_somebody_wrote_is_escaped_until_the_wiki_renders_it(farida, browse, monkeypatch):
    monkeypatch.setattr(prose, "_renderers", [prose.PlainParagraphs()])
    farida.about = "<script>alert(1)</script>"
    farida.save()
    assert "&lt;script&gt;alert(1)" in browse("/people/farida/")


def test_constant_queries(farida, client_for, reader, kabul, nairobi, django_assert_max_num_queries):
    client = client_for(reader)
    client.get("/people/farida/")
    with django_assert_max_num_queries(12) as few:
        client.get("/people/farida/")
    for year in range(1990, 2015):
        served(farida, nairobi, year, year + 1, title="Consul")
        served(person(f"Other Number{year}"), nairobi, year - 1, year, title="Consul")
        Education.objects.create(profile=farida, institution=f"School {year}", ended=year)
    with django_assert_max_num_queries(len(few)):
        client.get("/people/farida/")


def test_ones_own_profile_costs_no_more(farida, client_for, django_assert_max_num_queries):
    client = client_for(farida.user)
    client.get("/people/farida/")
    with django_assert_max_num_queries(12):
        client.get("/people/farida/")


def test_saving_a_contact(farida, client_for, reader):
    farida.title = "Vice; Consul, here\nEND:VCARD"
    farida.save()
    response = client_for(reader).get("/people/farida/vcard/")
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/vcard")
    assert "FN:Farida Łukasik\r\n" in text
    assert "TITLE:Vice\\; Consul\\, here\\nEND:VCARD\r\n" in text
    assert text.count("\r\nEND:VCARD\r\n") == 1


def test_confirming_is_ones_own_and_by_post(farida, client_for, reader):
    own = client_for(farida.user)
    assert own.get("/people/farida/confirm/").status_code == 405
    assert client_for(reader).post("/people/farida/confirm/").status_code == 403
    farida.refresh_from_db()
    assert not farida.due_for_confirmation  # the account is new
    farida.user.date_joined -= dt.timedelta(days=366)
    assert farida.due_for_confirmation
    assert own.post("/people/farida/confirm/").status_code == 302
    farida.refresh_from_db()
    assert not farida.due_for_confirmation
    assert timezone.now() - farida.confirmed_at < dt.timedelta(minutes=5)


def test_ones_own_profile_says_what_to_add(db, browse):
    new = person("Nia New").user
    page = browse(f"/people/{new.username}/", user=new)
    assert "What to add next" in page
    assert "Your job title" in page
    assert "It is what colleagues look for most." in page


@pytest.mark.parametrize(
    ("when", "at_work", "shown"),
    [
        ("2026-11-18T08:00", True, "12:30"),
        ("2026-11-18T20:00", False, "00:30"),
        ("2026-11-20T08:00", False, "12:30"),
        ("2026-11-22T08:00", True, "12:30"),
    ],
)
def test_local_time_and_working_hours(farida, when, at_work, shown):
    farida.work_week = Profile.WorkWeek.SUN_THU
    there = clock(farida, dt.datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("UTC")))
    assert there is not None
    assert (there.at_work, there.time, there.offset) == (at_work, shown, "UTC+4:30")


def test_no_time_is_shown_where_it_is_not_known(db):
    assert clock(person("Una Unknown")) is None


def test_a_language_says_what_it_is_written_in_unless_that_is_latin_letters(farida, browse):
    speaks(farida, "prs", "3")
    speaks(farida, "fra", "3")
    page = browse("/people/farida/")
    assert "Arabic script" in page
    assert "Latin" not in page
