"""Taking colleagues along: what a file holds and never holds, what it costs, and what goes on record."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError, QuerySet
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from people import tables
from people.models import Assignment, Disclosure, Expertise, LanguageSkill, Profile, ProfileSkill, User
from tests.people.conftest import knows, person, served, skilled, speaks
from tests.visitor import soup

pytestmark = pytest.mark.django_db
FILES = ("people.csv", "people.vcf", "print/")


@pytest.fixture(autouse=True)
def no_hour_over(monkeypatch):
    """Stay in one hour: what is read is counted in each by itself."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def take(reader, client_for):
    """Take an answer along as the reader, or somebody else: its text."""

    def posted(file: str, question: str = "", user: User | None = None, status: int = 200) -> str:
        response = client_for(user or reader).post(f"/people/search/{file}?{question}")
        assert response.status_code == status, response.content
        return content(response)

    return posted


def content(response: Any) -> str:
    sent = response.streaming_content if response.streaming else [response.content]
    return b"".join(sent).decode()


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


@pytest.fixture
def farida(kabul, legal):
    profile = person("Farida Łukasik", title="Consul", post=kabul, office=legal, phone="+93 79 123")
    speaks(profile, "pus", "3+", "3", tested_on=dt.date(2024, 5, 2), source="tested")
    speaks(profile, "prs", "2", "2")
    knows(profile, "afg")
    skilled(profile, "water law", 3)
    served(profile, kabul, 2022, title="Consul")
    return profile


def test_a_table_says_what_was_asked_in_columns_that_sort(farida, take):
    speaks(person("Bo Lund"), "pus", "4", "4")
    rows = table(take("people.csv", "lang=Pashto"))
    assert [row["Name"] for row in rows] == ["Bo Lund", "Farida Łukasik"]
    row = rows[1]
    assert row["Name in lists"] == "Łukasik, Farida"
    assert (row["Post"], row["Office"], row["Job title"]) == ("Embassy Kabul", "Legal Directorate", "Consul")
    assert [one["Pashto, speaks (ILR code)"] for one in rows] == ["40", "36"]
    assert (row["Pashto, reads (ILR code)"], row["Pashto, tested on"]) == ("30", "2024-05-02")
    assert row["Languages"] == "Pashto 3+/3, tested 2024; Dari 2/2"
    assert row["Posts"] == "Consul, Kabul, 2022–now"
    assert row["Skills"] == "water law (Expert)"
    assert row["Address"] == f"http://testserver{farida.get_absolute_url()}"


def test_a_table_has_no_column_for_a_language_nobody_has(farida, take):
    header = take("people.csv", "office=legal").splitlines()[0]
    assert header.index("Dari, speaks") < header.index("Pashto, speaks")
    assert "French" not in header


def test_contacts_and_paper_say_the_same(farida, take):
    cards = take("people.vcf", "lang=Pashto")
    assert cards.count("BEGIN:VCARD") == 1
    assert "FN:Farida Łukasik\r\n" in cards
    page = take("print/", "lang=Pashto")
    assert "Farida Łukasik" in page
    assert '<span class="ilr">3+/3</span>' in page
    assert "Dari 2/2" in page
    assert "+93 79 123" in page


# --- who is in it, and what is not -------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["office", "me"])
def test_a_hidden_fact_leaves_the_same_bytes_as_none(farida, audience, take):
    """Whatever door and question; `me` is tried by the person themselves, who could else pass it on unawares."""
    reader = farida.user if audience == "me" else person("Ola Other").user
    facts = (LanguageSkill, Expertise, ProfileSkill, Assignment)
    for model in facts:
        model.objects.filter(profile=farida).update(audience=audience)
    type(farida).objects.update(phone_audience=audience)
    questions = ("", "lang=Pashto", "lang=Pashto&join=or&lang=French", "served=kabul", "skill=water-law")
    doors = [f"search/{file}?{asked}" for file in FILES for asked in questions]
    doors += ["languages/languages.csv?speaks=5&reads=5", "languages/languages.csv?speaks=1&reads=1"]
    hidden = [everything(door, reader) for door in doors]
    for model in facts:
        model.objects.filter(profile=farida).delete()
    type(farida).objects.update(phone="")
    assert hidden == [everything(door, reader) for door in doors]
    assert "Farida" in hidden[0]
    assert "Farida" not in hidden[1]


