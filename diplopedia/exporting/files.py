"""Pictures and documents as rows, and their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from diplopedia.exporting.sinks import Row, Sink, moment
from diplopedia.models import WikiDocument, WikiImage

TABLES: tuple[tuple[str, type[WikiImage | WikiDocument]], ...] = (
    ("images", WikiImage),
    ("documents", WikiDocument),
)


def export_files(sink: Sink, tell: Callable[[str], object]) -> dict[str, str]:
    """Write all files; return where each is in the export, by what texts call it: `image:12`."""
    paths: dict[str, str] = {}
    for table, model in TABLES:
        seen: Counter[str] = Counter()
        for file in (
            model.objects.select_related("article", "came_from", "uploaded_by_user").order_by("pk").iterator()
        ):
            try:
                path, digest = sink.keep(file.file, table)
            except OSError:
                tell(f"{table[:-1]} {file.pk}, “{file.title}”: its file is gone; the row is left out.")
                continue
            seen[digest] += 1
            row = file_row(file, path, digest)
            row["id"] = digest[:32] if seen[digest] == 1 else f"{digest[:32]}-{seen[digest]}"
            sink.write(table, row)
            paths[f"{table[:-1]}:{file.pk}"] = path
    return paths


def file_row(file: WikiImage | WikiDocument, path: str, digest: str) -> Row:
    """Return one picture or document; `number` is what texts call it by."""
    row: Row = {
        "number": file.pk,
        "title": file.title,
        "file": path,
        "sha256": digest,
        "pending": file.pending,
        "article": str(file.article.translation_key) if file.article else None,
        "came_from": str(file.came_from.translation_key) if file.came_from else None,
        "added_by": file.uploaded_by_user.username if file.uploaded_by_user else None,
        "added": moment(file.created_at),
    }
    if isinstance(file, WikiImage):
        focus = (file.focal_point_x, file.focal_point_y, file.focal_point_width, file.focal_point_height)
        row["description"] = file.description
        row["focus"] = list(focus) if any(part is not None for part in focus) else None
    return row
