"""Lines that are articles: every text goes through the one door, `actions.create_article` and `actions.save_edit`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.text import slugify

from diplopedia import actions
from diplopedia.actions import Change
from diplopedia.importing import accounts, files
from diplopedia.importing.ledger import Known, origin
from diplopedia.importing.lines import Line
from diplopedia.importing.links import Rewritten, rewrite, tidy
from diplopedia.importing.titles import Title, clean
from diplopedia.importing.values import (
    ImportProblem,
    Record,
    as_text,
    flag,
    mapping,
    moment,
    records,
    required,
    text,
    texts,
    whole,
)
from diplopedia.importing.verbatim import around_code
from diplopedia.models import Article, ArticleTemplate, Edit
from diplopedia.versions import Version, changed
from people.models import Office, User

if TYPE_CHECKING:
    from diplopedia.importing.runs import Run

REVISION_KINDS = {
    "create": Edit.Kind.CREATE,
    "edit": Edit.Kind.EDIT,
    "revert": Edit.Kind.REVERT,
    "merge": Edit.Kind.MERGE,
    "import": Edit.Kind.IMPORT,
}
# What a link by source id may lead to.
KINDS_OF = {"wiki": ["article"], "person": ["person", "staff"], "image": ["image"], "document": ["document"]}


@dataclass
class Draft:
    """What a line says an article is: its states in order, who may read it, and what belongs to the page."""

    title: Title
    template: ArticleTemplate | None
    steps: list[tuple[Version, Change]]
    groups: list[Group]
    offices: list[Office]
    office: Office | None
    aliases: list[str]
    keys: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)

    @property
    def audience(self) -> list[list[int]]:
        """The groups and offices it is kept to, as they are remembered."""
        return [sorted(group.pk for group in self.groups), sorted(office.pk for office in self.offices)]


def save_article(run: Run, line: Line) -> tuple[Model, bool | None]:
    """Make or update an article. Returns it, and whether it was made; None where nothing had to be changed."""
    known = run.ledger.get("article", line.source_id)
    article = Article.objects.filter(pk=known.object_id).first() if known else None
    if article and article.deleted_at:
        raise ImportProblem("The article was deleted here. Restore it first, then import again.")
    draft = read(run, line)
    if article is None or known is None:
        edits = create(draft)
        article = edits[-1].article
        created: bool | None = True
        verify(run, line, edits)
    else:
        edits = update(article, draft, known)
        created = False if edits else None
    settle(article, draft)
    files.claim(run, article, line.record)
    run.keep_article(line, article, detail(run, line, draft, edits, known))
    run.links_of(line, draft.keys, draft.missing)
    return article, created


def detail(run: Run, line: Line, draft: Draft, edits: list[Edit], known: Known | None) -> dict[str, Any]:
    """Return what is remembered of a line: its origin, and how far it was taken over."""
    record = line.record
    source = record.get("source")
    return {
        "source": source if isinstance(source, dict) else {"name": origin(line)},
        "licence": text(record, "licence", 500),
        "title": draft.title.text,
        "plain": clean(text(record, "title")),
        "steps": len(draft.steps),
        "edit": edits[-1].number if edits else (known.detail.get("edit") if known else None),
        "audience": draft.audience,
        "missing": sorted({(kind, name) for scheme, name in draft.missing for kind in KINDS_OF[scheme]}),
    }


# --- reading a line ------------------------------------------------------------------------------------------------


def read(run: Run, line: Line) -> Draft:
    """Return what a line says. Raises ImportProblem for what nobody should guess, above all who may read it."""
    record = line.record
    title = run.titles.by_id.get(line.source_id)
    if title is None:
        raise ImportProblem("“title” is missing.")
    groups, offices = audience(run, record)
    draft = Draft(
        title=title,
        template=run.kinds.find(text(record, "type")),
        steps=[],
        groups=groups,
        offices=offices,
        office=run.office(text(record, "office")),
        aliases=[*texts(record, "aliases"), *filter(None, [title.plain])],
    )
    if text(record, "office") and draft.office is None:
        run.report.note(line.where, f"office “{text(record, 'office')}” is not here: the page has no owner.")
    draft.steps = steps(run, line, draft)
    return draft


def audience(run: Run, record: Record) -> tuple[list[Group], list[Office]]:
    """Return who alone may read it. Raises ImportProblem rather than open what nobody named here may read."""
    kept_to = mapping(record, "restricted_to")
    names = texts(kept_to, "offices")
    offices = [office for name in names if (office := run.office(name))]
    if len(offices) < len(names):
        raise ImportProblem("“restricted_to” names an office that is not here: import the offices first.")
    groups = [accounts.group(run.ledger, name) for name in texts(kept_to, "groups")]
    if kept_to and not groups and not offices:
        raise ImportProblem("“restricted_to” names nobody: name a group or an office, or leave it out.")
    return groups, offices


def steps(run: Run, line: Line, draft: Draft) -> list[tuple[Version, Change]]:
    """Return the states of the article, oldest first, each with who saved it; the last is its text now."""
    record = line.record
    shared = Version(
        facts=facts(record),
        tags=frozenset(tag[:100] for tag in texts(record, "tags") if slugify(tag, allow_unicode=True)),
        regions=frozenset(region.pk for region in run.regions_of(line)),
        contacts=frozenset(run.contacts_of(line)),
    )
    told = records(record, "revisions")
    history = [step(run, line, draft, shared, one) for one in told]
    body = text(record, "body")
    if told and (not body or body == text(told[-1], "body")):
        return history
    author = run.author(line, text(record, "author") or first_contact(record))
    change = Change(
        author,
        text(record, "imported_as"),
        kind=Edit.Kind.IMPORT,
        created=moment(record, "on"),
        imported=True,
    )
    required(record, "body")
    return [*history, (replace(shared, body=rewritten(run, draft, body)), change)]


def step(run: Run, line: Line, draft: Draft, shared: Version, told: Record) -> tuple[Version, Change]:
    """Return one revision as a version and who saved it."""
    stated = facts(told) if "facts" in told else shared.facts
    version = replace(shared, body=rewritten(run, draft, required(told, "body")), facts=stated)
    change = Change(
        author=run.author(line, text(told, "author")),
        summary=text(told, "summary", 300),
        minor=flag(told, "minor"),
        kind=REVISION_KINDS.get(text(told, "kind"), Edit.Kind.EDIT),
        created=moment(told, "on"),
        imported=True,
    )
    return version, change


def first_contact(record: Record) -> str:
    """Return whom a page of our own is by, where its line does not say: the first who answers for it."""
    return next(iter(texts(record, "contacts")), "") if not isinstance(record.get("source"), dict) else ""


def facts(record: Record) -> dict[str, str]:
    """Return the facts of a record: those of its infobox, its own, and the period."""
    merged = {**mapping(record, "infobox"), **mapping(record, "facts")}
    if period := text(record, "period"):
        merged.setdefault("period", period)
    return {str(key)[:60]: fact(value, str(key)) for key, value in merged.items() if value}


def fact(value: Any, name: str) -> str:
    """Return one fact as plain text, without marks of emphasis; of a list its items, with commas between."""
    parts = value if isinstance(value, list) else [value]
    return ", ".join(as_text(part, name) for part in parts).replace("**", "")


def rewritten(run: Run, draft: Draft, body: str) -> str:
    """Return a text with its links resolved, noting where they lead; the last text's links are the article's."""
    done: Rewritten = rewrite(around_code(body, tidy), draft.title.language, run.names)
    draft.keys, draft.missing = done.keys, done.missing
    return done.text


# --- writing it ----------------------------------------------------------------------------------------------------


def create(draft: Draft) -> list[Edit]:
    """Make the article and replay its history. In the transaction of the line: it is never open before it is kept."""
    (version, change), *later = draft.steps
    first = actions.create_article(
        draft.title.text, version, change, language=draft.title.language, template=draft.template
    )
    keep_to(first.article, draft)
    return [first, *replay(first.article, later)]


def replay(article: Article, later: list[tuple[Version, Change]]) -> list[Edit]:
    """Save these states one after the other, each from the one before."""
    return [actions.save_edit(article, version, change, base=None) for version, change in later]


def update(article: Article, draft: Draft, known: Known) -> list[Edit]:
    """Save what is new at the source, merged with what was edited here. Returns the new edits, if any.

    Raises actions.EditConflict where both changed the same words.
    """
    if draft.audience != known.detail.get("audience") and any(draft.audience):
        keep_to(article, draft)
    elif any(known.detail.get("audience") or []) and not any(draft.audience):
        raise ImportProblem("It is restricted here and no longer at its source: open it here first.")
    base = article.edits.select_related("revision").filter(number=known.detail.get("edit")).first()
    edits = (
        replay(article, draft.steps[known.detail.get("steps", 1) :]) if article.latest_edit == base else []
    )
    version, change = draft.steps[-1]
    now = Version.of(edits[-1].article) if edits else Version.at(base) if base else Version.of(article)
    title = draft.title.text if draft.title.text != article.title else None
    if changed(now, version) or title:
        change = replace(change, kind=Edit.Kind.IMPORT, created=None)
        number = edits[-1].number if edits else base.number if base else None
        edits.append(actions.save_edit(article, version, change, base=number, title=title))
    return edits


def keep_to(article: Article, draft: Draft) -> None:
    """Let only the audience read the article; an open one stays open."""
    if any(draft.audience):
        Article.objects.filter(pk=article.pk).update(restricted=True)
        article.restricted = True
        article.groups.set(draft.groups)
        article.offices.set(draft.offices)


def settle(article: Article, draft: Draft) -> None:
    """Write what belongs to the page rather than to a revision: owner and other names."""
    if draft.office and article.office_id is None:
        Article.objects.filter(pk=article.pk).update(office=draft.office)
    for alias in draft.aliases:
        if alias.casefold() != draft.title.text.casefold():
            actions.add_alias(article, alias[:255])


def verify(run: Run, line: Line, edits: list[Edit]) -> None:
    """Take over who verified which revision, and when."""
    told = mapping(line.record, "verified")
    if not told:
        return
    number = whole(told, "revision", 1, len(edits)) or len(edits)
    verifier: User = run.author(line, required(told, "by"))
    actions.verify(edits[-1].article, verifier, edits[number - 1], moment(told, "on"))


def conflict_words(error: actions.EditConflict) -> str:
    """Return what to do about an article that was edited both here and at its source."""
    names = ", ".join([*error.merged.fields, *(["the text"] if error.merged.conflicts else [])])
    return f"Edited here and at its source in the same place ({names}): nothing was changed. Edit it here."
