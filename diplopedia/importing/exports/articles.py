"""Articles from an export, with every revision as it was: number, author, place then, time, title and text.

This is no edit that anybody makes here, so it does not go through `actions.save_edit`: nothing is merged, dated or
attributed anew. What follows from a text (HTML, links) is made here by the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from wagtail.models import Locale

from diplopedia import actions
from diplopedia.actions import saving
from diplopedia.importing.exports.values import needed, needed_number, word, words
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, flag, mapping, moment, records
from diplopedia.markdown import title_key
from diplopedia.models import Alias, Article, ArticleIndex, ArticleTemplate, Edit, Thanks
from diplopedia.models.articles import free_slug, initial
from people.models import Office
from search import outbox

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring


def save_article(run: Restoring, line: Line) -> tuple[Model, bool]:
    """Bring back an article, or what is new of one that came before and was not edited here since."""
    record = line.record
    known = run.ledger.get("article", line.source_id)
    article = Article.objects.filter(pk=known.object_id).first() if known else None
    made = article is None
    taken = 0 if article is None or known is None else untouched(article, known.detail["revisions"])
    article = article or begin(run, line)
    edit = replay(run, article, (row for row in run.history if needed_number(row, "number") > taken))
    settle(run, article, record, edit)
    run.ledger.keep(line, article, {"revisions": record.get("revisions", 0)})
    return article, made


def untouched(article: Article, taken: int) -> int:
    """Return how many revisions are here already. Raises ImportProblem where somebody here added to them."""
    if article.latest_edit and article.latest_edit.number != taken:
        raise ImportProblem("It was edited here since it came: nothing was changed.")
    return taken


def begin(run: Restoring, line: Line) -> Article:
    """Make the row of an article. Raises ImportProblem where it, or another one of its title, is here."""
    record, key = line.record, UUID(line.source_id)
    title, language = needed(record, "title"), needed(record, "language")
    if Article.objects.filter(translation_key=key).exists():
        raise ImportProblem("This page is here, and did not come from such an export: nothing was changed.")
    if not record.get("deleted") and actions.title_is_taken(title, language):
        raise ImportProblem(f"Another page here is called “{title}”. Rename it, then import again.")
    address = needed(record, "address")
    taken = Article.objects.filter(wiki_slug=address).exists()
    article = Article(
        title=title,
        language=language,
        title_key=title_key(title),
        initial=initial(title),
        wiki_slug=free_slug(title) if taken else address,
        translation_key=key,
        owner=run.person(word(record, "begun_by")) if word(record, "begun_by") else None,
        locale=Locale.objects.get_or_create(language_code=language)[0],
        restricted=flag(record, "restricted"),
        deleted_at=moment(record, "deleted"),
    )
    article.slug = article.wiki_slug
    ArticleIndex.objects.select_for_update().get().add_child(instance=article)
    return article


# --- revisions --------------------------------------------------------------------------------------------------


def replay(run: Restoring, article: Article, rows: Iterable[Record]) -> Edit | None:
    """Write revisions one after the other; return the last, or None where there was none."""
    edit = article.latest_edit
    written = None
    for row in rows:
        take_on(run, article, row)
        author = run.person(needed(row, "author"))
        revision = article.save_revision(user=author, changed=False, clean=False)
        body = article.body
        edit = written = Edit.objects.create(
            article=article,
            revision=revision,
            number=needed_number(row, "number"),
            base=edit if row.get("base") else None,
            undoes=undone(article, row),
            author=author,
            office=run.row(Office, "office", word(row, "office")),
            place=word(row, "place"),
            summary=word(row, "summary"),
            minor=flag(row, "minor"),
            kind=needed(row, "kind"),
            size=len(body),
            delta=len(body) - (edit.size if edit else 0),
            created=moment(row, "at") or timezone.now(),
        )
        article.first_published_at = article.first_published_at or written.created
    return written


def undone(article: Article, row: Record) -> Edit | None:
    """Return the earlier edit that a revision takes back. Raises ImportProblem where it does not stand before it."""
    number = row.get("undoes")
    edit = article.edits.filter(number=number).first() if number else None
    if number and edit is None:
        raise ImportProblem(
            f"Revision {row['number']} undoes revision {number}, which does not stand before it."
        )
    return edit


def take_on(run: Restoring, article: Article, row: Record) -> None:
    """Set what a revision keeps."""
    article.title = needed(row, "title")
    article.body = run.renumbered(word(row, "body"))
    article.facts = dict(mapping(row, "facts"))
    article.template = run.row(ArticleTemplate, "kind", word(row, "type"))
    saving.retag(article, frozenset(words(row, "tags")))
    article.regions.set([region for code in words(row, "regions") if (region := run.region_of(code))])
    article.contacts.set([run.person(handle).profile for handle in words(row, "contacts")])


# --- as it is now ----------------------------------------------------------------------------------------------


def settle(run: Restoring, article: Article, record: Record, edit: Edit | None) -> None:
    """Set what belongs to the article as it is now, show its last revision, and tell links and search."""
    article.restricted = flag(record, "restricted")
    article.groups.set(run.group(name) for name in words(record, "groups"))
    article.offices.set(kept_to(run, words(record, "offices")))
    article.office = run.row(Office, "office", word(record, "office"))
    article.template = run.row(ArticleTemplate, "kind", word(record, "type"))
    address = needed(record, "address")
    if address != article.wiki_slug and not Article.objects.filter(wiki_slug=address).exists():
        article.wiki_slug = article.slug = address
    article.review_every, article.deleted_at = record.get("review_every"), moment(record, "deleted")
    article.language_set = UUID(word(record, "language_set")) if record.get("language_set") else None
    if not record.get("translated_from"):
        article.translated_from = None
    protect(run, article, mapping(record, "protected"))
    if edit:
        links = article.write(article.title, article.body)
        saving.publish(article, edit)
        saving.link(article, links)
    verified = mapping(record, "verified")
    article.verified_at = moment(verified, "at")
    article.verified_by = run.person(word(verified, "by")) if verified.get("by") else None
    article.verified_edit = article.edits.filter(number=verified.get("revision", 0)).first()
    article.save(clean=False)
    rename(article, records(record, "other_names"))
    thank(run, article, records(record, "thanks"))
    outbox.enqueue("article", article.pk)


def kept_to(run: Restoring, names: list[str]) -> list[Office]:
    """Return the offices an article is kept to. Raises ImportProblem rather than leave one out."""
    offices = [office for name in names if (office := run.row(Office, "office", name))]
    if len(offices) < len(names):
        raise ImportProblem("It is kept to an office that was not imported.")
    return offices


def protect(run: Restoring, article: Article, protected: Record) -> None:
    """Keep others from editing it, if they were kept from it."""
    article.locked = bool(protected)
    article.locked_at = moment(protected, "at")
    article.locked_by = run.person(word(protected, "by")) if protected.get("by") else None


def rename(article: Article, names: list[Record]) -> None:
    """Let these other names lead to the article, and no others."""
    article.other_names.all().delete()
    Alias.objects.bulk_create(
        Alias(
            article=article,
            title=needed(name, "title"),
            language=needed(name, "language"),
            title_key=title_key(needed(name, "title")),
            slug=needed(name, "address"),
            kind=needed(name, "kind"),
        )
        for name in names
    )


def thank(run: Restoring, article: Article, given: list[Record]) -> None:
    """Thank for edits as colleagues did there; who thanked already has."""
    numbers = {record.get("revision") for record in given}
    edits = {edit.number: edit for edit in article.edits.filter(number__in=numbers)} if given else {}
    Thanks.objects.bulk_create(
        (
            Thanks(
                edit=edits[record["revision"]],
                user=run.person(needed(record, "by")),
                created=moment(record, "at") or timezone.now(),
            )
            for record in given
            if record.get("revision") in edits
        ),
        ignore_conflicts=True,
    )
