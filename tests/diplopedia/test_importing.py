"""Importing other people's files: stories told through the command and the pages it makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from diplopedia import actions
from diplopedia.actions import Change, saving
from diplopedia.importing import articles, runs
from diplopedia.importing.links import Names, rewrite, tidy
from diplopedia.importing.titles import clean
from diplopedia.models import Alias, Article, ArticleTemplate, Edit, SourceRecord
from diplopedia.versions import Version
from people.models import Assignment, Language, LanguageSkill, Office, Post, Profile, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Import records, or raw lines, and return what the command said."""

    def imports(*found: dict[str, Any] | str, name: str = "lines.jsonl", **options: Any) -> str:
        path = tmp_path / name
        lines = [line if isinstance(line, str) else json.dumps(line) for line in found]
        path.write_text("\n".join(lines), encoding="utf-8")
        call_command("import_content", str(path), **options)
        return capsys.readouterr().out

    return imports


def article(source_id: str, title: str, body: str = "Some words.", **more: Any) -> dict[str, Any]:
    return {"record": "article", "id": source_id, "type": "case-study", "title": title, "body": body, **more}


def staff(source_id: str, name: str, **more: Any) -> dict[str, Any]:
    handle = name.lower().replace(" ", ".")
    email = f"{handle}@ministry.example"
    return {
        "record": "staff",
        "id": source_id,
        "username": handle,
        "display_name": name,
        "email": email,
        **more,
    }


def titled(title: str) -> Article:
    return Article.objects.get(title=title)


# --- what a line becomes -----------------------------------------------------------------------------------------


def test_an_article_keeps_its_kind_facts_places_and_names(run, client_for, outsider):
    run(
        article(
            "one",
            "Sputnik, 1957",
            "It **beeped**.",
            type="space-race",
            period="1957",
            infobox={"launch": "**Baikonur**"},
            countries=["USA"],
            tags=["satellites"],
            aliases=["Prosteyshiy Sputnik"],
        )
    )
    page = titled("Sputnik, 1957")
    assert page.template == ArticleTemplate.objects.get(slug="space-race", name="Space race")
    assert page.facts == {"launch": "Baikonur", "period": "1957"}
    assert [region.code for region in page.regions.all()] == ["usa"]
    assert [tag.name for tag in page.tags.all()] == ["satellites"]
    assert [alias.title for alias in page.other_names.all()] == ["Prosteyshiy Sputnik"]
    response = client_for(outsider).get(page.get_absolute_url())
    assert "<strong>beeped</strong>" in response.content.decode()


def test_an_author_known_by_a_repository_alone_is_an_inactive_placeholder(run):
    run(article("one", "A", source={"repo": "Archive/milestones", "path": "a.xml"}), article("two", "B"))
    author = titled("A").edits.get().author
    assert (author.origin, author.is_active, author.has_usable_password()) == (
        "Archive/milestones",
        False,
        False,
    )
    assert author.profile.name == "Archive/milestones"
    assert titled("B").edits.get().author.origin == "lines.jsonl"
    record = SourceRecord.objects.get(source_id="one")
    assert record.detail["source"]["path"] == "a.xml"


def test_history_is_replayed_with_its_authors_dates_and_kinds(run):
    texts = ["First.", "First.\n\nSecond.", "Nonsense.", "First.\n\nSecond."]
    kinds = ["create", "edit", "edit", "revert"]
    revisions = [
        {
            "author": author,
            "on": f"2024-0{n}-01T10:00:00Z",
            "summary": f"Step {n}",
            "kind": kind,
            "body": body,
        }
        for n, (author, kind, body) in enumerate(zip(["s1", "s2", "s1", "s2"], kinds, texts, strict=True), 1)
    ]
    run(
        article(
            "one",
            "A",
            texts[-1],
            revisions=revisions,
            verified={"by": "s1", "on": "2024-05-01", "revision": 2},
        ),
        staff("s1", "Ana Silva"),
        staff("s2", "Bo Lund", left="2024-12-31"),
    )
    edits = list(titled("A").edits.order_by("number"))
    assert [edit.kind for edit in edits] == kinds
    assert [edit.author.username for edit in edits] == ["ana.silva", "bo.lund", "ana.silva", "bo.lund"]
    assert [edit.body for edit in edits] == texts
    assert edits[1].created.isoformat() == "2024-02-01T10:00:00+00:00"
    assert titled("A").verified_edit == edits[1]
    assert not User.objects.get(username="bo.lund").is_active


