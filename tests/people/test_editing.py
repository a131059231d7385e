import datetime as dt

import pytest

from people.forms import facts
from people.forms.facts import MOST_LINES
from people.models import Assignment, LanguageSkill, ProfileSkill, SkillTag, User
from tests.people.conftest import opened, person, served, skilled, speaks
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(me, client_for):
    return client_for(me.user)


def lines(prefix: str, *rows: dict, initial: int = 0) -> dict:
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


ABOUT = {"preferred_name": "Noëlle Laurent", "sort_name": "Laurent, Noëlle", "about_audience": "all"}
CONTACT = {
    "phone_audience": "all",
    "work_week": "mon-fri",
    "works_from": "09:00",
    "works_until": "17:30",
}


def test_about(client, me, kabul):
    data = {
        **ABOUT,
        "title": "Head of Section",
        "post": "Kabul",
        "other_names": "Noelle; N. Laurent\nNoelle",
        "about": "**Hello**",
    }
    assert client.post("/people/noelle/edit/", data).status_code == 302
    me.refresh_from_db()
    assert (me.title, me.post, me.other_names) == ("Head of Section", kabul, ["Noelle", "N. Laurent"])
    assert "Hello" in me.about_html


def test_an_error_loses_nothing(client, me):
    data = {
        **ABOUT,
        "title": "Typed at length",
        "post": "Atlantis",
        "about": "Many words",
    }
    response = client.post("/people/noelle/edit/", data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "We know no post in “Atlantis”" in page
    for typed in ("Typed at length", "Atlantis", "Many words"):
        assert typed in page
    me.refresh_from_db()
    assert me.title == ""


def test_a_name_is_a_line_that_can_be_seen(client, me):
    url = "/people/noelle/edit/about/"
    odd = {
        "preferred_name": "Noëlle\r\nBcc: a@b.example",
        "title": "\u202eluf\u0007ton\u200b",
        "sort_name": "\u200b\u200d",
    }
    odd["sort_name"] = "\u200b\u200d"
    names = "\0Noe\u0007lle; \u200b\nعلی\u200cرضا"
    assert client.post(url, opened(client, url) | odd | {"other_names": names}).status_code == 302
    me.refresh_from_db()
    assert (me.name, me.title) == ("Noëlle Bcc: a@b.example", "luf ton")
    assert me.sort_name == "Noëlle Bcc: a@b.example"
    assert me.other_names == ["Noe lle", "علی\u200cرضا"]
    assert client.post(url, opened(client, url) | {"other_names": "x\n" * 500 + "y" * 900}).status_code == 422


def test_work_ends_after_it_begins(client):
    data = {**CONTACT, "timezone": "Mars/Olympus", "works_from": "17:00", "works_until": "09:00"}
    page = client.post("/people/noelle/edit/contact/", data).content.decode()
    assert "This is before work begins" in page
    assert "is not a time zone" in page
    assert "Mars/Olympus" in page


def test_a_new_name_sorts_anew(client, me):
    client.post("/people/noelle/edit/", {**ABOUT, "preferred_name": "Noëlle Ångström"})
    me.refresh_from_db()
    assert (me.sort_name, me.sort_key) == ("Ångström, Noëlle", "angstrom, noelle")


def test_languages_are_added_changed_and_removed(client, me):
    old = speaks(me, "deu", "2")
    gone = speaks(me, "fra", "2")
    rows: list[dict] = [
        {
            "id": old.pk,
            "language": "German",
            "speaking": "8",
            "reading": "7",
            "tested_on": "2025-03-01",
            "audience": "office",
        },
        {
            "id": gone.pk,
            "language": "French",
            "speaking": "4",
            "reading": "6",
            "audience": "all",
            "DELETE": "on",
        },
        {"language": "tigrigna", "speaking": "6", "reading": "5", "audience": "me"},
        {"language": "", "speaking": "", "reading": "", "audience": "all"},
    ]
    # Rows come in the order of the page: best first.
    skills = list(LanguageSkill.objects.readable_by(me.user))
    ordered = sorted(rows[:2], key=lambda row: [skill.pk for skill in skills].index(row["id"]))
    response = client.post(
        "/people/noelle/edit/languages/", lines("languages", *ordered, *rows[2:], initial=2)
    )
    assert response.status_code == 302, response.content.decode()
    found = {
        s.language_id: (s.levels, s.source, s.audience) for s in LanguageSkill.objects.filter(profile=me)
    }
    assert found == {"deu": ("4/3+", "tested", "office"), "tir": ("3/2+", "self", "me")}


def test_an_unknown_language_is_named_and_the_lines_stay(client, me):
    data = lines(
        "languages",
        {"language": "Martian", "speaking": "6", "reading": "5", "audience": "all"},
        {"language": "Pashto", "speaking": "", "reading": "5", "audience": "all"},
    )
    response = client.post("/people/noelle/edit/languages/", data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "We know no language called “Martian”" in page
    assert 'value="Martian"' in page
    assert 'value="Pashto"' in page
    assert not LanguageSkill.objects.exists()


def test_the_same_language_twice_is_refused_kindly(client, me):
    row = {"language": "Pashto", "speaking": "6", "reading": "5", "audience": "all"}
    response = client.post("/people/noelle/edit/languages/", lines("languages", row, row))
    assert response.status_code == 422
    assert "Two lines are about the same" in response.content.decode()


def test_a_test_cannot_be_tomorrow(client):
    row = {
        "language": "Pashto",
        "speaking": "6",
        "reading": "5",
        "audience": "all",
        "tested_on": "2999-01-01",
    }
    response = client.post("/people/noelle/edit/languages/", lines("languages", row))
    assert "This day has not come yet" in response.content.decode()


def test_skills_in_ones_own_words(client, me):
    skilled(person("Other One"), "treaty law")
    rows = [
        {"skill": "Treaty  Law", "level": "3", "ask": "on", "audience": "all"},
        {"skill": "Beekeeping diplomacy", "level": "1", "learn": "on", "audience": "all"},
    ]
    assert client.post("/people/noelle/edit/skills/", lines("skills", *rows)).status_code == 302
    assert SkillTag.objects.filter(name__iexact="treaty law").count() == 1
    assert set(ProfileSkill.objects.filter(profile=me).values_list("tag__name", "level", "learn")) == {
        ("treaty law", 3, False),
        ("Beekeeping diplomacy", 1, True),
    }


def test_the_same_skill_twice_is_refused_kindly(client, me):
    rows = [
        {"skill": "Bees", "level": "1", "audience": "all"},
        {"skill": "bees", "level": "2", "audience": "all"},
    ]
    response = client.post("/people/noelle/edit/skills/", lines("skills", *rows))
    assert response.status_code == 422
    assert "Two lines are about the same" in response.content.decode()
    assert not ProfileSkill.objects.filter(profile=me).exists()


def test_skills_that_differ_by_signs_alone_are_two(client, me):
    for name in ("C", "C++", "C#", "+++"):
        row = {"skill": name, "level": "2", "audience": "all"}
        assert client.post("/people/noelle/edit/skills/", lines("skills", row)).status_code == 302
    slugs = [skill.tag.slug for skill in ProfileSkill.objects.filter(profile=me)]
    assert len(set(slugs)) == 4
    assert all(slugs)


def test_a_skill_kept_to_oneself_is_nobodys_suggestion(client):
    skilled(person("Other One"), "secret hobby", audience="me")
    assert "secret hobby" not in client.get("/people/noelle/edit/skills/").content.decode()


def test_regions(client, me):
    row = {"region": "the Horn", "depth": "3", "years": "4", "audience": "all"}
    assert client.post("/people/noelle/edit/regions/", lines("regions", row)).status_code == 302
    assert me.expertise.get().region.code == "horn-of-africa"


def test_posts(client, me, kabul):
    rows = [
        {
            "title": "Consul",
            "post": "Kaboul",
            "started": "2019-07-01",
            "ended": "2022-07-01",
            "audience": "all",
        },
        {"title": "Nowhere", "started": "2010-01-01", "audience": "all"},
    ]
    response = client.post("/people/noelle/edit/posts/", lines("posts", *rows))
    assert "Say where: a post or an office." in response.content.decode()
    rows[1]["post"] = "Embassy Kabul"
    rows[1]["ended"] = "2009-01-01"
    response = client.post("/people/noelle/edit/posts/", lines("posts", *rows))
    assert "This is before the first day" in response.content.decode()
    rows[1]["ended"] = "2011-01-01"
    assert client.post("/people/noelle/edit/posts/", lines("posts", *rows)).status_code == 302
    assert list(me.assignments.values_list("post", "title")) == [(kabul.pk, "Consul"), (kabul.pk, "Nowhere")]


def test_adding_more_comes_back_to_the_section(client):
    response = client.post("/people/noelle/edit/languages/", {**lines("languages"), "more": "1"})
    assert response["Location"] == "/people/noelle/edit/languages/"


def test_only_oneself_and_administrators(me, client_for, reader, administrator):
    for address in ("/people/noelle/edit/", "/people/noelle/edit/languages/"):
        assert client_for(reader).get(address).status_code == 403
        assert client_for(reader).post(address, ABOUT).status_code == 403
        assert client_for(administrator).get(address).status_code == 200


def test_an_administrator_does_not_see_what_is_only_for_the_person(me, client_for, administrator):
    speaks(me, "pus", "4", audience="me")
    assert (
        'value="Pashto"'
        not in client_for(administrator)
        .get("/people/noelle/edit/languages/")
        .content.decode()
        .split("<datalist")[0]
    )


def test_nobody_writes_on_anothers_profile_by_naming_its_rows(client, me, kabul):
    theirs = served(person("Other One"), kabul, 2010, title="Theirs")
    row = {"id": theirs.pk, "title": "Mine now", "post": "Kabul", "started": "2010-01-01", "audience": "all"}
    client.post("/people/noelle/edit/posts/", lines("posts", row, initial=1))
    theirs.refresh_from_db()
    assert theirs.title == "Theirs"
    assert not Assignment.objects.filter(profile=me).exists()


def test_what_is_no_field_is_ignored(client, me):
    client.post(
        "/people/noelle/edit/",
        {**ABOUT, "historical": "on", "left_at": "2020-01-01", "is_superuser": "on", "user": "1"},
    )
    me.refresh_from_db()
    assert not me.historical
    assert me.left_at is None
    assert not User.objects.get(pk=me.user_id).is_superuser


def test_an_unknown_section_is_missing(client):
    assert client.get("/people/noelle/edit/secrets/").status_code == 404


@pytest.mark.parametrize("section", ["languages", "regions", "skills", "posts", "education"])
def test_a_broken_form_is_no_crash(client, section, monkeypatch):
    monkeypatch.setattr(facts, "MOST_LINES", 3)
    monkeypatch.setattr(facts, "MOST_TAKEN", 5)
    assert client.post(f"/people/noelle/edit/{section}/", {f"{section}-TOTAL_FORMS": "x"}).status_code == 422
    many = {f"{section}-TOTAL_FORMS": "100000", f"{section}-INITIAL_FORMS": "0"}
    answer = client.post(f"/people/noelle/edit/{section}/", many)
    assert answer.status_code == 422
    assert len(answer.context["form"].forms) == 5


def test_more_lines_than_one_may_add_are_saved(client, me, kabul):
    jobs = [
        Assignment(profile=me, post=kabul, title=f"Job {n}", started=dt.date(1700 + n, 1, 1))
        for n in range(MOST_LINES + 1)
    ]
    Assignment.objects.bulk_create(jobs)
    address = "/people/noelle/edit/posts/"
    sent = opened(client, address)
    assert f"There is room for {MOST_LINES} lines." in client.get(address).content.decode()
    assert client.post(address, sent | {"posts-0-title": "Consul"}).status_code == 302
    assert me.assignments.filter(title="Consul").exists()
    assert me.assignments.count() == MOST_LINES + 1


def test_what_a_removed_line_had_is_free_in_the_same_save(client, me):
    skilled(me, "bees")
    speaks(me, "pus", "2", "2")
    line = {"language": "Pashto", "speaking": "6", "reading": "6"}
    for section, new in {"languages": line, "skills": {"skill": "Bees", "level": "3"}}.items():
        address = f"/people/noelle/edit/{section}/"
        sent = opened(client, address) | {f"{section}-0-DELETE": "on"}
        sent |= {f"{section}-1-{name}": text for name, text in new.items()}
        assert client.post(address, sent).status_code == 302
    assert me.language_skills.get().levels == "3/3"
    assert me.skills.get().level == 3


def test_a_line_takes_what_another_one_had_that_goes(client, me):
    speaks(me, "pus", "4", "4")
    speaks(me, "deu", "2", "2")
    address = "/people/noelle/edit/languages/"
    sent = opened(client, address) | {"languages-0-language": "German", "languages-1-DELETE": "on"}
    assert client.post(address, sent).status_code == 302
    assert (me.language_skills.get().language_id, me.language_skills.get().levels) == ("deu", "4/4")


def test_queries_do_not_grow_with_lines(client, me, kabul, django_assert_max_num_queries):
    client.get("/people/noelle/edit/posts/")
    with django_assert_max_num_queries(9):
        client.get("/people/noelle/edit/posts/")
    for year in range(1990, 2010):
        served(me, kabul, year, year + 1)
    with django_assert_max_num_queries(9):
        client.get("/people/noelle/edit/posts/")


@pytest.mark.django_db(transaction=True)
def test_the_same_new_line_sent_at_once_is_one_line(me, client_for):
    row = {"language": "German", "speaking": "6", "reading": "5", "audience": "all"}
    clients = [client_for(me.user) for _ in range(4)]
    answers = together(
        lambda c=client: c.post("/people/noelle/edit/languages/", lines("languages", row))
        for client in clients
    )
    assert sorted(answer.status_code for answer in answers) == [302, 422, 422, 422]
    told = "This language is on the profile already. Change its level instead."
    assert [told in answer.content.decode() for answer in answers].count(True) == 3
    assert LanguageSkill.objects.get(profile=me).language_id == "deu"


def test_two_people_who_name_a_new_skill_at_once_share_it(client, me, monkeypatch):
    SkillTag.objects.create(name="water law", slug="of-another")
    monkeypatch.setattr(type(SkillTag.objects.all()), "first", lambda _: None)  # a moment before
    row = {"skill": "water law", "level": 2, "audience": "all"}
    assert client.post("/people/noelle/edit/skills/", lines("skills", row)).status_code == 302
    assert me.skills.get().tag.slug == "of-another"
