"""Taking everything out and bringing it back: told through the commands, and compared byte by byte."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from taggit.models import Tag
from wagtail.images.tests.utils import get_test_image_file

from diplopedia import actions
from diplopedia.actions import Change
from diplopedia.actions.joining import Seen
from diplopedia.exporting import everything
from diplopedia.exporting.copies import matter
from diplopedia.importing.folders import frontmatter
from diplopedia.models import (
    Alias,
    Article,
    ArticleIndex,
    ArticleTemplate,
    Edit,
    SourceRecord,
    Thanks,
    WikiDocument,
    WikiImage,
)
from diplopedia.versions import Version
from discussion import actions as talking
from discussion.models import Comment, Thread
from manners import actions as behaving
from manners.models import Acceptance, Code, Decision, Report
from notices import actions as notices
from notices.models import Notice, Preference, Watch
from people import merging, photos
from people.models import (
    Assignment,
    Correction,
    Disclosure,
    Education,
    Endorsement,
    Expertise,
    Language,
    LanguageSkill,
    Office,
    Post,
    Profile,
    ProfileSkill,
    Region,
    Reminder,
    User,
)
from people.models.facts import SkillTag
from search.models import SynonymGroup
from tests import database, factories

PASSED = dt.datetime(2024, 5, 1, 9, 30, 15, 123456, tzinfo=dt.UTC)


@pytest.fixture
def new_site(settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Return a function that puts a fresh, empty site in the place of this one, with uploads of its own."""
    number = iter(range(100))

    def make() -> None:
        if next(number) and not connection.in_atomic_block:
            database.restore()
        ArticleIndex.objects.update(translation_key=uuid.uuid4())
        settings.MEDIA_ROOT = tmp_path / f"media-{next(number)}"

    make()
    return make


@pytest.fixture
def everything_at_once(transactional_db: None, new_site: Callable[[], None]) -> None:
    """A site with one of everything that an export holds."""
    fill()


def fill() -> None:
    """Write one of everything, with what is odd about it."""
    bureau = Office.objects.create(name="Bureau of Seas", acronym="BS", slug="bureau-of-seas", kind="bureau")
    desk = Office.objects.create(name="Port desk", slug="port-desk", parent=bureau)
    named = Region.objects.create(
        code="the-straits", slug="the-straits", name="The Straits", other_names=["S"]
    )
    Region.objects.get(code="dji").parents.add(named)
    post = Post.objects.create(
        city="Nouadhibou", slug="nouadhibou", country=Region.objects.get(code="mrt"), lat=0.0
    )
    rosa, bo = people(desk, post, named)
    kind = ArticleTemplate.objects.create(
        name="Port guide", slug="port-guide", outline="\n\n## Berths\n", order=0
    )
    kind.fields.create(key="depth", label="Depth", type="number", sort_order=0)
    SynonymGroup.objects.create(words="quay\nberth", one_way=True)
    articles(rosa, bo, bureau, kind, named)
    languages(rosa)
    talk(rosa, bo)
    manners(rosa, bo)
    watches(rosa, bo, desk)
    merging.merge(bo.profile, factories.UserFactory(username="bo-lund2", is_active=False).profile, rosa)


def people(desk: Office, post: Post, named: Region) -> tuple[User, User]:
    """Make a colleague with every sort of fact, another one who left, and a placeholder."""
    rosa = factories.MemberFactory(
        username="rosa.celik", first_name="Rosa", last_name="Çelik", is_superuser=True
    )
    bo = factories.UserFactory(username="bo-lund", is_active=False, directory_id="4711")
    User.objects.create(username="archive", origin="Archive/milestones", is_active=False)
    EmailAddress.objects.create(user=rosa, email="Rosa@home.example", verified=False, primary=False)
    profile = rosa.profile
    profile.preferred_name, profile.other_names, profile.about = (
        " Rosa  Ç. ",
        ["Роза", "Rosa "],
        "**Hello**\n\n",
    )
    profile.office, profile.post, profile.born, profile.works_from = desk, post, 1970, dt.time(7, 45)
    profile.photo_audience = "office"
    profile.available_tdy, profile.confirmed_at, profile.left_at = True, PASSED, dt.date(2025, 1, 2)
    profile.tdy_from, profile.questions_until = dt.date(2027, 7, 1), dt.date(2026, 1, 1)
    profile.phone, profile.phone_audience, profile.about_audience = "+1 555", "me", "office"
    profile.available_note = "Not in Ramadan"
    profile.save()
    photos.replace(profile, photos.squares(get_test_image_file(size=(300, 400)).file, photos.Crop()))
    tamil = Language.objects.get(pk="tam")
    LanguageSkill.objects.create(
        profile=profile, language=tamil, speaking=0, reading=7, source="manager", audience="me"
    )
    Expertise.objects.create(
        profile=profile, region=named, depth=3, years=0, note=" ports", audience="office"
    )
    skill = SkillTag.objects.create(name="Law of the sea")
    fact = ProfileSkill.objects.create(profile=profile, tag=skill, level=3, mentor=True)
    trust(profile, fact, bo)
    for title in ("Desk officer", "Attaché", "Attaché"):
        Assignment.objects.create(profile=profile, post=post, title=title, started=dt.date(2020, 1, 1))
    Education.objects.create(
        profile=profile, institution="University of Pune", subject="Law", ended=2009, audience="office"
    )
    Disclosure.objects.create(
        user=rosa, at=PASSED, kind="csv", what="/people/?lang=tam", number=3, request="r1"
    )
    return rosa, bo


