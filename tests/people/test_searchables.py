import datetime as dt
import json

import pytest

from people import trades
from people.models import Profile
from people.searchables import PeopleSource, dictionary_names
from search import upkeep
from search.models import Outbox
from tests.factories import OfficeFactory
from tests.people.conftest import knows, person, served, skilled, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def farida(kabul, legal):
    office = OfficeFactory.create(name="Treaties", slug="treaties", parent=legal)
    profile = person(
        "Farida Łukasik",
        title="Vice Consul",
        post=kabul,
        office=office,
        other_names=["Farida Lukasik-Noor"],
        about="Knows *water*.",
        available_questions=True,
    )
    speaks(profile, "cmn", "4", "3", tested_on=dt.date(2024, 1, 1))
    knows(profile, "eth")
    skilled(profile, "treaty law", 3)
    skilled(profile, "tango", learn=True)
    served(profile, kabul, 2022, title="Vice Consul")
    return profile


def entry(profile):
    return next(PeopleSource().entries([profile.pk]))


def test_an_entry_tells_everything_with_ancestors(farida):
    found = entry(farida)
    assert found.title == "Farida Łukasik"
    assert "Farida Lukasik-Noor" in found.aliases
    assert found.role == "Vice Consul, Embassy Kabul"
    assert found.languages[0].codes == ("cmn", "zho")
    assert found.languages[0].tested == 2024
    assert [label.code for label in found.office] == ["treaties", "legal"]
    assert found.office[0].parent == "legal"
    regions = [label.code for label in found.expertise[0].regions]
    assert regions[0] == "ethiopia"
    assert {"horn-of-africa", "africa", "eastern-africa"} <= set(regions)
    job = found.assignments[0]
    assert [label.code for label in job.places] == ["kabul", "afghanistan"]
    assert job.now
    assert {"southern-asia", "bureau-sca"} <= {label.code for label in job.regions}
    assert [skill.name for skill in found.skills] == ["treaty law"]
    assert [label.code for label in found.available] == ["questions"]
    assert found == PeopleSource().entry(PeopleSource().queryset().get(pk=farida.pk)).__class__(
        **{name: getattr(found, name) for name in found.__dataclass_fields__}
    )


def test_who_is_searchable(farida, disabled):
    left = person("Lea Leaver", left_at="2024-01-01")
    past = person("Horace Historical", historical=True, born=1850, died=1914)
    past.user.is_active = False
    past.user.save()
    source = PeopleSource()
    found = set(source.queryset().values_list("pk", flat=True))
    assert {farida.pk, past.pk} <= found
    assert not {left.pk, disabled.profile.pk} & found
    assert source.readable([farida.pk, left.pk], farida.user) == {farida.pk}
    assert source.readable([farida.pk], disabled) == set()


def test_a_historical_person_is_a_record_not_an_expert(farida, kabul):
    past = person("Horace Historical", historical=True, born=1850, died=1914, available_questions=True)
    served(past, kabul, 1889, 1893, title="Envoy")
    found = entry(past)
    assert found.assignments == ()
    assert found.available == ()
    assert "Envoy, Kabul (1889–1893)" in found.body
    assert found.role == "Historical record, 1850–1914"


def test_the_line_under_a_name_is_in_the_language_of_the_reader(
    farida, reader, client_for, settings, tmp_path
):
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    person("Horace Historical", historical=True, born=1850, died=1914)
    upkeep.rebuild()
    client = client_for(reader)

    def said(language, url, query):
        headers = {"accept-language": language, "accept": "application/json"}
        return client.get(url, {"q": query}, headers=headers).content.decode()

    def shown(language, query):
        return said(language, "/search/", query)

    def offered(language, query):
        items = json.loads(said(language, "/search/suggest/", query))["items"]
        return [item["detail"] for item in items if item["kind"] == "person"]

    assert "Vice Consul, Ambassade à Kaboul" in shown("fr", "farida")
    assert "Personnage historique, 1850–1914" in shown("fr", "horace")
    assert "Vice Consul, Embassy Kabul" in shown("en", "farida")
    assert offered("fr", "fari") == ["Vice Consul, Ambassade à Kaboul"]
    assert offered("en", "fari") == ["Vice Consul, Embassy Kabul"]
    assert offered("fr", "Noor") == ["Farida Lukasik-Noor"]


