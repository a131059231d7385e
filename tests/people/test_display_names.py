"""Languages, countries and regions in the language of whoever reads: shown, sorted, counted and asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation

from people import lookup
from people.models import Language, Post, Region
from search import dictionary
from search.wording import called
from tests.people.conftest import knows, person, served, skilled, speaks

Browse = Callable[..., str]


@pytest.fixture
def french(reader) -> None:
    reader.language = "fr"
    reader.save()


@pytest.fixture(autouse=True)
def _names(db):
    dictionary.forget()
    yield
    dictionary.forget()


@pytest.mark.parametrize(
    ("code", "said"),
    [("eth", "Éthiopie"), ("m49-014", "Afrique de l’Est"), ("bureau-af", "Afrique"), ("m49-009", "Océanie")],
)
def test_a_region_is_called_as_its_reader_calls_it(code, said):
    region = Region.objects.get(code=code)
    assert str(region) == region.name
    with translation.override("fr"):
        assert str(region) == said
        assert called("region", region.slug, "") == said


def test_a_region_of_our_own_keeps_its_name():
    region = Region.objects.create(kind="named", code="ohrid", name="Ohrid Lakes", slug="ohrid")
    with translation.override("fr"):
        assert str(region) == "Ohrid Lakes"


@pytest.mark.parametrize(
    ("city", "kind", "said"),
    [
        ("Kabul", "embassy", "Ambassade à Kaboul"),
        ("Cairo", "embassy", "Ambassade au Caire"),
        ("The Hague", "mission", "Mission à La Haye"),
        ("Nairobi", "consulate", "Consulat à Nairobi"),
    ],
)
def test_a_post_is_called_as_its_reader_calls_it(city, kind, said):
    post = Post.objects.create(city=city, slug="here", kind=kind)
    assert post.name == f"{post.get_kind_display()} {city}"
    with translation.override("fr"):
        post = Post.objects.get()
        assert str(post) == said
        assert called("post", "here", city) == post.town
        for typed in (city, said, post.town, lookup.post_names(post)[0]):
            assert lookup.post(typed) == post


def test_a_french_reader_meets_cities_by_their_french_names(french, kabul, browse: Browse):
    ada = person("Ada Been", post=kabul)
    served(ada, kabul, 2015, 2019)
    assert "Kaboul" in (page := browse("/people/?served=kabul"))
    assert "Kabul" not in page.replace('"Kabul"', "")
    assert "Ambassade à Kaboul" in (page := browse(ada.get_absolute_url()))
    assert ">Kabul" not in page
    assert "Kaboul" in browse("/people/posts/")
    assert "lieu d’affectation Kaboul" in browse("/people/?q=qui+est+à+Kaboul")


def test_a_language_is_called_as_its_reader_calls_it():
    pashto = Language.objects.get(code="pus")
    assert str(pashto) == "Pashto"
    with translation.override("fr"):
        assert str(pashto) == "pachto"
        assert called("lang", "pus", "Pashto") == "pachto"
        assert called("lang", "qaa", "Unknown") == "Unknown"


def test_a_name_that_is_shown_is_understood_where_it_is_typed():
    with translation.override("fr"):
        for code in "pus prs amh tir swa kat uzb zho cmn arb ell deu nld mya khm".split():
            found = lookup.language(str(Language.objects.get(code=code)))
            assert found is not None
            assert found.code == code


def test_a_place_that_is_shown_is_understood_where_it_is_typed():
    Post.objects.create(city="Cairo", slug="cairo", country=Region.objects.get(code="egy"))
    with translation.override("fr"):
        for code in ("eth", "mmr", "cod", "horn-of-africa", "m49-014", "gulf"):
            found = lookup.region(str(Region.objects.get(code=code)))
            assert found is not None
            assert found.code == code
    assert lookup.post("Le Caire").slug == "cairo"


@pytest.mark.usefixtures("french")
def test_the_directory_in_french(kabul: Post, browse: Browse):
    ada = person("Ada Afghan")
    speaks(ada, "pus", "4")
    served(ada, kabul, 2019)
    knows(ada, "horn-of-africa")
    everybody = browse("/people/")
    assert "Pachto" in everybody
    assert "Corne de l’Afrique" in everybody
    assert "Pashto" not in everybody
    page = browse("/people/?lang=pus&region=horn-of-africa")
    assert "Parle pachto" in page
    assert ">Pachto</th>" in page
    assert "Pashto" not in page
    assert "Horn of Africa" not in page


@pytest.mark.usefixtures("french")
def test_a_profile_a_post_and_rare_languages_in_french(kabul: Post, browse: Browse):
    ada = person("Ada Afghan")
    speaks(ada, "pus", "4")
    knows(ada, "eth")
    assert "Éthiopie" in browse(ada.get_absolute_url())
    assert "pachto" in browse(ada.get_absolute_url()).lower()
    assert "Afghanistan" in browse(kabul.get_absolute_url())
    rare = browse("/people/languages/")
    assert ">Pachto</a>" in rare
    assert "Éthiopie" not in rare.split("<table")[0]


@pytest.mark.parametrize("query", ["qui parle pachto à Kaboul", "QUI PARLE LE PACHTO A KABOUL ?"])
def test_a_question_in_french_to_the_directory(query, kabul: Post, browse: Browse):
    ada, ben = person("Ada Afghan"), person("Ben Elsewhere")
    speaks(ada, "pus", "4")
    served(ada, kabul, 2019)
    speaks(ben, "pus", "4")
    page = browse(f"/people/?q={query}").split("Near matches")[0]
    assert "Ada Afghan" in page
    assert "Ben Elsewhere" not in page


def test_a_skill_and_a_demonym_in_french(db, browse: Browse):
    tunis = Post.objects.create(city="Tunis", slug="tunis", country=Region.objects.get(code="tun"))
    ada, ben = person("Ada Lawyer"), person("Ben Driver")
    served(ada, tunis, 2010, 2013)
    skilled(ada, "water law")
    served(ben, tunis, 2010, 2013)
    dictionary.forget()
    page = browse("/people/?q=ancien de Tunis qui connaît le droit de l’eau")
    assert "Ada Lawyer" in page
    assert "Ben Driver" not in page.split("Near matches")[0]
    assert "Ben Driver" in browse("/people/?q=collègues en poste dans un pays tunisien")


def test_alternatives_with_levels_of_their_own_in_french(db, browse: Browse):
    ada, ben, cleo = person("Ada Speaks"), person("Ben Reads"), person("Cleo Neither")
    speaks(ada, "prs", "3", "0")
    speaks(ben, "pus", "0", "2")
    speaks(cleo, "prs", "2", "2")
    dictionary.forget()
    page = browse("/people/?q=qui parle dari à 3 ou lit le pachto")
    assert "Ada Speaks" in page
    assert "Ben Reads" in page
    assert "Cleo Neither" not in page
    without = browse("/people/?q=qui parle dari sans parler pachto")
    assert "Ada Speaks" in without
    assert "Ben Reads" not in without


@pytest.mark.usefixtures("french")
def test_the_own_name_of_a_language_is_not_said_twice(browse: Browse):
    ada = person("Ada French")
    speaks(ada, "fra", "5")
    speaks(ada, "pus", "3")
    page = browse(ada.get_absolute_url())
    assert 'lang="ps">' in page
    assert 'class="native" lang="fr">' not in page