def trust(profile: Profile, skill: ProfileSkill, bo: User) -> None:
    """Let a colleague confirm every sort of fact, and suggest corrections that are answered in every way."""
    tamil, straits = profile.language_skills.get(), profile.expertise.get()
    Endorsement.objects.create(author=bo, language_skill=tamil, claim="tam 0/6", created=PASSED)
    Endorsement.objects.create(author=bo, expertise=straits, claim="the-straits 3", created=PASSED)
    Endorsement.objects.create(author=bo, skill=skill, claim="Law of the sea 3", created=PASSED)
    for decided in ({}, {"decided_at": PASSED, "accepted": False, "answer": "No."}):
        Correction.objects.create(
            profile=profile, author=bo, text=f"{len(decided)} lines", section="posts", **decided
        )
    Correction.objects.create(profile=profile, author=bo, text="So", decided_at=PASSED, accepted=True)
    Reminder.objects.create(profile=profile, sent_at=PASSED)


def articles(rosa: User, bo: User, bureau: Office, kind: ArticleTemplate, named: Region) -> None:
    """Write pages that were edited, renamed, verified, restricted, protected and deleted, with their files."""
    page = factories.write(
        "Djibouti Port", "Old.\r\n\n  Text. ", author=rosa, tags=frozenset({"ports", "Ünï"})
    )
    image = WikiImage.objects.create(
        pk=41, title="Bridge", description="A bridge", file=get_test_image_file(filename="b.png"), article=page,
        focal_point_x=5, focal_point_y=6, focal_point_width=0, focal_point_height=2, uploaded_by_user=rosa,
    )  # fmt: skip
    WikiDocument.objects.create(pk=77, title="Plan", file=ContentFile(b"plan", name="plan.txt"))
    WikiDocument.objects.create(pk=78, title="Plan again", file=ContentFile(b"plan", name="plan.txt"))
    version = Version.of(page)
    facts = {"note": " kept as it is ", "depth": "12"}
    version = replace(version, body=f"![A](image:{image.pk})\n\n[P](document:77) [[Nowhere]]", facts=facts)
    version = replace(version, regions=frozenset({named.pk}), contacts=frozenset({rosa.profile.pk}))
    change = Change(bo, "Say more", minor=True, created=PASSED, imported=True)
    actions.save_edit(page, version, change, base=1)
    actions.rename(page, "Port of Djibouti", Change(rosa))
    actions.verify(page, rosa, page.edits.get(number=2), PASSED)
    page = Article.objects.get(pk=page.pk)
    actions.add_alias(page, "PoD")
    Article.objects.filter(pk=page.pk).update(
        office=bureau, review_every=6, locked=True, locked_by=rosa, locked_at=PASSED
    )
    taken = factories.write(
        "Djibouti Port", "A second page of the former title.", author=rosa, kind="port-guide"
    )
    actions.restrict(taken, [Group.objects.get(name="Negotiators")], [bureau], Change(rosa))
    WikiImage.objects.create(title="Secret", file=get_test_image_file(filename="s.png"), article=taken)
    gone = factories.write("Gone", "Words.", author=rosa)
    actions.delete(gone, Change(rosa, "Twice"))
    factories.write("Gone", "Words again.", author=rosa)
    factories.write("ميناء " + "م" * 150, "نص", author=rosa)
    remembered = [[Group.objects.get(name="Negotiators").pk], [bureau.pk]]
    detail = {"edit": 2, "audience": remembered, "no": ""}
    SourceRecord.objects.create(
        source="Archive",
        kind="article",
        source_id="x" * 190,
        target=page,
        digest="d",
        detail=detail,
        demo=True,
    )


def languages(rosa: User) -> None:
    """Write a page in another language that is one edit behind, and undo that edit."""
    page = Article.objects.get(title="Gone", deleted_at=None)
    first = page.edits.get(number=1)
    actions.translate(first, "Parti", Version(body="Mots."), Change(rosa), "fr")
    second = factories.revise(page, "More words.", author=rosa)
    actions.undo(Article.objects.get(pk=page.pk), second, Change(rosa))
    goes, stays = factories.write("Quays", "A."), factories.write("Piers", "B.", author=rosa)
    WikiDocument.objects.create(title="Depths", file=ContentFile(b"depths", name="depths.txt"), article=goes)
    talking.open_thread(rosa, "article", goes.pk, "Moved", "Words.")
    talking.open_thread(rosa, "article", stays.pk, "Not moved", "Words.")
    actions.join(goes, stays, "A and B.", Change(rosa), seen=Seen(1, 1))