def test_colleagues_bring_languages_skills_posts_and_offices_in_any_order(run):
    run(
        staff(
            "s1",
            "Suharyanto",
            office="o2",
            current={"kind": "mission", "post_id": "p1", "since": 2023},
            previous_posts=[
                {"kind": "headquarters", "unit": "Planning", "from": 2019, "to": 2023, "role": "Analyst"}
            ],
            languages=[{"code": "ind", "speaking": "4+", "reading": "4", "tested": 2024}, {"code": "zzz"}],
            skills=[{"name": "Fisheries", "level": 3, "ask": True}],
            country_expertise=["indonesia", {"code": "mys", "depth": 3, "years": 4, "audience": "office"}],
            education=[{"institution": "Universitas Airlangga", "subject": "Law", "until": 2008}],
            groups=["Crisis cell"],
            available={"tdy": True},
        ),
        {"record": "office", "id": "o2", "name": "Asia Directorate", "parent": "o1"},
        {"record": "office", "id": "o1", "name": "Bureau of Asia", "kind": "bureau"},
        {"id": "p1", "city": "Jakarta", "country_id": "indonesia", "post_type": "embassy", "opened": "1950"},
    )
    profile = Profile.objects.get(user__username="suharyanto")
    assert str(profile.office) == "Asia Directorate"
    assert profile.office.parent.name == "Bureau of Asia"
    assert profile.post.country.code == "idn"
    assert profile.post.opened == 1950
    assert str(profile.language_skills.get()) == "Indonesian 4+/4"
    assert profile.expertise.get(region__code="mys").audience == "office"
    assert profile.skills.get(tag__name="Fisheries").level == 3
    assert [str(job) for job in profile.assignments.all()] == [
        "Jakarta (2023–now)",
        "Analyst, Planning (2019–2023)",
    ]
    assert str(profile.education.get()) == "Law, Universitas Airlangga, 2008"
    assert profile.user.groups.get().name == "Crisis cell"
    assert profile.available_tdy
    assert not profile.available_questions


def test_a_historical_person_is_a_record_to_which_nothing_is_added(run):
    appointments = [
        {
            "role": "Envoy",
            "country_id": "colombia",
            "country": "Colombia",
            "started": "1889-06-22",
            "ended": "1893",
        },
        {
            "role": "Envoy",
            "country_id": "prussia",
            "country": "Prussia",
            "appointed": "1850-02",
            "note": "Declined appointment.",
        },
    ]
    person = {"id": "abbott", "name": "John Abbott", "surname": "Abbott", "forenames": "John", "born": "1850"}
    run({**person, "died": "1914", "appointments": appointments})
    profile = Profile.objects.records().get()
    assert (profile.name, profile.sort_name, profile.lifespan) == ("John Abbott", "Abbott, John", "1850–1914")
    assert not profile.user.is_active
    assert [(job.title, str(job.place), job.years, job.note) for job in profile.assignments.all()] == [
        ("Envoy", "Colombia", "1889–1893", ""),
        ("Envoy, Prussia", "", "1850", "Declined appointment."),
    ]
    assert not LanguageSkill.objects.filter(profile=profile).exists()


# --- links ---------------------------------------------------------------------------------------------------------


def test_links_lead_to_articles_and_people_whatever_their_order(run, client_for, outsider):
    body = "See [the *Sputnik* launch](wiki:b), [John](person:abbott) and [nobody](person:gone)."
    said = run(
        article("a", "A", body),
        article("b", "Sputnik, 1957"),
        {"id": "abbott", "name": "John Abbott", "appointments": []},
    )
    page = titled("A")
    assert page.body == "See [[Sputnik, 1957|the Sputnik launch]], [[@john.abbott|John]] and nobody."
    assert "lines.jsonl:1: person “gone” was never imported" in said
    shown = client_for(outsider).get(page.get_absolute_url()).content.decode()
    assert f'href="{titled("Sputnik, 1957").get_absolute_url()}"' in shown
    assert 'href="/people/john.abbott/"' in shown
    assert "person:" not in shown
    assert "3 links by source id" in said
    assert "2 of these page links" in said


