"""Lines that are pictures and documents: checked as uploads are, and kept as private as the page they are of."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Model
from wagtail.images.fields import WagtailImageField

from diplopedia.importing.lines import Line
from diplopedia.importing.values import ImportProblem, Record, mapping, required, text, texts
from diplopedia.models import Article, WikiDocument, WikiImage

if TYPE_CHECKING:
    from diplopedia.importing.runs import Run

MODELS: dict[str, type[WikiImage | WikiDocument]] = {"image": WikiImage, "document": WikiDocument}
MOST_BYTES = 50 * 1024 * 1024


class Folder:
    """The folder that holds the files which lines name. A dry run reads and checks them and stores none."""

    def __init__(self, root: Path, *, dry: bool = False) -> None:
        self.root, self.dry = root.resolve(), dry

    def read(self, name: str, sha256: str) -> bytes:
        """Return the content of a file inside the folder. Raises ImportProblem."""
        path = self.root / name
        try:
            real = path.resolve(strict=True)
            if not real.is_relative_to(self.root) or not real.is_file():
                raise ImportProblem("It lies outside the folder that is imported.")
            if real.stat().st_size > MOST_BYTES:
                raise ImportProblem(f"It has more than {MOST_BYTES // 1024 // 1024} MB.")
            content = real.read_bytes()
        except (OSError, RuntimeError) as error:
            raise ImportProblem(f"“{name}” cannot be read: is it still there?") from error
        if sha256 and hashlib.sha256(content).hexdigest() != sha256:
            raise ImportProblem(f"“{name}” is not what it was: its digest differs.")
        return content


def save_file(run: Run, line: Line) -> tuple[Model, bool]:
    """Make or replace a picture or document. Raises ImportProblem or ValidationError for what no upload may be."""
    if run.folder is None:
        raise ImportProblem("Files come with a folder: import that folder instead.")
    record = line.record
    content = run.folder.read(required(record, "file"), text(record, "sha256"))
    name = PurePosixPath(required(record, "file")).name
    check(line.kind, name, content)
    pk = run.ledger.pk(line.kind, line.source_id)
    known = MODELS[line.kind].objects.filter(pk=pk).first() if pk else None
    if run.folder.dry:
        file = known or pretended(line)
    else:
        file = replaced(known, name, content) if known else MODELS[line.kind]()
        store(file, record, name, content)
    run.ledger.keep(line, file, {"source": mapping(record, "source")})
    return file, known is None


def check(kind: str, name: str, content: bytes) -> None:
    """Hold a file to the limits of uploads: type, size, pixels. Raises ValidationError."""
    if kind == "document":
        WikiDocument(title=name, file=name).clean()
    elif content:
        WagtailImageField().clean(SimpleUploadedFile(name, content))
    else:
        raise ImportProblem("It is empty.")


def store(file: WikiImage | WikiDocument, record: Record, name: str, content: bytes) -> None:
    """Write a file and its row; where the row is refused, the file goes again."""
    file.title = text(record, "title", 250) or name
    if isinstance(file, WikiImage):
        file.description = text(record, "alt", 250)
    file.file_size, file.file_hash = len(content), ""
    file.file = ContentFile(content, name)
    try:
        file.save()
    except BaseException:
        file.file.delete(save=False)
        raise


def replaced(file: WikiImage | WikiDocument, name: str, content: bytes) -> WikiImage | WikiDocument:
    """Return a file whose content is about to be another: what was made of the old one goes with it."""
    storage, old = file.file.storage, file.file.name
    if isinstance(file, WikiImage):
        file.renditions.all().delete()
    transaction.on_commit(lambda: storage.delete(old))
    return file


def pretended(line: Line, pk: int | None = None) -> WikiImage | WikiDocument:
    """Return a row without a file, for a dry run, which takes it back."""
    name = text(line.record, "title", 250)
    if line.kind == "image":
        return WikiImage.objects.create(pk=pk, title=name, file="dry-run", width=1, height=1, file_size=1)
    return WikiDocument.objects.create(pk=pk, title=name, file="dry-run", file_size=1)


def claim(run: Run, article: Article, record: Record) -> None:
    """Make files as private as the article that alone has them."""
    own = mapping(record, "files")
    for kind, model in MODELS.items():
        pks = [pk for name in texts(own, kind) if (pk := run.ledger.pk(kind, name))]
        if pks:
            model.objects.filter(pk__in=pks, article=None).update(article=article)