def talk(rosa: User, bo: User) -> None:
    """Talk about an open, a restricted and a deleted page: answered, changed, withdrawn, hidden, decided, resolved."""
    page = Article.objects.get(title="Port of Djibouti")
    first = talking.open_thread(
        rosa,
        "article",
        page.pk,
        "Depth",
        "How deep? See [[PoD]], [[@bo-lund]].\n",
        quote="A",
        quoted=2,
        key="f",
    )
    answer = talking.reply(bo, first.thread, "![A](image:41) Twelve metres", parent=first)
    talking.edit(answer, bo, "Eleven metres")
    talking.edit(answer, bo, "Ten metres")
    talking.withdraw(talking.reply(bo, first.thread, "Never mind"), bo)
    talking.hide(talking.reply(rosa, first.thread, "Rude"), "Unkind")
    talking.rule(rosa, first.thread, "Ten it is.")
    talking.resolve(first.thread, rosa)
    talking.open_thread(bo, "article", page.pk, "Another matter", "Words.")
    secret = Article.objects.get(title="Djibouti Port")
    talking.open_thread(rosa, "article", secret.pk, "Position", "Not before June.")
    gone = Article.objects.exclude(deleted_at=None).get(title="Gone")
    Thread.objects.create(
        subject_kind="article", subject_pk=gone.pk, title="Empty", author=bo, created=PASSED
    )


def manners(rosa: User, bo: User) -> None:
    """Accept two versions of the code of conduct; report a comment, an edit and a page, and decide on them."""
    Acceptance.objects.create(user=bo, code=Code.objects.create(text="Be **kind**."), at=PASSED)
    behaving.accept(rosa, Code.objects.create(text="Be kind, and brief."))
    page = Article.objects.get(title="Port of Djibouti")
    rude = Comment.objects.get(body="Rude")
    about = {"reporter": bo, "reason": "unkind", "words": "Please look.", "said": "Rude", "created": PASSED}
    report = Report.objects.create(kind="comment", object_pk=rude.pk, state="referred", key="k", **about)
    report.adjudicators.add(rosa, bo)
    for verb in ("hide", "refer"):
        Decision.objects.create(report=report, actor=rosa, verb=verb, reason="See the code.")
    Report.objects.create(kind="edit", object_pk=page.edits.get(number=2).pk, **about)
    Report.objects.create(kind="article", object_pk=page.pk, passage="A", **about)
    Thanks.objects.create(user=bo, edit=page.edits.get(number=1), created=PASSED)


def watches(rosa: User, bo: User, desk: Office) -> None:
    """Watch one of everything; choose how to hear of it; add a file to a page that is not there yet."""
    Watch.objects.all().delete()
    page = Article.objects.get(title="Port of Djibouti")
    notices.watch(rosa, "article", page.pk)
    notices.watch(rosa, "tag", Tag.objects.get(name="Ünï").pk)
    notices.watch(rosa, "tag", Tag.objects.create(name="of no page").pk)
    notices.watch(rosa, "region", Region.objects.get(code="the-straits").pk)
    notices.watch(rosa, "office", desk.pk)
    notices.watch(rosa, "person", bo.pk)
    notices.watch(rosa, "search", "in:Djibouti “port”")
    notices.unwatch(rosa, "person", bo.pk)
    Watch.objects.create(user=bo, kind="article", key=str(page.pk), automatic=True, created=PASSED)
    Watch.objects.create(user=bo, kind="article", key="987654321")
    User.objects.filter(pk=rosa.pk).update(language="fr")
    chosen = Preference(user=rosa, watched="never", watch_mine=False)
    chosen.renew_feed()
    WikiImage.objects.create(
        title="Waits", file=get_test_image_file(filename="w.png"), pending=True, uploaded_by_user=bo
    )


def export(folder: Path) -> Path:
    call_command("export_content", str(folder))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of an export; of its manifest all but when and where it was made."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    manifest = json.loads(found.pop("manifest.json"))
    del manifest["made"]
    return found | {"manifest": json.dumps(manifest).encode()}


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text().splitlines()]


# --- there and back -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_exported_comes_back_the_same_to_the_last_byte(
    everything_at_once, new_site, tmp_path, capsys, client_for
):
    first = export(tmp_path / "first")
    new_site()
    call_command("import_content", str(first), strict=True)
    said = capsys.readouterr().out
    assert "“rosa.celik” is an administrator, as in the export." in said
    second = export(tmp_path / "second")
    assert contents(second) == contents(first)
    comes_back_usable(client_for)
    capsys.readouterr()
    call_command("import_content", str(first), strict=True)
    again = capsys.readouterr().out
    for number in (" created", " updated", " skipped"):
        assert all(f" 0{number}" in line for line in again.splitlines() if number in line), again
    assert contents(export(tmp_path / "third")) == contents(first)


