"""Kinds that an administrator makes: their facts are asked for by type, and outlive every change of the kind."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Group, Permission

from diplopedia.models import Article, ArticleTemplate, FactField
from people.models import Profile, User
from tests.factories import OfficeFactory, UserFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of, soup, words

pytestmark = pytest.mark.django_db

TYPES = {
    "Purpose": "text",
    "Findings": "long-text",
    "Visited on": "date",
    "Cost": "number",
    "Result": "choice",
    "Follow-up agreed": "yes-no",
    "Country": "country",
    "Language used": "language",
    "Led by": "person",
    "Office": "office",
    "Programme": "link",
}


@pytest.fixture
def kind() -> ArticleTemplate:
    kind = ArticleTemplate.objects.create(name="Visit report", outline="## Purpose\n")
    for order, (label, type_) in enumerate(TYPES.items()):
        choices = "Good\nMixed\nBad" if type_ == "choice" else ""
        FactField.objects.create(template=kind, label=label, type=type_, choices=choices, sort_order=order)
    return kind


@pytest.fixture
def french(reader: Visitor) -> None:
    """The reader reads French."""
    User.objects.filter(pk=reader.user.pk).update(language="fr")


def change(kind: ArticleTemplate, key: str, **values: str) -> None:
    kind.fields.filter(key=key).update(**values)


def page(**facts: str) -> Article:
    return write("Visit to Accra", "One.", kind="visit-report", facts=facts)


def edit_url(article: Article) -> str:
    return f"{article.get_absolute_url()}edit/"


def facts(article: Article) -> dict[str, str]:
    return Article.objects.get(pk=article.pk).facts


def box(visitor: Visitor, article: Article) -> dict[str, str]:
    rows = soup(visitor.opens(article.get_absolute_url())).select("dl.facts > div")
    return {row.dt.get_text(strip=True): row.dd.get_text(" ", strip=True) for row in rows}


def control(visitor: Visitor, article: Article, key: str):
    return soup(visitor.opens(edit_url(article))).select_one(f"[name=fact_{key}]")


# -- making a kind ------------------------------------------------------------------------------------------------


def test_keys_come_from_names_and_stay_when_names_change(kind):
    assert (kind.slug, kind.get_absolute_url()) == ("visit-report", "/wiki/kinds/visit-report/")
    keys = list(kind.fields.values_list("key", flat=True))
    assert keys[:4] == ["purpose", "findings", "visited_on", "cost"]
    cost = kind.fields.get(key="cost")
    cost.label = "Cost in euros"
    cost.save()
    assert cost.key == "cost"
    kind.name = "Report of a visit"
    kind.save()
    assert kind.slug == "visit-report"


def test_names_that_make_the_same_key_or_none_get_keys_of_their_own(kind):
    made = [
        FactField.objects.create(template=kind, label=label).key for label in ("Cost", "Cost!", "Цена", "代")
    ]
    assert made == ["cost_2", "cost_3", "fact", "fact_2"]
    assert ArticleTemplate.objects.create(name="Visit report!").slug == "visit-report-2"
    assert ArticleTemplate.objects.create(name="Отчёт").slug == "kind"


# -- writing ------------------------------------------------------------------------------------------------------


def test_facts_of_every_type_are_asked_for_kept_and_shown(kind, reader, samuel):
    OfficeFactory(name="Trade Office", acronym="TRO")
    form = reader.form("/wiki/new/", kind="visit-report", title="Visit to Accra")
    assert form["body"].strip() == "## Purpose"
    answer = reader.sends(
        "/wiki/new/", form, action="publish", fact_purpose="Ports", fact_findings="One.\r\nTwo.",
        fact_visited_on="2026-03-01", fact_cost="1200.50", fact_result="Mixed", fact_follow_up_agreed="yes",
        fact_country="gha", fact_language_used="fra", fact_led_by="@samuel.okafor", fact_office="TRO",
        fact_programme="example.org/x",
    )  # fmt: skip
    assert answer.status_code == 302, words(answer)
    article = Article.objects.get(title="Visit to Accra")
    assert article.facts == {
        "purpose": "Ports", "findings": "One.\nTwo.", "visited_on": "2026-03-01", "cost": "1200.50",
        "result": "Mixed", "follow_up_agreed": "yes", "country": "gha", "language_used": "French",
        "led_by": "samuel.okafor", "office": "Trade Office", "programme": "https://example.org/x",
    }  # fmt: skip
    shown = box(reader, article)
    assert shown["Visited on"] == "1 March 2026"
    assert (shown["Follow-up agreed"], shown["Country"]) == ("Yes", "Ghana")
    assert shown["Led by"] == "Samuel Okafor"
    reader.publishes(edit_url(article))
    assert Article.objects.get(pk=article.pk).edits.count() == 1  # untouched, it is no edit


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        ("visited_on", "2026-02-30"),
        ("cost", "cheap"),
        ("cost", "1e999999"),
        ("result", "Perfect"),
        ("country", "Atlantis"),
        ("language_used", "Klingonese"),
        ("led_by", "nobody.here"),
        ("office", "Office of Nothing"),
        ("programme", "javascript:alert(1)"),
        ("purpose", "x" * 2001),
    ],
)
def test_what_does_not_fit_is_refused_with_everything_kept(kind, reader, key, bad):
    article = page()
    answer = reader.sends(
        edit_url(article),
        reader.form(edit_url(article)),
        action="publish",
        body="My words.",
        **{f"fact_{key}": bad},
    )
    assert answer.status_code == 422
    assert soup(answer).select_one(f"#id_fact_{key}_error")
    kept = fields_of(answer)
    assert kept["body"].strip() == "My words."
    assert kept[f"fact_{key}"] == bad
    assert facts(article) == {}


def led_by(reader: Visitor, name: str) -> str:
    """State who led a visit; return what became the fact, or what was said instead."""
    article = Article.objects.filter(title="Visit to Accra").first() or page()
    answer = reader.publishes(edit_url(article), fact_led_by=name)
    said = soup(answer).select_one("#id_fact_led_by_error") if answer.status_code == 422 else None
    return said.get_text(" ", strip=True) if said else facts(article).get("led_by", "")


def named(first: str, last: str, username: str, **about: object) -> User:
    """A colleague with this name."""
    user = UserFactory(first_name=first, last_name=last, username=username)
    Profile.objects.get(user=user).save()  # its name is its user's
    Profile.objects.filter(user=user).update(**about)
    return user


def test_a_name_that_several_colleagues_have_is_asked_about(kind, reader):
    named("Ana", "Lima", "ana.lima.2")
    named("Ana", "Lima", "ana.lima")
    said = led_by(reader, "Ana Lima")
    assert "Several colleagues are called “Ana Lima”: ana.lima, ana.lima.2." in said
    assert led_by(reader, "Ana.Lima.2") == "ana.lima.2"


def test_a_name_means_who_is_here_before_who_has_left(kind, reader):
    gone = named("Ana", "Lima", "ana.lima", left_at="2020-01-01")
    assert led_by(reader, "Ana Lima") == "ana.lima", "who has left may have led a visit"
    named("Ana", "Lima", "ana.lima.2")
    assert led_by(reader, "Ana Lima") == "ana.lima.2"
    assert led_by(reader, gone.username) == gone.username


def test_no_browser_refuses_or_swallows_what_the_wiki_would_take(kind, reader):
    article = page()
    assert [control(reader, article, key)["type"] for key in ("cost", "programme")] == ["text", "text"]


def test_a_new_page_that_is_refused_says_nothing_of_revisions(kind, reader):
    answer = reader.publishes("/wiki/new/?kind=visit-report&title=Visit", fact_cost="cheap")
    assert answer.status_code == 422
    assert "revision" not in words(answer)


def test_lines_of_a_long_fact_stay_lines(kind, reader):
    shown = soup(reader.opens(page(findings="One.\n<b>Two.").get_absolute_url())).select_one("dl.facts dd")
    assert shown.decode_contents() == "One.<br/>&lt;b&gt;Two."


def test_expected_facts_are_named_and_never_stop_anybody(kind, reader):
    change(kind, "cost", required=True)
    article = page()
    assert "Expected: Cost" in reader.sees(edit_url(article))
    assert reader.publishes(edit_url(article), body="Two.").status_code == 302
    reader.publishes(edit_url(article), fact_cost="5")
    assert "Expected:" not in reader.sees(edit_url(article))


def test_expected_facts_are_named_in_the_readers_language(kind, reader, french):
    change(kind, "cost", required=True, label="Country")
    shown = words(reader.opens(edit_url(page())))
    assert "Attendu" in shown
    assert "Pays" in shown.split("Attendu", 1)[1][:20]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3,5", "3.5"),
        ("1 000", "1000"),
        ("1\u00a0234\u202f567,80", "1234567.80"),
        ("-12\u2009000", "-12000"),
        ("3.5", "3.5"),
    ],
)
def test_numbers_are_taken_as_french_writes_them(kind, reader, french, typed, kept):
    article = page()
    assert reader.publishes(edit_url(article), fact_cost=typed).status_code == 302
    assert facts(article) == {"cost": kept}


@pytest.mark.parametrize("typed", ["1,2,3", "1.000,5", "1 2", "1 0000"])
def test_numbers_that_could_mean_two_things_are_asked_about(kind, reader, french, typed):
    assert reader.publishes(edit_url(page()), fact_cost=typed).status_code == 422


def test_english_writes_no_number_with_a_comma_for_a_point(kind, reader):
    article = page()
    assert reader.publishes(edit_url(article), fact_cost="3,500").status_code == 422
    assert reader.publishes(edit_url(article), fact_cost="3\u00a0500").status_code == 302
    assert facts(article) == {"cost": "3500"}


# -- changing the kind afterwards -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "type_"),
    [
        ("purpose", "in spring", "date"),
        ("purpose", "about 300", "number"),
        ("purpose", "1e3", "number"),
        ("purpose", "01/02/2026", "date"),
        ("purpose", "Ports", "choice"),
        ("purpose", "Ghana and Togo", "country"),
        ("purpose", "the intranet", "link"),
        ("purpose", "/wiki/ports/", "link"),
        ("purpose", "Ambassador Mensah", "person"),
        ("purpose", "maybe", "yes-no"),
        ("purpose", "a dialect", "language"),
        ("purpose", "Section 7", "office"),
        ("findings", "One.\nTwo.", "text"),
        ("purpose", "x" * 2500, "text"),
    ],
)
def test_a_fact_that_does_not_fit_its_type_any_more_stays_until_somebody_changes_it(
    kind, reader, key, value, type_
):
    article = page(**{key: value})
    change(kind, key, type=type_, choices="Good\nBad" if type_ == "choice" else "")
    opened = reader.opens(edit_url(article))
    form = fields_of(opened)
    assert form[f"fact_{key}"].replace("\r\n", "\n") == value
    assert soup(opened).select_one(f"[name=fact_{key}]").get("type", "text") in ("text", "")
    assert reader.sends(edit_url(article), form, action="publish", body="Two.").status_code == 302
    assert facts(article) == {key: value}
    assert "Two." in reader.sees(article.get_absolute_url())
    reader.publishes(edit_url(article), **{f"fact_{key}": ""})
    assert facts(article) == {}


def test_a_choice_that_is_not_offered_any_more_stays_chosen(kind, reader):
    article = page(result="Mixed")
    change(kind, "result", choices="Good\nBad")
    assert [o.get_text() for o in control(reader, article, "result").select("option")][-1] == (
        "Mixed (not offered any more)"
    )
    reader.publishes(edit_url(article), body="Two.")
    assert facts(article) == {"result": "Mixed"}
    fresh = write("Another", "One.", kind="visit-report")
    assert reader.publishes(edit_url(fresh), fact_result="Mixed").status_code == 422


def test_facts_that_the_kind_asks_for_no_longer_can_be_changed_and_taken_away(kind, reader):
    article = page(cost="300", purpose="Ports")
    kind.fields.filter(key="cost").delete()
    assert box(reader, article) == {"Purpose": "Ports", "Cost": "300"}
    reader.publishes(edit_url(article), body="Two.")
    assert facts(article) == {"cost": "300", "purpose": "Ports"}
    reader.publishes(edit_url(article), fact_cost="400")
    assert facts(article) == {"cost": "400", "purpose": "Ports"}
    reader.publishes(edit_url(article), fact_cost="")
    assert facts(article) == {"purpose": "Ports"}


def test_a_kind_changed_while_somebody_writes_loses_nothing(kind, reader):
    article = page(purpose="Ports")
    form = reader.form(edit_url(article)) | {"fact_cost": "300"}
    kind.fields.filter(key="cost").delete()
    FactField.objects.create(template=kind, label="Weather")
    revise(article, "One.", facts={"purpose": "Ports", "weather": "Hot"})
    assert reader.sends(edit_url(article), form, action="publish", base=2).status_code == 302
    assert facts(article) == {"purpose": "Ports", "weather": "Hot", "cost": "300"}


def test_a_draft_shows_what_was_typed_and_it_is_still_refused(kind, reader):
    article = page()
    form = reader.form(edit_url(article)) | {"fact_visited_on": "next week"}
    reader.sends(f"/drafts/?page={article.wiki_slug}", form)
    draft = reader.user.drafts.get()
    resumed = reader.form(reader.opens(draft.get_absolute_url()).url)
    assert resumed["fact_visited_on"] == "next week"
    assert reader.sends(edit_url(article), resumed, action="publish").status_code == 422


def test_a_conflict_and_a_comparison_name_facts_as_the_page_does(kind, reader):
    change(kind, "cost", label="Cost in euros")
    article = page(cost="1", country="gha")
    form = reader.form(edit_url(article)) | {"fact_cost": "2", "fact_country": "tgo"}
    revise(article, "One.", facts={"cost": "3", "country": "ben"})
    answer = reader.sends(edit_url(article), form, action="publish")
    assert answer.status_code == 409
    said = words(answer)
    assert "Cost in euros" in said
    assert "Theirs: Benin" in said
    assert "Yours: Togo" in said
    answer = reader.sends(edit_url(article), fields_of(answer), action="publish", **{"fact-cost": "theirs"})
    assert answer.status_code == 302
    assert facts(article) == {"cost": "3", "country": "tgo"}
    compared = reader.sees(f"{article.get_absolute_url()}compare/", **{"from": 2, "to": 3})
    assert "Benin" in compared
    assert "Togo" in compared


# -- in the administration ------------------------------------------------------------------------------------------

ADD = "/admin/snippets/diplopedia/articletemplate/add/"


def rows(*labels: str, **first: str) -> dict[str, str]:
    """Return what the form of a kind sends for its facts."""
    sent = {
        "name": "Visit report", "plural": "", "description": "", "outline": "", "review_every": "", "order": "100",
        "fields-TOTAL_FORMS": str(len(labels)), "fields-INITIAL_FORMS": "0",
        "fields-MIN_NUM_FORMS": "0", "fields-MAX_NUM_FORMS": "1000",
    }  # fmt: skip
    for n, label in enumerate(labels):
        row = {
            "label": label,
            "type": "text",
            "choices": "",
            "help_text": "",
            "in_box": "on",
            "ORDER": str(n + 1),
        }
        sent |= {f"fields-{n}-{name}": value for name, value in (row | (first if n == 0 else {})).items()}
    return sent


def test_a_kind_is_made_without_naming_a_key(administrator, reader):
    admin = Visitor(administrator)
    assert not soup(admin.opens(ADD)).select("input[name=slug], input[name$=-key]")
    assert (
        admin.sends(ADD, rows("Result", "Cost", "Cost", type="choice", choices="Good\nBad")).status_code
        == 302
    )
    kind = ArticleTemplate.objects.get(name="Visit report")
    assert list(kind.fields.values_list("key", flat=True)) == ["result", "cost", "cost_2"]
    assert "Visit report" in reader.sees("/wiki/new/")


def test_a_choice_without_choices_is_refused_with_words(administrator):
    answer = Visitor(administrator).sends(ADD, rows("Result", type="choice"))
    assert "Write down what one can choose, one a line." in words(answer)
    assert not ArticleTemplate.objects.filter(name="Visit report").exists()


@pytest.mark.parametrize("door", ["delete/{}/", "../../../bulk/diplopedia/articletemplate/delete/?id={}"])
def test_a_kind_that_has_pages_is_not_deleted_and_says_why(administrator, kind, door):
    page()
    admin, home = Visitor(administrator), "/admin/snippets/diplopedia/articletemplate/"
    url = urljoin(home, door.format(kind.pk))
    for tries in (admin.opens, admin.sends):
        assert tries(url).url == home
        assert "“Visit report” has 1 page and stays." in admin.opens(home).content.decode()
    assert ArticleTemplate.objects.filter(pk=kind.pk).exists()
    Article.objects.update(template=None)
    admin.sends(url)
    assert not ArticleTemplate.objects.filter(pk=kind.pk).exists()


def test_who_may_delete_kinds_reads_nothing_of_how_many_pages_are_kept_from_them(kind, samuel, member):
    keep_to(page(), Group.objects.get(name="Negotiators"), by=member)
    for name in ("access_admin", "view_articletemplate", "delete_articletemplate"):
        samuel.user_permissions.add(Permission.objects.get(codename=name))
    clerk, home = Visitor(samuel), "/admin/snippets/diplopedia/articletemplate/"
    assert clerk.sends(f"{home}delete/{kind.pk}/").url == home
    assert "“Visit report” has pages and stays." in clerk.opens(home).content.decode()
    assert ArticleTemplate.objects.filter(pk=kind.pk).exists()


# -- browsing -------------------------------------------------------------------------------------------------------


def listed(visitor: Visitor, **asked: object) -> list[str]:
    shown = soup(visitor.opens("/wiki/kinds/visit-report/", **asked))
    return [row.a.get_text(strip=True) for row in shown.select(".plain--list > li")]


def report(title: str, **facts: str) -> Article:
    return write(title, "One.", kind="visit-report", facts=facts)


def test_pages_of_a_kind_are_narrowed_by_their_facts(kind, reader, samuel, member):
    first = {"result": "Good", "country": "gha", "visited_on": "2026-03-01", "follow_up_agreed": "yes"}
    report("Accra", **first, led_by="samuel.okafor", language_used="French", purpose="Ports")
    report("Lomé", result="Good", country="tgo", visited_on="2025-03-01")
    report("Cotonou", result="Mixed", country="ben", visited_on="some day")
    secret = report("Secret", result="Bad")
    keep_to(secret, *member.groups.all(), by=member)
    assert listed(reader) == ["Accra", "Cotonou", "Lomé"]
    assert listed(reader, fact_result="Good") == ["Accra", "Lomé"]
    assert listed(reader, fact_result=["Good", "Mixed"], fact_visited_on="2026") == ["Accra"]
    assert listed(reader, fact_country="tgo", fact_result="Mixed") == []
    shown = soup(reader.opens("/wiki/kinds/visit-report/", fact_result="Good"))
    facets = {one.legend.get_text(): one.get_text(" ", strip=True) for one in shown.select("fieldset.facet")}
    assert facets["Result"] == "Result Good 2 Mixed 1"
    assert facets["Visited on"] == "Visited on 2025 1 2026 1"
    assert facets["Led by"] == "Led by Samuel Okafor 1"
    assert (facets["Country"], facets["Follow-up agreed"]) == (
        "Country Ghana 1 Togo 1",
        "Follow-up agreed Yes 1",
    )
    assert not {"Purpose", "Findings", "Cost"} & facets.keys()
    assert [chip.get_text(" ", strip=True) for chip in shown.select(".chips .chip")] == [
        "Remove: Result: Good"
    ]
