"""Pictures and documents from an export, under the numbers that texts call them by wherever those are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from diplopedia.importing import files
from diplopedia.importing.exports.reading import Export
from diplopedia.importing.exports.values import needed, needed_number, word
from diplopedia.importing.ledger import Ledger
from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, flag, items, moment
from diplopedia.models import Article, WikiDocument, WikiImage

if TYPE_CHECKING:
    from diplopedia.importing.exports.restoring import Restoring

Numbers = dict[tuple[str, int], int]


def plan(export: Export, ledger: Ledger) -> Numbers:
    """Return the number that each file has or will have here, by kind and number in the export."""
    numbers: Numbers = {}
    for kind, model in files.MODELS.items():
        taken = set(model.objects.values_list("pk", flat=True))
        wanted = [(needed_number(line.record, "number"), line.source_id) for line in export.lines(f"{kind}s")]
        free = max([*taken, *(number for number, _name in wanted), 0]) + 1
        for number, source_id in wanted:
            known = ledger.pk(kind, source_id)
            if known is None and number in taken:
                known, free = free, free + 1
            numbers[kind, number] = known or number
    return numbers


def save_file(run: Restoring, line: Line) -> tuple[Model, bool]:
    """Bring back a picture or document, as private as its article. Raises ImportProblem or ValidationError."""
    record = line.record
    path = needed(record, "file")
    content = run.stored.read(path, needed(record, "sha256"))
    name = path.rpartition("/")[2].partition("-")[2]
    files.check(line.kind, name, content)
    pk = run.numbers[line.kind, needed_number(record, "number")]
    known = files.MODELS[line.kind].objects.filter(pk=pk).first()
    if run.stored.dry:
        file = known or files.pretended(line, pk)
    else:
        file = known or store(run, line, name, content, pk)
        describe(run, line, file)
    run.ledger.keep(line, file, {})
    return file, known is None


def store(run: Restoring, line: Line, name: str, content: bytes, pk: int) -> WikiImage | WikiDocument:
    """Write a file and its row under this number."""
    file = files.MODELS[line.kind](pk=pk, title=word(line.record, "title"), file_size=len(content))
    file.article, file.pending = article_of(run, line), flag(line.record, "pending")
    file.file = ContentFile(content, name)
    try:
        file.save(force_insert=True)
    except BaseException:
        file.file.delete(save=False)
        raise
    with connection.cursor() as cursor:  # the next number that the database gives comes after this one
        for statement in connection.ops.sequence_reset_sql(no_style(), [type(file)]):
            cursor.execute(statement)
    return file


def article_of(run: Restoring, line: Line) -> Article | None:
    """Return the article a file is of. Raises ImportProblem rather than show it to all where that is not here."""
    name = word(line.record, "article")
    article = run.row(Article, "article", name) if name else None
    if name and article is None:
        raise ImportProblem("The page it is of was not imported.")
    return article


def describe(run: Restoring, line: Line, file: WikiImage | WikiDocument) -> None:
    """Set what is known of a file."""
    record = line.record
    added_by = word(record, "added_by")
    file.title, file.article = word(record, "title"), article_of(run, line)
    file.pending = flag(record, "pending")
    file.uploaded_by_user = run.person(added_by) if added_by else None
    if isinstance(file, WikiImage):
        file.description = word(record, "description")
        focus = [*items(record, "focus"), None, None, None, None]
        file.focal_point_x, file.focal_point_y, file.focal_point_width, file.focal_point_height = focus[:4]
    file.save()
    if added := moment(record, "added"):
        type(file).objects.filter(pk=file.pk).update(created_at=added)


def return_files(run: Restoring) -> None:
    """Set which deleted article takes a file along when it is brought back, after all articles are here."""
    for kind, model in files.MODELS.items():
        for line in run.export.lines(f"{kind}s"):
            owner = run.ledger.pk("article", word(line.record, "came_from"))
            if owner:
                holder = run.ledger.pk("article", word(line.record, "article"))
                lent = model.objects.filter(pk=run.ledger.pk(kind, line.source_id), article=holder)
                lent.filter(came_from=None).update(came_from=owner)
