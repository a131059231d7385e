"""The page to keep open: what to ask, what waits, what changed, what to read, whom to know."""

from __future__ import annotations

from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import connection
from django.db.models import Case as CaseOf
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import Mod
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from diplopedia.models import Article, Edit
from diplopedia.views.browsing import wanted_pages
from diplopedia.views.cases import Case, case, cases_of
from diplopedia.views.changes import lately
from home.models import HomePage
from notices.models import Notice
from people import spoken
from people.models import Language, LanguageSkill, Profile, User
from people.names import fold
from people.requests import reader_of

NOBODY = Q(pk__in=[])  # is asked of no database
WAITING = 4
CHANGES = 8
WANTED = 5
PEOPLE = 4
KEPT_FOR = 600  # seconds
CASE_TURNS = 9973  # a prime, so that every day has another order of case studies
# In the words of the index `edits_of_readers`: given the kinds as parameters, SQLite reads every edit there is instead.
CLOSED = f"""
    SELECT MAX(id), COUNT(*) FROM {Edit._meta.db_table}
    WHERE kind IN ('{Edit.Kind.ACCESS.value}', '{Edit.Kind.DELETE.value}')
"""  # noqa: S608 - the names of our own tables


class Waiting(NamedTuple):
    """Something that waits for this reader."""

    title: str
    url: str
    state: str
    label: str
    text: str
    action: str
    action_url: str


class Step(NamedTuple):
    """One step of a newcomer."""

    label: str
    url: str
    done: bool


class Try(NamedTuple):
    """A question worth asking."""

    label: str
    url: str


class Known(NamedTuple):
    """A colleague to know, and why."""

    person: Profile
    where: str
    reasons: list[Any]


class WantedPage(NamedTuple):
    """A page nobody has written."""

    title: str
    url: str
    why: str