def test_links_lead_to_what_an_earlier_import_brought(run):
    run(article("b", "B"))
    run(article("a", "A", "[b](wiki:b)"))
    assert titled("A").body == "[[B|b]]"


def test_a_link_finds_its_target_when_that_comes_later(run):
    first = article("a", "A", "[b](wiki:b)")
    run(first)
    assert titled("A").body == "b"
    run(article("b", "B"))
    run(first)
    assert titled("A").body == "[[B|b]]"


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("[a](wiki:x)", "[[X|a]]"),
        ("[X](wiki:x)", "[[X]]"),
        ("[a](wiki:x#part)", "[[X#part|a]]"),
        ('[a](wiki:x "hint")', "[[X|a]]"),
        ("[a [b] c](wiki:x)", "[[X|a (b) c]]"),
        ("[a|b](wiki:x)", "[[X|a/b]]"),
        ("[two\nlines](wiki:x)", "[[X|two lines]]"),
        ("<wiki:x>", "[[X]]"),
        ("[a](wiki:none)", "a"),
        ("[snake_case](wiki:x)", "[[X|snake_case]]"),
        ("[a](https://example.org)", "[a](https://example.org)"),
    ],
)
def test_forms_of_links(text: str, becomes: str) -> None:
    names = Names(article={"x": ("en", "X")}.get, person={}.get)
    assert rewrite(text, "en", names).text == becomes


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("*2020:*the League", "*2020:* the League"),
        ("41.6%*2018:* Milos", "41.6% *2018:* Milos"),
        ("**Note:**word", "**Note:** word"),
        ("country**** **note:** x", "country **note:** x"),
        ("of vote*-* Denis", "of vote- Denis"),
        ("2 islands* are; Barbuda*, Redonda*", "2 islands* are; Barbuda*, Redonda*"),
        ("*a* and **b**, 2*3*4", "*a* and **b**, 2*3*4"),
        ("* item: one\n* item: two", "* item: one\n* item: two"),
    ],
)
def test_emphasis_shows_as_its_author_meant(text: str, becomes: str) -> None:
    assert tidy(text) == becomes


# --- titles --------------------------------------------------------------------------------------------------------


def test_articles_of_one_title_get_qualifiers_and_share_the_plain_name(run, client_for, outsider):
    run(
        article("a", "Conclusion", period="1945–1952"),
        article("b", "Conclusion", countries=["taiwan"]),
        article("c", "Conclusion", source={"path": "history/end.xml"}),
        article("d", "Elsewhere", "[the end](wiki:c)"),
    )
    titles = ["Conclusion (1945–1952)", "Conclusion (Taiwan)", "Conclusion (end)"]
    assert (
        sorted(Article.objects.filter(title__startswith="Conclusion").values_list("title", flat=True))
        == titles
    )
    assert Alias.objects.filter(title="Conclusion").count() == 3
    assert titled("Elsewhere").body == "[[Conclusion (end)|the end]]"


def test_qualifiers_do_not_depend_on_what_was_imported_before(run):
    lines = [article(name, "Conclusion", period=name) for name in ("1901", "1902", "1903")]
    run(lines[1], lines[0], name="a.jsonl")
    run(*lines, name="b.jsonl")
    assert set(Article.objects.values_list("title", flat=True)) == {
        f"Conclusion ({n})" for n in (1901, 1902, 1903)
    }


def test_a_title_that_somebody_here_has_already_gets_a_qualifier(run, outsider):
    actions.create_article("Kenya", Version(body="Ours."), Change(outsider))
    run(article("k", "Kenya", type="country-profile", countries=["kenya"]))
    assert titled("Kenya").body == "Ours."
    assert titled("Kenya (country profile)").body == "Some words."


def test_titles_lose_what_links_cannot_hold():
    assert clean("A [b] | c\n#1") == "A (b) / c №1"
    long = clean("word " * 60)
    assert len(long) <= 200
    assert long.endswith("word…")


# --- broken lines ----------------------------------------------------------------------------------------------------


