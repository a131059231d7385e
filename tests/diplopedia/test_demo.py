"""The demonstration: loaded once, completed after an interruption, and taken out without touching real work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from wagtail.models import Locale

from diplopedia import actions
from diplopedia.actions import Change
from diplopedia.importing import country_pages, demo, runs
from diplopedia.models import Article, ArticleTemplate, Edit, SourceRecord
from diplopedia.versions import Version
from discussion.actions import reply
from discussion.models import Comment, Thread
from notices.models import Event
from people.models import Office, Profile, User

pytestmark = pytest.mark.django_db

OFFICES = [
    {"record": "office", "id": "demo-hr", "name": "Human Resources"},
    {"record": "office", "id": "demo-af", "name": "Bureau of Africa", "parent": "demo-hr"},
]
POSTS = [{"record": "post", "id": "demo-kabul", "city": "Kabul", "iso3": "afg", "post_type": "embassy"}]
PAGES = [
    {
        "record": "article",
        "id": "demo-tea",
        "type": "custom",
        "title": "Green tea first",
        "body": "Sit down. See [[Afghanistan]].",
        "countries": ["afg"],
        "tags": ["tea"],
        "aliases": ["Tea"],
        "contacts": ["d001"],
        "office": "demo-hr",
        "revisions": [
            {"author": "d002", "on": "2025-01-01", "kind": "create", "body": "Sit."},
            {"author": "d001", "on": "2025-02-01", "kind": "edit", "body": "Sit down. See [[Afghanistan]]."},
        ],
        "verified": {"by": "d001", "on": "2025-03-01", "revision": 1},
    },
    {
        "record": "article",
        "id": "demo-secret",
        "type": "how-to",
        "title": "Call tree",
        "body": "Ring the bell.",
        "restricted_to": {"groups": ["Crisis cell"]},
    },
]


def person(number: int, **more: Any) -> dict[str, Any]:
    return {
        "record": "staff",
        "id": f"d00{number}",
        "username": f"colleague.{number}",
        "display_name": f"Colleague {number}",
        "email": f"colleague.{number}@ministry.example",
        "office": "demo-af",
        "current": {"kind": "mission", "post_id": "demo-kabul", "since": 2024},
        "languages": [{"code": "pus", "speaking": "3", "reading": "2+"}],
        "skills": [{"name": "Tea tasting", "level": 3}],
        **more,
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small demo, with pages for three countries."""
    files = {
        "offices": OFFICES,
        "posts": POSTS,
        "staff": [person(n, groups=["Crisis cell"]) for n in (1, 2, 3, 4)],
        "articles": PAGES,
    }
    for name, found in files.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(line) for line in found))
    (tmp_path / "capitals.json").write_text('{"afg": "Kabul"}')
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    all_countries = country_pages.country_records

    def some(*args: Any) -> Any:
        return (page for page in all_countries(*args) if page["title"] in ("Afghanistan", "Chad", "Kenya"))

    monkeypatch.setattr(demo, "country_records", some)
    return tmp_path


def counts() -> dict[str, int]:
    """How many rows every table of ours and of what we build on has."""
    left_out = ("wagtailcore.ReferenceIndex", "search.Outbox", "sessions.Session", "contenttypes.ContentType")
    models = [model for model in apps.get_models() if model._meta.label not in left_out]
    return {model._meta.label: model._default_manager.count() for model in models}


def test_the_demo_has_pages_people_and_sign_ins(folder, capsys, client_for):
    call_command("load_demo")
    said = capsys.readouterr().out
    assert demo.PASSWORD in said
    assert "colleague.1@ministry.example" in said
    user = User.objects.get(username="colleague.1")
    assert user.check_password(demo.PASSWORD)
    page = Article.objects.get(title="Afghanistan")
    assert page.template.slug == "country-profile"
    assert page.latest_edit.author.username == "colleague.2"
    assert page.facts["capital"] == "Kabul"
    assert page.facts["iso"] == "AF, AFG, 004"
    shown = client_for(user).get(page.get_absolute_url()).content.decode()
    for words in (
        "Facts at a glance",
        "پښتو",
        "/people/posts/kabul/",
        "Green tea first",
        "ask the directory",
    ):
        assert words in shown
    assert "Call tree" not in page.body
    assert not SourceRecord.objects.filter(demo=False).exists()


@pytest.fixture
def with_talk(folder: Path) -> Path:
    """The small demo with a thread, and a page in French that says what the tea page said first."""
    thread = {
        "id": "demo-talk-tea", "article": "demo-tea", "title": "Which tea?", "author": "d001",
        "comments": [
            {"author": "d001", "at": "2026-05-01T10:00:00Z", "text": "Black, [[@colleague.2]]?"},
            {"author": "d002", "at": "2026-05-02T10:00:00Z", "text": "Green."},
            {"author": "d001", "at": "2026-05-03T10:00:00Z", "text": "Why?", "parent": 2},
        ],
        "resolved": {"by": "d002", "at": "2026-05-04T10:00:00Z"},
    }  # fmt: skip
    french = {
        "record": "article", "id": "demo-the", "title": "Le thé", "body": "Thé vert.", "language": "fr",
        "translates": {"article": "demo-tea", "revision": 1},
        "revisions": [{"author": "d002", "on": "2026-05-01T10:00:00Z", "kind": "create", "body": "Thé vert."}],
    }  # fmt: skip
    (folder / "talk.json").write_text(json.dumps([thread]))
    (folder / "french.jsonl").write_text(json.dumps(french))
    return folder


