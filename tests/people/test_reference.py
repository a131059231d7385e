from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from people import lookup, reference, regions, spoken
from people.models import Language, Region

pytestmark = pytest.mark.django_db


def test_loading_again_adds_nothing():
    assert reference.load() == reference.Loaded(0, 0, 0)


def test_loading_keeps_what_administrators_edited_unless_told_otherwise():
    Region.objects.filter(code="sahel").update(name="The Sahel as we see it")
    Region.objects.get(code="sahel").children.remove(Region.objects.get(code="nga"))
    Language.objects.filter(code="pus").update(other_names=[])
    call_command("load_reference", verbosity=0)
    assert Region.objects.get(code="sahel").name == "The Sahel as we see it"
    assert not Region.objects.get(code="sahel").children.filter(code="nga").exists()

    call_command("load_reference", overwrite=True, verbosity=0)
    assert Region.objects.get(code="sahel").name == "Sahel"
    assert "Pushto" in Language.objects.get(code="pus").other_names


def test_what_is_missing_comes_back():
    Language.objects.get(code="tir").delete()
    assert reference.load().languages == 1
    assert Language.objects.get(code="tir").native_name == "ትግርኛ"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Pashto", "pus"),
        ("PUSHTO", "pus"),
        ("پښتو", "pus"),
        ("Farsi", "fas"),
        ("Dari", "prs"),
        ("Tigrigna", "tir"),
        ("Mandarin", "cmn"),
        ("Putonghua", "zho"),
        ("Burmese", "mya"),
        ("Bengali", "ben"),
        ("pus", "pus"),
        ("allemand", "deu"),
        ("te reo", "mri"),
        ("Serbo-Croat", "hbs"),
        ("Brazilian Portuguese", "por"),
        ("Quichua", "que"),
        ("Pakistani", None),
        ("Martian", None),
        ("", None),
    ],
)
def test_languages_by_any_name(typed, code):
    found = lookup.language(typed)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Burma", "mmr"),
        ("DRC", "cod"),
        ("UAE", "are"),
        ("Ivory Coast", "civ"),
        ("cote d'ivoire", "civ"),
        ("Ethiopian", "eth"),
        ("the Horn", "horn-of-africa"),
        ("Sub-Saharan Africa", "m49-202"),
        ("Africa", "bureau-af"),
        ("Kosova", "xkx"),
        ("Gulf", "gulf"),
        ("Mercosur country", "mercosur"),
        ("Indian Ocean island states", "indian-ocean-islands"),
        ("Visegrad", "visegrad"),
        ("Arab League", "arab-league"),
        ("EAC", "east-african-community"),
        ("Union africaine", "african-union"),
        ("CEI", "cis"),
        ("Atlantis", None),
    ],
)
def test_places_by_any_name(typed, code):
    found = lookup.region(typed)
    assert (found.code if found else None) == code


def test_mandarin_is_part_of_chinese_and_dari_of_persian():
    assert Language.objects.get(code="cmn").macrolanguage_id == "zho"
    assert Language.objects.get(code="prs").macrolanguage_id == "fas"


def test_parts_of_larger_languages_have_their_scripts_also_where_a_site_has_them_without():
    assert Language.objects.get(code="prs").scripts == ["Arab"]
    Language.objects.filter(code="prs").update(scripts=[])
    Language.objects.filter(code="azj").update(scripts=["Cyrl"])
    call_command("load_reference", verbosity=0)
    assert Language.objects.get(code="prs").scripts == ["Arab"]
    assert Language.objects.get(code="azj").scripts == ["Cyrl"]


def test_norwegians_are_expected_to_speak_norwegian_however_they_write():
    assert {one.code for one in spoken.main_of("nor")} == {"nor"}
    assert spoken.parts_of("nor") == ("nno", "nob")


def test_sites_of_before_learn_that_bokmal_is_norwegian_and_keep_what_they_say():
    Language.objects.filter(code__in=["nob", "nno"]).update(macrolanguage=None)
    Language.objects.filter(code="fat").update(macrolanguage="ful")
    migration = import_module("people.migrations.0015_parts_of_languages")
    migration.join(apps, SimpleNamespace(connection=connection))
    assert Language.objects.filter(macrolanguage="nor").count() == 2
    assert Language.objects.get(code="fat").macrolanguage_id == "ful"


def test_every_country_lies_in_the_world():
    world = Region.objects.get(code="m49-001").pk
    countries = Region.objects.filter(kind=Region.Kind.COUNTRY)
    assert countries.count() == 250
    assert all(world in regions.ancestors(country.pk) for country in countries)


def test_ethiopia_lies_in_the_horn_in_africa_and_in_its_bureau():
    eth = Region.objects.get(code="eth").pk
    above = {regions.atlas().by_pk[pk].code for pk in regions.ancestors(eth)}
    assert {"horn-of-africa", "m49-014", "m49-202", "m49-002", "bureau-af"} <= above
    assert eth in regions.descendants(Region.objects.get(code="horn-of-africa").pk)


def test_a_region_in_itself_by_mistake_ends_there():
    horn = Region.objects.get(code="horn-of-africa")
    horn.parents.add(Region.objects.get(code="eth"))
    assert horn.pk not in regions.ancestors(horn.pk)


def test_editing_a_region_is_seen_at_once():
    sahel, kenya = Region.objects.get(code="sahel"), Region.objects.get(code="ken")
    assert kenya.pk not in regions.descendants(sahel.pk)
    sahel.children.add(kenya)
    assert kenya.pk in regions.descendants(sahel.pk)


def test_a_language_that_only_iso_knows_is_added_when_asked_for():
    Language.objects.filter(code="abq").delete()
    found = reference.find_language("abq")
    assert found is not None
    assert found.name == "Abaza"
    assert reference.find_language("xx") is None
    assert reference.find_language("und") is None