def comes_back_usable(client_for: Callable[[User], Any]) -> None:
    """Look at what an export does not show: passwords, rendered pages, addresses that still lead there, numbers."""
    rosa = User.objects.get(username="rosa.celik")
    assert (rosa.email, rosa.is_active, rosa.has_usable_password()) == (
        "rosa.celik@ministry.example",
        True,
        False,
    )
    page = Article.objects.get(title="Port of Djibouti")
    assert [edit.kind for edit in page.edits.order_by("number")] == ["create", "edit", "rename"]
    client = client_for(rosa)
    shown = client.get(page.get_absolute_url()).content.decode()
    assert "Image not available" not in shown
    outsider = factories.UserFactory()
    accepted = Acceptance.objects.create(user=outsider, code=Code.objects.get(text="Be kind, and brief."))
    assert Article.objects.readable_by(rosa).filter(title="Djibouti Port").exists()
    assert not Article.objects.readable_by(outsider).filter(title="Djibouti Port").exists()
    former = client_for(outsider).get(
        "/wiki/djibouti-port/"
    )  # of the restricted page, and of the other one before
    assert (former.status_code, former["Location"]) == (302, page.get_absolute_url())
    assert not WikiImage.objects.readable_by(outsider).filter(title__in=["Secret", "Waits"]).exists()
    talk_comes_back(rosa, outsider, client)
    accepted.delete()
    User.objects.filter(pk=outsider.pk).delete()
    fresh = WikiDocument.objects.create(title="New", file=ContentFile(b"x", name="new.txt"))
    assert fresh.pk > 78
    fresh.delete()


def talk_comes_back(rosa: User, outsider: User, client: Any) -> None:
    """Look at talk: rendered here, as private as its page, and nobody was told of it."""
    thread = Thread.objects.get(title="Depth")
    first, answer = thread.comments.order_by("pk")[:2]
    assert "data-key" in first.html
    assert (answer.parent, [text.body for text in answer.earlier.order_by("pk")]) == (
        first,
        ["![A](image:41) Twelve metres", "Eleven metres"],
    )
    shown = client.get(f"/wiki/port-of-djibouti/talk/{thread.pk}/").content.decode()
    assert "Ten metres" in shown
    assert "Never mind" not in shown
    assert Thread.objects.readable_by(rosa).filter(title="Position").exists()
    assert not Thread.objects.readable_by(outsider).filter(title="Position").exists()
    assert not Notice.objects.exists()
    assert Preference.objects.get(user=rosa).feed_word == ""
    goes = Article.objects.get(title="Quays")
    assert goes.lent_names.get().article.title == "Piers"
    assert goes.lent_wikidocuments.get().article.title == "Piers"
    moved = Thread.objects.get(title="Moved")
    assert (moved.subject_pk, moved.came_from) == (goes.lent_names.get().article_id, goes.pk)
    french = Article.objects.get(title="Parti")
    gone = Article.objects.get(title="Gone", deleted_at=None)
    assert (french.translated_from, french.language_set) == (gone.edits.get(number=1), gone.language_set)
    assert gone.edits.get(number=3).undoes == gone.edits.get(number=2)


@pytest.mark.slow
def test_an_export_joins_a_site_that_has_content_of_its_own(everything_at_once, new_site, tmp_path, capsys):
    first = export(tmp_path / "first")
    new_site()
    ours = factories.write("Gone", "Ours.")
    image = WikiImage.objects.create(pk=41, title="Ours", file=get_test_image_file(filename="b.png"))
    User.objects.create(username="bo-lund", email="another.bo@ministry.example")
    call_command("import_content", str(first))
    said = capsys.readouterr().out
    assert "Another page here is called “Gone”" in said
    assert "somebody here is “bo-lund”: this person is “bo-lund2”" in said
    assert "it says what revision 1 of page" in said
    assert Comment.objects.get(body="Ten metres").author.username == "bo-lund2"
    assert Article.objects.get(pk=ours.pk).body == "Ours."
    assert WikiImage.objects.get(pk=41) == image
    page = Article.objects.get(title="Port of Djibouti")
    bridge = WikiImage.objects.get(title="Bridge")
    assert f"image:{bridge.pk})" in page.body
    assert page.edits.get(number=2).author.username == "bo-lund2"


@pytest.mark.slow
def test_a_later_export_adds_what_is_new_and_leaves_alone_what_was_edited_here(
    everything_at_once, new_site, tmp_path, capsys
):
    first = export(tmp_path / "first")
    site = ArticleIndex.objects.get().translation_key
    new_site()
    call_command("import_content", str(first))
    here = Article.objects.get(title="Port of Djibouti")
    factories.revise(
        Article.objects.get(title="Gone", deleted_at=None), "Edited here.", author=factories.UserFactory()
    )
    later = export(tmp_path / "later")
    new_site()
    call_command("import_content", str(first))
    as_if_from(site, later)
    capsys.readouterr()
    call_command("import_content", str(later))
    assert "article  0 created, 1 updated, 7 unchanged" in capsys.readouterr().out
    gone = Article.objects.get(title="Gone", deleted_at=None)
    assert (gone.body, gone.edits.count(), here.title) == ("Edited here.", 4, "Port of Djibouti")
    factories.revise(gone, "And again here.", author=factories.UserFactory())
    as_if_from(site, later, touched="Gone")
    call_command("import_content", str(later))
    assert "It was edited here since it came: nothing was changed." in capsys.readouterr().out