def test_without_an_engine_people_are_found_by_name(farida, reader, disabled):
    source = PeopleSource()
    assert [hit.name for hit in source.fallback("lukasik farida", reader)] == ["Farida Łukasik"]
    assert source.fallback("lukasik", disabled) == []


def test_while_the_engine_is_down_other_names_and_nicknames_find(reader):
    profile = person("Robert Achterman", other_names=["Ахтерман"])
    source = PeopleSource()
    for typed in ("Ахтерман", "bob achterman"):
        assert [hit.pk for hit in source.fallback(typed, reader)] == [profile.pk]
    assert source.fallback(".", reader) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.save(),
        lambda p: p.user.save(),
        lambda p: p.language_skills.get().save(),
        lambda p: p.language_skills.get().delete(),
        lambda p: p.expertise.get().delete(),
        lambda p: p.skills.first().save(),
        lambda p: p.assignments.get().delete(),
        lambda p: p.post.save(),
        lambda p: p.office.save(),
        lambda p: p.office.parent.save(),
        lambda p: p.language_skills.get().language.save(),
        lambda p: p.skills.first().tag.save(),
    ],
)
def test_every_change_reaches_the_outbox(farida, change):
    farida = Profile.objects.get(pk=farida.pk)
    Outbox.objects.all().delete()
    change(farida)
    assert Outbox.objects.filter(kind="person", object_id=farida.pk).exists()


def test_an_entry_costs_the_same_for_many_facts(farida, kabul, django_assert_max_num_queries):
    list(PeopleSource().entries())
    with django_assert_max_num_queries(8) as few:
        list(PeopleSource().entries())
    for year in range(2000, 2010):
        served(person(f"Many Facts{year}"), kabul, year)
        served(farida, kabul, year)
    with django_assert_max_num_queries(len(few)):
        list(PeopleSource().entries())


def test_words_that_stand_for_something(farida):
    names = {(phrase, field): value for phrase, field, value, _ in dictionary_names()}
    for expected in {
        ("Pashto", "lang"): "pus",
        ("Tigrigna", "lang"): "tir",
        ("Burma", "region"): "myanmar",
        ("Ethiopian", "region"): "ethiopia",
        ("UAE", "region"): "united-arab-emirates",
        ("Sahel", "region"): "sahel",
        ("Kabul", "post"): "kabul",
        ("Kaboul", "post"): "kabul",
        ("Treaties", "office"): "treaties",
        ("treaty law", "skill"): "treaty-law",
    }.items():
        assert names.get(expected[0]) == expected[1], expected


def test_words_of_hidden_facts_are_not_in_the_dictionary(farida):
    skilled(farida, "secret hobby", audience="me")
    assert "secret hobby" not in {phrase for phrase, *_ in dictionary_names()}


@pytest.mark.parametrize(
    ("skill", "also"),
    [
        ("climate negotiation", "climate negotiators"),
        ("election observation", "election observers"),
        ("speech writing", "speech writers"),
        ("ceasefire monitoring", "ceasefire monitors"),
        ("visa fraud detection", "visa fraud"),
        ("human rights reporting", "human rights"),
        ("consular crisis response", "crisis response"),
        ("border demarcation", "demarcation of borders"),
        ("budgeting and procurement", "budget and procurement"),
        ("data visualisation", "data visualization"),
        ("data visualisation", "data viz"),
        ("open-source verification", "OSINT"),
    ],
)
def test_a_skill_is_asked_for_by_those_who_practise_it(skill, also):
    assert {skill, also} <= set(trades.phrases(skill))


@pytest.mark.parametrize("skill", ["sanctions", "interpreting", "protocol"])
def test_a_name_that_says_nothing_else_stands_alone(skill):
    assert list(trades.phrases(skill)) == [skill]


def test_the_dictionary_knows_who_practises_a_skill(farida):
    skilled(farida, "climate negotiation")
    assert ("climate negotiators", "skill", "climate-negotiation", "climate negotiation") in set(
        dictionary_names()
    )


@pytest.mark.parametrize(("audience", "is_found"), [("all", True), ("office", False), ("me", False)])
def test_the_text_of_a_historical_person_has_jobs_that_all_may_read(kabul, audience, is_found):
    profile = person("Old Consul", historical=True)
    served(profile, kabul, 1890, 1893, audience=audience)
    entry = PeopleSource().entry(PeopleSource().queryset().get(pk=profile.pk))
    assert ("Kabul" in entry.body) == is_found