def everything(door: str, user: User) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    lines = content(client.post(f"/people/{door}")).splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line and "nonce=" not in line)


def test_ones_own_office_takes_along_what_it_may_read(farida, legal, take):
    LanguageSkill.objects.filter(profile=farida).update(audience="office")
    same = person("Sam Same", office=legal).user
    assert [row["Name"] for row in table(take("people.csv", "lang=Pashto", user=same))] == ["Farida Łukasik"]
    assert table(take("people.csv", "lang=Pashto")) == []


def test_only_colleagues_of_today_are_taken_along(farida, take, reader):
    left, closed = person("Lea Left", left_at=dt.date(2024, 1, 1)), person("Cleo Closed")
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    past = person("Horace Historical", historical=True)
    for one in (left, closed, past):
        speaks(one, "pus", "5", "5")
    for file in FILES:
        text = take(file, "lang=Pashto")
        assert "Farida" in text
        assert not [name for name in ("Lea", "Cleo", "Horace") if name in text]
        take(file, "who=records", status=404)
    assert not Disclosure.objects.filter(what__contains="records").exists()


def test_a_link_gives_nothing_but_leads_to_what_it_means(farida, client_for, reader):
    """So that no page, letter or picture can make somebody take people along, or use up their day."""
    client = client_for(reader)
    for file in FILES:
        response = client.get(f"/people/search/{file}?lang=Pashto")
        assert (response.status_code, response.url) == (302, "/people/search/?lang=Pashto")
    page = client.get("/people/search/?lang=Pashto").content.decode()
    assert "1 colleague speaks Pashto" in page
    assert "2,000 more people along today" in page
    assert not Disclosure.objects.exists()


def test_a_form_of_another_site_takes_nothing_along(farida, reader):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assert client.post("/people/search/people.csv").status_code == 403
    assert not Disclosure.objects.exists()


def test_the_directory_leads_to_it(farida, browse):
    assert '/people/search/?lang=Pashto&amp;speaks=3"' in browse("/people/?lang=Pashto&speaks=3")
    assert "/people/search/" not in browse("/people/?who=records")


# --- formulas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+93 79 1", "-1", "@SUM(A1)", " =1", "\t=1", "\r\n=1", "\u3000=1", "\u200b=1", "\u202e=1",
        "＝1", "＋1", "－1", "＠x", "\"=1", "Kabul;=1", "Kabul, =1", "a|=1", 'a;"=1',
    ],
)  # fmt: skip
def test_no_cell_begins_a_formula(text):
    written = str(tables.plain(text))
    where = min(written.index(sign) for sign in "=+-@＝＋－＠" if sign in written)
    assert written[where - 1] == "'"
    assert "\n" not in written


def test_other_cells_stay_as_they_are():
    for text in ("Łukasik, Ana-María", "3+/3", "a@b.example", "2019–2022", "O'Brien; 1-2", ""):
        assert tables.plain(text) == text
    assert tables.plain(-1) == -1
    assert tables.plain(None) == ""
    assert tables.plain("a\n=1") == "a =1"


@given(st.text(max_size=20))
def test_whatever_is_written_comes_back_in_one_cell(text):
    *_mark, line = tables.lines([[text, 1]], ";")
    (row,) = csv.reader(io.StringIO(line, newline=""), delimiter=";")
    assert row == [tables.plain(text), "1"]


def test_what_colleagues_write_computes_nothing(farida, take):
    farida.preferred_name, farida.title, farida.phone = "=cmd|' /C calc'!A0", "Consul;=1+1", "+93 79"
    farida.save()
    skilled(farida, "@skill", 1)
    row = table(take("people.csv", "skill=@skill"))[0]
    assert row["Name"] == "'=cmd|' /C calc'!A0"
    assert row["Job title"] == "Consul;'=1+1"
    assert row["Telephone"] == "'+93 79"
    assert row["'@skill"] == "Some experience"


def test_in_french_a_semicolon_and_french_names_of_columns(farida, take, reader):
    User.objects.filter(pk=reader.pk).update(language="fr")
    header, row, *_ = take("people.csv", "lang=Pashto").splitlines()
    assert header.startswith("\ufeffNom;Nom dans les listes;Fonction;Poste;")
    assert "Pachto, parle (code ILR)" in header
    assert len(next(csv.reader([row], delimiter=";"))) == len(header.split(";"))


