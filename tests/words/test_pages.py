"""Pages in French have no English left over: every word that is not content comes out of a French catalogue.

Each French text is marked while these tests run, and all content is Greek. Latin words without a mark are words that
nobody gave to gettext, or that have no French.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Comment, Doctype
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import trans_real
from taggit.models import Tag

from diplopedia import actions
from diplopedia.actions import Change
from diplopedia.gardening import LISTS
from diplopedia.models import Article, Draft, WikiDocument
from diplopedia.thanking import thank
from diplopedia.versions import Version
from discussion import actions as talk
from manners import actions as manners
from manners.models import ADJUDICATORS, MODERATORS, Code
from manners.reportables import matter
from notices import actions as notices
from people import display_names, regions, spoken
from people.models import (
    Assignment,
    Education,
    Expertise,
    Language,
    Office,
    Post,
    ProfileSkill,
    Region,
    SkillTag,
    User,
)
from people.models.profiles import AVAILABLE_FOR
from people.views.editing import SECTIONS
from search import dictionary, upkeep
from tests.factories import OfficeFactory, UserFactory, keep_to, revise, speak, write

pytestmark = pytest.mark.django_db

BEGIN, END = "⟦", "⟧"
MARKED = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")
SHOWN = (
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "label",
    "summary",
)
WORD = re.compile(r"[A-Za-zÀ-ÿ][a-zà-ÿ’'-]+|[A-Z]{4,}")
# What is written in pages has their language, and names have their own.
CONTENT = "script, style, textarea, .prose, .native"
# Names and signs that are the same in every language.
SAME = re.compile(
    r"First version|colleague\d+|ministry\.example|Moderators|Adjudicators|\w+:\S+|Embassy(?= Πόλη)|Diplopedia|Markdown|English|Français|UTC|\S+@\S+|https?://\S+|/\S*/|\b(?:png|jpe?g|webp|gif|avif|pdf|docx)\b",
    re.IGNORECASE,
)


@pytest.fixture
def marked() -> Iterator[None]:
    """Mark every French text of every catalogue, Django's and others' too."""
    trans_real._translations.pop("fr", None)
    for catalogue in trans_real.translation("fr")._catalog._catalogs:
        for said, words in catalogue.items():
            if said and words:
                catalogue[said] = f"{BEGIN}{words}{END}"
    yield
    trans_real._translations.pop("fr", None)


def unmarked(response: Any) -> set[str]:
    """Return the Latin words of a page that came out of no catalogue, each with what stands around it."""
    tree = BeautifulSoup(response.content, "html.parser")
    for other in tree.select(CONTENT):
        other.decompose()
    texts = [
        "\n".join(text for text in tree.find_all(string=True) if not isinstance(text, Comment | Doctype))
    ]
    for tag in tree.find_all(True):
        for name, value in tag.attrs.items():
            told = name in SHOWN or (name.startswith("data-") and " " in str(value))
            if told or (name == "value" and tag.name == "input" and tag.get("type") in {"submit", "button"}):
                texts.append(str(value))
    return {line.strip() for text in texts for line in bare(text).splitlines() if WORD.search(line)}


def bare(text: str) -> str:
    """The text without what is marked, and without what is the same in every language."""
    while MARKED.search(text):
        text = MARKED.sub("", text)
    return SAME.sub("", text)


BODY = "Το λιμάνι.\n\n## Πώς\n\nΜε [[Πλοίο]] και [[Λιμάνι#Πού]].\n\n## Πότε\n\nΤώρα.[^1]\n\n[^1]: Σήμερα.\n"
PASSED = dt.date(2015, 3, 1)


@pytest.fixture
def world(
    marked: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """A wiki and a directory all in Greek, with one of everything that pages show."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    monkeypatch.setattr(notices, "afterwards", notices.spread_quietly)
    monkeypatch.setattr(
        display_names, "names", lambda _language: None
    )  # names of CLDR come from no catalogue
    in_greek()
    desk = OfficeFactory(name="Διεύθυνση", acronym="ΔΔ", slug="desk")
    post = Post.objects.create(city="Πόλη", slug="post", country=dji(), kind="embassy", emergency_phone="+1")
    ana, bo = person("Άννα", desk, post), person("Βίων", desk, post, is_superuser=True, is_staff=True)
    world = SimpleNamespace(ana=ana, bo=bo, desk=desk, post=post)
    with translation.override("fr"):  # what is noted of an action is in the language of who acts
        write_pages(world)
        talk_about(world)
    Code.objects.create(text="Ευγένεια.")
    for user in (ana, bo):
        manners.accept(user, Code.objects.get())
    upkeep.rebuild()
    yield world
    forget_names()


