"""One line asks for colleagues: what it is read as, who is found, and that hidden facts leave no trace in it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people import finding, ilr, left_over, lookup
from people.models import Profile, User
from search import dictionary
from search.engines import SearchUnavailable, engine
from tests.people.conftest import knows, neutral, person, served, skilled, speaks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_dictionary")]


@pytest.fixture
def ministry(kabul, nairobi, legal, reader):
    farida = person("Farida Łukasik", title="Vice Consul", post=kabul)
    speaks(farida, "pus", "3", "3")
    served(farida, kabul, 2022, title="Vice Consul")
    noelle = person("Noëlle Laurent", office=legal)
    speaks(noelle, "pus", "5", "4")
    speaks(noelle, "cmn", "4", "2")
    served(noelle, kabul, 2015, 2019, title="Second Secretary")
    skilled(noelle, "water law", 3)
    marek = person("Marek Ångström")
    speaks(marek, "pus", "1+", "0")
    served(marek, kabul, 2019, 2022)
    knows(marek, "ken")
    giorgi = person("Giorgi Castellanos", about="Plays the zither.")
    speaks(giorgi, "prs", "3", "2+")
    served(giorgi, nairobi, 2020)
    skilled(giorgi, "water law", 1, ask=True)
    return {"farida": farida, "noelle": noelle, "marek": marek, "giorgi": giorgi}


@pytest.fixture
def ask(reader: User) -> Callable[[str], list[str]]:
    """The names of those whom an address finds, in order."""

    def names(address: str, user: User | None = None) -> list[str]:
        params = QueryDict(address)
        question = finding.asked(params, user or reader)
        return [profile.name for profile in finding.matching(question, user or reader)]

    return names


def heading(page: str) -> str:
    return html.unescape(re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[0].strip())


def chips(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'class="chip" href="([^"]*)"><span class="vh">[^<]*</span>(.*?) <svg', page)
    return [(html.unescape(label), html.unescape(url)) for url, label in found]


@pytest.mark.parametrize(
    ("text", "says", "people"),
    [
        (
            "who speaks Pashto at 3/3 and served in Kabul?",
            "2 colleagues speak Pashto (3/3 or better) and served in Kabul",
            ["Noëlle Laurent", "Farida Łukasik"],
        ),
        (
            "Pashto speaker in Kabul",
            "3 colleagues speak Pashto and are or were in Kabul",
            ["Farida Łukasik", "Noëlle Laurent", "Marek Ångström"],
        ),
        (
            "Pashto Kabul",
            "3 colleagues speak Pashto and are or were in Kabul",
            ["Farida Łukasik", "Noëlle Laurent", "Marek Ångström"],
        ),
        (
            "who reads Pashto at 3 or better",
            "2 colleagues read Pashto (3 or better)",
            ["Noëlle Laurent", "Farida Łukasik"],
        ),
        (
            "anyone who served in Eastern Africa and knows water law",
            "1 colleague served in Eastern Africa and knows about water law",
            ["Giorgi Castellanos"],
        ),
        (
            "Pashto or Dari at 3 or better",
            "3 colleagues either speak Pashto (3 or better) or speak Dari (3 or better)",
            ["Noëlle Laurent", "Farida Łukasik", "Giorgi Castellanos"],
        ),
        (
            "speaks Pashto at 5 or better or reads Dari at 2, served in Nairobi",
            "1 colleague either speaks Pashto (5 or better) or reads Dari (2 or better) and served in Nairobi",
            ["Giorgi Castellanos"],
        ),
        (
            "who speaks or reads Mandarin at 4",
            "1 colleague either speaks Mandarin (4 or better) or reads Mandarin (4 or better)",
            ["Noëlle Laurent"],
        ),
        (
            "Pashto readers or speakers in Kabul",
            "3 colleagues either speak Pashto or read Pashto and are or were in Kabul",
            ["Farida Łukasik", "Noëlle Laurent", "Marek Ångström"],
        ),
        ("who is now in Kabul", "1 colleague is in Kabul now", ["Farida Łukasik"]),
        (
            "who speaks Pushto",
            "3 colleagues speak Pashto",
            ["Noëlle Laurent", "Farida Łukasik", "Marek Ångström"],
        ),
        (
            "Pashtoo speaker",
            "3 colleagues speak Pashto",
            ["Noëlle Laurent", "Farida Łukasik", "Marek Ångström"],
        ),
        ("speaks:prs", "1 colleague speaks Dari", ["Giorgi Castellanos"]),
        (
            "-speaks:pus post:nairobi",
            "1 colleague does not speak Pashto and served in Nairobi",
            ["Giorgi Castellanos"],
        ),
        ("Kenyan expert", "2 colleagues know or served in Kenya", ["Marek Ångström", "Giorgi Castellanos"]),
        ("water law", "2 colleagues know about water law", ["Noëlle Laurent", "Giorgi Castellanos"]),
    ],
)
def test_a_line_of_words_is_answered_in_a_sentence(ministry, browse, ask, index, text, says, people):
    index()
    assert heading(browse(f"/people/?q={quote(text)}")) == says
    assert ask(f"q={quote(text)}") == people


def test_each_chip_takes_one_condition_away(ministry, browse, index):
    index()
    page = browse(f"/people/?q={quote('who speaks Pashto at 3/3 and served in Kabul?')}")
    assert [label for label, _url in chips(page)] == [
        "Speaks Pashto, 3/3 or better",
        "Served in Kabul, now or ever",
    ]
    first, second = (url for _label, url in chips(page))
    assert heading(browse(f"/people/{first}")) == "3 colleagues served in Kabul"
    assert heading(browse(f"/people/{second}")) == "2 colleagues speak Pashto (3/3 or better)"


@pytest.mark.parametrize(
    "text",
    [
        "Pashto or Dari at 3 or better, served in Kabul",
        "Pashto speaker in Kabul",
        "who reads or speaks Mandarin at 3+",
        "lang:prs>=2+",
        "-post:kabul speaks:pus>=3,prs>=2",
        "expert on Kenya",
        "skill:water-law>=2 now:kabul",
        "zither Dari",
        "-available:mentoring -zither",
    ],
)
def test_what_was_read_keeps_its_meaning_in_its_own_address(ministry, reader, index, text):
    """The address of what was understood asks the same as the words did."""
    index()
    typed = finding.asked(QueryDict(f"q={quote(text)}"), reader)
    again = finding.asked(QueryDict(typed.url()[1:]), reader)
    assert {one.chip for one in again.conditions} == {one.chip for one in typed.conditions}
    assert list(finding.matching(again, reader)) == list(finding.matching(typed, reader))
    assert typed.conditions


def test_who_was_there_says_that_they_are_no_longer(ministry, browse, index):
    index()
    page = browse("/people/?q=Pashto+in+Kabul")
    assert "now there" in page
    assert "was there, is no longer" in page


def test_the_words_can_be_searched_instead(ministry, browse, index):
    index()
    page = browse("/people/?q=Pashto+in+Kabul")
    assert "We read “Pashto in Kabul” as:" in page
    plain = html.unescape(re.findall(r'href="([^"]*)">Search the plain words', page)[0])
    assert "“Pashto in Kabul”" in heading(browse(f"/people/{plain}"))


def test_a_text_narrows_what_was_chosen(ministry, browse, index):
    index()
    page = browse("/people/?q=Pashto&served=Nairobi&who=x")
    assert heading(page) == "Nobody speaks Pashto and served in Nairobi"
    box = page.split('id="ask"')[1].split("</form>")[0]
    assert '<input type="hidden" name="served" value="nairobi">' in box
    assert "lang" not in box


def test_words_left_over_are_looked_for_in_one_request(ministry, ask, index, monkeypatch):
    index()
    asked: list[object] = []
    search = type(engine()).search
    monkeypatch.setattr(
        type(engine()),
        "search",
        lambda self, *args, **more: asked.append(args) or search(self, *args, **more),
    )
    assert ask("q=Dari+zither") == ["Giorgi Castellanos"]
    assert len(asked) == 1
    assert ask("q=Pashto+Kabul&skill=water-law") == ["Noëlle Laurent"]
    assert len(asked) == 1, "nothing was left over"


def test_words_that_nobody_has_together_take_one_request_more(ministry, browse, index, monkeypatch):
    speaks(person("Ada Aaron", about=f"Plays the zither. {'And so on. ' * 60}Keeps bees."), "prs", "3")
    index()
    asked: list[object] = []
    for name in ("search", "search_each"):
        real = getattr(type(engine()), name)
        monkeypatch.setattr(
            type(engine()),
            name,
            lambda self, *args, real=real, **more: asked.append(args) or real(self, *args, **more),
        )
    page = html.unescape(browse("/people/?q=Dari+zither+bees+qwertz+asdfgh"))
    assert heading(page) == "1 colleague speaks Dari and has “zither bees” on the profile"
    assert re.search(r"Plays the zither\.[^<]*; [^<]*Keeps bees\.", page), "each where it stands"
    assert "No profile of these has “qwertz”" in page
    assert "No profile of these has “asdfgh”" in page
    assert len(asked) == 2


def test_words_left_over_say_where_they_stand(ministry, browse, index):
    index()
    page = browse("/people/?q=Dari+zither%3F")
    assert heading(page) == "1 colleague speaks Dari and has “zither” on the profile"
    assert "Plays the zither." in page


def test_common_words_are_looked_for_among_those_who_fit(ministry, ask, browse, index, monkeypatch):
    """The search names only so many; the page says where that cut somebody off."""
    monkeypatch.setattr(left_over, "MOST_FOUND", 2)
    for name in ("Ada Aaron", "Bea Baron", "Cleo Caron"):
        person(name, about="Zither, zither and zither.")
    index()
    assert ask("q=Dari+zither") == ["Giorgi Castellanos"]
    says = "“zither” stands on 4 profiles. Only the 2 that fit best were looked at."
    assert says not in html.unescape(browse("/people/?q=Dari+zither"))
    assert says in html.unescape(browse("/people/?q=zither&served=Nairobi"))
    helping = browse("/people/?q=zither&plain=1&lang=pus").split("What would help")[1]
    assert "Without “Speaks Pashto”</a> <small>2 colleagues" in html.unescape(helping)


def test_common_words_beside_a_language_take_no_more_queries_than_rare_ones(
    ministry, client_for, reader, index, monkeypatch, django_assert_max_num_queries
):
    for name in ("Ada Aaron", "Bea Baron", "Cleo Caron"):
        speaks(person(name, about="Zither, zither and zither."), "prs", "3")
    index()
    client = client_for(reader)
    client.get("/people/?q=Dari+zither")
    with django_assert_max_num_queries(20) as rare:
        client.get("/people/?q=Dari+zither")
    monkeypatch.setattr(left_over, "MOST_FOUND", 2)
    with django_assert_max_num_queries(len(rare)):
        client.get("/people/?q=Dari+zither")


def test_words_spelled_otherwise_are_not_said_to_stand_there(ministry, browse, index):
    index()
    page = browse("/people/?q=plays+the+zithre")
    assert heading(page) == "1 colleague has “plays the zither” on the profile"
    assert "“plays the zithre” stands on no profile" in html.unescape(page)
    [(label, _url)] = chips(page)
    assert label == "“plays the zither”"
    assert "stands on no profile" not in browse("/people/?q=plays+the+zither")


def test_no_other_spelling_is_taken_for_words_of_a_job_title(ministry, ask, index):
    """The search does not know the title yet."""
    index()
    Profile.objects.filter(pk=ministry["marek"].pk).update(title="Zithre Master")
    assert ask("q=zithre") == ["Marek Ångström"]


def test_who_lacks_the_words_is_near(ministry, browse, index):
    index()
    near = browse("/people/?q=zither&plain=1&lang=pus").split("Near matches")[1]
    assert "No “zither” on the profile" in near
    assert "Pashto 5/4" in near


@pytest.mark.parametrize(
    ("text", "people", "says"),
    [
        ("Pashto zither", ["Noëlle Laurent", "Farida Łukasik", "Marek Ångström"], "has “zither”"),
        ("Dari for a zither on Thursday", ["Giorgi Castellanos"], "has “Thursday”"),
        ("Pashto in Copenhagen", [], ""),
        ("zither master", ["Giorgi Castellanos"], "has all of “zither master”"),
    ],
)
def test_words_left_over_are_evidence_and_no_veto(ministry, ask, browse, index, text, people, says):
    """Nobody has them all: what was recognised is answered, and the page says what nobody has."""
    index()
    assert ask(f"q={quote(text)}") == people
    assert says in html.unescape(browse(f"/people/?q={quote(text)}"))


def test_a_job_title_is_found_though_the_search_does_not_know_it_yet(ministry, ask, index):
    index()
    Profile.objects.filter(pk=ministry["marek"].pk).update(title="Harbour Master")
    assert ask("q=harbour+master") == ["Marek Ångström"]


def test_without_the_engine_names_and_titles_are_found(ministry, browse, ask, monkeypatch):
    def down(*_args: object, **_more: object) -> None:
        raise SearchUnavailable("gone")

    monkeypatch.setattr(type(engine()), "search", down)
    assert ask("q=lukasik") == ["Farida Łukasik"]
    assert ask("q=Pashto+lukasik") == ["Farida Łukasik"]
    assert "The search is being repaired" in browse("/people/?q=lukasik")


def test_the_words_of_a_name_are_a_name(ministry, browse, ask, index):
    """Chad, Jordan and Georgia are countries; Chad Kabul is a colleague."""
    person("Chad Laurent")
    person("Jordan Smith")
    index()
    assert ask("q=Jordan+Smith") == ["Jordan Smith"]
    assert ask("q=laurent+chad") == ["Chad Laurent"]
    assert ask("q=Will+May") == []
    page = browse("/people/?q=Jordan")
    assert heading(page) == "Nobody is or was in Jordan"
    assert "1 colleague called “Jordan”" in page
    link = html.unescape(re.findall(r'href="([^"]*)">1 colleague called', page)[0])
    assert heading(browse(f"/people/{link}")) == "1 colleague has “Jordan” in the name"


@pytest.mark.parametrize(
    ("address", "people"),
    [
        ("served=Kabul+2016", ["Noëlle Laurent"]),
        ("served=Kabul&from=2020&until=2021", ["Marek Ångström"]),
        ("served=Kabul+2019-2020", ["Marek Ångström", "Noëlle Laurent"]),
        ("served=Kabul+2023-", ["Farida Łukasik"]),
        ("served=Kabul+-2016", ["Noëlle Laurent"]),
        ("served=Kabul&from=soon", ["Farida Łukasik", "Marek Ångström", "Noëlle Laurent"]),
        ("served=Nairobi+1999", []),
    ],
)
def test_when_somebody_served_can_be_asked(ministry, ask, address, people):
    assert ask(address) == people


def test_years_are_said_and_kept(ministry, browse):
    page = browse("/people/?served=Kabul&from=2015&until=2016")
    assert heading(page) == "1 colleague served in Kabul (2015–2016)"
    assert chips(page)[0][0] == "Served in Kabul, 2015–2016"
    assert re.search(r'value="kabul 2015-2016" checked', page)


@pytest.mark.parametrize(
    ("address", "people"),
    [
        ("lang=pus&speaks=3&lang=prs&speaks=2", []),
        (
            "lang=pus&speaks=3&join=and&lang=prs&speaks=2&join=or",
            ["Noëlle Laurent", "Farida Łukasik", "Giorgi Castellanos"],
        ),
        (
            "lang=pus&speaks=3&reads=4&join=and&lang=prs&speaks=2&join=or",
            ["Noëlle Laurent", "Giorgi Castellanos"],
        ),
        ("lang=pus&speaks=3&join=and&lang=prs&speaks=2&join=or&lang=cmn&join=and", ["Noëlle Laurent"]),
        ("skill=water-law", ["Noëlle Laurent", "Giorgi Castellanos"]),
        ("skill=water-law>=2", ["Noëlle Laurent"]),
        ("ask=water-law", ["Giorgi Castellanos"]),
        ("mentor=water-law", []),
        ("at=Kabul", ["Farida Łukasik", "Marek Ångström", "Noëlle Laurent"]),
        ("also=-post:kabul&lang=prs", ["Giorgi Castellanos"]),
    ],
)
def test_the_form_asks_for_more_than_words_do(ministry, ask, address, people):
    assert ask(address.replace(">", "%3E")) == people


def test_a_slip_in_the_name_of_a_language_is_said(ministry, browse, index):
    index()
    page = browse("/people/?q=Pashtto&skill=water-law")
    assert heading(page) == "1 colleague speaks Pashto and knows about water law"
    assert "“Pashtto” stands on no profile: it was read as “Pashto”." in html.unescape(page)
    assert heading(browse("/people/?q=Kwyjibo")) == "Nobody has “Kwyjibo” on the profile"


@pytest.mark.parametrize("text", ["speaks Klingon", "who speaks klingon in Kabul"])
def test_a_language_that_is_unknown_is_said_to_be(ministry, browse, index, text):
    index()
    assert "We know no language called “Klingon”." in browse(f"/people/?q={quote(text)}")
    assert "We know no language" not in browse("/people/?q=speaks+at+conferences")


def test_the_form_repeats_what_was_understood(ministry, browse, index):
    """A question in words can be changed line by line: each language with its levels and how it is joined."""
    index()
    page = browse(f"/people/?q={quote('Pashto at 3/2 or Dari, served in Kabul')}")
    form = page.split('class="sticky"')[1].split("</form>")[0]
    assert re.findall(r'name="lang" value="([^"]*)" list', form) == ["Pashto", "Dari", ""]
    assert re.findall(r"<option selected>([^<]*)", form) == ["3", "2", "0+"]
    assert re.findall(r'value="or"( selected)?>', form) == [" selected", ""]
    assert 'value="kabul" checked' in form
    assert 'value="pus"' not in form, "it has a line of its own"


def test_when_nobody_fits_the_page_says_what_to_ask_less_of(ministry, browse, index):
    index()
    page = browse(f"/people/?q={quote('who speaks Dari at 4 and served in Nairobi')}")
    offered = [
        (html.unescape(label), html.unescape(url))
        for url, label in re.findall(r'<a href="([^"]*)">(“.*?instead|Without.*?)</a>', page)
    ]
    assert [label for label, _url in offered] == [
        "“Speaks Dari” instead",
        "Without “Speaks Dari, 4 or better”",
    ]
    assert heading(browse(f"/people/{offered[0][1]}")) == "1 colleague speaks Dari and served in Nairobi"


@pytest.mark.parametrize(
    ("address", "instead"),
    [
        ("now=Kabul&lang=pus&speaks=5", "Speaks Pashto"),
        ("now=Kabul&lang=pus&speaks=5", "Served in Kabul, now or ever"),
        ("served=Nairobi+1999", "Served in Nairobi, now or ever"),
        ("skill=water-law>=3&lang=prs", "Knows about water law"),
        ("mentor=water-law", "Knows about water law"),
        ("region=Kenya>=3&lang=prs", "Knows or served in Kenya"),
        ("lang=prs&reads=5", "Speaks Dari"),
    ],
)
def test_less_is_offered_of_whatever_has_degrees(ministry, reader, address, instead):
    question = finding.asked(QueryDict(address.replace(">", "%3E")), reader)
    options = finding.loosen(question, reader)
    assert instead in [one.instead.chip for one in options if one.instead]
    for one in options:
        again = finding.asked(QueryDict(one.url[1:]), reader)
        assert finding.matching(again, reader).count() == one.count > 0


def test_old_knowledge_comes_last_among_equals(ministry, ask):
    """Of two who have the same, the one who said this year that it still holds comes first."""
    ada, bea = person("Ada Aaron"), person("Bea Baron")
    for profile in (ada, bea):
        speaks(profile, "yor", "3", "3")
    bea.confirm()
    assert ask("lang=yor") == ["Bea Baron", "Ada Aaron"]


def test_a_biography_that_mentions_a_language_is_not_speaking_it(ministry, ask, index):
    person("Mia Mention", about="Pashto Pashto Pashto: I would love to speak Pashto.")
    index()
    assert "Mia Mention" not in ask("q=Pashto")
    assert "Mia Mention" in ask("q=Pashto&plain=1")


# --- nothing is told of what is hidden ------------------------------------------------------------------------------


HIDDEN = (
    "who speaks Yoruba",
    "Yoruba at 3",
    "Yoruba in Kabul",
    "Pashto and not",
    "who served in Nairobi and speaks Yoruba",
    "falconry",
    "expert on Kenya",
    "Zonal Adviser",
    "-speaks:yor post:kabul",
    "Pashto falconry",
)


@pytest.fixture
def hidden(ministry, kabul, legal):
    """Somebody whose every fact is for their office only, found by name all the same."""
    profile = person("Hana Hidden", office=legal)
    speaks(profile, "yor", "4", audience="office")
    knows(profile, "ken", audience="office", note="zzqx")
    skilled(profile, "falconry", audience="office")
    served(profile, kabul, 2023, title="Zonal Adviser", audience="office")
    return profile


def test_hidden_facts_change_no_answer_count_or_offer(hidden, browse, index):
    """Every page of a question is the same, byte for byte, as when the facts do not exist."""
    index()
    before = {text: neutral(browse(f"/people/?q={quote(text)}")) for text in HIDDEN}
    for facts in (hidden.language_skills, hidden.expertise, hidden.skills, hidden.assignments):
        facts.all().delete()
    dictionary.forget()
    index()
    for text in HIDDEN:
        assert before[text] == neutral(browse(f"/people/?q={quote(text)}")), text


def test_a_hidden_word_answers_as_a_word_of_nonsense_does(hidden, browse, index):
    index()
    asked = {word: neutral(browse(f"/people/?q=Pashto+{word}")) for word in ("falconry", "zzyzxqly")}
    assert asked["falconry"].replace("falconry", "zzyzxqly") == asked["zzyzxqly"]
    alone = {word: neutral(browse(f"/people/?q={word}")) for word in ("falconry", "zzyzxqly")}
    assert alone["falconry"].replace("falconry", "zzyzxqly") == alone["zzyzxqly"]


def test_numbers_of_everybody_are_kept_only_while_nothing_changes(ministry, browse, index):
    """What is hidden a moment ago counts no more, though the numbers were kept."""
    index()
    counted = re.compile(r'value="pus">\s*Pashto<span class="num">(\d)')
    browse("/people/")
    with CaptureQueriesContext(connection) as queries:
        assert counted.findall(browse("/people/")) == ["3"]
    assert not [query for query in queries if "a_facet" in query["sql"]], "they were not kept"
    skill = ministry["noelle"].language_skills.get(language="pus")
    skill.audience = "me"
    skill.save()
    assert counted.findall(browse("/people/")) == ["2"]
    index()
    assert counted.findall(browse("/people/")) == ["2"]


def test_kept_numbers_are_not_those_of_another_office(hidden, browse, legal, index):
    index()
    same, other = person("Sam Same", office=legal).user, person("Otto Other").user
    index()
    assert 'value="yor"' in browse("/people/", user=same)
    assert 'value="yor"' not in browse("/people/", user=other)


def test_the_office_finds_by_them(hidden, ask, legal, index):
    index()
    same = person("Sam Same", office=legal).user
    assert ask("q=who+speaks+Yoruba", user=same) == ["Hana Hidden"]
    assert "Hana Hidden" in ask("q=falconry", user=same)


# --- what always holds ----------------------------------------------------------------------------------------------


LANGUAGES = st.sampled_from(["pus", "prs", "cmn", "zho", "yor"])
LEVELS = st.integers(0, 10).map(ilr.label)
property_of = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@property_of
@given(first=LANGUAGES, second=LANGUAGES, speaks=LEVELS, reads=LEVELS)
def test_either_finds_all_that_both_do(ministry, ask, first, second, speaks, reads):
    lines = f"lang={first}&speaks={quote(speaks)}&reads=&lang={second}&speaks=&reads={quote(reads)}"
    one, other = (
        set(ask(f"lang={first}&speaks={quote(speaks)}")),
        set(ask(f"lang={second}&reads={quote(reads)}")),
    )
    assert set(ask(lines)) == one & other
    assert set(ask(f"{lines}&join=and&join=or")) == one | other


@property_of
@given(
    low=st.integers(1, 3), high=st.integers(1, 3), what=st.sampled_from(["skill=water-law", "region=kenya"])
)
def test_asking_for_more_never_adds_people(ministry, ask, low, high, what):
    low, high = sorted((low, high))
    assert set(ask(f"{what}%3E%3D{high}")) <= set(ask(f"{what}%3E%3D{low}"))


@property_of
@given(low=st.integers(0, 10), high=st.integers(0, 10), skill=st.sampled_from(["speaks", "reads"]))
def test_raising_a_level_in_words_never_adds_people(ministry, ask, low, high, skill):
    low, high = sorted((low, high))
    asked = [f"q=who+{skill}+Pashto+at+{quote(ilr.label(level))}" for level in (low, high)]
    assert set(ask(asked[1])) <= set(ask(asked[0]))


REGIONS = "ken afg ind chn fra deu ita esp prt nor swe fin dnk pol nld bel".split()


@pytest.mark.parametrize(
    ("address", "parts", "left_out"),
    [
        (f"q={'+'.join(f'region:{code}' for code in REGIONS)}", 12, "Denmark"),
        (f"q=region:ken,afg+knows:{','.join(REGIONS[:11])}", 2, "Knows Kenya, knows Afgh"),
        (f"q=-region:{','.join(REGIONS[:13])}&served=Kabul", 1, "Not: Knows Kenya"),
        (
            "&".join(f"{name}={code}" for name in ("region", "knows", "at") for code in REGIONS[:6]),
            12,
            "Knows or served in Kenya; ",
        ),
        (f"q={'+'.join(f'region:{code}' for code in REGIONS[:12])}&region=ken", 12, ""),
    ],
)
def test_so_much_is_asked_at_once_and_the_page_says_what_is_left_out(
    ministry, reader, index, address, parts, left_out
):
    """What may be chosen of one sort is bounded, and so is all of it, the parts of groups included."""
    index()
    question = finding.asked(QueryDict(address), reader)
    assert sum(one.parts for one in question.conditions) == parts
    notes = [note for note in question.notes if note.startswith("12 conditions can be asked at once")]
    assert bool(notes) == bool(left_out)
    assert left_out in "".join(notes)


def test_what_cannot_be_asked_is_not_looked_up(ministry, reader, index, monkeypatch):
    """A name that nobody knows is compared with all that there are, and a text has room for hundreds."""
    index()
    looked_up: list[str] = []
    monkeypatch.setattr(lookup, "language", looked_up.append)
    for text in (f"lang:{','.join(f'x{n}' for n in range(150))}", " ".join(f"lang:y{n}" for n in range(30))):
        question = finding.asked(QueryDict(f"q={quote(text)}"), reader)
        assert "can be asked at once" in "".join(question.notes)
        assert question.conditions == ()
    assert len(looked_up) <= 24


def test_little_of_a_long_question_is_tried_without(ministry, reader, index):
    """And each condition once, in however many of the options it stands."""
    index()
    address = f"q={'+'.join(f'region:{code}' for code in REGIONS[:12])}"
    question = finding.asked(QueryDict(address), reader)
    assert len(question.conditions) == 12
    with CaptureQueriesContext(connection) as queries:
        finding.loosen(question, reader)
    tried = [option for query in queries for option in re.findall(r'AS "meets_\d+"', query["sql"])]
    assert 0 < len(tried) == len(set(tried)) <= 18, "12 as they are, and less of 6"


@pytest.mark.parametrize(
    "text", ["who", "OR OR", '"', "speaks:", "-", "a" * 10_000, "who " * 500, "3/3", "%"]
)
def test_no_text_fails(ministry, browse, index, text):
    index()
    browse(f"/people/?q={quote(text)}")


@property_of
@given(text=st.text(max_size=60))
def test_no_text_at_all_fails(ministry, ask, index, text):
    """Not even one with signs that no page takes."""
    ask(f"q={quote(text)}")


def test_a_question_of_two_conditions_takes_few_queries(
    ministry, client_for, reader, django_assert_max_num_queries
):
    client = client_for(reader)
    client.get("/people/?q=Pashto+in+Kabul")
    with django_assert_max_num_queries(20):
        client.get(f"/people/?q={quote('who speaks Pashto at 3 and served in Kabul')}")
    with django_assert_max_num_queries(20):
        client.get(f"/people/?q={quote('who speaks Pashto at 5 and served in Nairobi')}")
