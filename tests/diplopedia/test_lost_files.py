"""A file that is gone from its folder is missing, not an error."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file

from diplopedia.models import WikiDocument, WikiImage

pytestmark = pytest.mark.django_db


def test_a_picture_whose_file_is_gone_is_missing(reader):
    image = WikiImage.objects.create(title="Port", file=get_test_image_file())
    image.file.storage.delete(image.file.name)
    assert reader.opens(f"/files/images/{image.pk}/400/").status_code == 404


def test_a_document_whose_file_is_gone_is_missing(reader):
    document = WikiDocument.objects.create(title="Plan", file=ContentFile(b"x", name="plan.txt"))
    document.file.storage.delete(document.file.name)
    assert reader.opens(document.url).status_code == 404