def test_broken_lines_are_named_with_the_reason_and_stop_nothing(run, settings):
    settings.ARTICLE_MAX_CHARACTERS = 1000
    said = run(
        "{not json",
        "[1, 2]",
        '{"id": "x"}',
        '{"record": "planet", "id": "x"}',
        {"record": "article", "title": "No id", "body": "x"},
        article("empty", "   "),
        article("nothing", "Nothing", ""),
        article("large", "Large", "x" * 1001),
        article("odd", "Odd", countries="kenya"),
        article("nul", "With \u0000 in it", "Text\u0000."),
        staff("s1", "Ana Silva", languages=[{"code": "fra", "speaking": "9"}]),
        article("good", "Good", countries=["atlantis"]),
        article("good", "Good again"),
    )
    assert titled("Good")
    assert titled("With in it").body == "Text."
    for line, reason in (
        (1, "Not JSON"),
        (2, "Not a JSON object"),
        (3, "Nothing says what this is"),
        (4, "“record” is “planet”"),
        (5, "“id” is missing"),
        (6, "“title” is missing"),
        (7, "“body” is missing"),
        (8, "1,001 characters"),
        (9, "“countries” must be a list"),
        (11, "“9” is not an ILR level"),
        (12, "no country or region “atlantis” here"),
        (13, "“good” stands at lines.jsonl:12 already"),
    ):
        assert any(
            text.startswith(f"lines.jsonl:{line}:") and reason in text for text in said.splitlines()
        ), reason
    assert not User.objects.filter(username="ana.silva").exists()
    assert Article.objects.count() == 2


def test_strict_fails_after_importing_what_it_can(run):
    with pytest.raises(CommandError, match="1 lines were skipped"):
        run("{", article("a", "A"), strict=True)
    assert titled("A")


def test_a_missing_file_is_named():
    with pytest.raises(CommandError, match=r"No such file: nowhere\.jsonl"):
        call_command("import_content", "nowhere.jsonl")


def test_a_dry_run_changes_nothing_and_says_what_it_would(run):
    said = run(article("a", "A"), dry_run=True)
    assert "1 created" in said
    assert "Nothing was changed" in said
    assert not Article.objects.exists()
    assert not SourceRecord.objects.exists()


