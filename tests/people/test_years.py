"""Years in a question: when somebody was at the places that it names."""

import pytest

from people.years import ANY, Years, split
from tests.people.conftest import person, served, speaks
from tests.visitor import soup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_dictionary")]


@pytest.fixture
def ministry(kabul, nairobi):
    """Who was in Kabul when."""
    early, late, now = person("Early Bird"), person("Late Owl"), person("Still There", post=kabul)
    served(early, kabul, 2006, 2009)
    served(late, kabul, 2012, 2015)
    served(late, nairobi, 2019, 2022)
    served(now, kabul, 2021)
    speaks(late, "pus", "3")


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("2015-2019", Years(2015, 2019)),
        ("2015 – 2019", Years(2015, 2019)),
        ("from 2015 to 2019", Years(2015, 2019)),
        ("between 2015 and 2019", Years(2015, 2019)),
        ("entre 2015 et 2019", Years(2015, 2019)),
        ("between 2019 and 2015", Years(2015, 2019)),
        ("2015 to now", Years(2015, None)),
        ("since 2015", Years(2015, None)),
        ("after 2015", Years(2016, None)),
        ("after the 2015", Years(2016, None)),
        ("avant 2015", Years(None, 2014)),
        ("until 2015", Years(None, 2015)),
        ("in 2015", Years(2015, 2015)),
        ("2015-19", Years(2015, 2019)),
        ("2015/2019", Years(2015, 2019)),
        ("2015, 2016", Years(2015, 2016)),
        ("in 2015 or 2016", Years(2015, 2016)),
        ("2015 to present", Years(2015, None)),
        ("in the 2010s", Years(2010, 2019)),
        ("les années 2010", Years(2010, 2019)),
        ("pre-2015", Years(None, 2014)),
        ("post-2015", Years(2016, None)),
        ("since '15", Years(2015, None)),
        ("since '99", Years(1999, None)),
        ("last year", Years(2025, 2025)),
        ("l'année dernière", Years(2025, 2025)),
        ("since last year", Years(2025, None)),
        ("this year", Years(2026, 2026)),
        ("in the last five years", Years(2021, None)),
        ("over the past 3 years", Years(2023, None)),
        ("ces cinq dernières années", Years(2021, None)),
        ("depuis dix ans", Years(2016, None)),
        ("10 years ago", Years(2016, 2016)),
        ("il y a deux ans", Years(2024, 2024)),
    ],
)
def test_years_are_told_in_many_ways(said, when):
    assert split(f"served in Kabul {said}", 2026) == ("served in Kabul", when)
    assert split(f"{said}, Kabul", 2026)[1] == when


@pytest.mark.parametrize(
    "text",
    [
        "Kabul",
        "room 20150",
        "served in Kabul, not in 2015",
        "Kabul sauf 2015",
        "2015-06-01",
        "in 2010 and in 2015 or 2018",
        "+93 2015 2016",
        "Kabul 2015-06",
        "Kabul 2012 or 2018",
        "Kabul 2012 or Nairobi 2018",
        "Kabul, not in the last five years",
        "in past years",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert split(text) == (text, ANY)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("who served in Kabul before 2010?", "1 colleague served in Kabul (until 2009)"),
        ("Kabul 2012–2022", "2 colleagues served in Kabul (2012–2022)"),
        ("in Kabul since 2014", "2 colleagues served in Kabul (since 2014)"),
        ("Kabul 2012-15", "1 colleague served in Kabul (2012–2015)"),
        ("à Kaboul en 2012", "1 colleague served in Kabul (2012)"),
        (
            "Pashto speaker in Kabul between 2010 and 2013",
            "1 colleague speaks Pashto and served in Kabul (2010–2013)",
        ),
        ("qui a servi à Kaboul entre 2006 et 2008", "1 colleague served in Kabul (2006–2008)"),
    ],
)
def test_a_question_may_say_when(ministry, client_for, reader, text, says):
    page = soup(client_for(reader).get("/people/", {"q": text}))
    assert " ".join(page.h1.get_text().split()) == says


def test_years_stay_when_something_else_of_the_question_goes(ministry, client_for, reader):
    page = client_for(reader).get("/people/", {"q": "Pashto, Kabul 2010-2013"})
    without_language = next(chip for chip in page.context["chips"] if "Pashto" in chip.label)
    assert "2010-2013" in without_language.url.replace("%20", " ")


@pytest.mark.parametrize(
    "text",
    [
        "who served in Kabul in 2015 and is in Nairobi now",
        "served in Kabul in 2015 and in Nairobi",
        "who has not served in Kabul since 2015",
        "who is in Kabul now since 2020",
    ],
)
def test_years_that_may_be_of_another_place_or_of_none_are_words(ministry, client_for, reader, text):
    page = client_for(reader).get("/people/", {"q": text})
    assert not any("(20" in chip.label or ", 20" in chip.label for chip in page.context["chips"])


def test_where_no_place_is_asked_a_year_is_a_word(ministry, browse):
    assert "2020" in browse("/people/?q=COP+2020")
    assert "served" not in browse("/people/?q=Pashto+2020").split("</h1>")[0].split("<h1")[1]