def dji() -> Region:
    return Region.objects.get(code="dji")


def in_greek() -> None:
    """Give everything that the database brings along a Greek name."""
    named = Concat(Value("Ω"), Cast(F("pk"), CharField()))
    Region.objects.update(name=named, demonym="")
    Language.objects.update(name=Value("Γλώσσα"))
    forget_names()


def forget_names() -> None:
    """Let nobody remember names of before, or these afterwards."""
    regions.forget()
    spoken.forget()
    dictionary.forget()


def person(name: str, office: Office, post: Post, **account: Any) -> User:
    """Somebody about whom all is known."""
    user = UserFactory(first_name=name, last_name="Ωμέγα", **account)
    profile = user.profile
    profile.preferred_name, profile.title, profile.office, profile.post = name, "Πρέσβης", office, post
    profile.phone, profile.timezone, profile.about = "+1", "Africa/Djibouti", "Γεια."
    for purpose in AVAILABLE_FOR:
        setattr(profile, f"available_{purpose}", True)
    profile.save()
    for code, levels in {"pus": (7, 6), "deu": (4, 0)}.items():
        speak(user, code, *levels, source="tested", tested_on=PASSED)
    speak(user, "swa", 2, audience="me")
    Expertise.objects.create(profile=profile, region=dji(), depth=3, years=4)
    tag, _made = SkillTag.objects.get_or_create(name="Δεξιότητα", defaults={"slug": "skill"})
    ProfileSkill.objects.create(profile=profile, tag=tag, level=2, learn=True, mentor=True)
    Assignment.objects.create(profile=profile, post=post, title="Πρέσβης", started=PASSED, audience="office")
    Education.objects.create(
        profile=profile, institution="Σχολή", subject="Νομικά", ended=2001, audience="office"
    )
    for group in (MODERATORS, ADJUDICATORS, "Ομάδα"):
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return User.objects.get(pk=user.pk)


def write_pages(world: SimpleNamespace) -> None:
    """Pages with a history, a translation, names, a restriction, a file, and one that is deleted."""
    ana, bo = Change(author=world.ana), Change(author=world.bo)
    about = {"tags": frozenset({"Θέμα"}), "regions": frozenset({dji().pk})}
    facts = {"post": str(world.post.pk), "country": "dji"}
    world.page = write("Λιμάνι", BODY, author=world.ana, kind="post-note", facts=facts, **about)
    revise(world.page, BODY.replace("Τώρα", "Αύριο"), author=world.bo, summary="Αλλαγή")
    revise(world.page, BODY.replace("Με ", "| α | β |\n|---|---|\n| 1 | 2 |\n\nΜε "), author=world.ana)
    world.page.refresh_from_db()
    actions.give_name(world.page, "Όρμος", ana)
    actions.rename(world.page, "Μέγα Λιμάνι", bo)
    world.page.refresh_from_db()
    actions.verify(world.page, world.ana, world.page.latest_edit, timezone.now() - dt.timedelta(days=900))
    Article.objects.filter(pk=world.page.pk).update(review_every=6)
    thank(world.bo, world.page.edits.get(number=1))
    world.case = write(
        "Υπόθεση", BODY, author=world.bo, kind="case-study", facts={"outcome": "Καλό."}, **about
    )
    other = write("Πύλη", "Πύλη.", author=world.bo)
    world.french = actions.translate(other.latest_edit, "Θύρα", Version(body="Πύλη."), ana, "fr").article
    revise(other, "Πύλη και κήπος.", author=world.bo)
    world.kept = keep_to(
        write("Μυστικό", "Σιωπή.", author=world.ana), Group.objects.get(name="Ομάδα"), by=world.ana
    )
    world.gone = write("Παλιό", "Παλιό.", author=world.ana)
    actions.delete(world.gone, ana)
    world.file = WikiDocument.objects.create(
        title="Αρχείο", article=world.page, file=ContentFile(b"Greek", name="a.txt")
    )
    world.draft = Draft.objects.create(
        author=world.ana, article=world.page, key="k", title="Λιμάνι", base=1, fields={"body": "Σχέδιο."}
    )