def as_if_from(site: uuid.UUID | str, folder: Path, touched: str = "") -> None:
    """Make an export one of another site, as a later one of the site that the first was of would be."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["made"]["site"] = str(site)
    if touched:
        lines = [
            row | {"review_every": 3} if row["title"] == touched else row for row in rows(folder, "articles")
        ]
        (folder / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        manifest["files"] = [file for file in manifest["files"] if file["path"] != "articles.jsonl"]
    path.write_text(json.dumps(manifest))


# --- what an export is ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_export_holds_every_revision_as_it_was_and_no_secret(new_site, tmp_path):
    fill()
    folder = export(tmp_path / "out")
    page = next(row for row in rows(folder, "articles") if row["title"] == "Port of Djibouti")
    history = [row for row in rows(folder, "revisions") if row["article"] == page["id"]]
    assert [(row["number"], row.get("base"), row["title"], row["kind"]) for row in history] == [
        (1, None, "Djibouti Port", "create"),
        (2, 1, "Djibouti Port", "edit"),
        (3, 2, "Port of Djibouti", "rename"),
    ]
    assert history[0]["place"] == "Nouadhibou"
    assert (history[1]["author"], history[1]["minor"], history[1]["at"]) == (
        "bo-lund",
        True,
        PASSED.isoformat(),
    )
    assert history[1]["facts"]["note"] == " kept as it is "
    assert (history[2]["regions"], history[2]["contacts"]) == (["the-straits"], ["rosa.celik"])
    assert [(name["title"], name["kind"]) for name in page["other_names"]] == [
        ("Djibouti Port", "former"),
        ("PoD", "also"),
    ]
    whole = b"".join(contents(folder).values())
    for user in User.objects.exclude(password=""):
        assert user.password.encode() not in whole
    assert (folder.stat().st_mode & 0o777) == 0o700


@pytest.mark.django_db
def test_each_page_has_a_copy_that_people_can_read(new_site, tmp_path):
    fill()
    folder = export(tmp_path / "out")
    fields, text = frontmatter.split((folder / "articles/port-of-djibouti.md").read_text())
    assert (fields["title"], fields["aliases"]) == ("Port of Djibouti", ["Djibouti Port", "PoD"])
    shown = folder / "articles" / text[text.index("(") + 1 : text.index(")")]
    assert shown.resolve().is_file()
    assert len(list((folder / "articles").glob("*.md"))) == Article.objects.filter(deleted_at=None).count()


@pytest.mark.django_db
def test_hashes_tell_which_page_differs(new_site, capsys):
    fill()
    call_command("content_hashes")
    before = set(capsys.readouterr().out.splitlines())
    page = Article.objects.get(title="Gone", deleted_at=None)
    Alias.objects.create(article=page, title="Away", language="en", title_key="away", slug="away")
    call_command("content_hashes")
    changed = set(capsys.readouterr().out.splitlines()) - before
    assert {line.split(" ", 1)[1].split(":")[0] for line in changed} == {
        f"articles {page.translation_key}",
        "everything",
    }


@pytest.mark.django_db
def test_more_of_the_same_asks_the_database_no_more(new_site, django_assert_max_num_queries):
    def more() -> None:
        page = factories.write(f"Page {Article.objects.count()}")
        rosa = factories.UserFactory()
        comment = talking.open_thread(rosa, "article", page.pk, "T", "Words.")
        talking.edit(talking.reply(rosa, comment.thread, "Answer.", parent=comment), rosa, "Another.")
        notices.watch(rosa, "person", rosa.pk)
        Thanks.objects.create(user=rosa, edit=page.edits.get())
        report = Report.objects.create(kind="comment", object_pk=comment.pk, reporter=rosa, reason="other")
        Decision.objects.create(report=report, actor=rosa, verb="warn", reason="Words.")

    more()
    with CaptureQueriesContext(connection) as asked:
        call_command("content_hashes", whole=True)
    for _time in range(5):
        more()
    with django_assert_max_num_queries(len(asked)):
        call_command("content_hashes", whole=True)


@pytest.mark.django_db
def test_an_export_is_whole_or_not_there(new_site, tmp_path, monkeypatch):
    def stopped(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(everything, "export_articles", stopped)
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "out")
    assert list(tmp_path.glob("*out*")) == []


@pytest.mark.django_db
def test_an_export_never_writes_over_anything(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("x")
    with pytest.raises(CommandError, match="is there already"):
        export(tmp_path / "out")
    with pytest.raises(CommandError, match="could not be written"):
        export(tmp_path / "out/mine.txt/below")


@pytest.mark.django_db
def test_a_file_that_is_gone_is_named_and_left_out(new_site, tmp_path, capsys):
    document = WikiDocument.objects.create(title="Plan", file=ContentFile(b"x", name="plan.txt"))
    document.file.storage.delete(document.file.name)
    folder = export(tmp_path / "out")
    assert "“Plan”: its file is gone" in capsys.readouterr().err
    assert rows(folder, "documents") == []


# --- exports that are none ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("manifest.json", "{", "cannot be read"),
        ("manifest.json", '{"product": "else"}', "cannot be read"),
        ("people.jsonl", "{}", "people.jsonl is not what was exported"),
        ("people.jsonl", None, "people.jsonl is missing"),
    ],
)
def test_an_export_that_is_not_whole_is_refused(new_site, tmp_path, name, content, reason):
    folder = export(tmp_path / "out")
    ArticleIndex.objects.update(translation_key=uuid.uuid4())
    (folder / name).unlink() if content is None else (folder / name).write_text(content)
    with pytest.raises(CommandError, match=reason):
        call_command("import_content", str(folder))


@pytest.mark.django_db
def test_an_export_of_another_format_or_of_this_very_site_is_refused(new_site, tmp_path):
    folder = export(tmp_path / "out")
    with pytest.raises(CommandError, match="of this very site"):
        call_command("import_content", str(folder))
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(CommandError, match="has format 99; this version reads 1 and 2"):
        call_command("import_content", str(folder))


@pytest.mark.django_db
def test_a_file_outside_the_export_is_never_read(new_site, tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    folder = export(tmp_path / "out")
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"].append({"path": "../secret.txt", "sha256": "x"})
    path.write_text(json.dumps(manifest))
    ArticleIndex.objects.update(translation_key=uuid.uuid4())
    with pytest.raises(CommandError, match="is missing: the export is not whole"):
        call_command("import_content", str(folder))


@pytest.mark.django_db
def test_lines_that_cannot_be_taken_are_named_and_stop_nothing(new_site, tmp_path, capsys):
    author = {"id": "a.b", "profile": {}, "email": "a@b.example"}
    page = {"id": str(uuid.uuid4()), "title": "A", "language": "en", "address": "a", "revisions": 1}
    text = {"article": page["id"], "number": 1, "author": "a.b", "title": "A", "body": "x", "kind": "create"}
    secret = page | {
        "id": str(uuid.uuid4()),
        "title": "B",
        "address": "b",
        "restricted": True,
        "offices": ["gone"],
    }
    folder = hand_made(
        tmp_path,
        people=[
            author,
            {"id": "x.y", "languages": [{"language": "zzz"}]},
            {"id": "c.d", "email": "A@b.example"},
            {"id": "e.f", "skills": [{"skill": "law", "audience": "all"}]},
            {"id": "g.h", "regions": [{"region": "afg", "depth": "deep", "audience": "all"}]},
        ],
        articles=[page, page | {"id": "no-id", "revisions": 0}, secret],
        revisions=[text, text | {"article": secret["id"], "title": "B"}],
        images=[{"id": "i", "number": 1, "file": "../../etc/passwd", "sha256": "x"}],
        sources=[
            {"id": "s", "kind": "article", "source_id": "s", "target": {"table": "person", "id": "none"}}
        ],
    )
    call_command("import_content", str(folder))
    said = capsys.readouterr().out
    for line in (
        "people.jsonl:2: person skipped. Language “zzz”",
        "people.jsonl:3: person skipped. Somebody here signs in with a@b.example already",
        "people.jsonl:4: person skipped. “level” is missing: write a whole number from 1 to 3.",
        "people.jsonl:5: person skipped. “depth” must be a whole number from 1 to 3, not “deep”.",
        "articles.jsonl:2: article skipped.",
        "articles.jsonl:3: article skipped. It is kept to an office that was not imported.",
        "images.jsonl:1: image skipped.",
        "sources.jsonl:1: source skipped. It stands for person “none”",
    ):
        assert line in said, said
    assert [article.title for article in Article.objects.all()] == ["A"]
    assert Edit.objects.count() == 1


@pytest.mark.django_db
def test_the_photo_of_somebody_who_cannot_be_taken_leaves_no_file(new_site, tmp_path, settings, capsys):
    content = photos.squares(get_test_image_file(size=(300, 400)).file, photos.Crop())[photos.LARGE]
    photo = {"file": "photos/a.webp", "sha256": hashlib.sha256(content).hexdigest(), "audience": "all"}
    person = {"id": "e.f", "photo": photo, "skills": [{"skill": "law", "audience": "all"}]}
    folder = hand_made(tmp_path, people=[person, AUTHOR | {"photo": photo}])
    (folder / "photos").mkdir()
    (folder / "photos" / "a.webp").write_bytes(content)
    call_command("import_content", str(folder))
    assert "people.jsonl:1: person skipped. “level” is missing" in capsys.readouterr().out
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.webp"))) == len(photos.SIZES)


AUTHOR = {"id": "a.b", "profile": {}, "email": "a@b.example"}
KEY, OTHER = str(uuid.uuid4()), str(uuid.uuid4())
PAGE = {"id": KEY, "title": "A", "language": "en", "address": "a", "revisions": 1}
TEXT = {"article": KEY, "number": 1, "author": "a.b", "title": "A", "body": "x", "kind": "create"}
THREAD = {"id": f"{KEY}/1", "article": KEY, "title": "T", "author": "a.b", "comments": 1}
COMMENT = {"thread": f"{KEY}/1", "number": 1, "author": "a.b", "kind": "comment", "text": "Said."}


@pytest.mark.django_db
def test_talk_that_cannot_be_taken_is_named_and_stops_nothing(new_site, tmp_path, capsys):
    def thread(number: int, **changed: Any) -> dict[str, Any]:
        return THREAD | {"id": f"{KEY}/{number}"} | changed

    def comment(number: int, **changed: Any) -> dict[str, Any]:
        return COMMENT | {"thread": f"{KEY}/{number}"} | changed

    folder = hand_made(
        tmp_path,
        people=[AUTHOR],
        articles=[PAGE],
        revisions=[TEXT],
        threads=[thread(1), thread(2), thread(3), thread(4, article=OTHER), thread(5)],
        comments=[
            comment(1),
            comment(2, author="gone"),
            comment(3, parent=1),
            comment(4),
            comment(5, text="Last."),
        ],
        reports=[
            {
                "id": "1",
                "kind": "comment",
                "of": f"{KEY}/1/7",
                "by": "a.b",
                "reason": "other",
                "state": "open",
            },
            {"id": "2", "kind": "person", "of": "a.b", "by": "a.b", "reason": "other", "state": "open"},
        ],
        watchers=[
            {"id": "a.b", "watches": [{"kind": "article", "of": KEY}, {"kind": "article", "of": OTHER}]}
        ],
    )
    call_command("import_content", str(folder))
    said = capsys.readouterr().out
    for line in (
        "threads.jsonl:2: thread skipped. Comment 1: “gone” was not imported: see the lines about people.jsonl.",
        "threads.jsonl:3: thread skipped. Comment 1: It answers comment 1, which does not stand before it.",
        "threads.jsonl:4: thread skipped. The page it is about was not imported: see the lines about",
        f"reports.jsonl:1: report skipped. It is about comment “{KEY}/1/7”, which was not imported.",
        "reports.jsonl:2: report skipped. It is about person “a.b”, which is nothing that an export names.",
        f"watchers.jsonl:1: “a.b” watches article “{OTHER}”, which was not imported.",
    ):
        assert line in said, said
    assert list(Comment.objects.order_by("pk").values_list("body", flat=True)) == ["Said.", "Last."]
    assert Watch.objects.get().key == str(Article.objects.get().pk)


@pytest.mark.django_db
def test_new_talk_waits_where_somebody_here_wrote_in_the_thread_or_opened_the_page(
    new_site, tmp_path, capsys
):
    page = PAGE | {"restricted": True, "groups": ["Negotiators"]}
    tables = {"people": [AUTHOR], "groups": [{"id": "Negotiators"}], "articles": [page], "revisions": [TEXT]}
    first = hand_made(tmp_path / "1", **tables, threads=[THREAD], comments=[COMMENT])
    call_command("import_content", str(first))
    thread = Thread.objects.get()
    talking.reply(User.objects.get(username="a.b"), thread, "Said here.")
    more = {"threads": [THREAD | {"comments": 2}], "comments": [COMMENT, COMMENT | {"number": 2}]}
    assert "Somebody wrote in this thread or moved it here since it came" in taken_later(
        tmp_path / "2", first, tables, more
    )
    assert thread.comments.count() == 2
    actions.restrict(Article.objects.get(), [], [], Change(factories.UserFactory(is_superuser=True)))
    fresh = [THREAD | {"id": f"{KEY}/{number}"} for number in (1, 2)]
    more = {"threads": fresh, "comments": [COMMENT, COMMENT | {"thread": f"{KEY}/2", "text": "Secret."}]}
    assert "what is said of it was left alone" in taken_later(tmp_path / "3", first, tables, more)
    assert not Comment.objects.filter(body="Secret.").exists()


@pytest.mark.django_db
def test_talk_of_a_page_that_was_kept_to_some_since_is_not_open_where_the_page_is(new_site, tmp_path):
    tables = {"people": [AUTHOR], "groups": [{"id": "Negotiators"}], "articles": [PAGE], "revisions": [TEXT]}
    first = hand_made(tmp_path / "1", **tables)
    call_command("import_content", str(first))
    factories.revise(Article.objects.get(), "Edited here.", author=factories.UserFactory())
    kept = PAGE | {"restricted": True, "groups": ["Negotiators"], "revisions": 2}
    more = {
        "articles": [kept],
        "revisions": [TEXT, TEXT | {"number": 2, "kind": "access"}],
        "threads": [THREAD],
        "comments": [COMMENT],
        "reports": [
            {"id": "1", "kind": "article", "of": KEY, "by": "a.b", "reason": "other", "state": "open"}
        ],
    }
    said = taken_later(tmp_path / "2", first, tables, more)
    assert "articles.jsonl:1: article skipped. It was edited here since it came" in said
    assert not Thread.objects.exists()
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_a_later_export_brings_what_was_said_and_watched_since(new_site, tmp_path, capsys):
    tables = {"people": [AUTHOR], "articles": [PAGE], "revisions": [TEXT]}
    watches = [{"kind": "article", "of": KEY}, {"kind": "article", "of": OTHER, "stopped": True}]
    tables["watchers"] = [{"id": "a.b", "watches": watches}]
    first = hand_made(tmp_path / "1", **tables, threads=[THREAD], comments=[COMMENT])
    call_command("import_content", str(first))
    changed = COMMENT | {"text": "Said anew.", "earlier": [{"text": "Said.", "until": PASSED.isoformat()}]}
    more = {
        "articles": [PAGE, PAGE | {"id": OTHER, "title": "B", "address": "b"}],
        "revisions": [TEXT, TEXT | {"article": OTHER, "title": "B"}],
        "threads": [THREAD | {"comments": 2}],
        "comments": [changed, COMMENT | {"number": 2, "text": "Answer.", "parent": 1}],
    }
    said = taken_later(tmp_path / "2", first, tables, more)
    assert "thread   0 created, 1 updated" in said
    first_said, answer = Thread.objects.get().comments.order_by("pk")
    assert (first_said.body, first_said.earlier.get().body, answer.parent) == (
        "Said anew.",
        "Said.",
        first_said,
    )
    other = Article.objects.get(title="B")
    assert list(Watch.objects.filter(stopped=True).values_list("key", flat=True)) == [str(other.pk)]


def taken_later(folder: Path, first: Path, tables: dict[str, Any], more: dict[str, Any]) -> str:
    """Import a later export of the site that the first was of, and return what was said."""
    later = hand_made(folder, **(tables | more))
    as_if_from(json.loads((first / "manifest.json").read_text())["made"]["site"], later)
    output = StringIO()
    call_command("import_content", str(later), stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_a_code_of_conduct_of_ones_own_stays_in_force(new_site, tmp_path, capsys):
    folder = hand_made(
        tmp_path,
        codes=[{"id": "1", "text": "Ours, too."}, {"id": "2", "text": "Theirs."}],
        people=[AUTHOR | {"accepted": [{"code": "1", "at": PASSED.isoformat()}, {"code": "2"}]}],
    )
    ours = Code.objects.create(text="Ours, too.")
    call_command("import_content", str(folder))
    assert (
        "codes.jsonl:2: code skipped. This site has a code of conduct of its own" in capsys.readouterr().out
    )
    assert Code.objects.get() == ours
    assert [(one.user.username, one.at) for one in Acceptance.objects.all()] == [("a.b", PASSED)]


@pytest.mark.django_db
def test_an_export_of_the_first_format_is_read(new_site, tmp_path):
    folder = hand_made(tmp_path, people=[AUTHOR], articles=[PAGE], revisions=[TEXT])
    manifest = json.loads((folder / "manifest.json").read_text())
    for table in ("codes", "threads", "comments", "reports", "watchers"):
        (folder / f"{table}.jsonl").unlink()
        del manifest["counts"][table]
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 1}))
    call_command("import_content", str(folder), strict=True)
    assert Article.objects.get().title == "A"


@pytest.mark.django_db
def test_what_an_older_export_does_not_know_of_stays_as_it_is_here(new_site, tmp_path):
    profile = factories.UserFactory(username="a.b", email="a@b.example").profile
    profile.phone_audience = profile.about_audience = profile.photo_audience = "me"
    profile.photo_key, profile.tdy_from, profile.available_note = "here", dt.date(2027, 7, 1), "Mornings"
    profile.save()
    older = AUTHOR | {"profile": {"phone": "+1 555", "about": "Private", "available": ["tdy"]}}
    call_command("import_content", str(hand_made(tmp_path, people=[older])))
    profile.refresh_from_db()
    assert (profile.phone, profile.about, profile.available_tdy) == ("+1 555", "Private", True)
    assert (profile.phone_audience, profile.about_audience, profile.photo_audience) == ("me", "me", "me")
    assert (profile.photo_key, profile.available_note) == ("here", "Mornings")
    assert profile.tdy_from == dt.date(2027, 7, 1)


def hand_made(tmp_path: Path, **tables: list[dict[str, Any]]) -> Path:
    """Write an export by hand: an empty one with these rows in it."""
    folder = export(tmp_path / "made")
    manifest = json.loads((folder / "manifest.json").read_text())
    for table, found in tables.items():
        (folder / f"{table}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found))
    manifest |= {"files": [], "made": {"site": str(uuid.uuid4()), "at": ""}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.mark.django_db
def test_a_dry_run_says_what_would_come_and_writes_nothing(new_site, tmp_path, capsys, settings):
    fill()
    folder = export(tmp_path / "out")
    shutil.rmtree(settings.MEDIA_ROOT)
    ArticleIndex.objects.update(translation_key=uuid.uuid4())
    Article.objects.update(title_key="x", deleted_at=PASSED)
    before = (Article.objects.count(), User.objects.count(), SourceRecord.objects.count())
    call_command("import_content", str(folder), dry_run=True)
    assert "Nothing was changed" in capsys.readouterr().out
    assert (Article.objects.count(), User.objects.count(), SourceRecord.objects.count()) == before
    assert not Path(settings.MEDIA_ROOT).exists()


# --- front matter, there and back -----------------------------------------------------------------------------

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=30
)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,8}", fullmatch=True), WORDS | st.lists(WORDS, min_size=1, max_size=3)
    )
)
def test_front_matter_is_read_as_it_was_written(fields):
    fields = {name: value for name, value in fields.items() if value}
    found, text = frontmatter.split(matter(fields) + "Words.")
    assert (found, text) == (fields, "Words.")