# --- what it costs -----------------------------------------------------------------------------------------------


def test_queries_grow_by_the_batch(farida, client_for, reader, monkeypatch, django_assert_max_num_queries):
    client = client_for(reader)
    client.get("/people/")
    for number in range(3):
        speaks(person(f"Extra Number{number}"), "pus", "3")
    with django_assert_max_num_queries(30) as few:
        content(client.post("/people/search/people.csv?lang=Pashto"))
    for number in range(8):
        speaks(person(f"Extra More{number}"), "pus", "3")
    with django_assert_max_num_queries(len(few)):
        content(client.post("/people/search/people.csv?lang=Pashto"))
    monkeypatch.setattr("people.takeout.BATCH", 6)
    with django_assert_max_num_queries(len(few) + 4):
        content(client.post("/people/search/people.csv?lang=Pashto"))


# --- on record ---------------------------------------------------------------------------------------------------


def test_each_time_is_on_record(farida, client_for, reader):
    answer = client_for(reader).post(
        "/people/search/people.csv?q=Pashto+speakers", headers={"X-Request-ID": "proxy-0042-abcd"}
    )
    row = Disclosure.objects.get()
    assert (row.user, row.kind, row.number) == (reader, "csv", 1)
    assert row.what == "/people/?lang=pus&reads=0&speaks=0%2B"
    assert row.request == "proxy-0042-abcd" == answer["X-Request-ID"]
    assert abs(timezone.now() - row.at) < dt.timedelta(minutes=5)


def test_nothing_beside_the_question_pushes_it_out_of_the_record(farida, client_for, reader):
    client, padding = client_for(reader), "a" * 1200
    client.post(f"/people/search/people.csv?zz={padding}&lang=Pashto&lang={padding}")
    client.post(f"/people/languages/languages.csv?zz={padding}&speaks=2&recent=1")
    asked = list(Disclosure.objects.order_by("pk").values_list("what", flat=True))
    assert asked == [
        "/people/?lang=pus&reads=0&speaks=0",
        "/people/languages/?speaks=2&reads=3&where=&recent=1",
    ]


def test_what_is_on_record_stays(farida, take):
    take("people.csv")
    row = Disclosure.objects.get()
    row.number = 0
    refused = (
        row.save,
        row.delete,
        Disclosure.objects.all().delete,
        lambda: Disclosure.objects.update(number=0),
    )
    for change in refused:
        with pytest.raises(TypeError):
            change()
    with pytest.raises(ProtectedError):
        row.user.delete()


def test_old_rows_are_forgotten_and_young_ones_never(reader):
    for days in (1, 1000, 1100):
        at = timezone.now() - dt.timedelta(days=days)
        Disclosure.objects.create(user=reader, kind="csv", number=1, at=at)
    call_command("forget_disclosures")
    assert Disclosure.objects.count() == 2
    with pytest.raises(CommandError, match="90 days"):
        call_command("forget_disclosures", days=3)
    assert Disclosure.objects.count() == 2


def test_a_day_has_a_limit(farida, take, settings, reader):
    settings.PEOPLE_TAKEN_PER_DAY = 3
    speaks(person("Bo Lund"), "pus", "3")
    take("people.csv", "lang=Pashto")
    refused = take("people.vcf", "lang=Pashto", status=429)
    assert "These are 2 colleagues." in refused
    assert "you have 1 left" in refused
    assert "name a language" in refused
    assert "Show to print" not in content(signed_in(reader).get("/people/search/?lang=Pashto"))
    take("print/", "lang=Dari")
    assert [row.number for row in Disclosure.objects.all()] == [1, 2]
    QuerySet.update(Disclosure.objects.all(), at=timezone.now() - dt.timedelta(days=2))
    take("people.vcf", "lang=Pashto")


def test_the_rare_languages_count_whom_they_name(farida, reader, client_for):
    rows = table(content(client_for(reader).post("/people/languages/languages.csv")))
    assert [(row["Language"], row["Colleague"], row["At the level"]) for row in rows] == [
        ("Dari", "Farida Łukasik", "no"),
        ("Pashto", "Farida Łukasik", "yes"),
    ]
    assert (rows[1]["Speaks (ILR code)"], rows[1]["Place"]) == ("36", "Embassy Kabul")
    assert [(row.kind, row.number) for row in Disclosure.objects.all()] == [("languages", 1)]
    assert (
        client_for(reader).get("/people/languages/languages.csv?speaks=4").url
        == "/people/languages/?speaks=4"
    )


