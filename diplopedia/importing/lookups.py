"""What the lines of a run name: rows by source id, and by whatever else sources call them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Model

from diplopedia.importing import accounts
from diplopedia.importing.gazetteer import Gazetteer
from diplopedia.importing.kinds import Kinds
from diplopedia.importing.ledger import Ledger, origin
from diplopedia.importing.lines import Line
from diplopedia.importing.links import Names
from diplopedia.importing.naming import Naming
from diplopedia.importing.report import Report
from diplopedia.importing.titles import Titles
from diplopedia.importing.values import text, texts
from diplopedia.models import Alias, Article, Link
from people.models import Office, Post, Profile, Region, SkillTag, User

PERSON_KINDS = ("staff", "person")


class Lookups:
    """Answers by source id, remembered for the length of a run and forgotten when a line was not kept."""

    def __init__(self, ledger: Ledger, report: Report) -> None:
        self.ledger, self.report = ledger, report
        self.gazetteer = Gazetteer(ledger)
        self.titles = Titles(dict(ledger.ids("article")))
        self.names = Names(article=self._title, person=self._handle, file=ledger.pk)
        self.keys: list[str] = []
        self.articles: list[int] = []
        self.handles: dict[int, str] = dict(User.objects.values_list("pk", "username"))
        self.forget()

    def forget(self) -> None:
        """Forget the rows that were looked up: one of them may have been taken back with a line."""
        self._rows: dict[tuple[type[Model], int], Any] = {}
        self._authors: dict[str, User] = {}
        self._skills: dict[str, SkillTag] = {}
        self.__dict__.pop("kinds", None)

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of article."""
        return Kinds(self.ledger)

    @cached_property
    def naming(self) -> Naming:
        """What rows of tables name."""
        return Naming()

    # -- rows ------------------------------------------------------------------------------------------------------

    def office(self, source_id: str) -> Office | None:
        """Return the office of a source id, or None."""
        return self._row(Office, "office", source_id)

    def post(self, source_id: str) -> Post | None:
        """Return the post of a source id, or None."""
        return self._row(Post, "post", source_id)

    def _row(self, model: type[Any], kind: str, source_id: str) -> Any:
        pk = self.ledger.pk(kind, source_id)
        if pk is None:
            return None
        if (model, pk) not in self._rows:
            self._rows[model, pk] = model.objects.filter(pk=pk).first()
        return self._rows[model, pk]

    def region(self, line: Line, name: str) -> Region | None:
        """Return the region that a line names; one nobody knows is reported and left out."""
        region = self.gazetteer.find(name) if name else None
        if name and region is None:
            self.report.note(line.where, f"no country or region “{name}” here: left out.")
        return region

    def regions_of(self, line: Line) -> set[Region]:
        """Return the regions an article is about."""
        names = [*texts(line.record, "countries"), *texts(line.record, "regions")]
        return {region for name in dict.fromkeys(names) if (region := self.region(line, name))}

    def skill(self, name: str) -> SkillTag:
        """Return the skill of this name, made if need be; capitals do not matter."""
        key = name.casefold()
        if key not in self._skills:
            found = SkillTag.objects.filter(name__iexact=name).first()
            self._skills[key] = found or SkillTag.objects.create(name=name)
        return self._skills[key]

    # -- people ------------------------------------------------------------------------------------------------------

    def _person(self, source_id: str) -> int | None:
        found = (self.ledger.pk(kind, source_id) for kind in PERSON_KINDS)
        return next((pk for pk in found if pk is not None), None)

    def author(self, line: Line, name: str) -> User:
        """Return who wrote something: the colleague of this id, else a placeholder for the name or source."""
        label = name or origin(line)
        if label not in self._authors:
            user = accounts.with_place(self._person(name)) if name else None
            self._authors[label] = user or accounts.placeholder(self.ledger, label)
        return self._authors[label]

    def contacts_of(self, line: Line) -> list[int]:
        """Return the profiles of the people to ask; those not imported are reported and left out."""
        found = []
        for name in texts(line.record, "contacts"):
            if pk := self._person(name):
                found.append(pk)
            else:
                self.report.note(line.where, f"contact “{name}” is not here: left out.")
        return list(Profile.objects.filter(user__in=found).values_list("pk", flat=True)) if found else []

    def remember(self, user: User, line: Line, detail: dict[str, Any]) -> None:
        """Note which account a line became."""
        self.ledger.keep(line, user, detail)
        self.handles[user.pk] = user.username

    # -- names and links -----------------------------------------------------------------------------------------------

    def _title(self, source_id: str) -> tuple[str, str] | None:
        title = self.titles.by_id.get(source_id)
        return (title.language, title.text) if title else None

    def _handle(self, source_id: str) -> str | None:
        return self.handles.get(self._person(source_id) or 0)

    def keep_article(self, line: Line, article: Article, detail: dict[str, Any]) -> None:
        """Note which article a line became."""
        self.ledger.keep(line, article, detail)
        self.articles.append(article.pk)

    def links_of(self, line: Line, keys: list[str], missing: list[tuple[str, str]]) -> None:
        """Note the links by source id of an article's text; say which of them lead nowhere."""
        self.keys += keys
        self.report.links["links by source id"] += len(keys) + len(missing)
        self.report.links["external links"] += text(line.record, "body").count("](http")
        self.report.links["of these plain text"] += len(missing)
        for kind, source_id in missing:
            self.report.note(
                line.where, f"{kind} “{source_id}” was never imported: its link is plain text now."
            )

    def tell_qualified(self) -> None:
        """Say which articles of this run have a title with a qualifier, because another page has the plain one, too."""
        for source_id, title in self.titles.by_id.items():
            if title.plain:
                self.report.note(
                    source_id, f"another page is called “{title.plain}”, too: this is “{title.text}”."
                )

    def count_links(self) -> None:
        """Count where the links of this run's articles lead, and list the titles that no page has yet."""
        if not self.articles:
            return
        titles = set(Article.objects.filter(deleted_at=None).values_list("title_key", flat=True))
        titles |= set(Alias.objects.values_list("title_key", flat=True))
        here = [key for key in self.keys if key.startswith("@") or key.partition(":")[2] in titles]
        self.report.links["of these page links"] = len(here)
        self.report.links["of these red links"] = len(self.keys) - len(here)
        named = Link.objects.filter(source__in=self.articles).exclude(title_key="")
        red = sorted({title for key, title in named.values_list("title_key", "title") if key not in titles})
        self.report.links["titles named without a page"] = len(red)
        self.report.notes += [f"red link: no page is called “{title}” yet." for title in red]