def talk_about(world: SimpleNamespace) -> None:
    """A thread with an answer that was changed, a report on it, and notices of it all."""
    for kind, key in (("article", world.page.pk), ("person", world.bo.profile.pk), ("search", "λιμάνι")):
        notices.watch(world.ana, kind, key)
    world.comment = talk.open_thread(
        world.bo, "article", world.page.pk, "Βάθος", f"[[@{world.ana.username}]];"
    )
    world.answer = talk.reply(world.ana, world.comment.thread, "Δέκα.")
    talk.edit(world.answer, world.ana, "Ένδεκα.")
    gone = talk.reply(world.bo, world.comment.thread, "Όχι.")
    talk.withdraw(gone, world.bo)
    talk.resolve(world.comment.thread, world.bo)
    found = matter("comment", world.answer.pk, world.bo)
    world.report = manners.report(world.bo, "comment", found, "other", words="Αγενές.")
    revise(world.page, BODY.replace("Τώρα", "Χθες"), author=world.bo)


def addresses(world: SimpleNamespace) -> list[str]:
    """Every kind of page, each in the states that say different words."""
    page, case = world.page.get_absolute_url(), world.case.get_absolute_url()
    ana, bo = f"/people/{world.ana.username}/", f"/people/{world.bo.username}/"
    thread = f"{page}talk/{world.comment.thread_id}/"
    comments = f"{page}talk/comments/"
    return [
        "/",
        "/changes/",
        "/changes/?tab=new&hide_minor=1",
        "/changes/?tab=office",
        "/changes/?tab=watched",
        f"/changes/?author={world.bo.username}&kind=post-note&tag=x",
        "/drafts/",
        "/notices/",
        "/notices/watching/",
        "/notices/settings/",
        "/notices/settings/?saved=1&follow=tags/1",
        "/search/",
        "/search/?q=λιμάνι",
        "/search/?q=ουδέν",
        "/search/?q=speaks:pus>=3",
        "/search/?q=Γλώσσα",
        "/search/?q=in:people+Πόλη",
        "/search/?q=λιμάνι+-Όχι",
        "/search/?q=λιμάνι&sort=new",
        "/search/?q=Βάθος&only=talk",
        "/search/?q=%22λιμάνι",
        "/people/?q=Άννα",
        "/people/",
        "/people/?lang=pus&speaks=7",
        "/people/?region=dji&skill=skill&available=mentoring&office=desk&post=post",
        "/people/languages/",
        "/people/languages/?speaks=5",
        "/people/offices/",
        "/people/offices/desk/",
        "/people/posts/",
        "/people/posts/post/",
        ana,
        bo,
        f"{ana}contributions/",
        f"{bo}contributions/?kind=edit",
        f"{ana}edit/",
        *(f"{ana}edit/{section}/" for section in SECTIONS),
        "/manners/conduct/",
        "/manners/queue/",
        f"/manners/reports/{world.report.pk}/",
        f"/manners/report/article/{world.page.pk}/",
        f"/manners/report/comment/{world.comment.pk}/",
        "/files/add/",
        f"/files/add/?article={world.page.pk}",
        "/wiki/",
        "/wiki/new/",
        "/wiki/new/?title=Νέο",
        "/wiki/new/?kind=case-study&title=Νέο",
        "/wiki/new/?title=Λιμάνι",
        "/wiki/kinds/post-note/",
        "/wiki/tags/Θέμα/",
        f"/wiki/tags/{Tag.objects.get().slug}/",
        f"/wiki/regions/{dji().slug}/",
        "/wiki/case-studies/",
        "/wiki/case-studies/?outcome=x",
        "/wiki/letters/",
        "/wiki/letters/?letter=λ",
        "/wiki/wanted/",
        "/wiki/lists/",
        *(f"/wiki/lists/{name}/" for name in LISTS),
        "/wiki/lists/lost-sections/",
        "/wiki/lists/deleted/",
        page,
        case,
        world.french.get_absolute_url(),
        world.kept.get_absolute_url(),
        f"{page}?created=1",
        world.gone.get_absolute_url(),
        f"{world.gone.get_absolute_url()}deleted/",
        "/wiki/ουδέν/",
        "/ουδέν/",
        f"{page}edit/",
        f"{page}edit/?section=s-πως",
        f"{page}history/",
        f"{page}history/?kind=edit&author={world.bo.username}",
        f"{page}history/1/",
        f"{page}history/2/",
        f"{page}history/1/restore/",
        f"{page}history/2/undo/",
        f"{page}at/?date=2020-01-01",
        f"{page}at/?date={timezone.localdate()}",
        f"{page}blame/",
        f"{page}compare/?from=1&to=3",
        f"{page}compare/?to=2",
        f"{page}links/",
        f"{page}languages/",
        f"{world.french.get_absolute_url()}languages/",
        f"{page}join/",
        f"{page}join/?with=Πύλη",
        f"{page}split/",
        f"{page}split/?section=s-πως",
        f"{page}rename/",
        f"{page}access/",
        f"{world.kept.get_absolute_url()}access/",
        f"{page}delete/",
        f"{page}talk/",
        f"{page}talk/new/",
        f"{page}talk/new/?quote=Λιμάνι",
        thread,
        f"{comments}{world.answer.pk}/edit/",
        f"{comments}{world.answer.pk}/withdraw/",
        f"{comments}{world.answer.pk}/earlier/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
    ]


