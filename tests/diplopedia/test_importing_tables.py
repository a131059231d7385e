"""Facts about colleagues from tables, such as an administrator gets from the ministry's personnel system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import (
    Assignment,
    Education,
    Expertise,
    LanguageSkill,
    Post,
    Profile,
    ProfileSkill,
    Region,
    SkillTag,
    User,
)
from people.tables import as_written, plain
from tests.factories import OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db
Import = Callable[..., str]
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


@pytest.fixture
def take(tmp_path: Path) -> Import:
    """Write tables and import them; returns what the command says."""

    def run(*texts: str, encoding: str = "utf-8", **options: Any) -> str:
        paths = [tmp_path / f"table{number}.csv" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text.encode(encoding))
        said = StringIO()
        call_command("import_content", *paths, stdout=said, **options)
        return said.getvalue()

    return run


@pytest.fixture
def ana() -> Profile:
    return colleague("ana")


def colleague(name: str, number: str | None = None) -> Profile:
    """Return somebody whose address is confirmed."""
    return UserFactory.create(username=name, first_name=name.title(), directory_id=number).profile


def nairobi() -> Post:
    kenya = Region.objects.get(code="ken")
    return Post.objects.create(city="Nairobi", slug="nairobi", country=kenya, kind="embassy")


# --- what a row becomes --------------------------------------------------------------------------------------------


def test_each_sort_of_fact_has_its_table(take, ana):
    post, office = nairobi(), OfficeFactory.create(acronym="LEG")
    said = take(
        "email,skill,level,ask,mentor,learn,audience\nana@ministry.example,Water law,Expert,yes,no,,office\n",
        "Email;Region;Depth;Years;Note\nANA@ministry.example;Kenya;3;4;Borders\n",
        "email,language,speaking,reading,tested\nana@ministry.example,Pashto,3+,3,2024-05-31\n",
        "email,institution,subject,until\nana@ministry.example,University of Coimbra,Law,2009\n",
        "email,post,office,country,title,from,until\n"
        "ana@ministry.example,Nairobi,,,Consul,2016-08-01,2019-07\n"
        "ana@ministry.example,,LEG,,Adviser,2019-09,\n"
        "ana@ministry.example,,,Peru,Observer,2011,2012\n",
        "email,questions,tdy,tdy_from,note\nana@ministry.example,yes,yes,2027-07-01,Not in August\n",
    )
    skill = ProfileSkill.objects.get(profile=ana)
    assert (skill.tag.name, skill.level, skill.ask, skill.mentor, skill.learn, skill.audience) == (
        "Water law", 3, True, False, False, "office",
    )  # fmt: skip
    known = Expertise.objects.get(profile=ana)
    assert (known.region.code, known.depth, known.years, known.note, known.audience) == (
        "ken", 3, 4, "Borders", "all",
    )  # fmt: skip
    pashto = LanguageSkill.objects.get(profile=ana)
    assert (pashto.levels, pashto.source, pashto.tested_on) == ("3+/3", "tested", dt.date(2024, 5, 31))
    assert str(Education.objects.get(profile=ana)) == "Law, University of Coimbra, 2009"
    jobs = {job.title: job for job in Assignment.objects.filter(profile=ana)}
    assert (jobs["Consul"].post, jobs["Consul"].started, jobs["Consul"].ended) == (
        post, dt.date(2016, 8, 1), dt.date(2019, 7, 1),
    )  # fmt: skip
    assert (jobs["Adviser"].office, jobs["Observer"].country.code) == (office, "per")
    ana.refresh_from_db()
    assert ana.ready_for == ["questions", "tdy"]
    assert (ana.tdy_from, ana.available_note) == (dt.date(2027, 7, 1), "Not in August")
    assert "assignment 3 created, 0 updated, 0 unchanged, 0 skipped" in said


def test_a_dry_run_says_what_would_be_and_changes_nothing(take, ana, tmp_path):
    report = tmp_path / "report.txt"
    text = "email,skill,level\nana@ministry.example,Water law,3\nana@ministry.example,Basketry,9\n"
    said = take(text, dry_run=True, report=report)
    assert "skill    1 created, 0 updated, 0 unchanged, 1 skipped" in said
    assert "table0.csv:2: skill created" in report.read_text()
    assert not ProfileSkill.objects.exists()
    assert not SkillTag.objects.exists()


def test_a_second_run_changes_nothing_and_a_changed_row_what_it_wrote(take, ana):
    text = "email,skill,level,ask\nana@ministry.example,Water law,2,yes\n"
    take(text)
    assert "skill    0 created, 0 updated, 1 unchanged, 0 skipped" in take(text)
    assert "skill    0 created, 1 updated, 0 unchanged, 0 skipped" in take(text.replace(",2,", ",3,"))
    assert ProfileSkill.objects.get(profile=ana).level == 3


def test_a_job_that_ends_is_the_same_job(take, ana):
    nairobi()
    take("email,post,title,from,until\nana@ministry.example,Nairobi,Consul,2016-08-01,\n")
    take("email,post,title,from,until\nana@ministry.example,Nairobi,Consul,2016-08-01,2019-07-31\n")
    assert Assignment.objects.get(profile=ana).ended == dt.date(2019, 7, 31)


def test_who_came_back_years_later_had_another_job(take, ana):
    nairobi()
    row = "ana@ministry.example,Nairobi,Consul"
    take(f"email,post,title,from,until\n{row},2016,2019\n{row},2024,\n")
    assert [job.started.year for job in Assignment.objects.filter(profile=ana)] == [2024, 2016]


def test_whoever_has_a_number_in_the_directory_is_known_by_it(take):
    bo = colleague("bo", number="00417")
    take("id,skill\n00417,Water law\n")
    assert ProfileSkill.objects.get(profile=bo).tag.name == "Water law"


# --- what people said themselves -----------------------------------------------------------------------------------


def test_what_somebody_wrote_themselves_stays_and_is_named(take, ana):
    tag = SkillTag.objects.create(name="Water law")
    ProfileSkill.objects.create(profile=ana, tag=tag, level=1, audience="me")
    text = "email,skill,level,audience\nana@ministry.example,water LAW,3,all\n"
    said = take(text)
    skill = ProfileSkill.objects.get(profile=ana)
    assert (skill.level, skill.audience) == (1, "me")
    assert "level: what stands on the profile was not written by this import, and stays." in said
    assert "audience: who sees it stays as it is on the profile." in said
    assert "0 created, 0 updated, 1 unchanged, 0 skipped" in take(text)


def test_what_somebody_left_empty_is_filled(take, ana):
    post = nairobi()
    job = Assignment.objects.create(profile=ana, post=post, started=dt.date(2016, 9, 1), audience="office")
    take("email,post,title,from,until\nana@ministry.example,Nairobi,Consul,2016-09-01,2019-07-01\n")
    job.refresh_from_db()
    assert (job.title, job.ended, job.audience) == ("Consul", dt.date(2019, 7, 1), "office")
    assert Assignment.objects.count() == 1


def test_a_test_of_the_level_that_somebody_gave_themselves_makes_it_tested(take, ana):
    take("email,language,speaking,reading\nana@ministry.example,pus,3,3\n")
    LanguageSkill.objects.filter(profile=ana).update(speaking=7)  # she says herself that it is better
    take("email,language,speaking,reading,tested\nana@ministry.example,pus,3,3,2024\n")
    assert LanguageSkill.objects.get(profile=ana).source == "self"
    take("email,language,speaking,reading,tested\nana@ministry.example,pus,3+,3,2025\n")
    assert LanguageSkill.objects.get(profile=ana).source == "tested"


def test_what_somebody_changed_or_took_off_since_stays_so(take, ana):
    text = "email,skill,level\nana@ministry.example,Water law,2\nana@ministry.example,Basketry,2\n"
    take(text)
    ProfileSkill.objects.filter(tag__name="Water law").update(level=1)
    ProfileSkill.objects.filter(tag__name="Basketry").delete()
    said = take(text.replace(",2", ",3"))
    assert [(skill.tag.name, skill.level) for skill in ProfileSkill.objects.all()] == [("Water law", 1)]
    assert "table0.csv:3: it was taken off the profile since it was imported: it stays off." in said
    assert "0 created, 0 updated, 2 unchanged, 0 skipped" in said


def test_whoever_hid_an_imported_fact_keeps_it_hidden(take, ana, client_for, outsider):
    take("email,skill,level\nana@ministry.example,Water law,2\n")
    ProfileSkill.objects.update(audience="me")
    take("email,skill,level,audience\nana@ministry.example,Water law,3,all\n")
    skill = ProfileSkill.objects.get()
    assert (skill.level, skill.audience) == (3, "me")
    page = client_for(outsider).get(reverse("people:profile", args=["ana"]))
    assert "Water law" not in page.content.decode()


def test_readiness_is_brought_only_to_whoever_said_nothing(take, ana):
    Profile.objects.filter(pk=ana.pk).update(available_mentoring=True)
    said = take("email,questions,mentoring\nana@ministry.example,yes,no\n")
    ana.refresh_from_db()
    assert ana.ready_for == ["mentoring"]
    assert (
        "questions, mentoring: what stands on the profile was not written by this import, and stays." in said
    )


def test_an_address_that_nobody_confirmed_is_nobodys(take):
    stranger = UserFactory.create(email="ana@ministry.example")
    EmailAddress.objects.filter(user=stranger).update(verified=False)
    said = take("email,skill,audience\nana@ministry.example,Water law,me\n")
    assert "no colleague here has “ana@ministry.example”, or nobody has confirmed it" in said
    assert not ProfileSkill.objects.exists()


def test_facts_go_to_the_profile_that_was_kept(take, ana):
    bo = colleague("bo")
    Profile.objects.filter(pk=ana.pk).update(merged_into=bo)
    take("email,skill\nana@ministry.example,Water law\n")
    assert ProfileSkill.objects.get().profile == bo


# --- what is wrong -------------------------------------------------------------------------------------------------


def test_a_row_that_is_wrong_is_named_with_its_cure_and_the_others_go_on(take, ana):
    nairobi()
    said = take(
        "email,skill,level,ask,audience\n"
        "nobody@ministry.example,Water law,2,,\n"
        "ana@ministry.example,Borders,great,,\n"
        "ana@ministry.example,Treaties,2,maybe,\n"
        "ana@ministry.example,Protocol,2,,friends\n"
        ",Protocol,2,,\n"
        "ana@ministry.example,Protocol\n"
        "ana@ministry.example,Water law,2,,\n"
        "ana@ministry.example,water law,3,,\n",
        "email,post,office,from,until\n"
        "ana@ministry.example,Nairoby,,2016,\n"
        "ana@ministry.example,,NIL,2016,\n"
        "ana@ministry.example,Nairobi,,31/08/2016,\n"
        "ana@ministry.example,Nairobi,,2016,2014\n"
        "ana@ministry.example,,,2016,\n",
        "email,region,depth\nana@ministry.example,Atlantis,2\n",
        "email,language,speaking,reading\nana@ministry.example,Klingonese,3,3\nana@ministry.example,pus,6,3\n",
    )
    for wrong in (
        "table0.csv:2: skill skipped. email: no colleague here has “nobody@ministry.example”",
        "table0.csv:3: skill skipped. level: “great” is none of 1 (Some experience), 2 (Experienced), 3 (Expert).",
        "table0.csv:4: skill skipped. ask: “maybe” is neither yes nor no: write one of the two.",
        "table0.csv:5: skill skipped. audience: “friends” is none of all, office, me.",
        "table0.csv:6: skill skipped. “email” is empty: nobody could tell whose row this is.",
        "table0.csv:7: skill skipped. It has 2 values for 5 columns: is a quotation mark missing?",
        "table0.csv:9: skill skipped. Line 8 is about the same: keep one of them.",
        "table1.csv:2: assignment skipped. post: there is no post “Nairoby” here: write the city",
        "table1.csv:3: assignment skipped. office: there is no office “NIL” here: write the acronym",
        "table1.csv:4: assignment skipped. “from” must be a date such as 2026-03-28, 2026-03 or 2026, not “31/08/2016”",
        "table1.csv:5: assignment skipped. until: This is before the first day.",
        "table1.csv:6: assignment skipped. post: say where: a post, an office or a country.",
        "table2.csv:2: expertise skipped. region: there is no region “Atlantis” here",
        "table3.csv:2: spoken skipped. language: there is no language “Klingonese” here",
        "table3.csv:3: spoken skipped. speaking: “6” is not an ILR level",
    ):
        assert wrong in said
    assert [skill.tag.name for skill in ProfileSkill.objects.all()] == ["Water law"]


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("name,email\nAna,ana@ministry.example\n", "People themselves come with `manage.py sync_people`."),
        ("email,skill,colour\nana@ministry.example,a,b\n", "Column “colour” is not known beside “skill”"),
        ("email,skill,skill\nana@ministry.example,a,b\n", "Column “skill” comes twice."),
        ("skill\nWater law\n", "There is neither a column “email” nor “id”"),
        ("", "nothing says what the rows are about"),
    ],
)
def test_a_file_that_is_no_such_table_says_what_would_be(take, ana, text, cure):
    assert cure in take(text)
    with pytest.raises(CommandError):
        take(text, strict=True)


# --- files as spreadsheets write them --------------------------------------------------------------------------------


def test_a_table_as_excel_writes_it_is_read(take, ana):
    text = 'Email;Skill;Level\r\nana@ministry.example;"Water\r\nlaw; rivers";2\r\n;;\r\nana@ministry.example;Élan;x\r\n'
    said = take(text, encoding="utf-8-sig")
    assert ProfileSkill.objects.get().tag.name == "Water law; rivers"
    assert "table0.csv:5: skill skipped. level" in said


def test_another_encoding_is_refused_whole(take, ana):
    text = "email;skill\nana@ministry.example;Water law\nana@ministry.example;Négociation\n"
    said = take(text, encoding="cp1252")
    assert "table0.csv:3: file skipped. The file is not in UTF-8: nothing of it was read. Save it as" in said
    assert not ProfileSkill.objects.exists()


@pytest.mark.parametrize("text", ["=1+1", "+93 79", "a, -b", "@risk", "it's = it", "| =x", "plain 'quoted'"])
def test_what_our_own_tables_escaped_comes_back_as_it_was_written(text):
    assert as_written(str(plain(text))) == text


def test_a_skill_like_a_formula_comes_back(take, ana):
    take("email,skill\nana@ministry.example,'=Maths\n")
    assert ProfileSkill.objects.get().tag.name == "=Maths"


# --- how it grows ----------------------------------------------------------------------------------------------------


def test_each_further_row_costs_a_few_queries(take, ana):
    def rows(first: int, last: int) -> str:
        return "email,skill\n" + "".join(f"ana@ministry.example,Skill {n}\n" for n in range(first, last))

    take(rows(0, 2))
    few = queries_of(lambda: take(rows(2, 4)))
    many = queries_of(lambda: take(rows(4, 16)))
    assert (many - few) / 10 <= 14


def queries_of(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_the_examples_of_the_documentation_are_read(ana):
    nairobi()
    said = StringIO()
    User.objects.filter(pk=ana.user_id).update(directory_id="10417")
    call_command("import_content", *sorted(EXAMPLES.glob("*.csv")), stdout=said, strict=True)
    assert ProfileSkill.objects.filter(profile=ana).exists()