def test_offices_as_a_table(farida, legal, reader, client_for):
    row = table(content(client_for(reader).get("/people/offices/offices.csv")))[0]
    assert (row["Office"], row["Acronym"], row["Colleagues"]) == ("Legal Directorate", "LEG", "1")
    assert not Disclosure.objects.exists()


# --- reading very many -------------------------------------------------------------------------------------------


def test_reading_one_by_one_has_a_limit_too(farida, client_for, reader, settings):
    settings.PEOPLE_READ_PER_HOUR = 3
    cache.clear()
    client, address = client_for(reader), farida.get_absolute_url()
    opened = [client.get(f"{address}{part}").status_code for part in ("", "vcard/", "", "", "vcard/")]
    assert opened == [200, 200, 200, 429, 429]
    refused = client.get(address)
    assert "Go on in" in refused.content.decode()
    assert 0 < int(refused["Retry-After"]) <= 3600
    row = Disclosure.objects.get()
    assert (row.kind, row.number, row.what) == ("read", 3, "")
    assert client.post("/people/search/people.csv").status_code == 200, "it uses up nothing of the day"
    assert client_for(farida.user).get(address).status_code == 200


def test_ones_own_profile_does_not_count(farida, client_for, settings):
    settings.PEOPLE_READ_PER_HOUR = 1
    cache.clear()
    client, own, other = (
        client_for(farida.user),
        farida.get_absolute_url(),
        person("Bo Lund").get_absolute_url(),
    )
    opened = [client.get(address).status_code for address in (own, f"{own}vcard/", other, other, own)]
    assert opened == [200, 200, 200, 429, 200]