DOORS = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/",
    "/accounts/inactive/", "/accounts/confirm-email/")  # fmt: skip


def french(user: User | None) -> Client:
    """A browser that asks for French."""
    client = Client(headers={"accept-language": "fr"})
    if user is not None:
        client.force_login(user)
    return client


def look(client: Client, paths: list[str] | tuple[str, ...]) -> dict[str, set[str]]:
    """Return what of these pages is not French. Each of them is a page in French."""
    found = {}
    for path in paths:
        response = client.get(path, follow=True)
        assert response.status_code in {200, 404}, (path, response.status_code)
        assert response["Content-Language"] == "fr", path
        if left := unmarked(response):
            found[path] = left
    return found


def told(found: dict[str, set[str]]) -> str:
    return "\n".join(f"{path}\n    " + "\n    ".join(sorted(left)) for path, left in found.items())


def test_every_page_is_in_french(world):
    found = look(french(world.ana), addresses(world))
    assert not found, "Wrap these for translation, or give them French words:\n" + told(found)


def test_what_moderators_see_of_others_is_in_french(world):
    page = world.page.get_absolute_url()
    others = ["/manners/queue/", f"/manners/reports/{world.report.pk}/", f"{page}access/", f"{page}talk/"]
    found = look(french(world.bo), others)
    assert not found, told(found)


def test_pages_before_signing_in_are_in_french(db, marked):
    found = look(french(None), DOORS)
    assert not found, told(found)
