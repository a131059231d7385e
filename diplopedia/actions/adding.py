"""Pictures and documents that editors add to a page."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diplopedia.models import Article, WikiDocument, WikiImage
from diplopedia.uploads import Checked, FileRefused

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from people.models import User

DAY = datetime.timedelta(days=1)


def add_file(
    upload: UploadedFile, found: Checked, author: User, article: Article | None, *, alt: str = ""
) -> WikiImage | WikiDocument:
    """Keep a file that somebody adds while writing, checked before, and return it. Raises FileRefused.

    It is as private as the article; without one it waits for the page that is being written, its author's alone.
    """
    check_day(author)
    kept: WikiImage | WikiDocument = WikiDocument(title=found.title[:255])
    if found.is_image:
        kept = WikiImage(title=(alt or found.title)[:255], description=alt[:255])
    kept.article, kept.pending, kept.uploaded_by_user = article, article is None, author
    with transaction.atomic():
        kept.file.save(found.filename, File(upload), save=False)
        if isinstance(kept, WikiImage):
            kept._set_image_file_metadata()
        else:
            kept._set_document_file_metadata()
        kept.save()
    return kept


def check_day(author: User) -> None:
    """Raise FileRefused where somebody added as many files as one may within a day."""
    since, most = timezone.now() - DAY, settings.FILES_PER_DAY
    count = WikiImage.objects.filter(uploaded_by_user=author, created_at__gt=since).count()
    count += WikiDocument.objects.filter(uploaded_by_user=author, created_at__gt=since).count()
    if count >= most:
        raise FileRefused(
            _("You added %d files within a day, which is as many as fit. Go on tomorrow.") % most
        )