def test_the_results_of_a_search_count_as_the_directory_does(index, client_for, reader, settings):
    settings.PEOPLE_READ_PER_HOUR = 5
    cache.clear()
    for number in range(22):
        person(f"Extra Number{number:02}")
    index()
    client = client_for(reader)
    pages = [client.get("/search/?q=extra&kind=person&page=2").status_code for _ in range(3)]
    assert pages == [200, 200, 429]  # two people each
    assert [client.get("/search/?q=extra&kind=person").status_code for _ in range(2)] == [200, 429]
    assert sorted(Disclosure.objects.values_list("number", flat=True)) == [5, 25]
    refused = client.get("/search/?q=extra&kind=person", headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Redirect"]) == (429, "/search/?q=extra&kind=person")
    assert client.get("/search/?q=nonsense").status_code == 200


def test_turning_pages_counts_whom_they_show(client_for, reader, settings):
    settings.PEOPLE_READ_PER_HOUR = 25
    cache.clear()
    for number in range(27):
        person(f"Extra Number{number:02}")
    client = client_for(reader)
    assert [client.get("/people/").status_code for _ in range(5)] == [200] * 5
    pages = [client.get("/people/?page=2").status_code for _ in range(9)]
    assert pages == [200] * 8 + [429]  # three people each


@pytest.mark.parametrize("door", ["/people/?name=Extra+{}", "/people/offices/legal/", "/people/posts/kabul/"])
def test_lists_that_everybody_opens_have_a_larger_limit(client_for, reader, settings, legal, kabul, door):
    settings.PEOPLE_READ_PER_HOUR = 1
    cache.clear()
    for name in ("Ann", "Bob"):
        person(f"Extra {name}", office=legal, post=kabul)
    client = client_for(reader)
    size = 1 if "{}" in door else 2
    opened = [client.get(door.format(name)).status_code for name in ("Ann", "Bob") * 3]
    assert opened == [200] * (5 // size) + [429] * (6 - 5 // size)
    assert Disclosure.objects.get().number == 5
    assert client.get(f"/people/{reader.username}/").status_code == 200, "reading is counted by itself"


def test_reading_goes_on_without_the_cache(farida, client_for, reader, settings):
    settings.PEOPLE_READ_PER_HOUR = 1
    settings.CACHES = {
        "default": {
            "BACKEND": "diplopedia.shared_cache.SharedCache",
            "LOCATION": "redis://127.0.0.1:9",
        }
    }
    client = client_for(reader)
    assert [client.get(farida.get_absolute_url()).status_code for _ in range(3)] == [200] * 3
    assert not Disclosure.objects.exists()


# --- administrators ----------------------------------------------------------------------------------------------


def test_administrators_see_who_took_what(farida, take, reader, administrator, client_for):
    Profile.objects.filter(user=reader).update(preferred_name="=Reader")
    take("people.csv", "q=Pashto+speakers")
    other = person("Other Taker").user
    take("people.vcf", "", user=other)
    client = client_for(administrator)
    page = client.get(f"/admin/disclosures/?user={reader.pk}").content.decode()
    assert "/people/?lang=pus&amp;reads=0&amp;speaks=0+" in page
    assert "Other Taker" not in page.partition("<table")[2]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "lang=pus" not in client.get(f"/admin/disclosures/?at_from={tomorrow}").content.decode()
    rows = table(content(client.get(f"/admin/disclosures/?export=csv&user={reader.pk}")))
    assert [(row["Who"], row["How"], row["People"]) for row in rows] == [("'=Reader", "CSV", "1")]


def test_administrators_see_who_took_most_lately(reader, administrator, client_for):
    now, other = timezone.now(), person("Other Taker").user
    for user, kind, number, days in (
        (reader, "csv", 30, 1),
        (reader, "print", 12, 29),
        (reader, "read", 500, 2),
        (reader, "csv", 400, 31),
        (other, "csv", 40, 0),
    ):
        at = now - dt.timedelta(days=days)
        Disclosure.objects.create(user=user, kind=kind, number=number, at=at)
    client = client_for(administrator)

    def sums(ordering: str) -> list[str]:
        page = soup(client.get("/admin/disclosures/", {"ordering": ordering}))
        return [row.select("td")[4].get_text(strip=True) for row in page.select("main table tbody tr")]

    assert sums("-of_late") == ["42", "42", "42", "42", "40"]
    assert sums("") == ["40", "42", "42", "42", "42"]


def test_nobody_else_does(farida, client_for):
    staff = person("Stan Staff").user
    staff.is_staff = True
    staff.user_permissions.add(Permission.objects.get(codename="access_admin"))
    staff.save()
    client = client_for(User.objects.get(pk=staff.pk))
    for query in ("", "?export=csv", "results/"):
        response = client.get(f"/admin/disclosures/{query}")
        assert response.status_code in {302, 403}, query
    assert "/admin/disclosures/" not in client.get("/admin/").content.decode()


# --- a contact ---------------------------------------------------------------------------------------------------


def test_a_contact_has_languages_that_their_reader_may_pass_on(farida, client_for, reader):
    skill = farida.language_skills.get(language="prs")
    skill.audience = "me"
    skill.save()
    mine = card(client_for(farida.user), farida)
    assert mine == card(client_for(reader), farida)
    assert "LANG;PREF=1:ps\r\n" in mine
    assert "NOTE:Languages (ILR\\, speaks/reads): Pashto 3+/3\r\n" in mine
    assert "PHOTO" not in mine


def test_a_contact_is_known_again_when_it_is_saved_again(farida, client_for, reader):
    first = card(client_for(reader), farida)
    farida.title = "Minister"
    farida.save()
    again = card(client_for(reader), farida)
    assert first != again
    assert unfolded(first)[2] == unfolded(again)[2]
    assert unfolded(first)[2].startswith("UID:urn:uuid:")


def test_nothing_in_a_contact_begins_a_line_of_its_own(farida, client_for, reader):
    farida.title = "a\r\nEMAIL:x\rTEL:1\x0bTEL:2\x85TEL:3\u2028TEL:4" + "é" * 80
    farida.save()
    text = card(client_for(reader), farida)
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "\n" not in text.replace("\r\n", "")
    names = [line.partition(":")[0].partition(";")[0] for line in "\n".join(unfolded(text)).splitlines()]
    assert names == [
        "BEGIN", "VERSION", "UID", "FN", "N", "TITLE", "ORG", "EMAIL", "TEL", "LANG", "NOTE", "URL", "END",
    ]  # fmt: skip


def card(client: Client, profile: Profile) -> str:
    return client.get(f"{profile.get_absolute_url()}vcard/").content.decode()


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