def home(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    articles = Article.objects.readable_by(reader_of(request))
    wanted, wanted_total = wanted_for_all()
    context = {
        "page": HomePage.objects.first(),
        "tries": tries(),
        "waiting": waiting(reader_of(request), articles),
        "changes": lately(articles, CHANGES),
        "case": case_to_read(articles),
        "languages": language_names(),
        "wanted": wanted,
        "wanted_total": wanted_total,
        "people": newly_arrived(reader_of(request)),
        "people_title": _("Arrived lately"),
    } | of_reader(reader_of(request))
    return render(request, "home/home.html", context)


def tries() -> list[Try]:
    """Return three questions that show what the search understands."""
    search = reverse("search:search")
    asked = (
        _("who speaks Tigrinya and served in Asmara"),
        _("case studies about measuring effect"),
        "speaks:pus>=3",
    )
    return [Try(text, f"{search}?{urlencode({'q': text})}") for text in asked]


def waiting(user: User, articles: QuerySet[Article]) -> list[Waiting]:
    """Return pages of this reader's that are due for a review: those of their office and those they answer for."""
    # Two lists of keys: of one condition with an "or" between them, a database reads every article.
    office = user.profile.office_id
    mine = Article.contacts.through.objects.filter(profile=user.profile).values("article")
    if office:
        mine = mine.union(Article.objects.filter(office=office).order_by().values("pk"))
    verified = (
        articles.filter(pk__in=mine)
        .exclude(verified_at=None)
        .select_related("template", "latest_edit")
        .order_by("verified_at")
    )
    rows = [review_of(article) for article in verified[: WAITING * 5] if article.trust == "stale"]
    if user.profile.due_for_confirmation:
        rows.insert(0, confirmation_of(user))
    return rows[:WAITING]


def review_of(article: Article) -> Waiting:
    """Return the request to look at a page again."""
    months = (timezone.now() - article.verified_at).days // 30 if article.verified_at else 0
    text = ngettext("Last verified %d month ago", "Last verified %d months ago", months) % months
    url = article.get_absolute_url()
    return Waiting(article.title, url, "stale", "", text, _("Still right?"), url)


def confirmation_of(user: User) -> Waiting:
    """Return the request to look at one's own profile again."""
    url = user.profile.get_absolute_url()
    text = _("Nobody has said for a year that it still holds")
    return Waiting(_("Your profile"), url, "stale", _("Check due"), text, _("Look at it"), url)


def case_to_read(articles: QuerySet[Article]) -> Case | None:
    """Return a case study: another one every day, the same for everybody who may read it."""
    # Of both factors what is over the turns: their product has to be a number that fits a column of whole numbers.
    today = timezone.localdate().toordinal() % CASE_TURNS
    turn = Mod(Mod(F("pk"), Value(CASE_TURNS)) * Value(today), Value(CASE_TURNS))
    cases = cases_of(articles)
    # Its key first: only keys are put in order, not whole pages.
    turned = cases.select_related(None).order_by(turn, "pk").values("pk")
    found = cases.filter(pk__in=turned[:1]).prefetch_related(None).prefetch_related("regions").first()
    return case(found) if found else None


def language_names() -> list[str]:
    """Return what this reader calls the languages that colleagues have told of, for the language box."""
    codes = cast(list[str], cache.get_or_set("language-codes", held_languages, KEPT_FOR))
    return sorted((capfirst(spoken.name_of(code)) for code in codes), key=fold)


def held_languages() -> list[str]:
    """Return the codes of the languages that all colleagues may know somebody speaks."""
    held = LanguageSkill.objects.filter(audience="all").values("language")
    return list(Language.objects.filter(pk__in=held).order_by("name").values_list("code", flat=True))


def wanted_for_all() -> tuple[list[WantedPage], int]:
    """Return the most wanted pages among what every colleague may read.

    Kept for some minutes in the reader's language, as counting reads every link; forgotten when any page's readers
    change.
    """
    # The number too, not only the last: of two edits at once the earlier one may be committed later.
    with connection.cursor() as cursor:
        cursor.execute(CLOSED)
        last, number = cursor.fetchone()
    key = f"wanted:{get_language()}:{last}:{number}"
    return cast(tuple[list[WantedPage], int], cache.get_or_set(key, count_wanted, KEPT_FOR))


def count_wanted() -> tuple[list[WantedPage], int]:
    """Return the most wanted pages and how many there are."""
    rows = wanted_pages(Article.objects.held_by(frozenset({"all"})))
    found = list(rows.annotate(total=Window(Count("target_key")))[:WANTED])
    return [wanted_page(row) for row in found], found[0]["total"] if found else 0


def wanted_page(row: dict[str, Any]) -> WantedPage:
    """Return a wanted page with why it is."""
    language = row["target_key"].partition(":")[0]
    why = ngettext("%d page links to it", "%d pages link to it", row["n"]) % row["n"]
    return WantedPage(
        row["title"], f"{reverse('new')}?{urlencode({'title': row['title'], 'language': language})}", why
    )


def newly_arrived(user: User) -> list[Known]:
    """Return colleagues who lately came to this reader's post or office, then to the ministry."""
    people = Profile.objects.directory().exclude(user=user).exclude(title="")
    newest, own = people.order_by("-pk").values("pk"), user.profile
    near = Q(post=own.post_id) if own.post_id else Q(office=own.office_id) if own.office_id else NOBODY
    # Two short lists of keys: of one condition with an "or" between them, a database reads everybody.
    closest, latest = (
        Profile.objects.filter(pk__in=some[:PEOPLE]).order_by().values("pk")
        for some in (newest.filter(near), newest)
    )
    ranked = people.filter(pk__in=closest.union(latest)).with_place()
    ranked = ranked.annotate(is_near=CaseOf(When(near, then=1), default=0))
    found = ranked.order_by("-is_near", "-user__date_joined", "pk")[:PEOPLE]
    return [
        Known(person, ", ".join(str(p) for p in (person.title, person.post or person.office) if p), [])
        for person in found
    ]


def of_reader(user: User) -> dict[str, Any]:
    """Return what is one reader's alone, in one query: a newcomer's first steps, and whether notices wait."""
    speaks, edited, told = User.objects.values_list(
        Exists(LanguageSkill.objects.filter(profile__user=OuterRef("pk"))),
        Exists(Edit.objects.filter(author=OuterRef("pk"))),
        Exists(Notice.objects.unseen().filter(user=OuterRef("pk"))),
    ).get(pk=user.pk)
    return {"steps": steps(user, speaks=speaks, edited=edited), "anything_new": told}


def steps(user: User, *, speaks: bool, edited: bool) -> list[Step]:
    """Return a newcomer's first steps; none when all are done."""
    profile = user.profile
    own = reverse("people:edit", args=[user.username])
    taken = [
        Step(_("Say who you are: title, place, a few sentences"), own, bool(profile.title and profile.about)),
        Step(_("Add the languages you speak and read"), f"{own}#languages", speaks),
        Step(_("Make your first edit: correct one word"), reverse("wiki"), edited),
    ]
    return [] if all(step.done for step in taken) else taken