def test_the_demo_has_talk_and_translations_once(with_talk):
    Locale.objects.create(language_code="fr")  # a language that was written in once stays known
    before = counts()
    call_command("load_demo")
    thread = Thread.objects.get()
    assert [(c.author.username, c.parent_id is not None) for c in thread.comments.all()] == [
        ("colleague.1", False), ("colleague.2", False), ("colleague.1", True),
    ]  # fmt: skip
    assert (thread.active, thread.resolved_by.username) == (thread.resolved_at, "colleague.2")
    french, tea = Article.objects.get(title="Le thé"), Article.objects.get(pk=thread.subject_pk)
    assert french.language_set == tea.language_set
    assert french.translated_from == tea.edits.get(number=1)
    (with_talk / "capitals.json").write_text('{"afg": "Kabul "}')  # all is looked at again
    call_command("load_demo")
    assert Comment.objects.count() == 3
    assert not Event.objects.exists()
    call_command("remove_demo", yes=True)
    assert counts() == before


def test_a_page_that_somebody_talked_about_stays_with_its_talk(with_talk, rosa):
    call_command("load_demo")
    thread = Thread.objects.get()
    reply(rosa, thread, "Coffee.")
    call_command("remove_demo", yes=True)
    assert Article.objects.get().pk == thread.subject_pk
    assert [comment.body for comment in thread.comments.all()][-1] == "Coffee."
    call_command("load_demo")
    assert Thread.objects.get() == thread


def test_a_second_start_does_nothing(folder, capsys, django_assert_max_num_queries):
    call_command("load_demo")
    before = counts()
    capsys.readouterr()
    with django_assert_max_num_queries(12):
        call_command("load_demo")
    assert "here already" in capsys.readouterr().out
    assert counts() == before


def test_a_changed_file_is_loaded_again(folder):
    call_command("load_demo")
    (folder / "articles.jsonl").write_text(json.dumps({**PAGES[0], "body": "Stand up.", "revisions": []}))
    call_command("load_demo")
    assert Article.objects.get(title="Green tea first").body == "Stand up."
    assert Article.objects.count() == 5


@pytest.mark.parametrize("kind", ["office", "staff", "article"])
def test_a_start_that_was_killed_is_completed_by_the_next(folder, monkeypatch, kind):
    saver, seen = runs.SAVERS[kind], []

    def killed(*args: Any) -> Any:
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return saver(*args)

    monkeypatch.setattr(runs, "BATCH", 1)
    monkeypatch.setitem(runs.SAVERS, kind, killed)
    with pytest.raises(KeyboardInterrupt):
        call_command("load_demo")
    assert not demo.is_loaded()
    monkeypatch.setitem(runs.SAVERS, kind, saver)
    call_command("load_demo")
    resumed = counts()
    call_command("remove_demo", yes=True)
    call_command("load_demo")
    assert counts() == resumed


def test_removing_leaves_nothing(folder):
    before = counts()
    call_command("load_demo")
    assert counts() != before
    call_command("remove_demo", yes=True)
    assert counts() == before


def test_removing_asks_first(folder):
    call_command("load_demo")
    with pytest.raises(CommandError, match="remove_demo --yes"):
        call_command("remove_demo")
    assert Article.objects.exists()


def test_removing_nothing_is_no_error(capsys):
    call_command("remove_demo", yes=True)
    assert "no demo content" in capsys.readouterr().out


def test_a_page_that_somebody_real_edited_stays_and_its_authors_become_names(folder, outsider, capsys):
    call_command("load_demo")
    page = Article.objects.get(title="Green tea first")
    actions.save_edit(page, Version(body="Sit down, please."), Change(outsider), base=2)
    call_command("remove_demo", yes=True)
    said = capsys.readouterr().out
    assert "Kept: Article “Green tea first”" in said
    kept = Article.objects.get()
    assert kept.body == "Sit down, please."
    authors = kept.edits.order_by("number").values_list("author__username", flat=True)
    assert list(authors) == ["colleague.2", "colleague.1", outsider.username]
    author = User.objects.get(username="colleague.1")
    assert (author.is_active, author.origin, author.email, author.has_usable_password()) == (
        False,
        "demo",
        "",
        False,
    )
    assert author.profile.name == "Colleague 1"
    assert author.profile.title == ""
    assert not author.profile.language_skills.exists()
    assert not User.objects.filter(username="colleague.4").exists()
    assert kept.template.slug == "custom"
    assert kept.office.name == "Human Resources"


def test_places_and_groups_that_real_people_use_stay(folder, outsider, administrator):
    call_command("load_demo")
    Profile.objects.filter(user=outsider).update(office=Office.objects.get(name="Bureau of Africa"))
    group = Group.objects.get(name="Crisis cell")
    edit = actions.create_article("Real secret", Version(body="x"), Change(administrator))
    actions.restrict(edit.article, [group], [], Change(administrator))
    call_command("remove_demo", yes=True)
    assert set(Office.objects.values_list("name", flat=True)) == {"Human Resources", "Bureau of Africa"}
    assert Group.objects.filter(name="Crisis cell").exists()
    assert not ArticleTemplate.objects.filter(slug="custom").exists()
    assert Edit.objects.values_list("article__title", flat=True).distinct().get() == "Real secret"


def test_what_was_imported_for_real_is_no_demo_any_more(folder, tmp_path):
    call_command("load_demo")
    real = tmp_path / "real.json"
    real.write_text(json.dumps({**PAGES[1], "body": "Ring twice."}))
    call_command("import_content", str(real))
    call_command("remove_demo", yes=True)
    assert Article.objects.get().body == "Ring twice."