def test_the_whole_report_goes_to_a_file(run, tmp_path):
    run(*["{"] * 60, report=tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text().count("skipped. Not JSON") == 60


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_second_import_changes_only_what_changed(run):
    lines = [article("a", "A", "Old."), article("b", "B"), staff("s1", "Ana Silva", job_title="Desk officer")]
    run(*lines)
    said = run(article("a", "A", "New."), lines[1], {**lines[2], "job_title": "Head of desk"})
    assert "article  0 created, 1 updated, 1 unchanged" in said
    assert "staff    0 created, 1 updated" in said
    assert titled("A").body == "New."
    assert [edit.kind for edit in titled("A").edits.all()] == ["import", "import"]
    assert titled("B").edits.count() == 1
    assert Profile.objects.get(user__username="ana.silva").title == "Head of desk"
    assert Article.objects.count() == 2


def test_a_line_that_changed_without_changing_the_article_makes_no_edit(run):
    run(article("a", "A"))
    said = run({**article("a", "A"), "comment": "nothing new"})
    assert "1 unchanged" in said
    assert titled("A").edits.count() == 1


def test_what_was_edited_here_is_merged_with_what_is_new_at_the_source(run, outsider):
    run(article("a", "A", "One.\n\nTwo.\n\nThree."))
    page = titled("A")
    actions.save_edit(page, Version(body="One, ours.\n\nTwo.\n\nThree."), Change(outsider), base=1)
    run(article("a", "A", "One.\n\nTwo.\n\nThree, theirs."))
    assert titled("A").body == "One, ours.\n\nTwo.\n\nThree, theirs."


def test_what_both_edited_stays_as_it_is_here_and_is_reported(run, outsider):
    run(article("a", "A", "One."))
    actions.save_edit(titled("A"), Version(body="Ours."), Change(outsider), base=1)
    said = run(article("a", "A", "Theirs."))
    assert "Edited here and at its source in the same place (the text)" in said
    assert titled("A").body == "Ours."


def test_a_new_title_at_the_source_renames_and_the_old_one_still_leads_there(run):
    run(article("a", "Old title"))
    run(article("a", "New title"))
    page = titled("New title")
    assert [(alias.title, alias.kind) for alias in page.other_names.all()] == [("Old title", "former")]
    assert page.edits.count() == 2


def test_an_import_that_was_killed_is_completed_by_the_next(run, monkeypatch):
    lines = [article(f"a{n}", f"Title {n}", f"[x](wiki:a{n + 1})") for n in range(60)]
    save, saved = articles.save_article, []

    def killed(*args: Any) -> Any:
        if len(saved) == 40:
            raise KeyboardInterrupt
        saved.append(1)
        return save(*args)

    monkeypatch.setitem(runs.SAVERS, "article", killed)
    with pytest.raises(KeyboardInterrupt):
        run(*lines)
    there = Article.objects.count()
    assert there == SourceRecord.objects.filter(kind="article").count() == 25
    monkeypatch.setitem(runs.SAVERS, "article", save)
    said = run(*lines)
    assert "article  35 created, 0 updated, 25 unchanged" in said
    assert Article.objects.count() == Edit.objects.count() == 60


def test_a_kind_made_by_a_line_that_failed_is_made_again_by_the_next(run):
    run(article("a", "A", "x" * 400_001, type="fable"), article("b", "B", type="fable"))
    assert titled("B").template.slug == "fable"


# --- who may read ----


def test_a_restricted_article_is_never_open(run, monkeypatch, outsider, member, client_for):
    seen = []
    original = saving.write_revision

    def watch(*args: Any, **kwargs: Any) -> Edit:
        edit = original(*args, **kwargs)
        seen.append(edit.number)
        return edit

    monkeypatch.setattr(saving, "write_revision", watch)
    revisions = [{"author": "x", "kind": "create", "body": "a"}, {"author": "x", "kind": "edit", "body": "b"}]
    run(article("s", "Secret", "b", restricted_to={"groups": ["Negotiators"]}, revisions=revisions))
    page = titled("Secret")
    assert seen == [1, 2]
    assert page.restricted
    assert client_for(outsider).get(page.get_absolute_url()).status_code == 404
    assert client_for(member).get(page.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "kept_to", [{"offices": ["nowhere"]}, {"groups": []}, {"groups": ["A"], "offices": ["nowhere"]}]
)
def test_an_article_for_somebody_unknown_is_not_imported_at_all(run, kept_to):
    said = run(article("s", "Secret", restricted_to=kept_to))
    assert "“restricted_to” names" in said
    assert not Article.objects.exists()
    assert not Group.objects.filter(name="A").exists()


def test_an_import_tightens_but_never_opens(run, outsider, client_for):
    run(article("s", "Secret"))
    run(article("s", "Secret", restricted_to={"groups": ["Negotiators"]}))
    assert client_for(outsider).get(titled("Secret").get_absolute_url()).status_code == 404
    said = run(article("s", "Secret", "Changed."))
    assert "restricted here and no longer at its source" in said
    assert titled("Secret").restricted


def test_a_language_gets_the_names_that_only_the_line_knows(run):
    line = {"code": "pus", "name": "Pashto", "other_names": ["Paxto"], "native_name": "x", "territories": []}
    run(line)
    pashto = Language.objects.get(code="pus")
    assert "Paxto" in pashto.other_names
    assert pashto.native_name == "پښتو"
    assert "1 unchanged" in run(line)
    rare = {
        "code": "xwo",
        "name": "Oirat",
        "territories": [{"iso2": "RU", "percent": 0.1, "official": "yes"}],
    }
    assert "1 created" in run(rare)
    assert Language.objects.get(code="xwo").countries == ["rus"]
    assert "is no language of ISO 639-3" in run({"code": "zz", "name": "Zz", "territories": []})


def test_a_language_takes_no_name_that_means_something_else(run):
    line = {"code": "pus", "name": "Pashto", "other_names": ["Dari", "Kenya", "Pax"], "territories": []}
    said = run(line)
    assert not {"Dari", "Kenya", "Pax"} & set(Language.objects.get(code="pus").other_names)
    assert "the name “Kenya” is short, or names something else here: left out." in said


def test_two_posts_in_one_city_have_their_own_addresses(run):
    run(
        *(
            {"id": name, "city": "Geneva", "country_id": "switzerland", "post_type": name}
            for name in ("embassy", "mission")
        )
    )
    assert set(Post.objects.values_list("slug", flat=True)) == {"geneva", "geneva-2"}
    assert not Office.objects.filter(slug="geneva").exists()
    assert not Assignment.objects.exists()
